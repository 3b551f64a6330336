"""ASGI middleware and the FastAPI dependency, inside uvicorn, over real sockets, with a real verifier."""

import asyncio
import http.client
import json
import socket
import threading
from collections.abc import Iterator
from email.message import Message
from typing import Annotated, Any, NamedTuple

import pytest
import uvicorn
from fastapi import APIRouter, Depends, FastAPI, Security, WebSocket
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route, WebSocketRoute
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

import symbolon
from conftest import LONG, PATIENCE, ROOT, Demo, eventually, revoke
from symbolon.asgi import BearerMiddleware
from symbolon.fastapi import Guard

BEARER = json.loads((ROOT / "test/sdk/fixtures/bearer.json").read_text())
CASES = [each for each in BEARER if "refusal" in each and not each.get("parser_only")]

ran: list[str] = []


class Response(NamedTuple):
    status_code: int
    headers: Message
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


class Service:
    """Uvicorn in a thread of its own."""

    def __init__(self, app: Any, **options: Any) -> None:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.authority = f"127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(app, log_level="warning", lifespan="on", ws="websockets-sansio", **options)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=lambda: self._server.run([self._socket]), daemon=True)
        self._thread.start()
        eventually("uvicorn has started", lambda: self._server.started)

    @property
    def is_busy(self) -> bool:
        """Whether the service is still within a request, whose response may have come already."""
        return bool(self._server.server_state.tasks)

    def end(self) -> None:
        self._server.should_exit = True
        self._thread.join(PATIENCE)

    def get(self, path: str, *headers: str, method: str = "GET", body: bytes = b"") -> Response:
        """Send headers as they are, which clients of more comfort don't."""
        connection = http.client.HTTPConnection(self.authority, timeout=PATIENCE)
        connection.putrequest(method, path)
        for value in headers:
            connection.putheader("Authorization", value.encode("latin-1"))
        connection.putheader("Content-Length", str(len(body)))
        connection.putheader("Content-Type", "application/json")
        connection.endheaders(body)
        response = connection.getresponse()
        answer = Response(response.status, response.headers, response.read().decode())
        connection.close()
        return answer


async def hello(request: Request) -> PlainTextResponse:
    ran.append("hello")
    caller = symbolon.current_caller()
    assert request.scope["symbolon.caller"] is caller
    # A thread that asyncio starts knows it, too.
    return PlainTextResponse(await asyncio.to_thread(lambda: symbolon.current_caller().subject_id))


async def health(request: Request) -> PlainTextResponse:
    return PlainTextResponse("well")


async def socket_of(websocket: Any) -> None:
    ran.append("socket")
    await websocket.accept()
    await websocket.send_text(symbolon.current_caller().subject_id)
    await websocket.close()


def starlette(verifier: symbolon.AsyncVerifier, scopes: list[str]) -> Any:
    methods = ["GET", "POST", "OPTIONS"]
    routes = [
        Route("/", hello, methods=methods),
        Route("/health", health),
        WebSocketRoute("/socket", socket_of),
        Mount("/below", routes=[Route("/deep", hello, methods=methods)]),
    ]
    app = Starlette(routes=routes)
    return BearerMiddleware(app, verifier, scopes=scopes, public=["/health"], realm="a")


def fastapi(verifier: symbolon.AsyncVerifier) -> FastAPI:
    guard = Guard(verifier, realm="a")
    app = FastAPI()
    router = APIRouter(dependencies=[Depends(guard)])

    @app.get("/me")
    async def me(caller: Annotated[symbolon.Caller, Depends(guard)]) -> dict[str, str]:
        ran.append("me")
        assert symbolon.current_caller() is caller
        return {"subject": caller.subject_id}

    @app.get("/in-a-thread")
    def in_a_thread(caller: Annotated[symbolon.Caller, Depends(guard)]) -> dict[str, str]:
        return {"subject": symbolon.current_caller().subject_id}

    @app.get("/orders")
    async def orders(caller: Annotated[symbolon.Caller, Security(guard, scopes=["orders:read"])]) -> None:
        ran.append("orders")

    @router.post("/routed")
    async def routed(body: dict[str, str]) -> str:
        ran.append("routed")
        return symbolon.current_caller().subject_id

    @app.websocket("/socket")
    async def websocket_of(websocket: WebSocket, caller: Annotated[symbolon.Caller, Depends(guard)]) -> None:
        ran.append("socket")
        await socket_of(websocket)

    app.include_router(router)
    return app


@pytest.fixture(scope="module")
def verifier(demo: Demo) -> Iterator[symbolon.AsyncVerifier]:
    verifier = symbolon.AsyncVerifier(*demo.service, timeout=LONG)
    yield verifier
    asyncio.run(verifier.close())


@pytest.fixture(scope="module")
def asgi(verifier: symbolon.AsyncVerifier) -> Iterator[Service]:
    service = Service(starlette(verifier, []))
    yield service
    service.end()


@pytest.fixture(scope="module")
def api(verifier: symbolon.AsyncVerifier) -> Iterator[Service]:
    service = Service(fastapi(verifier))
    yield service
    service.end()


def refused(response: Response) -> tuple[int, str | None]:
    assert ran == []
    return response.status_code, response.headers.get("www-authenticate")


@pytest.fixture(autouse=True)
def nothing_ran() -> None:
    ran.clear()


