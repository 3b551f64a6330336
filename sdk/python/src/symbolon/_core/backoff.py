"""How long to wait before another stream is begun, and for a stream that says nothing. In seconds."""

from __future__ import annotations

_FIRST = 0.1
_LONGEST = 2.0
# Where repeating mends nothing, and somebody has to.
_LONGEST_HOPELESS = 30.0


def backoff(earlier: int, is_hopeless: bool, retry_after: float | None, part: float) -> float:
    """Double with each failure that came ``earlier``, and take any ``part`` of it, from 0 to 1.

    A server that comes back must not be met by all at once. What the server asked for comes before.
    """
    longest = _LONGEST_HOPELESS if is_hopeless else _LONGEST
    asked = min(_LONGEST_HOPELESS, max(0.0, retry_after or 0.0))
    return asked + part * min(longest, _FIRST * 2.0 ** min(earlier, 30))


def patience(bound: float, silent_lines: int) -> float:
    """Two bounds, doubled with each line that brought nothing.

    More lines don't make a server quicker that is reached too slowly.
    """
    return 2 * bound * 2.0 ** min(silent_lines, 2)
