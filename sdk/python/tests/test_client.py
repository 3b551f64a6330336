"""Bare clients against a real server, and against one that fails as it is told."""

from __future__ import annotations

import asyncio
import gc
import socket
import threading
import time
import weakref
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2, status_pb2

import symbolon
from conftest import LONG, PATIENCE, Demo, run_python, user_token
from symbolon import SymbolonError
from symbolon._channel import connect
from symbolon.v1 import server_service_pb2, token_service_pb2_grpc
from symbolon.v1 import token_service_pb2 as pb


def test_calls(demo: Demo, client: symbolon.Client, token: str) -> None:
    answer = client.tokens.Introspect(pb.IntrospectRequest(token=token))
    assert answer.active
    answer, call = client.tokens.Introspect.with_call(pb.IntrospectRequest(token=token))
    assert answer.active
    assert call.code() is grpc.StatusCode.OK
    assert client.tokens.Introspect.future(pb.IntrospectRequest(token=token)).result().active


def test_asyncio(demo: Demo, token: str) -> None:
    async def run() -> None:
        async with symbolon.AsyncClient(*demo.service, timeout=LONG) as client:
            assert (await client.tokens.Introspect(pb.IntrospectRequest(token=token))).active
            with pytest.raises(SymbolonError) as failed:
                await client.tokens.Refresh(pb.RefreshRequest(refresh_token="none"))
            assert failed.value.reason == "INVALID_REFRESH_TOKEN"

    asyncio.run(run())


def test_asyncio_waits_for_nobody_without_end() -> None:
    async def run(address: str) -> None:
        async with symbolon.AsyncClient(address, "a", "b") as client:
            with pytest.raises(SymbolonError) as late:
                await client.tokens.Introspect(pb.IntrospectRequest(), timeout=0.3)
            assert late.value.retryable

    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        asyncio.run(run(f"127.0.0.1:{mute.getsockname()[1]}"))


def test_an_error_is_typed(demo: Demo, client: symbolon.Client) -> None:
    wrong = pb.UserPassword(username=demo.record["user"]["login_name"], password="a-wrong-password")
    with pytest.raises(SymbolonError, match="Issue failed") as failed:
        client.tokens.Issue(pb.IssueRequest(user_password=wrong))
    assert failed.value.code is grpc.StatusCode.FAILED_PRECONDITION
    assert failed.value.reason == "INVALID_CREDENTIALS"
    assert not failed.value.retryable
    assert "a-wrong-password" not in repr(failed.value) + str(failed.value)
    future = client.tokens.Issue.future(pb.IssueRequest(user_password=wrong))
    assert isinstance(future.exception(), SymbolonError)
    with pytest.raises(SymbolonError):
        future.result()


def test_what_a_client_may_not(client: symbolon.Client) -> None:
    with pytest.raises(SymbolonError) as failed:
        client.servers.GetServerStatus(server_service_pb2.GetServerStatusRequest())
    assert failed.value.code is grpc.StatusCode.PERMISSION_DENIED


def test_another_caller_for_one_call(demo: Demo, client: symbolon.Client, token: str) -> None:
    bearer = (("authorization", f"Bearer {token}"),)
    with pytest.raises(SymbolonError) as failed:
        client.tokens.Introspect(pb.IntrospectRequest(token=token), metadata=bearer)
    # As the user, and not as the client: two would be UNAUTHENTICATED with another text.
    assert failed.value.code in (grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.UNAUTHENTICATED)


def test_a_public_client_only_names_itself(demo: Demo) -> None:
    with symbolon.Client(demo.address, "demo", timeout=LONG) as client:
        assert user_token(demo, client)


def test_a_stream(demo: Demo, client: symbolon.Client) -> None:
    start = pb.WatchRevocationsRequest(start=pb.WatchStart(verifier_id="A" * 22), heartbeat=1)
    responses = client.tokens.WatchRevocations(iter([start]))
    assert next(iter(responses)).afresh
    responses.cancel()
    with pytest.raises(SymbolonError) as failed:
        client_without = symbolon.Client(demo.address, "demo-service", "wrong", timeout=LONG)
        next(iter(client_without.tokens.WatchRevocations(iter([start]))))
    assert failed.value.code is grpc.StatusCode.UNAUTHENTICATED


