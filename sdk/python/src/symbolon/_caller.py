"""Whom a token stands for."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

CallerKind: TypeAlias = Literal["user", "device", "application", "admin", "anonymous", "unknown"]
"""What a token stands for. ``unknown`` is something newer than this package."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who presents a live token, and what it may do. All who check the same token share it."""

    kind: CallerKind
    subject_id: str
    """The user, device or client that the token stands for."""
    client_id: str
    """The client that the token was issued to."""
    tenant_id: str
    scopes: tuple[str, ...]
    token_id: str
    """The public id of the token: safe to log."""
    family_id: str
    """The login that the token came of."""
    issue_time: datetime
    """In UTC, by the server's clock."""
    expire_time: datetime
    """In UTC, by the server's clock."""


_current: ContextVar[Caller | None] = ContextVar("symbolon_caller", default=None)


def current_caller() -> Caller:
    """Answer the caller of the request that is handled now.

    An interceptor or middleware of this package sets it for the handler, also in threads that
    ``asyncio.to_thread`` starts.

    Raises:
        LookupError: nothing checked a token for this request: it is public, or the interceptor or
            middleware is missing.
    """
    caller = _current.get()
    if caller is None:
        raise LookupError("there is no caller: no interceptor or middleware of symbolon checked a token")
    return caller
