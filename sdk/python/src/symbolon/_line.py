"""One connection to the server, with the calls that a verifier makes on it."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import grpc

from symbolon.v1 import access_service_pb2 as access_pb
from symbolon.v1 import token_service_pb2 as pb

from ._channel import connect
from ._fork import GATE
from ._options import Options

_SERVICE = "/symbolon.v1.TokenService/"


class Outbox:
    """The requests of one stream, in the order in which they are put."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[pb.WatchRevocationsRequest | None] = queue.SimpleQueue()
        self._asked = 0

    @property
    def has_begun(self) -> bool:
        """Whether the first one left: grpc asks for the next one only then."""
        return self._asked > 1

    def put(self, request: pb.WatchRevocationsRequest | None) -> None:
        """None: there are no more."""
        self._queue.put(request)

    def __iter__(self) -> Iterator[pb.WatchRevocationsRequest]:
        return self

    def __next__(self) -> pb.WatchRevocationsRequest:
        self._asked += 1
        request = self._queue.get()
        if request is None:
            raise StopIteration
        return request


# Channels that can't be ended: grpc would wait without end for a thread of its own that could not be started.
_broken: list[grpc.Channel] = []


class Line:
    """A channel. ``retire`` ends it with the last of its calls."""

    def __init__(self, options: Options, uncut: deque[Line]) -> None:
        # Gets this line where no thread could be started that ends it.
        self._uncut = uncut
        self._stream: Any = None
        self._options = options
        self._channel = connect(options, [])
        self._introspect = self._channel.unary_unary(
            _SERVICE + "BatchIntrospect",
            request_serializer=pb.BatchIntrospectRequest.SerializeToString,
            response_deserializer=pb.BatchIntrospectResponse.FromString,
        )
        self._check = self._channel.unary_unary(
            "/symbolon.v1.AccessService/Check",
            request_serializer=access_pb.CheckRequest.SerializeToString,
            response_deserializer=access_pb.CheckResponse.FromString,
        )
        # What comes is bytes: what can't be read is a matter of the watch, and not of grpc.
        self._watch: Any = self._channel.stream_stream(
            _SERVICE + "WatchRevocations",
            request_serializer=pb.WatchRevocationsRequest.SerializeToString,
        )
        self._lock = threading.Lock()
        self._calls = 0
        self._is_retired = False
        # Whether grpc failed within a call. Nothing that is asked on it may ever be answered.
        self.is_broken = False

    def introspect(self, tokens: list[str], done: Callable[[Any], None]) -> None:
        """``done`` is called with the call when it ended, by a thread of grpc."""
        self._begin(self._introspect, pb.BatchIntrospectRequest(tokens=tokens), done)

    def check(self, request: access_pb.CheckRequest, done: Callable[[Any], None]) -> None:
        """As ``introspect``."""
        self._begin(self._check, request, done)

    def _begin(self, method: Any, request: Any, done: Callable[[Any], None]) -> None:
        with self._lock:
            self._calls += 1
        try:
            if self._stream is None or not self._stream.is_active():
                # grpc is going to start one, and breaks where it can't.
                threading.Thread(target=_nothing, daemon=True).start()
        except Exception:
            self._ended()
            raise
        try:
            call = method.future(request, timeout=self._options.timeout, metadata=self._options.metadata)
        except BaseException:
            self._break()
            self._ended()
            raise

        def end(call: Any) -> None:
            self._ended()
            done(call)

        call.add_done_callback(end)

    def watch(self, requests: Outbox) -> Any:
        """A stream without a deadline: an iterator of bytes that can be cancelled."""
        try:
            self._stream = self._watch(requests, metadata=self._options.metadata)
        except BaseException:
            self._break()
            raise
        return self._stream

    def _break(self) -> None:
        self.is_broken = True
        _broken.append(self._channel)

    def _ended(self) -> None:
        with self._lock:
            self._calls -= 1
            is_last = self._is_retired and self._calls == 0
        if is_last:
            self.cut()

    def retire(self) -> None:
        """It gets no more calls. Those that are under way may end."""
        with self._lock:
            self._is_retired = True
            is_idle = self._calls == 0
        if is_idle:
            self.cut()

    def cut(self) -> None:
        """End it now, whatever it is about to set up. In another thread, for grpc waits for its own ones here."""
        if self.is_broken:
            return
        try:
            threading.Thread(target=self._close, name="symbolon-close", daemon=True).start()
        except Exception:
            self._uncut.append(self)

    def _close(self) -> None:
        with GATE:
            self._channel.close()


def _nothing() -> None:
    pass