class Failing(token_service_pb2_grpc.TokenServiceServicer):
    """Fails the first calls."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.left: list[float] = []
        self.failures = 2

    def _serve(self, name: str, context: Any) -> None:
        self.calls.append(name)
        self.left.append(context.time_remaining())
        if len(self.calls) <= self.failures:
            status = status_pb2.Status(code=14, message="not now")
            retry = error_details_pb2.RetryInfo()
            retry.retry_delay.FromMilliseconds(1_500)
            status.details.add().Pack(retry)
            status.details.add().Pack(error_details_pb2.ErrorInfo(reason="BUSY", domain="symbolon.internal"))
            context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
            context.abort(grpc.StatusCode.UNAVAILABLE, "not now")

    def Introspect(self, request: Any, context: Any) -> Any:  # noqa: N802
        self._serve("Introspect", context)
        return pb.IntrospectResponse(active=True)

    def Issue(self, request: Any, context: Any) -> Any:  # noqa: N802
        self._serve("Issue", context)
        return pb.IssueResponse()


@pytest.fixture
def failing() -> Iterator[tuple[str, Failing]]:
    service = Failing()  # type: ignore[abstract]
    server = grpc.server(ThreadPoolExecutor(4))
    token_service_pb2_grpc.add_TokenServiceServicer_to_server(service, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}", service
    server.stop(None)


def test_what_may_be_repeated_is(failing: tuple[str, Failing]) -> None:
    address, service = failing
    with symbolon.Client(address, "a", "b", timeout=LONG) as client:
        assert client.tokens.Introspect(pb.IntrospectRequest()).active
    assert service.calls == ["Introspect"] * 3


def test_what_may_not_be_repeated_is_not(failing: tuple[str, Failing]) -> None:
    address, service = failing
    with symbolon.Client(address, "a", "b", timeout=LONG) as client, pytest.raises(SymbolonError) as failed:
        client.tokens.Issue(pb.IssueRequest())
    assert service.calls == ["Issue"]
    assert (failed.value.retryable, failed.value.retry_after, failed.value.reason) == (True, 1.5, "BUSY")


def test_a_call_has_a_deadline_unless_it_names_another(failing: tuple[str, Failing]) -> None:
    address, service = failing
    service.failures = 0
    with symbolon.Client(address, "a", "b", timeout=30) as client:
        client.tokens.Introspect(pb.IntrospectRequest())
        client.tokens.Introspect(pb.IntrospectRequest(), timeout=50)
    # grpc rounds, and the server measures.
    assert 0 < service.left[0] <= 32 < service.left[1] <= 52


def test_nobody_is_waited_for_without_end() -> None:
    begun = time.monotonic()
    with symbolon.Client("127.0.0.1:1", "a", "b", timeout=5) as client, pytest.raises(SymbolonError) as failed:
        client.tokens.Introspect(pb.IntrospectRequest())
    assert failed.value.code in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
    assert time.monotonic() - begun < PATIENCE


def test_every_service_has_its_stub(client: symbolon.Client) -> None:
    names = ["tokens", "users", "devices", "clients", "tenants", "audit", "servers"]
    kinds = {type(getattr(client, name)).__name__ for name in names}
    assert len(kinds) == 7
    assert client.tokens is client.tokens


def test_a_closed_client(demo: Demo) -> None:
    request = pb.IntrospectRequest(token="a")
    for has_called in [True, False]:
        client = symbolon.Client(*demo.service)
        stub = client.tokens if has_called else None
        client.close()
        client.close()
        calls: list[Any] = [lambda: client.tokens]  # noqa: B023
        if stub is not None:
            calls += [lambda: stub.Introspect(request), lambda: stub.Introspect.future(request)]  # noqa: B023
        for call in calls:
            with pytest.raises(SymbolonError, match="the client is closed: make a new one") as failed:
                call()
            assert (failed.value.code, failed.value.retryable) == (grpc.StatusCode.CANCELLED, False)


def test_a_closed_client_of_asyncio(demo: Demo) -> None:
    async def run() -> None:
        client = symbolon.AsyncClient(*demo.service)
        tokens = client.tokens
        await tokens.Introspect(pb.IntrospectRequest(token="a"))
        await client.close()
        with pytest.raises(SymbolonError, match="the client is closed: make a new one") as failed:
            await tokens.Introspect(pb.IntrospectRequest(token="a"))
        assert (failed.value.code, failed.value.retryable) == (grpc.StatusCode.CANCELLED, False)

    asyncio.run(run())


@pytest.fixture
def mute() -> Iterator[str]:
    """Takes connections, and says nothing."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield f"127.0.0.1:{server.getsockname()[1]}"


@contextmanager
def told_that_it_is_closed() -> Iterator[None]:
    with pytest.raises(SymbolonError, match="the client is closed: make a new one") as failed:
        yield
    assert (failed.value.code, failed.value.retryable) == (grpc.StatusCode.CANCELLED, False)


