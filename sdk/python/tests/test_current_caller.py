"""Who is the caller once a request has ended: nobody, whatever went on in its context."""

from __future__ import annotations

import asyncio
import contextvars
import http.client
import inspect
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
import grpc.aio
import pytest
from fastapi import BackgroundTasks, Depends, FastAPI, Request, WebSocket
from fastapi.responses import StreamingResponse
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from websockets.sync.client import connect

import symbolon
from conftest import PATIENCE, Demo, eventually
from symbolon.asgi import BearerMiddleware
from symbolon.fastapi import Guard
from symbolon.interceptors import AioServerInterceptor, ServerInterceptor
from test_http import Service

# More than a server takes before it stops to read, so that the service makes it go on.
BODY = b"x" * 2_000_000


def who() -> str:
    try:
        return symbolon.current_caller().subject_id
    except LookupError:
        return "nobody"


class Later:
    """What runs when the response was sent, for as long as a test likes."""

    def __init__(self) -> None:
        self.may_end = threading.Event()
        self.seen: list[str] = []

    async def run(self) -> None:
        while not self.may_end.is_set():  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        self.seen.append(who())

    def task(self) -> None:
        # Kept by the loop only, which is enough for as long as a timer holds it.
        self.running = asyncio.ensure_future(self.run())


later = Later()


@pytest.fixture(autouse=True)
def begin_again() -> Iterator[None]:
    later.__init__()  # type: ignore[misc]
    yield
    later.may_end.set()


def starlette(verifier: symbolon.AsyncVerifier) -> Any:
    async def upload(request: Request) -> PlainTextResponse:
        async for _ in request.stream():
            pass
        return PlainTextResponse(who())

    async def welcome(request: Request) -> PlainTextResponse:
        return PlainTextResponse(who())

    async def background(request: Request) -> PlainTextResponse:
        return PlainTextResponse(who(), background=BackgroundTask(later.run))

    async def task(request: Request) -> PlainTextResponse:
        later.task()
        return PlainTextResponse(who())

    async def stream(request: Request) -> StreamingResponse:
        async def parts() -> Any:
            yield who()

        return StreamingResponse(parts())

    async def socket_of(websocket: WebSocket) -> None:
        await websocket.accept()
        later.task()
        await websocket.send_text(who())
        await websocket.close()

    paths = [("/upload", upload), ("/private", welcome), ("/welcome", welcome), ("/background", background)]
    paths += [("/task", task), ("/stream", stream)]  # type: ignore[list-item]
    routes: list[Any] = [Route(path, each, methods=["GET", "POST"]) for path, each in paths]
    app = Starlette(routes=[*routes, WebSocketRoute("/socket", socket_of)])
    return BearerMiddleware(app, verifier, public=["/welcome"])


def fastapi(verifier: symbolon.AsyncVerifier) -> Any:
    app = FastAPI()
    guarded = [Depends(Guard(verifier))]

    @app.post("/upload", dependencies=guarded)
    async def upload(request: Request) -> PlainTextResponse:
        async for _ in request.stream():
            pass
        return PlainTextResponse(who())

    @app.get("/welcome")
    async def welcome() -> PlainTextResponse:
        return PlainTextResponse(who())

    @app.get("/private", dependencies=guarded)
    async def private() -> PlainTextResponse:
        return PlainTextResponse(who())

    @app.post("/background", dependencies=guarded)
    async def background(request: Request, tasks: BackgroundTasks) -> PlainTextResponse:
        async for _ in request.stream():
            pass
        tasks.add_task(later.run)
        return PlainTextResponse(who(), background=tasks)

    @app.post("/task", dependencies=guarded)
    async def task() -> PlainTextResponse:
        later.task()
        return PlainTextResponse(who())

    @app.post("/fails", dependencies=guarded)
    async def fails(request: Request) -> None:
        async for _ in request.stream():
            pass
        raise RuntimeError("of the service")

    @app.exception_handler(RuntimeError)
    async def failed(request: Request, error: RuntimeError) -> PlainTextResponse:
        return PlainTextResponse(who())

    @app.websocket("/socket", dependencies=guarded)
    async def socket_of(websocket: WebSocket) -> None:
        await websocket.accept()
        later.task()
        await websocket.send_text(who())
        await websocket.close()

    return app


