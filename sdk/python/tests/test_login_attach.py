"""Calls with the token of a login attached, by grpc, grpc.aio and httpx."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import grpc
import grpc.aio
import pytest

import symbolon
from conftest import PATIENCE, eventually
from scripted import HOUR, Driven, Held, Logins, Scripted, ShiftedClock, serving
from symbolon import SymbolonError
from symbolon._login import session as session_module
from symbolon.attach import LoginInterceptor, LoginPlugin, aio_interceptors
from test_tls import certificate

UNAUTHENTICATED = grpc.StatusCode.UNAUTHENTICATED


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> ShiftedClock:
    clock = ShiftedClock()
    monkeypatch.setattr(session_module, "CLOCK", clock)
    return clock


@pytest.fixture
def service() -> Scripted:
    return Scripted()  # type: ignore[abstract]


@pytest.fixture
def address(service: Scripted) -> Iterator[str]:
    with serving(service) as address:
        yield address


class Guarded:
    """A service that lets in who has the token of the moment, of all kinds of calls."""

    def __init__(self) -> None:
        self.good = {"Bearer syu_secret1"}
        self.seen: list[str] = []
        self.gate = threading.Event()
        self.gate.set()

    def add_to(self, server: grpc.Server) -> None:
        handlers: dict[str, Any] = {
            "UU": grpc.unary_unary_rpc_method_handler(self._one),
            "US": grpc.unary_stream_rpc_method_handler(self._many),
            "SU": grpc.stream_unary_rpc_method_handler(self._one),
            "SS": grpc.stream_stream_rpc_method_handler(self._many),
        }
        server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("t.T", handlers)])

    def _check(self, context: Any) -> None:
        values = [str(value) for key, value in context.invocation_metadata() if key == "authorization"]
        self.seen += values or ["nothing"]
        assert self.gate.wait(PATIENCE)
        if len(values) != 1 or values[0] not in self.good:
            context.abort(UNAUTHENTICATED, "not you")

    def _one(self, _: Any, context: Any) -> bytes:
        self._check(context)
        return b"good"

    def _many(self, _: Any, context: Any) -> Iterator[bytes]:
        self._check(context)
        yield b"good"


@pytest.fixture
def guarded() -> Guarded:
    return Guarded()


@pytest.fixture
def guarded_at(guarded: Guarded) -> Iterator[str]:
    threads = ThreadPoolExecutor(8)
    server = grpc.server(threads)
    guarded.add_to(server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(None).wait()
    threads.shutdown()


KINDS = {"UU": "unary_unary", "US": "unary_stream", "SU": "stream_unary", "SS": "stream_stream"}

Call = Callable[..., Any]


class Calls:
    """Calls a guarded service by either kind of channel."""

    def __init__(self, logins: Logins, login: Driven, address: str) -> None:
        self.login, self.loop = login, logins.loop
        self.address = address
        self.channel: Any = None

    def open(self) -> None:
        if self.loop is None:
            plain = grpc.insecure_channel(self.address)
            self.channel = grpc.intercept_channel(plain, LoginInterceptor(self.login.login))
        else:
            self.channel = grpc.aio.insecure_channel(self.address, interceptors=aio_interceptors(self.login.login))

    def close(self) -> None:
        if self.loop is not None and self.channel is not None:
            self.login.wait(self.channel.close())

    def __call__(self, kind: str = "UU", **options: Any) -> bytes:
        if self.loop is None:
            if self.channel is None:
                self.open()
            request: Any = iter([b""]) if kind.startswith("S") else b""
            answer = getattr(self.channel, KINDS[kind])(f"/t.T/{kind}")(request, timeout=PATIENCE, **options)
            return b"".join(answer) if kind.endswith("S") else bytes(answer)
        return bytes(self.login.wait(self._call(kind, options)))

    async def _call(self, kind: str, options: dict[str, Any]) -> bytes:
        if self.channel is None:
            self.open()
        request: Any = iter([b""]) if kind.startswith("S") else b""
        answer = getattr(self.channel, KINDS[kind])(f"/t.T/{kind}")(request, timeout=PATIENCE, **options)
        if kind.endswith("S"):
            return b"".join([each async for each in answer])
        return bytes(await answer)


@pytest.fixture(params=[False, True], ids=["threads", "asyncio"])
def logins(request: pytest.FixtureRequest, clock: ShiftedClock) -> Iterator[Logins]:
    made = Logins(request.param)
    yield made
    made.close()


@pytest.fixture
def login(logins: Logins, address: str) -> Driven:
    login = logins.open(address)
    login.sign_in_user("ann", "a-password")
    return login


@pytest.fixture
def call(logins: Logins, login: Driven, guarded_at: str) -> Iterator[Calls]:
    calls = Calls(logins, login, guarded_at)
    yield calls
    calls.close()


@pytest.mark.parametrize("kind", KINDS)
def test_all_kinds_of_calls_have_it(call: Calls, guarded: Guarded, kind: str) -> None:
    assert call(kind) == b"good"
    assert guarded.seen == ["Bearer syu_secret1"]


def refused(call: Calls, kind: str = "UU", **options: Any) -> None:
    with pytest.raises(grpc.RpcError) as failed:
        call(kind, **options)
    assert failed.value.code() is UNAUTHENTICATED


def test_once_more_with_another_token(call: Calls, guarded: Guarded, service: Scripted) -> None:
    service.dead["syu_secret1"] = "EXPIRED"
    guarded.good = {"Bearer syu_secret2"}
    assert call() == b"good"
    assert guarded.seen == ["Bearer syu_secret1", "Bearer syu_secret2"]


def test_once_and_no_more(call: Calls, guarded: Guarded, service: Scripted) -> None:
    service.dead["syu_secret1"] = "EXPIRED"
    guarded.good = set()
    refused(call)
    assert guarded.seen == ["Bearer syu_secret1", "Bearer syu_secret2"]


def test_not_where_the_token_is_live(call: Calls, guarded: Guarded) -> None:
    guarded.good = set()
    refused(call)
    assert guarded.seen == ["Bearer syu_secret1"]


def test_not_after_another_error(call: Calls, guarded: Guarded, service: Scripted) -> None:
    service.dead["syu_secret1"] = "EXPIRED"
    with pytest.raises(grpc.RpcError):
        if call.loop is None:
            call.open()
            call.channel.unary_unary("/t.T/None")(b"", timeout=PATIENCE)
        else:

            async def ask() -> None:
                call.open()
                await call.channel.unary_unary("/t.T/None")(b"", timeout=PATIENCE)

            call.login.wait(ask())
    assert not service.names("DescribeToken")


@pytest.mark.parametrize("kind", ["US", "SU", "SS"])
def test_a_stream_is_gone_and_the_next_one_is_better_off(
    call: Calls, guarded: Guarded, service: Scripted, kind: str
) -> None:
    service.dead["syu_secret1"] = "EXPIRED"
    guarded.good = {"Bearer syu_secret2"}
    refused(call, kind)
    assert guarded.seen == ["Bearer syu_secret1"]
    eventually("another token", lambda: call.login.token() == "syu_secret2")
    assert call(kind) == b"good"


def test_a_future_is_not_waited_for(call: Calls, guarded: Guarded, service: Scripted) -> None:
    if call.loop is not None:
        return
    service.dead["syu_secret1"] = "EXPIRED"
    guarded.good = {"Bearer syu_secret2"}
    call.open()
    guarded.gate.clear()
    future = call.channel.unary_unary("/t.T/UU").future(b"", timeout=PATIENCE)
    guarded.gate.set()
    assert future.exception(PATIENCE).code() is UNAUTHENTICATED
    eventually("another token", lambda: call.login.token() == "syu_secret2")


def test_who_is_named_is_heard(call: Calls, guarded: Guarded) -> None:
    refused(call, metadata=(("authorization", "Bearer other"),))
    assert guarded.seen == ["Bearer other"]


def test_nobody_is_signed_in(call: Calls, guarded: Guarded) -> None:
    call.login.sign_out()
    for kind in KINDS:
        with pytest.raises(SymbolonError, match="sign in first"):
            call(kind)
    assert guarded.seen == []


def test_a_call_waits_no_longer_than_it_may(call: Calls, service: Scripted, clock: ShiftedClock) -> None:
    if call.loop is not None:
        return
    held = Held()
    service.script("Refresh", held)
    clock.go_on(HOUR + 1)
    call.open()
    # That of the refresh itself comes much later.
    with pytest.raises(SymbolonError, match="no token came in time"):
        call.channel.unary_unary("/t.T/UU")(b"", timeout=0.2)
    held.released.set()


def test_plugin(
    logins: Logins, login: Driven, guarded: Guarded, service: Scripted, clock: ShiftedClock, tmp_path: Any
) -> None:
    """Call credentials, which grpc takes over TLS alone."""
    own, key = certificate(tmp_path, "own", "DNS:localhost,IP:127.0.0.1")
    threads = ThreadPoolExecutor(8)
    server = grpc.server(threads)
    guarded.add_to(server)
    port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials([(key.read_bytes(), own.read_bytes())]))
    server.start()
    credentials = grpc.composite_channel_credentials(
        grpc.ssl_channel_credentials(own.read_bytes()), grpc.metadata_call_credentials(LoginPlugin(login.login))
    )
    with grpc.secure_channel(f"localhost:{port}", credentials) as channel:
        say: Any = channel.unary_unary("/t.T/UU")
        assert say(b"", timeout=PATIENCE) == b"good"
        held = Held()
        service.script("Refresh", held)
        clock.go_on(HOUR + 1)
        guarded.good = {"Bearer syu_secret2"}
        waiting = [say.future(b"", timeout=PATIENCE) for _ in range(20)]
        assert held.arrived.wait(PATIENCE)
        held.released.set()
        assert {each.result() for each in waiting} == {b"good"}
        assert len(service.names("Refresh")) == 1
        login.sign_out()
        with pytest.raises(grpc.RpcError) as failed:
            say(b"", timeout=PATIENCE)
        assert "sign in first" in str(failed.value.details())
        assert "secret" not in str(failed.value)
    server.stop(None).wait()
    threads.shutdown()


class Http:
    """An HTTP server that lets in who has a good token, and redirects."""

    def __init__(self) -> None:
        self.good = {"Bearer syu_secret1"}
        self.seen: list[tuple[str, str | None, bytes]] = []
        self.elsewhere = ""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                body = self.rfile.read(length)
                while self.headers.get("transfer-encoding") and (line := self.rfile.readline()) != b"0\r\n":
                    body += self.rfile.read(int(line, 16))
                    self.rfile.readline()
                if self.headers.get("transfer-encoding"):
                    self.rfile.readline()
                authorization = self.headers.get("authorization")
                outer.seen.append((self.path, authorization, body))
                if self.path == "/away":
                    self._answer(307, outer.elsewhere)
                else:
                    self._answer(200 if authorization in outer.good else 401)

            do_POST = do_GET  # noqa: N815

            def _answer(self, status: int, location: str | None = None) -> None:
                self.send_response(status)
                if location:
                    self.send_header("location", location)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def http() -> Iterator[Http]:
    server = Http()
    yield server
    server.close()


class Fetch:
    def __init__(self, login: Driven) -> None:
        self.login = login

    def __call__(self, method: str, url: str, **options: Any) -> int:
        httpx = pytest.importorskip("httpx")
        from symbolon.httpx import LoginAuth

        settings = {"auth": LoginAuth(self.login.login), "follow_redirects": True, "trust_env": False}
        if self.login.loop is None:
            with httpx.Client(**settings) as client:
                return int(client.request(method, url, **options).status_code)

        async def fetch() -> int:
            async with httpx.AsyncClient(**settings) as client:
                return int((await client.request(method, url, **options)).status_code)

        return int(self.login.wait(fetch()))


@pytest.fixture
def fetch(login: Driven) -> Fetch:
    return Fetch(login)


def test_http(fetch: Fetch, http: Http) -> None:
    assert fetch("GET", http.url) == 200
    assert http.seen == [("/", "Bearer syu_secret1", b"")]


def test_http_once_more(fetch: Fetch, http: Http, service: Scripted) -> None:
    service.dead["syu_secret1"] = "EXPIRED"
    http.good = {"Bearer syu_secret2"}
    assert fetch("POST", http.url, content=b"body") == 200
    assert http.seen == [("/", "Bearer syu_secret1", b"body"), ("/", "Bearer syu_secret2", b"body")]


def test_http_once_and_no_more(fetch: Fetch, http: Http, service: Scripted) -> None:
    service.dead["syu_secret1"] = "EXPIRED"
    http.good = set()
    assert fetch("GET", http.url) == 401
    assert len(http.seen) == 2


def test_http_not_where_the_token_is_live(fetch: Fetch, http: Http) -> None:
    http.good = set()
    assert fetch("GET", http.url) == 401
    assert len(http.seen) == 1


def test_http_a_body_that_was_a_stream_is_gone(fetch: Fetch, http: Http, service: Scripted) -> None:
    service.dead["syu_secret1"] = "EXPIRED"
    http.good = {"Bearer syu_secret2"}

    def body() -> Iterator[bytes]:
        yield b"body"

    async def abody() -> Any:
        yield b"body"

    assert fetch("POST", http.url, content=body() if fetch.login.loop is None else abody()) == 401
    assert len(http.seen) == 1
    # The next one is better off.
    assert fetch("POST", http.url, content=b"body") == 200


def test_http_who_is_named_is_heard(fetch: Fetch, http: Http) -> None:
    assert fetch("GET", http.url, headers={"Authorization": "Bearer other"}) == 401
    assert [authorization for _, authorization, _ in http.seen] == ["Bearer other"]


def test_http_the_token_follows_no_redirect_to_another_host(fetch: Fetch, http: Http, service: Scripted) -> None:
    other = Http()
    try:
        service.dead["syu_secret1"] = "EXPIRED"
        for host in (other.url, other.url.replace("127.0.0.1", "localhost")):
            http.elsewhere = f"{host}/there"
            assert fetch("GET", f"{http.url}/away") == 401
        assert other.seen == [("/there", None, b"")] * 2
        # And what another host says is not of the token.
        assert not service.names("DescribeToken")
        assert len(http.seen) == 2
        http.elsewhere = f"{http.url}/here"
        assert fetch("GET", f"{http.url}/away") == 200
        assert ("/here", "Bearer syu_secret1", b"") in http.seen
    finally:
        other.close()


@pytest.mark.parametrize("host", ["api.example.com", "127.0.0.1.example.com", "10.0.0.1", "[fe80::1]"])
def test_http_without_tls_there_is_no_token(logins: Logins, address: str, login: Driven, host: str) -> None:
    httpx = pytest.importorskip("httpx")
    from symbolon.httpx import LoginAuth

    seen: list[str] = []

    def answer(request: Any) -> Any:
        seen.append(request.headers.get("authorization", ""))
        return httpx.Response(200)

    def get(url: str, login: Driven, **options: Any) -> None:
        settings = {"auth": LoginAuth(login.login), "transport": httpx.MockTransport(answer), **options}
        if login.loop is None:
            with httpx.Client(**settings) as client:
                client.get(url)
            return

        async def fetch() -> None:
            async with httpx.AsyncClient(**settings) as client:
                await client.get(url)

        login.wait(fetch())

    with pytest.raises(SymbolonError, match="without TLS: use https") as failed:
        get(f"http://{host}/", login)
    assert failed.value.code is grpc.StatusCode.FAILED_PRECONDITION
    assert seen == []
    get(f"http://{host}/", login, headers={"authorization": "Bearer other"})
    for safe in (f"https://{host}/", "http://localhost/", "http://127.8.9.1:80/", "http://[::1]/"):
        get(safe, login)
    asked = logins.of(logins.client(address, "app", plaintext=True))
    asked.sign_in_user("ann", "a-password")
    get(f"http://{host}/", asked)
    assert seen == ["Bearer other", *["Bearer syu_secret1"] * 4, "Bearer syu_secret2"]


def test_http_nobody_is_signed_in(fetch: Fetch, http: Http) -> None:
    fetch.login.sign_out()
    with pytest.raises(SymbolonError, match="sign in first"):
        fetch("GET", http.url)
    assert http.seen == []


def test_each_kind_goes_with_its_own(address: str) -> None:
    from symbolon.httpx import LoginAuth

    httpx = pytest.importorskip("httpx")
    login = symbolon.Client(address, "app").login()
    other = symbolon.AsyncClient(address, "app").login()
    kinds: list[Any] = [LoginInterceptor, LoginPlugin, LoginAuth, aio_interceptors]
    for make in kinds:
        with pytest.raises(SymbolonError, match="login must be"):
            make("login")
    with pytest.raises(SymbolonError, match="take aio_interceptors"):
        LoginInterceptor(other)  # type: ignore[arg-type]
    with pytest.raises(SymbolonError, match="take LoginInterceptor"):
        aio_interceptors(login)  # type: ignore[arg-type]
    with httpx.Client(auth=LoginAuth(other)) as client, pytest.raises(SymbolonError, match="AsyncLogin"):
        client.get("http://127.0.0.1:1")

    async def fetch() -> None:
        async with httpx.AsyncClient(auth=LoginAuth(login)) as client:
            await client.get("http://127.0.0.1:1")

    with pytest.raises(SymbolonError, match="AsyncLogin"):
        asyncio.run(fetch())
