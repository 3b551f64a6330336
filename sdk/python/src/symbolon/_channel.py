"""Channels to the server, as verifiers and clients make them."""

from __future__ import annotations

import json
import os
from importlib import import_module
from typing import Any

import grpc
import grpc.aio
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.descriptor_pb2 import MethodOptions

from symbolon.v1 import (
    access_service_pb2,
    audit_service_pb2,
    client_service_pb2,
    consent_service_pb2,
    device_service_pb2,
    resource_server_service_pb2,
    server_service_pb2,
    tenant_service_pb2,
    token_service_pb2,
    user_service_pb2,
)

from ._fork import guard_forks
from ._options import Options

ChannelOptions = list[tuple[str, Any]]


def _support_forks() -> None:
    """Let what grpc has of threads and locks live through a fork. What somebody set stays."""
    if "GRPC_ENABLE_FORK_SUPPORT" in os.environ:
        return
    os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "1"
    # grpc looks at it when it is loaded, and acts on what it saw when a channel is made.
    cygrpc: Any = import_module("grpc._cython.cygrpc")
    if hasattr(cygrpc, "_GRPC_ENABLE_FORK_SUPPORT"):
        cygrpc._GRPC_ENABLE_FORK_SUPPORT = True


_support_forks()

_FILES = (
    access_service_pb2,
    audit_service_pb2,
    client_service_pb2,
    consent_service_pb2,
    device_service_pb2,
    resource_server_service_pb2,
    server_service_pb2,
    tenant_service_pb2,
    token_service_pb2,
    user_service_pb2,
)


def _repeatable() -> list[dict[str, str]]:
    """All methods of the contract that may be repeated, as its ``idempotency_level`` tells."""
    services: list[ServiceDescriptor] = [
        service for file in _FILES for service in file.DESCRIPTOR.services_by_name.values()
    ]
    return [
        {"service": service.full_name, "method": method.name}
        for service in services
        for method in service.methods
        if method.GetOptions().idempotency_level != MethodOptions.IDEMPOTENCY_UNKNOWN
    ]


_RETRY = {
    "maxAttempts": 3,
    "initialBackoff": "0.05s",
    "maxBackoff": "0.5s",
    "backoffMultiplier": 3,
    "retryableStatusCodes": ["UNAVAILABLE"],
}

_SERVICE_CONFIG = json.dumps({"methodConfig": [{"name": _repeatable(), "retryPolicy": _RETRY}]})


def channel_options(options: Options) -> ChannelOptions:
    """Those of every channel."""
    chosen: ChannelOptions = [
        # So that another channel is another connection: that of a cut cable looks alive for long.
        ("grpc.use_local_subchannel_pool", 1),
        # As the watch itself waits: a server that is back must not be waited for longer.
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", 2_000),
        ("grpc.enable_retries", 1),
        ("grpc.service_config", _SERVICE_CONFIG),
    ]
    if options.is_loopback:
        # A proxy would get what is meant for this machine only.
        chosen.append(("grpc.enable_http_proxy", 0))
    return chosen


def connect(options: Options, more: ChannelOptions) -> grpc.Channel:
    """Make a channel for threads. It connects with its first call."""
    chosen = channel_options(options) + more
    if options.is_plaintext:
        channel = grpc.insecure_channel(options.address, chosen)
    else:
        channel = grpc.secure_channel(options.address, _credentials(options), chosen)
    guard_forks()
    return channel


def connect_aio(options: Options, more: ChannelOptions) -> grpc.aio.Channel:
    """Make a channel for asyncio. It connects with its first call."""
    chosen = channel_options(options) + more
    if options.is_plaintext:
        return grpc.aio.insecure_channel(options.address, chosen)
    return grpc.aio.secure_channel(options.address, _credentials(options), chosen)


def _credentials(options: Options) -> grpc.ChannelCredentials:
    return grpc.ssl_channel_credentials(options.root_certificates)
