"""The cached verifiers, for threads and for asyncio."""

from __future__ import annotations

import asyncio
import atexit
import concurrent.futures
import os
import time
import weakref
from types import TracebackType
from typing import TypeVar

import grpc

from ._access import Access, Device, Own, Permission, Target, User
from ._caller import Caller
from ._core.protocol import Question
from ._engine import Engine
from ._errors import SymbolonError, wrong
from ._messages import PERMISSIONS
from ._options import Options, require_count
from ._warnings import Warnings
from ._watch import WatchEndListener

_Result = TypeVar("_Result")

# What a call may take beyond its deadline until somebody takes notice, in seconds.
_SLACK = 2.0


class _Base:
    """What both have."""

    def __init__(
        self,
        address: str,
        client_id: str,
        client_secret: str,
        *,
        root_certificates: str | bytes | None = None,
        plaintext: bool | None = None,
        timeout: float = 2.0,
        max_entries: int = 100_000,
        on_watch_end: WatchEndListener | None = None,
    ) -> None:
        """Check the options. Threads and the connection begin with the first check.

        Args:
            address: ``host:port`` of the server, and not a URL.
            client_id: a confidential client of the tenant with the role INTROSPECT.
            client_secret: one of its secrets.
            root_certificates: PEM of the authorities of the server's certificate, and not the name of its
                file; else those that grpc brings.
            plaintext: without TLS. On loopback that is so by itself; elsewhere it shows secrets and tokens to
                the network.
            timeout: after how many seconds a call to the server is given up: 60 at most.
            max_entries: how many answers are kept, at about two kibibytes each: of tokens, and of permissions.
            on_watch_end: is called with the error and the seconds until it begins again when the watch ended,
                each time in a thread of its own. Until then checks ask the server. Unless it is given, the
                logger ``symbolon`` warns of it.

        Raises:
            SymbolonError: INVALID_ARGUMENT, where one of these is wrong.
        """
        if client_secret is None:
            raise wrong("client_secret must be a text that is not empty")
        self._options = Options(address, client_id, client_secret, root_certificates, plaintext, timeout)
        require_count("max_entries", max_entries)
        if on_watch_end is not None and not callable(on_watch_end):
            raise wrong("on_watch_end must be something to call")
        self._max_entries = max_entries
        self._on_watch_end = on_watch_end
        self._is_closed = False
        self._engine = self._new_engine()
        _verifiers.add(self)

    def _new_engine(self) -> Engine:
        # Of this process alone: what a parent was told says nothing here, and another thread may have had its lock.
        listener = Warnings() if self._on_watch_end is None else self._on_watch_end
        engine = Engine(self._options, self._max_entries, listener)
        if self._is_closed:
            engine.close()
        # Nobody can call close on what nobody has any more.
        weakref.finalize(self, _close_at_end, engine).atexit = False
        return engine

    def _of_this_process(self) -> Engine:
        """Answer the engine, another one after a fork: empty, closed, with another id and another connection."""
        engine = self._engine
        if engine.pid != os.getpid():
            # Nothing of the parent's must be ended here, also not by the garbage collector: its threads are not here.
            _of_parents.append(engine)
            engine = self._new_engine()
            self._engine = engine
        return engine

    @property
    def is_open(self) -> bool:
        """Whether checks can be answered from memory now. They are right in either case."""
        return self._of_this_process().is_open

    @property
    def size(self) -> int:
        """How many answers are kept: of tokens, and of permissions."""
        return self._of_this_process().size

    def use_client_secret(self, client_secret: str) -> None:
        """Go on with another secret of the client: calls from now on carry it.

        Give it before the one in use ends, and nothing is interrupted.

        Raises:
            SymbolonError: INVALID_ARGUMENT, where it is empty or ends with a line break.
        """
        if client_secret is None:
            raise wrong("client_secret must be a text that is not empty")
        self._options.use_client_secret(client_secret)
        self._of_this_process().retry_now()

    def _close(self) -> Engine:
        self._is_closed = True
        engine = self._of_this_process()
        engine.close()
        engine.forget()
        return engine

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._options!r}>"

    def __reduce__(self) -> str:
        raise TypeError(f"a {type(self).__name__} can't be pickled or copied: make one in each process, and keep it")


