"""Time as a verifier counts it: two clocks that must agree."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Clock(Protocol):
    """Two clocks, both in seconds."""

    def monotonic(self) -> float:
        """Never goes back. It may stand still while the machine sleeps."""

    def wall(self) -> float:
        """The time of day, which people and NTP set."""


class Moment(NamedTuple):
    """When something was sent, by both clocks."""

    monotonic: float
    wall: float


def moment_of(clock: Clock) -> Moment:
    """Now."""
    return Moment(clock.monotonic(), clock.wall())


def is_within(since: Moment, span: float, monotonic: float, wall: float) -> bool:
    """Tell whether less than ``span`` seconds passed since then, by both clocks.

    The monotonic one may miss the time that a machine slept, the other one misses the time that it
    was set back by. A time before ``since`` tells that it was.
    """
    return monotonic - since.monotonic < span and 0 <= wall - since.wall < span
