"""What a login holds, and what is asked of it."""

from __future__ import annotations

from concurrent.futures import Future
from typing import NamedTuple, Protocol

from .events import SignOutReason
from .record import Record

# The margin is this part of the token's life, and not more than so many seconds.
_MARGIN_PART = 0.2
_MAX_MARGIN = 300.0


class Clock(Protocol):
    """In seconds."""

    def monotonic(self) -> float:
        """Never set back."""

    def wall(self) -> float:
        """Since 1970."""


class Held(NamedTuple):
    """A record, and when its call was sent by the monotonic clock."""

    record: Record
    sent: float
    # Its client can begin it again, and is the one of this login.
    is_own: bool
    # Not of a clock on the wall, which may have been set meanwhile.
    is_measured: bool
    # The server takes its refresh token no more, and does not say why.
    is_spent: bool = False
    # The server says that the access token is not live, however long it would last, and why.
    ended_as: SignOutReason | None = None

    @property
    def token(self) -> str:
        return self.record.access_token

    @property
    def margin(self) -> float:
        """Within it a refresh begins beside the calls."""
        return min(self.record.lifetime_ms / 1_000 * _MARGIN_PART, _MAX_MARGIN)

    @property
    def can_refresh(self) -> bool:
        return bool(self.record.refresh_token) and not self.is_spent

    def left(self, now: float) -> float:
        """Of the access token, in seconds."""
        return 0.0 if self.ended_as is not None else self.record.lifetime_ms / 1_000 - (now - self.sent)

    def login_left(self, now: float) -> float:
        """Of the login."""
        return self.record.login_lifetime_ms / 1_000 - (now - self.sent)


class Flight:
    """The one refresh that is under way. Its result is the token, or None where who waits has to ask again."""

    def __init__(self, generation: int) -> None:
        self.generation = generation
        self.future: Future[str | None] = Future()


class Asked(NamedTuple):
    """A token, a flight to wait for, or both. A flight that is new has to be begun."""

    token: str | None
    flight: Flight | None = None
    is_new: bool = False
