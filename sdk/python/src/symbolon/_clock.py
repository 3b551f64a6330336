"""The clocks of this machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial


class SystemClock:
    """Time goes on in the monotonic one while the machine sleeps, where it has such a clock."""

    def __init__(self) -> None:
        boot: int | None = getattr(time, "CLOCK_BOOTTIME", None)
        self.monotonic: Callable[[], float] = time.monotonic if boot is None else partial(time.clock_gettime, boot)
        self.wall: Callable[[], float] = time.time


CLOCK = SystemClock()
