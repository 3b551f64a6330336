"""Middleware for services of ASGI: Starlette, FastAPI, Django, Quart and others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, MutableMapping
from inspect import isawaitable
from typing import Any

from ._access import Permission, Target
from ._bearer import (
    Refusal,
    admit,
    check_audience,
    check_realm,
    check_scopes,
    check_target,
    check_verifier,
    not_checked,
    nothing_known,
    permit,
    target_of,
    token_of,
)
from ._caller import Caller, handling
from ._errors import SymbolonError, wrong
from ._verifier import AsyncVerifier, check_permission_name

__all__ = ["BearerMiddleware", "PermissionMiddleware"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class _Middleware:
    """What both do with a connection of the server."""

    def __init__(self, app: App, verifier: AsyncVerifier, realm: str | None, audience: str | None) -> None:
        self._app = app
        self._verifier = verifier
        self._realm = check_realm(realm)
        self._audience = check_audience(audience)

    def _is_public(self, scope: Scope) -> bool:
        return False

    async def _admit(self, scope: Scope, token: str) -> Caller | Refusal:
        raise NotImplementedError

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection of the server."""
        kind = scope["type"]
        if kind == "lifespan":
            await self._app(scope, receive, send)
            return
        if kind not in ("http", "websocket"):
            # Something newer, of which nobody knows where its token would be.
            raise RuntimeError(f"{type(self).__name__} can't guard what ASGI calls {kind!r}")
        if self._is_public(scope):
            # Nor has it that of one that is around this one.
            scope = {key: value for key, value in scope.items() if key != "symbolon.caller"}
            with handling(None):
                await self._app(scope, receive, send)
            return
        token = token_of([value for name, value in scope["headers"] if name.lower() == b"authorization"])
        admitted = token if isinstance(token, Refusal) else await self._admit(scope, token)
        if isinstance(admitted, Refusal):
            await self._refuse(kind, scope, receive, send, admitted)
            return
        scope = dict(scope)
        scope["symbolon.caller"] = admitted
        with handling(admitted):
            await self._app(scope, receive, send)

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


class BearerMiddleware(_Middleware):
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
        audience: str | None = None,
    ) -> None:
        """Guard an application.

        Args:
            app: what is guarded.
            verifier: tells which tokens are live.
            scopes: those that every caller needs.
            public: paths that need no token, in full, such as ``/healthz``. They are compared as they are.
            realm: what ``WWW-Authenticate`` says of the service.
            audience: the id of this service as a resource server: only tokens that are for it are taken. None: all.
        """
        check_verifier(verifier, is_async=True)
        if isinstance(public, (str, bytes)) or not all(
            isinstance(path, str) and path.startswith("/") for path in public
        ):
            raise wrong("public must be a list of paths such as /healthz")
        super().__init__(app, verifier, realm, audience)
        self._scopes = check_scopes(scopes)
        self._public = frozenset(public)

    def _is_public(self, scope: Scope) -> bool:
        return scope["path"] in self._public

    async def _admit(self, scope: Scope, token: str) -> Caller | Refusal:
        try:
            return admit(await self._verifier.check(token), self._scopes, self._audience)
        except SymbolonError as error:
            return nothing_known(error)


class PermissionMiddleware(_Middleware):
    """Handles requests and websockets whose bearer may do something, with a device or a user that the request names.

    It reads the token itself, so that it needs no other guard around it, and takes none amiss. It goes where the ids of
    the path are known, such as on a route. The caller is found as behind `BearerMiddleware`.
    """

    def __init__(
        self,
        app: App,
        verifier: AsyncVerifier,
        permission: Permission,
        target: Callable[[Scope], Target | Awaitable[Target]] | None = None,
        *,
        realm: str | None = None,
        audience: str | None = None,
    ) -> None:
        """Guard an application, or a route of one.

        Args:
            app: what is guarded.
            verifier: tells what bearers may do.
            permission: what they need, such as ``"READ_DEVICE"``.
            target: answers, by the scope of ASGI, the `symbolon.Device`, `symbolon.User` or `symbolon.Own` that it is
                about. What it raises is an error of the service. None: the user or device that the token stands for.
            realm: what ``WWW-Authenticate`` says of the service.
            audience: the id of this service as a resource server: only tokens that are for it are taken. None: all.
        """
        check_verifier(verifier, is_async=True, name="check_permission")
        check_permission_name(permission)
        check_target(target)
        super().__init__(app, verifier, realm, audience)
        self._permission = permission
        self._target = target

    async def _admit(self, scope: Scope, token: str) -> Caller | Refusal:
        target: Any = None
        if self._target is not None:
            target = self._target(scope)
            target = target_of(await target if isawaitable(target) else target)
        try:
            return permit(await self._verifier.check_permission(token, self._permission, target), self._audience)
        except SymbolonError as error:
            return not_checked(error)
