"""Both verifiers against a real server."""

from __future__ import annotations

import asyncio
import gc
import pickle
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest

import symbolon
from conftest import LONG, Demo, Server, eventually, open_and_kept, revoke, user_token
from symbolon import SymbolonError
from symbolon._warnings import Warnings


def test_a_live_token(demo: Demo, verifier: symbolon.Verifier, token: str) -> None:
    caller = verifier.check(token)
    assert caller is not None
    assert (caller.kind, caller.subject_id) == ("user", demo.record["user"]["id"])
    assert (caller.client_id, caller.tenant_id) == (demo.record["service"]["client_id"], "demo")
    assert caller.issue_time < caller.expire_time
    assert caller.issue_time.tzinfo is not None


def test_memory_answers_the_same_caller(verifier: symbolon.Verifier, token: str) -> None:
    open_and_kept(verifier, token)
    eventually("both are of memory", lambda: verifier.check(token) is verifier.check(token))


def test_a_revoked_token(client: symbolon.Client, verifier: symbolon.Verifier, token: str) -> None:
    open_and_kept(verifier, token)
    revoke(client, token)
    assert verifier.check(token) is None


def test_what_can_be_no_token(verifier: symbolon.Verifier) -> None:
    for text in ["", "abc=", "a b", "ü", "x" * 121, "a\n"]:
        assert verifier.check(text) is None
    # Nothing was sent: not even a thread was begun.
    assert verifier._engine._thread is None
    with pytest.raises(TypeError):
        verifier.check(b"abc")  # type: ignore[arg-type]


def test_many_threads_at_once(verifier: symbolon.Verifier, token: str) -> None:
    with ThreadPoolExecutor(50) as threads:
        callers = list(threads.map(lambda _: verifier.check(token), range(200)))
    assert all(callers)


def test_asyncio(demo: Demo, client: symbolon.Client, token: str) -> None:
    async def run() -> None:
        async with symbolon.AsyncVerifier(*demo.service, timeout=LONG) as verifier:
            assert all(await asyncio.gather(*(verifier.check(token) for _ in range(100))))
            while not (verifier.is_open and verifier.size):
                await verifier.check(token)
                await asyncio.sleep(0.01)
            # A loop that is held up holds up no heartbeat.
            await asyncio.to_thread(revoke, client, token)
            assert await verifier.check(token) is None
        with pytest.raises(SymbolonError, match="closed"):
            await verifier.check(token)

    asyncio.run(run())


def test_a_loop_that_is_held_up(demo: Demo, client: symbolon.Client, token: str) -> None:
    async def run() -> None:
        async with symbolon.AsyncVerifier(*demo.service, timeout=LONG) as verifier:
            while not (verifier.is_open and verifier.size):
                await verifier.check(token)
                await asyncio.sleep(0.01)
            # The loop stands still meanwhile, for longer than the bound.
            threading.Event().wait(1.5)
            eventually("it is open", lambda: verifier.is_open)
            revoke(client, token)
            assert await verifier.check(token) is None

    asyncio.run(run())


def test_a_task_that_is_cancelled(demo: Demo, token: str) -> None:
    async def run() -> None:
        async with symbolon.AsyncVerifier(*demo.service, timeout=LONG) as verifier:
            task = asyncio.create_task(verifier.check(token))
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await verifier.check(token)

    asyncio.run(run())


def test_a_closed_verifier(demo: Demo, token: str) -> None:
    verifier = symbolon.Verifier(*demo.service, timeout=LONG)
    open_and_kept(verifier, token)
    verifier.close()
    verifier.close()
    assert not verifier.is_open
    assert verifier.size == 0
    with pytest.raises(SymbolonError, match="closed"):
        verifier.check(token)


def test_a_server_that_goes_and_comes_back(tmp_path: Any) -> None:
    server = Server(tmp_path / "data")
    ended: list[SymbolonError] = []
    with (
        symbolon.Client(*server.demo.service, timeout=LONG) as client,
        symbolon.Verifier(
            *server.demo.service, timeout=LONG, on_watch_end=lambda error, _: ended.append(error)
        ) as verifier,
    ):
        token = user_token(server.demo, client)
        open_and_kept(verifier, token)
        server.end()
        eventually("it is closed", lambda: not verifier.is_open)
        with pytest.raises(SymbolonError) as failed:
            verifier.check(token)
        assert failed.value.retryable
        assert eventually("its end is told", lambda: ended)[0].code is grpc.StatusCode.UNAVAILABLE
        server = Server(tmp_path / "data", "--grpc-address", server.demo.address)
        eventually("it is open", lambda: verifier.is_open)
        assert verifier.check(token)
        server.end()