class Verifier(_Base):
    """Tells whether tokens are live, from memory wherever it can.

    A token that was revoked is denied within milliseconds, and after one second at most, whatever becomes
    of the network: a verifier that hears nothing asks the server at each check.

    Make one for each tenant that a process serves, and keep it. All threads may use it. A process that is
    forked from this one uses it too: it begins there as an empty one.
    """

    def check(self, token: str) -> Caller | None:
        """Answer whom the token stands for; None when it is not live.

        Raises:
            SymbolonError: nothing is known of the token. The client must keep it: tell it 503 or UNAVAILABLE.
            TypeError: the token is not a ``str``.
        """
        if not isinstance(token, str):
            raise TypeError("token must be a str")
        engine = self._engine
        if engine.pid != os.getpid():
            engine = self._of_this_process()
        caller = engine.find(token)
        if caller is not None:
            return caller
        return self._result(engine, engine.ask(token))

    def check_permission(self, token: str, permission: Permission, target: Target | None = None) -> Access:
        """Answer whether the bearer of the token may do something now, and why not.

        What is allowed is answered from memory for 10 seconds at most. A consent that is withdrawn ends it as a
        revocation does.

        Args:
            token: the access token.
            permission: what the bearer wants to do, such as ``"READ_DEVICE"``.
            target: `User`, `Device` or `Own`: with whom or what. None: the user or device that the token stands for.

        Raises:
            SymbolonError: nothing is known of it, which never means "allowed". INVALID_ARGUMENT: ``permission`` or
                ``target`` is none.
            TypeError: the token is not a ``str``.
        """
        question = question_of(token, permission, target)
        engine = self._engine
        if engine.pid != os.getpid():
            engine = self._of_this_process()
        access = engine.find_access(question)
        return self._result(engine, engine.ask_access(question)) if access is None else access

    def _result(self, engine: Engine, asker: concurrent.futures.Future[_Result]) -> _Result:
        try:
            return asker.result(self._options.timeout + _SLACK)
        except concurrent.futures.TimeoutError:
            engine.renew()
            raise _late() from None

    def close(self) -> None:
        """End the watch and forget every token. Checks fail from here on."""
        self._close().join()

    def __enter__(self) -> Verifier:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncVerifier(_Base):
    """A `Verifier` for asyncio: the same, and ``check`` is awaited.

    Its heartbeats come from a thread of its own, so that a loop that is held up delays no revocation. Any
    number of event loops may use it.
    """

    async def check(self, token: str) -> Caller | None:
        """Answer whom the token stands for; None when it is not live.

        Raises:
            SymbolonError: nothing is known of the token. The client must keep it: tell it 503 or UNAVAILABLE.
            TypeError: the token is not a ``str``.
        """
        if not isinstance(token, str):
            raise TypeError("token must be a str")
        engine = self._engine
        if engine.pid != os.getpid():
            engine = self._of_this_process()
        caller = engine.find(token)
        if caller is not None:
            return caller
        return await self._result(engine, engine.ask(token))

    async def check_permission(self, token: str, permission: Permission, target: Target | None = None) -> Access:
        """Answer whether the bearer of the token may do something now, and why not: as `Verifier.check_permission`."""
        question = question_of(token, permission, target)
        engine = self._engine
        if engine.pid != os.getpid():
            engine = self._of_this_process()
        access = engine.find_access(question)
        return await self._result(engine, engine.ask_access(question)) if access is None else access

    async def _result(self, engine: Engine, asker: concurrent.futures.Future[_Result]) -> _Result:
        try:
            return await asyncio.wait_for(asyncio.wrap_future(asker), self._options.timeout + _SLACK)
        except asyncio.TimeoutError:
            # It was answered where only this loop was held up.
            if asker.cancelled() or not asker.done():
                engine.renew()
            raise _late() from None

    async def close(self) -> None:
        """End the watch and forget every token. Checks fail from here on."""
        await asyncio.to_thread(self._close().join)

    async def __aenter__(self) -> AsyncVerifier:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()


_verifiers: weakref.WeakSet[_Base] = weakref.WeakSet()
# Engines of processes that this one was forked from.
_of_parents: list[Engine] = []


def question_of(token: str, permission: Permission, target: Target | None) -> Question:
    """Check what is asked."""
    if not isinstance(token, str):
        raise TypeError("token must be a str")
    check_permission_name(permission)
    if isinstance(target, Device):
        return Question(token, permission, device_id=target.device_id)
    if isinstance(target, User):
        return Question(token, permission, target.user_id, device_type=target.device_type)
    if target is None or isinstance(target, Own):
        return Question(token, permission, device_type="" if target is None else target.device_type)
    raise wrong("target must be a symbolon.User, Device or Own, or None for the token's own")


def check_permission_name(permission: object) -> None:
    """A misspelled one must not wait for the first request."""
    if not isinstance(permission, str) or permission not in PERMISSIONS:
        raise wrong("permission must be one of symbolon.Permission, such as READ_DEVICE")


def _late() -> SymbolonError:
    return SymbolonError(
        grpc.StatusCode.DEADLINE_EXCEEDED,
        "the token can't be checked: DEADLINE_EXCEEDED: the call did not end. In a process that was forked, set"
        " GRPC_ENABLE_FORK_SUPPORT=1, or fork before the first check",
    )


def _close_at_end(engine: Engine) -> None:
    if engine.pid == os.getpid():
        engine.close()


def _after_fork_in_child() -> None:
    for verifier in list(_verifiers):
        verifier._of_this_process()


def _close_all() -> None:
    engines = [each._engine for each in list(_verifiers) if each._engine.pid == os.getpid()]
    for engine in engines:
        engine.close()
    # A second for all, and not for each.
    end = time.monotonic() + 1.0
    for engine in engines:
        engine.join(max(0.0, end - time.monotonic()))


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
