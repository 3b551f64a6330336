"""What a service is told that listens to no ends of watches itself."""

from __future__ import annotations

import logging
import threading
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
        # Each end is told in a thread of its own.
        self._lock = threading.Lock()
        # When each cause was told.
        self._told: dict[tuple[str, str], float] = {}

    def __call__(self, error: SymbolonError, _: float) -> None:
        """Listen to the end of a watch."""
        cause, now = (error.code.name, error.reason), self._now()
        with self._lock:
            # Those that are over are left out, so that it stays small.
            self._told = {each: told for each, told in self._told.items() if now - told < _SILENCE}
            if cause in self._told:
                return
            self._told[cause] = now
        _logger.warning("%s. Until it begins again, each check is a call", error)
