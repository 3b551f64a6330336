"""Signing in by a browser, for threads and for asyncio: a listener over real sockets, and a server as it is told."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import hashlib
import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import grpc
import pytest

import symbolon
from conftest import PATIENCE, eventually
from scripted import Driven, Logins, Scripted, ShiftedClock, failing, serving
from symbolon import BegunCode, SymbolonError
from symbolon._login import code, loopback
from symbolon._login import grants as grants_module
from symbolon._login import session as session_module
from symbolon._login.loopback import Loopback
from symbolon.v1 import token_service_pb2 as pb

ISSUER = "https://login.example/t/demo"
RESOURCE = "https://api.example"
PRECONDITION = grpc.StatusCode.FAILED_PRECONDITION
UNAVAILABLE = grpc.StatusCode.UNAVAILABLE


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


@pytest.fixture(params=[False, True], ids=["threads", "asyncio"])
def logins(request: pytest.FixtureRequest, clock: ShiftedClock) -> Iterator[Logins]:
    made = Logins(request.param)
    yield made
    made.close()


@pytest.fixture
def login(logins: Logins, address: str) -> Driven:
    return logins.of(logins.client(address, "app"), resource=RESOURCE)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as threads:
        yield threads


def query_of(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def answer_to(url: str, **change: str | None) -> str:
    """The URL that the browser comes back to."""
    asked = query_of(url)
    parameters: dict[str, str | None] = {"code": "a-secret-code", "state": asked["state"], "iss": ISSUER, **change}
    return (
        f"{asked['redirect_uri']}?{urlencode({key: value for key, value in parameters.items() if value is not None})}"
    )


def get(url: str, method: str = "GET") -> tuple[int, http.client.HTTPMessage, str]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=PATIENCE)
    connection.request(method, f"{parts.path}?{parts.query}")
    response = connection.getresponse()
    answer = response.status, response.headers, response.read().decode()
    connection.close()
    return answer


def is_listening(url: str) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", urlsplit(query_of(url)["redirect_uri"]).port or 0)) == 0


class SignIn:
    """One that is under way."""

    def __init__(self, login: Driven, threads: ThreadPoolExecutor, **options: Any) -> None:
        opened: Future[str] = Future()
        self.result = threads.submit(login.sign_in_with_code, opened.set_result, **{"issuer": ISSUER, **options})
        self.url = opened.result(PATIENCE)

    def fails(self) -> SymbolonError:
        with pytest.raises(SymbolonError) as failed:
            self.result.result(PATIENCE)
        assert not is_listening(self.url)
        assert "secret" not in f"{failed.value!r} {failed.value}"
        return failed.value


def test_what_is_asked_for() -> None:
    begun = code.begin("app", ISSUER, "http://127.0.0.1:7/back", ["read", "write:a b"], RESOURCE)
    assert begun.url.startswith(f"{ISSUER}/oauth2/authorize?")
    asked = query_of(begun.url)
    # RFC 7636 section 4.2.
    challenge = base64.urlsafe_b64encode(hashlib.sha256(begun.code_verifier.encode()).digest()).decode().rstrip("=")
    assert asked == {
        "response_type": "code",
        "client_id": "app",
        "redirect_uri": "http://127.0.0.1:7/back",
        "scope": "read write:a b",
        "state": begun.state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "resource": RESOURCE,
    }
    # A blank is %20, which every server reads.
    assert "+" not in begun.url
    assert len(begun.code_verifier) == len(begun.state) == 43
    other = code.begin("app", f"{ISSUER}/", "com.example.app:/back", [], "")
    assert other.url.startswith(f"{ISSUER}/oauth2/authorize?")
    assert not {"scope", "resource"} & query_of(other.url).keys()
    assert other.state != begun.state
    assert other.code_verifier != begun.code_verifier


def test_what_is_kept_of_it_goes_through_json_and_shows_no_secret() -> None:
    begun = code.begin("app", ISSUER, "https://app.example/back", [], "")
    assert BegunCode(**json.loads(json.dumps(dataclasses.asdict(begun)))) == begun
    assert begun.code_verifier not in f"{begun!r} {begun}"


BEGUN = BegunCode("https://login.example/", "the-state", "the-verifier", "https://app.example/back", ISSUER)
GOOD = {"code": "the-code", "state": "the-state", "iss": ISSUER}


def url_of(parameters: Any, path: str = "https://app.example/back") -> str:
    return f"{path}?{urlencode(parameters)}"


@pytest.mark.parametrize("path", ["https://app.example/back", "http://behind.a.proxy/back", "/back"])
def test_an_answer(path: str) -> None:
    assert code.code_of(BEGUN, url_of(GOOD, path)) == "the-code"
    assert code.code_of(BEGUN, url_of({**GOOD, "more": "is no matter"}, path)) == "the-code"


@pytest.mark.parametrize(
    ("url", "named"),
    [
        (url_of(GOOD, "https://app.example/other"), "path"),
        (url_of({**GOOD, "state": "another"}), "state"),
        (url_of({**GOOD, "state": ""}), "state"),
        (url_of({**GOOD, "state": "the-statü"}), "state"),
        (url_of({"code": "the-code", "iss": ISSUER}), "state"),
        (url_of([*GOOD.items(), ("state", "the-state")]), "state"),
        (url_of({**GOOD, "iss": f"{ISSUER}/"}), "iss"),
        (url_of({**GOOD, "iss": "https://evil.example"}), "iss"),
        (url_of([*GOOD.items(), ("iss", ISSUER)]), "iss"),
        (url_of({"code": "the-code", "state": "the-state"}), "iss"),
        # Of another server is an error, too.
        (url_of({"error": "access_denied", "state": "the-state"}), "iss"),
        (url_of({"state": "the-state", "iss": ISSUER}), "neither"),
        (url_of({**GOOD, "code": ""}), "neither"),
        (url_of([*GOOD.items(), ("code", "another")]), "neither"),
        (url_of({**GOOD, "error": "access_denied"}), "neither"),
        (url_of({"error": "server_error", "state": "the-state", "iss": ISSUER}), "server_error"),
        ("http://[", "state"),
        ("https://app.example/back?" + "&".join(f"a{number}=" for number in range(60)), "state"),
        ("\ud800", "path"),
    ],
)
def test_what_is_no_answer(url: str, named: str) -> None:
    with pytest.raises(SymbolonError, match=named) as failed:
        code.code_of(BEGUN, url)
    assert failed.value.code is PRECONDITION
    assert not failed.value.retryable
    assert "the-code" not in str(failed.value)


def test_a_description_is_one_line_and_not_a_long_one() -> None:
    error = {"error": "temporarily_unavailable", "error_description": "come back later\n\x1b[31m\u202e" + 1_000 * "x"}
    with pytest.raises(SymbolonError, match="come back later") as failed:
        code.code_of(BEGUN, url_of({**error, "state": "the-state", "iss": ISSUER}))
    assert str(failed.value).isascii()
    assert str(failed.value).isprintable()
    assert len(str(failed.value)) < 300


@pytest.mark.parametrize(
    "issuer",
    [
        *(
            "",
            "login.example",
            "http://login.example",
            "https://",
            "https://login.example?a=b",
            "https://a/#b",
            5,
            None,
        ),
        *("https://user@login.example", "javascript:alert(1)", "https://login.example:x", "https://login .example"),
        *("http://127.0.0.1.example", "http://localhost.example", "https://a?"),
    ],
)
def test_an_issuer_that_is_none(login: Driven, issuer: Any) -> None:
    begins: list[Callable[[], Any]] = [
        lambda: login.begin_code(issuer=issuer, redirect_uri="https://app.example/back"),
        lambda: login.sign_in_with_code(lambda _: pytest.fail("it opened"), issuer=issuer),
    ]
    for begin in begins:
        with pytest.raises(SymbolonError, match="issuer") as failed:
            begin()
        assert failed.value.code is grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:1/t/a"])
def test_an_issuer_on_this_machine(login: Driven, issuer: str) -> None:
    assert login.begin_code(issuer=issuer, redirect_uri="https://a/b").url.startswith(f"{issuer}/oauth2/authorize?")


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"redirect_uri": "https://127.0.0.1/callback"}, "redirect_uri"),
        ({"redirect_uri": "http://app.example/callback"}, "redirect_uri"),
        ({"redirect_uri": "http://127.0.0.1/callback?a=b"}, "redirect_uri"),
        ({"redirect_uri": "http://127.0.0.1/callback#a"}, "redirect_uri"),
        ({"redirect_uri": "http://127.0.0.1/call back"}, "redirect_uri"),
        ({"redirect_uri": "http://127.0.0.1/call\r\nback"}, "redirect_uri"),
        ({"redirect_uri": "http://user@127.0.0.1/callback"}, "redirect_uri"),
        ({"redirect_uri": None}, "redirect_uri"),
        ({"timeout": 0}, "timeout"),
        ({"timeout": float("inf")}, "timeout"),
        ({"timeout": "5"}, "timeout"),
        ({"scopes": "read"}, "scopes"),
    ],
)
def test_options_that_are_wrong(login: Driven, options: dict[str, Any], named: str) -> None:
    with pytest.raises(SymbolonError, match=named) as failed:
        login.sign_in_with_code(lambda _: pytest.fail("it opened"), **{"issuer": ISSUER, **options})
    assert failed.value.code is grpc.StatusCode.INVALID_ARGUMENT


def test_what_can_not_be_called(login: Driven) -> None:
    async def later(_: Any) -> None:
        pass

    for wrong in (None, "xdg-open", *([later] if login.loop is None else [])):
        with pytest.raises(SymbolonError, match="open_browser must be"):
            login.sign_in_with_code(wrong, issuer=ISSUER)
        with pytest.raises(SymbolonError, match="show must be"):
            login.sign_in_with_device_code(wrong)


@pytest.mark.parametrize("redirect_uri", ["http://127.0.0.1/callback", "http://localhost:1/a/b", "http://127.0.0.1"])
def test_by_the_browser_of_this_machine(
    login: Driven, service: Scripted, threads: ThreadPoolExecutor, redirect_uri: str
) -> None:
    sign_in = SignIn(login, threads, redirect_uri=redirect_uri, scopes=["read"])
    asked = query_of(sign_in.url)
    parts, wished = urlsplit(asked["redirect_uri"]), urlsplit(redirect_uri)
    assert (parts.hostname, parts.path) == (wished.hostname, wished.path)
    assert parts.port != wished.port
    assert (asked["scope"], asked["resource"], asked["client_id"]) == ("read", RESOURCE, "app")
    assert not login.signed_in
    back = answer_to(sign_in.url).replace("localhost", "127.0.0.1")
    status, headers, page = get(back if parts.path else back.replace("?", "/?", 1))
    assert status == 200
    assert "You may close this window" in page
    assert "script" not in page
    assert "secret" not in page
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert sign_in.result.result(PATIENCE) is None
    assert not is_listening(sign_in.url)
    [issued] = service.names("Issue")
    credential = issued.authorization_code
    assert (credential.code, credential.redirect_uri) == ("a-secret-code", asked["redirect_uri"])
    challenge = base64.urlsafe_b64encode(hashlib.sha256(credential.code_verifier.encode()).digest()).decode()
    assert challenge.rstrip("=") == asked["code_challenge"]
    assert (issued.resource, issued.request_id, list(issued.scopes)) == (RESOURCE, "", [])
    assert login.current_user.subject_id == "ann"
    assert login.told == ["signed_in"]


def test_a_browser_that_can_not_be_opened(login: Driven) -> None:
    seen: list[str] = []

    def fail(url: str) -> None:
        seen.append(url)
        raise OSError("no display")

    with pytest.raises(OSError, match="no display"):
        login.sign_in_with_code(fail, issuer=ISSUER)
    assert not is_listening(seen[0])
    # Nothing is under way any more.
    assert login.sign_in_user("ann", "a-password") is None


def test_a_coroutine_opens_the_browser(address: str) -> None:
    async def run() -> None:
        async with symbolon.AsyncClient(address, "app") as client, client.login() as login:

            async def open_browser(url: str) -> None:
                await asyncio.to_thread(get, answer_to(url))

            await login.sign_in_with_code(open_browser, issuer=ISSUER)
            assert login.signed_in

    asyncio.run(run())


def test_what_comes_from_elsewhere_ends_nothing(login: Driven, service: Scripted, threads: ThreadPoolExecutor) -> None:
    sign_in = SignIn(login, threads)
    back = answer_to(sign_in.url)
    port = urlsplit(back).port or 0
    # As a browser does that connects ahead.
    with socket.create_connection(("127.0.0.1", port)), socket.create_connection(("127.0.0.1", port)) as another:
        another.sendall(b"GET /callback?code=1 HT")
        assert get(back.replace("/callback", "/favicon.ico"))[0] == 404
        assert get(answer_to(sign_in.url, state="another"))[0] == 400
        assert get(answer_to(sign_in.url, state=None))[0] == 400
        assert get(answer_to(sign_in.url, state="another", code=None, error="access_denied"))[0] == 400
        assert get(back, "POST")[0] == 405
        assert get(back, "HEAD")[0] == 405
        for rubbish in (b"\r\n\r\n", b"\x16\x03\x01\r\n\r\n", b"GET http://a/ HTTP/1.1\r\n\r\n", b"x" * 20_000):
            with socket.create_connection(("127.0.0.1", port), PATIENCE) as caller:
                try:
                    caller.sendall(rubbish)
                    assert caller.recv(100) == b""
                except ConnectionError:
                    pass
        assert not sign_in.result.done()
        assert not service.requests
        assert get(back)[0] == 200
        sign_in.result.result(PATIENCE)
    assert login.signed_in


def test_no_more_connections_than_a_browser_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loopback, "_MAX_CONNECTIONS", 2)
    # So that it is not its time that ends the third one.
    monkeypatch.setattr(loopback, "_PATIENCE", 10 * PATIENCE)
    listener = Loopback("http://127.0.0.1/callback")
    begun = code.begin("app", ISSUER, listener.redirect_uri, [], "")
    answered: Future[str] = Future()
    listener.serve(begun, answered)
    port = urlsplit(listener.redirect_uri).port or 0
    waiting = [socket.create_connection(("127.0.0.1", port), PATIENCE) for _ in range(2)]
    eventually("both are taken", lambda: len(listener._connections) == 2)
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as third:
        assert third.recv(1) == b""
    for each in waiting:
        each.close()
    eventually("none is left", lambda: not listener._connections)
    back = answer_to(begun.url)
    assert get(back)[0] == 200
    assert urlsplit(answered.result(PATIENCE)).query == urlsplit(back).query
    listener.close()
    assert not is_listening(begun.url)


@pytest.mark.parametrize(
    ("change", "status", "reason", "named"),
    [
        ({"code": None, "error": "access_denied"}, grpc.StatusCode.PERMISSION_DENIED, "ACCESS_DENIED", "did not allow"),
        ({"code": None, "error": "server_error", "error_description": "a storm"}, PRECONDITION, "", "a storm"),
        ({"iss": "https://evil.example"}, PRECONDITION, "", "iss"),
        ({"iss": None}, PRECONDITION, "", "iss"),
        ({"code": None}, PRECONDITION, "", "neither"),
    ],
)
def test_an_answer_that_signs_nobody_in(
    login: Driven,
    service: Scripted,
    threads: ThreadPoolExecutor,
    change: dict[str, Any],
    status: grpc.StatusCode,
    reason: str,
    named: str,
) -> None:
    sign_in = SignIn(login, threads)
    assert get(answer_to(sign_in.url, **change))[0] == 200
    error = sign_in.fails()
    assert (error.code, error.reason, error.retryable) == (status, reason, False)
    assert named in str(error)
    assert not service.requests
    assert login.told == []


def test_the_browser_does_not_come_back(login: Driven, threads: ThreadPoolExecutor) -> None:
    error = SignIn(login, threads, timeout=0.2).fails()
    assert error.code is grpc.StatusCode.DEADLINE_EXCEEDED
    assert "sign in again" in str(error)


def test_it_is_given_up(login: Driven, service: Scripted, threads: ThreadPoolExecutor) -> None:
    sign_in = SignIn(login, threads)
    with pytest.raises(SymbolonError, match="another sign-in is under way"):
        login.sign_in_user("ann", "a-password")
    login.sign_out()
    assert sign_in.fails().code is grpc.StatusCode.CANCELLED
    sign_in = SignIn(login, threads)
    login.close()
    assert sign_in.fails().code is grpc.StatusCode.CANCELLED
    assert not service.names("Issue")


def test_a_task_that_is_cancelled(address: str) -> None:
    async def run() -> None:
        async with symbolon.AsyncClient(address, "app") as client, client.login() as login:
            opened: asyncio.Future[str] = asyncio.get_running_loop().create_future()
            task = asyncio.create_task(login.sign_in_with_code(opened.set_result, issuer=ISSUER))
            url = await opened
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert not is_listening(url)
            shown: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            task = asyncio.create_task(login.sign_in_with_device_code(shown.set_result))
            await shown
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await login.sign_in_user("ann", "a-password")

    asyncio.run(run())


@pytest.mark.parametrize("status", [UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.INTERNAL])
def test_a_code_is_sent_once(login: Driven, service: Scripted, status: grpc.StatusCode) -> None:
    service.script("Issue", failing(status))
    begun = login.begin_code(issuer=ISSUER, redirect_uri="https://app.example/back")
    with pytest.raises(SymbolonError, match="sign in again") as failed:
        login.complete_code(begun, answer_to(begun.url))
    assert failed.value.code is UNAVAILABLE
    assert len(service.names("Issue")) == 1
    assert login.told == []


def test_an_app_with_a_redirect_of_its_own(login: Driven, service: Scripted) -> None:
    login.sign_in_user("bob", "a-password")
    begun = login.begin_code(issuer=ISSUER, redirect_uri="https://app.example/back", scopes=["read"])
    with pytest.raises(SymbolonError, match="state"):
        login.complete_code(begun, answer_to(begun.url, state="another"))
    service.subject = "carol"
    login.complete_code(begun, answer_to(begun.url))
    assert service.names("Issue")[1].authorization_code.redirect_uri == "https://app.example/back"
    assert login.current_user.subject_id == "carol"
    # In whose place it is.
    eventually("that has ended", lambda: [each.token for each in service.names("Revoke")] == ["syr_secret1"])
    for wrong in ({"begun": None}, {"callback_url": None}):
        with pytest.raises(SymbolonError, match="must be"):
            login.complete_code(**{"begun": begun, "callback_url": answer_to(begun.url), **wrong})


def test_a_code_that_is_refused(login: Driven, service: Scripted) -> None:
    service.script("Issue", failing(PRECONDITION, "INVALID_GRANT"))
    begun = login.begin_code(issuer=ISSUER, redirect_uri="https://app.example/back")
    with pytest.raises(SymbolonError) as failed:
        login.complete_code(begun, answer_to(begun.url))
    assert (failed.value.code, failed.value.reason) == (PRECONDITION, "INVALID_GRANT")


@pytest.fixture
def pauses(clock: ShiftedClock, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Time goes on at once where a device would wait."""
    waited: list[float] = []

    async def pause(self: Any, attempt: Any, seconds: float) -> None:
        waited.append(round(seconds, 1))
        clock.go_on(seconds)
        self._state.require(attempt)

    monkeypatch.setattr(grants_module.Grants, "_pause", pause)
    return waited


