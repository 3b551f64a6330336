"""Bare clients: every call of the contract, for threads and for asyncio."""

from __future__ import annotations

import os
import threading
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar, cast
from weakref import WeakSet

from symbolon.v1.access_service_pb2_grpc import AccessServiceStub
from symbolon.v1.audit_service_pb2_grpc import AuditServiceStub
from symbolon.v1.client_service_pb2_grpc import ClientServiceStub
from symbolon.v1.consent_service_pb2_grpc import ConsentServiceStub
from symbolon.v1.device_service_pb2_grpc import DeviceServiceStub
from symbolon.v1.resource_server_service_pb2_grpc import ResourceServerServiceStub
from symbolon.v1.server_service_pb2_grpc import ServerServiceStub
from symbolon.v1.tenant_service_pb2_grpc import TenantServiceStub
from symbolon.v1.token_service_pb2_grpc import TokenServiceStub
from symbolon.v1.user_service_pb2_grpc import UserServiceStub

from ._calls import AioCall, Errors, Flag, TypedChannel, closed, threaded
from ._channel import ChannelOptions, connect, connect_aio
from ._options import Options

if TYPE_CHECKING:
    from symbolon.v1.access_service_pb2_grpc import AccessServiceAsyncStub
    from symbolon.v1.audit_service_pb2_grpc import AuditServiceAsyncStub
    from symbolon.v1.client_service_pb2_grpc import ClientServiceAsyncStub
    from symbolon.v1.consent_service_pb2_grpc import ConsentServiceAsyncStub
    from symbolon.v1.device_service_pb2_grpc import DeviceServiceAsyncStub
    from symbolon.v1.resource_server_service_pb2_grpc import ResourceServerServiceAsyncStub
    from symbolon.v1.server_service_pb2_grpc import ServerServiceAsyncStub
    from symbolon.v1.tenant_service_pb2_grpc import TenantServiceAsyncStub
    from symbolon.v1.token_service_pb2_grpc import TokenServiceAsyncStub
    from symbolon.v1.user_service_pb2_grpc import UserServiceAsyncStub

    from ._login.async_login import AsyncLogin
    from ._login.login import Login
    from ._login.store import Store

# An idle connection is forgotten by balancers after minutes. The server pings as often, and takes no offence.
_KEEPALIVE: ChannelOptions = [
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.keepalive_timeout_ms", 20_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.max_pings_without_data", 0),
]

_Stub = TypeVar("_Stub")
# Channels of processes that this one was forked from: ending them here would end them there.
_of_parents: list[Any] = []
# Two threads would make two channels of one client, and nobody would end one of them. A signal handler
# that closes a client may run in the thread that has it.
_making = threading.RLock()


def _after_fork_in_child() -> None:
    global _making
    # Who held it may not be here.
    _making = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)


class _Base:
    def __init__(
        self,
        address: str,
        client_id: str,
        client_secret: str | None = None,
        *,
        root_certificates: str | bytes | None = None,
        plaintext: bool | None = None,
        timeout: float = 10.0,
    ) -> None:
        """Check the options. The connection begins with the first call.

        Args:
            address: ``host:port`` of the server, and not a URL.
            client_id: who calls.
            client_secret: one of its secrets. None for a public client, which only names itself.
            root_certificates: PEM of the authorities of the server's certificate, and not the name of its
                file; else those that grpc brings.
            plaintext: without TLS. On loopback that is so by itself; elsewhere it shows secrets and tokens to
                the network.
            timeout: the deadline of a call that names no ``timeout`` of its own, in seconds: 60 at most.

        Raises:
            SymbolonError: INVALID_ARGUMENT, where one of these is wrong.
        """
        self._options = Options(address, client_id, client_secret, root_certificates, plaintext, timeout)
        self._pid = 0
        self._closed = Flag()
        # Whether `_making` is held for this client.
        self._is_making = False
        self._channel: Any = None
        self._stubs: dict[type[Any], Any] = {}
        self._calls: WeakSet[AioCall] = WeakSet()

    def _connect(self) -> TypedChannel:
        raise NotImplementedError

    def _stub(self, kind: type[_Stub]) -> _Stub:
        try:
            with _making:
                outer, self._is_making = self._is_making, True
                try:
                    return self._made(kind)
                finally:
                    self._is_making = outer
        finally:
            if self._closed.is_set:
                self._end()

    def _made(self, kind: type[_Stub]) -> _Stub:
        if self._closed.is_set:
            raise closed()
        if self._pid != os.getpid():
            if self._channel is not None:
                _of_parents.append((self._channel, self._stubs))
            self._channel, self._stubs, self._calls, self._pid = None, {}, WeakSet(), os.getpid()
        stub = self._stubs.get(kind)
        if stub is None:
            stub = kind(self._connect())  # type: ignore[call-arg]
            self._stubs[kind] = stub
        if self._closed.is_set:
            raise closed()
        return cast("_Stub", stub)

    def _close(self) -> Any:
        """Answer the channel that is to be ended. One that is being made is ended by who makes it."""
        with _making:
            self._closed.is_set = True
            return self._channel if self._pid == os.getpid() and not self._is_making else None

    def _end(self) -> None:
        """Do what a `close` in a signal handler left undone. In asyncio none runs within."""

    def use_client_secret(self, client_secret: str) -> None:
        """Go on with another secret of the client: calls from now on carry it."""
        self._options.use_client_secret(client_secret)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._options!r}>"

    def __reduce__(self) -> str:
        raise TypeError(f"a {type(self).__name__} can't be pickled or copied: make one in each process, and keep it")


