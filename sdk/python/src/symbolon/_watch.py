"""Keeps a stream to the server. All of it but ``_read`` runs in the engine's thread."""

from __future__ import annotations

import logging
import random
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import grpc

from symbolon.v1 import token_service_pb2 as pb

from ._core.backoff import backoff, patience
from ._core.state import HEARTBEAT, MAX_BOUND, Stream, VerifierState
from ._errors import SymbolonError, is_hopeless, to_symbolon_error
from ._fork import GATE
from ._line import Line, Outbox
from ._messages import to_message
from ._options import Options

WatchEndListener = Callable[[SymbolonError, float], object]
"""Is told what ended a stream, and after how many seconds the next one begins."""

_log = logging.getLogger("symbolon")

# A stream that lived for as long as this, in seconds, was no failure.
_HEALTHY = 2.0


class _Current:
    """The stream that is heard."""

    def __init__(self, stream: Stream, outbox: Outbox) -> None:
        self.stream = stream
        self.outbox = outbox
        # None where it could not be begun.
        self.call: Any = None
        self.is_begun = threading.Event()
        self.begun_at = time.monotonic()
        # Whether the server said anything on it.
        self.is_heard = False


class Watch:
    """One stream after the other."""

    def __init__(
        self,
        options: Options,
        state: VerifierState,
        post: Callable[[Callable[[], None]], None],
        listener: WatchEndListener | None,
    ) -> None:
        self._options = options
        self._state = state
        self._post = post
        self._listener = listener
        self._verifier_id = _new_verifier_id()
        self._line: Line | None = None
        # Lines that no thread could be started for to end them.
        self._uncut: deque[Line] = deque()
        self._renewed_at = 0.0
        # The one before, for the calls that are under way on it.
        self._retired: Line | None = None
        self._current: _Current | None = None
        # Streams that failed since the last that went well, and lines that brought nothing since the last that did.
        self._failures = 0
        self._silent_lines = 0
        self._next_beat = 0.0
        self._retry_at: float | None = 0.0

    @property
    def line(self) -> Line:
        """The connection that calls go out on now."""
        if self._line is None or self._line.is_broken:
            self._line = Line(self._options, self._uncut)
        return self._line

    def run(self) -> float:
        """Do what is due. Answers when there is more to do, by ``time.monotonic``."""
        now = time.monotonic()
        if self._retry_at is not None and now >= self._retry_at:
            self._begin()
        if now >= self._next_beat:
            self._next_beat = now + HEARTBEAT
            for _ in range(len(self._uncut)):
                self._uncut.popleft().cut()
            self._beat()
        return self._next_beat if self._retry_at is None else min(self._next_beat, self._retry_at)

    def retry_now(self) -> None:
        """Something was mended: the next stream need not wait."""
        # Also for a stream that is being begun, and is going to end by what was wrong.
        self._failures = 0
        if self._retry_at is not None:
            self._retry_at = 0.0

    def renew(self) -> None:
        """A call did not end by its deadline: grpc is stuck, and another connection may not be."""
        now = time.monotonic()
        # Those that waited with it say so, too.
        if now - self._renewed_at < _HEALTHY:
            return
        self._renewed_at = now
        self._renew()
        if self._current is not None:
            self._end(self._current, _ended("a call did not end by its deadline"))

    def close(self) -> None:
        """End the stream and the connections."""
        current, self._current = self._current, None
        if current is not None:
            current.outbox.put(None)
            current.call.cancel()
        for line in (self._retired, self._line):
            if line is not None:
                line.cut()

    def _begin(self) -> None:
        stream = self._state.begin()
        current = _Current(stream, Outbox())
        try:
            # Before the call, for grpc breaks where there are no more threads for it.
            threading.Thread(target=self._read, args=(current,), name="symbolon-watch", daemon=True).start()
            start = pb.WatchStart(verifier_id=self._verifier_id, resume_revision=stream.resume_revision)
            current.outbox.put(pb.WatchRevocationsRequest(start=start, heartbeat=self._state.beat()))
            current.call = self.line.watch(current.outbox)
        except Exception as error:
            # Such as no more threads or files.
            self._end(current, error)
            return
        finally:
            current.is_begun.set()
        self._current = current
        self._retry_at = None
        self._next_beat = time.monotonic() + HEARTBEAT

    def _beat(self) -> None:
        current = self._current
        if current is None:
            return
        if self._state.silent >= patience(MAX_BOUND, self._silent_lines):
            self._silent_lines += 1
            self._renew()
            self._end(current, _ended("the server answers no heartbeat"))
            return
        if not current.is_heard and not current.outbox.has_begun:
            # All would leave together once it is connected, and that is more than a server takes.
            return
        # Its number before anything else: that is when its time is taken.
        heartbeat = self._state.beat()
        acknowledged = self._state.acknowledged
        current.outbox.put(pb.WatchRevocationsRequest(heartbeat=heartbeat, acknowledged_revision=acknowledged))

    def _renew(self) -> None:
        """Go on over another line. Calls on the old one end by themselves, for as long as the next one is good."""
        if self._retired is not None:
            self._retired.cut()
        self._retired, self._line = self._line, None
        if self._retired is not None:
            self._retired.retire()

    def _read(self, current: _Current) -> None:
        """Read a stream to its end, in a thread of its own. An exception in it is the end, too."""
        error: BaseException
        current.is_begun.wait()
        if current.call is None:
            return
        try:
            while True:
                data = GATE.wait_for(current.call.__next__)
                with GATE:
                    self._receive(current, data)
        except StopIteration:
            error = _ended("the server ended the stream")
        except grpc.RpcError as cause:
            error = cause
        except Exception as cause:
            # It could not be read, or was applied in part, or is one of which events are missing.
            self._state.lose(current.stream)
            error = cause
        # Of a stream that is the current one no longer, nothing matters.
        self._post(lambda: self._end(current, error) if current is self._current else None)

    def _receive(self, current: _Current, data: bytes) -> None:
        response = pb.WatchRevocationsResponse.FromString(data)
        outcome = self._state.receive(current.stream, to_message(response))
        if outcome == "broken":
            raise _ended("the server left out events")
        if outcome == "applied":
            current.is_heard = True
            if self._state.is_open:
                self._silent_lines = 0
            if response.acknowledge_now:
                current.outbox.put(pb.WatchRevocationsRequest(acknowledged_revision=self._state.acknowledged))

    def _end(self, current: _Current, cause: BaseException) -> None:
        self._current = None
        # Whatever is thrown below, there is another one.
        self._retry_at = time.monotonic() + _HEALTHY
        current.outbox.put(None)
        if current.call is not None:
            current.call.cancel()
        error = to_symbolon_error("the watch ended", cause)
        if error.code is grpc.StatusCode.OUT_OF_RANGE:
            self._state.lose(current.stream)
        if error.reason == "WATCHER_REPLACED":
            # Somebody else has this id, as two processes of one snapshot do.
            self._verifier_id = _new_verifier_id()
            self._state.lose(current.stream)
        earlier = self._failures if time.monotonic() - current.begun_at < _HEALTHY else 0
        self._failures = earlier + 1
        wait = backoff(earlier, is_hopeless(error), error.retry_after, random.random())  # noqa: S311
        self._retry_at = time.monotonic() + wait
        if self._listener is not None:
            # What it throws goes to threading.excepthook, and what it waits for holds nothing up.
            try:
                threading.Thread(target=self._listener, args=(error, wait), name="symbolon-told", daemon=True).start()
            except RuntimeError:
                _log.warning("on_watch_end can't be told of this: there are no more threads: %s", error)


def _ended(message: str) -> SymbolonError:
    return SymbolonError(grpc.StatusCode.UNAVAILABLE, f"the watch ended: {message}")


def _new_verifier_id() -> str:
    return secrets.token_urlsafe(16)
