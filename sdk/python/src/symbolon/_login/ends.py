"""How a login ends, and what is done about a token that was refused."""

from __future__ import annotations

import threading
from concurrent.futures import Future

import grpc

from .._calls import is_closed_client
from .._errors import SymbolonError
from .._options import Options
from . import wire
from .events import SignOutReason, reason_of
from .held import Held
from .io import Io
from .record import Record, nobody
from .renewal import LONGEST, Renewal
from .shelf import Shelf
from .state import LoginState

_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 30.0
# Repeating it says the same.
_HOPELESS = frozenset(
    {
        grpc.StatusCode.FAILED_PRECONDITION,
        grpc.StatusCode.INVALID_ARGUMENT,
        grpc.StatusCode.NOT_FOUND,
        grpc.StatusCode.UNIMPLEMENTED,
    }
)


class Ends:
    """Signing out, here and elsewhere."""

    def __init__(self, io: Io, state: LoginState, shelf: Shelf, renewal: Renewal, options: Options) -> None:
        self._io = io
        self._state = state
        self._shelf = shelf
        self._renewal = renewal
        self._options = options
        self._lock = threading.Lock()
        # Each token that is looked into, and what came of it.
        self._doubts: dict[str, Future[bool]] = {}
        # Of logins that ended here, which the server does not know yet.
        self._untold: list[str] = []
        self._is_telling = False

    @property
    def timeout(self) -> float:
        """For one call."""
        return min(self._options.timeout, LONGEST)

    def held(self) -> Held:
        """Answer who is signed in.

        Raises:
            SymbolonError: UNAUTHENTICATED, nobody is.
        """
        if self._state.is_closed:
            self._state.ask()
        held = self._state.held if self._state.user is not None else None
        if held is None:
            raise nobody()
        return held

    async def sign_out(self) -> bool:
        """Forget it here, and then tell the server. Answers whether that said so."""
        may_be_stored = not self._state.had_login
        record = self._state.leave()
        try:
            return await self._io.finish(self._left(record) if record is not None else self._absent(may_be_stored))
        finally:
            self._state.events.tell()

    async def _absent(self, may_be_stored: bool) -> bool:
        """Nobody is signed in here. An app may sign out before it resumed, too."""
        record = None
        if may_be_stored:
            async with self._shelf.turn(is_required=False):
                record = await self._shelf.take_out(self._options.client_id)
        return await (self._tell() if record is None else self.revoke(record))

    async def _left(self, record: Record) -> bool:
        async with self._shelf.turn(is_required=False):
            await self._shelf.clear(record)
        return await self.revoke(record)

    async def forget(self, record: Record) -> None:
        """Empty the store of a login that is over."""
        async with self._shelf.turn(is_required=False):
            await self._shelf.clear(record)
        self._state.events.tell()

    async def ended(self, held: Held, reason: SignOutReason) -> None:
        """Sign out who did that by another call."""
        await self._io.finish(self._ended(held, reason))

    async def _ended(self, held: Held, reason: SignOutReason) -> None:
        async with self._shelf.turn(is_required=False):
            if self._state.held is not None and self._state.held.record.is_same_login(held.record):
                await self._renewal.ended(self._state.generation, held.record, reason)
        self._state.events.tell()

    async def revoke(self, *records: Record) -> bool:
        """End logins that are not the current one any more, later where the server is away."""
        for each in records:
            token = each.refresh_token or each.access_token
            with self._lock:
                if token not in self._untold:
                    self._untold.append(token)
        return await self._tell() if records else True

    async def _tell(self) -> bool:
        """Answer whether the server said of all of them that they have ended."""
        is_told = True
        for token in list(self._untold):
            is_told = await self._tell_one(token) and is_told
        if self._untold:
            self._tell_later()
        return is_told

    async def _tell_one(self, token: str) -> bool:
        try:
            await self._io.call(wire.revoke(token), self.timeout)
        except SymbolonError as error:
            if error.code in _HOPELESS or is_closed_client(error):
                self._forget(token)
            return False
        self._forget(token)
        return True

    def _forget(self, token: str) -> None:
        with self._lock:
            if token in self._untold:
                self._untold.remove(token)

    def _tell_later(self) -> None:
        with self._lock:
            if self._is_telling or self._state.is_closed:
                return
            self._is_telling = True
        self._io.begin(self._keep_telling(), self._not_telling)

    def _not_telling(self, _: SymbolonError) -> None:
        self._is_telling = False

    async def _keep_telling(self) -> None:
        pause = _FIRST_PAUSE
        try:
            while self._untold:
                await self._io.sleep(pause)
                if self._state.is_closed:
                    return
                await self._tell()
                pause = min(_LONGEST_PAUSE, 2 * pause)
        finally:
            self._is_telling = False

    async def refused(self, token: str) -> bool:
        """Answer whether a call that was refused with this token is worth making again. Each is looked into once."""
        held = self._state.held
        if held is None or self._state.is_closed:
            return False
        if held.token != token:
            return True
        with self._lock:
            doubt = self._doubts.get(token)
            is_new = doubt is None
            if doubt is None:
                doubt = self._doubts[token] = Future()
        if is_new:
            self._io.begin(self._look_into(token, doubt), lambda _: self._decide(token, doubt, False))
        return await self._io.wait(doubt, None)

    async def _look_into(self, token: str, doubt: Future[bool]) -> None:
        is_other = False
        try:
            is_other = await self._has_another(token)
        except SymbolonError:
            # It can't be known now: nothing is forgotten.
            pass
        finally:
            self._decide(token, doubt, is_other)
            self._state.events.tell()

    def _decide(self, token: str, doubt: Future[bool], is_other: bool) -> None:
        with self._lock:
            self._doubts.pop(token, None)
        if not doubt.done():
            doubt.set_result(is_other)

    async def _has_another(self, token: str) -> bool:
        if await self._renewal.take_stored():
            return True
        held = self._state.held
        if held is None or held.token != token:
            return held is not None
        ended_by = await self._end_of(token)
        if ended_by is None:
            return False
        asked = self._state.force(token, reason_of(ended_by))
        if asked is not None and asked.flight is not None:
            if asked.is_new:
                self._renewal.begin(asked.flight)
            await self._io.wait(asked.flight.future, None)
        held = self._state.held
        if held is None or held.token != token:
            return held is not None
        if not held.can_refresh and not held.is_own:
            await self.ended(held, reason_of(ended_by))
        return False

    async def _end_of(self, token: str) -> str | None:
        """Ask the server. None: the token is live, or nothing is known of it."""
        try:
            await self._io.call(wire.describe(token), self.timeout)
        except SymbolonError as error:
            if error.reason == "INVALID_CREDENTIALS" and error.code is grpc.StatusCode.FAILED_PRECONDITION:
                return error.ended_by
        return None
