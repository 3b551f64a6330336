"""Interceptors for servers of `grpc` and `grpc.aio`: a handler runs for live tokens only, and knows its caller.

A handler reads the caller with `symbolon.current_caller()`. What the caller may do with a device or a user is asked by
the handler, which knows the message: `require_permission` and `aio_require_permission`. A refused call has
``www-authenticate`` in its trailing metadata, as RFC 6750 section 3 has it in a header.
"""

from __future__ import annotations

import contextvars
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import aclosing
from datetime import timedelta
from functools import partial
from inspect import isasyncgenfunction, iscoroutinefunction
from typing import Any, NoReturn

import grpc
import grpc.aio
from google.rpc import error_details_pb2, status_pb2

from ._access import Permission, Target
from ._bearer import (
    Refusal,
    admit,
    check_audience,
    check_methods,
    check_realm,
    check_scopes,
    check_verifier,
    for_nobody,
    not_checked,
    nothing_known,
    permit,
    token_of,
)
from ._caller import Caller, Handling, _current
from ._errors import SymbolonError, wrong
from ._verifier import AsyncVerifier, Verifier, question_of

__all__ = ["AioServerInterceptor", "ServerInterceptor", "aio_require_permission", "require_permission"]

_Metadata = tuple[tuple[str, str | bytes], ...]
_Behavior = Callable[..., Any]


class _Rules:
    """What both are told."""

    def __init__(
        self,
        scopes: Mapping[str, Collection[str]] | None,
        public: Collection[str],
        realm: str | None,
        audience: str | None,
    ) -> None:
        scopes = scopes or {}
        self._scopes: dict[str, tuple[str, ...]] = {}
        # Of a name that is there with its first slash and without, all scopes count.
        for method, each in zip(check_methods("scopes", scopes), scopes.values(), strict=True):
            self._scopes[method] = (*self._scopes.get(method, ()), *check_scopes(each))
        self._public = frozenset(check_methods("public", public))
        for method in self._scopes.keys() & self._public:
            raise wrong(f"{method} must not be in both scopes and public: nobody would be asked for its scopes")
        self._realm = check_realm(realm)
        self._audience = check_audience(audience)

    def _is_public(self, method: str) -> bool:
        return method in self._public

    def _admit(self, method: str, caller: Caller | None) -> Caller | Refusal:
        admitted = admit(caller, self._scopes.get(method, ()), self._audience)
        # A typing error in the name of a method must not open it.
        is_for_nobody = self._scopes and method not in self._scopes
        return for_nobody(method) if is_for_nobody and isinstance(admitted, Caller) else admitted


def _trailers(refusal: Refusal, realm: str | None) -> _Metadata:
    challenge = refusal.challenge(realm)
    if challenge is not None:
        return (("www-authenticate", challenge),)
    if refusal.retry_after is None:
        return ()
    retry = error_details_pb2.RetryInfo()
    retry.retry_delay.FromTimedelta(timedelta(seconds=refusal.retry_after))
    status = status_pb2.Status(code=refusal.code.value[0], message=refusal.message)
    status.details.add().Pack(retry)
    return (("grpc-status-details-bin", status.SerializeToString()),)


class ServerInterceptor(_Rules, grpc.ServerInterceptor):  # type: ignore[type-arg, misc, unused-ignore]
    """For servers of `grpc`, which handle calls in threads."""

    def __init__(
        self,
        verifier: Verifier,
        *,
        scopes: Mapping[str, Collection[str]] | None = None,
        public: Collection[str] = (),
        realm: str | None = None,
        audience: str | None = None,
    ) -> None:
        """Guard all methods of a server.

        Args:
            verifier: tells which tokens are live.
            scopes: those that a caller needs for a method, by its name such as ``/shop.v1.Orders/Place``, whose
                first slash may be left out. Without it every method needs a live token. Once one method is here,
                a method that is not, and is not public, is refused: give it an empty list where a live token is
                enough.
            public: names of methods that need no token, such as ``/grpc.health.v1.Health/Check``.
            realm: what ``www-authenticate`` says of the service.
            audience: the id of this service as a resource server: only tokens that are for it are taken. None: all.
        """
        check_verifier(verifier, is_async=False)
        super().__init__(scopes, public, realm, audience)
        self._verifier = verifier

    def intercept_service(self, continuation: Callable[[Any], Any], handler_call_details: Any) -> Any:
        """Let the handler begin with the check: this runs in the one thread that accepts all calls."""
        handler = continuation(handler_call_details)
        if handler is None or self._is_public(handler_call_details.method):
            return handler
        behavior = _behavior_of(handler)
        values = _authorizations(handler_call_details)
        is_stream = handler.response_streaming
        return _with_behavior(handler, partial(self._run, handler_call_details.method, values, behavior, is_stream))

    def _run(
        self, method: str, values: list[str | bytes], behavior: _Behavior, is_stream: bool, request: Any, context: Any
    ) -> Any:
        admitted = self._check(method, values)
        if isinstance(admitted, Refusal):
            self._abort(context, admitted)
        if not context.is_active():
            # It ended during the check. Nobody waits for what the handler would do.
            context.abort(grpc.StatusCode.CANCELLED, "the call ended before its handler began")
        # Of this call alone: threads are used again, and a stream may go on in another one.
        inside = contextvars.copy_context()
        current = Handling(admitted)
        inside.run(_current.set, current)
        if is_stream:
            return _iterate(inside, current, inside.run(behavior, request, context))
        return _finish(inside, current, behavior, request, context)

    def _check(self, method: str, values: list[str | bytes]) -> Caller | Refusal:
        token = token_of(values)
        if isinstance(token, Refusal):
            return token
        try:
            return self._admit(method, self._verifier.check(token))
        except SymbolonError as error:
            return nothing_known(error)

    def _abort(self, context: Any, refusal: Refusal) -> NoReturn:
        _abort(context, refusal, self._realm)


