"""A lock that processes share by a file: who made it has it."""

from __future__ import annotations

import os
import random
import re
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import grpc

from .._errors import SymbolonError

# In seconds. Nobody holds it longer than a refresh may take, so a lock that is older than this is of one that ended.
_STALE = 15.0
_PATIENCE = 20.0
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.02, 0.1
# How often the file system is asked for its time while one waits.
_PROBE = 1.0
# What a process left behind that ended in between.
_LEFT = 60.0
_RANDOM = r"[A-Za-z0-9_-]{16,}"


class _Seen(NamedTuple):
    text: str
    changed: float
    node: int


class FileLock:
    """``path`` is that of the file which it guards."""

    def __init__(self, path: Path) -> None:
        self._guarded = path
        self._path = path.with_name(path.name + ".lock")
        # What those of this object wrote who hold it. It is more than one only where another one took it away.
        self._mine: set[str] = set()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Wait for it, and hold it.

        Raises:
            SymbolonError: UNAVAILABLE, others have it for too long.
        """
        text = random_name()
        self._acquire(text)
        self._mine.add(text)
        try:
            yield
        finally:
            self._mine.discard(text)
            seen = self._seen()
            if seen is not None and seen.text == text:
                with suppress(OSError):
                    self._path.unlink()

    @property
    def is_lost(self) -> bool:
        """Whether another process took it from who holds it here."""
        if not self._mine:
            return False
        seen = self._seen()
        return seen is None or seen.text not in self._mine

    def _acquire(self, text: str) -> None:
        end = time.monotonic() + _PATIENCE
        probed = 0.0
        while not self._make(text):
            now = time.monotonic()
            if now >= end:
                raise SymbolonError(
                    grpc.StatusCode.UNAVAILABLE, f"another process holds {self._path} for too long: try again"
                )
            if now - probed >= _PROBE:
                probed = now
                if self._break_stale():
                    continue
            time.sleep(random.uniform(_SHORTEST_PAUSE, _LONGEST_PAUSE))  # noqa: S311

    def _make(self, text: str) -> bool:
        try:
            file = create(self._path)
        except FileExistsError:
            return False
        try:
            os.write(file, text.encode())
        except OSError:
            self._path.unlink()
            raise
        finally:
            os.close(file)
        return True

    def _break_stale(self) -> bool:
        """Take away one whose process ended. Answers whether to look again at once."""
        seen = self._seen()
        if seen is None:
            return True
        if self._now() - seen.changed <= _STALE:
            return False
        aside = self._path.with_name(f"{self._path.name}.{random_name()}")
        try:
            self._path.rename(aside)
        except FileNotFoundError:
            return True
        # It may be another one by now, of a process that runs.
        if self._seen(aside) != seen:
            with suppress(FileExistsError):
                os.link(aside, self._path)
        aside.unlink()
        return True

    def _now(self) -> float:
        """By the clock of the file system, which may be another machine's."""
        probe = self._guarded.with_name(f"{self._guarded.name}.{random_name()}.tmp")
        file = create(probe)
        try:
            return os.fstat(file).st_mtime
        finally:
            os.close(file)
            probe.unlink()

    def _seen(self, path: Path | None = None) -> _Seen | None:
        path = self._path if path is None else path
        try:
            file = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        except FileNotFoundError:
            return None
        try:
            found = os.fstat(file)
            return _Seen(os.read(file, 64).decode("ascii", "replace"), found.st_mtime, found.st_ino)
        finally:
            os.close(file)


def create(path: Path) -> int:
    """Make a file that is not there, for its owner alone, whatever the process masks."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), 0o600)
    if hasattr(os, "fchmod"):
        os.fchmod(file, 0o600)
    return file


def random_name() -> str:
    """Answer 22 characters."""
    return secrets.token_urlsafe(16)


def sweep(path: Path, now: float) -> None:
    """Remove what processes left behind beside a file, once it is old. It may hold tokens."""
    pattern = re.compile(re.escape(path.name) + rf"\.(?:{_RANDOM}\.tmp|lock\.{_RANDOM})", re.ASCII)
    with suppress(OSError):
        for entry in os.scandir(path.parent):
            if pattern.fullmatch(entry.name):
                with suppress(OSError):
                    found = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(found.st_mode) and now - found.st_mtime > _LEFT:
                        Path(entry.path).unlink()
