"""The token of a login on the requests of `httpx`.

httpx takes ``authorization`` from a request that is redirected to another origin, but for that from http to https of
one host. So the token reaches no other host by a redirect that httpx follows. It reaches every host that a client of
httpx with this ``auth`` is told to call: have one for each service.
"""

from __future__ import annotations

import ipaddress
from collections.abc import AsyncGenerator, Generator

import grpc
import httpx

from ._errors import SymbolonError, wrong
from ._login.async_login import AsyncLogin
from ._login.login import Login

__all__ = ["LoginAuth"]


class LoginAuth(httpx.Auth):
    """``httpx.Client(auth=LoginAuth(login))`` with a `Login`, ``httpx.AsyncClient`` with an `AsyncLogin`.

    After 401 a request is made once more where the login has another token by then, and its body is not a stream. One
    that has ``authorization`` keeps that. Where there is no token it raises `SymbolonError`, and so does a request
    without TLS, except to loopback, and except where the client of the login was made with ``plaintext=True``.
    """

    def __init__(self, login: Login | AsyncLogin) -> None:
        if not isinstance(login, (Login, AsyncLogin)):
            raise wrong("login must be a Login or an AsyncLogin")
        self._login = login

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Of `httpx.Client`."""
        login = self._login
        if not isinstance(login, Login):
            raise wrong("login must be a Login for httpx.Client: for httpx.AsyncClient it is an AsyncLogin")
        if "authorization" in request.headers:
            yield request
            return
        self._require_safe(request.url)
        token = login.token()
        response = yield _with_token(request, token)
        if _is_refused(response) and login.refused(token) and _is_whole(request):
            yield _with_token(request, login.token())

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Of `httpx.AsyncClient`."""
        login = self._login
        if not isinstance(login, AsyncLogin):
            raise wrong("login must be an AsyncLogin for httpx.AsyncClient: for httpx.Client it is a Login")
        if "authorization" in request.headers:
            yield request
            return
        self._require_safe(request.url)
        token = await login.token()
        response = yield _with_token(request, token)
        if _is_refused(response) and await login.refused(token) and _is_whole(request):
            yield _with_token(request, await login.token())

    def _require_safe(self, url: httpx.URL) -> None:
        options = self._login._client._options
        if url.scheme != "https" and not options.asks_for_plaintext and not _is_loopback(url.host):
            raise SymbolonError(
                grpc.StatusCode.FAILED_PRECONDITION,
                f"the token is not sent to {url.host} without TLS: use https there, or give the client plaintext=True",
            )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _with_token(request: httpx.Request, token: str) -> httpx.Request:
    request.headers["Authorization"] = f"Bearer {token}"
    return request


def _is_refused(response: httpx.Response) -> bool:
    """Tell whether it is of a host that got the token: what another one says, after a redirect, is of nobody."""
    return response.status_code == httpx.codes.UNAUTHORIZED and "authorization" in response.request.headers


def _is_whole(request: httpx.Request) -> bool:
    """Tell whether it can be made again. A body that was a stream is gone."""
    return isinstance(request.stream, httpx.ByteStream)
