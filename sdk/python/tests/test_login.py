"""The rules of docs/login.md, for threads and for asyncio, against a server that does as it is told."""

from __future__ import annotations

import asyncio
import gc
import json
import pickle
import threading
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest

import symbolon
from conftest import LONG, PATIENCE, eventually
from scripted import HOUR, WEEKS, Driven, Held, Logins, Scripted, ShiftedClock, failing, serving
from symbolon import MemoryStore, SymbolonError
from symbolon._login import loop_io, thread_io
from symbolon._login import session as session_module
from symbolon.v1 import token_service_pb2 as pb

UNAVAILABLE = grpc.StatusCode.UNAVAILABLE
PRECONDITION = grpc.StatusCode.FAILED_PRECONDITION


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


class Ended(BaseException):
    """As `SystemExit`, which asyncio would take for its own."""


class Watched(MemoryStore):
    """Says what was done to it, and fails as it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.saved: list[str] = []
        self.fails = False
        self.is_unreadable = False
        self.ends = False
        self.gate: threading.Event | None = None
        self.is_saving = threading.Event()

    def load(self) -> str | None:
        if self.is_unreadable:
            raise OSError("no syr_secret can be read")
        return super().load()

    def save(self, record: str) -> None:
        self.is_saving.set()
        if self.gate is not None:
            assert self.gate.wait(PATIENCE)
        if self.ends:
            raise Ended
        if self.fails:
            raise OSError("disk full of syr_secret")
        self.saved.append(json.loads(record)["access_token"])
        super().save(record)

    def clear(self) -> None:
        self.is_saving.set()
        if self.gate is not None:
            assert self.gate.wait(PATIENCE)
        super().clear()


@pytest.fixture
def store() -> Watched:
    return Watched()


@pytest.fixture
def login(logins: Logins, address: str, store: Watched) -> Driven:
    return logins.open(address, store)


def signed_in(login: Driven) -> str:
    assert login.sign_in_user("ann", "a-password") is None
    return str(login.token())


def fails(login: Driven, code: grpc.StatusCode) -> SymbolonError:
    with pytest.raises(SymbolonError) as failed:
        login.token()
    assert failed.value.code is code
    return failed.value


def test_nobody_is_signed_in(login: Driven, service: Scripted) -> None:
    error = fails(login, grpc.StatusCode.UNAUTHENTICATED)
    assert "sign in first" in str(error)
    assert not login.signed_in
    assert login.current_user is None
    with pytest.raises(SymbolonError, match="sign in first"):
        login.export_tokens()
    assert not login.refused("any")
    assert service.requests == []


def test_more_is_left_than_the_margin(login: Driven, service: Scripted, clock: ShiftedClock) -> None:
    assert signed_in(login) == "syu_secret1"
    clock.go_on(HOUR - 301)
    assert {login.token() for _ in range(20)} == {"syu_secret1"}
    assert [name for name, _ in service.requests] == ["Issue"]


@pytest.mark.parametrize(("lifetime", "at"), [(HOUR, HOUR - 299), (100.0, 81.0)])
def test_within_the_margin_nobody_waits(
    login: Driven, service: Scripted, clock: ShiftedClock, lifetime: float, at: float
) -> None:
    service.lifetime = lifetime
    signed_in(login)
    held = Held()
    service.script("Refresh", held)
    clock.go_on(at - 2)
    assert login.token() == "syu_secret1"
    assert login.login._session.state._flight is None
    assert not service.names("Refresh")
    clock.go_on(2)
    assert {login.token() for _ in range(20)} == {"syu_secret1"}
    assert held.arrived.wait(PATIENCE)
    held.released.set()
    eventually("another token", lambda: login.token() == "syu_secret2")
    assert len(service.names("Refresh")) == 1
    assert login.told == ["signed_in", "refreshed"]


def test_no_refresh_that_gains_nothing(login: Driven, service: Scripted, clock: ShiftedClock) -> None:
    service.login_lifetime = HOUR
    signed_in(login)
    clock.go_on(HOUR - 10)
    assert login.token() == "syu_secret1"
    assert login.login._session.state._flight is None
    clock.go_on(20)
    fails(login, grpc.StatusCode.UNAUTHENTICATED)
    assert login.told == ["signed_in", "signed_out expired"]
    assert not service.names("Refresh")


def test_a_hundred_wait_for_one_refresh(login: Driven, service: Scripted, clock: ShiftedClock) -> None:
    signed_in(login)
    clock.go_on(HOUR + 1)
    held = Held()
    service.script("Refresh", held)
    if login.loop is None:
        with ThreadPoolExecutor(100) as threads:
            futures = [threads.submit(login.token) for _ in range(100)]
            assert held.arrived.wait(PATIENCE)
            eventually("all wait", lambda: all(each.running() for each in futures))
            assert sum(each.name == "symbolon-login" for each in threading.enumerate()) == 1
            held.released.set()
            tokens = {each.result(PATIENCE) for each in futures}
    else:

        async def ask() -> set[str]:
            asking = asyncio.gather(*(login.login.token() for _ in range(100)))
            await asyncio.to_thread(held.arrived.wait, PATIENCE)
            assert len(login.login._session.io._tasks) == 1
            held.released.set()
            return set(await asking)

        tokens = login.wait(ask())
    assert tokens == {"syu_secret2"}
    assert [each.refresh_token for each in service.names("Refresh")] == ["syr_secret1"]
    assert login.told == ["signed_in", "refreshed"]


def test_who_gives_up_ends_its_own_wait(login: Driven, service: Scripted, clock: ShiftedClock) -> None:
    signed_in(login)
    clock.go_on(HOUR + 1)
    held = Held()
    service.script("Refresh", held)
    with pytest.raises(SymbolonError) as late:
        login.token(timeout=0.2)
    assert late.value.code is grpc.StatusCode.DEADLINE_EXCEEDED
    if login.loop is not None:

        async def give_up() -> str:
            asked = [asyncio.create_task(login.login.token()) for _ in range(2)]
            await asyncio.to_thread(held.arrived.wait, PATIENCE)
            asked[0].cancel()
            await asyncio.wait([asked[0]])
            assert asked[0].cancelled()
            held.released.set()
            return str(await asked[1])

        assert login.wait(give_up()) == "syu_secret2"
    held.released.set()
    assert login.token() == "syu_secret2"
    assert len(service.names("Refresh")) == 1


@pytest.mark.parametrize("code", [UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.UNKNOWN])
def test_the_same_refresh_token_is_sent_again(
    login: Driven, service: Scripted, clock: ShiftedClock, code: grpc.StatusCode
) -> None:
    signed_in(login)
    clock.go_on(HOUR + 1)
    service.script("Refresh", failing(code), failing(code))
    assert login.token() == "syu_secret2"
    assert [each.refresh_token for each in service.names("Refresh")] == ["syr_secret1"] * 3


def test_it_is_stored_before_anybody_gets_it(
    login: Driven, service: Scripted, clock: ShiftedClock, store: Watched
) -> None:
    signed_in(login)
    clock.go_on(HOUR - 10)
    store.gate = threading.Event()
    store.is_saving.clear()
    assert login.token() == "syu_secret1"
    assert store.is_saving.wait(PATIENCE)
    assert login.token() == "syu_secret1"
    store.gate.set()
    eventually("it is stored", lambda: login.token() == "syu_secret2")
    assert store.saved == ["syu_secret1", "syu_secret2"]


def test_a_store_that_fails(login: Driven, service: Scripted, clock: ShiftedClock, store: Watched) -> None:
    signed_in(login)
    store.fails = True
    clock.go_on(HOUR + 1)
    assert login.token() == "syu_secret2"
    assert login.told == ["signed_in", "store_failed", "refreshed"]
    error = login.events[1].error
    assert error is not None
    assert "secret" not in repr(error) + str(error)
    # It writes at the next occasion, and not at each call.
    before = len(login.told)
    assert {login.token() for _ in range(50)} == {"syu_secret2"}
    assert len(login.told) <= before + 1
    store.fails = False
    clock.go_on(40)
    eventually("it is written", lambda: login.token() == store.saved[-1])
    assert len(service.names("Refresh")) == 1
    # And its own older record was not taken for another process's.
    clock.go_on(HOUR + 1)
    store.fails = True
    assert login.token() == "syu_secret3"
    clock.go_on(HOUR + 1)
    assert login.token() == "syu_secret4"


def test_a_sign_in_succeeds_where_the_store_fails(login: Driven, store: Watched, clock: ShiftedClock) -> None:
    store.fails = True
    signed_in(login)
    # The token was answered while the store was tried once more: no hour passes within that.
    eventually("the store was tried twice", lambda: login.told.count("store_failed") == 2)
    clock.go_on(HOUR + 1)
    assert login.token() == "syu_secret2"


@pytest.mark.parametrize("is_trimmed", [False, True])
def test_what_the_store_lacks_is_newer(
    login: Driven, service: Scripted, clock: ShiftedClock, store: Watched, is_trimmed: bool
) -> None:
    signed_in(login)
    store.fails = True
    clock.go_on(HOUR + 1)
    assert login.token() == "syu_secret2"
    if is_trimmed:
        # A store may keep the text in a form of its own.
        MemoryStore.save(store, str(store.load()).strip())
    assert login.resume_stored()
    assert login.token() == "syu_secret2"
    store.fails = False
    assert login.resume_stored()
    assert store.saved[-1] == "syu_secret2"
    clock.go_on(HOUR + 1)
    assert login.token() == "syu_secret3"
    assert [each.refresh_token for each in service.names("Refresh")] == ["syr_secret1", "syr_secret2"]
    assert login.told.count("signed_in") == 1


def test_what_another_one_stored_meanwhile_is_newer_still(
    logins: Logins, address: str, login: Driven, clock: ShiftedClock, store: Watched
) -> None:
    signed_in(login)
    other = logins.open(address, store)
    assert other.resume_stored()
    store.fails = True
    clock.go_on(HOUR + 1)
    assert login.token() == "syu_secret2"
    store.fails = False
    assert other.token() == "syu_secret3"
    login.close()
    assert store.saved[-1] == "syu_secret3"


@pytest.mark.parametrize("is_unreadable", [False, True])
def test_a_sign_in_over_a_login_that_was_never_resumed(
    logins: Logins,
    address: str,
    login: Driven,
    service: Scripted,
    clock: ShiftedClock,
    store: Watched,
    is_unreadable: bool,
) -> None:
    signed_in(login)
    service.subject = "bob"
    other = logins.open(address, store)
    store.fails, store.is_unreadable = True, is_unreadable
    assert other.sign_in_user("bob", "a-password") is None
    # What was there is not another process's that came later.
    store.is_unreadable = False
    assert other.resume_stored()
    assert other.token() == "syu_secret2"
    store.fails = False
    clock.go_on(40)
    eventually("it is written", lambda: other.token() == store.saved[-1])
    assert other.current_user.subject_id == "bob"
    assert "signed_out replaced" not in other.told
    # And nobody has that any more.
    assert [each.token for each in service.names("Revoke")] == ([] if is_unreadable else ["syr_secret1"])


def test_a_sign_in_that_is_given_up_while_it_is_stored(login: Driven, service: Scripted, store: Watched) -> None:
    store.gate = threading.Event()
    with ThreadPoolExecutor(2) as threads:
        signing_in = threads.submit(login.sign_in_user, "ann", "a-password")
        assert store.is_saving.wait(PATIENCE)
        leaving = threads.submit(login.sign_out)
        eventually("it is given up", lambda: login.login._session.state._attempt is None)
        store.gate.set()
        with pytest.raises(SymbolonError, match="given up"):
            signing_in.result(PATIENCE)
        leaving.result(PATIENCE)
    assert not login.signed_in
    assert store.load() is None
    assert login.told == []
    assert {each.token for each in service.names("Revoke")} == {"syr_secret1"}


def test_another_failure_forgets_nothing(login: Driven, service: Scripted, clock: ShiftedClock) -> None:
    signed_in(login)
    clock.go_on(HOUR - 60)
    service.script("Refresh", *[failing(grpc.StatusCode.RESOURCE_EXHAUSTED, "OVERLOADED") for _ in range(3)])

    def failed(times: int) -> None:
        eventually("it failed", lambda: login.token() and len(service.names("Refresh")) >= times)
        eventually("it is over", lambda: login.login._session.state._flight is None)
        assert {login.token() for _ in range(50)} == {"syu_secret1"}
        assert len(service.names("Refresh")) == times

    failed(1)
    clock.go_on(1.3)
    failed(2)
    clock.go_on(1.3)
    assert {login.token() for _ in range(50)} == {"syu_secret1"}
    assert len(service.names("Refresh")) == 2
    clock.go_on(1.3)
    failed(3)
    # Who has no good token does not wait for that.
    clock.go_on(60)
    assert login.token() == "syu_secret2"
    assert login.told == ["signed_in", "refreshed"]


def test_when_the_server_says(login: Driven, service: Scripted, clock: ShiftedClock) -> None:
    signed_in(login)
    clock.go_on(HOUR - 100)
    service.script("Refresh", failing(grpc.StatusCode.RESOURCE_EXHAUSTED, "OVERLOADED", retry=20))
    login.token()
    eventually("it failed", lambda: login.login._session.state._not_before > 0)
    clock.go_on(19)
    login.token()
    assert login.login._session.state._flight is None
    clock.go_on(2)
    eventually("it is begun again", lambda: login.token() == "syu_secret2")
    assert len(service.names("Refresh")) == 2


REASONS = {
    "PASSWORD_CHANGED": "password_changed",
    "DISABLED": "disabled",
    "DELETED": "deleted",
    "REVOKED": "revoked",
    "REFRESH_REUSE": "revoked",
    "RESTORED": "revoked",
    "SECRET_RESET": "revoked",
    "SOMETHING_NEW": "revoked",
    "EXPIRED": "expired",
}


@pytest.mark.parametrize("ended_by", REASONS)
def test_it_ended(login: Driven, service: Scripted, clock: ShiftedClock, store: Watched, ended_by: str) -> None:
    signed_in(login)
    clock.go_on(HOUR + 1)
    service.script("Refresh", failing(PRECONDITION, "INVALID_REFRESH_TOKEN", ended_by))
    fails(login, grpc.StatusCode.UNAUTHENTICATED)
    assert login.told == ["signed_in", f"signed_out {REASONS[ended_by]}"]
    assert not login.signed_in
    assert store.load() is None


def test_the_server_does_not_say_why(login: Driven, service: Scripted, clock: ShiftedClock) -> None:
    signed_in(login)
    clock.go_on(HOUR - 60)
    service.script("Refresh", failing(PRECONDITION, "INVALID_REFRESH_TOKEN"))
    eventually("it is refused", lambda: login.token() and service.names("Refresh"))
    eventually("it is over", lambda: login.login._session.state._flight is None)
    clock.go_on(50)
    assert login.token() == "syu_secret1"
    assert login.signed_in
    clock.go_on(50)
    assert not login.signed_in
    assert login.told == ["signed_in", "signed_out revoked"]
    assert len(service.names("Refresh")) == 1


def test_the_login_is_over(login: Driven, service: Scripted, clock: ShiftedClock, store: Watched) -> None:
    signed_in(login)
    clock.go_on(WEEKS + 1)
    assert not login.signed_in
    assert login.told == ["signed_in", "signed_out expired"]
    eventually("the store is empty", lambda: store.load() is None)


def test_without_a_refresh_token(login: Driven, service: Scripted, clock: ShiftedClock, store: Watched) -> None:
    service.login_lifetime = None
    signed_in(login)
    assert "refresh_token" not in json.loads(login.export_tokens())
    clock.go_on(HOUR - 1)
    assert login.token() == "syu_secret1"
    clock.go_on(2)
    fails(login, grpc.StatusCode.UNAUTHENTICATED)
    assert login.told == ["signed_in", "signed_out expired"]
    eventually("the store is empty", lambda: store.load() is None)


@pytest.mark.parametrize("code", [grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED])
def test_what_is_about_the_client_signs_nobody_out(
    login: Driven, service: Scripted, clock: ShiftedClock, code: grpc.StatusCode
) -> None:
    signed_in(login)
    clock.go_on(HOUR + 1)
    service.script("Refresh", failing(code, "CALLER_UNAUTHENTICATED"))
    fails(login, code)
    assert login.signed_in
    assert login.token() == "syu_secret2"


def test_signed_out_while_a_refresh_is_under_way(
    login: Driven, service: Scripted, clock: ShiftedClock, store: Watched
) -> None:
    signed_in(login)
    clock.go_on(HOUR - 10)
    held = Held()
    service.script("Refresh", held)
    login.token()
    assert held.arrived.wait(PATIENCE)
    with ThreadPoolExecutor(1) as threads:
        leaving = threads.submit(login.sign_out)
        eventually("it is signed out here", lambda: not login.signed_in)
        held.released.set()
        assert leaving.result(PATIENCE)
    fails(login, grpc.StatusCode.UNAUTHENTICATED)
    assert store.load() is None
    assert store.saved == ["syu_secret1"]
    assert login.told == ["signed_in", "signed_out signed_out"]


def test_signed_out_while_a_refresh_is_stored(
    login: Driven, service: Scripted, clock: ShiftedClock, store: Watched
) -> None:
    signed_in(login)
    clock.go_on(HOUR - 10)
    store.gate = threading.Event()
    store.is_saving.clear()
    login.token()
    assert store.is_saving.wait(PATIENCE)
    with ThreadPoolExecutor(1) as threads:
        leaving = threads.submit(login.sign_out)
        eventually("it is signed out here", lambda: not login.signed_in)
        store.gate.set()
        assert leaving.result(PATIENCE)
    assert not login.signed_in
    assert store.load() is None
    assert login.told == ["signed_in", "signed_out signed_out"]


@pytest.mark.parametrize("kind", ["anonymous", "client"])
def test_a_client_begins_again(logins: Logins, address: str, service: Scripted, clock: ShiftedClock, kind: str) -> None:
    service.kind = pb.TOKEN_KIND_ANONYMOUS if kind == "anonymous" else pb.TOKEN_KIND_APPLICATION
    service.subject = "app"
    service.login_lifetime = None if kind == "anonymous" else WEEKS
    login = logins.open(address, secret="a-secret" if kind == "client" else None)
    if kind == "anonymous":
        login.sign_in_anonymously(scopes=["read"])
    else:
        login.sign_in_client(scopes=["read"])
    clock.go_on(10 * WEEKS)
    assert login.signed_in
    service.script("Refresh", failing(PRECONDITION, "INVALID_REFRESH_TOKEN", "EXPIRED"))
    assert login.token() == "syu_secret2"
    assert login.told == ["signed_in", "refreshed"]
    first, again = service.names("Issue")
    assert first.WhichOneof("credential") == again.WhichOneof("credential")
    assert first.request_id != again.request_id != ""
    assert len(service.names("Refresh")) == (0 if kind == "anonymous" else 1)


def test_refused_and_live(login: Driven, service: Scripted) -> None:
    token = signed_in(login)
    assert not login.refused(token)
    assert not service.names("Refresh")
    assert login.refused("an-older-one")
    assert len(service.names("DescribeToken")) == 1


def test_refused_and_dead(login: Driven, service: Scripted) -> None:
    token = signed_in(login)
    service.dead[token] = "EXPIRED"
    if login.loop is None:
        with ThreadPoolExecutor(50) as threads:
            answers = list(threads.map(login.refused, [token] * 50))
    else:

        async def ask() -> list[bool]:
            return list(await asyncio.gather(*(login.login.refused(token) for _ in range(50))))

        answers = login.wait(ask())
    assert answers == [True] * 50
    assert login.token() == "syu_secret2"
    assert len(service.names("DescribeToken")) == 1
    assert len(service.names("Refresh")) == 1


def test_refused_and_nothing_renews_it(login: Driven, service: Scripted, store: Watched) -> None:
    service.login_lifetime = None
    token = signed_in(login)
    service.dead[token] = "DISABLED"
    assert not login.refused(token)
    assert login.told == ["signed_in", "signed_out disabled"]
    assert store.load() is None


def test_refused_and_the_refresh_is_too(login: Driven, service: Scripted) -> None:
    token = signed_in(login)
    service.dead[token] = "REVOKED"
    service.script("Refresh", failing(PRECONDITION, "INVALID_REFRESH_TOKEN"))
    assert not login.refused(token)
    assert login.told == ["signed_in", "signed_out revoked"]


@pytest.mark.parametrize("code", [UNAVAILABLE, grpc.StatusCode.UNIMPLEMENTED, grpc.StatusCode.UNAUTHENTICATED])
def test_refused_and_nothing_is_known(login: Driven, service: Scripted, code: grpc.StatusCode) -> None:
    token = signed_in(login)
    service.script("DescribeToken", *[failing(code)] * 3)
    assert not login.refused(token)
    assert login.token() == token
    assert not service.names("Refresh")


def test_refused_and_the_refresh_fails(login: Driven, service: Scripted) -> None:
    token = signed_in(login)
    service.dead[token] = "EXPIRED"
    service.script("Refresh", *[failing(grpc.StatusCode.RESOURCE_EXHAUSTED, "OVERLOADED")] * 2)
    assert not login.refused(token)
    assert login.signed_in
    # A token that is dead is of no use to anybody.
    fails(login, grpc.StatusCode.RESOURCE_EXHAUSTED)
    assert login.token() == "syu_secret2"
    assert login.told == ["signed_in", "refreshed"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_store_that_ends_its_thread(login: Driven, service: Scripted, clock: ShiftedClock, store: Watched) -> None:
    signed_in(login)
    clock.go_on(HOUR + 1)
    store.ends = True
    with pytest.raises(SymbolonError, match="the refresh failed: Ended"):
        login.token(timeout=LONG)
    store.ends = False
    # What was got is not lost.
    assert login.token() == "syu_secret2"
    clock.go_on(40)
    eventually("it is written", lambda: login.token() == store.saved[-1])
    assert len(service.names("Refresh")) == 1


@pytest.mark.parametrize("by", ["another client", "its own"])
def test_a_token_of_another_client_is_not_begun_again(
    logins: Logins, address: str, service: Scripted, clock: ShiftedClock, store: Watched, by: str
) -> None:
    service.kind = pb.TOKEN_KIND_APPLICATION
    service.subject = service.client = "service" if by == "another client" else "app"
    login = logins.open(address, store, "a-secret")
    login.resume_with_token("syu_kept")
    assert login.current_user.client_id == service.client
    assert login.resume_stored()
    later = logins.open(address, store, "a-secret")
    assert later.resume_stored()
    clock.go_on(601)
    if by == "its own":
        assert login.token() == "syu_secret1"
        return
    for each in (login, later):
        assert not each.signed_in
        fails(each, grpc.StatusCode.UNAUTHENTICATED)
        assert each.told == ["signed_in", "signed_out expired"]
    assert not service.names("Issue")


def test_signed_out_before_it_was_resumed(
    logins: Logins, address: str, login: Driven, service: Scripted, store: Watched
) -> None:
    signed_in(login)
    stranger = logins.of(logins.client(address, "other"), store)
    assert stranger.sign_out()
    assert store.load() is not None
    other = logins.open(address, store)
    assert other.sign_out()
    assert store.load() is None
    assert not other.resume_stored()
    assert [each.token for each in service.names("Revoke")] == ["syr_secret1"]
    assert other.told == []
    # Who had a login has nothing to do with what others have there later.
    signed_in(other)
    assert other.sign_out()
    signed_in(login)
    assert other.sign_out()
    assert store.load() is not None


def test_all_of_a_refresh_has_one_limit(
    logins: Logins, address: str, service: Scripted, clock: ShiftedClock, store: Watched
) -> None:
    service.kind, service.subject = pb.TOKEN_KIND_APPLICATION, "app"
    login = logins.open(address, store, "a-secret")
    login.sign_in_client()
    clock.go_on(HOUR + 1)
    left: list[float] = []

    def late(service: Scripted, request: Any, context: Any) -> Any:
        clock.monotonic_shift += 4
        return failing(PRECONDITION, "INVALID_REFRESH_TOKEN", "EXPIRED")(service, request, context)

    def begin(service: Scripted, request: Any, context: Any) -> Any:
        left.append(context.time_remaining())
        return pb.IssueResponse(tokens=service.new())

    service.script("Refresh", late)
    service.script("Issue", begin)
    assert login.token() == "syu_secret2"
    # And a little, for grpc rounds up what it tells the server.
    assert 0 < left[0] <= 6.1


def test_one_sign_in_at_a_time(login: Driven, service: Scripted) -> None:
    held = Held()
    service.script("Issue", held)
    with ThreadPoolExecutor(1) as threads:
        signing_in = threads.submit(login.sign_in_user, "ann", "a-password")
        assert held.arrived.wait(PATIENCE)
        with pytest.raises(SymbolonError, match="under way") as failed:
            login.sign_in_user("ann", "a-password")
        assert failed.value.code is PRECONDITION
        held.released.set()
        signing_in.result(PATIENCE)
    assert login.signed_in


def test_a_sign_in_that_is_given_up(login: Driven, service: Scripted) -> None:
    held = Held()
    service.script("Issue", held)
    with ThreadPoolExecutor(1) as threads:
        signing_in = threads.submit(login.sign_in_user, "ann", "a-password")
        assert held.arrived.wait(PATIENCE)
        login.sign_out()
        held.released.set()
        with pytest.raises(SymbolonError, match="given up"):
            signing_in.result(PATIENCE)
    assert not login.signed_in
    assert login.told == []
    assert [each.token for each in service.names("Revoke")] == ["syr_secret1"]


def test_a_sign_in_whose_task_is_cancelled(login: Driven, service: Scripted) -> None:
    if login.loop is None:
        # Nobody cancels what a thread waits for.
        return
    held = Held()
    service.script("Issue", held)

    async def give_up() -> None:
        task = asyncio.create_task(login.login.sign_in_user("ann", "a-password"))
        await asyncio.to_thread(held.arrived.wait, PATIENCE)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()

    login.wait(give_up())
    held.released.set()
    assert not login.signed_in
    assert signed_in(login)


@pytest.mark.parametrize("step", ["sign in", "sign out"])
def test_what_is_being_stored_is_not_given_up(login: Driven, service: Scripted, store: Watched, step: str) -> None:
    if login.loop is None:
        # Nobody cancels what a thread waits for.
        return
    if step == "sign out":
        signed_in(login)
    store.gate = threading.Event()
    store.is_saving.clear()

    async def give_up() -> None:
        task = asyncio.create_task(
            login.login.sign_in_user("ann", "a-password") if step == "sign in" else login.login.sign_out()
        )
        await asyncio.to_thread(store.is_saving.wait, PATIENCE)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()

    login.wait(give_up())
    store.gate.set()
    if step == "sign in":
        eventually("somebody is signed in", lambda: login.signed_in)
        assert store.saved == [login.token()]
    else:
        eventually("the server is told", lambda: service.names("Revoke"))
        assert store.load() is None


def test_a_sign_in_that_fails_changes_nothing(login: Driven, service: Scripted, store: Watched) -> None:
    token = signed_in(login)
    service.script("Issue", failing(PRECONDITION, "INVALID_CREDENTIALS"))
    with pytest.raises(SymbolonError):
        login.sign_in_user("ann", "wrong")
    assert login.token() == token
    assert store.saved == [token]
    assert not service.names("Revoke")


def test_no_login_is_made_twice(login: Driven, service: Scripted) -> None:
    service.script("Issue", failing(UNAVAILABLE), failing(grpc.StatusCode.DEADLINE_EXCEEDED))
    signed_in(login)
    ids = {each.request_id for each in service.names("Issue")}
    assert len(service.names("Issue")) == 3
    assert len(ids) == 1
    assert len(ids.pop()) == 36


def test_a_second_factor_is_sent_once(login: Driven, service: Scripted) -> None:
    """A code is good once: again it would be a wrong one, and these are counted."""
    challenge = pb.IssueResponse(mfa_challenge=pb.MfaChallenge(mfa_token="a-challenge"))
    service.script("Issue", lambda *_: challenge, failing(UNAVAILABLE))
    factor = login.sign_in_user("ann", "a-password")
    with pytest.raises(SymbolonError) as failed:
        factor.complete("123456")
    assert failed.value.code is UNAVAILABLE
    assert len(service.names("Issue")) == 2
    assert not login.signed_in


def test_the_login_before_is_revoked(login: Driven, service: Scripted) -> None:
    signed_in(login)
    service.subject = "bob"
    login.sign_in_user("bob", "a-password")
    assert login.current_user.subject_id == "bob"
    assert [each.token for each in service.names("Revoke")] == ["syr_secret1"]
    assert login.told == ["signed_in", "signed_in"]


def test_sign_out_while_the_server_is_away(
    logins: Logins, service: Scripted, clock: ShiftedClock, store: Watched
) -> None:
    with serving(service) as address:
        login = logins.open(address, store)
        signed_in(login)
    assert not login.sign_out()
    assert not login.signed_in
    assert store.load() is None
    assert login.told == ["signed_in", "signed_out signed_out"]
    with serving(service, int(address.rsplit(":", 1)[1])):
        eventually("it is told", lambda: service.names("Revoke"))
        assert login.sign_out()
        assert login.sign_out()
    assert {each.token for each in service.names("Revoke")} == {"syr_secret1"}


@pytest.mark.parametrize("code", [grpc.StatusCode.CANCELLED, grpc.StatusCode.INTERNAL])
def test_a_line_that_broke_loses_nothing(
    login: Driven, service: Scripted, clock: ShiftedClock, code: grpc.StatusCode
) -> None:
    signed_in(login)
    clock.go_on(HOUR + 1)
    service.script("Refresh", failing(code))
    assert login.token() == "syu_secret2"
    service.script("Revoke", failing(code))
    assert not login.sign_out()
    eventually("it is told", lambda: len(service.names("Revoke")) > 1)


def test_events_come_in_order_and_without_a_lock(login: Driven, service: Scripted) -> None:
    told: list[str] = []

    def listen(event: symbolon.LoginEvent) -> None:
        told.append(event.event)
        if login.loop is None and event.event == "signed_in":
            # Within a listener all may be asked, and what that changes is told later.
            login.token()
            login.sign_out()
        told.append("end")
        raise ValueError("the app's own")

    stop = login.on_event(listen)
    other: list[str] = []
    remove = login.on_event(lambda event: other.append(event.event))
    assert login.sign_in_user("ann", "a-password") is None
    login.sign_out()
    assert told == ["signed_in", "end", "signed_out", "end"]
    assert other == ["signed_in", "signed_out"]
    stop()
    remove()
    signed_in(login)
    assert other == ["signed_in", "signed_out"]


def test_a_listener_is_no_coroutine(login: Driven) -> None:
    async def listen(_: symbolon.LoginEvent) -> None:
        """Nobody would await it."""

    with pytest.raises(SymbolonError, match="listener must be"):
        login.on_event(listen)


@pytest.mark.parametrize("shift", [-2 * HOUR, 2 * HOUR, -50 * 365 * 24 * HOUR])
def test_a_clock_that_is_off(login: Driven, service: Scripted, clock: ShiftedClock, shift: float) -> None:
    clock.wall_shift = shift
    signed_in(login)
    assert login.token() == "syu_secret1"
    clock.go_on(HOUR - 301)
    assert login.token() == "syu_secret1"
    # It leaps, and what is counted here goes by the other one.
    clock.wall_shift = 0.0
    assert login.token() == "syu_secret1"
    assert not service.names("Refresh")
    clock.go_on(302)
    assert eventually("it is refreshed", lambda: login.token() == "syu_secret2")


def test_after_a_restart_the_wall_is_left(
    logins: Logins, address: str, service: Scripted, clock: ShiftedClock, store: Watched
) -> None:
    signed_in(logins.open(address, store))
    clock.wall_shift += HOUR - 301
    login = logins.open(address, store)
    assert login.resume_stored()
    assert login.token() == "syu_secret1"
    assert len(service.requests) == 1
    clock.go_on(302)
    assert login.token() == "syu_secret2"
    assert login.told == ["signed_in", "refreshed"]


def test_a_clock_that_was_set_forgets_nothing(
    logins: Logins, address: str, service: Scripted, clock: ShiftedClock, store: Watched
) -> None:
    """A device without a battery for its clock was in 1970 when it signed in."""
    clock.wall_shift = -50 * 365 * 24 * HOUR
    signed_in(logins.open(address, store))
    clock.wall_shift = 0.0
    login = logins.open(address, store)
    login.resume_stored()
    assert login.token() == "syu_secret2"
    assert login.signed_in
    # And the other way round a token is taken for longer than it lasts, and refused then.
    clock.wall_shift = -50 * 365 * 24 * HOUR
    backward = logins.open(address, store)
    assert backward.resume_stored()
    service.dead["syu_secret2"] = "EXPIRED"
    assert backward.refused(backward.token())
    assert backward.token() == "syu_secret3"
    # But not for longer than a new one lasts.
    clock.wall_shift -= HOUR
    capped = logins.open(address, store)
    assert capped.resume_stored()
    clock.go_on(HOUR + 1)
    assert capped.token() == "syu_secret4"


def test_closed(login: Driven, service: Scripted, store: Watched) -> None:
    signed_in(login)
    login.close()
    login.close()
    fails(login, grpc.StatusCode.CANCELLED)
    assert not login.signed_in
    assert login.current_user is None
    for call in (login.resume_stored, login.sign_out, lambda: login.sign_in_user("ann", "a-password")):
        with pytest.raises(SymbolonError) as failed:
            call()
        assert failed.value.code is grpc.StatusCode.CANCELLED
    assert store.load() is not None
    assert not service.names("Revoke")


def test_nothing_is_logged_of_waits_that_were_given_up(
    login: Driven, service: Scripted, clock: ShiftedClock, caplog: pytest.LogCaptureFixture
) -> None:
    signed_in(login)
    clock.go_on(HOUR + 1)
    held = Held(failing(grpc.StatusCode.UNAUTHENTICATED))
    service.script("Refresh", held)
    for _ in range(3):
        with pytest.raises(SymbolonError):
            login.token(timeout=0.01)
    assert held.arrived.wait(PATIENCE)
    threading.Timer(0.2, held.released.set).start()
    login.close()
    gc.collect()
    if login.loop is not None:
        # It has told all that it has to tell.
        login.wait(asyncio.sleep(0))
    assert caplog.records == []


def test_closed_while_a_refresh_is_under_way(
    login: Driven, service: Scripted, clock: ShiftedClock, store: Watched
) -> None:
    """Its answer is stored all the same: who comes back must not have a refresh token that was used."""
    signed_in(login)
    clock.go_on(HOUR - 10)
    held = Held()
    service.script("Refresh", held)
    login.token()
    assert held.arrived.wait(PATIENCE)
    threading.Timer(0.2, held.released.set).start()
    login.close()
    assert store.saved[-1] == "syu_secret2"


def test_closed_while_an_answer_is_lost(
    login: Driven, service: Scripted, clock: ShiftedClock, store: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is asked for once more, as it would be later by who comes back."""
    for each in (thread_io, loop_io):
        monkeypatch.setattr(each, "GRACE", LONG)
    signed_in(login)
    clock.go_on(HOUR - 10)
    held = Held(failing(UNAVAILABLE))
    service.script("Refresh", held)
    login.token()
    assert held.arrived.wait(PATIENCE)
    state = login.login._session.state
    with ThreadPoolExecutor(1) as threads:
        closing = threads.submit(login.close)
        eventually("it is closed", lambda: state.is_closed)
        held.released.set()
        closing.result(PATIENCE)
    assert store.saved[-1] == "syu_secret2"
    assert [each.refresh_token for each in service.names("Refresh")] == ["syr_secret1"] * 2


