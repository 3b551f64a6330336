"""Dependencies for FastAPI: `Security(guard, scopes=["orders:read"])` answers the caller."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, HTTPException, WebSocketException
from fastapi.openapi.models import HTTPBearer as BearerModel
from fastapi.requests import HTTPConnection
from fastapi.security import SecurityScopes
from fastapi.security.base import SecurityBase

from ._bearer import Refusal, admit, check_realm, check_verifier, nothing_known, token_of
from ._caller import Caller, Handling, handling
from ._errors import SymbolonError
from ._verifier import AsyncVerifier

__all__ = ["Guard"]


async def _handling() -> AsyncIterator[Handling]:
    with handling(None) as current:
        yield current


# Its scope ends before the response is sent: with that, the next request of the connection may begin in this context,
# and may be one that no guard is asked about.
_Current = Annotated[Handling, Depends(_handling, scope="function")]


class Guard(SecurityBase):
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
        scheme_name: str = "symbolon",
        description: str = "An access token of Symbolon.",
    ) -> None:
        """Make one for each verifier.

        Args:
            verifier: tells which tokens are live.
            realm: what ``WWW-Authenticate`` says of the service.
            scheme_name: how OpenAPI names it.
            description: what OpenAPI says of it.
        """
        check_verifier(verifier, is_async=True)
        self._verifier = verifier
        self._realm = check_realm(realm)
        self.scheme_name = scheme_name
        self.model = BearerModel(description=description)

    async def __call__(self, connection: HTTPConnection, required: SecurityScopes, current: _Current) -> Caller:
        """Answer the caller.

        Raises:
            HTTPException: 400, 401, 403 or 503 with the headers of RFC 6750 section 3.
            WebSocketException: the same for a websocket, which is not accepted.
        """
        admitted = await self._check(connection, required.scopes)
        if isinstance(admitted, Caller):
            current.caller = admitted
            return admitted
        if connection.scope["type"] == "websocket":
            raise WebSocketException(1008, admitted.message)
        raise HTTPException(admitted.http_status, admitted.message, admitted.headers(self._realm))

    async def _check(self, connection: HTTPConnection, scopes: list[str]) -> Caller | Refusal:
        token = token_of(connection.headers.getlist("authorization"))
        if isinstance(token, Refusal):
            return token
        try:
            return admit(await self._verifier.check(token), scopes)
        except SymbolonError as error:
            return nothing_known(error)
