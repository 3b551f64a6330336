"""The README's programs, as they stand there, beside a real server."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest

import symbolon
import visitor
from conftest import LONG, PATIENCE, ROOT, Demo, eventually
from symbolon.v1 import device_service_pb2 as devices

README = (ROOT / "sdk/python/README.md").read_text()
PROGRAMS = dict(re.findall(r"```python\n# (\w+\.py)\n(.*?)```", README, re.DOTALL))


def free_port() -> int:
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return int(any_port.getsockname()[1])


@pytest.fixture
def project(demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in zip(("SYMBOLON_ADDRESS", "CLIENT_ID", "CLIENT_SECRET"), demo.service, strict=True):
        monkeypatch.setenv(name, value)
    user = demo.record["user"]
    for name, value in (("APP_ID", "demo"), ("NAME", user["login_name"]), ("PASSWORD", user["password"])):
        monkeypatch.setenv(name, value)
    clients = {"BROWSER_APP_ID": "public", "TV_ID": "device_client"}
    for name, which in clients.items():
        monkeypatch.setenv(name, demo.record[which]["client_id"])
    monkeypatch.setenv("ISSUER", f"http://{demo.record['http']}/t/demo")
    # As a person sits in front of it.
    monkeypatch.setenv("BROWSER", f"{sys.executable} {visitor.__file__} {user['login_name']} {user['password']} %s")
    for name, text in PROGRAMS.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


@contextmanager
def running(project: Path, *command: str) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, *command], cwd=project, env=environment())
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


def run(project: Path, *command: str) -> str:
    return subprocess.run(
        [sys.executable, *command],
        cwd=project,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
        timeout=PATIENCE,
        check=True,
    ).stdout


def test_all_of_them_are_here() -> None:
    services = ["check.py", "client.py", "devices.py", "server.py", "service.py"]
    apps = ["account.py", "app.py", "browser.py", "calls.py", "keychain.py", "tv.py"]
    assert sorted(PROGRAMS) == sorted([*apps, *services])


def test_service(project: Path, demo: Demo, token: str) -> None:
    port = str(free_port())
    url = f"http://127.0.0.1:{port}/"

    def is_up() -> bool:
        with socket.socket() as caller:
            return caller.connect_ex(("127.0.0.1", int(port))) == 0

    with running(project, "-m", "uvicorn", "service:app", "--port", port, "--log-level", "warning"):
        eventually("it serves", is_up)
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})

        def greeting() -> str | None:
            try:
                with urllib.request.urlopen(request, timeout=PATIENCE) as response:
                    return str(response.read().decode())
            except urllib.error.HTTPError as error:
                # A machine that stands still for two seconds.
                assert error.code == 503
                error.close()
                return None

        assert eventually("it answers", greeting) == f'"Hello, user {demo.record["user"]["id"]}"'
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(url, timeout=PATIENCE)
        assert (refused.value.code, refused.value.headers["www-authenticate"]) == (401, "Bearer")
        refused.value.close()


def test_check(project: Path, demo: Demo, token: str) -> None:
    # A machine that stands still for its two seconds lets it know nothing.
    expected = f"{demo.record['user']['id']}\n"
    eventually("it is live", lambda: run(project, "check.py", token) == expected)
    eventually("it is not", lambda: run(project, "check.py", "nothing") == "not live\n")


def test_client(project: Path) -> None:
    assert run(project, "client.py") == "True\n"


def test_server(project: Path, demo: Demo, token: str) -> None:
    port = free_port()
    program = project / "server.py"
    program.write_text(program.read_text().replace(":50052", f":{port}"))
    with running(project, "server.py"), grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        say: Any = channel.unary_unary("/hello.Hello/Say")
        metadata = (("authorization", f"Bearer {token}"),)

        def answer() -> Any:
            try:
                return say(b"", metadata=metadata, timeout=PATIENCE, wait_for_ready=True)
            except grpc.RpcError as error:
                assert error.code() is grpc.StatusCode.UNAVAILABLE
                return None

        assert eventually("it answers", answer) == demo.record["user"]["id"].encode()
        with pytest.raises(grpc.RpcError):
            say(b"", timeout=PATIENCE)


def test_app(project: Path) -> None:
    for _ in range(2):
        assert run(project, "app.py") == "signed in as demo-user\n"
    assert (project / "login.json").stat().st_mode & 0o777 == 0o600


def test_account(project: Path) -> None:
    assert run(project, "account.py") == "Ann True\nFalse\n"


def test_a_browser_here_and_elsewhere(project: Path, demo: Demo) -> None:
    user = demo.record["user"]
    tv = subprocess.Popen([sys.executable, "tv.py"], cwd=project, env=environment(), stdout=subprocess.PIPE, text=True)
    try:
        assert tv.stdout is not None
        shown = re.fullmatch(r"Go to (\S+) and type (\S+)\n", tv.stdout.readline())
        assert shown is not None
        person = visitor.Visitor(user["login_name"], user["password"])
        assert "Your device is connected" in person.walk(shown[1], user_code=shown[2])
        # It asks only each five seconds.
        for _ in range(2):
            assert run(project, "browser.py") == "user ('read',)\n"
        assert tv.stdout.read() == "user\n"
        assert tv.wait(PATIENCE) == 0
        tv.stdout.close()
    finally:
        tv.kill()
        tv.wait()


def test_devices(project: Path, demo: Demo, token: str) -> None:
    admin, user, port = demo.record["admin"], demo.record["user"]["id"], str(free_port())
    with symbolon.Client(demo.address, admin["client_id"], admin["client_secret"], timeout=LONG) as client:
        made = [
            client.devices.RegisterDevice(
                devices.RegisterDeviceRequest(
                    vendor_id=f"of-readme-{len(owners)}", password="a-password", owner_ids=owners
                )
            ).device.device_id
            for owners in ([user], [])
        ]

    def answer(device: str) -> tuple[int, str] | None:
        url = f"http://127.0.0.1:{port}/devices/{device}"
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return None if error.code == 503 else (error.code, error.read().decode())
        except urllib.error.URLError:
            return None

    with running(project, "-m", "uvicorn", "devices:app", "--port", port, "--log-level", "warning"):
        assert eventually("it answers", lambda: answer(made[0])) == (200, f'"user {user} may read it"')
        expected = (403, '{"detail":"not allowed: NOT_THE_OWNER"}')
        assert eventually("it answers", lambda: answer(made[1])) == expected


# The package itself needs a desktop, or what stands for one.
KEYRING = """
from pathlib import Path