class AioServerInterceptor(_Rules, grpc.aio.ServerInterceptor):  # type: ignore[type-arg, misc, unused-ignore]
    """For servers of `grpc.aio`. Handlers that are not coroutines know their caller too."""

    def __init__(
        self,
        verifier: AsyncVerifier,
        *,
        scopes: Mapping[str, Collection[str]] | None = None,
        public: Collection[str] = (),
        realm: str | None = None,
        audience: str | None = None,
    ) -> None:
        """Guard all methods of a server. Arguments are those of `ServerInterceptor`."""
        check_verifier(verifier, is_async=True)
        super().__init__(scopes, public, realm, audience)
        self._verifier = verifier

    async def intercept_service(self, continuation: Callable[[Any], Awaitable[Any]], handler_call_details: Any) -> Any:
        """Check before the handler is begun. Both are in the task of the call, and so in one context."""
        handler = await continuation(handler_call_details)
        method = handler_call_details.method
        if handler is None or self._is_public(method):
            _current.set(None)
            return handler
        admitted = await self._check(method, _authorizations(handler_call_details))
        if isinstance(admitted, Refusal):
            return _with_behavior(handler, self._refuser(admitted))
        current = Handling(admitted)
        _current.set(current)
        behavior = _behavior_of(handler)
        if isasyncgenfunction(behavior):
            return _with_behavior(handler, partial(_aiterate, current, behavior))
        if iscoroutinefunction(behavior):
            return _with_behavior(handler, partial(_await, current, behavior))
        # It runs in a thread, and that has no context of the task.
        inside = contextvars.copy_context()
        if handler.response_streaming:
            return _with_behavior(handler, lambda *args: _iterate(inside, current, inside.run(behavior, *args)))
        return _with_behavior(handler, partial(_finish, inside, current, behavior))

    async def _check(self, method: str, values: list[str | bytes]) -> Caller | Refusal:
        token = token_of(values)
        if isinstance(token, Refusal):
            return token
        try:
            return self._admit(method, await self._verifier.check(token))
        except SymbolonError as error:
            return nothing_known(error)

    def _refuser(self, refusal: Refusal) -> _Behavior:
        trailers = _trailers(refusal, self._realm)

        async def refuse(_request: Any, context: Any) -> None:
            await context.abort(refusal.code, refusal.message, trailers)

        return refuse


