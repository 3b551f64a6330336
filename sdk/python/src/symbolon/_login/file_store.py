"""A login in a file, which processes of all languages share."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import grpc

from .._errors import SymbolonError, wrong
from .file_lock import FileLock, create, random_name, sweep
from .record import read_record
from .store import Store

_LONGEST = 1_048_576
# To read or write it: of the group, and of everybody.
_OTHERS = 0o066


class FileStore(Store):
    """Keeps the login in a file that its owner alone may read, and lets processes share it.

    A new record takes the place of the old one as a whole, and is on the disk before `save` returns.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """``path`` is that of the file. Its directory must be there, and its file system must know ``rename``."""
        try:
            # A directory that is changed later must not lead elsewhere.
            self._path = Path(os.path.abspath(os.fspath(path)))  # noqa: PTH100
            is_there = self._path.parent.is_dir()
        except (TypeError, ValueError):
            raise wrong("path must be that of a file") from None
        if not is_there:
            raise wrong(f"path must be in a directory that is there: make {self._path.parent}")
        self._lock = FileLock(self._path)

    def load(self) -> str | None:
        """Answer what the file has.

        Raises:
            SymbolonError: FAILED_PRECONDITION, others may read it, or it can't be read; DATA_LOSS, it holds no login.
        """
        data = self._read()
        if data is None:
            return None
        text = data.decode("utf-8", "replace")
        if read_record(text) is None:
            raise SymbolonError(grpc.StatusCode.DATA_LOSS, f"{self._path} holds no login: sign in anew")
        return text

    def _read(self) -> bytes | None:
        with self._told("read"):
            try:
                file = os.open(self._path, os.O_RDONLY | _flag("O_NOFOLLOW") | _flag("O_NONBLOCK") | _flag("O_CLOEXEC"))
            except FileNotFoundError:
                if not self._path.parent.is_dir():
                    # Nobody signed out: a disk that is not there, for one.
                    raise
                return None
            except OSError as error:
                if error.errno == errno.ELOOP:
                    raise self._irregular() from None
                raise
            try:
                mode = os.fstat(file).st_mode
                if not stat.S_ISREG(mode):
                    raise self._irregular()
                if os.name == "posix" and mode & _OTHERS:
                    raise SymbolonError(
                        grpc.StatusCode.FAILED_PRECONDITION,
                        f"others may read or write {self._path}: chmod 600 it, or sign in anew",
                    )
                with os.fdopen(file, "rb", closefd=False) as opened:
                    return opened.read(_LONGEST)
            finally:
                os.close(file)

    def save(self, record: str) -> None:
        """Keep it in place of what is there."""
        with self._told("written"):
            self._require_writable()
            name = self._path.with_name(f"{self._path.name}.{random_name()}.tmp")
            file = create(name)
            try:
                with os.fdopen(file, "wb") as opened:
                    opened.write(record.encode())
                    opened.flush()
                    os.fsync(file)
                    now = os.fstat(file).st_mtime
                self._require_lock()
                name.replace(self._path)
            except BaseException:
                with suppress(OSError):
                    name.unlink()
                raise
            self._flush_directory()
        sweep(self._path, now)

    def clear(self) -> None:
        """Remove the file."""
        with self._told("removed"):
            self._require_writable()
            self._require_lock()
            self._path.unlink(missing_ok=True)
            self._flush_directory()

    def lock(self) -> AbstractContextManager[None]:
        """Hold ``<path>.lock``, which one process at a time makes."""
        return self._locked()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        held = self._lock.held()
        with self._told("locked"):
            held.__enter__()
        try:
            yield
        finally:
            with self._told("unlocked"):
                held.__exit__(None, None, None)

    def _require_writable(self) -> None:
        with suppress(FileNotFoundError):
            if not stat.S_ISREG(self._path.lstat().st_mode):
                raise self._irregular()

    def _require_lock(self) -> None:
        if self._lock.is_lost:
            raise SymbolonError(
                grpc.StatusCode.ABORTED, f"another process took the lock of {self._path}: nothing was written"
            )

    def _flush_directory(self) -> None:
        """So that the name is on the disk, too, where the system can do that."""
        if os.name != "posix":
            return
        directory = os.open(self._path.parent, os.O_RDONLY)
        try:
            with suppress(OSError):
                os.fsync(directory)
        finally:
            os.close(directory)

    def _irregular(self) -> SymbolonError:
        return SymbolonError(
            grpc.StatusCode.FAILED_PRECONDITION, f"{self._path} is not a regular file: give another path"
        )

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise SymbolonError(
                grpc.StatusCode.FAILED_PRECONDITION,
                f"{self._path} can't be {what}: {error.strerror or type(error).__name__}",
            ) from None

    def __repr__(self) -> str:
        return f"<FileStore {str(self._path)!r}>"


def _flag(name: str) -> int:
    """Of this system, where it has it."""
    return int(getattr(os, name, 0))
