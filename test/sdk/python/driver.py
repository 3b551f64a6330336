"""The driver of the SDK in Python: the protocol is in test/sdk/README.md.

`SYMBOLON_TEST_ASYNC=1`: by `AsyncVerifier` and `AsyncClient`, on one event loop.
"""

from __future__ import annotations

import asyncio
import base64
import concurrent.futures
import contextlib
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

# Of the checkout, where the package is not installed.
ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "sdk/python/src"))

import grpc  # noqa: E402

import logins  # noqa: E402
import symbolon  # noqa: E402
from symbolon import _engine  # noqa: E402
from symbolon._clock import SystemClock  # noqa: E402
from symbolon._login import session  # noqa: E402
from symbolon.v1 import token_service_pb2 as pb  # noqa: E402
from symbolon.v1 import token_service_pb2_grpc as pb_grpc  # noqa: E402

IS_ASYNC = os.environ.get("SYMBOLON_TEST_ASYNC") == "1"
VERIFIER: Any = symbolon.AsyncVerifier if IS_ASYNC else symbolon.Verifier


class ShiftedClock:
    """Those of the machine, and how far they are shifted."""

    def __init__(self) -> None:
        self._clock = SystemClock()
        self.wall_shift = 0.0
        self.monotonic_shift = 0.0

    def monotonic(self) -> float:
        return self._clock.monotonic() + self.monotonic_shift

    def wall(self) -> float:
        return self._clock.wall() + self.wall_shift