def test_exported_and_resumed(logins: Logins, login: Driven, address: str, service: Scripted) -> None:
    signed_in(login)
    text = login.export_tokens()
    record = json.loads(text)
    assert record["version"] == 1
    assert (record["client_id"], record["kind"], record["subject_id"]) == ("app", "USER", "ann")
    assert (record["lifetime_ms"], record["login_lifetime_ms"]) == (3_600_000, 1_209_600_000)
    other = logins.open(address)
    other.resume(json.dumps({**record, "something": "newer"}))
    assert other.token() == "syu_secret1"
    assert other.current_user == login.current_user
    assert "something" not in other.export_tokens()
    assert other.told == ["signed_in"]


BROKEN: list[dict[str, Any]] = [
    {"version": 2},
    {"version": True},
    {"client_id": 1},
    {"access_token": ""},
    {"access_token": "a\r\nb"},
    {"refresh_token": "a b"},
    {"refresh_token": None},
    {"login_lifetime_ms": None},
    {"lifetime_ms": -1},
    {"lifetime_ms": "1"},
    {"lifetime_ms": 1e400},
    {"obtained_ms": 1.5},
    {"scopes": "read"},
    {"scopes": [1]},
    {"subject_id": None},
]


@pytest.mark.parametrize("change", BROKEN, ids=str)
def test_what_is_no_record(login: Driven, change: dict[str, Any]) -> None:
    signed_in(login)
    record = json.loads(login.export_tokens())
    text = json.dumps({key: value for key, value in {**record, **change}.items() if value is not None})
    with pytest.raises(SymbolonError, match="text must be what") as failed:
        login.resume(text)
    assert failed.value.code is grpc.StatusCode.INVALID_ARGUMENT
    assert "secret" not in "".join(traceback.format_exception(failed.value))
    assert failed.value.__context__ is None


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"a":' * 5_000, None])
def test_what_is_no_record_either(login: Driven, text: Any) -> None:
    with pytest.raises(SymbolonError, match="text must be what"):
        login.resume(text)


