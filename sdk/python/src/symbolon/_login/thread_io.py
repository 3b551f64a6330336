"""How a login for threads calls, waits and begins things."""

from __future__ import annotations

import concurrent.futures
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

import grpc

from .._client import Client
from .._errors import SymbolonError
from .._fork import GATE
from .io import GRACE, Call, late

_Result = TypeVar("_Result")


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
            future.result(GRACE)
