"""What all guards refuse, whatever the verifier is that they were given."""

from __future__ import annotations

import asyncio
import http.client
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import AsyncMock, MagicMock

import grpc
import grpc.aio
import pytest
from fastapi import Depends, FastAPI

import symbolon
from symbolon._bearer import Refusal, admit
from symbolon.asgi import BearerMiddleware
from symbolon.fastapi import Guard
from symbolon.interceptors import AioServerInterceptor, ServerInterceptor
from test_http import Service

NOBODY = ("127.0.0.1:1", "a", "b")


async def app(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError("the service ran")


ASYNC: list[Callable[[Any], Any]] = [Guard, AioServerInterceptor, lambda verifier: BearerMiddleware(app, verifier)]
NO_VERIFIERS: list[Any] = [None, False, "verifier", symbolon.Client(*NOBODY), symbolon.AsyncVerifier, symbolon.Verifier]


@pytest.mark.parametrize("guard", ASYNC)
@pytest.mark.parametrize("verifier", [*NO_VERIFIERS, symbolon.Verifier(*NOBODY)])
def test_a_guard_of_asyncio_with_another_verifier(guard: Callable[[Any], Any], verifier: Any) -> None:
    with pytest.raises(symbolon.SymbolonError, match="verifier must be an AsyncVerifier") as failed:
        guard(verifier)
    assert failed.value.code is grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize("verifier", [*NO_VERIFIERS, symbolon.AsyncVerifier(*NOBODY)])
def test_a_guard_of_threads_with_another_verifier(verifier: Any) -> None:
    with pytest.raises(symbolon.SymbolonError, match="verifier must be a Verifier") as failed:
        ServerInterceptor(verifier)
    assert failed.value.code is grpc.StatusCode.INVALID_ARGUMENT


# What a check may answer by mistake: a coroutine is one of these, too.
ANSWERS: list[Any] = [False, True, 0, "", "somebody", object(), {"subject_id": "a"}, [], MagicMock()]


@pytest.mark.parametrize("answer", ANSWERS, ids=repr)
def test_what_is_no_caller_is_not_admitted(answer: Any) -> None:
    refusal = admit(answer, ())
    assert isinstance(refusal, Refusal)
    assert refusal.http_status == 503


@pytest.mark.parametrize("answer", ANSWERS[:6], ids=repr)
def test_no_service_runs_for_what_is_no_caller(answer: Any) -> None:
    verifier = MagicMock(spec=symbolon.Verifier)
    verifier.check.return_value = answer
    assert grpc_code(grpc.server, ServerInterceptor(verifier)) is grpc.StatusCode.UNAVAILABLE
    aio = MagicMock(spec=symbolon.AsyncVerifier, check=AsyncMock(return_value=answer))
    assert asyncio.run(aio_code(AioServerInterceptor(aio))) is grpc.StatusCode.UNAVAILABLE

    api = FastAPI(dependencies=[Depends(Guard(aio))])
    unguarded = FastAPI()

    @api.get("/")
    @unguarded.get("/")
    async def root() -> None:
        raise AssertionError("the service ran")

    for each in [api, BearerMiddleware(unguarded, aio)]:
        service = Service(each)
        connection = http.client.HTTPConnection(service.authority, timeout=60)
        connection.request("GET", "/", headers={"Authorization": "Bearer syu_token"})
        assert connection.getresponse().status == 503
        connection.close()
        service.end()


def handlers() -> Any:
    def run(request: bytes, context: Any) -> bytes:
        return b"the service ran"

    return grpc.method_handlers_generic_handler("a.Service", {"Run": grpc.unary_unary_rpc_method_handler(run)})


def grpc_code(make: Callable[..., Any], interceptor: Any) -> grpc.StatusCode:
    server = make(ThreadPoolExecutor(2), interceptors=[interceptor])
    server.add_generic_rpc_handlers([handlers()])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    channel: Any
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel, pytest.raises(grpc.RpcError) as failed:
        channel.unary_unary("/a.Service/Run")(b"", metadata=[("authorization", "Bearer syu_token")], timeout=60)
    server.stop(None)
    return failed.value.code()


async def aio_code(interceptor: Any) -> grpc.StatusCode:
    server = grpc.aio.server(interceptors=[interceptor])
    server.add_generic_rpc_handlers([handlers()])
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    channel: Any
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        with pytest.raises(grpc.aio.AioRpcError) as failed:
            await channel.unary_unary("/a.Service/Run")(
                b"", metadata=[("authorization", "Bearer syu_token")], timeout=60
            )
    await server.stop(None)
    return failed.value.code()