def both(verifier: symbolon.AsyncVerifier) -> Any:
    """A guard in what a middleware guards."""
    return BearerMiddleware(fastapi(verifier), verifier, public=["/welcome"])


@pytest.fixture(scope="module")
def verifier(demo: Demo) -> Iterator[symbolon.AsyncVerifier]:
    verifier = symbolon.AsyncVerifier(*demo.service)
    yield verifier
    asyncio.run(verifier.close())


@pytest.fixture(scope="module", params=["h11", "httptools"])
def protocol(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module", params=[starlette, fastapi, both], ids=lambda make: make.__name__)
def service(request: pytest.FixtureRequest, verifier: symbolon.AsyncVerifier, protocol: str) -> Iterator[Service]:
    service = Service(request.param(verifier), http=protocol)
    yield service
    service.end()


class Connection:
    """One that is kept."""

    def __init__(self, service: Service) -> None:
        self._connection = http.client.HTTPConnection(service.authority, timeout=PATIENCE)
        self._connection.connect()
        self._socket = self._connection.sock

    def call(self, method: str, path: str, token: str | None = None, body: bytes = b"") -> str:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._connection.request(method, path, body, headers)
        text = self._connection.getresponse().read().decode()
        assert self._connection.sock is self._socket
        return text


def test_a_large_body_and_then_a_public_request(service: Service, demo: Demo, token: str) -> None:
    user = demo.record["user"]["id"]
    connection = Connection(service)
    for _ in range(3):
        assert connection.call("GET", "/welcome") == "nobody"
        assert connection.call("POST", "/upload", token, BODY) == user
        assert connection.call("GET", "/welcome") == "nobody"
        assert connection.call("GET", "/private", token) == user


def test_two_requests_that_are_sent_at_once(service: Service, demo: Demo, token: str) -> None:
    host, port = service.authority.split(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE) as connection:
        first = f"GET /private HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\r\n"
        second = "GET /welcome HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        connection.sendall((first + second).encode())
        with connection.makefile("rb") as answers:
            said = answers.read().decode()
    assert demo.record["user"]["id"] in said
    assert said.endswith("\r\n\r\nnobody")


def test_a_request_that_comes_while_a_background_task_runs(
    service: Service, demo: Demo, token: str, request: pytest.FixtureRequest
) -> None:
    connection = Connection(service)
    assert connection.call("POST", "/background", token, BODY) == demo.record["user"]["id"]
    assert connection.call("GET", "/welcome") == "nobody"
    later.may_end.set()
    seen = eventually("the background task ends", lambda: later.seen)
    # It is within what the middleware handles, and comes after what FastAPI does.
    inside = "fastapi" not in request.node.callspec.id
    assert seen == [demo.record["user"]["id"] if inside else "nobody"]


def test_a_task_that_outlives_its_request(service: Service, demo: Demo, token: str) -> None:
    assert Connection(service).call("POST", "/task", token) == demo.record["user"]["id"]
    eventually("the request was handled", lambda: not service.is_busy)
    later.may_end.set()
    assert eventually("the task ends", lambda: later.seen) == ["nobody"]


def test_a_task_that_outlives_its_websocket(service: Service, demo: Demo, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    with connect(f"ws://{service.authority}/socket", additional_headers=headers) as websocket:
        assert websocket.recv() == demo.record["user"]["id"]
    eventually("the websocket was handled", lambda: not service.is_busy)
    later.may_end.set()
    assert eventually("the task ends", lambda: later.seen) == ["nobody"]


def test_a_stream_within_the_middleware(verifier: symbolon.AsyncVerifier, demo: Demo, token: str) -> None:
    service = Service(starlette(verifier))
    assert Connection(service).call("GET", "/stream", token) == demo.record["user"]["id"]
    service.end()


def test_a_path_operation_that_fails(verifier: symbolon.AsyncVerifier, token: str, protocol: str) -> None:
    service = Service(fastapi(verifier), http=protocol)
    connection = Connection(service)
    assert connection.call("POST", "/fails", token, BODY) == "nobody"
    assert connection.call("GET", "/welcome") == "nobody"
    service.end()


def test_a_middleware_around_one_where_it_is_public(verifier: symbolon.AsyncVerifier, token: str) -> None:
    service = Service(BearerMiddleware(starlette(verifier), verifier))
    assert Connection(service).call("GET", "/welcome", token) == "nobody"
    service.end()


def run_grpc(verifier: symbolon.Verifier, behavior: Any, token: str) -> bytes:
    """Serve one call by threads, until its end."""
    server = grpc.server(ThreadPoolExecutor(2), interceptors=[ServerInterceptor(verifier)])
    with served(server, behavior) as channel:
        return call(channel, token)


async def run_aio(service: tuple[str, str, str], behavior: Any, token: str) -> bytes:
    async with symbolon.AsyncVerifier(*service) as verifier:
        server = grpc.aio.server(ThreadPoolExecutor(2), interceptors=[AioServerInterceptor(verifier)])
        server.add_generic_rpc_handlers([handlers(behavior)])
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            answer = await asyncio.to_thread(call, channel, token)
        await server.stop(None)
        return answer


def handlers(behavior: Any) -> grpc.GenericRpcHandler:
    # The client's side of one response or many is the same to these tests.
    make = grpc.unary_stream_rpc_method_handler if is_stream(behavior) else grpc.unary_unary_rpc_method_handler
    return grpc.method_handlers_generic_handler("a.Service", {"Call": make(behavior)})


def is_stream(behavior: Any) -> bool:
    return inspect.isgeneratorfunction(behavior) or inspect.isasyncgenfunction(behavior)


@contextmanager
def served(server: grpc.Server, behavior: Any) -> Iterator[grpc.Channel]:
    server.add_generic_rpc_handlers([handlers(behavior)])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield channel
    server.stop(None).wait(PATIENCE)


def call(channel: grpc.Channel, token: str) -> bytes:
    stream: Any = channel.unary_stream("/a.Service/Call")
    return b"".join(stream(b"", metadata=[("authorization", f"Bearer {token}")], timeout=PATIENCE))


# Contexts that handlers left behind.
left: list[contextvars.Context] = []


def unary(request: bytes, context: Any) -> bytes:
    left.append(contextvars.copy_context())
    return who().encode()


def stream(request: bytes, context: Any) -> Iterator[bytes]:
    left.append(contextvars.copy_context())
    yield b""
    yield who().encode()


async def aio_unary(request: bytes, context: Any) -> bytes:
    return unary(request, context)


async def aio_stream(request: bytes, context: Any) -> Any:
    for each in stream(request, context):
        yield each


@pytest.mark.parametrize(
    ("behavior", "is_aio"),
    [(unary, False), (stream, False), (unary, True), (stream, True), (aio_unary, True), (aio_stream, True)],
)
def test_a_context_that_outlives_its_call(demo: Demo, token: str, behavior: Any, is_aio: bool) -> None:
    left.clear()
    user = demo.record["user"]["id"].encode()
    if is_aio:
        assert asyncio.run(run_aio(demo.service, behavior, token)) == user
    else:
        with symbolon.Verifier(*demo.service) as verifier:
            assert run_grpc(verifier, behavior, token) == user
    (context,) = left
    eventually("it is of nobody", lambda: context.run(who) == "nobody")
