"""The state of a login, without I/O: who is signed in, what is under way, and when what ends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress

import grpc

from .._errors import SymbolonError
from .events import Events, LoginEvent, SignOutReason
from .held import Asked, Clock, Flight, Held
from .record import CurrentUser, Record, nobody

# Between refreshes that fail beside calls, in seconds.
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 30.0
# What a server may ask for at most.
_LONGEST_ASKED = 3_600.0


class Attempt:
    """A sign-in that is under way."""

    def __init__(self, leaves: int) -> None:
        # How often somebody had signed out when it began.
        self.leaves = leaves
        # For who waits long: somebody signed out, or closed the login.
        self.ended: Future[None] = Future()

    def give_up(self) -> None:
        """Tell who waits. Not within a lock: that runs what others gave."""
        with suppress(InvalidStateError):
            self.ended.set_result(None)


class LoginState:
    """All of it is behind one lock, within which nothing waits."""

    def __init__(
        self, client_id: str, clock: Clock, random: Callable[[], float], events: Events, held: Held | None = None
    ) -> None:
        self._client_id = client_id
        self._clock = clock
        self._random = random
        self._lock = threading.Lock()
        self._attempt: Attempt | None = None
        self._leaves = 0
        self._flight: Flight | None = None
        self._failures = 0
        self._not_before = 0.0
        self._is_closed = False
        # The time is over, too, that a refresh has after that.
        self._is_over = False
        # What has ended by its time alone, and may still be in the store.
        self._over: Record | None = None
        self.events = events
        self.held = held
        # What began with another one is dropped.
        self.generation = 0
        # Until then the store may have a login that was never resumed here.
        self.had_login = held is not None
        # The store lacks what is held here: the next call is the next occasion.
        self.is_unsaved = False

    def held_of(self, record: Record, sent: float | None = None) -> Held:
        """Without ``sent`` it was kept somewhere, and only the clock on the wall tells for how long."""
        now = self._clock.monotonic()
        is_own = record.is_of_client and record.client_id == self._client_id
        if sent is not None:
            return Held(record, sent, is_own, is_measured=True)
        age = max(0.0, self._clock.wall() - record.obtained_ms / 1_000)
        return Held(record, now - age, is_own, is_measured=False)

    def find(self) -> str | None:
        """Answer the token from memory, without the lock. None: ask."""
        held = self.held
        if held is None or self.is_unsaved or self._is_closed:
            return None
        return held.token if held.left(self._clock.monotonic()) > held.margin else None

    def ask(self) -> Asked:
        """Answer the token for a call, or what to wait for."""
        with self._lock:
            self._require_open()
            held = self._noticed()
            if held is None:
                raise nobody()
            now = self._clock.monotonic()
            left = held.left(now)
            if left <= 0:
                return self._begin(None)
            if left > held.margin and not self.is_unsaved:
                return Asked(held.token)
            if now < self._not_before or not (self.is_unsaved or self._gains(held, now)):
                return Asked(held.token)
            return self._begin(held.token)

    def _gains(self, held: Held, now: float) -> bool:
        """Tell whether a refresh would make a token that lasts longer."""
        if held.is_own:
            return True
        return held.can_refresh and held.login_left(now) > held.left(now)

    def force(self, token: str, reason: SignOutReason) -> Asked | None:
        """Refresh a token that is dead. None: there is another one by now, or nobody is signed in."""
        with self._lock:
            self._require_open()
            if self.held is None or self.held.token != token:
                return None
            self.held = self.held._replace(ended_as=reason)
            return self._begin(None)

    def _begin(self, token: str | None) -> Asked:
        if self._flight is not None:
            return Asked(token, self._flight)
        self._flight = Flight(self.generation)
        return Asked(token, self._flight, is_new=True)

    def is_current(self, flight: Flight) -> bool:
        """Whether nobody signed out or in since it began, and it may take longer."""
        return self.generation == flight.generation and not self._is_over

    def renewed(self, generation: int, held: Held) -> bool:
        """Take what a refresh brought, or another process. No: it is dropped."""
        with self._lock:
            if self.generation != generation:
                return False
            self.held = held
            self.events.put(LoginEvent("refreshed"))
            return True

    def spend(self, flight: Flight) -> None:
        """Its refresh token is taken no more: the access token is used while it lasts."""
        with self._lock:
            if self.generation == flight.generation and self.held is not None:
                self.held = self.held._replace(is_spent=True)

    def land(self, flight: Flight, token: str | None, error: SymbolonError | None = None) -> None:
        """It is over. ``token`` is None where who waits has to ask again."""
        with self._lock:
            if self._flight is flight:
                self._flight = None
            if error is None and not self.is_unsaved:
                self._failures, self._not_before = 0, 0.0
            else:
                self._pause(None if error is None else error.retry_after)
        if error is None:
            flight.future.set_result(token)
        else:
            flight.future.set_exception(error)

    def _pause(self, asked: float | None) -> None:
        pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** min(self._failures, 10))
        self._failures += 1
        # Somewhat longer, so that not all apps come back at once.
        pause *= 1 + self._random() / 4
        self._not_before = self._clock.monotonic() + (pause if asked is None else min(asked, _LONGEST_ASKED))

    def begin(self) -> Attempt:
        """Sign in: one at a time."""
        with self._lock:
            self._require_open()
            if self._attempt is not None:
                raise SymbolonError(
                    grpc.StatusCode.FAILED_PRECONDITION, "another sign-in is under way: wait until it is over"
                )
            self._attempt = Attempt(self._leaves)
            return self._attempt

    def is_under_way(self, attempt: Attempt) -> bool:
        """No: somebody signed out, or gave it up."""
        return self._attempt is attempt and not self._is_closed

    def require(self, attempt: Attempt) -> None:
        """Refuse one that is not under way any more."""
        if not self.is_under_way(attempt):
            raise given_up()

    def finish(self, attempt: Attempt) -> None:
        """It succeeded, failed or was given up."""
        with self._lock:
            if self._attempt is attempt:
                self._attempt = None

    def adopt(self, attempt: Attempt, held: Held, *, is_unsaved: bool = False) -> Record | None:
        """Somebody is signed in. Answers the login that was there before.

        Raises:
            SymbolonError: CANCELLED, somebody signed out meanwhile. Who closes it meanwhile comes later than this.
        """
        with self._lock:
            if self._leaves != attempt.leaves:
                raise given_up()
            before = self.held
            self.held, self.is_unsaved, self.had_login = held, is_unsaved, True
            self.generation += 1
            self._failures, self._not_before = 0, 0.0
            if self._lasts(held):
                self.events.put(LoginEvent("signed_in"))
            return None if before is None else before.record

    def leave(self) -> Record | None:
        """Sign out. A sign-in that is under way is given up."""
        with self._lock:
            self._require_open()
            attempt, self._attempt = self._attempt, None
            self._leaves += 1
            record = self._end("signed_out")
        if attempt is not None:
            attempt.give_up()
        return record

    def end(self, generation: int, reason: SignOutReason) -> bool:
        """It ended elsewhere. No: it was another login that did."""
        with self._lock:
            return generation == self.generation and self._end(reason) is not None

    def _end(self, reason: SignOutReason) -> Record | None:
        held, self.held = self.held, None
        self.generation += 1
        if held is None:
            return None
        self.is_unsaved = False
        self.events.put(LoginEvent("signed_out", reason=reason))
        return held.record

    def _noticed(self) -> Held | None:
        """Answer what is held, and notice where its time is over."""
        held, now = self.held, self._clock.monotonic()
        if held is None or held.left(now) > 0 or held.is_own:
            return held
        # A clock on the wall that was set must sign nobody out: the server knows better.
        if held.can_refresh and not (held.is_measured and held.login_left(now) <= 0):
            return held
        reason: SignOutReason = "revoked" if held.is_spent and held.login_left(now) > 0 else "expired"
        self._over = self._end(held.ended_as or reason)
        return None

    def take_over(self) -> Record | None:
        """Answer a login whose time was found to be over, once."""
        if self._over is None:
            return None
        with self._lock:
            over, self._over = self._over, None
            return over

    def _lasts(self, held: Held) -> bool:
        now = self._clock.monotonic()
        return held.left(now) > 0 or held.is_own or (held.can_refresh and held.login_left(now) > 0)

    @property
    def user(self) -> CurrentUser | None:
        """Who is signed in, as far as is known here."""
        with self._lock:
            held = None if self._is_closed else self._noticed()
            return held.record.user if held is not None and self._lasts(held) else None

    def close(self) -> Flight | None:
        """Answer what is under way."""
        with self._lock:
            self._is_closed = True
            attempt, flight = self._attempt, self._flight
        if attempt is not None:
            attempt.give_up()
        return flight

    def give_up(self) -> None:
        """What was under way at `close` has had its time."""
        self._is_over = True

    @property
    def is_closed(self) -> bool:
        return self._is_closed

    def _require_open(self) -> None:
        if self._is_closed:
            raise closed()


def given_up() -> SymbolonError:
    """What a sign-in is told that is not wanted any more."""
    return SymbolonError(
        grpc.StatusCode.CANCELLED, "the sign-in was given up: somebody signed out, or closed the login"
    )


def closed() -> SymbolonError:
    """What a call is told after `close`."""
    return SymbolonError(grpc.StatusCode.CANCELLED, "the login is closed: make a new one")