def test_a_wrong_secret_and_then_a_right_one(demo: Demo, token: str) -> None:
    address, client_id, secret = demo.service
    with symbolon.Verifier(address, client_id, "a-wrong-secret", timeout=LONG) as verifier:
        with pytest.raises(SymbolonError, match="client_secret") as failed:
            verifier.check(token)
        assert failed.value.code is grpc.StatusCode.UNAUTHENTICATED
        assert failed.value.reason == "CALLER_UNAUTHENTICATED"
        assert not failed.value.retryable
        with pytest.raises(SymbolonError) as again:
            verifier.check(token)
        assert again.value is not failed.value
        verifier.use_client_secret(secret)
        assert verifier.check(token)
        eventually("it is open", lambda: verifier.is_open)


def test_nobody_listens(token: str) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{nobody.getsockname()[1]}"
        with symbolon.Verifier(address, "a", "b", timeout=LONG) as verifier, pytest.raises(SymbolonError) as failed:
            verifier.check(token)
        assert failed.value.code is grpc.StatusCode.UNAVAILABLE


def test_a_port_that_says_nothing(token: str) -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        address = f"127.0.0.1:{mute.getsockname()[1]}"
        with symbolon.Verifier(address, "a", "b", timeout=0.2) as verifier, pytest.raises(SymbolonError) as failed:
            verifier.check(token)
        assert failed.value.code in (grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.UNAVAILABLE)


def test_tls_to_a_server_without_it(demo: Demo, token: str) -> None:
    with (
        symbolon.Verifier(*demo.service, plaintext=False, timeout=1) as verifier,
        pytest.raises(SymbolonError) as failed,
    ):
        verifier.check(token)
    assert failed.value.retryable


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"address": "http://127.0.0.1:1"}, "address must be host:port .* and not a URL"),
        ({"address": "grpc://127.0.0.1:1"}, "address must be host:port .* and not a URL"),
        ({"address": "localhost"}, "address must be host:port .* its port is missing"),
        ({"address": "[::1]"}, "address must be host:port .* its port is missing"),
        ({"address": "grpc:localhost:1"}, "address must be host:port"),
        ({"address": "localhost:1/path"}, "address must be host:port"),
        ({"address": "user@localhost:1"}, "address"),
        ({"address": "localhost:0"}, "address"),
        ({"address": "localhost:65536"}, "address"),
        ({"address": "::1:50051"}, "address"),
        ({"address": "localhost:1,localhost:2"}, "address"),
        ({"address": "127.0.0.1:1\n"}, "address"),
        ({"address": None}, "address"),
        ({"client_id": ""}, "client_id"),
        ({"client_secret": ""}, "client_secret"),
        ({"client_secret": None}, "client_secret"),
        ({"client_secret": "\ud800"}, "client_secret"),
        ({"client_secret": "of-a-file\n"}, "client_secret"),
        ({"plaintext": "false"}, "plaintext"),
        ({"plaintext": 1}, "plaintext"),
        ({"root_certificates": "/etc/ca.pem"}, "root_certificates"),
        ({"root_certificates": b"\xff"}, "root_certificates"),
        ({"root_certificates": 5}, "root_certificates"),
        ({"timeout": 0}, "timeout"),
        ({"timeout": 2_000}, "timeout"),
        ({"timeout": "2"}, "timeout"),
        ({"timeout": float("nan")}, "timeout"),
        ({"max_entries": 0}, "max_entries"),
        ({"max_entries": 1.5}, "max_entries"),
        ({"on_watch_end": "print"}, "on_watch_end"),
    ],
)
def test_options_that_are_wrong(change: dict[str, Any], named: str) -> None:
    options: dict[str, Any] = {"address": "127.0.0.1:1", "client_id": "a", "client_secret": "sys_secret", **change}
    with pytest.raises(SymbolonError, match=named) as failed:
        symbolon.Verifier(**options)
    assert failed.value.code is grpc.StatusCode.INVALID_ARGUMENT
    assert "sys_secret" not in str(failed.value)


