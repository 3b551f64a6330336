"""All that a login has in one process: the parts, and the token for a call."""

from __future__ import annotations

import os
import random
import uuid
from concurrent.futures import Future
from dataclasses import replace

from .._clock import CLOCK
from .._options import Options
from .ends import Ends
from .entry import Entry
from .events import Events, LoginListener
from .grants import Grants
from .held import Flight, Held
from .io import Io
from .renewal import Renewal
from .shelf import Shelf
from .state import LoginState
from .store import MemoryStore, Store


class Session:
    """Belongs to one process. After a fork the child has another one, which goes on with what it inherited."""

    def __init__(self, io: Io, options: Options, store: Store, resource: str, before: Session | None = None) -> None:
        self.pid = os.getpid()
        self.io = io
        self.options = options
        listeners: tuple[LoginListener, ...] = () if before is None else before.events.listeners
        self.events: Events = Events(listeners)
        held = None if before is None else _inherited(before.state.held, store)
        if held is not None and isinstance(store, MemoryStore):
            store.save(held.record.to_text())
        self.state: LoginState = LoginState(options.client_id, CLOCK, random.random, self.events, held)
        self.shelf: Shelf = Shelf(io, store, self.events, None if before is None else before.shelf.known)
        self.renewal: Renewal = Renewal(io, self.state, self.shelf, options, CLOCK, new_id, resource)
        self.ends = Ends(io, self.state, self.shelf, self.renewal, options)
        self.entry = Entry(io, self.state, self.shelf, self.renewal, self.ends, options, CLOCK, new_id, resource)
        self.grants = Grants(io, self.state, self.ends, self.entry, options, CLOCK, resource)
        self.state.had_login = before is not None and before.state.had_login
        if before is not None and before.state.is_closed:
            self.state.close()
            self.state.give_up()
            io.end()

    async def token(self, timeout: float | None = None) -> str:
        """Answer the token for a call."""
        end = None if timeout is None else CLOCK.monotonic() + timeout
        while True:
            asked = self.ask()
            if isinstance(asked, str):
                return asked
            token = await self.io.wait(asked, None if end is None else max(0.0, end - CLOCK.monotonic()))
            if token is not None:
                return token

    def ask(self) -> str | Future[str | None]:
        """Answer the token, or what to wait for. None then: ask again."""
        try:
            asked = self.state.ask()
        finally:
            self.noticed()
        if asked.flight is not None and asked.is_new:
            self.renewal.begin(asked.flight)
        if asked.token is not None:
            return asked.token
        assert asked.flight is not None
        return asked.flight.future

    def noticed(self) -> None:
        """Tell what was noticed while somebody asked, and empty the store of a login whose time is over."""
        self.events.tell()
        over = self.state.take_over()
        if over is not None:
            self.io.begin(self.ends.forget(over), lambda _: None)

    def export(self) -> str:
        """Answer the record as it is kept."""
        try:
            return self.ends.held().record.to_text()
        finally:
            self.noticed()

    async def close(self) -> None:
        """End it. A refresh that is under way may still be stored."""
        flight: Flight | None = self.state.close()
        if flight is not None:
            await self.io.drain(flight.future)
        self.state.give_up()
        self.io.end()
        # One that takes longer has the store, and writes by itself.
        if self.state.is_unsaved and (flight is None or flight.future.done()):
            await self.renewal.save()
        self.events.tell()


def _inherited(held: Held | None, store: Store) -> Held | None:
    """Leave the refresh token with the parent, where no store tells one process what the other one did.

    The server would take the second use of it for theft, and end the login of both.
    """
    if held is None or not isinstance(store, MemoryStore):
        return held
    return held._replace(record=replace(held.record, refresh_token="", login_lifetime_ms=0))


def new_id() -> str:
    """Answer what makes a call safe to repeat."""
    return str(uuid.uuid4())
