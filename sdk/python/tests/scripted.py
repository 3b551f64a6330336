"""A server over a real socket that does what the real one never does, and both kinds of logins as one."""

from __future__ import annotations

import asyncio
import inspect
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import error_details_pb2, status_pb2

import symbolon
from conftest import PATIENCE
from symbolon._clock import SystemClock
from symbolon.v1 import token_service_pb2 as pb
from symbolon.v1 import token_service_pb2_grpc

HOUR = 3_600.0
WEEKS = 1_209_600.0


class ShiftedClock:
    """Those of the machine, and how far they are shifted."""

    def __init__(self) -> None:
        self._clock = SystemClock()
        self.monotonic_shift = 0.0
        self.wall_shift = 0.0

    def monotonic(self) -> float:
        return self._clock.monotonic() + self.monotonic_shift

    def wall(self) -> float:
        return self._clock.wall() + self.wall_shift

    def go_on(self, seconds: float) -> None:
        self.monotonic_shift += seconds
        self.wall_shift += seconds


def abort(context: Any, code: grpc.StatusCode, reason: str = "", ended_by: str = "", retry: float | None = None) -> Any:
    """Fail as the server does."""
    status = status_pb2.Status(code=code.value[0], message="as the script says")
    if reason:
        metadata = {"endedBy": ended_by} if ended_by else {}
        info = error_details_pb2.ErrorInfo(reason=reason, domain="symbolon.internal", metadata=metadata)
        status.details.add().Pack(info)
    if retry is not None:
        info = error_details_pb2.RetryInfo()
        info.retry_delay.FromMilliseconds(int(retry * 1_000))
        status.details.add().Pack(info)
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(code, "as the script says")


Script = Callable[["Scripted", Any, Any], Any]


