"""What users do for themselves, for asyncio."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symbolon.v1 import token_service_pb2 as tokens
from symbolon.v1 import user_service_pb2 as users

from .own_calls import Enrollment, OwnCalls


class AsyncAccount:
    """An `Account` for asyncio.

    Each call names the user by the access token of the moment, and is made once more after a refresh when that has
    just ended.
    """

    def __init__(self, calls: Callable[[], OwnCalls]) -> None:
        self._calls = calls

    async def get(self) -> users.User:
        """Answer the user."""
        return await self._calls().get()

    async def update(
        self,
        *,
        login_name: str | None = None,
        email: str | None = None,
        phone: str | None = None,
        phone_country: str | None = None,
        display_name: str | None = None,
        attributes: Any = None,
    ) -> users.User:
        """Change what is given; an empty text empties it. A new address gets a code.

        ``attributes`` replaces all of them, and is a `google.protobuf.struct_pb2.Struct`.
        """
        fields = {"login_name": login_name, "email": email, "phone": phone, "phone_country": phone_country}
        fields |= {"display_name": display_name, "attributes": attributes}
        return await self._calls().update(fields)

    async def become_normal_user(self, login_name: str, password: str) -> users.User:
        """Give a pseudo user its first name and password. It keeps its id."""
        return await self._calls().update({"login_name": login_name}, password)

    async def change_password(self, old_password: str, new_password: str, code: str | None = None) -> None:
        """End every token of the user, and sign out here as ``password_changed``.

        ``code`` is one of the second factor, or a recovery code, where the user has a second factor.
        """
        await self._calls().change_password(old_password, new_password, code)

    async def start_email_verification(self) -> str:
        """Send a code to the e-mail address, which is answered."""
        return await self._calls().start_verification("email")

    async def confirm_email(self, code: str) -> None:
        """Prove the e-mail address by its code."""
        await self._calls().confirm_verification("email", code)

    async def start_phone_verification(self) -> str:
        """Send a code to the phone number, which is answered."""
        return await self._calls().start_verification("phone")

    async def confirm_phone(self, code: str) -> None:
        """Prove the phone number by its code."""
        await self._calls().confirm_verification("phone", code)

    async def enroll_second_factor(self, password: str) -> Enrollment:
        """Make the shared secret of a second factor. It is not needed until it is confirmed."""
        return await self._calls().enroll(password)

    async def confirm_second_factor(self, code: str) -> list[str]:
        """Show that the secret arrived. Answers the recovery codes, which can't be told again."""
        return await self._calls().confirm_enrollment(code)

    async def remove_second_factor(self, code: str) -> None:
        """Take it away, with a code of it or a recovery code."""
        await self._calls().remove_second_factor(code)

    async def logins(self) -> list[tokens.TokenFamily]:
        """Answer all live logins of the user."""
        return await self._calls().logins()

    async def revoke_login(self, family_id: str) -> None:
        """End one of them. One's own is signed out here, as ``revoked``."""
        await self._calls().revoke(family_id)

    async def delete(self) -> None:
        """Delete the user with all its tokens, and sign out here as ``deleted``."""
        await self._calls().delete()
