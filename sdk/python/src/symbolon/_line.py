"""One connection to the server, with the two calls that a verifier makes on it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Any

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


class Line:
    """A channel. ``retire`` ends it with the last of its calls."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._channel = connect(options, [])
        self._introspect = self._channel.unary_unary(
            _SERVICE + "BatchIntrospect",
            request_serializer=pb.BatchIntrospectRequest.SerializeToString,
            response_deserializer=pb.BatchIntrospectResponse.FromString,
        )
        # What comes is bytes: what can't be read is a matter of the watch, and not of grpc.
        self._watch: Any = self._channel.stream_stream(
            _SERVICE + "WatchRevocations",
            request_serializer=pb.WatchRevocationsRequest.SerializeToString,
        )
        self._lock = threading.Lock()
        self._calls = 0
        self._is_retired = False

    def introspect(self, tokens: list[str], done: Callable[[Any], None]) -> None:
        """``done`` is called with the call when it ended, by a thread of grpc."""
        with self._lock:
            self._calls += 1
        try:
            call = self._introspect.future(
                pb.BatchIntrospectRequest(tokens=tokens),
                timeout=self._options.timeout,
                metadata=self._options.metadata,
            )
        except BaseException:
            self._ended()
            raise

        def end(call: Any) -> None:
            self._ended()
            done(call)

        call.add_done_callback(end)

    def watch(self, requests: Outbox) -> Any:
        """A stream without a deadline: an iterator of bytes that can be cancelled."""
        return self._watch(requests, metadata=self._options.metadata)

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
        threading.Thread(target=self._close, name="symbolon-close", daemon=True).start()

    def _close(self) -> None:
        with GATE:
            self._channel.close()