class Scripted(token_service_pb2_grpc.TokenServiceServicer):
    """Issues numbered tokens. A script does the calls of its method in place of that, one call each."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, Any]] = []
        self.scripts: dict[str, list[Script]] = {}
        self.lifetime = HOUR
        self.login_lifetime: float | None = WEEKS
        self.kind: pb.TokenKind.ValueType = pb.TOKEN_KIND_USER
        self.subject = "ann"
        self.client = "app"
        self.dead: dict[str, str] = {}
        self.numbers = 0
        # Of the server's own clock, which is never that of the app.
        self.now = time.time() - 2 * HOUR
        self._lock = threading.Lock()

    def script(self, method: str, *scripts: Script) -> None:
        self.scripts.setdefault(method, []).extend(scripts)

    def names(self, method: str) -> list[Any]:
        return [request for name, request in self.requests if name == method]

    def new(self) -> pb.IssuedTokens:
        with self._lock:
            self.numbers += 1
            number = self.numbers
        has_refresh = self.login_lifetime is not None
        return pb.IssuedTokens(
            access_token=f"syu_secret{number}",
            refresh_token=f"syr_secret{number}" if has_refresh else "",
            token_id=f"ta_{number}",
            kind=self.kind,
            subject_id=self.subject,
            family_id=f"fm_{self.subject}",
            issue_time=at(self.now),
            expire_time=at(self.now + self.lifetime),
            refresh_expire_time=at(self.now + (self.login_lifetime or 0)) if has_refresh else None,
        )

    def _do(self, method: str, request: Any, context: Any, usual: Callable[[], Any]) -> Any:
        with self._lock:
            self.requests.append((method, request))
            scripts = self.scripts.get(method, [])
            script = scripts.pop(0) if scripts else None
        return usual() if script is None else script(self, request, context)

    def Issue(self, request: Any, context: Any) -> Any:  # noqa: N802
        return self._do("Issue", request, context, lambda: pb.IssueResponse(tokens=self.new()))

    def BeginDeviceAuthorization(self, request: Any, context: Any) -> Any:  # noqa: N802
        def usual() -> Any:
            answer = pb.BeginDeviceAuthorizationResponse(
                device_code="a-secret-device-code",
                user_code="ABCD-EFGH",
                verification_uri="https://login.example/device",
                verification_uri_complete="https://login.example/device?user_code=ABCD-EFGH",
            )
            answer.time_to_live.FromSeconds(600)
            answer.interval.FromSeconds(5)
            return answer

        return self._do("BeginDeviceAuthorization", request, context, usual)

    def Refresh(self, request: Any, context: Any) -> Any:  # noqa: N802
        return self._do("Refresh", request, context, lambda: pb.RefreshResponse(tokens=self.new()))

    def Revoke(self, request: Any, context: Any) -> Any:  # noqa: N802
        return self._do("Revoke", request, context, lambda: pb.RevokeResponse(revoked=True))

    def DescribeToken(self, request: Any, context: Any) -> Any:  # noqa: N802
        def usual() -> Any:
            if request.access_token in self.dead:
                ended_by = self.dead[request.access_token]
                abort(context, grpc.StatusCode.FAILED_PRECONDITION, "INVALID_CREDENTIALS", ended_by)
            answer = pb.DescribeTokenResponse(token_id="ta_0", kind=self.kind, subject_id=self.subject)
            answer.family_id, answer.client_id = "fm_0", self.client
            answer.time_to_live.FromSeconds(600)
            return answer

        return self._do("DescribeToken", request, context, usual)


def at(seconds: float) -> Timestamp:
    time = Timestamp()
    time.FromMilliseconds(int(seconds * 1_000))
    return time


def failing(code: grpc.StatusCode, reason: str = "", ended_by: str = "", retry: float | None = None) -> Script:
    return lambda _, __, context: abort(context, code, reason, ended_by, retry)


class Held:
    """A call that the server has, and answers when it is let go."""

    def __init__(self, then: Script | None = None) -> None:
        self.arrived = threading.Event()
        self.released = threading.Event()
        self._then = then

    def __call__(self, service: Scripted, request: Any, context: Any) -> Any:
        self.arrived.set()
        assert self.released.wait(PATIENCE)
        if self._then is not None:
            return self._then(service, request, context)
        kind = pb.IssueResponse if isinstance(request, pb.IssueRequest) else pb.RefreshResponse
        return kind(tokens=service.new())


@contextmanager
def serving(service: Scripted, port: int = 0) -> Iterator[str]:
    threads = ThreadPoolExecutor(16)
    server = grpc.server(threads)
    token_service_pb2_grpc.add_TokenServiceServicer_to_server(service, server)
    port = server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(None).wait()
        threads.shutdown()


class Driven:
    """A login of either kind, whose every call is waited for."""

    def __init__(self, login: Any, loop: asyncio.AbstractEventLoop | None) -> None:
        self.login = login
        self.loop = loop
        self.events: list[symbolon.LoginEvent] = []
        login.on_event(self.events.append)

    @property
    def told(self) -> list[str]:
        return [each.event if each.reason is None else f"{each.event} {each.reason}" for each in self.events]

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.login, name)
        if name == "account":
            return Driven.__new__(Driven)._of(value, self.loop)
        return (lambda *args, **kwargs: self.wait(value(*args, **kwargs))) if callable(value) else value

    def _of(self, login: Any, loop: asyncio.AbstractEventLoop | None) -> Driven:
        self.login, self.loop, self.events = login, loop, []
        return self

    def wait(self, value: Any) -> Any:
        if not inspect.isawaitable(value) or self.loop is None:
            return value

        async def run() -> Any:
            answer = await value
            # A second factor has calls of its own.
            return Driven.__new__(Driven)._of(answer, self.loop) if hasattr(answer, "complete") else answer

        return asyncio.run_coroutine_threadsafe(run(), self.loop).result(PATIENCE)


class Logins:
    """Makes logins of one kind, and closes them."""

    def __init__(self, is_async: bool) -> None:
        self.is_async = is_async
        self.loop: asyncio.AbstractEventLoop | None = None
        self._clients: list[Any] = []
        self._logins: list[Driven] = []
        if is_async:
            self.loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
            self._thread.start()

    def client(self, address: str, *args: Any, **options: Any) -> Any:
        client = (symbolon.AsyncClient if self.is_async else symbolon.Client)(address, *args, **options)
        self._clients.append(client)
        return client

    def of(self, client: Any, store: symbolon.Store | None = None, resource: str = "") -> Driven:
        login = Driven(client.login(store=store, resource=resource), self.loop)
        self._logins.append(login)
        return login

    def open(self, address: str, store: symbolon.Store | None = None, secret: str | None = None) -> Driven:
        return self.of(self.client(address, "app", secret), store)

    def close(self) -> None:
        for login in self._logins:
            login.close()
        for client in self._clients:
            closing = client.close()
            if self.loop is not None:
                asyncio.run_coroutine_threadsafe(closing, self.loop).result(PATIENCE)
        if self.loop is not None:
            # Threads that end later would be counted by other tests.
            asyncio.run_coroutine_threadsafe(self.loop.shutdown_default_executor(), self.loop).result(PATIENCE)
            self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join(PATIENCE)
