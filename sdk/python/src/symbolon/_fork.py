"""A gate that keeps this package's threads out of grpc while the process forks.

grpc takes its threads and locks through a fork only where nobody is within it at that moment. Else it leaves them
as they are, without an error, and no call of the child ever ends.
"""

from __future__ import annotations

import os
import threading
import time

# How long a thread that has just passed may need until it only waits, in seconds.
_SETTLE = 0.02
# A fork must not wait without end.
_LONGEST = 5.0


class Gate:
    """Held by whoever calls into grpc, for as long as the call into it lasts."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._is_held = False
        self._is_used = False

    def __enter__(self) -> None:
        self._is_used = True
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def shut(self) -> None:
        """Before a fork: nobody comes in any more, and who was within is out, or only waits."""
        if self._is_used:
            self._is_held = self._lock.acquire(timeout=_LONGEST)
            time.sleep(_SETTLE)

    def open(self) -> None:
        """After it, in the parent."""
        if self._is_held:
            self._is_held = False
            self._lock.release()

    def renew(self) -> None:
        """After it, in the child: who held it may not be here."""
        self.__init__()  # type: ignore[misc]


GATE = Gate()

if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=GATE.shut, after_in_parent=GATE.open, after_in_child=GATE.renew)
