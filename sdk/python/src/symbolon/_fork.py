"""A gate that keeps this package's threads out of grpc while the process forks.

grpc takes its threads and locks through a fork only where nobody is within it at that moment. Else it leaves them
as they are, without an error, and no call of the child ever ends.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

# A fork must not wait without end, in seconds. While no server is there a request is under way all the time.
_LONGEST = 2.0
# Where grpc waits for a response, in Python: a thread that is there is not within it.
_WAITING = threading.Condition.wait.__code__

_Result = TypeVar("_Result")


class Gate:
    """Held by each thread that calls into grpc, for as long as the call into it lasts."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._is_held = False
        # Threads that passed it, and wait in grpc or are about to.
        self._passed: set[int] = set()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def wait_for(self, step: Callable[[], _Result]) -> _Result:
        """Do what calls into grpc and then waits there, for long."""
        thread = threading.get_ident()
        with self._lock:
            self._passed.add(thread)
        try:
            return step()
        finally:
            self._passed.discard(thread)

    def shut(self) -> None:
        """Before a fork: nobody comes in any more, and who was within is out, or only waits."""
        end = time.monotonic() + _LONGEST
        self._is_held = self._lock.acquire(timeout=_LONGEST)
        while any(self._is_within(*each) for each in sys._current_frames().items()) and time.monotonic() < end:
            time.sleep(0.001)

    def _is_within(self, thread: int, frame: FrameType) -> bool:
        """Tell whether it is in grpc, or goes there without passing this gate."""
        if frame.f_code is not _WAITING:
            return thread in self._passed or _is_sending(frame)
        # One of grpc's own, which the fork before this one has stopped. It does not count as going yet, and goes on.
        return (frame.f_back is not None and _module(frame.f_back) == "grpc._channel") or _is_sending(frame)

    def open(self) -> None:
        """After it, in the parent."""
        if self._is_held:
            self._is_held = False
            self._lock.release()

    def renew(self) -> None:
        """After it, in the child: who held it may not be here."""
        self.__init__()  # type: ignore[misc]


def _is_sending(frame: FrameType) -> bool:
    """Tell whether it is a thread of grpc that has a request of a stream under way.

    grpc would stop it with the lock that the thread needs which is to tell it that the request is sent, and wait
    for that one in vain.
    """
    called: FrameType | None = None
    each: FrameType | None = frame
    while each is not None:
        if each.f_code.co_name == "consume_request_iterator" and _module(each) == "grpc._channel":
            return called is None or _module(called) == "grpc._common"
        called, each = each, each.f_back
    return False


def _module(frame: FrameType) -> object:
    return frame.f_globals.get("__name__")


GATE = Gate()

_registering = threading.Lock()
_is_registered = False


def guard_forks() -> None:
    """Shut the gate before grpc looks whether somebody is within it: what is registered later comes first.

    grpc registers with the first channel of the process.
    """
    global _is_registered
    with _registering:
        if not _is_registered and hasattr(os, "register_at_fork"):
            os.register_at_fork(before=GATE.shut, after_in_parent=GATE.open, after_in_child=GATE.renew)
        _is_registered = True