def test_closing_with_calls_under_way(mute: str) -> None:
    request = pb.IntrospectRequest(token="a")
    client = symbolon.Client(mute, "a", "b")
    stub = client.tokens
    future = stub.Introspect.future(request, timeout=PATIENCE)
    stream = stub.WatchRevocations(iter([]))
    waits: list[Callable[[], Any]] = [
        lambda: stub.Introspect(request, timeout=PATIENCE),
        lambda: stub.Introspect.with_call(request, timeout=PATIENCE),
        future.result,
        lambda: next(iter(stream)),
    ]

    def wait(step: Callable[[], Any]) -> None:
        with told_that_it_is_closed():
            step()

    with ThreadPoolExecutor(4) as threads:
        waiting = [threads.submit(wait, step) for step in waits]
        # Before or after they began: they are told the same.
        time.sleep(0.2)
        client.close()
        for each in waiting:
            each.result(PATIENCE)
    assert str(future.exception()) == "the client is closed: make a new one"


def test_closing_with_calls_of_asyncio_under_way(mute: str) -> None:
    async def run() -> None:
        client = symbolon.AsyncClient(mute, "a", "b")
        stub = client.tokens
        read, iterated, written = (stub.WatchRevocations() for _ in range(3))

        async def write() -> None:
            for _ in range(2):
                await written.write(pb.WatchRevocationsRequest())

        async def wait(step: Callable[[], Awaitable[Any]]) -> None:
            with told_that_it_is_closed():
                await step()

        steps: list[Callable[[], Awaitable[Any]]] = [
            lambda: stub.Introspect(pb.IntrospectRequest(token="a"), timeout=PATIENCE),
            read.read,
            aiter(iterated).__anext__,
            write,
        ]
        waiting = [asyncio.create_task(wait(step)) for step in steps]
        await asyncio.sleep(0.2)
        await client.close()
        await asyncio.wait_for(asyncio.gather(*waiting), 60)
        with told_that_it_is_closed():
            await written.write(pb.WatchRevocationsRequest())

    asyncio.run(run())


@pytest.mark.parametrize("closes", [False, True])
def test_a_task_that_is_cancelled_itself(mute: str, closes: bool, caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        client = symbolon.AsyncClient(mute, "a", "b")
        call = client.tokens.Introspect(pb.IntrospectRequest(token="a"), timeout=PATIENCE)

        async def wait() -> None:
            await call

        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0.2)
        waiting.cancel()
        if closes:
            await client.close()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert waiting.cancelled()
        assert call.cancelled()
        await client.close()

    asyncio.run(run())
    gc.collect()
    assert not caplog.records


def test_a_call_that_was_cancelled(mute: str) -> None:
    async def run() -> None:
        async with symbolon.AsyncClient(mute, "a", "b") as client:
            call = client.tokens.Introspect(pb.IntrospectRequest(token="a"), timeout=PATIENCE)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call

    asyncio.run(run())
    with symbolon.Client(mute, "a", "b") as client:
        future = client.tokens.Introspect.future(pb.IntrospectRequest(token="a"), timeout=PATIENCE)
        future.cancel()
        with pytest.raises(SymbolonError, match="Introspect failed: CANCELLED"):
            future.result()
        assert isinstance(future.exception(), SymbolonError)


def test_threads_that_call_first_at_once_share_a_channel(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    together = threading.Barrier(8)

    def slowly(*args: Any) -> Any:
        channel = connect(*args)
        made.append(channel)
        time.sleep(0.05)
        return channel

    monkeypatch.setattr("symbolon._client.connect", slowly)

    def call(_: int) -> Any:
        together.wait(60)
        return client.tokens

    with symbolon.Client(*demo.service) as client, ThreadPoolExecutor(8) as threads:
        assert len(set(map(id, threads.map(call, range(8))))) == 1
    assert len(made) == 1


SIGNALLED = """
import signal, sys
import symbolon, symbolon._client as module
from symbolon.v1 import token_service_pb2 as pb

connect = module.connect
made = []

def slowly(*args):
    made.append(connect(*args))
    signal.raise_signal(signal.SIGTERM)
    return made[0]

module.connect = slowly
client, other = symbolon.Client("127.0.0.1:1", "a", "b"), symbolon.Client("127.0.0.1:1", "a", "b")
signal.signal(signal.SIGTERM, lambda *_: (other.close(), client.close(), print("closed")))
try:
    client.tokens
except symbolon.SymbolonError as error:
    print(error)
try:
    made[0].unary_unary("/a.Service/Call")(b"", timeout=60)
except ValueError:
    print("its channel, too")
"""


def test_a_signal_handler_that_closes_the_client_which_its_thread_connects() -> None:
    # In a process of its own: a thread that waits for itself ends with that alone.
    assert run_python(SIGNALLED).split("\n")[:3] == [
        "closed",
        "the client is closed: make a new one",
        "its channel, too",
    ]


def test_a_client_ends_with_its_last_reference(demo: Demo, token: str) -> None:
    client = symbolon.Client(*demo.service)
    assert client.tokens.Introspect(pb.IntrospectRequest(token=token)).active
    reference = weakref.ref(client)
    gc.disable()
    try:
        del client
        assert reference() is None
    finally:
        gc.enable()