class Client(_Base):
    """Every call of the contract, for threads. Calls raise `SymbolonError`.

    A call takes ``timeout`` in seconds, ``metadata`` and what else `grpc` takes. UNAVAILABLE is tried again
    up to twice within the deadline, for calls whose ``idempotency_level`` allows it.
    """

    def _connect(self) -> TypedChannel:
        if self._channel is None:
            self._channel = connect(self._options, _KEEPALIVE)
        return TypedChannel(self._channel, self._options, threaded, self._closed)

    @property
    def tokens(self) -> TokenServiceStub:
        """Issue, Refresh, Introspect, Revoke."""
        return self._stub(TokenServiceStub)

    @property
    def users(self) -> UserServiceStub:
        """Users of the tenant."""
        return self._stub(UserServiceStub)

    @property
    def devices(self) -> DeviceServiceStub:
        """Devices of the tenant."""
        return self._stub(DeviceServiceStub)

    @property
    def clients(self) -> ClientServiceStub:
        """Clients of the tenant."""
        return self._stub(ClientServiceStub)

    @property
    def resource_servers(self) -> ResourceServerServiceStub:
        """Services that tokens may be for alone."""
        return self._stub(ResourceServerServiceStub)

    @property
    def consents(self) -> ConsentServiceStub:
        """What users granted to clients."""
        return self._stub(ConsentServiceStub)

    @property
    def access(self) -> AccessServiceStub:
        """What the bearers of tokens may do."""
        return self._stub(AccessServiceStub)

    @property
    def tenants(self) -> TenantServiceStub:
        """Tenants, for operators."""
        return self._stub(TenantServiceStub)

    @property
    def audit(self) -> AuditServiceStub:
        """The audit log of the tenant."""
        return self._stub(AuditServiceStub)

    @property
    def servers(self) -> ServerServiceStub:
        """How the servers are, for operators."""
        return self._stub(ServerServiceStub)

    def login(self, *, store: Store | None = None, resource: str = "") -> Login:
        """Answer a new login of an app, with nobody signed in: see `Login`.

        Args:
            store: keeps the login while the app does not run, such as a `FileStore`. None: it lasts as long as the
                process.
            resource: the id of the resource server that the tokens are for alone (RFC 8707). Empty: they are for all.
        """
        from ._login.login import Login

        return Login(self, store=store, resource=resource)

    def close(self) -> None:
        """End the connection, and calls that are under way."""
        channel = self._close()
        if channel is not None:
            channel.close()

    def _end(self) -> None:
        self.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def _begun(calls: WeakSet[AioCall], call: Any, errors: Errors) -> AioCall:
    wrapped = AioCall(call, errors)
    calls.add(wrapped)
    return wrapped


class AsyncClient(_Base):
    """A `Client` for asyncio: the same, and calls are awaited. It belongs to the loop of its first call."""

    def _connect(self) -> TypedChannel:
        if self._channel is None:
            self._channel = connect_aio(self._options, _KEEPALIVE)
        return TypedChannel(self._channel, self._options, partial(_begun, self._calls), self._closed)

    @property
    def tokens(self) -> TokenServiceAsyncStub:
        """Issue, Refresh, Introspect, Revoke."""
        return cast("TokenServiceAsyncStub", self._stub(TokenServiceStub))

    @property
    def users(self) -> UserServiceAsyncStub:
        """Users of the tenant."""
        return cast("UserServiceAsyncStub", self._stub(UserServiceStub))

    @property
    def devices(self) -> DeviceServiceAsyncStub:
        """Devices of the tenant."""
        return cast("DeviceServiceAsyncStub", self._stub(DeviceServiceStub))

    @property
    def clients(self) -> ClientServiceAsyncStub:
        """Clients of the tenant."""
        return cast("ClientServiceAsyncStub", self._stub(ClientServiceStub))

    @property
    def resource_servers(self) -> ResourceServerServiceAsyncStub:
        """Services that tokens may be for alone."""
        return cast("ResourceServerServiceAsyncStub", self._stub(ResourceServerServiceStub))

    @property
    def consents(self) -> ConsentServiceAsyncStub:
        """What users granted to clients."""
        return cast("ConsentServiceAsyncStub", self._stub(ConsentServiceStub))

    @property
    def access(self) -> AccessServiceAsyncStub:
        """What the bearers of tokens may do."""
        return cast("AccessServiceAsyncStub", self._stub(AccessServiceStub))

    @property
    def tenants(self) -> TenantServiceAsyncStub:
        """Tenants, for operators."""
        return cast("TenantServiceAsyncStub", self._stub(TenantServiceStub))

    @property
    def audit(self) -> AuditServiceAsyncStub:
        """The audit log of the tenant."""
        return cast("AuditServiceAsyncStub", self._stub(AuditServiceStub))

    @property
    def servers(self) -> ServerServiceAsyncStub:
        """How the servers are, for operators."""
        return cast("ServerServiceAsyncStub", self._stub(ServerServiceStub))

    def login(self, *, store: Store | None = None, resource: str = "") -> AsyncLogin:
        """Answer a new login of an app, with nobody signed in: see `AsyncLogin`, and `Client.login`."""
        from ._login.async_login import AsyncLogin

        return AsyncLogin(self, store=store, resource=resource)

    async def close(self) -> None:
        """End the connection, and calls that are under way."""
        channel = self._close()
        if channel is not None:
            # A channel ends those alone that it finds, and streams may not be among them.
            for call in list(self._calls):
                call.cancel()
            await channel.close()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()