class ClockOfLogins:
    """That of the driver, which is another one after each `open`."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver

    def monotonic(self) -> float:
        return self.driver.clock.monotonic()

    def wall(self) -> float:
        return self.driver.clock.wall()


class Driver:
    def __init__(self) -> None:
        self.verifier: Any = None
        self.client: Any = None
        # More of them, by mistake.
        self.others: list[Any] = []
        # What is waited for in the loop, by the request that waits.
        self.waited_for: dict[int, Any] = {}
        self.request = threading.local()
        self.clock = ShiftedClock()
        self.loop = asyncio.new_event_loop()
        if IS_ASYNC:
            threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.logins = logins.Logins(IS_ASYNC, self.wait, error_of)
        session.CLOCK = ClockOfLogins(self)  # type: ignore[assignment]

    def wait(self, awaitable: Any) -> Any:
        """A result of either kind of SDK."""
        if not IS_ASYNC:
            return awaitable

        async def run() -> Any:
            return await awaitable

        future = asyncio.run_coroutine_threadsafe(run(), self.loop)
        self.waited_for[self.request.id] = future
        return future.result()

    def opened(self) -> Any:
        if self.verifier is None:
            raise symbolon.SymbolonError(grpc.StatusCode.FAILED_PRECONDITION, "no verifier is open")
        return self.verifier

    def open(self, request: dict[str, Any]) -> dict[str, Any]:
        self.clock = ShiftedClock()
        _engine.CLOCK = self.clock  # type: ignore[assignment]
        names, options = options_of(request)
        verifier = VERIFIER(*names, **options)
        options.pop("max_entries", None)
        self.client = (symbolon.AsyncClient if IS_ASYNC else symbolon.Client)(*names, **options)
        # It begins with the first check, and scenarios look at its stream before.
        verifier._engine._start()
        self.verifier = verifier
        return {"ok": True}

    def check_anew(self, request: dict[str, Any]) -> dict[str, Any]:
        """Make a verifier for each check, and close none."""
        names, options = options_of(request)
        answers = []
        for _ in range(request["times"]):
            verifier = VERIFIER(*names, **options)
            self.others.append(verifier)
            answers.append(self.checked(verifier, request["token"]))
        return counted(answers)

    def cancel(self, request: dict[str, Any]) -> dict[str, Any]:
        """Nothing cancels what a thread waits for, but a sign-in that waits for its user is given up by signing out."""
        future = self.waited_for.get(request["request"])
        if future is None:
            return {"ok": True} if self.logins.give_up(request["request"]) else {"unsupported": True}
        future.cancel()
        return {"ok": True}

    def check(self, request: dict[str, Any]) -> dict[str, Any]:
        began = time.time() * 1_000
        try:
            answer = self.checked(self.opened(), request["token"])
        except symbolon.SymbolonError as error:
            answer = {"error": error_of(error)}
        return {**answer, "began_ms": began, "ended_ms": time.time() * 1_000}

    def checked(self, verifier: Any, token: str) -> dict[str, Any]:
        try:
            caller = self.wait(verifier.check(token))
            return {"active": False} if caller is None else {"active": True, "caller": caller_of(caller)}
        except Exception as error:
            return {"error": error_of(error)}

    def permit(self, request: dict[str, Any]) -> dict[str, Any]:
        target: Any = None
        device_type = request.get("device_type", "")
        if "device_id" in request:
            target = symbolon.Device(request["device_id"])
        elif "user_id" in request:
            target = symbolon.User(request["user_id"], device_type)
        elif device_type:
            target = symbolon.Own(device_type)
        began = time.time() * 1_000
        try:
            access = self.wait(self.opened().check_permission(request["token"], request["permission"], target))
            answer = {"allowed": access.allowed, "reason": access.reason}
            if access.caller is not None:
                answer["caller"] = caller_of(access.caller)
            if access.user_id:
                answer["user_id"] = access.user_id
        except Exception as error:
            answer = {"error": error_of(error)}
        return {**answer, "began_ms": began, "ended_ms": time.time() * 1_000}

    def check_many(self, request: dict[str, Any]) -> dict[str, Any]:
        times = request["times"]
        began = time.time() * 1_000

        def check(index: int) -> dict[str, Any]:
            # Each has a number of its own, as requests have.
            self.request.id = f"{request['id']}-{index}"
            try:
                return self.check(request)
            finally:
                self.waited_for.pop(self.request.id, None)

        with ThreadPoolExecutor(times) as threads:
            answers = list(threads.map(check, range(times)))
        return {**counted(answers), "began_ms": began, "ended_ms": time.time() * 1_000}

    def state(self, _request: dict[str, Any]) -> dict[str, Any]:
        return {"open": self.opened().is_open, "size": self.opened().size}

    def shift_clock(self, request: dict[str, Any]) -> dict[str, Any]:
        self.clock.wall_shift += request.get("wall_ms", 0) / 1_000
        self.clock.monotonic_shift += request.get("monotonic_ms", 0) / 1_000
        return {"ok": True}

    def use_client_secret(self, request: dict[str, Any]) -> dict[str, Any]:
        self.opened().use_client_secret(request["client_secret"])
        self.client.use_client_secret(request["client_secret"])
        return {"ok": True}

    def call(self, name: str, request: dict[str, Any], message: Any) -> Any:
        self.opened()
        timeout = request["timeout_ms"] / 1_000 if "timeout_ms" in request else None

        async def begin() -> Any:
            # Its channel belongs to the loop that it is made in.
            return await getattr(self.client.tokens, name)(message, timeout=timeout)

        return self.wait(begin()) if IS_ASYNC else getattr(self.client.tokens, name)(message, timeout=timeout)

    def issue(self, request: dict[str, Any]) -> dict[str, Any]:
        if "username" in request:
            user = pb.UserPassword(username=request["username"], password=request["password"])
            message = pb.IssueRequest(user_password=user)
        else:
            secret = pb.ClientSecret(client_id=request["client_id"], client_secret=request["client_secret"])
            message = pb.IssueRequest(client_secret=secret)
        return tokens_of(self.call("Issue", request, message))

    def refresh(self, request: dict[str, Any]) -> dict[str, Any]:
        return tokens_of(self.call("Refresh", request, pb.RefreshRequest(refresh_token=request["refresh_token"])))

    def revoke(self, request: dict[str, Any]) -> dict[str, Any]:
        self.call("Revoke", request, pb.RevokeRequest(token=request["token"]))
        return {"ok": True}

    def introspect(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"active": self.call("Introspect", request, pb.IntrospectRequest(token=request["token"])).active}

    def fork(self, request: dict[str, Any]) -> dict[str, Any]:
        """A child has no other thread of this process, so no loop of asyncio either: it makes one of its own."""
        verifier = self.opened()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                was_open = verifier.is_open
                if IS_ASYNC:
                    self.loop = asyncio.new_event_loop()
                    threading.Thread(target=self.loop.run_forever, daemon=True).start()
                answer = {**self.check(request), "child_was_open": was_open}
            except BaseException as error:
                answer = {"error": error_of(error)}
            os.write(writing, json.dumps(answer).encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as lines:
            text = lines.read()
        os.waitpid(child, 0)
        answer = json.loads(text)
        assert isinstance(answer, dict)
        return answer

    def denied(self, request: dict[str, Any]) -> dict[str, Any]:
        """Asks each millisecond until the token is not live."""
        while True:
            answer = self.check(request)
            if answer.get("active") is False:
                return {"denied_ms": answer["ended_ms"]}
            time.sleep(0.001)

    def bench(self, request: dict[str, Any]) -> dict[str, Any]:
        """Does one thing over and over, one at a time, and answers how often a second."""
        tokens, seconds = request["tokens"], request["seconds"]
        done = 0
        with contextlib.ExitStack() as ending:
            do = self.repeated(request, ending)
            began = time.perf_counter()
            # The clock is looked at once for all tokens.
            while time.perf_counter() - began < seconds:
                for token in tokens:
                    do(token)
                done += len(tokens)
            return {"per_second": done / (time.perf_counter() - began)}

    def repeated(self, request: dict[str, Any], ending: contextlib.ExitStack) -> Callable[[str], object]:
        if request["what"] == "check":
            with ThreadPoolExecutor(64) as threads:
                list(threads.map(self.opened().check, request["tokens"]))
            return self.opened().check  # type: ignore[no-any-return]
        if request["what"] == "introspect":
            return lambda token: self.client.tokens.Introspect(pb.IntrospectRequest(token=token))
        pair = base64.b64encode(f"{request['client_id']}:{request['client_secret']}".encode()).decode()
        metadata = (("authorization", f"Basic {pair}"),)
        stub = pb_grpc.TokenServiceStub(ending.enter_context(grpc.insecure_channel(request["address"])))
        return lambda token: stub.Introspect(pb.IntrospectRequest(token=token), timeout=2, metadata=metadata)

    def close(self, _request: dict[str, Any]) -> dict[str, Any]:
        for each in (*self.others, *([] if self.verifier is None else (self.verifier, self.client))):
            self.wait(each.close())
        self.others = []
        self.verifier = None
        self.logins.close()
        self.clock = ShiftedClock()
        return {"ok": True}

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        name = request["op"]
        if name in logins.OPS:
            answer: dict[str, Any] = getattr(self.logins, name)(request)
            return answer
        op = OPS.get(name)
        return {"unsupported": True} if op is None else op(self, request)

    def serve(self, request: dict[str, Any]) -> None:
        self.request.id = request["id"]
        try:
            answer = self.answer(request)
        except Exception as error:
            answer = {"error": error_of(error)}
        self.waited_for.pop(request["id"], None)
        with writing_lock:
            sys.stdout.write(json.dumps({"id": request["id"], **answer}) + "\n")
            sys.stdout.flush()


def options_of(request: dict[str, Any]) -> tuple[tuple[str, str, str], dict[str, Any]]:
    options = {name: request[name] for name in ("root_certificates", "plaintext", "max_entries") if name in request}
    if "timeout_ms" in request:
        options["timeout"] = request["timeout_ms"] / 1_000
    return (request["address"], request["client_id"], request["client_secret"]), options


def counted(answers: list[dict[str, Any]]) -> dict[str, Any]:
    active = sum(answer.get("active") is True for answer in answers)
    failed = [answer["error"] for answer in answers if "error" in answer]
    counts = {"active": active, "inactive": len(answers) - active - len(failed), "errors": len(failed)}
    return {**counts, "failed_with": failed[0]} if failed else counts


def tokens_of(response: Any) -> dict[str, Any]:
    tokens = response.tokens
    return {"access_token": tokens.access_token, "refresh_token": tokens.refresh_token}


def caller_of(caller: symbolon.Caller) -> dict[str, Any]:
    names = ("kind", "subject_id", "client_id", "tenant_id", "scopes", "token_id", "family_id")
    told = {name: getattr(caller, name) for name in names}
    return {**told, "audience": caller.audience} if caller.audience else told


def error_of(error: BaseException) -> dict[str, Any]:
    if isinstance(error, concurrent.futures.CancelledError):
        # Of the task that waits, as asyncio has it.
        return {"code": "CANCELLED", "reason": "", "retryable": False, "message": "the task was cancelled"}
    if not isinstance(error, symbolon.SymbolonError):
        return {"code": "INTERNAL", "reason": "", "retryable": False, "message": repr(error)}
    told = {"code": error.code.name, "reason": error.reason, "retryable": error.retryable, "message": str(error)}
    if error.field:
        told["field"] = error.field
    return told if error.retry_after is None else {**told, "retry_after_ms": error.retry_after * 1_000}


writing_lock = threading.Lock()
OPS = {
    name: getattr(Driver, name)
    for name in (
        *("open", "check", "check_many", "state", "shift_clock", "use_client_secret", "issue", "refresh", "revoke"),
        *("introspect", "fork", "denied", "bench", "check_anew", "cancel", "close", "permit"),
    )
}


def main() -> None:
    driver = Driver()
    for line in sys.stdin:
        request = json.loads(line)
        driver.logins.begins(request)
        threading.Thread(target=driver.serve, args=(request,), daemon=True).start()
    # A call may be under way.
    sys.stdout.flush()
    os._exit(0)


main()
