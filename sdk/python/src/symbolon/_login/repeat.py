"""The same call, sent again after a lost answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc

from .._calls import is_closed_client
from .._errors import SymbolonError
from .io import Call, Io

_LOST = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED})
# What grpc says of a line that broke, where no server gave a reason.
_BROKEN = frozenset({grpc.StatusCode.CANCELLED, grpc.StatusCode.UNKNOWN, grpc.StatusCode.INTERNAL})


def is_lost(error: SymbolonError) -> bool:
    """Whether the call may have been done all the same, or not."""
    if is_closed_client(error):
        return False
    return error.code in _LOST or (error.code in _BROKEN and not error.reason)


_FIRST_WAIT = 0.1
_LONGEST_WAIT = 1.0


async def send(io: Io, call: Call, timeout: float, now: Callable[[], float], is_wanted: Callable[[], bool]) -> Any:
    """Send the same call again after a lost answer, until the time is over. It must be one that may be repeated."""
    end, wait = now() + timeout, _FIRST_WAIT
    while True:
        try:
            return await io.call(call, max(0.001, end - now()))
        except SymbolonError as error:
            if not is_lost(error) or end - now() <= wait or not is_wanted():
                raise
        await io.sleep(wait)
        wait = min(_LONGEST_WAIT, 2 * wait)
