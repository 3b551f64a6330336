"""A server with a certificate, and what verifiers and clients say to the wrong one."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import symbolon
from conftest import LONG, Demo, Server, eventually, open_and_kept, user_token
from symbolon.v1 import token_service_pb2 as pb
from test_mends import HUNG_UP, RIGHT_PORT, failures, is_told


class Tls(NamedTuple):
    """A server, its certificate, and one that it does not have."""

    demo: Demo
    own: bytes
    foreign: bytes


def certificate(directory: Path, name: str, names: str) -> tuple[Path, Path]:
    paths = directory / f"{name}.crt", directory / f"{name}.key"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subject = ["-days", "2", "-subj", f"/CN=symbolon test {name}", "-addext", f"subjectAltName={names}"]
    subprocess.run([*command, *subject, "-out", paths[0], "-keyout", paths[1]], check=True, capture_output=True)
    return paths


def started(directory: Path, names: str) -> Iterator[Tls]:
    if shutil.which("openssl") is None and os.environ.get("SYMBOLON_CI") != "1":
        pytest.skip("there is no openssl to make certificates with")
    own, key = certificate(directory, "own", names)
    foreign, _ = certificate(directory, "foreign", names)
    server = Server(directory / "data", "--tls-cert", str(own), "--tls-key", str(key))
    yield Tls(server.demo, own.read_bytes(), foreign.read_bytes())
    server.end()


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tls]:
    yield from started(tmp_path_factory.mktemp("tls"), "DNS:localhost,IP:127.0.0.1")


@pytest.fixture(scope="module")
def of_another_name(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tls]:
    yield from started(tmp_path_factory.mktemp("tls"), "DNS:symbolon.example.com")


@pytest.mark.parametrize("as_text", [False, True])
def test_the_right_certificate(tls: Tls, as_text: bool) -> None:
    roots = tls.own.decode() if as_text else tls.own
    with (
        symbolon.Client(*tls.demo.service, root_certificates=roots, timeout=LONG) as client,
        symbolon.Verifier(*tls.demo.service, root_certificates=roots, timeout=LONG) as verifier,
    ):
        open_and_kept(verifier, user_token(tls.demo, client))


def test_the_right_certificate_and_asyncio(tls: Tls) -> None:
    async def run() -> None:
        options: dict[str, Any] = {"root_certificates": tls.own, "timeout": LONG}
        async with (
            symbolon.AsyncClient(*tls.demo.service, **options) as client,
            symbolon.AsyncVerifier(*tls.demo.service, **options) as verifier,
        ):
            user = tls.demo.record["user"]
            credential = pb.UserPassword(username=user["login_name"], password=user["password"])
            token = (await client.tokens.Issue(pb.IssueRequest(user_password=credential))).tokens.access_token
            assert await verifier.check(token)
            await asyncio.to_thread(eventually, "it is open", lambda: verifier.is_open)

    asyncio.run(run())


def test_the_certificate_of_another_server(tls: Tls) -> None:
    for error in failures(*tls.demo.service, root_certificates=tls.foreign, timeout=LONG):
        is_told(error, "root_certificates lacks the authority of the server's certificate (")


def test_a_certificate_of_nobody_who_is_trusted(tls: Tls) -> None:
    for error in failures(*tls.demo.service, plaintext=False, timeout=LONG):
        is_told(error, "root_certificates lacks the authority of the server's certificate (")


def test_a_certificate_of_another_name(of_another_name: Tls) -> None:
    for error in failures(*of_another_name.demo.service, root_certificates=of_another_name.own, timeout=LONG):
        is_told(error, "The server's certificate is not one of the host that address names (")


def test_plaintext_to_a_server_with_tls(tls: Tls) -> None:
    for error in failures(*tls.demo.service, timeout=LONG):
        is_told(error, (RIGHT_PORT, HUNG_UP))
