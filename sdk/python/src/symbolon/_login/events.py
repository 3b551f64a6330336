"""What an app is told of its login."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .._errors import SymbolonError

SignOutReason: TypeAlias = Literal[
    "signed_out", "password_changed", "disabled", "deleted", "revoked", "expired", "replaced"
]
"""Why nobody is signed in any more. ``replaced``: another login is in the store."""

_OF_SERVER: dict[str, SignOutReason] = {
    "PASSWORD_CHANGED": "password_changed",
    "DISABLED": "disabled",
    "DELETED": "deleted",
    "EXPIRED": "expired",
}


def reason_of(ended_by: str) -> SignOutReason:
    """Answer "revoked" for all others, and for what is newer than this package."""
    return _OF_SERVER.get(ended_by, "revoked")


@dataclass(frozen=True, slots=True)
class LoginEvent:
    """One thing that happened to a login."""

    event: Literal["signed_in", "refreshed", "signed_out", "store_failed"]
    reason: SignOutReason | None = None
    """Of ``signed_out``."""
    error: SymbolonError | None = None
    """Of ``store_failed``: why the store can't be read or written."""


LoginListener: TypeAlias = Callable[[LoginEvent], object]
"""Is called for one event after the other. What it raises is passed over."""


class Events:
    """Tells them in the order in which they were put, by one thread at a time and without a lock."""

    def __init__(self, listeners: tuple[LoginListener, ...] = ()) -> None:
        self.listeners = listeners
        self._lock = threading.Lock()
        self._untold: deque[LoginEvent] = deque()
        self._is_telling = False

    def add(self, listener: LoginListener) -> Callable[[], None]:
        """Answer what takes it away again."""
        with self._lock:
            self.listeners = (*self.listeners, listener)

        def remove() -> None:
            with self._lock:
                self.listeners = tuple(each for each in self.listeners if each is not listener)

        return remove

    def put(self, event: LoginEvent) -> None:
        """May be called with a lock held."""
        with self._lock:
            self._untold.append(event)

    def tell(self) -> None:
        """Tell all. Who comes while another one tells leaves it to that one, also a listener that changes something."""
        if not self._untold:
            return
        with self._lock:
            if self._is_telling:
                return
            self._is_telling = True
        try:
            while self._tell_next():
                pass
        except BaseException:
            # Of a listener that ends the process, or its thread.
            self._is_telling = False
            raise

    def _tell_next(self) -> bool:
        with self._lock:
            if not self._untold:
                self._is_telling = False
                return False
            event, listeners = self._untold.popleft(), self.listeners
        for listener in listeners:
            # What it raises is the app's own, and says nothing of the login.
            with suppress(Exception):
                listener(event)
        return True
