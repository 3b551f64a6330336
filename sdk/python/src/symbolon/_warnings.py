"""What a service is told that listens to no ends of watches itself."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from ._errors import SymbolonError

_logger = logging.getLogger("symbolon")

# One that lasts is told again after this, and not at each try.
_SILENCE = 60.0


class Warnings:
    """Logs once for each cause, and once a minute. Without it a wrong secret would be seen by callers alone, as 503."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._cause = ("", "")
        self._time = 0.0

    def __call__(self, error: SymbolonError, _: float) -> None:
        """Listen to the end of a watch."""
        cause, now = (error.code.name, error.reason), self._now()
        if cause == self._cause and now - self._time < _SILENCE:
            return
        self._cause, self._time = cause, now
        _logger.warning("%s. Until it begins again, each check is a call", error)
