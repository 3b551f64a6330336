"""Interceptors inside servers of `grpc` and `grpc.aio`, over real sockets, with a real verifier."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import MagicMock

import grpc
import grpc.aio
import pytest
from google.rpc import error_details_pb2, status_pb2

import symbolon
from conftest import LONG, PATIENCE, ROOT, Demo, revoke
from symbolon.interceptors import AioServerInterceptor, ServerInterceptor

CASES = [
    each
    for each in json.loads((ROOT / "test/sdk/fixtures/bearer.json").read_text())
    if "refusal" in each
    and not each.get("parser_only")
    and all(value.isascii() and value.isprintable() for value in each["headers"])
]
UNARY, SERVER_STREAM, CLIENT_STREAM, BOTH, PUBLIC, SCOPED = (
    *("/a.Service/Unary", "/a.Service/ServerStream", "/a.Service/ClientStream", "/a.Service/Both"),
    *("/a.Service/Public", "/a.Service/Scoped"),
)
# Served, and not named by any option.
NAMELESS = tuple(f"{each}Nameless" for each in ("/a.Service/Unary", "/a.Service/Stream", "/a.Service/Any"))
ALL = (UNARY, SERVER_STREAM, CLIENT_STREAM, BOTH)

# Who was seen by a handler, in the order in which they ran.
seen: list[str] = []


def who() -> bytes:
    seen.append("somebody")
    return symbolon.current_caller().subject_id.encode()


def unary(request: bytes, context: Any) -> bytes:
    return who()


def server_stream(request: bytes, context: Any) -> Iterator[bytes]:
    yield who()
    yield who()


def client_stream(requests: Iterator[bytes], context: Any) -> bytes:
    list(requests)
    return who()


def both(requests: Iterator[bytes], context: Any) -> Iterator[bytes]:
    for _ in requests:
        yield who()


def public(request: bytes, context: Any) -> bytes:
    seen.append("somebody")
    with pytest.raises(LookupError):
        symbolon.current_caller()
    return b"public"


async def aio_unary(request: bytes, context: Any) -> bytes:
    return who()


async def aio_server_stream(request: bytes, context: Any) -> AsyncIterator[bytes]:
    yield who()
    await asyncio.sleep(0)
    yield who()


async def aio_client_stream(requests: AsyncIterator[bytes], context: Any) -> bytes:
    async for _ in requests:
        pass
    return who()


async def aio_both(requests: AsyncIterator[bytes], context: Any) -> None:
    # The other way of a stream: it writes.
    async for _ in requests:
        await context.write(who())


def handlers(is_async: bool) -> grpc.GenericRpcHandler:
    one, many, collect, exchange = (
        (aio_unary, aio_server_stream, aio_client_stream, aio_both)
        if is_async
        else (unary, server_stream, client_stream, both)
    )
    return grpc.method_handlers_generic_handler(
        "a.Service",
        {
            "Unary": grpc.unary_unary_rpc_method_handler(one),
            "ServerStream": grpc.unary_stream_rpc_method_handler(many),
            "ClientStream": grpc.stream_unary_rpc_method_handler(collect),
            "Both": grpc.stream_stream_rpc_method_handler(exchange),
            "Public": grpc.unary_unary_rpc_method_handler(public),
            "Scoped": grpc.unary_unary_rpc_method_handler(one),
            "UnaryNameless": grpc.unary_unary_rpc_method_handler(one),
            "StreamNameless": grpc.stream_stream_rpc_method_handler(exchange),
        },
    )


class Anything(grpc.GenericRpcHandler):
    """Serves methods that no descriptor names, as proxies do."""

    def service(self, details: Any) -> Any:
        return grpc.unary_unary_rpc_method_handler(unary) if details.method.endswith("AnyNameless") else None


SCOPES: dict[str, list[str]] = {SCOPED: ["orders:read"], **{method: [] for method in ALL}}
OPTIONS: dict[str, Any] = {"public": [PUBLIC], "scopes": SCOPES, "realm": "a"}


class AioServer:
    """On a loop in a thread of its own."""

    def __init__(self, service: tuple[str, str, str], is_async: bool) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.service = service
        self.is_async = is_async
        self.address = self.run(self.start())

    def run(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(PATIENCE)

    async def start(self) -> str:
        self.verifier = symbolon.AsyncVerifier(*self.service, timeout=LONG)
        interceptor = AioServerInterceptor(self.verifier, **OPTIONS)
        self.server = grpc.aio.server(ThreadPoolExecutor(8), interceptors=[interceptor])
        self.server.add_generic_rpc_handlers([handlers(self.is_async), Anything()])
        port = self.server.add_insecure_port("127.0.0.1:0")
        await self.server.start()
        return f"127.0.0.1:{port}"

    async def stop(self) -> None:
        await self.server.stop(None)
        await self.verifier.close()

    def end(self) -> None:
        self.run(self.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(PATIENCE)


@pytest.fixture(scope="module", params=["grpc", "grpc.aio", "grpc.aio with handlers in threads"])
def channel(request: pytest.FixtureRequest, demo: Demo) -> Iterator[grpc.Channel]:
    if request.param == "grpc":
        with symbolon.Verifier(*demo.service, timeout=LONG) as verifier:
            server = grpc.server(ThreadPoolExecutor(8), interceptors=[ServerInterceptor(verifier, **OPTIONS)])
            server.add_generic_rpc_handlers([handlers(is_async=False), Anything()])
            port = server.add_insecure_port("127.0.0.1:0")
            server.start()
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                yield channel
            server.stop(None)
        return
    aio = AioServer(demo.service, is_async=request.param == "grpc.aio")
    with grpc.insecure_channel(aio.address) as channel:
        yield channel
    aio.end()


def call(channel: Any, method: str, *headers: str) -> list[bytes]:
    metadata = [("authorization", header) for header in headers]
    if method == SERVER_STREAM:
        return list(channel.unary_stream(method)(b"", metadata=metadata, timeout=PATIENCE))
    if method == CLIENT_STREAM:
        return [channel.stream_unary(method)(iter([b"", b""]), metadata=metadata, timeout=PATIENCE)]
    if method in (BOTH, NAMELESS[1]):
        return list(channel.stream_stream(method)(iter([b"", b""]), metadata=metadata, timeout=PATIENCE))
    return [channel.unary_unary(method)(b"", metadata=metadata, timeout=PATIENCE)]


def refused(channel: grpc.Channel, method: str, *headers: str) -> tuple[grpc.StatusCode, str | None, Any]:
    seen.clear()
    with pytest.raises(grpc.RpcError) as failed:
        call(channel, method, *headers)
    assert seen == []
    error: Any = failed.value
    trailers = dict(error.trailing_metadata())
    return error.code(), trailers.get("www-authenticate"), trailers.get("grpc-status-details-bin")


@pytest.mark.parametrize("method", ALL)
def test_a_handler_knows_its_caller(channel: grpc.Channel, demo: Demo, token: str, method: str) -> None:
    expected = demo.record["user"]["id"].encode()
    answers = call(channel, method, f"Bearer {token}")
    assert answers
    assert set(answers) == {expected}


@pytest.mark.parametrize("method", ALL)
def test_nobody(channel: grpc.Channel, method: str) -> None:
    assert refused(channel, method)[:2] == (grpc.StatusCode.UNAUTHENTICATED, 'Bearer realm="a"')


@pytest.mark.parametrize("method", ALL)
def test_a_token_that_is_not_live(channel: grpc.Channel, method: str) -> None:
    expected = (grpc.StatusCode.UNAUTHENTICATED, 'Bearer realm="a", error="invalid_token"')
    assert refused(channel, method, "Bearer syu_nothing")[:2] == expected


def test_a_revoked_token(channel: grpc.Channel, client: symbolon.Client, token: str) -> None:
    assert call(channel, UNARY, f"Bearer {token}")
    revoke(client, token)
    assert refused(channel, UNARY, f"Bearer {token}")[0] is grpc.StatusCode.UNAUTHENTICATED


def test_a_scope_that_is_missing(channel: grpc.Channel, token: str) -> None:
    code, challenge, _ = refused(channel, SCOPED, f"Bearer {token}")
    assert code is grpc.StatusCode.PERMISSION_DENIED
    assert challenge == 'Bearer realm="a", error="insufficient_scope", scope="orders:read"'


@pytest.mark.parametrize("method", NAMELESS)
def test_a_method_that_no_option_names(channel: grpc.Channel, token: str, method: str) -> None:
    # It tells nobody without a token that it is there.
    assert refused(channel, method)[:2] == (grpc.StatusCode.UNAUTHENTICATED, 'Bearer realm="a"')
    assert refused(channel, method, "Bearer syu_nothing")[0] is grpc.StatusCode.UNAUTHENTICATED
    assert refused(channel, method, f"Bearer {token}") == (grpc.StatusCode.PERMISSION_DENIED, None, None)
    with pytest.raises(grpc.RpcError, match=f"{method} is for nobody: give it to scopes"):
        call(channel, method, f"Bearer {token}")


def test_without_scopes_every_method_needs_a_live_token(verifier: symbolon.Verifier, token: str) -> None:
    choices: list[Any] = [None, {}]
    for scopes in choices:
        server = grpc.server(ThreadPoolExecutor(2), interceptors=[ServerInterceptor(verifier, scopes=scopes)])
        server.add_generic_rpc_handlers([handlers(is_async=False), Anything()])
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            for method in NAMELESS:
                assert call(channel, method, f"Bearer {token}")
                assert refused(channel, method)[0] is grpc.StatusCode.UNAUTHENTICATED
        server.stop(None)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_headers(channel: grpc.Channel, case: dict[str, Any]) -> None:
    code, challenge, _ = refused(channel, UNARY, *case["headers"])
    if case["refusal"] == "missing":
        assert (code, challenge) == (grpc.StatusCode.UNAUTHENTICATED, 'Bearer realm="a"')
    else:
        assert code is grpc.StatusCode.INVALID_ARGUMENT
        assert challenge == 'Bearer realm="a", error="invalid_request"'


def test_a_public_method(channel: grpc.Channel) -> None:
    assert call(channel, PUBLIC) == [b"public"]


def test_no_caller_is_left_in_a_thread(channel: grpc.Channel, token: str) -> None:
    for _ in range(20):
        assert call(channel, UNARY, f"Bearer {token}")
        assert call(channel, PUBLIC) == [b"public"]


def test_an_unknown_method(channel: grpc.Channel) -> None:
    assert refused(channel, "/a.Service/Nothing")[0] is grpc.StatusCode.UNIMPLEMENTED


def test_nothing_is_known() -> None:
    with symbolon.Verifier("127.0.0.1:1", "a", "b") as verifier:
        server = grpc.server(ThreadPoolExecutor(2), interceptors=[ServerInterceptor(verifier)])
        server.add_generic_rpc_handlers([handlers(is_async=False)])
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            for method in ALL:
                code, challenge, details = refused(channel, method, "Bearer syu_token")
                assert (code, challenge) == (grpc.StatusCode.UNAVAILABLE, None)
                retry = error_details_pb2.RetryInfo()
                assert status_pb2.Status.FromString(details).details[0].Unpack(retry)
                assert retry.retry_delay.seconds == 1
        server.stop(None)


@pytest.mark.parametrize(
    "options",
    [
        {"public": "/a.Service/Public"},
        {"public": ["Public"]},
        {"scopes": {"Scoped": ["a"]}},
        {"scopes": {SCOPED: "orders:read"}},
        {"scopes": {SCOPED: ["a b"]}},
        {"realm": 'a"'},
        {"public": [SCOPED], "scopes": {SCOPED: ["a"]}},
        {"public": [SCOPED], "scopes": {SCOPED: []}},
        {"public": [SCOPED[1:]], "scopes": {SCOPED: []}},
    ],
)
def test_options_that_would_guard_nothing(demo: Demo, options: dict[str, Any]) -> None:
    with pytest.raises(symbolon.SymbolonError):
        ServerInterceptor(symbolon.Verifier(*demo.service), **options)


def test_names_with_the_first_slash_and_without(demo: Demo) -> None:
    verifier = symbolon.Verifier(*demo.service)
    guard = ServerInterceptor(verifier, scopes={SCOPED: ["a"], SCOPED[1:]: ["b"]}, public=[PUBLIC[1:]])
    caller = MagicMock(spec=symbolon.Caller, scopes=("a",))
    assert not isinstance(guard._admit(SCOPED, caller), symbolon.Caller)
    caller.scopes = ("a", "b")
    assert guard._admit(SCOPED, caller) is caller
    assert guard._is_public(PUBLIC)


def test_a_call_that_ends_during_its_check() -> None:
    is_checked, is_over, has_ended = threading.Event(), threading.Event(), threading.Event()

    def check(_: str) -> symbolon.Caller:
        is_checked.set()
        assert is_over.wait(PATIENCE)
        return MagicMock(spec=symbolon.Caller, scopes=(), subject_id="a")

    class Watched(ServerInterceptor):
        def _run(self, *arguments: Any) -> Any:
            arguments[-1].add_callback(has_ended.set)
            return super()._run(*arguments)

    guard = Watched(MagicMock(spec=symbolon.Verifier, check=check))
    server = grpc.server(ThreadPoolExecutor(1), interceptors=[guard])
    server.add_generic_rpc_handlers([handlers(is_async=False)])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    seen.clear()
    channel: Any
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        bearer = [("authorization", "Bearer syu_token")]
        first = channel.unary_unary(UNARY).future(b"", metadata=bearer, timeout=PATIENCE)
        assert is_checked.wait(PATIENCE)
        first.cancel()
        assert has_ended.wait(PATIENCE)
        is_over.set()
        # In the same thread, so after the first one.
        assert channel.unary_unary(UNARY)(b"", metadata=bearer, timeout=PATIENCE) == b"a"
    assert seen == ["somebody"]
    server.stop(None)
