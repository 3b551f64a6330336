"""Processes that fork, with a verifier that is open and one that nobody has used."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import grpc
import pytest

import symbolon
from conftest import PATIENCE, Demo, eventually, revoke, run_python, user_token

FORK = """
import os, sys, time, symbolon
address, client_id, secret, token = sys.argv[1:]
verifier = symbolon.Verifier(address, client_id, secret, timeout=60)
idle = symbolon.Verifier(address, client_id, secret, timeout=60)
client = symbolon.Client(address, client_id, secret, timeout=60)
from symbolon.v1 import token_service_pb2 as pb

def opened(verifier):
    end = time.monotonic() + 200
    while not (verifier.check(token) and verifier.is_open and verifier.size):
        assert time.monotonic() < end
        time.sleep(0.01)

opened(verifier)
client.tokens.Introspect(pb.IntrospectRequest(token=token))
identity = verifier._engine._watch._verifier_id
for generation in range(5):
    child = os.fork()
    if child == 0:
        try:
            assert not verifier.is_open and verifier.size == 0
            assert verifier._engine._watch._verifier_id != identity
            assert verifier.check(token).kind == "user"
            assert idle.check(token).kind == "user"
            opened(verifier)
            assert client.tokens.Introspect(pb.IntrospectRequest(token=token)).active
            verifier.close()
        except BaseException:
            import traceback
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status == 0, status
    # The parent goes on, and with its own id.
    assert verifier._engine._watch._verifier_id == identity
    opened(verifier)
print("good")
"""

FORKS = """
import os, sys, symbolon
address, client_id, secret, token = sys.argv[1:]
verifier = symbolon.Verifier(address, client_id, secret, timeout=30)

def fork():
    child = os.fork()
    if child == 0:
        os._exit(0 if verifier.check(token) else 1)
    return child

verifier.check(token)
children = [fork() for _ in range(16)]
print([os.waitpid(child, 0)[1] for child in children])
"""

MULTIPROCESSING = """
import multiprocessing, sys, time, symbolon
address, client_id, secret, token = sys.argv[1:]
verifier = symbolon.Verifier(address, client_id, secret, timeout=60)

def check(_):
    return verifier.check(token).kind

verifier.check(token)
with multiprocessing.get_context("fork").Pool(4) as pool:
    print(pool.map(check, range(8)))
print(verifier.check(token).kind)
"""

NO_HOOK = """
import os, sys, time
# A fork that Python is not told of.
os.register_at_fork = lambda **_: None
import symbolon, ctypes
address, client_id, secret, token = sys.argv[1:]
verifier = symbolon.Verifier(address, client_id, secret, timeout=60)
verifier.check(token)
end = time.monotonic() + 200
while not (verifier.check(token) and verifier.is_open and verifier.size):
    assert time.monotonic() < end
child = os.fork()
if child == 0:
    os._exit(0 if not verifier.is_open and verifier.size == 0 else 1)
print(os.waitpid(child, 0)[1])
"""


# As sorted imports have it: grpc is loaded before it is told of forks.
@pytest.mark.parametrize("before", ["", "import grpc\n"])
def test_fork(demo: Demo, token: str, before: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRPC_ENABLE_FORK_SUPPORT")
    assert run_python(before + FORK, *demo.service, token) == "good\n"


GATE = """
import os, threading, time
from symbolon._fork import GATE, guard_forks

guard_forks()

is_within = False
entered = threading.Event()

def call():
    global is_within
    with GATE:
        is_within = True
        entered.set()
        time.sleep(0.5)
        is_within = False

threading.Thread(target=call).start()
entered.wait()
child = os.fork()
if child == 0:
    was_within = is_within
    # Nobody here holds it for ever.
    with GATE:
        os._exit(1 if was_within else 0)
with GATE:
    print(os.waitpid(child, 0)[1])
"""


def test_nobody_is_within_grpc_while_the_process_forks() -> None:
    assert run_python(GATE) == "0\n"


@pytest.mark.skipif(grpc.__version__.startswith("1.71."), reason="grpcio 1.71 may abort: Check failed: !IsQuiesced()")
def test_forks_one_after_the_other(demo: Demo, token: str) -> None:
    """Threads of grpc that the one has stopped are still about to go on when the next one begins."""
    assert run_python(FORKS, *demo.service, token) == f"{[0] * 16}\n"


@pytest.mark.skipif(
    grpc.__version__.startswith("1.71."), reason="grpcio 1.71 may abort: Check failed: state_ == FAILED (thd.h)"
)
def test_multiprocessing(demo: Demo, token: str) -> None:
    assert run_python(MULTIPROCESSING, *demo.service, token) == f"{['user'] * 8}\nuser\n"


def test_a_fork_that_python_is_not_told_of(demo: Demo, token: str) -> None:
    assert run_python(NO_HOOK, *demo.service, token) == "0\n"


APP = """
import json, os, symbolon
with open(os.environ["DEMO"]) as file:
    demo = json.load(file)
service = demo["service"]
verifier = symbolon.Verifier(demo["grpc"], service["client_id"], service["client_secret"], timeout=60)
if os.environ["BEFORE"]:
    # What nobody should do: the master checks, too, and its connection is there when it forks.
    verifier.check(os.environ["BEFORE"])

def app(environ, start_response):
    try:
        caller = verifier.check(environ["HTTP_AUTHORIZATION"].removeprefix("Bearer "))
        start_response("200 OK" if caller else "401 Unauthorized", [])
    except symbolon.SymbolonError as error:
        start_response("503 Service Unavailable", [])
        return [str(error).encode()]
    return [json.dumps({"pid": os.getpid(), "open": verifier.is_open}).encode()]
"""


def ask(port: int, token: str) -> tuple[int, str]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.mark.parametrize("is_used_before", [False, True])
def test_gunicorn_preload(demo: Demo, client: symbolon.Client, tmp_path: Path, is_used_before: bool) -> None:
    pytest.importorskip("gunicorn")
    token = user_token(demo, client)
    (tmp_path / "service.py").write_text(APP)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        port = listener.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "--preload", "--workers", "2", "--threads", "2"]
        with (tmp_path / "log").open("w") as log:
            gunicorn = subprocess.Popen(
                [*command, "--bind", f"fd://{listener.fileno()}", "service:app"],
                cwd=tmp_path,
                env={
                    "DEMO": str(demo.data_dir / "demo.json"),
                    "BEFORE": token if is_used_before else "",
                    "PYTHONPATH": ":".join(sys.path),
                    "PATH": "/usr/bin:/bin",
                },
                stdout=log,
                stderr=log,
                pass_fds=[listener.fileno()],
            )
        try:
            workers = set()

            def both_are_open() -> bool:
                status, text = ask(port, token)
                assert status == 200, (status, text, (tmp_path / "log").read_text())
                answer = json.loads(text)
                if answer["open"]:
                    workers.add(answer["pid"])
                return len(workers) == 2

            eventually("both workers answer from memory", both_are_open)
            assert gunicorn.pid not in workers
            revoke(client, token)
            assert all(ask(port, token)[0] == 401 for _ in range(20))
        finally:
            gunicorn.send_signal(signal.SIGTERM)
            gunicorn.wait(PATIENCE)
