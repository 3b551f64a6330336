"""A login of an app, for asyncio."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any

import grpc

from symbolon.v1 import device_service_pb2 as devices
from symbolon.v1 import user_service_pb2 as users

from .._errors import SymbolonError
from .async_account import AsyncAccount
from .base import Base, TokenWaiter, require_callable
from .code import BegunCode
from .entry import Challenge
from .grants import LONGEST_WAIT, REDIRECT_URI, DevicePrompt
from .loop_io import LoopIo
from .own_calls import Channel
from .store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from datetime import datetime

    from .._client import AsyncClient
    from .session import Session


class AsyncSecondFactor:
    """The password was right, and a second factor is wanted. Nobody is signed in yet."""

    def __init__(self, login: AsyncLogin, challenge: Challenge) -> None:
        self._login = login
        self._challenge = challenge

    @property
    def expire_time(self) -> datetime:
        """Until when it can be completed: in UTC, by the server's clock."""
        return self._challenge.expire_time

    async def complete(self, code: str) -> None:
        """Sign in with a one-time password."""
        await self._login._complete(self._challenge, totp_code=code)

    async def complete_with_recovery_code(self, code: str) -> None:
        """Sign in with a recovery code."""
        await self._login._complete(self._challenge, recovery_code=code)


class AsyncLogin(Base):
    """A `Login` for asyncio: the same, and calls are awaited, in one loop at a time.

    Cancelling one ends its own wait, and neither the refresh that others wait for nor a record that is being written.
    """

    def __init__(self, client: AsyncClient, *, store: Store | None = None, resource: str = "") -> None:
        """Make one, with nobody signed in.

        Args:
            client: calls the server, and stays open as long as this is used.
            store: keeps the login while the app does not run. None: it lasts as long as the process.
            resource: the id of the resource server that the tokens are for alone. Empty: they are for all.

        Raises:
            SymbolonError: INVALID_ARGUMENT, where one of these is wrong.
        """
        super().__init__(client, store, resource)
        self._account = AsyncAccount(self._own_calls)

    def _io(self) -> LoopIo:
        return LoopIo(self._client)

    async def sign_in_user(
        self, username: str, password: str, *, scopes: Sequence[str] = ()
    ) -> AsyncSecondFactor | None:
        """Answer None when the user is signed in, or the second factor that is wanted.

        Args:
            username: login name, verified e-mail address or verified phone number.
            password: the user's.
            scopes: those that the token shall carry. So at all that sign in.
        """
        challenge = await self._sign_in_user(username, password, scopes)
        return None if challenge is None else AsyncSecondFactor(self, challenge)

    async def sign_in_device(self, device: str, password: str, *, scopes: Sequence[str] = ()) -> None:
        """Sign in a device by its id (``th.…``), or by that of its vendor."""
        await self._sign_in_device(device, password, scopes)

    async def onboard_device(
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
        return await self._onboard(vendor_id, password, owner_access_token, display_name, scopes)

    async def sign_in_client(self, *, scopes: Sequence[str] = ()) -> None:
        """Sign in the client itself, which has a secret."""
        await self._sign_in_client(scopes)

    async def sign_in_anonymously(self, *, scopes: Sequence[str] = ()) -> None:
        """Sign in nobody in particular, by a public client."""
        await self._sign_in_anonymously(scopes)

    async def sign_in_with_code(
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
            open_browser: is called with the URL, such as ``webbrowser.open``. It may be a coroutine function.
            issuer: of the tenant, as ``https://login.example.com/t/my-tenant``.
            redirect_uri: as it is registered. The port is put in here.
            scopes: those that the user is asked to agree to. None: all that the client registered.
            timeout: for how many seconds to wait for the browser.

        Raises:
            SymbolonError: PERMISSION_DENIED with ACCESS_DENIED, the user did not allow it; DEADLINE_EXCEEDED, the
                browser did not come back; CANCELLED, somebody signed out or closed this; FAILED_PRECONDITION, the
                answer is none; UNAVAILABLE, the answer of the server was lost.
        """
        require_callable("open_browser", open_browser)
        await self._session_here().grants.sign_in_with_code(open_browser, issuer, redirect_uri, scopes, timeout)

    async def complete_code(self, begun: BegunCode, callback_url: str) -> None:
        """Sign in with what a browser brought to the app: what `begin_code` answered, and the URL with its query.

        Raises:
            SymbolonError: as `sign_in_with_code`.
        """
        await self._session_here().grants.complete_code(begun, callback_url)

    async def sign_in_with_device_code(
        self, show: Callable[[DevicePrompt], object], *, scopes: Sequence[str] = ()
    ) -> None:
        """Sign in a user on a device without a browser: the user types a code elsewhere (RFC 8628).

        Args:
            show: is called with the `DevicePrompt`, once, and must not wait for the user. It may be a coroutine
                function.
            scopes: those that the user is asked to agree to. None: all that the client registered.

        Raises:
            SymbolonError: FAILED_PRECONDITION with ACCESS_DENIED or EXPIRED_TOKEN, the user did not allow it, or not in
                time; CANCELLED, somebody signed out or closed this.
        """
        require_callable("show", show)
        await self._session_here().grants.sign_in_with_device_code(show, scopes)

    async def sign_up_user(
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
        return await self._sign_up(password, login_name, email, phone, phone_country, display_name, scopes)

    async def sign_up_pseudo_user(self, *, display_name: str = "", scopes: Sequence[str] = ()) -> users.User:
        """Make a user without a name and a password. Only its token brings it back, so give a store."""
        return await self._sign_up("", "", "", "", "", display_name, scopes)

    async def resume(self, text: str) -> None:
        """Go on with what `export_tokens` answered."""
        await self._session_here().entry.resume(text)

    async def resume_with_token(self, access_token: str) -> None:
        """Go on with an access token alone, as long as it lasts. It may be of another client."""
        await self._session_here().entry.resume_with_token(access_token)

    async def resume_stored(self) -> bool:
        """Go on with what the store has, without a call. Answers whether somebody is signed in."""
        return await self._session_here().entry.resume_stored()

    async def sign_out(self) -> bool:
        """Forget the login, also in the store, and end it at the server.

        Answers whether the server said so. When it is away it is told later, as long as this is open. Before anything
        was resumed here it is the login in the store. A sign-in that is under way is given up.
        """
        return await self._session_here().ends.sign_out()

    async def token(self, *, timeout: float | None = None) -> str:
        """Answer the access token for a call. It waits for a refresh only where the token has ended.

        Raises:
            SymbolonError: UNAUTHENTICATED, nobody is signed in; DEADLINE_EXCEEDED, after ``timeout`` seconds; or why
                the token can't be refreshed now.
        """
        found = self._found()
        return await self._session_here().token(timeout) if found is None else found

    async def refused(self, token: str) -> bool:
        """Say that a call with this token was UNAUTHENTICATED, or 401. Answers whether to make it once more."""
        return await self._session_here().ends.refused(token)

    async def forgot_password(self, username: str, channel: Channel = "email") -> None:
        """Send a code to a verified address of a user. It tells nobody whether there is such a user."""
        await self._own_calls().forgot_password(username, channel)

    async def complete_reset(self, username: str, code: str, new_password: str) -> None:
        """Trade that code for a new password. Every token of the user ends."""
        await self._own_calls().complete_reset(username, code, new_password)

    @property
    def account(self) -> AsyncAccount:
        """What the user does for itself."""
        return self._account

    async def close(self) -> None:
        """End it, and sign nobody out: the store keeps its record. Calls fail with CANCELLED from now on.

        A refresh that is under way has two seconds to end, and is stored.
        """
        await self._session_here().close()

    def _session_here(self) -> Session:
        session = super()._session_here()
        session.io.enter()
        return session

    def _ask_beside(self, waiter: TokenWaiter) -> None:
        session = super()._session_here()
        # The plugin is called by a thread of grpc, and what is begun for it must be in the loop.
        try:
            session.io.loop.call_soon_threadsafe(waiter.ask, session)
        except (AttributeError, RuntimeError):
            waiter.fail(SymbolonError(grpc.StatusCode.UNAVAILABLE, "the event loop of the login is not running"))

    def _watch_beside(self, token: str, code: Coroutine[Any, Any, Any]) -> None:
        """Of a call that can't be made again: where its code says that it is refused the next one is better off."""
        session = self._session_here()

        async def watch() -> None:
            if await code is grpc.StatusCode.UNAUTHENTICATED:
                await session.ends.refused(token)

        session.io.begin(watch(), lambda _: None)

    async def __aenter__(self) -> AsyncLogin:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()
