"""What people do by mistake, and how processes and loops end."""

from __future__ import annotations

import asyncio
import copy
import pickle
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import grpc
import pytest

import symbolon
from conftest import LONG, PATIENCE, Demo, run_python
from symbolon import SymbolonError


@pytest.fixture
def mute() -> Iterator[str]:
    """Takes connections, and says nothing."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        yield f"127.0.0.1:{listener.getsockname()[1]}"


MANY = """
import logging, sys, symbolon
from symbolon import _engine
logging.basicConfig(stream=sys.stdout, format="%(message)s")
_engine._MANY = 5
*service, token = sys.argv[1:]
many = [symbolon.Verifier(*service, timeout=60) for _ in range(8)]
assert all(each.check(token) for each in many)
"""


def test_many_verifiers_are_told(demo: Demo, token: str) -> None:
    # In a process where nobody else has one.
    (told,) = (line for line in run_python(MANY, *demo.service, token).splitlines() if "verifiers are in use" in line)
    assert "one for each tenant" in told


def test_a_process_that_can_start_no_thread(demo: Demo, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with symbolon.Verifier(*demo.service, timeout=LONG) as verifier:
        with monkeypatch.context() as patched:
            patched.setattr(threading.Thread, "start", lambda _: (_ for _ in ()).throw(RuntimeError("no thread")))
            with pytest.raises(SymbolonError, match="Make one for each tenant") as failed:
                verifier.check(token)
            assert failed.value.code is grpc.StatusCode.RESOURCE_EXHAUSTED
            assert failed.value.retryable
        assert verifier.check(token)


EXIT = """
import sys, symbolon
address, client_id, secret, token = sys.argv[1:]
verifiers = [symbolon.Verifier(address, client_id, secret, timeout=60) for _ in range(10)]
if not token:
    import threading, time
    for each in verifiers:
        threading.Thread(target=each.check, args=("syu_token",), daemon=True).start()
    time.sleep(0.5)
else:
    assert all(each.check(token) for each in verifiers)
print("done")
"""


def test_a_process_ends_with_verifiers_that_are_open(demo: Demo, token: str) -> None:
    assert run_python(EXIT, *demo.service, token) == "done\n"


def test_a_process_ends_with_checks_that_are_under_way(mute: str) -> None:
    assert run_python(EXIT, mute, "a", "b", "") == "done\n"


INTERRUPTED = """
import sys, threading, symbolon
verifier = symbolon.Verifier(sys.argv[1], "a", "a-secret", timeout=60)
threading.Timer(0.3, lambda: print("checking", flush=True)).start()
verifier.check("syu_a_token")
"""


def test_an_interrupt_ends_a_check(mute: str) -> None:
    command = [sys.executable, "-c", INTERRUPTED, mute]
    env = {"PYTHONPATH": ":".join(sys.path)}
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "checking\n"
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE / 6)
    assert process.returncode == -signal.SIGINT
    assert said.rstrip().endswith("KeyboardInterrupt")
    assert "a-secret" not in said


def test_one_loop_after_the_other(demo: Demo, token: str) -> None:
    verifier = symbolon.AsyncVerifier(*demo.service, timeout=LONG)

    async def check() -> Any:
        return await verifier.check(token)

    assert all(asyncio.run(check()) for _ in range(3))
    asyncio.run(verifier.close())


def test_many_loops_at_once(demo: Demo, token: str) -> None:
    verifier = symbolon.AsyncVerifier(*demo.service, timeout=LONG)
    live: list[Any] = []

    async def check() -> None:
        live.extend(await asyncio.gather(*(verifier.check(token) for _ in range(20))))

    threads = [threading.Thread(target=lambda: asyncio.run(check())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    asyncio.run(verifier.close())
    assert len(live) == 160
    assert all(live)


def test_a_loop_that_ends_while_its_check_is_under_way(demo: Demo, token: str) -> None:
    verifier = symbolon.AsyncVerifier(*demo.service, timeout=LONG)

    async def give_up() -> None:
        task = asyncio.create_task(verifier.check(token))
        # What is cancelled in mid-check, and what `asyncio.run` cancels at its end.
        asyncio.create_task(verifier.check(token))  # noqa: RUF006
        await asyncio.sleep(0)
        task.cancel()

    async def check() -> Any:
        return await verifier.check(token)

    for _ in range(20):
        asyncio.run(give_up())
        assert asyncio.run(check())
    asyncio.run(verifier.close())


def test_a_check_holds_no_loop_up(mute: str) -> None:
    async def run() -> None:
        async with symbolon.AsyncVerifier(mute, "a", "b", timeout=30) as verifier:
            checks = [asyncio.create_task(verifier.check(f"syu_{number}")) for number in range(50)]
            for _ in range(100):
                # Each turn of the loop would wait for them otherwise.
                await asyncio.sleep(0.001)
            assert not any(check.done() for check in checks)
            for check in checks:
                check.cancel()
            assert all(
                isinstance(each, asyncio.CancelledError)
                for each in await asyncio.gather(*checks, return_exceptions=True)
            )

    asyncio.run(run())


FORKED_LOOP = """
import asyncio, os, sys, symbolon
address, client_id, secret, token = sys.argv[1:]
verifier = symbolon.AsyncVerifier(address, client_id, secret, timeout=60)

async def opened():
    while not (await verifier.check(token) and verifier.is_open and verifier.size):
        await asyncio.sleep(0.01)

asyncio.run(opened())
child = os.fork()
if child == 0:
    code = 1
    try:
        if not verifier.is_open and verifier.size == 0:
            asyncio.run(opened())
            code = 0
    finally:
        os._exit(code)
print(os.waitpid(child, 0)[1])
asyncio.run(opened())
"""


def test_a_fork_between_loops(demo: Demo, token: str) -> None:
    assert run_python(FORKED_LOOP, *demo.service, token) == "0\n"


@pytest.mark.parametrize("kind", [symbolon.Verifier, symbolon.AsyncVerifier, symbolon.Client, symbolon.AsyncClient])
def test_what_can_be_no_copy(kind: Any) -> None:
    each = kind("127.0.0.1:1", "a", "a-secret")
    for make in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match=f"a {kind.__name__} can't be pickled or copied") as failed:
            make(each)
        assert "a-secret" not in str(failed.value)


def test_a_caller_can_be_copied(demo: Demo, verifier: symbolon.Verifier, token: str) -> None:
    caller = verifier.check(token)
    assert caller is not None
    assert pickle.loads(pickle.dumps(caller)) == copy.deepcopy(caller) == caller
    assert token not in repr(caller)
