"""The driver's logins: test/sdk/README.md, "Logins"."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import grpc.aio
import httpx

import symbolon
from symbolon.attach import LoginInterceptor, aio_interceptors
from symbolon.httpx import LoginAuth

_METHOD = "/symbolon.test.Guarded/Show"
_TIMEOUT = 30.0

Request = dict[str, Any]
Wait = Callable[[Any], Any]


class Opened:
    """A login, its client, and what was told of it."""

    def __init__(self, client: Any, login: Any, scopes: list[str]) -> None:
        self.client = client
        self.login = login
        # At whatever signs in.
        self.scopes = scopes
        self.factor: Any = None
        self.begun: symbolon.BegunCode | None = None
        # What the last sign-in gave to be opened or shown.
        self.given: concurrent.futures.Future[Any] = concurrent.futures.Future()
        self.events: list[symbolon.LoginEvent] = []
        login.on_event(self.events.append)


class Logins:
    """Any number of them, by name. ``wait`` answers the result of what either kind of SDK gives."""

    def __init__(self, is_async: bool, wait: Wait, error_of: Callable[[BaseException], Request]) -> None:
        self._is_async = is_async
        self._wait = wait
        self._error_of = error_of
        self._opened: dict[str, Opened] = {}
        self._lock = threading.Lock()
        # By their requests.
        self._waiting: dict[int, Opened] = {}

    def _of(self, request: Request) -> Opened:
        opened = self._opened.get(request.get("login", "one"))
        if opened is None:
            raise symbolon.SymbolonError(grpc.StatusCode.FAILED_PRECONDITION, "no such login is open")
        return opened

    def login_open(self, request: Request) -> Request:
        options = {name: request[name] for name in ("root_certificates", "plaintext") if name in request}
        if "timeout_ms" in request:
            options["timeout"] = request["timeout_ms"] / 1_000
        kind: Any = symbolon.AsyncClient if self._is_async else symbolon.Client
        client = kind(request["address"], request["client_id"], request.get("client_secret"), **options)
        store = symbolon.FileStore(request["store"]) if "store" in request else None
        login = client.login(store=store, resource=request.get("resource", ""))
        opened = Opened(client, login, request.get("scopes", []))
        with self._lock:
            before = self._opened.pop(request.get("login", "one"), None)
            self._opened[request.get("login", "one")] = opened
        if before is not None:
            self._close(before)
        return {"ok": True}

    def login_close(self, request: Request) -> Request:
        opened = self._of(request)
        del self._opened[request.get("login", "one")]
        self._close(opened)
        return {"ok": True}

    def _close(self, opened: Opened) -> None:
        self._wait(opened.login.close())
        self._wait(opened.client.close())

    def close(self) -> None:
        while self._opened:
            self._close(self._opened.popitem()[1])

    def sign_in(self, request: Request) -> Request:
        opened = self._of(request)
        login, kind = opened.login, request["as"]
        opened.factor = None
        if kind == "user":
            names = (request["username"], request["password"])
            opened.factor = self._wait(login.sign_in_user(*names, scopes=opened.scopes))
        elif kind == "device":
            device = request.get("device_id") or request["vendor_id"]
            self._wait(login.sign_in_device(device, request["password"], scopes=opened.scopes))
        elif kind == "client":
            self._wait(login.sign_in_client(scopes=opened.scopes))
        else:
            self._wait(login.sign_in_anonymously(scopes=opened.scopes))
        return {"second_factor": opened.factor is not None}

    def second_factor(self, request: Request) -> Request:
        factor = self._of(request).factor
        if factor is None:
            raise symbolon.SymbolonError(grpc.StatusCode.FAILED_PRECONDITION, "no second factor is wanted")
        if "code" in request:
            self._wait(factor.complete(request["code"]))
        else:
            self._wait(factor.complete_with_recovery_code(request["recovery_code"]))
        return {"ok": True}

    def begins(self, request: Request) -> None:
        """In the order of the requests: what is asked for next must not be that of the one before."""
        if request["op"] in ("sign_in_code", "sign_in_device_code"):
            opened = self._opened.get(request.get("login", "one"))
            if opened is not None:
                opened.given = concurrent.futures.Future()

    def give_up(self, request_id: int) -> bool:
        """As an app of threads does. No: this is not a sign-in that waits for its user."""
        opened = self._waiting.get(request_id)
        if opened is not None:
            opened.login.sign_out()
        return opened is not None

    def _begun(self, request: Request, sign_in: Callable[[Any, Callable[[Any], object]], Any]) -> Request:
        opened = self._of(request)
        given = opened.given
        self._waiting[request["id"]] = opened
        try:
            self._wait(sign_in(opened, given.set_result))
        finally:
            del self._waiting[request["id"]]
            # Nobody waits any more for what never came.
            with contextlib.suppress(concurrent.futures.InvalidStateError):
                message = "the sign-in ended before it gave anything"
                given.set_exception(symbolon.SymbolonError(grpc.StatusCode.FAILED_PRECONDITION, message))
        return {"ok": True}

    def sign_in_code(self, request: Request) -> Request:
        options = {name: request[name] for name in ("issuer", "redirect_uri") if name in request}
        return self._begun(
            request, lambda opened, tell: opened.login.sign_in_with_code(tell, scopes=opened.scopes, **options)
        )

    def code_url(self, request: Request) -> Request:
        return {"url": self._of(request).given.result(_TIMEOUT)}

    def code_begin(self, request: Request) -> Request:
        opened = self._of(request)
        names = {"issuer": request["issuer"], "redirect_uri": request["redirect_uri"]}
        opened.begun = opened.login.begin_code(**names, scopes=opened.scopes)
        return {"url": opened.begun.url, "state": opened.begun.state}

    def code_complete(self, request: Request) -> Request:
        opened = self._of(request)
        if opened.begun is None:
            raise symbolon.SymbolonError(grpc.StatusCode.FAILED_PRECONDITION, "no sign-in by a code was begun")
        self._wait(opened.login.complete_code(opened.begun, request["callback"]))
        return {"ok": True}

    def sign_in_device_code(self, request: Request) -> Request:
        return self._begun(
            request, lambda opened, tell: opened.login.sign_in_with_device_code(tell, scopes=opened.scopes)
        )

    def device_code_shown(self, request: Request) -> Request:
        shown = self._of(request).given.result(_TIMEOUT)
        names = ("user_code", "verification_uri", "verification_uri_complete")
        return {name: getattr(shown, name) for name in names}

    def sign_up(self, request: Request) -> Request:
        opened = self._of(request)
        login = opened.login
        if request["as"] == "device":
            options: dict[str, Any] = {name: request[name] for name in ("owner_access_token",) if name in request}
            options["scopes"] = opened.scopes
            device = self._wait(login.onboard_device(request["vendor_id"], request["password"], **options))
            return {"subject_id": device.device_id}
        if request["as"] == "pseudo":
            return {"subject_id": self._wait(login.sign_up_pseudo_user(scopes=opened.scopes)).user_id}
        names = ("login_name", "email", "phone", "password", "display_name")
        fields: dict[str, Any] = {name: request[name] for name in names if name in request}
        fields["scopes"] = opened.scopes
        return {"subject_id": self._wait(login.sign_up_user(**{"password": "", **fields})).user_id}

    def sign_out(self, request: Request) -> Request:
        return {"told": self._wait(self._of(request).login.sign_out())}

    def token(self, request: Request) -> Request:
        login = self._of(request).login
        answers = self._at_once(request.get("times", 1), login.token)
        tokens = {each for each in answers if isinstance(each, str)}
        return {"tokens": sorted(tokens), **self._failed(answers)}

    def _at_once(self, times: int, step: Callable[[], Any]) -> list[Any]:
        """Do it so often at the same time, by threads or by tasks. What fails is an answer, too."""
        if self._is_async:

            async def gather() -> list[Any]:
                return list(await asyncio.gather(*(step() for _ in range(times)), return_exceptions=True))

            answers: list[Any] = self._wait(gather())
            return answers

        def one(_: int) -> Any:
            try:
                return step()
            except Exception as error:
                return error

        with ThreadPoolExecutor(times) as threads:
            return list(threads.map(one, range(times)))

    def _failed(self, answers: list[Any]) -> Request:
        failed = [each for each in answers if isinstance(each, BaseException)]
        counted: Request = {"errors": len(failed)}
        return {**counted, "failed_with": self._told(failed[0])} if failed else counted

    def _told(self, error: BaseException) -> Request:
        if isinstance(error, grpc.RpcError) and hasattr(error, "code"):
            code = error.code().name
            return {"code": code, "reason": "", "retryable": code == "UNAVAILABLE", "message": str(error)}
        return self._error_of(error)

    def refused(self, request: Request) -> Request:
        return {"again": self._wait(self._of(request).login.refused(request["token"]))}

    def login_state(self, request: Request) -> Request:
        opened = self._of(request)
        state: Request = {"signed_in": opened.login.signed_in}
        user = opened.login.current_user
        if user is not None:
            names = ("kind", "subject_id", "client_id", "scopes", "token_id", "family_id")
            state["current_user"] = {name: getattr(user, name) for name in names}
        state["events"] = [self._event(each) for each in list(opened.events)]
        return state

    def _event(self, event: symbolon.LoginEvent) -> Request:
        told: Request = {"event": event.event}
        if event.reason is not None:
            told["reason"] = event.reason
        if event.error is not None:
            told["error"] = self._error_of(event.error)
        return told

    def export(self, request: Request) -> Request:
        return {"text": self._of(request).login.export_tokens()}

    def resume(self, request: Request) -> Request:
        self._wait(self._of(request).login.resume(request["text"]))
        return {"ok": True}

    def resume_token(self, request: Request) -> Request:
        self._wait(self._of(request).login.resume_with_token(request["token"]))
        return {"ok": True}

    def resume_stored(self, request: Request) -> Request:
        return {"signed_in": self._wait(self._of(request).login.resume_stored())}

    def account(self, request: Request) -> Request:
        account, name = self._of(request).login.account, request["call"]
        if name == "get":
            return user_of(self._wait(account.get()))
        if name == "update":
            fields = {each: request[each] for each in ("display_name", "email", "phone") if each in request}
            return user_of(self._wait(account.update(**fields)))
        if name == "become_normal":
            return user_of(self._wait(account.become_normal_user(request["login_name"], request["password"])))
        if name == "enroll":
            enrolled = self._wait(account.enroll_second_factor(request["password"]))
            return {"secret": enrolled.secret, "otpauth_uri": enrolled.otpauth_uri}
        if name == "confirm_enrollment":
            return {"recovery_codes": self._wait(account.confirm_second_factor(request["code"]))}
        if name == "logins":
            return {"family_ids": [each.family_id for each in self._wait(account.logins())]}
        self._wait(self._plain(account, name, request))
        return {"ok": True}

    def _plain(self, account: Any, name: str, request: Request) -> Any:
        if name == "change_password":
            return account.change_password(request["old_password"], request["new_password"], request.get("code"))
        if name == "revoke":
            return account.revoke_login(request["family_id"])
        code = [request["code"]] if "code" in request else []
        methods = {
            "start_email": account.start_email_verification,
            "confirm_email": account.confirm_email,
            "start_phone": account.start_phone_verification,
            "confirm_phone": account.confirm_phone,
            "remove_second_factor": account.remove_second_factor,
            "delete": account.delete,
        }
        return methods[name](*code)

    def forgot_password(self, request: Request) -> Request:
        self._wait(self._of(request).login.forgot_password(request["username"], request["channel"]))
        return {"ok": True}

    def complete_reset(self, request: Request) -> Request:
        login = self._of(request).login
        self._wait(login.complete_reset(request["username"], request["code"], request["new_password"]))
        return {"ok": True}

    def call(self, request: Request) -> Request:
        login, address = self._of(request).login, request["address"]
        calls = Calls(login, address)
        if request["how"] == "grpc":
            show: Callable[[], Any] = calls.agrpc if self._is_async else calls.grpc
        else:
            show = calls.ahttp if self._is_async else calls.http
        answers = self._at_once(request.get("times", 1), show)
        failed = self._failed(answers)
        return {"ok": len(answers) - failed["errors"], **failed}


class Calls:
    """A call with the token attached, as an app makes it. Each has a channel of its own."""

    def __init__(self, login: Any, address: str) -> None:
        self._login = login
        self._address = address

    def grpc(self) -> Any:
        with grpc.insecure_channel(self._address) as plain:
            channel = grpc.intercept_channel(plain, LoginInterceptor(self._login))
            return channel.unary_unary(_METHOD)(b"", timeout=_TIMEOUT)

    async def agrpc(self) -> Any:
        async with grpc.aio.insecure_channel(self._address, interceptors=aio_interceptors(self._login)) as channel:
            return await channel.unary_unary(_METHOD)(b"", timeout=_TIMEOUT)

    def http(self) -> Any:
        with httpx.Client(auth=LoginAuth(self._login), trust_env=False, timeout=_TIMEOUT) as client:
            return accepted(client.get(f"http://{self._address}/"))

    async def ahttp(self) -> Any:
        async with httpx.AsyncClient(auth=LoginAuth(self._login), trust_env=False, timeout=_TIMEOUT) as client:
            return accepted(await client.get(f"http://{self._address}/"))


def accepted(response: httpx.Response) -> httpx.Response:
    if response.is_success:
        return response
    code = {401: grpc.StatusCode.UNAUTHENTICATED, 503: grpc.StatusCode.UNAVAILABLE}.get(response.status_code)
    raise symbolon.SymbolonError(code or grpc.StatusCode.UNKNOWN, f"the service answered {response.status_code}")


def user_of(user: Any) -> Request:
    names = ("user_id", "login_name", "email", "email_verified", "phone", "phone_verified", "display_name")
    return {"user": {name: getattr(user, name) for name in (*names, "has_password")}}


OPS = (
    *("login_open", "sign_in", "second_factor", "sign_up", "sign_out", "token", "refused", "login_state", "export"),
    *("resume", "resume_token", "resume_stored", "account", "forgot_password", "complete_reset", "call", "login_close"),
    *("sign_in_code", "code_url", "code_begin", "code_complete", "sign_in_device_code", "device_code_shown"),
)