PENDING = failing(PRECONDITION, "AUTHORIZATION_PENDING")
SLOW_DOWN = failing(grpc.StatusCode.RESOURCE_EXHAUSTED, "SLOW_DOWN", retry=12)
AWAY = failing(UNAVAILABLE)


def test_by_a_code_that_a_device_shows(login: Driven, service: Scripted, pauses: list[float]) -> None:
    shown: list[symbolon.DevicePrompt] = []
    service.script("Issue", PENDING, PENDING)
    login.sign_in_with_device_code(shown.append, scopes=["read"])
    [prompt] = shown
    assert (prompt.user_code, prompt.verification_uri) == ("ABCD-EFGH", "https://login.example/device")
    assert prompt.verification_uri_complete == f"{prompt.verification_uri}?user_code={quote(prompt.user_code)}"
    assert 0 < prompt.time_to_live <= 600
    assert "secret" not in repr(prompt)
    [begun] = service.names("BeginDeviceAuthorization")
    assert (list(begun.scopes), begun.resource) == (["read"], RESOURCE)
    issued = service.names("Issue")
    assert {(each.device_code.device_code, each.resource) for each in issued} == {("a-secret-device-code", RESOURCE)}
    # Before the first one, too.
    assert pauses == [5.0, 5.0, 5.0]
    assert login.told == ["signed_in"]


