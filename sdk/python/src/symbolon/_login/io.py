"""How a login calls, waits and begins things: for threads, and for asyncio.

The rules are coroutines, written once. For threads nothing that they await ever suspends: each step blocks its
thread, so that one ``send`` runs a coroutine to its end.
"""

from __future__ import annotations

import concurrent.futures
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple, Protocol, TypeVar

import grpc
from google.protobuf.message import Message

from .._errors import SymbolonError

_Result = TypeVar("_Result")
# For how long `close` waits for a refresh whose answer is to be stored, in seconds.
GRACE = 2.0


class Call(NamedTuple):
    """A call of the contract."""

    # Of a client: tokens, users, devices.
    service: str
    method: str
    request: Message

    def __repr__(self) -> str:
        # The request holds secrets.
        return f"<{self.service}.{self.method}>"


class Io(Protocol):
    """What the rules need of the world."""

    @property
    def loop(self) -> Any:
        """That which runs what is begun. None: there is none."""

    async def call(self, call: Call, timeout: float) -> Any:
        """Make it."""

    async def sleep(self, seconds: float) -> None:
        """Ends early with `end`."""

    async def blocking(self, step: Callable[[], _Result]) -> _Result:
        """Do what waits for a disk, or another process."""

    def alone(self) -> Any:
        """One at a time, of this login in this process."""

    async def wait(self, future: concurrent.futures.Future[_Result], timeout: float | None) -> _Result:
        """Giving it up ends nothing but this wait."""

    async def finish(self, step: Coroutine[Any, Any, _Result]) -> _Result:
        """Do it to its end, also where who waits for it gives up."""

    def begin(self, step: Coroutine[Any, Any, None], failed: Callable[[SymbolonError], None]) -> None:
        """Do it beside. ``failed`` is called where it can't be begun, or was ended."""

    def enter(self) -> None:
        """Somebody calls."""

    def end(self) -> None:
        """Nothing waits from now on."""

    async def drain(self, future: concurrent.futures.Future[Any]) -> None:
        """Wait a little for what is under way."""


def late() -> SymbolonError:
    """A wait that was given up."""
    return SymbolonError(grpc.StatusCode.DEADLINE_EXCEEDED, "no token came in time: the refresh is still under way")
