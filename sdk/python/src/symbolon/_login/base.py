"""What a login for threads and one for asyncio have in common."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

from symbolon.v1 import device_service_pb2 as devices
from symbolon.v1 import token_service_pb2 as tokens
from symbolon.v1 import user_service_pb2 as users

from .._errors import SymbolonError, wrong
from .._options import Options
from . import wire
from .code import BegunCode
from .entry import Challenge
from .events import LoginListener
from .io import Call, Io
from .own_calls import OwnCalls
from .record import CurrentUser
from .session import Session
from .store import MemoryStore, Store

TokenListener = Callable[[str | None, SymbolonError | None], None]


class TokenWaiter:
    """Tells the token to who can't wait for it, as a plugin of grpc."""

    def __init__(self, done: TokenListener) -> None:
        self._done = done

    def fail(self, error: SymbolonError) -> None:
        """There is none."""
        self._done(None, error)

    def ask(self, session: Session) -> None:
        """Ask, and again where that has to be."""
        try:
            asked = session.ask()
        except SymbolonError as error:
            self.fail(error)
            return
        if isinstance(asked, str):
            self._done(asked, None)
        else:
            asked.add_done_callback(lambda future: self._told(session, future))

    def _told(self, session: Session, future: Future[str | None]) -> None:
        error = future.exception()
        if isinstance(error, SymbolonError):
            self.fail(error)
            return
        token = future.result()
        if token is None:
            self.ask(session)
        else:
            self._done(token, None)


class Base:
    """The steps of both are the same coroutines."""

    def __init__(self, client: Any, store: Store | None, resource: str) -> None:
        if not isinstance(getattr(client, "_options", None), Options):
            raise wrong("client must be a client of this package")
        if store is not None and not isinstance(store, Store):
            raise wrong("store must be a symbolon.Store")
        if not isinstance(resource, str):
            raise wrong("resource must be the id of a resource server")
        self._client = client
        self._store = MemoryStore() if store is None else store
        self._resource = resource
        self._session = Session(self._io(), client._options, self._store, resource)

    def _io(self) -> Io:
        raise NotImplementedError

    def _is_here(self) -> bool:
        return self._session.pid == os.getpid()

    def _session_here(self) -> Session:
        """Answer that of this process: another one after a fork."""
        if not self._is_here():
            self._session = Session(self._io(), self._client._options, self._store, self._resource, self._session)
        return self._session

    def _found(self) -> str | None:
        """Answer the token where memory has it."""
        return self._session.state.find() if self._is_here() else None

    def _ask_beside(self, waiter: TokenWaiter) -> None:
        raise NotImplementedError

    def _own_calls(self) -> OwnCalls:
        return OwnCalls(self._session_here())

    @property
    def signed_in(self) -> bool:
        """Whether a token can be had, as far as is known here. It makes no call."""
        return self.current_user is not None

    @property
    def current_user(self) -> CurrentUser | None:
        """Who is signed in, without a token of it."""
        session = self._session_here()
        try:
            return session.state.user
        finally:
            session.noticed()

    def begin_code(self, *, issuer: str, redirect_uri: str, scopes: Sequence[str] = ()) -> BegunCode:
        """Begin a sign-in by a browser that comes back to the app itself, such as to a web server. It makes no call.

        Keep what it answers in the user's session, send the browser to its ``url``, and give both to `complete_code`.

        Args:
            issuer: of the tenant, as ``https://login.example.com/t/my-tenant``.
            redirect_uri: where the browser comes back to, as it is registered.
            scopes: those that the user is asked to agree to. None: all that the client registered.

        Raises:
            SymbolonError: INVALID_ARGUMENT, where one of these is wrong.
        """
        return self._session_here().grants.begin_code(issuer, redirect_uri, scopes)

    def export_tokens(self) -> str:
        """Answer the login as a text, for `resume`. It holds tokens: keep it as you keep a password."""
        return self._session_here().export()

    def on_event(self, listener: LoginListener) -> Callable[[], None]:
        """Tell each event from now on. Answers what ends that."""
        if not callable(listener) or inspect.iscoroutinefunction(listener):
            raise wrong("listener must be something to call, and not a coroutine")
        return self._session_here().events.add(listener)

    async def _enter(self, call: Call) -> Any:
        return await self._session_here().entry.sign_in(call)

    async def _sign_in_user(self, username: str, password: str, scopes: Sequence[str]) -> Challenge | None:
        credential = tokens.UserPassword(username=username, password=password)
        entry = self._session_here().entry
        answer = await self._enter(wire.issue(entry.new_id(), scopes, entry.resource, user_password=credential))
        return answer if isinstance(answer, Challenge) else None

    async def _complete(self, challenge: Challenge, **factor: str) -> None:
        # A code is good once: sent again after a lost answer it would be taken for a wrong one, which are counted.
        call = wire.second_factor(challenge.mfa_token, **factor)
        await self._session_here().entry.sign_in(call, is_repeatable=False)

    async def _sign_in_device(self, device: str, password: str, scopes: Sequence[str]) -> None:
        credential = tokens.DevicePassword(password=password, **wire.device(device))
        entry = self._session_here().entry
        await self._enter(wire.issue(entry.new_id(), scopes, entry.resource, device_password=credential))

    async def _sign_in_client(self, scopes: Sequence[str]) -> None:
        entry = self._session_here().entry
        call = wire.issue_to_client(entry.client_id, entry.client_secret, entry.new_id(), scopes, entry.resource)
        await self._enter(call)

    async def _sign_in_anonymously(self, scopes: Sequence[str]) -> None:
        entry = self._session_here().entry
        await self._enter(wire.issue_to_nobody(entry.client_id, entry.new_id(), scopes, entry.resource))

    async def _onboard(
        self, device: str, password: str, owner_access_token: str, display_name: str, scopes: Sequence[str]
    ) -> devices.Device:
        request = devices.OnboardDeviceRequest(
            password=password,
            owner_access_token=owner_access_token,
            display_name=display_name,
            with_token=wire.wish(scopes),
            **wire.device(device),  # type: ignore[arg-type]
        )
        answer: devices.OnboardDeviceResponse = await self._enter(Call("devices", "OnboardDevice", request))
        return answer.device

    async def _sign_up(
        self,
        password: str,
        login_name: str,
        email: str,
        phone: str,
        phone_country: str,
        display_name: str,
        scopes: Sequence[str],
    ) -> users.User:
        request = users.RegisterUserRequest(
            password=password,
            login_name=login_name,
            email=email,
            phone=phone,
            phone_country=phone_country,
            display_name=display_name,
            with_token=wire.wish(scopes, self._session_here().entry.new_id()),
        )
        answer: users.RegisterUserResponse = await self._enter(Call("users", "RegisterUser", request))
        return answer.user

    def __repr__(self) -> str:
        user = self.current_user
        who = "nobody" if user is None else f"{user.kind} {user.subject_id}"
        return f"<{type(self).__name__} of {who}>"

    def __reduce__(self) -> str:
        raise TypeError(f"a {type(self).__name__} can't be pickled or copied: give what export_tokens answers")


def require_callable(name: str, value: object) -> None:
    """What is given to be called."""
    if not callable(value):
        raise wrong(f"{name} must be something to call")


def require_plain(name: str, value: object) -> None:
    """What threads can call: nobody would await the answer."""
    require_callable(name, value)
    if inspect.iscoroutinefunction(value):
        raise wrong(f"{name} must be something to call, and not a coroutine: use AsyncLogin for that")
