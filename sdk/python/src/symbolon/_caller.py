"""Whom a token stands for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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
    audience: str = ""
    """The resource server that the token is for alone. Empty: it is for all."""


class Handling:
    """Whom a request is handled for, until it ends.

    Contexts outlive it: a server may go on with one for all that comes on a connection, and so does a task or a
    timer that began in it. What they have of this is empty then.
    """

    __slots__ = ("caller",)

    def __init__(self, caller: Caller | None) -> None:
        self.caller = caller

    def end(self) -> None:
        """The handler is through."""
        self.caller = None


_current: ContextVar[Handling | None] = ContextVar("symbolon_caller", default=None)


@contextmanager
def handling(caller: Caller | None) -> Iterator[Handling]:
    """Handle a request: also a public one, whose context may be one of an earlier request."""
    current = Handling(caller)
    before = _current.set(current)
    try:
        yield current
    finally:
        current.end()
        _current.reset(before)


def current_caller() -> Caller:
    """Answer the caller of the request that is handled now.

    An interceptor or middleware of this package sets it for the handler, also in threads that
    ``asyncio.to_thread`` starts. It ends with the request: give the caller itself to a task that lives longer.

    Raises:
        LookupError: nothing checked a token for this request: it is public, the interceptor or
            middleware is missing, or the request has ended.
    """
    current = _current.get()
    caller = None if current is None else current.caller
    if caller is None:
        raise LookupError(
            "there is no caller: no interceptor or middleware of symbolon checked a token, or the request has ended"
        )
    return caller
