"""The token of a login on the calls of `grpc` and `grpc.aio`.

`LoginInterceptor` and `aio_interceptors` make a unary call once more after UNAUTHENTICATED, where the login has another
token by then. `LoginPlugin` is for call credentials, which grpc takes with TLS alone.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple, cast

import grpc
import grpc.aio

from ._errors import SymbolonError, wrong
from ._login.async_login import AsyncLogin
from ._login.base import TokenWaiter
from ._login.login import Login

__all__ = ["LoginInterceptor", "LoginPlugin", "aio_interceptors"]

_HEADER = "authorization"


class LoginPlugin(grpc.AuthMetadataPlugin):
    """Gives each call the token of a `Login`, or of an `AsyncLogin` whose loop runs. It blocks no thread.

    ``grpc.metadata_call_credentials(LoginPlugin(login))`` goes into `grpc.composite_channel_credentials`.
    """

    def __init__(self, login: Login | AsyncLogin) -> None:
        if not isinstance(login, (Login, AsyncLogin)):
            raise wrong("login must be a Login or an AsyncLogin")
        self._login = login

    def __call__(self, context: grpc.AuthMetadataContext, callback: grpc.AuthMetadataPluginCallback) -> None:
        """Tell the token at once, or when the refresh has ended."""

        def done(token: str | None, error: SymbolonError | None) -> None:
            callback(() if token is None else ((_HEADER, f"Bearer {token}"),), error)

        token = self._login._found()
        if token is None:
            self._login._ask_beside(TokenWaiter(done))
        else:
            done(token, None)


class _Details(NamedTuple):
    """Those of `grpc`, with the token."""

    method: str
    timeout: float | None
    metadata: Any
    credentials: Any
    wait_for_ready: bool | None
    compression: Any


class LoginInterceptor(
    grpc.UnaryUnaryClientInterceptor,
    grpc.UnaryStreamClientInterceptor,
    grpc.StreamUnaryClientInterceptor,
    grpc.StreamStreamClientInterceptor,
):
    """Gives each call of a channel of `grpc` the token of a `Login`: ``grpc.intercept_channel(channel, interceptor)``.

    A call waits for a refresh only where the token has ended. It raises `SymbolonError` where there is none. One whose
    metadata has ``authorization`` keeps that.
    """

    def __init__(self, login: Login) -> None:
        if not isinstance(login, Login):
            raise wrong("login must be a Login: of an AsyncLogin take aio_interceptors")
        self._login = login

    def intercept_unary_unary(self, continuation: Callable[..., Any], client_call_details: Any, request: Any) -> Any:
        """Make it once more where the token was refused and there is another one."""
        if _names_somebody(client_call_details.metadata):
            return continuation(client_call_details, request)
        began = time.monotonic()
        details, token = self._with_token(client_call_details)
        call = continuation(details, request)
        if not call.done():
            # Of a future, which is not waited for here. Its end is told, so that the next call is better off.
            call.add_done_callback(lambda ended: self._ended(ended, token))
            return call
        if call.code() is not grpc.StatusCode.UNAUTHENTICATED or not self._login.refused(token):
            return call
        details, _ = self._with_token(client_call_details, time.monotonic() - began)
        return continuation(details, request)

    def intercept_unary_stream(self, continuation: Callable[..., Any], client_call_details: Any, request: Any) -> Any:
        """Attach the token."""
        return self._once(continuation, client_call_details, request)

    def intercept_stream_unary(
        self, continuation: Callable[..., Any], client_call_details: Any, request_iterator: Any
    ) -> Any:
        """Attach the token."""
        return self._once(continuation, client_call_details, request_iterator)

    def intercept_stream_stream(
        self, continuation: Callable[..., Any], client_call_details: Any, request_iterator: Any
    ) -> Any:
        """Attach the token."""
        return self._once(continuation, client_call_details, request_iterator)

    def _once(self, continuation: Callable[..., Any], client_call_details: Any, request: Any) -> Any:
        if _names_somebody(client_call_details.metadata):
            return continuation(client_call_details, request)
        details, token = self._with_token(client_call_details)
        call = continuation(details, request)
        call.add_done_callback(lambda ended: self._ended(ended, token))
        return call

    def _ended(self, call: Any, token: str) -> None:
        if call.code() is grpc.StatusCode.UNAUTHENTICATED:
            # It asks the server, and this is a thread of grpc.
            threading.Thread(target=self._login.refused, args=(token,), name="symbolon-login", daemon=True).start()

    def _with_token(self, details: Any, spent: float = 0.0) -> tuple[_Details, str]:
        timeout = None if details.timeout is None else max(0.001, details.timeout - spent)
        token = self._login.token(timeout=timeout)
        metadata = (*(details.metadata or ()), (_HEADER, f"Bearer {token}"))
        ready, compression = getattr(details, "wait_for_ready", None), getattr(details, "compression", None)
        return _Details(details.method, timeout, metadata, details.credentials, ready, compression), token


class _AioAttach:
    """What those of all kinds do. `grpc.aio` takes an interceptor for one kind of calls alone."""

    def __init__(self, login: AsyncLogin) -> None:
        self._login = login

    async def _with_token(
        self, details: grpc.aio.ClientCallDetails, spent: float = 0.0
    ) -> tuple[grpc.aio.ClientCallDetails, str]:
        timeout = None if details.timeout is None else max(0.001, details.timeout - spent)
        token = await self._login.token(timeout=timeout)
        metadata = grpc.aio.Metadata(*(details.metadata or ()))
        metadata.add(_HEADER, f"Bearer {token}")
        # It is a named tuple, which its types don't say.
        replaced: grpc.aio.ClientCallDetails = cast("Any", details)._replace(timeout=timeout, metadata=metadata)
        return replaced, token

    async def _once(self, continuation: Callable[..., Awaitable[Any]], details: Any, request: Any) -> Any:
        if _names_somebody(details.metadata):
            return await continuation(details, request)
        details, token = await self._with_token(details)
        call = await continuation(details, request)
        self._login._watch_beside(token, self._code_of(call))
        return call

    async def _code_of(self, call: Any) -> Any:
        return await call.code()


class _AioUnaryUnary(_AioAttach, grpc.aio.UnaryUnaryClientInterceptor):
    async def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        if _names_somebody(client_call_details.metadata):
            return await continuation(client_call_details, request)
        began = time.monotonic()
        details, token = await self._with_token(client_call_details)
        call = await continuation(details, request)
        if await call.code() is not grpc.StatusCode.UNAUTHENTICATED or not await self._login.refused(token):
            return call
        details, _ = await self._with_token(client_call_details, time.monotonic() - began)
        return await continuation(details, request)


class _AioUnaryStream(_AioAttach, grpc.aio.UnaryStreamClientInterceptor):
    async def intercept_unary_stream(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        return await self._once(continuation, client_call_details, request)


class _AioStreamUnary(_AioAttach, grpc.aio.StreamUnaryClientInterceptor):
    async def intercept_stream_unary(self, continuation: Any, client_call_details: Any, request_iterator: Any) -> Any:
        return await self._once(continuation, client_call_details, request_iterator)

    async def _code_of(self, call: Any) -> Any:
        """Where the server ends first, the code of grpcio 1.71 is INTERNAL for a while. Its error has the right one."""
        try:
            await call
        except grpc.aio.AioRpcError as error:
            return error.code()
        return grpc.StatusCode.OK


class _AioStreamStream(_AioAttach, grpc.aio.StreamStreamClientInterceptor):
    async def intercept_stream_stream(self, continuation: Any, client_call_details: Any, request_iterator: Any) -> Any:
        return await self._once(continuation, client_call_details, request_iterator)


def aio_interceptors(login: AsyncLogin) -> Sequence[grpc.aio.ClientInterceptor]:
    """Answer the ``interceptors`` of a channel of `grpc.aio`: one for each kind of calls, as `LoginInterceptor`."""
    if not isinstance(login, AsyncLogin):
        raise wrong("login must be an AsyncLogin: of a Login take LoginInterceptor")
    return [kind(login) for kind in (_AioUnaryUnary, _AioUnaryStream, _AioStreamUnary, _AioStreamStream)]


def _names_somebody(metadata: Any) -> bool:
    return any(key.lower() == _HEADER for key, _ in metadata or ())