def test_how_a_device_waits(login: Driven, service: Scripted, pauses: list[float]) -> None:
    script = [PENDING, SLOW_DOWN, PENDING, AWAY, AWAY, AWAY, PENDING, failing(UNAVAILABLE, retry=33), PENDING]
    service.script("Issue", *script)
    login.sign_in_with_device_code(lambda _: None)
    # RFC 8628 section 3.5: five seconds more after SLOW_DOWN, and longer and longer while nobody answers.
    assert pauses == [5, 5, 12, 10, 10, 20, 40, 10, 33, 10]


@pytest.mark.parametrize("reason", ["ACCESS_DENIED", "EXPIRED_TOKEN", "INVALID_GRANT"])
def test_a_device_that_is_refused(login: Driven, service: Scripted, pauses: list[float], reason: str) -> None:
    service.script("Issue", PENDING, failing(PRECONDITION, reason))
    with pytest.raises(SymbolonError) as failed:
        login.sign_in_with_device_code(lambda _: None)
    assert (failed.value.code, failed.value.reason, failed.value.retryable) == (PRECONDITION, reason, False)
    assert "secret" not in str(failed.value)
    assert len(service.names("Issue")) == 2
    assert login.told == []
    assert login.sign_in_user("ann", "a-password") is None


def test_a_device_whose_answer_was_lost(login: Driven, service: Scripted, pauses: list[float]) -> None:
    service.script("Issue", AWAY, failing(PRECONDITION, "INVALID_GRANT"))
    with pytest.raises(SymbolonError, match="lost: sign in again") as failed:
        login.sign_in_with_device_code(lambda _: None)
    assert (failed.value.code, failed.value.reason) == (PRECONDITION, "INVALID_GRANT")


