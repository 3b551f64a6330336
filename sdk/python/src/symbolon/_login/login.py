"""A login of an app, for threads."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from symbolon.v1 import device_service_pb2 as devices
from symbolon.v1 import user_service_pb2 as users

from .account import Account
from .base import Base, TokenWaiter, require_plain
from .code import BegunCode
from .entry import Challenge
from .grants import LONGEST_WAIT, REDIRECT_URI, DevicePrompt
from .own_calls import Channel
from .store import Store
from .thread_io import ThreadIo, run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from .._client import Client


class SecondFactor:
    """The password was right, and a second factor is wanted. Nobody is signed in yet."""

    def __init__(self, login: Login, challenge: Challenge) -> None:
        self._login = login
        self._challenge = challenge

    @property
    def expire_time(self) -> datetime:
        """Until when it can be completed: in UTC, by the server's clock."""
        return self._challenge.expire_time

    def complete(self, code: str) -> None:
        """Sign in with a one-time password."""
        run(self._login._complete(self._challenge, totp_code=code))

    def complete_with_recovery_code(self, code: str) -> None:
        """Sign in with a recovery code."""
        run(self._login._complete(self._challenge, recovery_code=code))


class Login(Base):
    """Signs in, stays signed in, and answers the token for each call. For threads, any number of them.

    An app makes one with `Client.login`, and keeps it. Many users of one process have a login each.
    """

    def __init__(self, client: Client, *, store: Store | None = None, resource: str = "") -> None:
        """Make one, with nobody signed in.

        Args:
            client: calls the server, and stays open as long as this is used.
            store: keeps the login while the app does not run. None: it lasts as long as the process.
            resource: the id of the resource server that the tokens are for alone. Empty: they are for all.

        Raises:
            SymbolonError: INVALID_ARGUMENT, where one of these is wrong.
        """
        super().__init__(client, store, resource)
        self._account = Account(self._own_calls)

    def _io(self) -> ThreadIo:
        return ThreadIo(self._client)

    def sign_in_user(self, username: str, password: str, *, scopes: Sequence[str] = ()) -> SecondFactor | None:
        """Answer None when the user is signed in, or the second factor that is wanted.

        Args:
            username: login name, verified e-mail address or verified phone number.
            password: the user's.
            scopes: those that the token shall carry. So at all that sign in.
        """
        challenge = run(self._sign_in_user(username, password, scopes))
        return None if challenge is None else SecondFactor(self, challenge)

    def sign_in_device(self, device: str, password: str, *, scopes: Sequence[str] = ()) -> None:
        """Sign in a device by its id (``th.…``), or by that of its vendor."""
        run(self._sign_in_device(device, password, scopes))

    def onboard_device(
        self,
        vendor_id: str,
        password: str,
        *,
        owner_access_token: str = "",
        display_name: str = "",
        scopes: Sequence[str] = (),
    ) -> devices.Device:
        """Sign in a device, and make it before that where its vendor id is new. Answers the device.

        The user whose ``owner_access_token`` is given becomes an owner of it.
        """
        return run(self._onboard(vendor_id, password, owner_access_token, display_name, scopes))

    def sign_in_client(self, *, scopes: Sequence[str] = ()) -> None:
        """Sign in the client itself, which has a secret."""
        run(self._sign_in_client(scopes))

    def sign_in_anonymously(self, *, scopes: Sequence[str] = ()) -> None:
        """Sign in nobody in particular, by a public client."""
        run(self._sign_in_anonymously(scopes))

    def sign_in_with_code(
        self,
        open_browser: Callable[[str], object],
        *,
        issuer: str,
        redirect_uri: str = REDIRECT_URI,
        scopes: Sequence[str] = (),
        timeout: float = LONGEST_WAIT,
    ) -> None:
        """Sign in a user by the browser of this machine, which comes back to a free port of it (RFC 8252).

        A code is sent once: where the answer is lost the user signs in again.

        Args:
            open_browser: is called with the URL, such as ``webbrowser.open``.
            issuer: of the tenant, as ``https://login.example.com/t/my-tenant``.
            redirect_uri: as it is registered. The port is put in here.
            scopes: those that the user is asked to agree to. None: all that the client registered.
            timeout: for how many seconds to wait for the browser.

        Raises:
            SymbolonError: PERMISSION_DENIED with ACCESS_DENIED, the user did not allow it; DEADLINE_EXCEEDED, the
                browser did not come back; CANCELLED, somebody signed out or closed this; FAILED_PRECONDITION, the
                answer is none; UNAVAILABLE, the answer of the server was lost.
        """
        require_plain("open_browser", open_browser)
        run(self._session_here().grants.sign_in_with_code(open_browser, issuer, redirect_uri, scopes, timeout))

    def complete_code(self, begun: BegunCode, callback_url: str) -> None:
        """Sign in with what a browser brought to the app: what `begin_code` answered, and the URL with its query.

        Raises:
            SymbolonError: as `sign_in_with_code`.
        """
        run(self._session_here().grants.complete_code(begun, callback_url))

    def sign_in_with_device_code(self, show: Callable[[DevicePrompt], object], *, scopes: Sequence[str] = ()) -> None:
        """Sign in a user on a device without a browser: the user types a code elsewhere (RFC 8628).

        Args:
            show: is called with the `DevicePrompt`, once, and must not wait for the user.
            scopes: those that the user is asked to agree to. None: all that the client registered.

        Raises:
            SymbolonError: FAILED_PRECONDITION with ACCESS_DENIED or EXPIRED_TOKEN, the user did not allow it, or not in
                time; CANCELLED, somebody signed out or closed this.
        """
        require_plain("show", show)
        run(self._session_here().grants.sign_in_with_device_code(show, scopes))

    def sign_up_user(
        self,
        *,
        password: str,
        login_name: str = "",
        email: str = "",
        phone: str = "",
        phone_country: str = "",
        display_name: str = "",
        scopes: Sequence[str] = (),
    ) -> users.User:
        """Make a user with at least one name, signed in at once. Answers the user."""
        return run(self._sign_up(password, login_name, email, phone, phone_country, display_name, scopes))

    def sign_up_pseudo_user(self, *, display_name: str = "", scopes: Sequence[str] = ()) -> users.User:
        """Make a user without a name and a password. Only its token brings it back, so give a store."""
        return run(self._sign_up("", "", "", "", "", display_name, scopes))

    def resume(self, text: str) -> None:
        """Go on with what `export_tokens` answered."""
        run(self._session_here().entry.resume(text))

    def resume_with_token(self, access_token: str) -> None:
        """Go on with an access token alone, as long as it lasts. It may be of another client."""
        run(self._session_here().entry.resume_with_token(access_token))

    def resume_stored(self) -> bool:
        """Go on with what the store has, without a call. Answers whether somebody is signed in."""
        return run(self._session_here().entry.resume_stored())

    def sign_out(self) -> bool:
        """Forget the login, also in the store, and end it at the server.

        Answers whether the server said so. When it is away it is told later, as long as this is open. Before anything
        was resumed here it is the login in the store. A sign-in that is under way is given up.
        """
        return run(self._session_here().ends.sign_out())

    def token(self, *, timeout: float | None = None) -> str:
        """Answer the access token for a call. It waits for a refresh only where the token has ended.

        Raises:
            SymbolonError: UNAUTHENTICATED, nobody is signed in; DEADLINE_EXCEEDED, after ``timeout`` seconds; or why
                the token can't be refreshed now.
        """
        found = self._found()
        return run(self._session_here().token(timeout)) if found is None else found

    def refused(self, token: str) -> bool:
        """Say that a call with this token was UNAUTHENTICATED, or 401. Answers whether to make it once more."""
        return run(self._session_here().ends.refused(token))

    def forgot_password(self, username: str, channel: Channel = "email") -> None:
        """Send a code to a verified address of a user. It tells nobody whether there is such a user."""
        run(self._own_calls().forgot_password(username, channel))

    def complete_reset(self, username: str, code: str, new_password: str) -> None:
        """Trade that code for a new password. Every token of the user ends."""
        run(self._own_calls().complete_reset(username, code, new_password))

    @property
    def account(self) -> Account:
        """What the user does for itself."""
        return self._account

    def close(self) -> None:
        """End it, and sign nobody out: the store keeps its record. Calls fail with CANCELLED from now on.

        A refresh that is under way has two seconds to end, and is stored.
        """
        run(self._session_here().close())

    def _ask_beside(self, waiter: TokenWaiter) -> None:
        waiter.ask(self._session_here())

    def __enter__(self) -> Login:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
