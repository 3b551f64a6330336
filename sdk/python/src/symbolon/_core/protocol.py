"""What a verifier and the server tell each other, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

from .._access import Access
from .._caller import Caller

FAMILY: Literal["family"] = "family"
SUBJECT: Literal["subject"] = "subject"
CLIENT: Literal["client"] = "client"
CONSENT: Literal["consent"] = "consent"

Kind: TypeAlias = Literal["family", "subject", "client", "consent"]


class Target(NamedTuple):
    """What an event ended. ``first`` and ``second`` of a consent are its subject and its client."""

    kind: Kind
    first: str
    second: str = ""


class Event(NamedTuple):
    """Without a target everything may have ended: all of the tenant, or what this verifier does not know."""

    revision: int
    target: Target | None


class Message(NamedTuple):
    """One message of a stream: applied as a whole."""

    previous_revision: int
    # Those of (previous_revision, revision], in order.
    events: Sequence[Event]
    revision: int
    # The newest heartbeat that had arrived before `revision` was begun to be read. 0: none.
    heartbeat: int
    is_afresh: bool
    # The longest that the server lets a verifier be open, in seconds, in its first message.
    longest_bound: float | None


class Answer(NamedTuple):
    """What the server says of one token."""

    # What it was read at.
    revision: int
    # None: the token is not live.
    caller: Caller | None
    # In seconds from when the call was sent.
    time_to_live: float


class Question(NamedTuple):
    """What is asked of a token: it is kept under all of this."""

    token: str
    permission: str
    user_id: str = ""
    device_id: str = ""
    device_type: str = ""


class AccessAnswer(NamedTuple):
    """What the server says of one question."""

    revision: int
    access: Access
    time_to_live: float