def test_plaintext_is_for_loopback_only() -> None:
    for address in [
        "127.0.0.1:1",
        "127.255.0.9:1",
        "localhost:1",
        "[::1]:1",
        "ipv6:[::1]:1",
        "dns:///localhost:1",
        "unix:/run/a",
        "unix-abstract:a",
    ]:
        assert symbolon.Verifier(address, "a", "b")._options.is_plaintext, address
    for address in [
        "10.0.0.1:1",
        "127.999.1.1:1",
        "127.1\u0660.0.1:1",
        "ipv4:127.0.0.1:1,10.0.0.1:1",
        "127.0.0.1.example.com:1",
        "localhost.example.com:1",
        "example.com:443",
    ]:
        assert not symbolon.Verifier(address, "a", "b")._options.is_plaintext, address


def test_no_secret_is_shown(demo: Demo, verifier: symbolon.Verifier, client: symbolon.Client, token: str) -> None:
    verifier.check(token)
    secret = demo.service[2]
    for each in [verifier, client, verifier._options, verifier._engine, verifier._engine._watch]:
        assert secret not in repr(each) + str(each)
        assert token not in repr(each) + str(each)
    with pytest.raises(TypeError, match="pickle"):
        pickle.dumps(verifier)


def test_an_error_goes_through_a_pickle() -> None:
    error = SymbolonError(grpc.StatusCode.UNAVAILABLE, "gone", "SOMETHING", 1.5)
    copy = pickle.loads(pickle.dumps(error))
    assert (copy.code, str(copy), copy.reason, copy.retry_after, copy.retryable) == (
        *(grpc.StatusCode.UNAVAILABLE, "gone", "SOMETHING", 1.5, True),
    )


def test_a_verifier_that_nobody_closed_ends_with_its_last_reference(demo: Demo, token: str) -> None:
    verifier = symbolon.Verifier(*demo.service, timeout=LONG)
    verifier.check(token)
    thread = verifier._engine._thread
    assert thread is not None
    del verifier
    gc.collect()
    eventually("its thread ends", lambda: not thread.is_alive())


def test_a_thousand_verifiers_made_by_mistake(demo: Demo) -> None:
    many = [symbolon.Verifier(*demo.service) for _ in range(1_000)]
    # Not counted in this process: threads of tests before may still come and go.
    assert {each._engine._thread for each in many} == {None}
    for each in many:
        each.close()


def test_what_ends_the_watch_is_logged(demo: Demo, caplog: pytest.LogCaptureFixture, token: str) -> None:
    address, client_id, _ = demo.service
    with symbolon.Verifier(address, client_id, "wrong", timeout=LONG) as verifier:
        with pytest.raises(SymbolonError):
            verifier.check(token)
        eventually("it is logged", lambda: "UNAUTHENTICATED" in caplog.text)
    assert "each check is a call" in caplog.text
    assert "wrong" not in caplog.text.replace("is wrong", "")


def test_a_cause_is_logged_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    now = 0.0
    warn = Warnings(lambda: now)
    away, refused = grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.UNAUTHENTICATED
    for seconds, code in ((0, away), (59.9, away), (0.2, away), (1, refused), (1, refused), (1, away)):
        now += seconds
        warn(SymbolonError(code, code.name), 0.1)
    told = [record.message.split(".")[0] for record in caplog.records]
    assert told == ["UNAVAILABLE", "UNAVAILABLE", "UNAUTHENTICATED"]


def test_a_listener_that_throws(demo: Demo, monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    thrown: list[Any] = []
    monkeypatch.setattr(threading, "excepthook", thrown.append)

    def listen(error: SymbolonError, wait: float) -> None:
        raise ValueError("of the listener")

    address, client_id, secret = demo.service
    with symbolon.Verifier(address, client_id, "wrong", timeout=LONG, on_watch_end=listen) as verifier:
        with pytest.raises(SymbolonError):
            verifier.check(token)
        eventually("it is told", lambda: thrown)
        verifier.use_client_secret(secret)
        eventually("it is open", lambda: verifier.is_open)


def test_an_exception_in_the_reader_ends_the_stream(
    verifier: symbolon.Verifier, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_and_kept(verifier, token)
    watch = verifier._engine._watch
    first = watch._current
    state = verifier._engine._state
    monkeypatch.setattr(state, "receive", lambda *_: 1 / 0)
    eventually("the stream is ended", lambda: watch._current is not first)
    monkeypatch.undo()
    eventually("another one begins afresh", lambda: verifier.is_open)
    assert verifier.check(token)
