"""How a login for asyncio calls, waits and begins things."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

import grpc

from .._client import AsyncClient
from .._errors import SymbolonError
from .io import GRACE, Call, late

_Result = TypeVar("_Result")


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
        waiter = _waiter(future)
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

        def start() -> None:
            self._keep(step).add_done_callback(ended)

        if asyncio._get_running_loop() is not None:
            start()
            return
        # A property was read where no loop runs.
        try:
            self._loop.call_soon_threadsafe(start)  # type: ignore[union-attr]
        except (AttributeError, RuntimeError):
            step.close()
            failed(SymbolonError(grpc.StatusCode.CANCELLED, "the event loop of the login ended"))

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
        await asyncio.wait([_waiter(future)], timeout=GRACE)


def _waiter(future: concurrent.futures.Future[_Result]) -> asyncio.Future[_Result]:
    waiter = asyncio.wrap_future(future)
    # Also of a wait that was given up, or asyncio logs how it ended.
    waiter.add_done_callback(lambda done: done.cancelled() or done.exception())
    return waiter
