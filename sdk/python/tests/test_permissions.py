"""What every guard makes of what bearers may do, inside the real frameworks and over real sockets."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from typing import Annotated, Any, NamedTuple

import grpc
import grpc.aio
import pytest
from fastapi import Depends, FastAPI
from google.rpc import error_details_pb2, status_pb2
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

import symbolon
from conftest import PATIENCE
from symbolon import Access, Caller, Device, SymbolonError
from symbolon._bearer import Refusal, permit
from symbolon.asgi import BearerMiddleware, PermissionMiddleware
from symbolon.fastapi import Guard, require_permission
from symbolon.interceptors import (
    AioServerInterceptor,
    ServerInterceptor,
    aio_require_permission,
)
from symbolon.interceptors import require_permission as grpc_require_permission
from test_http import Service

AUDIENCE = "https://api.example"
# Who was let in, and about what was asked.
ran: list[str] = []
asked: list[Any] = []


def caller(audience: str = "") -> Caller:
    now = datetime.now(timezone.utc)
    return Caller("user", "ann", "app", "demo", (), "ta_1", "fm_1", now, now, audience)


def access_of(token: str) -> Access:
    """What a token is called, is what it may do."""
    if token == "away":
        raise SymbolonError(grpc.StatusCode.UNAVAILABLE, "away", retry_after=1.5)
    if token == "hopeless":
        raise SymbolonError(grpc.StatusCode.PERMISSION_DENIED, "no role")
    if token == "no-id":
        raise SymbolonError(grpc.StatusCode.INVALID_ARGUMENT, "device_id is too long")
    if token == "TOKEN_NOT_LIVE":
        return Access(False, "TOKEN_NOT_LIVE")
    if token.startswith("for-"):
        return Access(True, "ALLOWED", caller(AUDIENCE if token == "for-us" else "https://another.example"))
    return Access(token == "ALLOWED", token, caller())  # type: ignore[arg-type]


class Threads:
    """As a `Verifier`, which is asked nothing over a line."""

    def check(self, token: str) -> Caller | None:
        return access_of(token).caller

    def check_permission(self, token: str, permission: str, target: Any = None) -> Access:
        asked.append((permission, target))
        return access_of(token)


class Tasks:
    async def check(self, token: str) -> Caller | None:
        return Threads().check(token)

    async def check_permission(self, token: str, permission: str, target: Any = None) -> Access:
        return Threads().check_permission(token, permission, target)


SYNC: Any = Threads()
ASYNC: Any = Tasks()


def target_of(device: str) -> Any:
    if device == "broken":
        raise LookupError("of the service")
    return {"nothing": None, "text": "th.a"}.get(device, Device("" if device == "empty" else device))


class Answer(NamedTuple):
    """In the words of HTTP."""

    status: int
    challenge: str | None
    body: str
    retry_after: float | None = None


Ask = Callable[..., Answer]


def over_http(service: Service, path: str) -> Ask:
    def ask(*headers: str, device: str = "th.1", audience: bool = False) -> Answer:
        response = service.get(path.format(device=device, kind="for-us" if audience else "any"), *headers)
        retry = response.headers.get("retry-after")
        challenge = response.headers.get("www-authenticate")
        return Answer(response.status_code, challenge, response.text, None if retry is None else float(retry))

    return ask


def ran_for(seen: Caller) -> str:
    ran.append(seen.subject_id)
    return seen.subject_id


def asgi(is_guarded: bool) -> Any:
    async def endpoint(request: Request) -> PlainTextResponse:
        assert request.scope["symbolon.caller"] is symbolon.current_caller()
        return PlainTextResponse(ran_for(symbolon.current_caller()))

    def route(kind: str, **options: Any) -> Route:
        async def target(scope: Any) -> Any:
            return target_of(scope["path_params"]["device"])

        needs = Middleware(
            PermissionMiddleware,
            verifier=ASYNC,
            permission="READ_DEVICE",
            target=target if options else lambda scope: target_of(scope["path_params"]["device"]),
            realm="a",
            **options,
        )
        return Route(f"/{kind}/{{device}}", endpoint, middleware=[needs])

    app = Starlette(routes=[route("any"), route("for-us", audience=AUDIENCE)])
    return BearerMiddleware(app, ASYNC, realm="a") if is_guarded else app


def fastapi(is_guarded: bool) -> Any:
    app = FastAPI(dependencies=[Depends(Guard(ASYNC, realm="a"))] if is_guarded else [])

    async def later(request: Any) -> Any:
        return target_of(request.path_params["device"])

    one = require_permission(ASYNC, "READ_DEVICE", lambda request: target_of(request.path_params["device"]), realm="a")
    other = require_permission(ASYNC, "READ_DEVICE", later, realm="a", audience=AUDIENCE)

    @app.get("/any/{device}")
    async def any_audience(device: str, seen: Annotated[Caller, Depends(one)]) -> str:
        assert symbolon.current_caller() is seen
        return ran_for(seen)

    @app.get("/for-us/{device}")
    def for_us(device: str, seen: Annotated[Caller, Depends(other)]) -> str:
        assert symbolon.current_caller() is seen
        return ran_for(seen)

    return app


STATUSES = {
    grpc.StatusCode.UNAUTHENTICATED: 401,
    grpc.StatusCode.PERMISSION_DENIED: 403,
    grpc.StatusCode.INVALID_ARGUMENT: 400,
    grpc.StatusCode.UNAVAILABLE: 503,
    grpc.StatusCode.UNKNOWN: 500,
}


def over_grpc(channel: Any) -> Ask:
    def ask(*headers: str, device: str = "th.1", audience: bool = False) -> Answer:
        method = channel.unary_unary("/a.Service/ForUs" if audience else "/a.Service/Any")
        metadata = [("authorization", header) for header in headers]
        try:
            return Answer(200, None, method(device.encode(), metadata=metadata, timeout=PATIENCE).decode())
        except grpc.RpcError as error:
            failed: Any = error
        trailers = dict(failed.trailing_metadata())
        wait = None
        if "grpc-status-details-bin" in trailers:
            retry = error_details_pb2.RetryInfo()
            status_pb2.Status.FromString(trailers["grpc-status-details-bin"]).details[0].Unpack(retry)
            wait = retry.retry_delay.seconds + retry.retry_delay.nanos / 1e9
        return Answer(STATUSES[failed.code()], trailers.get("www-authenticate"), failed.details(), wait)

    return ask


def handlers(make: Callable[..., Any]) -> grpc.GenericRpcHandler:
    return grpc.method_handlers_generic_handler(
        "a.Service",
        {
            "Any": grpc.unary_unary_rpc_method_handler(make(realm="a")),
            "ForUs": grpc.unary_unary_rpc_method_handler(make(realm="a", audience=AUDIENCE)),
        },
    )


def in_threads(is_guarded: bool) -> Callable[..., Any]:
    def make(**options: Any) -> Any:
        def handle(request: bytes, context: Any) -> bytes:
            if not is_guarded:
                with pytest.raises(LookupError):
                    symbolon.current_caller()
            seen = grpc_require_permission(context, SYNC, "READ_DEVICE", target_of(request.decode()), **options)
            if is_guarded:
                assert symbolon.current_caller() is seen
            else:
                # The next call of this thread must not find it.
                with pytest.raises(LookupError):
                    symbolon.current_caller()
            return ran_for(seen).encode()

        return handle

    return make


def in_tasks(**options: Any) -> Any:
    async def handle(request: bytes, context: Any) -> bytes:
        seen = await aio_require_permission(context, ASYNC, "READ_DEVICE", target_of(request.decode()), **options)
        assert symbolon.current_caller() is seen
        return ran_for(seen).encode()

    return handle


async def aio_serve(is_guarded: bool) -> tuple[Any, str]:
    server = grpc.aio.server(interceptors=[AioServerInterceptor(ASYNC, realm="a")] if is_guarded else [])
    server.add_generic_rpc_handlers([handlers(in_tasks)])
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    return server, f"127.0.0.1:{port}"


WAYS = [(name, is_guarded) for name in ("asgi", "fastapi", "grpc", "grpc.aio") for is_guarded in (False, True)]


@pytest.fixture(scope="module", params=WAYS, ids=lambda way: f"{way[0]}{' behind a guard' if way[1] else ''}")
def ask(request: pytest.FixtureRequest) -> Iterator[Ask]:
    name, is_guarded = request.param
    if name in ("asgi", "fastapi"):
        service = Service((asgi if name == "asgi" else fastapi)(is_guarded), access_log=False)
        yield over_http(service, "/{kind}/{device}")
        service.end()
    elif name == "grpc":
        server = grpc.server(ThreadPoolExecutor(2), interceptors=[ServerInterceptor(SYNC, realm="a")] * is_guarded)
        server.add_generic_rpc_handlers([handlers(in_threads(is_guarded))])
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield over_grpc(channel)
        server.stop(None)
    else:
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        aio, address = asyncio.run_coroutine_threadsafe(aio_serve(is_guarded), loop).result(PATIENCE)
        with grpc.insecure_channel(address) as channel:
            yield over_grpc(channel)
        asyncio.run_coroutine_threadsafe(aio.stop(None), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)


@pytest.fixture(autouse=True)
def nothing_ran() -> None:
    ran.clear()
    asked.clear()


def test_what_is_allowed(ask: Ask) -> None:
    for device in ("th.1", "th.2"):
        assert ask("Bearer ALLOWED", device=device).body.strip('"') == "ann"
    assert asked == [("READ_DEVICE", Device("th.1")), ("READ_DEVICE", Device("th.2"))]


NOT_LIVE = (401, 'Bearer realm="a", error="invalid_token"')
REFUSED: list[tuple[list[str], tuple[int, str | None]]] = [
    ([], (401, 'Bearer realm="a"')),
    (["Basic YTpi"], (401, 'Bearer realm="a"')),
    (["Bearer ALLOWED", "Bearer ALLOWED"], (400, 'Bearer realm="a", error="invalid_request"')),
    (["Bearer"], (400, 'Bearer realm="a", error="invalid_request"')),
    (["Bearer TOKEN_NOT_LIVE"], NOT_LIVE),
    (["Bearer SCOPE_MISSING"], (403, 'Bearer realm="a", error="insufficient_scope"')),
    (["Bearer NO_CONSENT"], (403, 'Bearer realm="a", error="insufficient_scope"')),
    *(
        ([f"Bearer {reason}"], (403, None))
        for reason in (
            *("KIND_NOT_ALLOWED", "TARGET_MISSING", "TARGET_UNKNOWN", "TARGET_DISABLED", "NOT_THE_USER"),
            *("NOT_THE_OWNER", "NOT_THIS_DEVICE", "UNSPECIFIED"),
        )
    ),
]


def test_what_is_refused(ask: Ask) -> None:
    for headers, expected in REFUSED:
        answer = ask(*headers)
        assert (answer.status, answer.challenge) == expected, headers
        assert answer.retry_after is None
        if answer.status == 403:
            assert f"not allowed: {headers[0].removeprefix('Bearer ')}" in answer.body
    assert ran == []


def test_an_id_that_nothing_can_have(ask: Ask, request: pytest.FixtureRequest) -> None:
    answer = ask("Bearer no-id")
    # A guard around it asks about the token alone, and its error says nothing.
    if "behind" not in request.node.name:
        assert (answer.status, answer.challenge) == (403, None)
        assert "not allowed: TARGET_UNKNOWN" in answer.body
    assert answer.status in (403, 503)
    assert ran == []


def test_a_server_that_can_not_be_asked(ask: Ask) -> None:
    for token in ("away", "hopeless"):
        answer = ask(f"Bearer {token}")
        assert (answer.status, answer.challenge) == (503, None)
        assert answer.retry_after in ((1.5, 2.0) if token == "away" else (1.0,))
    assert ran == []


def test_a_target_that_is_missing_lets_nobody_in(ask: Ask) -> None:
    for device in ("broken", "empty", "nothing", "text"):
        if device == "nothing" and ask.__qualname__.startswith("over_grpc"):
            # There the service says so itself.
            continue
        assert ask("Bearer ALLOWED", device=device).status == 500, device
    assert ran == []
    assert asked == []


def test_a_token_for_another_audience(ask: Ask) -> None:
    for token in ("ALLOWED", "for-another"):
        answer = ask(f"Bearer {token}", audience=True)
        assert (answer.status, answer.challenge) == NOT_LIVE
        assert ran == []
    for is_asked in (False, True):
        assert ask("Bearer for-us", audience=is_asked).status == 200
    assert ask("Bearer for-another").status == 200


@pytest.fixture(scope="module", params=["asgi", "fastapi", "grpc", "grpc.aio"])
def guarded(request: pytest.FixtureRequest) -> Iterator[Ask]:
    """By a guard alone, with an audience."""
    options: dict[str, Any] = {"realm": "a", "audience": AUDIENCE}

    async def plain(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await PlainTextResponse(ran_for(symbolon.current_caller()))(scope, receive, send)
        else:
            await Starlette()(scope, receive, send)

    if request.param in ("asgi", "fastapi"):
        if request.param == "asgi":
            app: Any = BearerMiddleware(plain, ASYNC, **options)
        else:
            api = app = FastAPI()

            @api.get("/")
            async def root(seen: Annotated[Caller, Depends(Guard(ASYNC, **options))]) -> str:
                return ran_for(seen)

        service = Service(app)
        yield over_http(service, "/")
        service.end()
        return

    def make(**_: Any) -> Any:
        def handle(request: bytes, context: Any) -> bytes:
            return ran_for(symbolon.current_caller()).encode()

        return handle

    if request.param == "grpc":
        server = grpc.server(ThreadPoolExecutor(2), interceptors=[ServerInterceptor(SYNC, **options)])
        server.add_generic_rpc_handlers([handlers(make)])
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield over_grpc(channel)
        server.stop(None)
        return

    async def serve() -> tuple[Any, str]:
        threads = ThreadPoolExecutor(2)
        aio = grpc.aio.server(threads, interceptors=[AioServerInterceptor(ASYNC, **options)])
        aio.add_generic_rpc_handlers([handlers(make)])
        port = aio.add_insecure_port("127.0.0.1:0")
        await aio.start()
        return aio, f"127.0.0.1:{port}"

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    aio, address = asyncio.run_coroutine_threadsafe(serve(), loop).result(PATIENCE)
    with grpc.insecure_channel(address) as channel:
        yield over_grpc(channel)
    asyncio.run_coroutine_threadsafe(aio.stop(None), loop).result(PATIENCE)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(PATIENCE)


def test_the_audience_of_a_guard(guarded: Ask) -> None:
    for token in ("ALLOWED", "for-another"):
        answer = guarded(f"Bearer {token}")
        assert (answer.status, answer.challenge) == NOT_LIVE
    assert ran == []
    assert guarded("Bearer for-us").status == 200


async def nothing(*_: Any) -> None:
    raise AssertionError("the service ran")


MAKE: list[Callable[..., Any]] = [
    lambda **options: PermissionMiddleware(nothing, **{"verifier": ASYNC, "permission": "READ_DEVICE", **options}),
    lambda **options: require_permission(**{"verifier": ASYNC, "permission": "READ_DEVICE", **options}),
]


@pytest.mark.parametrize("make", MAKE)
@pytest.mark.parametrize(
    "options",
    [
        *({"verifier": SYNC}, {"verifier": None}, {"permission": "READ_DEVICES"}, {"permission": None}),
        *({"target": Device("th.1")}, {"audience": ""}, {"audience": 5}, {"realm": "\n"}),
    ],
)
def test_options_that_would_guard_nothing(make: Callable[..., Any], options: dict[str, Any]) -> None:
    with pytest.raises(SymbolonError) as failed:
        make(**options)
    assert failed.value.code is grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize("audience", ["", 5])
@pytest.mark.parametrize(
    "make",
    [
        lambda audience: ServerInterceptor(SYNC, audience=audience),
        lambda audience: AioServerInterceptor(ASYNC, audience=audience),
        lambda audience: BearerMiddleware(nothing, ASYNC, audience=audience),
        lambda audience: Guard(ASYNC, audience=audience),
    ],
)
def test_an_audience_that_is_none(make: Callable[[Any], Any], audience: Any) -> None:
    with pytest.raises(SymbolonError, match="audience"):
        make(audience)


@pytest.mark.parametrize("answer", [None, True, "ALLOWED", object(), caller()], ids=repr)
def test_what_is_no_answer_lets_nobody_in(answer: Any) -> None:
    refusal = permit(answer)
    assert isinstance(refusal, Refusal)
    assert refusal.http_status == 503
