"""A person who was sent to the server's pages: signs in, agrees, and goes where it is sent.

As a program it is a browser: `BROWSER="python visitor.py NAME PASSWORD %s"`.
"""

from __future__ import annotations

import html
import re
import sys
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

_FORM = re.compile(r'<form method="post" action="([^"]*)">(.*?)</form>', re.DOTALL)
_FIELD = re.compile(r'<input[^>]* name="([^"]*)"[^>]*>')
_PATIENCE = 60


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows nothing by itself."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Visitor:
    def __init__(self, name: str, password: str) -> None:
        self._known = {"username": name, "password": password, "decision": "allow"}
        self._opener = urllib.request.build_opener(_Stay, urllib.request.HTTPCookieProcessor(CookieJar()))

    def walk(self, url: str, **known: str) -> str:
        """Answer the last page. On the way it may come back to a client."""
        known = {**self._known, **known}
        body: bytes | None = None
        for _ in range(20):
            location, page = self._send(url, body)
            body = None
            if location:
                url = urljoin(url, location)
                continue
            form = _FORM.search(page)
            if form is None:
                return page
            fields = {name: html.unescape(_value(each)) for each, name in _fields(form[2])}
            asked = {name: value for name, value in known.items() if f'name="{name}"' in form[2]}
            if not asked:
                return page
            url, body = urljoin(url, html.unescape(form[1])), urlencode({**fields, **asked}).encode()
        raise AssertionError(f"it goes in a circle: {urlsplit(url).path}")

    def _send(self, url: str, body: bytes | None) -> tuple[str, str]:
        try:
            with self._opener.open(url, body, _PATIENCE) as response:
                return "", response.read().decode()
        except urllib.error.HTTPError as redirect:
            with redirect:
                location = redirect.headers.get("location", "")
                assert location, f"{redirect.code} {redirect.read().decode()}"
                return location, ""


def _fields(form: str) -> list[tuple[str, str]]:
    return [(found[0], found[1]) for found in _FIELD.finditer(form)]


def _value(field: str) -> str:
    found = re.search(r' value="([^"]*)"', field)
    return "" if found is None else found[1]


if __name__ == "__main__":
    Visitor(*sys.argv[1:3]).walk(sys.argv[3])
