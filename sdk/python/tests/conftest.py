"""A real server with a demo tenant, once for all tests, and what they need of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from google.protobuf.field_mask_pb2 import FieldMask

import symbolon
from symbolon.v1 import tenant_service_pb2 as tenants
from symbolon.v1 import token_service_pb2 as pb

ROOT = Path(__file__).resolve().parents[3]
# However busy the machine is, what takes longer hangs. Of one test: `faulthandler_timeout` in pyproject.toml.
PATIENCE = 240.0
# The most that the SDK takes, for calls that must not fail because the machine stands still.
LONG = 60.0


class Demo(NamedTuple):
    """A server's `demo.json`, and what the SDK is opened with."""

    record: dict[str, Any]
    data_dir: Path

    @property
    def address(self) -> str:
        return str(self.record["grpc"])

    @property
    def service(self) -> tuple[str, str, str]:
        service = self.record["service"]
        return self.address, service["client_id"], service["client_secret"]


class Server:
    """A process of its own, on free ports unless others are given."""

    def __init__(self, data_dir: Path, *args: str) -> None:
        node = ROOT / "node_modules/.bin/node"
        free = ["--grpc-address", "127.0.0.1:0", "--http-address", "127.0.0.1:0", "--metrics-address", ""]
        cheap = ["--argon2-memory-kib", "8", "--argon2-passes", "1", "--log-level", "warn"]
        command = [str(node), "bin/symbolon.js", "serve", "--demo", "--data-dir", str(data_dir), *free, *cheap, *args]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        said = ""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            said += line
            if line.startswith("symbolon ready"):
                break
        else:
            raise AssertionError(f"the server ended: {said}")
        self.demo = Demo(json.loads((data_dir / "demo.json").read_text()), data_dir)

    def end(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    server = Server(tmp_path_factory.mktemp("server") / "data")
    yield server.demo
    server.end()


@pytest.fixture(scope="session")
def client(demo: Demo) -> Iterator[symbolon.Client]:
    with symbolon.Client(*demo.service, timeout=LONG) as each:
        yield each


@pytest.fixture
def verifier(demo: Demo) -> Iterator[symbolon.Verifier]:
    with symbolon.Verifier(*demo.service, timeout=LONG) as each:
        yield each


@pytest.fixture
def token(demo: Demo, client: symbolon.Client) -> str:
    return user_token(demo, client)


def user_token(demo: Demo, client: symbolon.Client) -> str:
    user = demo.record["user"]
    credential = pb.UserPassword(username=user["login_name"], password=user["password"])
    return client.tokens.Issue(pb.IssueRequest(user_password=credential)).tokens.access_token


def application_token(demo: Demo, client: symbolon.Client) -> str:
    service = demo.record["service"]
    credential = pb.ClientSecret(client_id=service["client_id"], client_secret=service["client_secret"])
    return client.tokens.Issue(pb.IssueRequest(client_secret=credential)).tokens.access_token


@pytest.fixture(scope="session")
def hourly(demo: Demo) -> Demo:
    """The demo tenant, whose tokens would live for decades, and so would never be refreshed."""
    admin = demo.record["admin"]
    policy = tenants.TenantPolicy()
    policy.default_token_lifetime.FromSeconds(3_600)
    request = tenants.UpdateTenantRequest(
        tenant_id="demo", policy=policy, update_mask=FieldMask(paths=["policy.default_token_lifetime"])
    )
    with symbolon.Client(demo.address, admin["client_id"], admin["client_secret"], timeout=LONG) as client:
        client.tenants.UpdateTenant(request)
    return demo


def revoke(client: symbolon.Client, token: str) -> None:
    """Answered when no verifier takes it for live any more."""
    client.tokens.Revoke(pb.RevokeRequest(token=token, wait=pb.REVOCATION_WAIT_VERIFIERS))


def eventually(what: str, is_so: Callable[[], Any]) -> Any:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = is_so()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError(f"it never came to this: {what}")


def open_and_kept(verifier: Any, token: str) -> None:
    """Until memory answers."""
    eventually("the verifier is open", lambda: verifier.check(token) and verifier.is_open and verifier.size > 0)


def run_python(code: str, *args: str, env: dict[str, str] | None = None) -> str:
    """Run a program in another process. Answers what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", code, *args],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **(env or {})},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
