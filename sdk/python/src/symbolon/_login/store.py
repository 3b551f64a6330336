"""Where a login is kept while the app does not run."""

from __future__ import annotations

import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import grpc

from .._errors import SymbolonError

# In seconds, as for a file.
_PATIENCE = 20.0


class Store(ABC):
    """Keeps the record of one login, which is a text with tokens in it.

    An app writes its own for what its system has for secrets: three functions. They may be called by any thread, one
    at a time for each login. What they raise is told by the event ``store_failed``, without its text.
    """

    @abstractmethod
    def load(self) -> str | None:
        """Answer what was saved last, or None."""

    @abstractmethod
    def save(self, record: str) -> None:
        """Keep it in place of what is there. A process that ends meanwhile must leave the old one or the new one."""

    @abstractmethod
    def clear(self) -> None:
        """Forget it. Without one it does nothing."""

    def lock(self) -> AbstractContextManager[object]:
        """Let one process in at a time. Unless it is overridden, no other process uses the store."""
        return nullcontext()


class MemoryStore(Store):
    """Keeps the record for as long as the process runs. Logins that share one refresh one at a time."""

    def __init__(self) -> None:
        self._record: str | None = None
        self._turn = (os.getpid(), threading.Lock())

    def load(self) -> str | None:
        """Answer what was saved last, or None."""
        return self._record

    def save(self, record: str) -> None:
        """Keep it."""
        self._record = record

    def clear(self) -> None:
        """Forget it."""
        self._record = None

    def lock(self) -> AbstractContextManager[None]:
        """Let one login in at a time."""
        return self._locked()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        pid, turn = self._turn
        if pid != os.getpid():
            # That which the parent had at the fork nobody lets go here.
            turn = threading.Lock()
            self._turn = (os.getpid(), turn)
        if not turn.acquire(timeout=_PATIENCE):
            raise SymbolonError(grpc.StatusCode.UNAVAILABLE, "another login holds the store for too long: try again")
        try:
            yield
        finally:
            turn.release()

    def __repr__(self) -> str:
        return "<MemoryStore>"