def test_of_another_client(logins: Logins, login: Driven, address: str, store: Watched) -> None:
    signed_in(login)
    other = logins.of(logins.client(address, "other"), store)
    with pytest.raises(SymbolonError, match="client_id"):
        other.resume(login.export_tokens())
    with pytest.raises(SymbolonError, match="client_id") as failed:
        other.resume_stored()
    assert failed.value.code is PRECONDITION
    assert not other.signed_in


def test_resumed_with_a_token(login: Driven, service: Scripted, clock: ShiftedClock) -> None:
    login.resume_with_token("syu_kept")
    assert login.token() == "syu_kept"
    assert json.loads(login.export_tokens())["lifetime_ms"] == 600_000
    clock.go_on(601)
    assert not login.signed_in
    service.dead["syu_dead"] = "REVOKED"
    with pytest.raises(SymbolonError) as failed:
        login.resume_with_token("syu_dead")
    assert failed.value.reason == "INVALID_CREDENTIALS"
    assert failed.value.ended_by == "REVOKED"
    with pytest.raises(SymbolonError, match="access_token must be"):
        login.resume_with_token("a\nb")


def test_nothing_is_stored(login: Driven) -> None:
    assert not login.resume_stored()
    assert login.told == []


PASSWORD = "a-very-secret-password"