def require_permission(
    context: grpc.ServicerContext,
    verifier: Verifier,
    permission: Permission,
    target: Target | None = None,
    *,
    realm: str | None = None,
    audience: str | None = None,
) -> Caller:
    """Answer the caller where it may do something, and end the call where it may not. Handlers call this.

    It reads the token itself, so that it needs no interceptor around it, and takes none amiss. Behind one,
    `symbolon.current_caller()` answers the same from then on.

    Args:
        context: of the handler.
        verifier: tells what bearers may do.
        permission: what the caller needs, such as ``"READ_DEVICE"``.
        target: the `symbolon.Device`, `symbolon.User` or `symbolon.Own` that it is about. None: the user or device that
            the token stands for.
        realm: what ``www-authenticate`` says of the service.
        audience: the id of this service as a resource server: only tokens that are for it are taken. None: all.

    Raises:
        Exception: that of ``context.abort``, with what the interceptor says: UNAUTHENTICATED, PERMISSION_DENIED,
            INVALID_ARGUMENT or UNAVAILABLE.
        SymbolonError: INVALID_ARGUMENT, an argument of this call is wrong.
    """
    check_verifier(verifier, is_async=False, name="check_permission")
    _check_rules(permission, target, realm, audience)
    token = token_of(_values_of(context.invocation_metadata()))
    admitted: Caller | Refusal
    if isinstance(token, Refusal):
        admitted = token
    else:
        try:
            admitted = permit(verifier.check_permission(token, permission, target), audience)
        except SymbolonError as error:
            admitted = not_checked(error)
    if isinstance(admitted, Refusal):
        _abort(context, admitted, realm)
    assert isinstance(admitted, Caller)
    current = _current.get()
    # Without an interceptor the context is that of a thread, which is another call's in the next moment.
    if current is not None and current.caller is not None:
        current.caller = admitted
    return admitted


async def aio_require_permission(
    context: grpc.aio.ServicerContext[Any, Any],
    verifier: AsyncVerifier,
    permission: Permission,
    target: Target | None = None,
    *,
    realm: str | None = None,
    audience: str | None = None,
) -> Caller:
    """Do what `require_permission` does, in handlers of `grpc.aio`. `symbolon.current_caller()` answers it in each."""
    check_verifier(verifier, is_async=True, name="check_permission")
    _check_rules(permission, target, realm, audience)
    token = token_of(_values_of(context.invocation_metadata()))
    admitted: Caller | Refusal
    if isinstance(token, Refusal):
        admitted = token
    else:
        try:
            admitted = permit(await verifier.check_permission(token, permission, target), audience)
        except SymbolonError as error:
            admitted = not_checked(error)
    if isinstance(admitted, Refusal):
        await context.abort(admitted.code, admitted.message, _trailers(admitted, realm))
    assert isinstance(admitted, Caller)
    # That of the call's own task.
    current = _current.get()
    if current is None or current.caller is None:
        current = Handling(None)
        ending: Any = partial(_end, current)
        context.add_done_callback(ending)
        _current.set(current)
    current.caller = admitted
    return admitted


def _end(current: Handling, _: object) -> None:
    current.end()


def _check_rules(permission: Permission, target: Target | None, realm: str | None, audience: str | None) -> None:
    # Before anything of the client is looked at: what is wrong here is wrong for all.
    question_of("", permission, target)
    check_realm(realm)
    check_audience(audience)


def _abort(context: Any, refusal: Refusal, realm: str | None) -> NoReturn:
    context.set_trailing_metadata(_trailers(refusal, realm))
    context.abort(refusal.code, refusal.message)
    raise AssertionError("abort raises")


def _authorizations(details: Any) -> list[str | bytes]:
    return _values_of(details.invocation_metadata)


def _values_of(metadata: Any) -> list[str | bytes]:
    return [value for key, value in metadata or () if key == "authorization"]


def _behavior_of(handler: Any) -> _Behavior:
    behavior: _Behavior = handler.unary_unary or handler.unary_stream or handler.stream_unary or handler.stream_stream
    return behavior


def _with_behavior(handler: Any, behavior: _Behavior) -> Any:
    if handler.request_streaming:
        make = (
            grpc.stream_stream_rpc_method_handler
            if handler.response_streaming
            else grpc.stream_unary_rpc_method_handler
        )
    else:
        make = (
            grpc.unary_stream_rpc_method_handler if handler.response_streaming else grpc.unary_unary_rpc_method_handler
        )
    return make(behavior, handler.request_deserializer, handler.response_serializer)


def _finish(inside: contextvars.Context, current: Handling, behavior: _Behavior, *args: Any) -> Any:
    try:
        return inside.run(behavior, *args)
    finally:
        current.end()


def _iterate(inside: contextvars.Context, current: Handling, responses: Any) -> Iterator[Any]:
    iterator = inside.run(iter, responses)
    try:
        while True:
            try:
                response = inside.run(next, iterator)
            except StopIteration:
                return
            yield response
    finally:
        close = getattr(iterator, "close", None)
        if close is not None:
            inside.run(close)
        current.end()


async def _await(current: Handling, behavior: _Behavior, *args: Any) -> Any:
    try:
        return await behavior(*args)
    finally:
        current.end()


async def _aiterate(current: Handling, behavior: _Behavior, *args: Any) -> AsyncIterator[Any]:
    try:
        async with aclosing(behavior(*args)) as responses:
            async for response in responses:
                yield response
    finally:
        current.end()
