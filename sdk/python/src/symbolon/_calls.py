"""Channels whose calls have the client's credentials and a deadline, and raise typed errors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from typing import Any, NoReturn

import grpc
import grpc.aio

from ._errors import SymbolonError, to_symbolon_error
from ._options import Options

# What a call says whose channel is closed while it begins, waits or goes on. None of these is of `grpc.RpcError`.
_OF_CLOSING = (
    *(ValueError, grpc.FutureCancelledError),
    *(asyncio.CancelledError, asyncio.InvalidStateError, grpc.aio.UsageError),
)
_OF_GRPC = (grpc.RpcError, grpc.FutureTimeoutError, grpc.FutureCancelledError)


_CLOSED = "the client is closed: make a new one"


def closed() -> SymbolonError:
    """What `grpc` and `grpc.aio` have no common error for."""
    return SymbolonError(grpc.StatusCode.CANCELLED, _CLOSED)


def is_closed_client(error: SymbolonError) -> bool:
    """Whether it is that of `closed`, and not of a line that broke."""
    return error.message == _CLOSED


class Errors:
    """Those of one method."""

    def __init__(self, method: str, is_closed: Callable[[], bool]) -> None:
        self._doing = f"{method.rsplit('/', 1)[-1]} failed"
        self.is_closed = is_closed

    def typed(self, error: BaseException) -> BaseException:
        """Answer what a caller is told. What is not of the call is as it was."""
        if self.is_closed() and (isinstance(error, _OF_CLOSING) or _code(error) is grpc.StatusCode.CANCELLED):
            return closed()
        return to_symbolon_error(self._doing, error) if isinstance(error, _OF_GRPC) else error

    def fail(self, error: BaseException) -> NoReturn:
        typed = self.typed(error)
        if typed is error:
            raise error
        raise typed from error


def _code(error: BaseException) -> object:
    return error.code() if isinstance(error, grpc.RpcError) and hasattr(error, "code") else None


Wrap = Callable[[Any, Errors], Any]


class Flag:
    """Whether a client is closed. Its calls know this, and not the client, which so ends with its last reference."""

    def __init__(self) -> None:
        self.is_set = False

    def __call__(self) -> bool:
        """Answer it."""
        return self.is_set


class TypedChannel:
    """What a generated stub makes its calls of. ``channel`` is one of `grpc` or of `grpc.aio`."""

    def __init__(self, channel: Any, options: Options, wrap: Wrap, is_closed: Callable[[], bool]) -> None:
        self._is_closed = is_closed
        self._channel = channel
        self._options = options
        self._wrap = wrap

    def unary_unary(self, method: str, *args: Any, **kwargs: Any) -> _Method:
        """One request, one response."""
        inner = self._channel.unary_unary(method, *args, **kwargs)
        return _Method(inner, Errors(method, self._is_closed), self._options, self._wrap, self._options.timeout)

    def stream_stream(self, method: str, *args: Any, **kwargs: Any) -> _Method:
        """Without a deadline of its own: it ends when somebody ends it."""
        inner = self._channel.stream_stream(method, *args, **kwargs)
        return _Method(inner, Errors(method, self._is_closed), self._options, self._wrap, None)


class _Method:
    """Takes what the multi-callables of grpc take."""

    def __init__(self, inner: Any, errors: Errors, options: Options, wrap: Wrap, timeout: float | None) -> None:
        self._inner = inner
        self._errors = errors
        self._options = options
        self._wrap = wrap
        self._timeout = timeout

    def _arguments(self, timeout: float | None, metadata: Any, more: dict[str, Any]) -> dict[str, Any]:
        if self._errors.is_closed():
            raise closed()
        given = tuple(metadata or ())
        # Another caller that is named is heard: two would be refused.
        has_caller = any(key.lower() == "authorization" for key, _ in given)
        more["metadata"] = given if has_caller else self._options.metadata + given
        more["timeout"] = self._timeout if timeout is None else timeout
        return more

    def __call__(self, request: Any = None, timeout: float | None = None, metadata: Any = None, **more: Any) -> Any:
        arguments = self._arguments(timeout, metadata, more)
        try:
            return self._wrap(self._inner(request, **arguments), self._errors)
        except Exception as error:
            self._errors.fail(error)

    def with_call(self, request: Any, timeout: float | None = None, metadata: Any = None, **more: Any) -> Any:
        arguments = self._arguments(timeout, metadata, more)
        try:
            return self._inner.with_call(request, **arguments)
        except Exception as error:
            self._errors.fail(error)

    def future(self, request: Any, timeout: float | None = None, metadata: Any = None, **more: Any) -> Any:
        arguments = self._arguments(timeout, metadata, more)
        try:
            return _Future(self._inner.future(request, **arguments), self._errors)
        except Exception as error:
            self._errors.fail(error)


def threaded(result: Any, errors: Errors) -> Any:
    """A response as it is, and a stream whose errors are typed."""
    return _Stream(result, errors) if isinstance(result, grpc.Call) else result


class _Wrapped:
    """A call of grpc, and all that it has."""

    def __init__(self, call: Any, errors: Errors) -> None:
        self._call = call
        self._errors = errors

    def __getattr__(self, name: str) -> Any:
        return getattr(self._call, name)


class _Stream(_Wrapped):
    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        try:
            return next(self._call)
        except StopIteration:
            raise
        except Exception as error:
            self._errors.fail(error)


class _Future(_Wrapped):
    def add_done_callback(self, callback: Callable[[_Future], Any]) -> None:
        self._call.add_done_callback(lambda _: callback(self))

    def result(self, timeout: float | None = None) -> Any:
        try:
            return self._call.result(timeout)
        except Exception as error:
            self._errors.fail(error)

    def exception(self, timeout: float | None = None) -> BaseException | None:
        """Answer what ``result`` raises."""
        try:
            error = self._call.exception(timeout)
        except grpc.FutureCancelledError as cancelled:
            error = cancelled
        except grpc.FutureTimeoutError as late:
            self._errors.fail(late)
        return None if error is None else self._errors.typed(error)


class AioCall(_Wrapped):
    """A call of `grpc.aio` whose errors are typed. Cancelling the task that awaits it ends the call."""

    def __init__(self, call: Any, errors: Errors) -> None:
        super().__init__(call, errors)
        self._steps: set[asyncio.Future[Any]] = set()

    def cancel(self) -> bool:
        is_first: bool = self._call.cancel()
        # A write that waits for its connection is not told by grpc.
        for step in self._steps:
            step.cancel()
        return is_first

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._wait_for(self._call).__await__()

    async def read(self) -> Any:
        return await self._wait_for(self._call.read())

    async def write(self, request: Any) -> None:
        await self._wait_for(self._call.write(request))

    async def done_writing(self) -> None:
        await self._wait_for(self._call.done_writing())

    async def __aiter__(self) -> AsyncIterator[Any]:
        while (response := await self.read()) is not grpc.aio.EOF:
            yield response

    async def _wait_for(self, step: Awaitable[Any]) -> Any:
        """Do a step in a task of its own.

        A closed channel cancels it there. So a cancellation that comes here is of the task that awaits the call, and
        nothing else is told as one.
        """
        task = asyncio.ensure_future(step)
        # Also of one that nobody waits for any more, or asyncio logs that.
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._steps.add(task)
        task.add_done_callback(self._steps.discard)
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            self.cancel()
            raise
        try:
            return task.result()
        except (Exception, asyncio.CancelledError) as error:
            self._errors.fail(error)