def test_a_device_whose_time_is_over(login: Driven, service: Scripted, pauses: list[float]) -> None:
    service.script("Issue", *(PENDING for _ in range(200)))
    with pytest.raises(SymbolonError, match="sign in again") as failed:
        login.sign_in_with_device_code(lambda _: None)
    assert failed.value.reason == "EXPIRED_TOKEN"
    assert 595 < sum(pauses) < 605
    assert 118 < len(service.names("Issue")) < 121


@pytest.mark.parametrize("how", ["sign_out", "close"])
def test_a_device_gives_up(login: Driven, service: Scripted, threads: ThreadPoolExecutor, how: str) -> None:
    shown: Future[Any] = Future()
    result = threads.submit(login.sign_in_with_device_code, shown.set_result)
    shown.result(PATIENCE)
    getattr(login, how)()
    with pytest.raises(SymbolonError) as failed:
        result.result(PATIENCE)
    assert failed.value.code is grpc.StatusCode.CANCELLED
    assert not service.names("Issue")


def test_somebody_signs_out_while_a_device_asks(
    login: Driven, service: Scripted, pauses: list[float], threads: ThreadPoolExecutor
) -> None:
    asked, released = threading.Event(), threading.Event()

    def hold(service: Scripted, request: Any, context: Any) -> Any:
        asked.set()
        assert released.wait(PATIENCE)
        return pb.IssueResponse(tokens=service.new())

    service.script("Issue", hold)
    result = threads.submit(login.sign_in_with_device_code, lambda _: None)
    assert asked.wait(PATIENCE)
    login.sign_out()
    released.set()
    with pytest.raises(SymbolonError) as failed:
        result.result(PATIENCE)
    assert failed.value.code is grpc.StatusCode.CANCELLED
    # What it got is ended.
    eventually("it is revoked", lambda: [each.token for each in service.names("Revoke")] == ["syr_secret1"])
    assert not login.signed_in


