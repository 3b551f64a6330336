"""Ways into a login: signing in and up, and resuming."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timezone
from typing import Any, TypeVar

import grpc

from symbolon.v1 import token_service_pb2 as pb

from .._errors import SymbolonError, wrong
from .._options import Options
from . import wire
from .ends import Ends
from .held import Clock, Held
from .io import Call, Io
from .record import Record, is_token, read_record
from .renewal import Renewal
from .repeat import send
from .shelf import UNKNOWN, Shelf
from .state import Attempt, LoginState

_Result = TypeVar("_Result")


class Challenge:
    """The password was right, and a second factor is wanted."""

    def __init__(self, challenge: pb.MfaChallenge) -> None:
        self.mfa_token = challenge.mfa_token
        self.expire_time: datetime = challenge.expire_time.ToDatetime(timezone.utc)


class Entry:
    """One at a time. One that fails, or is given up, changes nothing."""

    def __init__(
        self,
        io: Io,
        state: LoginState,
        shelf: Shelf,
        renewal: Renewal,
        ends: Ends,
        options: Options,
        clock: Clock,
        new_id: Callable[[], str],
        resource: str,
    ) -> None:
        self._io = io
        self._state = state
        self._shelf = shelf
        self._renewal = renewal
        self._ends = ends
        self._options = options
        self._clock = clock
        self.new_id = new_id
        # The resource server that tokens are asked for. Empty: they are for all.
        self.resource = resource

    @property
    def client_id(self) -> str:
        return self._options.client_id

    @property
    def client_secret(self) -> str:
        return self._options.client_secret

    async def sign_in(self, call: Call, *, is_repeatable: bool = True) -> Any:
        """Answer the response once its tokens are kept, or a `Challenge`."""

        async def enter(attempt: Attempt) -> Any:
            now, wall = self._clock.monotonic(), self._clock.wall()
            response = await send(
                self._io,
                call,
                self._ends.timeout,
                self._clock.monotonic,
                lambda: is_repeatable and self._state.is_under_way(attempt),
            )
            if isinstance(response, pb.IssueResponse) and response.WhichOneof("result") == "mfa_challenge":
                return Challenge(response.mfa_challenge)
            await self.keep(attempt, response, now, wall)
            return response

        return await self.attempt(enter)

    async def keep(self, attempt: Attempt, response: Any, now: float, wall: float) -> None:
        """Sign in with the tokens of a response. ``now`` and ``wall`` are when its call was sent."""
        record = wire.record_of(self.client_id, response.tokens, wall)
        await self._io.finish(self._keep(attempt, self._state.held_of(record, now)))

    async def resume(self, text: str) -> None:
        """Go on with what was exported."""
        record = read_record(text) if isinstance(text, str) else None
        if record is None:
            raise wrong("text must be what export_tokens answered")
        if not record.is_for(self.client_id):
            raise wrong("text must be of a login of this client_id")
        found = record

        async def enter(attempt: Attempt) -> None:
            await self._io.finish(self._keep(attempt, self._state.held_of(found)))

        await self.attempt(enter)

    async def resume_with_token(self, token: str) -> None:
        """Go on with an access token alone."""
        if not is_token(token):
            raise wrong("access_token must be an access token")

        async def enter(attempt: Attempt) -> None:
            now, wall = self._clock.monotonic(), self._clock.wall()
            described = await self._io.call(wire.describe(token), self._ends.timeout)
            record = wire.record_of_described(token, described, wall)
            await self._io.finish(self._keep(attempt, self._state.held_of(record, now)))

        await self.attempt(enter)

    async def resume_stored(self) -> bool:
        """Go on with what the store has. Answers whether somebody is signed in."""

        async def enter(attempt: Attempt) -> bool:
            before = None
            async with self._io.alone():
                held, known = self._state.held, self._shelf.known
                record = await self._shelf.load()
                if record is None:
                    self._shelf.known = known
                # Where the store lacks what is held here, what was known to be there is older.
                is_old = held is not None and self._state.is_unsaved and known in (self._shelf.known, UNKNOWN)
                if record is not None and not is_old and (held is None or record.access_token != held.token):
                    try:
                        before = self._adopt_stored(attempt, record)
                    except SymbolonError:
                        self._shelf.known = known
                        raise
            if record is None:
                # Somebody may have signed out elsewhere.
                await self._renewal.take_stored()
            if record is not None and before is not None and not before.is_same_login(record):
                await self._ends.revoke(before)
            if self._state.is_unsaved:
                await self._io.finish(self._renewal.save())
            return self._state.user is not None

        return await self.attempt(enter)

    def _adopt_stored(self, attempt: Attempt, record: Record) -> Record | None:
        if not record.is_for(self.client_id):
            raise SymbolonError(
                grpc.StatusCode.FAILED_PRECONDITION,
                "the store has a login of another client_id: give each client a store of its own",
            )
        self._state.require(attempt)
        return self._state.adopt(attempt, self._state.held_of(record))

    async def attempt(self, enter: Callable[[Attempt], Awaitable[_Result]]) -> _Result:
        """Do what signs in, unless something else does."""
        attempt = self._state.begin()
        try:
            return await enter(attempt)
        finally:
            self._state.finish(attempt)
            self._state.events.tell()

    async def _keep(self, attempt: Attempt, held: Held) -> None:
        """Store it before anybody gets its token, and end those in whose place it is."""
        record: Record = held.record
        ended: list[Record] = []
        error: SymbolonError | None = None
        async with self._shelf.turn(is_required=False):
            is_saved = False
            try:
                self._state.require(attempt)
                stored = await self._shelf.peek()
                if stored is not None and stored.is_for(self.client_id):
                    ended.append(stored)
                is_saved = await self._shelf.write(record)
                before = self._state.adopt(attempt, held, is_unsaved=not is_saved)
                if before is not None:
                    ended.append(before)
            except SymbolonError as given_up:
                error = given_up
                if is_saved:
                    await self._shelf.clear(record)
        await self._ends.revoke(*(each for each in ended if each.family_id != record.family_id))
        if error is not None:
            await self._ends.revoke(record)
            raise error
