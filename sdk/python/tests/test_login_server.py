"""Logins of all kinds, and what users do for themselves, at a real server."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import struct
import time
import uuid
from collections.abc import Iterator
from typing import Any

import grpc
import pytest

import symbolon
from conftest import LONG, Demo, run_python
from scripted import Driven, Logins, ShiftedClock
from symbolon import SymbolonError
from symbolon._login import session as session_module
from symbolon.v1 import token_service_pb2 as pb


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> ShiftedClock:
    clock = ShiftedClock()
    monkeypatch.setattr(session_module, "CLOCK", clock)
    return clock


@pytest.fixture(params=[False, True], ids=["threads", "asyncio"])
def logins(request: pytest.FixtureRequest, clock: ShiftedClock) -> Iterator[Logins]:
    made = Logins(request.param)
    yield made
    made.close()


@pytest.fixture
def login(logins: Logins, hourly: Demo) -> Driven:
    return logins.of(logins.client(hourly.address, "demo", timeout=LONG))


@pytest.fixture
def name() -> str:
    return f"user-{uuid.uuid4().hex[:12]}"


def is_live(client: symbolon.Client, token: str) -> bool:
    return client.tokens.Introspect(pb.IntrospectRequest(token=token)).active


def test_a_user(login: Driven, hourly: Demo, client: symbolon.Client, clock: ShiftedClock) -> None:
    user = hourly.record["user"]
    assert login.sign_in_user(user["email"], user["password"]) is None
    first = login.token()
    assert is_live(client, first)
    assert login.current_user.kind == "user"
    assert login.current_user.subject_id == user["id"]
    # What is known of its time is what the server says.
    assert json.loads(login.export_tokens())["lifetime_ms"] == 3_600_000
    clock.go_on(3_601)
    second = login.token()
    assert is_live(client, second)
    assert not is_live(client, first)
    assert login.refused(first)
    assert not login.refused(second)
    assert login.sign_out()
    assert not is_live(client, second)
    assert login.told == ["signed_in", "refreshed", "signed_out signed_out"]


def test_a_token_that_was_revoked_elsewhere(login: Driven, hourly: Demo, client: symbolon.Client) -> None:
    user = hourly.record["user"]
    login.sign_in_user(user["login_name"], user["password"])
    token = login.token()
    client.tokens.Revoke(pb.RevokeRequest(token=token))
    assert not login.refused(token)
    assert login.told == ["signed_in", "signed_out revoked"]


def test_a_device(login: Driven, hourly: Demo, name: str) -> None:
    device = hourly.record["device"]
    for each in (device["id"], device["vendor_id"]):
        login.sign_in_device(each, device["password"])
        assert login.current_user.kind == "device"
        assert login.current_user.subject_id == device["id"]
    made = login.onboard_device(name, "a-password", display_name="Lamp")
    assert (made.vendor_id, made.display_name) == (name, "Lamp")
    again = login.onboard_device(name, "a-password")
    assert again.device_id == made.device_id == login.current_user.subject_id
    with pytest.raises(SymbolonError) as failed:
        login.onboard_device(name, "another-password")
    assert failed.value.reason == "INVALID_CREDENTIALS"
    assert login.signed_in


def test_a_client(logins: Logins, hourly: Demo, client: symbolon.Client, clock: ShiftedClock) -> None:
    login = logins.of(logins.client(*hourly.service, timeout=LONG))
    login.sign_in_client()
    first = login.token()
    assert login.current_user.kind == "application"
    clock.go_on(3_601)
    assert is_live(client, login.token())
    assert login.token() != first


def test_nobody_in_particular(login: Driven, client: symbolon.Client, clock: ShiftedClock) -> None:
    login.sign_in_anonymously()
    assert login.current_user.kind == "anonymous"
    clock.go_on(4_000)
    assert is_live(client, login.token())
    assert login.told == ["signed_in", "refreshed"]


def code_of(secret: str) -> str:
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def test_a_user_for_itself(login: Driven, name: str, client: symbolon.Client) -> None:
    made = login.sign_up_pseudo_user(display_name="Guest")
    assert (made.has_password, made.display_name) == (False, "Guest")
    normal = login.account.become_normal_user(name, "a-password")
    assert (normal.user_id, normal.login_name, normal.has_password) == (made.user_id, name, True)
    changed = login.account.update(display_name="Ann", email=f"{name}@example.com")
    assert (changed.display_name, changed.email, changed.email_verified) == ("Ann", f"{name}@example.com", False)
    with pytest.raises(SymbolonError, match="give a field"):
        login.account.update()
    assert login.account.start_email_verification() == f"{name}@example.com"
    with pytest.raises(SymbolonError) as failed:
        login.account.confirm_email("000000")
    assert failed.value.reason == "INVALID_CODE"
    with pytest.raises(SymbolonError) as failed:
        login.account.start_phone_verification()
    assert failed.value.reason == "PRECONDITION_FAILED"
    with pytest.raises(SymbolonError) as failed:
        login.account.confirm_phone("000000")
    assert failed.value.reason == "INVALID_CODE"
    # A wrong password is no reason to refresh, or to sign out.
    with pytest.raises(SymbolonError) as failed:
        login.account.change_password("wrong", "b-password")
    assert failed.value.reason == "INVALID_CREDENTIALS"
    assert login.told == ["signed_in"]
    login.account.change_password("a-password", "b-password")
    assert login.told[1:] == ["signed_out password_changed"]
    login.sign_in_user(name, "b-password")
    login.account.delete()
    assert login.told[2:] == ["signed_in", "signed_out deleted"]


def test_a_second_factor(login: Driven, name: str) -> None:
    login.sign_up_user(login_name=name, password="a-password")
    enrolled = login.account.enroll_second_factor("a-password")
    assert "otpauth://" in enrolled.otpauth_uri
    assert enrolled.secret not in repr(enrolled)
    codes = login.account.confirm_second_factor(code_of(enrolled.secret))
    before = login.token()
    factor = login.sign_in_user(name, "a-password")
    # Nobody else is signed in yet.
    assert login.token() == before
    assert factor.login.expire_time.tzinfo is not None if isinstance(factor, Driven) else factor.expire_time.tzinfo
    with pytest.raises(SymbolonError):
        factor.complete_with_recovery_code("AAAAA-AAAAA")
    factor = login.sign_in_user(name, "a-password")
    factor.complete_with_recovery_code(codes[0])
    assert login.token() != before
    login.account.remove_second_factor(codes[1])
    assert login.sign_in_user(name, "a-password") is None


def test_logins_of_a_user(logins: Logins, login: Driven, hourly: Demo, name: str, client: symbolon.Client) -> None:
    login.sign_up_user(login_name=name, password="a-password")
    other = logins.of(logins.client(hourly.address, "demo", timeout=LONG))
    other.sign_in_user(name, "a-password")
    families = {each.family_id for each in login.account.logins()}
    assert families == {login.current_user.family_id, other.current_user.family_id}
    login.account.revoke_login(other.current_user.family_id)
    assert not is_live(client, other.token())
    assert login.signed_in
    login.account.revoke_login(login.current_user.family_id)
    assert login.told == ["signed_in", "signed_out revoked"]


def test_a_call_for_oneself_is_made_once_more(
    login: Driven, name: str, client: symbolon.Client, clock: ShiftedClock
) -> None:
    """The token has just ended, which the login does not know yet: another process refreshed it."""
    login.sign_up_user(login_name=name, password="a-password")
    refresh_token = json.loads(login.export_tokens())["refresh_token"]
    with symbolon.Client(login.login._client._options.address, "demo", timeout=LONG) as bare:
        bare.tokens.Refresh(pb.RefreshRequest(refresh_token=refresh_token))
    assert login.account.get().login_name == name
    assert login.told == ["signed_in", "refreshed"]


def test_a_name_that_is_taken(login: Driven, hourly: Demo) -> None:
    with pytest.raises(SymbolonError) as failed:
        login.sign_up_user(login_name=hourly.record["user"]["login_name"], password="a-password")
    assert failed.value.code is grpc.StatusCode.ALREADY_EXISTS
    assert failed.value.field == "login_name"
    assert not login.signed_in


@pytest.mark.parametrize("form", ["login_name", "email", "phone", "EMAIL:", "PHONE:"])
def test_a_forgotten_password(login: Driven, hourly: Demo, form: str) -> None:
    user = hourly.record["user"]
    names = {"EMAIL:": f"EMAIL:{user['email']}", "PHONE:": f"PHONE:{user['phone']}"}
    name = names.get(form) or user[form]
    login.forgot_password(name, "phone")
    login.forgot_password("nobody-at-all")
    with pytest.raises(SymbolonError) as failed:
        login.complete_reset(name, "000000", "b-password")
    assert failed.value.reason == "INVALID_CODE"
    with pytest.raises(SymbolonError, match="channel must be"):
        login.forgot_password(name, "pigeon")


FORK = """
import os, sys, symbolon
address, name, password, path = sys.argv[1:]
client = symbolon.Client(address, "demo", timeout=60)
login = client.login(store=symbolon.FileStore(path))
login.sign_in_user(name, password)
for _ in range(3):
    child = os.fork()
    if child == 0:
        try:
            assert login.account.get().login_name == name
            token = login.token()
            assert not login.refused(token)
        except BaseException:
            import traceback
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert login.account.get().login_name == name
print("good")
"""


def test_fork(hourly: Demo, tmp_path: Any) -> None:
    user = hourly.record["user"]
    path = str(tmp_path / "login.json")
    assert run_python(FORK, hourly.address, user["login_name"], user["password"], path) == "good\n"


def test_an_app_that_runs_one_loop_after_the_other(hourly: Demo) -> None:
    user = hourly.record["user"]

    async def once() -> str:
        async with symbolon.AsyncClient(hourly.address, "demo", timeout=LONG) as client, client.login() as login:
            await login.sign_in_user(user["login_name"], user["password"])
            return await login.token()

    assert asyncio.run(once()) != asyncio.run(once())
