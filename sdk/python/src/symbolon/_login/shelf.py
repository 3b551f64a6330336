"""A login and its store: what is in there, and who wrote it."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from functools import partial
from typing import Literal, TypeAlias

import grpc

from .._errors import SymbolonError
from .events import Events, LoginEvent
from .io import Io
from .record import Record, read_record
from .store import Store

Found: TypeAlias = Record | Literal["nothing new", "empty", "another login"]
# The access token that is there, and nothing where it is empty. Not the text, which a store may have trimmed.
Known: TypeAlias = str | Literal[False] | None
# It could not be read: what is there is taken for old.
UNKNOWN: Literal[False] = False


class _Lock:
    """That of a store, once. A task that is cancelled leaves a thread behind which goes on to get it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._mutex = threading.Lock()
        self._entered: AbstractContextManager[object] | None = None
        self._is_given_up = False

    def enter(self) -> None:
        lock = self._store.lock()
        lock.__enter__()
        with self._mutex:
            self._entered = lock
        if self._is_given_up:
            self.leave()

    def give_up(self) -> None:
        self._is_given_up = True
        self.leave()

    def leave(self) -> None:
        with self._mutex:
            lock, self._entered = self._entered, None
        if lock is not None:
            lock.__exit__(None, None, None)


class Shelf:
    """All of it runs within `turn`, but for `load`."""

    def __init__(self, io: Io, store: Store, events: Events, known: Known = None) -> None:
        self._io = io
        self._store = store
        self._events = events
        # What was read there last, or written. So what could not be written is not taken for another process's.
        self.known = known

    @asynccontextmanager
    async def turn(self, *, is_required: bool) -> AsyncIterator[None]:
        """One at a time, of all processes. Unless it is required, a lock that can't be had is told and done without."""
        async with self._io.alone():
            lock = _Lock(self._store)
            try:
                await self._io.blocking(lock.enter)
            except Exception as error:
                typed = self._failed(error)
                # Others have it for too long. Where it can't be made at all, nobody has it.
                if is_required and typed.code is grpc.StatusCode.UNAVAILABLE:
                    raise typed from None
            except BaseException:
                lock.give_up()
                raise
            try:
                yield
            finally:
                try:
                    await self._io.blocking(lock.leave)
                except Exception as error:
                    self._failed(error)

    async def load(self) -> Record | None:
        """Answer what is there.

        Raises:
            SymbolonError: it can't be read, or is not a record. The event tells it, too.
        """
        try:
            text = await self._io.blocking(self._store.load)
            record = None if text is None else self._read(text)
        except Exception as error:
            raise self._failed(error) from None
        self.known = _token_of(record)
        return record

    async def peek(self) -> Record | None:
        """Answer what is about to be overwritten. What can't be read is none, and no failure."""
        try:
            text = await self._io.blocking(self._store.load)
        except Exception:
            self.known = UNKNOWN
            return None
        record = None if text is None else read_record(text)
        self.known = UNKNOWN if text is not None and record is None else _token_of(record)
        return record

    async def look(self, record: Record) -> Found:
        """Tell what another process did with the login that is here."""
        before = self.known
        try:
            stored = await self.load()
        except SymbolonError:
            return "nothing new"
        if before is UNKNOWN or self.known == before:
            return "nothing new"
        if stored is None:
            return "empty"
        if stored.access_token == record.access_token:
            return "nothing new"
        return stored if stored.is_same_login(record) else "another login"

    async def write(self, record: Record) -> bool:
        """Answer whether it is there."""
        text = record.to_text()
        try:
            await self._io.blocking(partial(self._store.save, text))
        except Exception as error:
            self._failed(error)
            return False
        self.known = record.access_token
        return True

    async def clear(self, record: Record) -> None:
        """Forget this login. Another one that is there by now stays."""
        try:
            text = await self._io.blocking(self._store.load)
            stored = None if text is None else read_record(text)
        except Exception:
            # It may be this one, which others can read.
            stored = None
        if stored is not None and not stored.is_same_login(record):
            return
        await self._clear()

    async def take_out(self, client_id: str) -> Record | None:
        """Forget what is there, and answer it. A login of another client stays."""
        record = await self.peek()
        if self.known is None or (record is not None and not record.is_for(client_id)):
            return None
        await self._clear()
        return record

    async def _clear(self) -> None:
        try:
            await self._io.blocking(self._store.clear)
        except Exception as error:
            self._failed(error)
            return
        self.known = None

    def _read(self, text: str) -> Record:
        record = read_record(text)
        if record is None:
            raise SymbolonError(grpc.StatusCode.DATA_LOSS, f"{self._store!r} holds no login: sign in anew")
        return record

    def _failed(self, error: Exception) -> SymbolonError:
        # Its text may be of anything, so only its kind is told.
        typed = (
            error
            if isinstance(error, SymbolonError)
            else SymbolonError(grpc.StatusCode.INTERNAL, f"the store failed: {type(error).__name__}")
        )
        self._events.put(LoginEvent("store_failed", error=typed))
        return typed


def _token_of(record: Record | None) -> str | None:
    return None if record is None else record.access_token
