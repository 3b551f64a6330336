"""The one refresh, which runs beside the calls."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import grpc

from .._errors import SymbolonError
from .._options import Options
from . import wire
from .events import SignOutReason, reason_of
from .held import Clock, Flight, Held
from .io import Call, Io
from .record import Record
from .repeat import send
from .shelf import Shelf
from .state import LoginState, closed

# Nobody may hold the lock of a store for longer than this and a little, in seconds.
LONGEST = 10.0


class Renewal:
    """Refreshes, or begins a client's own login again."""

    def __init__(
        self,
        io: Io,
        state: LoginState,
        shelf: Shelf,
        options: Options,
        clock: Clock,
        new_id: Callable[[], str],
        resource: str,
    ) -> None:
        self._io = io
        self._state = state
        self._shelf = shelf
        self._options = options
        self._clock = clock
        self._new_id = new_id
        self._resource = resource

    def begin(self, flight: Flight) -> None:
        """Begin one that is new."""
        self._io.begin(self._run(flight), lambda error: self._lost(flight, error))

    def _lost(self, flight: Flight, error: SymbolonError) -> None:
        if not flight.future.done():
            self._state.land(flight, None, error)

    async def _run(self, flight: Flight) -> None:
        try:
            token = await self._token(flight)
        except SymbolonError as error:
            self._state.land(flight, None, error)
        except BaseException as error:
            # Only its kind: it may be of anything.
            message = f"the refresh failed: {type(error).__name__}"
            self._state.land(flight, None, SymbolonError(grpc.StatusCode.INTERNAL, message))
            if not isinstance(error, Exception):
                # A store that ends its process, or a loop that has ended.
                raise
        else:
            self._state.land(flight, token)
        finally:
            self._state.events.tell()

    async def _token(self, flight: Flight) -> str | None:
        """Answer None where nobody is signed in any more, or this is about an earlier login."""
        async with self._shelf.turn(is_required=True):
            held = await self._newest(flight)
            if held is None:
                return None
            if held.left(self._clock.monotonic()) > held.margin:
                # Another process was quicker, or all that is missing is that it is stored.
                await self._write(held)
                return held.token
            return await self._renewed(flight, held)

    async def _newest(self, flight: Flight) -> Held | None:
        held = self._state.held
        if held is None or not self._state.is_current(flight):
            return None
        return await self._stored(held, flight.generation)

    async def _stored(self, held: Held, generation: int) -> Held | None:
        """Answer what is held once it is known what other processes did with the store."""
        found = await self._shelf.look(held.record)
        if found == "nothing new":
            return held
        if isinstance(found, Record):
            taken = self._state.held_of(found)
            self._state.is_unsaved = False
            return taken if self._state.renewed(generation, taken) else None
        self._state.end(generation, "signed_out" if found == "empty" else "replaced")
        return None

    async def save(self) -> None:
        """Store what is held here alone, unless another process was quicker."""
        with suppress(SymbolonError):
            async with self._shelf.turn(is_required=True):
                held, generation = self._state.held, self._state.generation
                if held is not None and self._state.is_unsaved and await self._stored(held, generation) is held:
                    await self._write(held)

    async def _write(self, held: Held) -> None:
        if self._state.is_unsaved:
            self._state.is_unsaved = not await self._shelf.write(held.record)

    async def take_stored(self) -> bool:
        """Look into the store alone. Answers whether another token came of it."""
        async with self._io.alone():
            held, generation = self._state.held, self._state.generation
            stored = None if held is None else await self._stored(held, generation)
            return stored is not None and stored is not held

    async def _renewed(self, flight: Flight, held: Held) -> str | None:
        if self._state.is_closed:
            # Nothing was sent yet, and the answer might be lost.
            raise closed()
        record = held.record
        now, wall = self._clock.monotonic(), self._clock.wall()
        # Of all that follows, for the store is locked meanwhile.
        end = now + min(self._options.timeout, LONGEST)
        tokens = None
        if held.can_refresh:
            try:
                tokens = (await self._send(flight, wire.refresh(record), end)).tokens
            except SymbolonError as error:
                if error.reason != "INVALID_REFRESH_TOKEN":
                    raise
                if not held.is_own:
                    await self._refused(flight, record, error)
                    return None
        if tokens is None and held.is_own:
            now, wall = self._clock.monotonic(), self._clock.wall()
            tokens = (await self._send(flight, self._anew(record), end)).tokens
        if tokens is None or self._state.generation != flight.generation:
            return None
        renewed = wire.record_of(self._options.client_id, tokens, wall)
        # Before any call gets it: who ends in between must not come back with a refresh token that was used.
        is_saved = False
        try:
            is_saved = await self._shelf.write(renewed)
        finally:
            is_taken = self._state.renewed(flight.generation, self._state.held_of(renewed, now))
            if is_taken:
                self._state.is_unsaved = not is_saved
        return renewed.access_token if is_taken else None

    def _anew(self, record: Record) -> Call:
        client_id, request_id = self._options.client_id, self._new_id()
        if record.kind == "ANONYMOUS":
            return wire.issue_to_nobody(client_id, request_id, record.scopes, self._resource)
        secret = self._options.client_secret
        return wire.issue_to_client(client_id, secret, request_id, record.scopes, self._resource)

    async def _refused(self, flight: Flight, record: Record, error: SymbolonError) -> None:
        if error.ended_by:
            await self.ended(flight.generation, record, reason_of(error.ended_by))
        else:
            # It says nothing of the access token.
            self._state.spend(flight)

    async def ended(self, generation: int, record: Record, reason: SignOutReason) -> None:
        """Sign out what has ended, within a turn."""
        if self._state.end(generation, reason):
            await self._shelf.clear(record)

    async def _send(self, flight: Flight, call: Call, end: float) -> Any:
        timeout = max(0.0, end - self._clock.monotonic())
        return await send(self._io, call, timeout, self._clock.monotonic, lambda: self._state.is_current(flight))