def test_a_device_begins_again_after_a_lost_answer(login: Driven, service: Scripted, pauses: list[float]) -> None:
    service.script("BeginDeviceAuthorization", AWAY)
    login.sign_in_with_device_code(lambda _: None)
    assert len(service.names("BeginDeviceAuthorization")) == 2


SIGN_INS: list[Callable[[Driven], Any]] = [
    lambda login: login.sign_in_user("ann", "a-password"),
    lambda login: login.sign_in_device("a-vendor-id", "a-password"),
    lambda login: login.sign_in_client(),
    lambda login: login.sign_in_anonymously(),
]


def test_each_sign_in_asks_for_the_resource(logins: Logins, address: str, service: Scripted) -> None:
    client = logins.client(address, "app", "a-secret")
    login = logins.of(client, resource=RESOURCE)
    for sign_in in SIGN_INS:
        sign_in(login)
    plain = logins.of(client)
    for sign_in in SIGN_INS:
        sign_in(plain)
    assert [each.resource for each in service.names("Issue")] == [RESOURCE] * 4 + [""] * 4
    wrong: Any = None
    with pytest.raises(SymbolonError, match="resource"):
        client.login(resource=wrong)


@pytest.mark.parametrize("is_anonymous", [False, True])
def test_a_login_that_is_begun_again_asks_for_the_resource(
    logins: Logins, address: str, service: Scripted, clock: ShiftedClock, is_anonymous: bool
) -> None:
    service.kind = pb.TOKEN_KIND_ANONYMOUS if is_anonymous else pb.TOKEN_KIND_APPLICATION
    service.subject, service.login_lifetime = "app", None
    login = logins.of(logins.client(address, "app", "a-secret"), resource=RESOURCE)
    login.sign_in_anonymously() if is_anonymous else login.sign_in_client()
    clock.go_on(3_601)
    assert login.token() == "syu_secret2"
    assert [each.resource for each in service.names("Issue")] == [RESOURCE] * 2


def test_a_second_factor_takes_no_resource(login: Driven, service: Scripted) -> None:
    def challenge(service: Scripted, request: Any, context: Any) -> Any:
        return pb.IssueResponse(mfa_challenge=pb.MfaChallenge(mfa_token="a-token"))

    service.script("Issue", challenge)
    login.sign_in_user("ann", "a-password").complete("123456")
    assert [each.resource for each in service.names("Issue")] == [RESOURCE, ""]
