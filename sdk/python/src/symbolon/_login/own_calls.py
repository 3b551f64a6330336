"""What users do for themselves, written once for threads and for asyncio."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from google.protobuf.field_mask_pb2 import FieldMask

from symbolon.v1 import token_service_pb2 as tokens
from symbolon.v1 import user_service_pb2 as users

from .._errors import SymbolonError, wrong
from .io import Call
from .session import Session

Channel: TypeAlias = Literal["email", "phone"]

_CHANNELS = {"email": users.MESSAGE_CHANNEL_EMAIL, "phone": users.MESSAGE_CHANNEL_SMS}
_ONE_TIME_PASSWORD = re.compile(r"\d{6}", re.ASCII)
_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Enrollment:
    """The shared secret of a second factor, which is to be shown once."""

    secret: str = field(repr=False)
    """In base32, to be typed in."""
    otpauth_uri: str = field(repr=False)
    """The same, to be shown as a QR code."""


class OwnCalls:
    """Each names the user by the access token of the moment."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def _call(self, service: str, method: str, request: Any) -> Any:
        return await self._session.io.call(Call(service, method, request), self._session.ends.timeout)

    async def _as_user(self, service: str, method: str, make: Callable[[str], Any]) -> Any:
        token = await self._session.token()
        try:
            return await self._call(service, method, make(token))
        except SymbolonError as error:
            # It is that of a wrong password, too.
            if error.reason != "INVALID_CREDENTIALS" or not await self._session.ends.refused(token):
                raise
        return await self._call(service, method, make(await self._session.token()))

    async def _of_user(self, method: str, kind: Any, **fields: Any) -> Any:
        return await self._as_user(
            "users", method, lambda token: kind(user=users.UserRef(access_token=token), **fields)
        )

    async def get(self) -> users.User:
        answer = await self._of_user("GetUser", users.GetUserRequest)
        return _user(answer)

    async def update(self, fields: dict[str, Any], password: str = "") -> users.User:
        given = {name: value for name, value in fields.items() if value is not None}
        if not given:
            raise wrong("give a field that is to be changed")
        paths = [name for name in given if name != "phone_country"]
        answer = await self._of_user(
            "UpdateUser", users.UpdateUserRequest, update_mask=FieldMask(paths=paths), password=password, **given
        )
        return _user(answer)

    async def change_password(self, old_password: str, new_password: str, code: str | None) -> None:
        held = self._session.ends.held()
        passwords = {"old_password": old_password, "new_password": new_password}
        await self._of_user("ChangeUserPassword", users.ChangeUserPasswordRequest, **passwords, **_factor(code))
        await self._session.ends.ended(held, "password_changed")

    async def start_verification(self, channel: Channel) -> str:
        kind = _kind_of(channel)
        request = getattr(users, f"Start{kind}VerificationRequest")
        answer = await self._of_user(f"Start{kind}Verification", request)
        return str(answer.address)

    async def confirm_verification(self, channel: Channel, code: str) -> None:
        kind = _kind_of(channel)
        request = getattr(users, f"Confirm{kind}VerificationRequest")
        await self._of_user(f"Confirm{kind}Verification", request, code=code)

    async def enroll(self, password: str) -> Enrollment:
        answer = await self._of_user("EnrollTotp", users.EnrollTotpRequest, password=password)
        return Enrollment(answer.secret, answer.otpauth_uri)

    async def confirm_enrollment(self, code: str) -> list[str]:
        answer = await self._of_user("ConfirmTotp", users.ConfirmTotpRequest, code=code)
        return list(answer.recovery_codes)

    async def remove_second_factor(self, code: str) -> None:
        await self._of_user("RemoveTotp", users.RemoveTotpRequest, **_factor(code))

    async def logins(self) -> list[tokens.TokenFamily]:
        pages = _Pages()
        while not pages.is_last:
            pages.add(await self._as_user("tokens", "ListTokens", pages.next))
        return pages.families

    async def revoke(self, family_id: str) -> None:
        held = self._session.ends.held()
        await self._as_user(
            "tokens", "Revoke", lambda token: tokens.RevokeRequest(family_id=family_id, user_access_token=token)
        )
        if family_id == held.record.family_id:
            await self._session.ends.ended(held, "revoked")

    async def delete(self) -> None:
        held = self._session.ends.held()
        await self._of_user("DeleteUser", users.DeleteUserRequest)
        await self._session.ends.ended(held, "deleted")

    async def forgot_password(self, username: str, channel: Channel) -> None:
        _kind_of(channel)
        request = users.RequestPasswordResetRequest(user=_named(username), channel=_CHANNELS[channel])
        await self._call("users", "RequestPasswordReset", request)

    async def complete_reset(self, username: str, code: str, new_password: str) -> None:
        request = users.CompletePasswordResetRequest(user=_named(username), code=code, new_password=new_password)
        await self._call("users", "CompletePasswordReset", request)


class _Pages:
    """A page token is good for the same request alone, and that names the access token: another one begins anew."""

    def __init__(self) -> None:
        self.families: list[tokens.TokenFamily] = []
        self.is_last = False
        self._token = ""
        self._page = ""

    def next(self, token: str) -> tokens.ListTokensRequest:
        if token != self._token:
            self.families, self._token, self._page = [], token, ""
        return tokens.ListTokensRequest(access_token=token, page_size=_PAGE, page_token=self._page)

    def add(self, answer: tokens.ListTokensResponse) -> None:
        self.families += answer.families
        self._page = answer.next_page_token
        self.is_last = not self._page


def _user(answer: Any) -> users.User:
    user: users.User = answer.user
    return user


def _kind_of(channel: str) -> str:
    if channel not in _CHANNELS:
        raise wrong("channel must be email or phone")
    return channel.capitalize()


def _factor(code: str | None) -> dict[str, str]:
    """Tell a one-time password and a recovery code apart, as people type them."""
    if code is None:
        return {}
    return {"totp_code" if _ONE_TIME_PASSWORD.fullmatch(code) else "recovery_code": code}


def _named(username: str) -> users.UserRef:
    """By what a user signs in with, as Issue reads it."""
    for prefix, name in (("EMAIL:", "email"), ("PHONE:", "phone")):
        if username.startswith(prefix):
            return users.UserRef(**{name: username.removeprefix(prefix)})
    if "@" in username:
        return users.UserRef(email=username)
    return users.UserRef(phone=username) if username.startswith("+") else users.UserRef(login_name=username)
