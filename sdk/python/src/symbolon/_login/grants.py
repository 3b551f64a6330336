"""Signing in by a browser: the user's own here, or another one anywhere (RFC 8252, RFC 8628)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

import grpc

from .._errors import SymbolonError, wrong
from .._options import Options
from . import wire
from .code import BegunCode, begin, check_issuer, code_of
from .ends import Ends
from .entry import Entry
from .held import Clock
from .io import Io
from .loopback import Loopback, settle
from .repeat import is_lost, send
from .state import Attempt, LoginState, given_up

LONGEST_WAIT = 300.0
"""For a browser to come back, in seconds."""
REDIRECT_URI = "http://127.0.0.1/callback"

# RFC 8628 section 3.2 and 3.5, in seconds.
_INTERVAL = 5.0
_SLOWER = 5.0
_LONGEST_PAUSE = 60.0

Told = Callable[[Any], object]


@dataclass(frozen=True, slots=True)
class DevicePrompt:
    """What a device without a browser shows its user."""

    user_code: str
    """What the user types."""
    verification_uri: str
    """Where the user types it."""
    verification_uri_complete: str
    """The same with the code in it, for a QR code."""
    time_to_live: float
    """For how many seconds the code is good from now on."""


class Grants:
    """Each is a sign-in as every other: one at a time, and one that fails changes nothing."""

    def __init__(
        self, io: Io, state: LoginState, ends: Ends, entry: Entry, options: Options, clock: Clock, resource: str
    ) -> None:
        self._io = io
        self._state = state
        self._ends = ends
        self._entry = entry
        self._options = options
        self._clock = clock
        self._resource = resource

    def begin_code(self, issuer: str, redirect_uri: str, scopes: Sequence[str]) -> BegunCode:
        """Make no call."""
        wished = wire.scopes_of(scopes)
        return begin(self._options.client_id, issuer, redirect_uri, wished, self._resource)

    async def complete_code(self, begun: BegunCode, url: str) -> None:
        """Sign in with what the browser brought."""

        async def enter(attempt: Attempt) -> None:
            await self._redeem(attempt, begun, url)

        await self._entry.attempt(enter)

    async def sign_in_with_code(
        self, open_browser: Told, issuer: str, redirect_uri: str, scopes: Sequence[str], timeout: float
    ) -> None:
        """Listen for the browser meanwhile."""
        check_issuer(issuer)
        if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or not 0 < timeout < float("inf"):
            raise wrong("timeout must be seconds, more than 0")

        async def enter(attempt: Attempt) -> None:
            loopback = Loopback(redirect_uri)
            try:
                begun = self.begin_code(issuer, loopback.redirect_uri, scopes)
                url = await self._answer(attempt, loopback, begun, open_browser, timeout)
            finally:
                loopback.close()
            await self._redeem(attempt, begun, url)

        await self._entry.attempt(enter)

    async def _answer(
        self, attempt: Attempt, loopback: Loopback, begun: BegunCode, open_browser: Told, timeout: float
    ) -> str:
        answered: Future[str] = Future()
        attempt.ended.add_done_callback(lambda _: settle(answered, given_up()))
        loopback.serve(begun, answered)
        await _tell(open_browser, begun.url)
        try:
            return await self._io.wait(answered, timeout)
        except SymbolonError as error:
            if error.code is not grpc.StatusCode.DEADLINE_EXCEEDED:
                raise
            message = f"the browser did not come back within {timeout:g} seconds: sign in again"
            raise SymbolonError(grpc.StatusCode.DEADLINE_EXCEEDED, message) from None

    async def _redeem(self, attempt: Attempt, begun: BegunCode, url: str) -> None:
        call = wire.issue_for_code(code_of(begun, url), begun.redirect_uri, begun.code_verifier, self._resource)
        self._state.require(attempt)
        now, wall = self._clock.monotonic(), self._clock.wall()
        try:
            response = await self._io.call(call, self._ends.timeout)
        except SymbolonError as error:
            if not is_lost(error):
                raise
            # RFC 6749 section 4.1.2: a code that comes twice ends the login that it gave.
            message = "the answer of the server was lost: sign in again"
            raise SymbolonError(grpc.StatusCode.UNAVAILABLE, message) from error
        await self._entry.keep(attempt, response, now, wall)

    async def sign_in_with_device_code(self, show: Told, scopes: Sequence[str]) -> None:
        """Ask until the user has decided."""
        call = wire.begin_device_code(scopes, self._resource)

        async def enter(attempt: Attempt) -> None:
            sent = self._clock.monotonic()
            begun = await send(
                self._io, call, self._ends.timeout, self._clock.monotonic, lambda: self._state.is_under_way(attempt)
            )
            self._state.require(attempt)
            end = sent + wire.seconds(begun.time_to_live)
            await _tell(
                show,
                DevicePrompt(
                    begun.user_code,
                    begun.verification_uri,
                    begun.verification_uri_complete,
                    max(0.0, end - self._clock.monotonic()),
                ),
            )
            await self._poll(attempt, begun.device_code, wire.seconds(begun.interval) or _INTERVAL, end)

        await self._entry.attempt(enter)

    async def _poll(self, attempt: Attempt, device_code: str, interval: float, end: float) -> None:
        polls = _Polls(interval)
        while True:
            await self._pause(attempt, min(polls.wait, max(0.0, end - self._clock.monotonic())))
            now, wall = self._clock.monotonic(), self._clock.wall()
            if now >= end:
                raise SymbolonError(
                    grpc.StatusCode.FAILED_PRECONDITION, "the code came too late: sign in again", "EXPIRED_TOKEN"
                )
            try:
                call = wire.issue_for_device_code(device_code, self._resource)
                response = await self._io.call(call, self._ends.timeout)
            except SymbolonError as error:
                self._state.require(attempt)
                polls.failed(error)
            else:
                await self._entry.keep(attempt, response, now, wall)
                return

    async def _pause(self, attempt: Attempt, seconds: float) -> None:
        """Wait, unless it is given up meanwhile."""
        with suppress(SymbolonError):
            await self._io.wait(attempt.ended, seconds)
        self._state.require(attempt)


class _Polls:
    """How long to wait before the next one (RFC 8628 section 3.5)."""

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self.wait = interval
        self._failures = 0
        self._is_lost = False

    def failed(self, error: SymbolonError) -> None:
        """Raise what no other call mends."""
        asked = error.retry_after or 0.0
        if error.reason == "AUTHORIZATION_PENDING":
            self._failures = 0
            self.wait = max(self._interval, asked)
        elif error.reason == "SLOW_DOWN":
            self._interval += _SLOWER
            self.wait = max(self._interval, asked)
        elif is_lost(error) or error.retryable:
            self._is_lost = self._is_lost or is_lost(error)
            backoff = min(self._interval * 2.0 ** min(self._failures, 10), max(self._interval, _LONGEST_PAUSE))
            self._failures += 1
            self.wait = max(backoff, asked)
        elif error.reason == "INVALID_GRANT" and self._is_lost:
            # The lost answer was that which had the tokens. The code is good once.
            raise SymbolonError(error.code, "the answer of the server was lost: sign in again", error.reason) from error
        else:
            raise error


async def _tell(listener: Told, what: Any) -> None:
    told = listener(what)
    if isawaitable(told):
        await told