@pytest.mark.parametrize("path", ["/", "/below/deep"])
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "OPTIONS"])
def test_asgi(asgi: Service, demo: Demo, token: str, path: str, method: str) -> None:
    assert refused(asgi.get(path, method=method)) == (401, 'Bearer realm="a"')
    response = asgi.get(path, "Bearer syu_nothing", method=method)
    assert refused(response) == (401, 'Bearer realm="a", error="invalid_token"')
    response = asgi.get(path, f"bearer {token}", method=method)
    assert response.status_code == 200
    assert response.text == ("" if method == "HEAD" else demo.record["user"]["id"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_headers(asgi: Service, api: Service, case: dict[str, Any]) -> None:
    expected = (401, 'Bearer realm="a"')
    if case["refusal"] == "invalid_request":
        expected = (400, 'Bearer realm="a", error="invalid_request"')
    headers = [value.encode("latin-1").decode("latin-1") for value in case["headers"]]
    assert refused(asgi.get("/", *headers)) == expected
    assert refused(api.get("/me", *headers)) == expected


def test_a_public_path(asgi: Service) -> None:
    assert asgi.get("/health").text == "well"
    # As they are: nothing that only looks like it.
    assert asgi.get("/health/").status_code == 401
    assert asgi.get("/health/../").status_code == 401


def test_a_revoked_token(asgi: Service, api: Service, client: symbolon.Client, token: str) -> None:
    assert asgi.get("/", f"Bearer {token}").status_code == 200
    assert api.get("/me", f"Bearer {token}").status_code == 200
    revoke(client, token)
    assert asgi.get("/", f"Bearer {token}").status_code == 401
    assert api.get("/me", f"Bearer {token}").status_code == 401


def test_a_scope_that_is_missing(verifier: symbolon.AsyncVerifier, api: Service, token: str) -> None:
    challenge = 'Bearer realm="a", error="insufficient_scope", scope="orders:read"'
    assert refused(api.get("/orders", f"Bearer {token}")) == (403, challenge)
    service = Service(starlette(verifier, ["orders:read"]))
    assert refused(service.get("/", f"Bearer {token}")) == (403, challenge)
    service.end()


def test_nothing_is_known() -> None:
    nobody = symbolon.AsyncVerifier("127.0.0.1:1", "a", "b")
    for app, path in [(starlette(nobody, []), "/"), (fastapi(nobody), "/me")]:
        service = Service(app)
        response = service.get(path, "Bearer syu_token")
        assert refused(response) == (503, None)
        assert response.headers["retry-after"] == "1"
        service.end()


@pytest.mark.parametrize("which", ["asgi", "api"])
def test_websockets(asgi: Service, api: Service, demo: Demo, token: str, which: str) -> None:
    url = f"ws://{(asgi if which == 'asgi' else api).authority}/socket"
    for headers in [{}, {"Authorization": "Bearer syu_nothing"}]:
        with pytest.raises((InvalidStatus, ConnectionClosed)) as failed, connect(url, additional_headers=headers):
            pass
        assert ran == []
        assert isinstance(failed.value, InvalidStatus)
        if which == "asgi":
            assert failed.value.response.status_code == 401
            assert "Bearer" in failed.value.response.headers["www-authenticate"]
        else:
            assert failed.value.response.status_code == 403
    with connect(url, additional_headers={"Authorization": f"Bearer {token}"}) as websocket:
        assert websocket.recv() == demo.record["user"]["id"]


def test_what_asgi_has_no_word_for_yet(demo: Demo) -> None:
    async def app(*_: Any) -> None:
        ran.append("app")

    async def run() -> None:
        middleware = BearerMiddleware(app, symbolon.AsyncVerifier(*demo.service))
        with pytest.raises(RuntimeError, match="webtransport"):
            await middleware({"type": "webtransport"}, app, app)  # type: ignore[arg-type]

    asyncio.run(run())
    assert ran == []


def test_fastapi(api: Service, demo: Demo, token: str) -> None:
    for path in ["/me", "/in-a-thread"]:
        assert refused(api.get(path)) == (401, 'Bearer realm="a"')
    for path in ["/me", "/in-a-thread"]:
        assert api.get(path, f"Bearer {token}").json() == {"subject": demo.record["user"]["id"]}


def test_a_router(api: Service, demo: Demo, token: str) -> None:
    assert refused(api.get("/routed", method="POST", body=b"{}")) == (401, 'Bearer realm="a"')
    assert api.get("/routed", f"Bearer {token}", method="POST", body=b"{}").json() == demo.record["user"]["id"]


def test_openapi_shows_it(api: Service) -> None:
    document = api.get("/openapi.json").json()
    assert document["components"]["securitySchemes"] == {
        "symbolon": {"type": "http", "scheme": "bearer", "description": "An access token of Symbolon."}
    }
    assert document["paths"]["/me"]["get"]["security"] == [{"symbolon": []}]
    assert document["paths"]["/orders"]["get"]["security"] == [{"symbolon": ["orders:read"]}]
    assert document["paths"]["/routed"]["post"]["security"] == [{"symbolon": []}]


@pytest.mark.parametrize("options", [{"scopes": "a"}, {"public": "/health"}, {"public": ["health"]}, {"realm": "\n"}])
def test_options_that_would_guard_nothing(demo: Demo, options: dict[str, Any]) -> None:
    with pytest.raises(symbolon.SymbolonError):
        BearerMiddleware(starlette, symbolon.AsyncVerifier(*demo.service), **options)  # type: ignore[arg-type]
