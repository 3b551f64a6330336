"""What is kept of a login, as all languages write it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

import grpc

from .._caller import CallerKind
from .._errors import SymbolonError

_VERSION = 1
# What a header can carry. A token that is anything else would be refused, or would be more than one header.
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]{1,4096}=*", re.ASCII)
_MAX_MS = 2**53
# A client's own login, which its client can begin again.
_OF_CLIENTS = frozenset({"APPLICATION", "ADMIN", "ANONYMOUS"})


@dataclass(frozen=True, slots=True)
class CurrentUser:
    """Who is signed in. It holds no token."""

    kind: CallerKind
    subject_id: str
    """The user, device or client."""
    client_id: str
    scopes: tuple[str, ...]
    token_id: str
    """The public id of the access token: safe to log."""
    family_id: str
    """The id of the login."""


@dataclass(frozen=True, slots=True)
class Record:
    """The tokens of one login, and how long they last by the server's times alone."""

    client_id: str
    kind: str
    subject_id: str
    family_id: str
    token_id: str
    scopes: tuple[str, ...]
    access_token: str = field(repr=False)
    obtained_ms: int
    lifetime_ms: int
    # Both are there, or neither.
    refresh_token: str = field(default="", repr=False)
    login_lifetime_ms: int = 0

    @property
    def user(self) -> CurrentUser:
        """Who it is."""
        known: dict[str, CallerKind] = {
            "USER": "user",
            "DEVICE": "device",
            "APPLICATION": "application",
            "ADMIN": "admin",
            "ANONYMOUS": "anonymous",
        }
        kind = known.get(self.kind, "unknown")
        return CurrentUser(kind, self.subject_id, self.client_id, self.scopes, self.token_id, self.family_id)

    @property
    def is_of_client(self) -> bool:
        """Whether its client can begin it again."""
        return self.kind in _OF_CLIENTS and self.subject_id == self.client_id

    def is_for(self, client_id: str) -> bool:
        """Whether that client may hold it. An access token alone may be of another one."""
        return self.client_id == client_id or not self.refresh_token

    def is_same_login(self, other: Record) -> bool:
        """Whether both descend from one login. One that a client begins again is another family."""
        if self.family_id == other.family_id:
            return True
        of_whom = (self.client_id, self.kind, self.subject_id)
        return self.is_of_client and of_whom == (other.client_id, other.kind, other.subject_id)

    def to_text(self) -> str:
        """As JSON."""
        members: dict[str, Any] = {
            "version": _VERSION,
            "client_id": self.client_id,
            "kind": self.kind,
            "subject_id": self.subject_id,
            "family_id": self.family_id,
            "token_id": self.token_id,
            "scopes": list(self.scopes),
            "access_token": self.access_token,
        }
        if self.refresh_token:
            members["refresh_token"] = self.refresh_token
        members |= {"obtained_ms": self.obtained_ms, "lifetime_ms": self.lifetime_ms}
        if self.refresh_token:
            members["login_lifetime_ms"] = self.login_lifetime_ms
        return json.dumps(members, indent=2, ensure_ascii=False) + "\n"


def read_record(text: str) -> Record | None:
    """Answer None for what is not a record. Nothing of the text is told: it may hold a token."""
    try:
        members = json.loads(text)
        return _record_of(members) if isinstance(members, dict) else None
    except (ValueError, RecursionError):
        return None


def _record_of(members: dict[str, Any]) -> Record | None:
    texts = [members.get(name) for name in ("client_id", "kind", "subject_id", "family_id", "token_id")]
    scopes = members.get("scopes")
    access_token, refresh_token = members.get("access_token"), members.get("refresh_token")
    obtained, lifetime, login = (members.get(name) for name in ("obtained_ms", "lifetime_ms", "login_lifetime_ms"))
    is_record = (
        _is_count(members.get("version"))
        and members["version"] == _VERSION
        and all(isinstance(each, str) for each in texts)
        and isinstance(scopes, list)
        and all(isinstance(each, str) for each in scopes)
        and _is_token(access_token)
        and _is_count(obtained)
        and _is_count(lifetime)
        and (login is None if refresh_token is None else _is_token(refresh_token) and _is_count(login))
    )
    if not is_record or scopes is None:
        return None
    client_id, kind, subject_id, family_id, token_id = map(str, texts)
    ids = (client_id, kind, subject_id, family_id, token_id)
    times = (int(obtained or 0), int(lifetime or 0))
    return Record(*ids, tuple(scopes), str(access_token), *times, refresh_token or "", int(login or 0))


def _is_token(value: object) -> bool:
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MAX_MS


def is_token(text: object) -> bool:
    """Whether a header can carry it."""
    return _is_token(text)


def nobody() -> SymbolonError:
    """What a call is told for which there is no token."""
    return SymbolonError(grpc.StatusCode.UNAUTHENTICATED, "nobody is signed in: sign in first")
