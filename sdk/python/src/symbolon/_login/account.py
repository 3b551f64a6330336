"""What users do for themselves, for threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symbolon.v1 import token_service_pb2 as tokens
from symbolon.v1 import user_service_pb2 as users

from .own_calls import Enrollment, OwnCalls
from .thread_io import run


class Account:
    """Of a login of a user: `Login.account`.

    Each call names the user by the access token of the moment, and is made once more after a refresh when that has
    just ended.
    """

    def __init__(self, calls: Callable[[], OwnCalls]) -> None:
        self._calls = calls

    def get(self) -> users.User:
        """Answer the user."""
        return run(self._calls().get())

    def update(
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
        return run(self._calls().update(fields))

    def become_normal_user(self, login_name: str, password: str) -> users.User:
        """Give a pseudo user its first name and password. It keeps its id."""
        return run(self._calls().update({"login_name": login_name}, password))

    def change_password(self, old_password: str, new_password: str, code: str | None = None) -> None:
        """End every token of the user, and sign out here as ``password_changed``.

        ``code`` is one of the second factor, or a recovery code, where the user has a second factor.
        """
        run(self._calls().change_password(old_password, new_password, code))

    def start_email_verification(self) -> str:
        """Send a code to the e-mail address, which is answered."""
        return run(self._calls().start_verification("email"))

    def confirm_email(self, code: str) -> None:
        """Prove the e-mail address by its code."""
        run(self._calls().confirm_verification("email", code))

    def start_phone_verification(self) -> str:
        """Send a code to the phone number, which is answered."""
        return run(self._calls().start_verification("phone"))

    def confirm_phone(self, code: str) -> None:
        """Prove the phone number by its code."""
        run(self._calls().confirm_verification("phone", code))

    def enroll_second_factor(self, password: str) -> Enrollment:
        """Make the shared secret of a second factor. It is not needed until it is confirmed."""
        return run(self._calls().enroll(password))

    def confirm_second_factor(self, code: str) -> list[str]:
        """Show that the secret arrived. Answers the recovery codes, which can't be told again."""
        return run(self._calls().confirm_enrollment(code))

    def remove_second_factor(self, code: str) -> None:
        """Take it away, with a code of it or a recovery code."""
        run(self._calls().remove_second_factor(code))

    def logins(self) -> list[tokens.TokenFamily]:
        """Answer all live logins of the user."""
        return run(self._calls().logins())

    def revoke_login(self, family_id: str) -> None:
        """End one of them. One's own is signed out here, as ``revoked``."""
        run(self._calls().revoke(family_id))

    def delete(self) -> None:
        """Delete the user with all its tokens, and sign out here as ``deleted``."""
        run(self._calls().delete())
