"""Channels whose calls have the client's credentials and a deadline, and raise typed errors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Generator, Iterator
from typing import Any, NoReturn

import grpc

from ._errors import SymbolonError, to_symbolon_error
from ._options import Options


class TypedChannel:
    """What a generated stub makes its calls of. ``channel`` is one of `grpc` or of `grpc.aio`."""

    def __init__(
        self, channel: Any, options: Options, wrap: Callable[[Any, str], Any], is_closed: Callable[[], bool]
    ) -> None:
        self._is_closed = is_closed
        self._channel = channel
        self._options = options
        self._wrap = wrap

    def unary_unary(self, method: str, *args: Any, **kwargs: Any) -> _Method:
        """One request, one response."""
        inner = self._channel.unary_unary(method, *args, **kwargs)
        return _Method(inner, method, self._options, self._wrap, self._options.timeout, self._is_closed)

    def stream_stream(self, method: str, *args: Any, **kwargs: Any) -> _Method:
        """Without a deadline of its own: it ends when somebody ends it."""
        inner = self._channel.stream_stream(method, *args, **kwargs)
        return _Method(inner, method, self._options, self._wrap, None, self._is_closed)


class _Method:
    """Takes what the multi-callables of grpc take."""

    def __init__(
        self,
        inner: Any,
        method: str,
        options: Options,
        wrap: Callable[[Any, str], Any],
        timeout: float | None,
        is_closed: Callable[[], bool],
    ) -> None:
        self._is_closed = is_closed
        self._inner = inner
        self._name = f"{method.rsplit('/', 1)[-1]} failed"
        self._options = options
        self._wrap = wrap
        self._timeout = timeout

    def _arguments(self, timeout: float | None, metadata: Any, more: dict[str, Any]) -> dict[str, Any]:
        if self._is_closed():
            raise closed()
        given = tuple(metadata or ())
        # Whoever names another caller is heard: two would be refused.
        has_caller = any(key.lower() == "authorization" for key, _ in given)
        more["metadata"] = given if has_caller else self._options.metadata + given
        more["timeout"] = self._timeout if timeout is None else timeout
        return more

    def __call__(self, request: Any = None, timeout: float | None = None, metadata: Any = None, **more: Any) -> Any:
        try:
            return self._wrap(self._inner(request, **self._arguments(timeout, metadata, more)), self._name)
        except grpc.RpcError as error:
            _raise(self._name, error)

    def with_call(self, request: Any, timeout: float | None = None, metadata: Any = None, **more: Any) -> Any:
        try:
            return self._inner.with_call(request, **self._arguments(timeout, metadata, more))
        except grpc.RpcError as error:
            _raise(self._name, error)

    def future(self, request: Any, timeout: float | None = None, metadata: Any = None, **more: Any) -> Any:
        return _Future(self._inner.future(request, **self._arguments(timeout, metadata, more)), self._name)


def closed() -> SymbolonError:
    """What `grpc` and `grpc.aio` have no common error for."""
    return SymbolonError(grpc.StatusCode.CANCELLED, "the client is closed: make a new one")


def _raise(doing: str, error: BaseException) -> NoReturn:
    raise to_symbolon_error(doing, error) from error


def threaded(result: Any, doing: str) -> Any:
    """A response as it is, and a stream whose errors are typed."""
    return _Stream(result, doing) if isinstance(result, grpc.Call) else result


class _Wrapped:
    """A call of grpc, and all that it has."""

    def __init__(self, call: Any, doing: str) -> None:
        self._call = call
        self._doing = doing

    def __getattr__(self, name: str) -> Any:
        return getattr(self._call, name)


class _Stream(_Wrapped):
    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        try:
            return next(self._call)
        except grpc.RpcError as error:
            _raise(self._doing, error)


class _Future(_Wrapped):
    def result(self, timeout: float | None = None) -> Any:
        try:
            return self._call.result(timeout)
        except (grpc.RpcError, grpc.FutureTimeoutError, grpc.FutureCancelledError) as error:
            _raise(self._doing, error)

    def exception(self, timeout: float | None = None) -> BaseException | None:
        error = self._call.exception(timeout)
        return None if error is None else to_symbolon_error(self._doing, error)


class AioCall(_Wrapped):
    """A call of `grpc.aio` whose errors are typed. Cancelling the task that awaits it ends the call."""

    def __await__(self) -> Generator[Any, Any, Any]:
        try:
            return (yield from self._call.__await__())
        except grpc.RpcError as error:
            _raise(self._doing, error)

    async def read(self) -> Any:
        try:
            return await self._call.read()
        except grpc.RpcError as error:
            _raise(self._doing, error)

    async def __aiter__(self) -> AsyncIterator[Any]:
        try:
            async for response in self._call:
                yield response
        except grpc.RpcError as error:
            _raise(self._doing, error)