def test_nothing_is_shown(login: Driven, service: Scripted, store: Watched, capfd: Any, caplog: Any) -> None:
    login.sign_in_user("ann", PASSWORD)
    service.script("Issue", lambda *_: pb.IssueResponse(mfa_challenge=pb.MfaChallenge(mfa_token="a-secret-challenge")))
    factor = login.sign_in_user("ann", PASSWORD)
    session = login.login._session
    shown = [repr(each) for each in (login.login, login.current_user, login.events, session.state.held, store)]
    shown += [str(login.login), repr(getattr(factor, "login", factor)), repr(session.state.held.record)]
    service.script("Issue", failing(PRECONDITION, "INVALID_CREDENTIALS"))
    with pytest.raises(SymbolonError) as failed:
        login.sign_in_user("ann", PASSWORD)
    shown += traceback.format_exception(failed.value)
    with pytest.raises(TypeError, match="export_tokens"):
        pickle.dumps(login.login)
    written = capfd.readouterr()
    assert "secret" not in "".join(shown) + written.out + written.err + caplog.text


def test_options(logins: Logins, address: str) -> None:
    client = logins.client(address, "app")
    with pytest.raises(SymbolonError, match="store must be"):
        client.login(store="a-path")
    with pytest.raises(SymbolonError, match="client must be"):
        symbolon.Login("client")  # type: ignore[arg-type]
    login = logins.of(client)
    with pytest.raises(SymbolonError, match="has no secret"):
        login.sign_in_client()
    with pytest.raises(SymbolonError, match="scopes must be"):
        login.sign_in_anonymously(scopes="read")
