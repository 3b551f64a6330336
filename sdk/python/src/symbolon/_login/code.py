"""Signing in by a browser, without I/O: what is asked for, and what comes back (RFC 6749 section 4.1)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qs, quote, urlencode, urlsplit

import grpc

from .._errors import SymbolonError, wrong

# RFC 6749 section 4.1.2.1.
_NOT_PRINTABLE = re.compile(r"[^\x20\x21\x23-\x5b\x5d-\x7e]")
_MAX_DESCRIPTION = 200
_MAX_PARAMETERS = 50
_LOOPBACK = re.compile(r"localhost|127(?:\.\d{1,3}){3}|::1")


@dataclass(frozen=True, slots=True)
class BegunCode:
    """A sign-in that has begun: send the user to ``url``, and keep this until the browser comes back.

    ``dataclasses.asdict`` makes a dict of it, for a session, and ``BegunCode(**that)`` it again. It belongs to one
    user's session, and to no URL and no log.
    """

    url: str
    """Where the user signs in and agrees."""
    state: str
    """What the answer must carry, so that it is that of this browser."""
    code_verifier: str = field(repr=False)
    """The secret that proves who began (RFC 7636)."""
    redirect_uri: str
    issuer: str


def begin(client_id: str, issuer: str, redirect_uri: str, scopes: Sequence[str], resource: str) -> BegunCode:
    """Make one."""
    check_issuer(issuer)
    _split(redirect_uri, "redirect_uri")
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    digest = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(scopes),
        "state": state,
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
        "resource": resource,
    }
    query = urlencode({name: value for name, value in asked.items() if value}, quote_via=quote)
    return BegunCode(f"{issuer.removesuffix('/')}/oauth2/authorize?{query}", state, verifier, redirect_uri, issuer)


def check_issuer(issuer: str) -> None:
    """RFC 8414 section 2: https, without a query and a fragment. On this machine http will do."""
    parts = _split(issuer, "issuer")
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts))
    if not is_safe or not parts.hostname or "?" in issuer or parts.username is not None:
        raise wrong("issuer must be an https URL without a query, such as https://login.example.com/t/my-tenant")


def check_loopback(redirect_uri: str) -> SplitResult:
    """RFC 8252 section 7.3."""
    parts = _split(redirect_uri, "redirect_uri")
    if parts.scheme != "http" or not _is_loopback(parts) or "?" in redirect_uri or parts.username is not None:
        raise wrong(
            "redirect_uri must be the registered one of this machine, such as http://127.0.0.1/callback: for any other"
            " there are begin_code and complete_code"
        )
    return parts


def _is_loopback(parts: SplitResult) -> bool:
    return _LOOPBACK.fullmatch(parts.hostname or "") is not None


def _split(url: str, name: str) -> SplitResult:
    try:
        parts = urlsplit(url) if isinstance(url, str) else None
        # Reading a port that is not a number raises, too.
        is_url = parts is not None and bool(parts.scheme) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_url = False
    if parts is None or not is_url or "#" in url or re.search(r"[\x00-\x20\x7f-\uffff\U00010000-\U0010ffff]", url):
        raise wrong(f"{name} must be a URL without a fragment")
    return parts


class Callback(NamedTuple):
    """What a request for the redirect URI is answered with, and its parameters where it is that of the sign-in."""

    status: int
    parameters: dict[str, list[str]]


def read_callback(begun: BegunCode, url: str) -> Callback:
    """Tell whether it is for this sign-in: 404 is for another path, and 400 for another state."""
    try:
        parts = urlsplit(url)
        parameters = parse_qs(parts.query, keep_blank_values=True, max_num_fields=_MAX_PARAMETERS)
    except ValueError:
        return Callback(400, {})
    if (parts.path or "/") != (urlsplit(begun.redirect_uri).path or "/"):
        return Callback(404, {})
    states = parameters.get("state", [])
    if len(states) != 1 or not hmac.compare_digest(_bytes(states[0]), _bytes(begun.state)):
        return Callback(400, {})
    return Callback(200, parameters)


def code_of(begun: BegunCode, url: str) -> str:
    """Answer the code.

    Raises:
        SymbolonError: PERMISSION_DENIED with ACCESS_DENIED, the user did not allow it; else FAILED_PRECONDITION.
    """
    if not isinstance(begun, BegunCode):
        raise wrong("begun must be what begin_code answered")
    if not isinstance(url, str):
        raise wrong("callback_url must be the URL that the browser came back to, with its query")
    status, parameters = read_callback(begun, url)
    if status != 200:
        what = "path" if status == 404 else "state"
        raise _failed(f"the {what} of the answer is not that of this sign-in: begin it anew")
    # RFC 9207 section 2.4: another server's answer must not come here.
    if parameters.get("iss") != [begun.issuer]:
        raise _failed("iss of the answer is not the issuer: give the issuer as its metadata has it")
    codes, errors = parameters.get("code", []), parameters.get("error", [])
    if len(codes) + len(errors) != 1 or codes == [""]:
        raise _failed("the answer has neither one code nor one error: begin the sign-in anew")
    if not errors:
        return codes[0]
    if errors == ["access_denied"]:
        raise SymbolonError(grpc.StatusCode.PERMISSION_DENIED, "the user did not allow it", "ACCESS_DENIED")
    raise _failed(f"the sign-in was refused: {_told(errors + parameters.get('error_description', []))}")


def _told(texts: list[str]) -> str:
    """It is of a URL, which anybody may have made: a line of a log must not be more than one."""
    return ": ".join(_NOT_PRINTABLE.sub("?", text)[:_MAX_DESCRIPTION] for text in texts[:2])


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _failed(message: str) -> SymbolonError:
    return SymbolonError(grpc.StatusCode.FAILED_PRECONDITION, message)
