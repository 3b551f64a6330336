"""What bearers may do: what is kept of it, by the core alone, and what a real server says."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import grpc
import pytest

import symbolon
from conftest import LONG, Demo, eventually, revoke
from model.mutants import OF_ACCESS, load_core
from symbolon import Device, Own, SymbolonError, User
from symbolon._core import state as real
from symbolon._core.protocol import AccessAnswer, Answer, Event, Message, Question, Target
from symbolon.v1 import access_service_pb2 as access_pb
from symbolon.v1 import device_service_pb2 as devices
from symbolon.v1 import token_service_pb2 as pb


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return self.now


class Bearer(NamedTuple):
    family_id: str = "family"
    subject_id: str = "bearer"
    client_id: str = "client"


class May(NamedTuple):
    allowed: bool = True
    caller: Any = Bearer()
    user_id: str = "owner"


class Core:
    """A verifier that is open, whose one question was allowed or not."""

    question = Question("token", "READ_DEVICE", device_id="device")

    def __init__(self, core: Any, *, is_kept: bool = True) -> None:
        self.clock = Clock()
        self.state = core.VerifierState(self.clock, 3)
        self.stream = self.state.begin()
        self.revision = 7
        self.state.receive(self.stream, Message(7, [], 7, self.state.beat(), True, None))
        self.sending = self.state.sending()
        if is_kept:
            self.keep()

    def keep(self, may: Any = May(), life: float = 10.0, revision: int = 7) -> None:  # noqa: B008
        answer = AccessAnswer(revision, may, life)
        assert self.state.keep_access(self.question, self.sending, answer) is may

    def happens(self, *target: Any) -> Core:
        self.revision += 1
        event = Event(self.revision, Target(*target) if target else None)
        self.state.receive(self.stream, Message(self.revision - 1, [event], self.revision, 0, False, None))
        return self

    def beat(self) -> None:
        message = Message(self.revision, [], self.revision, self.state.beat(), False, None)
        self.state.receive(self.stream, message)

    def goes_on(self, seconds: float) -> Core:
        self.clock.now += seconds
        self.beat()
        return self

    @property
    def answers(self) -> bool:
        return self.state.find_access(self.question) is not None


ENDS: list[tuple[Any, ...]] = [
    ("family", "family"),
    ("subject", "bearer"),
    ("client", "client"),
    ("consent", "bearer", "client"),
    ("subject", "owner"),
    ("consent", "owner", "client"),
    ("subject", "device"),
    (),
]
OTHERS: list[tuple[Any, ...]] = [
    ("family", "another"),
    ("subject", "another"),
    ("client", "another"),
    ("consent", "owner", "another"),
    ("consent", "another", "client"),
]


def lives(core: Any) -> None:
    assert Core(core).answers
    assert Core(core).goes_on(9.9).answers
    assert not Core(core).goes_on(10.1).answers


def has_a_life_of_its_own(core: Any) -> None:
    short, long = Core(core, is_kept=False), Core(core, is_kept=False)
    short.keep(life=2.0)
    assert short.answers
    assert not short.goes_on(2.1).answers
    long.keep(life=60.0)
    assert not long.goes_on(10.1).answers


def ends_by_events(core: Any) -> None:
    for target in ENDS:
        assert not Core(core).happens(*target).answers, target
    for target in OTHERS:
        assert Core(core).happens(*target).answers, target


def is_not_kept_after_an_event(core: Any) -> None:
    for target in ENDS:
        late = Core(core, is_kept=False).happens(*target)
        late.keep()
        assert not late.answers, target
        late.keep(revision=8)
        assert late.answers, target
    for target in OTHERS:
        late = Core(core, is_kept=False).happens(*target)
        late.keep()
        assert late.answers, target


def is_not_kept_of_before_afresh(core: Any) -> None:
    late = Core(core)
    late.state.lose()
    late.stream = late.state.begin()
    late.state.receive(late.stream, Message(5, [], 5, late.state.beat(), True, None))
    assert not late.answers
    late.keep()
    assert not late.answers


def keeps_no_denial(core: Any) -> None:
    denied = Core(core, is_kept=False)
    denied.keep(May(allowed=False))
    assert not denied.answers
    assert denied.state.size == 0
    denied = Core(core)
    denied.keep(May(allowed=False))
    assert not denied.answers


def is_silent_when_closed(core: Any) -> None:
    closed = Core(core)
    closed.clock.now += 1.1
    assert not closed.answers
    closed.beat()
    assert closed.answers


RULES: list[Callable[[Any], None]] = [
    *(lives, has_a_life_of_its_own, ends_by_events, is_not_kept_after_an_event),
    *(is_not_kept_of_before_afresh, keeps_no_denial, is_silent_when_closed),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule(rule: Callable[[Any], None]) -> None:
    rule(real)


@pytest.mark.parametrize("name", OF_ACCESS)
def test_a_core_without_it_is_found(name: str, tmp_path: Path) -> None:
    core = load_core(tmp_path, OF_ACCESS[name])
    with pytest.raises(AssertionError):
        for rule in RULES:
            rule(core)


def test_tokens_and_permissions_share_one_bound() -> None:
    core = Core(real)
    for number in range(5):
        question = Question("token", "READ_DEVICE", device_id=f"device {number}")
        core.state.keep_access(question, core.sending, AccessAnswer(7, May(), 10.0))  # type: ignore[arg-type]
        core.state.keep(f"token {number}", core.sending, Answer(7, Bearer(), 60.0))  # type: ignore[arg-type]
    assert core.state.size == 3
    core.happens("subject", "bearer")
    assert core.state.size == 0
    # Nothing is left of what was dropped.
    entries = core.state._entries
    assert not (entries._by_family._keys or entries._by_subject._keys or entries._by_client._keys)


@pytest.mark.parametrize(
    "make",
    [
        *(lambda: Device(""), lambda: Device(None), lambda: Device(5), lambda: Device("\ud800")),  # type: ignore[arg-type]
        *(lambda: User(""), lambda: User(None), lambda: User("a", None), lambda: Own(None)),  # type: ignore[arg-type]
    ],
)
def test_a_target_that_is_missing_is_not_the_tokens_own(make: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="must be a text"):
        make()


@pytest.mark.parametrize(
    ("permission", "target", "named"),
    [
        ("READ_DEVICES", None, "permission"),
        ("UNSPECIFIED", None, "permission"),
        (6, None, "permission"),
        ("READ_DEVICE", "th.a", "target"),
        ("READ_DEVICE", "", "target"),
    ],
)
def test_what_can_be_asked_of_nobody(verifier: symbolon.Verifier, permission: Any, target: Any, named: str) -> None:
    with pytest.raises(SymbolonError, match=named) as failed:
        verifier.check_permission("token", permission, target)
    assert failed.value.code is grpc.StatusCode.INVALID_ARGUMENT
    assert verifier._engine._thread is None


def test_every_word_of_the_contract() -> None:
    permissions = {name.removeprefix("PERMISSION_") for name, number in access_pb.Permission.items() if number}
    assert set(symbolon.Permission.__args__) == permissions  # type: ignore[attr-defined]
    reasons = {name.removeprefix("ACCESS_REASON_") for name in access_pb.AccessReason.DESCRIPTOR.values_by_name}
    assert set(symbolon.AccessReason.__args__) == reasons  # type: ignore[attr-defined]


def test_a_real_server(demo: Demo, verifier: symbolon.Verifier, client: symbolon.Client, token: str) -> None:
    user, device = demo.record["user"]["id"], demo.record["device"]["id"]
    access = verifier.check_permission(token, "READ_PROFILE")
    assert (access.allowed, access.reason, access.user_id) == (True, "ALLOWED", user)
    assert access.caller is not None
    assert access.caller.subject_id == user
    assert verifier.check_permission(token, "READ_PROFILE", User(user)).allowed
    denied = verifier.check_permission(token, "READ_PROFILE", User("another"))
    assert (denied.allowed, denied.reason) == (False, "TARGET_UNKNOWN")
    assert denied.caller is not None
    assert verifier.check_permission(token, "CONNECT_DEVICE", Device(device)).reason == "KIND_NOT_ALLOWED"
    assert verifier.check_permission(token, "LIST_DEVICES", Own("lamp")).allowed
    for dead in ("syu_nothing", "", "a b", "x" * 121):
        assert verifier.check_permission(dead, "READ_PROFILE") == symbolon.Access(False, "TOKEN_NOT_LIVE")
    with pytest.raises(TypeError):
        verifier.check_permission(b"abc", "READ_PROFILE")  # type: ignore[arg-type]

    def kept() -> bool:
        first = verifier.check_permission(token, "READ_PROFILE")
        return verifier.is_open and verifier.check_permission(token, "READ_PROFILE") is first

    eventually("memory answers", kept)
    revoke(client, token)
    assert verifier.check_permission(token, "READ_PROFILE").reason == "TOKEN_NOT_LIVE"


def test_an_id_that_can_be_none_is_unknown_and_fails_nobody_else(demo: Demo, token: str) -> None:
    async def run() -> None:
        async with symbolon.AsyncVerifier(*demo.service, timeout=LONG) as verifier:
            asked = [verifier.check_permission(token, "READ_DEVICE", Device("x" * 300)) for _ in range(2)]
            asked += [verifier.check_permission(token, "READ_PROFILE") for _ in range(2)]
            *denied, one, another = await asyncio.gather(*asked)
            assert [access.reason for access in denied] == ["TARGET_UNKNOWN"] * 2
            assert one.allowed and another.allowed
            # Who asks again after that is not told the same: it says nothing of this client.
            assert (await verifier.check_permission(token, "READ_PROFILE")).allowed

    asyncio.run(run())


def test_a_device_that_is_the_users_no_more(demo: Demo, verifier: symbolon.Verifier, token: str) -> None:
    admin = demo.record["admin"]
    with symbolon.Client(demo.address, admin["client_id"], admin["client_secret"], timeout=LONG) as client:
        request = devices.RegisterDeviceRequest(vendor_id="of-test-access", password="a-password")
        device = client.devices.RegisterDevice(request).device.device_id
        named = devices.DeviceRef(device_id=device)
        assert verifier.check_permission(token, "READ_DEVICE", Device(device)).reason == "NOT_THE_OWNER"
        client.devices.AddDeviceOwner(devices.AddDeviceOwnerRequest(device=named, user_id=demo.record["user"]["id"]))
        # No denial is kept.
        assert verifier.check_permission(token, "READ_DEVICE", Device(device)).allowed
        client.devices.DeleteDevice(devices.DeleteDeviceRequest(device=named, wait=pb.REVOCATION_WAIT_VERIFIERS))
        assert verifier.check_permission(token, "READ_DEVICE", Device(device)).reason == "TARGET_UNKNOWN"


def test_a_closed_verifier_allows_nothing(demo: Demo, token: str) -> None:
    verifier = symbolon.Verifier(*demo.service, timeout=LONG)
    assert verifier.check_permission(token, "READ_PROFILE").allowed
    verifier.close()
    with pytest.raises(SymbolonError, match="closed"):
        verifier.check_permission(token, "READ_PROFILE")


def test_nobody_listens() -> None:
    with symbolon.Verifier("127.0.0.1:1", "a", "b", timeout=LONG) as verifier, pytest.raises(SymbolonError) as failed:
        verifier.check_permission("token", "READ_PROFILE")
    assert failed.value.retryable


def test_what_is_told_has_no_token(demo: Demo, verifier: symbolon.Verifier, token: str) -> None:
    access = verifier.check_permission(token, "READ_PROFILE")
    assert token not in repr(access)
    with pytest.raises(dataclasses.FrozenInstanceError):
        access.allowed = False  # type: ignore[misc]