file = Path("keyring-of-a-test")

def get_password(service, name):
    return file.read_text() if file.exists() else None

def set_password(service, name, password):
    file.write_text(password)
"""


def test_keychain(project: Path) -> None:
    (project / "keyring.py").write_text(KEYRING)
    for _ in range(2):
        assert run(project, "keychain.py") == "user\n"
    assert "syu_" in (project / "keyring-of-a-test").read_text()


def test_calls(project: Path, demo: Demo) -> None:
    pytest.importorskip("httpx")
    ports = {":50052": f":{free_port()}", ":8000": f":{free_port()}"}
    for name in ("server.py", "calls.py"):
        program = project / name
        text = program.read_text()
        for old, new in ports.items():
            text = text.replace(old, new)
        program.write_text(text)
    service = ["-m", "uvicorn", "service:app", "--port", ports[":8000"][1:], "--log-level", "warning"]
    with running(project, "server.py"), running(project, *service):

        def is_up() -> bool:
            for port in ports.values():
                with socket.socket() as caller:
                    if caller.connect_ex(("127.0.0.1", int(port[1:]))) != 0:
                        return False
            return True

        eventually("both serve", is_up)
        user = demo.record["user"]["id"]
        # A machine that stands still lets a service know nothing for a while.
        eventually("both answer", lambda: run(project, "calls.py") == f'"Hello, user {user}"\n{user}\n')


def test_the_version_is_one() -> None:
    pyproject = (ROOT / "sdk/python/pyproject.toml").read_text()
    assert f'\nversion = "{symbolon.__version__}"\n' in pyproject
