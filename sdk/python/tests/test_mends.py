"""What is wrong between a service and the server is told in the words of all languages, before those of grpc."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2, status_pb2

import symbolon
from conftest import LONG, Demo
from symbolon import SymbolonError
from symbolon.v1 import client_service_pb2, token_service_pb2_grpc
from symbolon.v1 import token_service_pb2 as pb

RIGHT_PORT = "See that address is the port of gRPC, and that both sides speak TLS or neither ("
# Who reads what it can't take may say so, or just end the connection.
HUNG_UP = (
    "The other side hung up. Where that comes each time, see that address is the port of gRPC, and that both sides"
)


def failures(address: str, client_id: str, secret: str, **options: Any) -> Iterator[SymbolonError]:
    """What each of the four says, with a call that is given up sooner than the test is."""
    token, request = "syu_token", pb.IntrospectRequest(token="syu_token")

    async def check() -> None:
        async with symbolon.AsyncVerifier(address, client_id, secret, **options) as verifier:
            await verifier.check(token)

    async def call() -> None:
        async with symbolon.AsyncClient(address, client_id, secret, **options) as client:
            await client.tokens.Introspect(request)

    with symbolon.Verifier(address, client_id, secret, **options) as verifier, pytest.raises(SymbolonError) as failed:
        verifier.check(token)
    yield failed.value
    with symbolon.Client(address, client_id, secret, **options) as client, pytest.raises(SymbolonError) as failed:
        client.tokens.Introspect(request)
    yield failed.value
    for step in (check, call):
        with pytest.raises(SymbolonError) as failed:
            asyncio.run(step())
        yield failed.value


def is_told(
    error: SymbolonError, mend: str | tuple[str, ...], code: grpc.StatusCode = grpc.StatusCode.UNAVAILABLE
) -> None:
    assert error.code is code, error
    _, told, said = str(error).split(": ", 2)
    assert told == code.name
    assert said.startswith(mend)
    assert "sys_" not in str(error) + repr(error)


def test_tls_to_a_server_without_it(demo: Demo) -> None:
    for error in failures(*demo.service, plaintext=False, timeout=LONG):
        is_told(error, "The server speaks without TLS: on a safe network give plaintext (")


def test_the_port_of_http(demo: Demo) -> None:
    _, client_id, secret = demo.service
    for error in failures(demo.record["http"], client_id, secret, timeout=LONG):
        is_told(error, (RIGHT_PORT, HUNG_UP))


def test_the_other_side_hangs_up() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def hang_up() -> None:
            with suppress(OSError):
                while True:
                    listener.accept()[0].close()

        threading.Thread(target=hang_up, daemon=True).start()
        for error in failures(f"127.0.0.1:{listener.getsockname()[1]}", "a", "sys_secret", timeout=LONG):
            is_told(error, HUNG_UP)
        listener.shutdown(socket.SHUT_RDWR)


def test_nobody_listens() -> None:
    for error in failures("127.0.0.1:1", "a", "sys_secret", timeout=LONG):
        is_told(error, "Nobody listens at address (")


def test_no_such_host() -> None:
    for error in failures("nobody.invalid:1", "a", "sys_secret", timeout=LONG):
        is_told(error, "No such host as address names is known (")


def test_a_wrong_secret(demo: Demo) -> None:
    for error in failures(demo.address, demo.service[1], "sys_wrong", timeout=LONG):
        is_told(error, "Give a client_id and a client_secret that are good (", grpc.StatusCode.UNAUTHENTICATED)


def test_no_role(demo: Demo) -> None:
    admin = demo.record["admin"]
    with symbolon.Client(demo.address, admin["client_id"], admin["client_secret"], timeout=LONG) as client:
        made = client.clients.CreateClient(client_service_pb2.CreateClientRequest(confidential=True))
    for error in failures(demo.address, made.client.client_id, made.client_secret, timeout=LONG):
        mend = "Give the client the role that the call needs (INTROSPECT to check tokens) ("
        is_told(error, mend, grpc.StatusCode.PERMISSION_DENIED)


class Older(token_service_pb2_grpc.TokenServiceServicer):
    """Knows no call."""


class Busy(token_service_pb2_grpc.TokenServiceServicer):
    """Is reached, and tells why it can't answer."""

    def Introspect(self, request: Any, context: Any) -> Any:  # noqa: N802
        status = status_pb2.Status(code=14, message="Connection refused")
        status.details.add().Pack(error_details_pb2.ErrorInfo(reason="BUSY", domain="symbolon.internal"))
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
        context.abort(grpc.StatusCode.UNAVAILABLE, "Connection refused")


@contextmanager
def serving(service: token_service_pb2_grpc.TokenServiceServicer) -> Iterator[str]:
    server = grpc.server(ThreadPoolExecutor(4))
    token_service_pb2_grpc.add_TokenServiceServicer_to_server(service, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(None)


def test_an_older_server() -> None:
    with serving(Older()) as address:  # type: ignore[abstract]
        for error in failures(address, "a", "sys_secret", timeout=LONG):
            is_told(error, "Bring the server to the version of this package (", grpc.StatusCode.UNIMPLEMENTED)


def test_a_server_that_is_reached_has_words_of_its_own() -> None:
    with (
        serving(Busy()) as address,  # type: ignore[abstract]
        symbolon.Client(address, "a", "b", timeout=LONG) as client,
        pytest.raises(SymbolonError) as failed,
    ):
        client.tokens.Introspect(pb.IntrospectRequest(token="syu_token"))
    is_told(failed.value, "Connection refused")
