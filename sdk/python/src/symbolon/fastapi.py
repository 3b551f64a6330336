"""Dependencies for FastAPI that answer the caller: a `Guard` by scopes, and `require_permission`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from inspect import isawaitable
from typing import Annotated, Any

from fastapi import Depends, HTTPException, WebSocketException
from fastapi.openapi.models import HTTPBearer as BearerModel
from fastapi.requests import HTTPConnection
from fastapi.security import SecurityScopes
from fastapi.security.base import SecurityBase

from ._access import Permission, Target
from ._bearer import (
    Refusal,
    admit,
    check_audience,
    check_realm,
    check_target,
    check_verifier,
    not_checked,
    nothing_known,
    permit,
    target_of,
    token_of,
)
from ._caller import Caller, Handling, handling
from ._errors import SymbolonError
from ._verifier import AsyncVerifier, check_permission_name

__all__ = ["Guard", "require_permission"]


async def _handling() -> AsyncIterator[Handling]:
    with handling(None) as current:
        yield current


# Its scope ends before the response is sent: with that, the next request of the connection may begin in this context,
# and may be one that no guard is asked about.
_Current = Annotated[Handling, Depends(_handling, scope="function")]


class _Dependency(SecurityBase):
    """What both have."""

    def __init__(
        self, verifier: AsyncVerifier, realm: str | None, audience: str | None, scheme_name: str, description: str
    ) -> None:
        self._verifier = verifier
        self._realm = check_realm(realm)
        self._audience = check_audience(audience)
        self.scheme_name = scheme_name
        self.model = BearerModel(description=description)

    def _handle(self, connection: HTTPConnection, admitted: Caller | Refusal, current: Handling) -> Caller:
        if isinstance(admitted, Caller):
            current.caller = admitted
            return admitted
        if connection.scope["type"] == "websocket":
            raise WebSocketException(1008, admitted.message)
        raise HTTPException(admitted.http_status, admitted.message, admitted.headers(self._realm))


_SCHEME = "symbolon"
_DESCRIPTION = "An access token of Symbolon."


class Guard(_Dependency):
    """A dependency that answers the caller of a live token, and refuses everybody else.

    ``Depends(guard)`` needs a live token, ``Security(guard, scopes=[...])`` needs scopes too. Both are shown
    in OpenAPI. `symbolon.current_caller()` answers the same until the path operation returns: give the caller
    itself to what runs later, such as a background task or the rest of a stream. FastAPI reads a body before
    it asks its dependencies; where it must not, and for what is mounted, take `symbolon.asgi.BearerMiddleware`.
    """

    def __init__(
        self,
        verifier: AsyncVerifier,
        *,
        realm: str | None = None,
        audience: str | None = None,
        scheme_name: str = _SCHEME,
        description: str = _DESCRIPTION,
    ) -> None:
        """Make one for each verifier.

        Args:
            verifier: tells which tokens are live.
            realm: what ``WWW-Authenticate`` says of the service.
            audience: the id of this service as a resource server: only tokens that are for it are taken. None: all.
            scheme_name: how OpenAPI names it.
            description: what OpenAPI says of it.
        """
        check_verifier(verifier, is_async=True)
        super().__init__(verifier, realm, audience, scheme_name, description)

    async def __call__(self, connection: HTTPConnection, required: SecurityScopes, current: _Current) -> Caller:
        """Answer the caller.

        Raises:
            HTTPException: 400, 401, 403 or 503 with the headers of RFC 6750 section 3.
            WebSocketException: the same for a websocket, which is not accepted.
        """
        return self._handle(connection, await self._check(connection, required.scopes), current)

    async def _check(self, connection: HTTPConnection, scopes: list[str]) -> Caller | Refusal:
        token = token_of(connection.headers.getlist("authorization"))
        if isinstance(token, Refusal):
            return token
        try:
            return admit(await self._verifier.check(token), scopes, self._audience)
        except SymbolonError as error:
            return nothing_known(error)


TargetOf = Callable[[HTTPConnection], Target | Awaitable[Target]]
"""Answers what a request is about. What it raises is an error of the service."""


def require_permission(
    verifier: AsyncVerifier,
    permission: Permission,
    target: TargetOf | None = None,
    *,
    realm: str | None = None,
    audience: str | None = None,
    scheme_name: str = _SCHEME,
    description: str = _DESCRIPTION,
) -> Any:
    """Answer a dependency: ``Depends(require_permission(verifier, "READ_DEVICE", device_of))`` answers the caller.

    It reads the token itself, so that it needs no `Guard` beside it, and takes none amiss. It answers, raises and ends
    as a `Guard` does.

    Args:
        verifier: tells what bearers may do.
        permission: what they need.
        target: answers, by the request, the `symbolon.Device`, `symbolon.User` or `symbolon.Own` that it is about, such
            as ``lambda request: symbolon.Device(request.path_params["device_id"])``. None: the user or device that the
            token stands for.
        realm: what ``WWW-Authenticate`` says of the service.
        audience: the id of this service as a resource server: only tokens that are for it are taken. None: all.
        scheme_name: how OpenAPI names it.
        description: what OpenAPI says of it.
    """
    check_verifier(verifier, is_async=True, name="check_permission")
    check_permission_name(permission)
    check_target(target)
    return _Permission(permission, target, verifier, realm, audience, scheme_name, description)


class _Permission(_Dependency):
    """What `require_permission` answers."""

    def __init__(self, permission: Permission, target: TargetOf | None, *args: Any) -> None:
        super().__init__(*args)
        self._permission = permission
        self._target = target

    async def __call__(self, connection: HTTPConnection, current: _Current) -> Caller:
        """Answer the caller."""
        return self._handle(connection, await self._check(connection), current)

    async def _check(self, connection: HTTPConnection) -> Caller | Refusal:
        token = token_of(connection.headers.getlist("authorization"))
        if isinstance(token, Refusal):
            return token
        target: Any = None
        if self._target is not None:
            target = self._target(connection)
            target = target_of(await target if isawaitable(target) else target)
        try:
            return permit(await self._verifier.check_permission(token, self._permission, target), self._audience)
        except SymbolonError as error:
            return not_checked(error)
