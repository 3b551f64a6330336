"""Middleware for services of ASGI: Starlette, FastAPI, Django, Quart and others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any

from ._bearer import Refusal, admit, check_realm, check_scopes, check_verifier, nothing_known, token_of
from ._caller import Caller, handling
from ._errors import SymbolonError, wrong
from ._verifier import AsyncVerifier

__all__ = ["BearerMiddleware"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class BearerMiddleware:
    """Handles requests and websockets with a live token only, whatever is mounted below.

    The service finds the caller with `symbolon.current_caller()`, and as ``scope["symbolon.caller"]``.
    """

    def __init__(
        self,
        app: App,
        verifier: AsyncVerifier,
        *,
        scopes: Collection[str] = (),
        public: Collection[str] = (),
        realm: str | None = None,
    ) -> None:
        """Guard an application.

        Args:
            app: what is guarded.
            verifier: tells which tokens are live.
            scopes: those that every caller needs.
            public: paths that need no token, in full, such as ``/healthz``. They are compared as they are.
            realm: what ``WWW-Authenticate`` says of the service.
        """
        check_verifier(verifier, is_async=True)
        if isinstance(public, (str, bytes)) or not all(
            isinstance(path, str) and path.startswith("/") for path in public
        ):
            raise wrong("public must be a list of paths such as /healthz")
        self._app = app
        self._verifier = verifier
        self._scopes = check_scopes(scopes)
        self._public = frozenset(public)
        self._realm = check_realm(realm)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection of the server."""
        kind = scope["type"]
        if kind == "lifespan":
            await self._app(scope, receive, send)
            return
        if kind not in ("http", "websocket"):
            # Something newer, of which nobody knows where its token would be.
            raise RuntimeError(f"BearerMiddleware can't guard what ASGI calls {kind!r}")
        if scope["path"] in self._public:
            # Nor has it that of one that is around this one.
            scope = {key: value for key, value in scope.items() if key != "symbolon.caller"}
            with handling(None):
                await self._app(scope, receive, send)
            return
        admitted = await self._check([value for name, value in scope["headers"] if name.lower() == b"authorization"])
        if isinstance(admitted, Refusal):
            await self._refuse(kind, scope, receive, send, admitted)
            return
        scope = dict(scope)
        scope["symbolon.caller"] = admitted
        with handling(admitted):
            await self._app(scope, receive, send)

    async def _check(self, values: list[bytes]) -> Caller | Refusal:
        token = token_of(values)
        if isinstance(token, Refusal):
            return token
        try:
            return admit(await self._verifier.check(token), self._scopes)
        except SymbolonError as error:
            return nothing_known(error)

    async def _refuse(self, kind: str, scope: Scope, receive: Receive, send: Send, refusal: Refusal) -> None:
        prefix = ""
        if kind == "websocket":
            message = await receive()
            if message["type"] != "websocket.connect":
                return
            if "websocket.http.response" not in (scope.get("extensions") or {}):
                # The server makes 403 of it. There is no other way to say more.
                await send({"type": "websocket.close", "code": 1008})
                return
            prefix = "websocket."
        body = refusal.message.encode() + b"\n"
        headers = [(name.lower().encode(), value.encode()) for name, value in refusal.headers(self._realm).items()]
        headers += [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
        await send({"type": f"{prefix}http.response.start", "status": refusal.http_status, "headers": headers})
        body = b"" if scope.get("method") == "HEAD" else body
        await send({"type": f"{prefix}http.response.body", "body": body})
