"""How a login calls, waits and begins things: for threads, and for asyncio.

The rules are coroutines, written once. For threads nothing that they await ever suspends: each step blocks its
thread, so that one ``send`` runs a coroutine to its end.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, NamedTuple, Protocol, TypeVar

import grpc
from google.protobuf.message import Message

from .._client import AsyncClient, Client
from .._errors import SymbolonError
from .._fork import GATE

_Result = TypeVar("_Result")
# For how long `close` waits for a refresh whose answer is to be stored, in seconds.
_GRACE = 2.0


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


def run(step: Coroutine[Any, Any, _Result]) -> _Result:
    """Run a coroutine of which no step suspends."""
    try:
        step.send(None)
    except StopIteration as end:
        result: _Result = end.value
        return result
    step.close()
    raise RuntimeError("a step of a login for threads suspended")


class ThreadIo:
    """Blocks the thread that calls."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._alone = threading.Lock()
        self._ended = threading.Event()
        self.loop = None

    def enter(self) -> None:
        pass

    async def call(self, call: Call, timeout: float) -> Any:
        stub = getattr(self._client, call.service)
        answered: concurrent.futures.Future[Any] = concurrent.futures.Future()
        # Waiting is outside of grpc, so that the process may fork meanwhile.
        with GATE:
            inner = getattr(stub, call.method).future(call.request, timeout=timeout)
            inner.add_done_callback(answered.set_result)
        try:
            answered.result()
        except BaseException:
            inner.cancel()
            raise
        return inner.result()

    async def sleep(self, seconds: float) -> None:
        self._ended.wait(seconds)

    async def blocking(self, step: Callable[[], _Result]) -> _Result:
        return step()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        with self._alone:
            yield

    async def wait(self, future: concurrent.futures.Future[_Result], timeout: float | None) -> _Result:
        try:
            return future.result(timeout)
        except (concurrent.futures.TimeoutError, TimeoutError):
            raise late() from None

    async def finish(self, step: Coroutine[Any, Any, _Result]) -> _Result:
        return await step

    def begin(self, step: Coroutine[Any, Any, None], failed: Callable[[SymbolonError], None]) -> None:
        try:
            threading.Thread(target=run, args=(step,), name="symbolon-login", daemon=True).start()
        except RuntimeError:
            step.close()
            failed(SymbolonError(grpc.StatusCode.RESOURCE_EXHAUSTED, "no thread could be started for the login"))

    def end(self) -> None:
        self._ended.set()

    async def drain(self, future: concurrent.futures.Future[Any]) -> None:
        with suppress(Exception):
            future.result(_GRACE)


class LoopIo:
    """Awaits, in the loop of the one who calls."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client
        self._loop: asyncio.AbstractEventLoop | None = None
        self._alone = asyncio.Lock()
        self._ended = asyncio.Event()
        self._has_ended = False
        # A loop keeps no task by itself.
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def loop(self) -> asyncio.AbstractEventLoop | None:
        """That of the last call."""
        return self._loop

    def enter(self) -> None:
        """Locks belong to a loop, and an app may run one after the other."""
        loop = asyncio._get_running_loop()
        if loop is not None and self._loop is not loop:
            self._loop, self._alone, self._ended = loop, asyncio.Lock(), asyncio.Event()
            if self._has_ended:
                self._ended.set()

    async def call(self, call: Call, timeout: float) -> Any:
        stub = getattr(self._client, call.service)
        return await getattr(stub, call.method)(call.request, timeout=timeout)

    async def sleep(self, seconds: float) -> None:
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._ended.wait(), seconds)

    async def blocking(self, step: Callable[[], _Result]) -> _Result:
        return await asyncio.to_thread(step)

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        async with self._alone:
            yield

    async def wait(self, future: concurrent.futures.Future[_Result], timeout: float | None) -> _Result:
        waiter = asyncio.wrap_future(future)
        done, _ = await asyncio.wait([waiter], timeout=timeout)
        if not done:
            raise late()
        return waiter.result()

    async def finish(self, step: Coroutine[Any, Any, _Result]) -> _Result:
        return await asyncio.shield(self._keep(step))

    def begin(self, step: Coroutine[Any, Any, None], failed: Callable[[SymbolonError], None]) -> None:
        def ended(task: asyncio.Task[None]) -> None:
            if task.cancelled():
                failed(SymbolonError(grpc.StatusCode.CANCELLED, "the event loop of the login ended"))

        self._keep(step).add_done_callback(ended)

    def _keep(self, step: Coroutine[Any, Any, _Result]) -> asyncio.Task[_Result]:
        task = asyncio.ensure_future(step)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # Also of one that nobody waits for any more, or asyncio logs that.
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        return task

    def end(self) -> None:
        self._has_ended = True
        self._ended.set()

    async def drain(self, future: concurrent.futures.Future[Any]) -> None:
        await asyncio.wait([asyncio.wrap_future(future)], timeout=_GRACE)


def late() -> SymbolonError:
    """A wait that was given up."""
    return SymbolonError(grpc.StatusCode.DEADLINE_EXCEEDED, "no token came in time: the refresh is still under way")


_LOST = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED})
# What grpc says of a line that broke, where no server gave a reason.
_BROKEN = frozenset({grpc.StatusCode.UNKNOWN, grpc.StatusCode.INTERNAL})


def is_lost(error: SymbolonError) -> bool:
    """Whether the call may have been done all the same, or not."""
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
