"""Where a browser comes back to on this machine (RFC 8252 section 7.3): a listener for one sign-in."""

from __future__ import annotations

import selectors
import socket
import threading
import time
from concurrent.futures import Future
from contextlib import suppress

import grpc

from .._errors import SymbolonError
from .code import BegunCode, check_loopback, read_callback

# Browsers connect ahead of what they ask for, and others on this machine may connect, too.
_MAX_CONNECTIONS = 32
# In seconds, for all of a request.
_PATIENCE = 10.0
_MAX_HEAD = 16_384

_PAGE = "<!doctype html><html lang=en><meta charset=utf-8><title>{0}</title><p>{0}"
_TEXTS = {
    200: ("OK", "You may close this window."),
    400: ("Bad Request", "This is not the answer to a sign-in that is under way."),
    404: ("Not Found", "There is nothing here."),
    405: ("Method Not Allowed", "There is nothing here."),
}


class Loopback:
    """Listens from the start. Requests that are not for its sign-in end nothing."""

    def __init__(self, redirect_uri: str) -> None:
        """Take a free port, which any client may for a registered address of this machine."""
        parts = check_loopback(redirect_uri)
        is_v6 = parts.hostname == "::1"
        try:
            self._socket = socket.socket(socket.AF_INET6 if is_v6 else socket.AF_INET)
            try:
                self._socket.bind(("::1" if is_v6 else "127.0.0.1", 0))
                self._socket.listen(_MAX_CONNECTIONS)
            except OSError:
                self._socket.close()
                raise
        except OSError as error:
            message = f"this machine lets nobody listen for the browser: {error.strerror}"
            raise SymbolonError(grpc.StatusCode.FAILED_PRECONDITION, message) from None
        self._socket.setblocking(False)
        host = "[::1]" if is_v6 else parts.hostname
        self.redirect_uri = f"http://{host}:{self._socket.getsockname()[1]}{parts.path}"
        self._waker, self._woken = socket.socketpair()
        self._lock = threading.Lock()
        self._connections: set[socket.socket] = set()
        self._is_closed = False
        self._thread: threading.Thread | None = None

    def serve(self, begun: BegunCode, answered: Future[str]) -> None:
        """Give the URL of the request that is for this sign-in to ``answered``."""
        thread = threading.Thread(target=self._run, args=(begun, answered), name="symbolon-loopback", daemon=True)
        _start(thread)
        self._thread = thread

    def close(self) -> None:
        """Nobody listens any more when this is over."""
        with self._lock:
            self._is_closed = True
            connections = list(self._connections)
        with suppress(OSError):
            self._waker.send(b"x")
        if self._thread is not None:
            self._thread.join()
        for each in (self._socket, self._waker, self._woken):
            each.close()
        for each in connections:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RD)

    def _run(self, begun: BegunCode, answered: Future[str]) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while True:
                selector.select()
                if self._is_closed:
                    return
                with suppress(OSError):
                    connection, _ = self._socket.accept()
                    self._begin(connection, begun, answered)

    def _begin(self, connection: socket.socket, begun: BegunCode, answered: Future[str]) -> None:
        with self._lock:
            is_one_too_many = self._is_closed or len(self._connections) >= _MAX_CONNECTIONS
            if not is_one_too_many:
                self._connections.add(connection)
        if is_one_too_many:
            connection.close()
            return
        arguments = (connection, begun, answered)
        try:
            _start(threading.Thread(target=self._serve, args=arguments, name="symbolon-loopback-call", daemon=True))
        except SymbolonError:
            self._end(connection)

    def _end(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.discard(connection)
        connection.close()

    def _serve(self, connection: socket.socket, begun: BegunCode, answered: Future[str]) -> None:
        url = None
        try:
            method, target = _request_of(connection)
            status = 405 if method != "GET" else read_callback(begun, target).status
            if status == 200:
                url = target
            connection.sendall(_response(status))
        except (OSError, ValueError):
            # The browser may hang up before it reads the page. What it brought is good all the same.
            pass
        finally:
            self._end(connection)
            if url is not None:
                # Another one may have been quicker, and so may who gave it up.
                settle(answered, url)


def settle(future: Future[str], result: str | SymbolonError) -> None:
    """Whoever comes first."""
    with suppress(Exception):
        if isinstance(result, str):
            future.set_result(result)
        else:
            future.set_exception(result)


def _start(thread: threading.Thread) -> None:
    try:
        thread.start()
    except RuntimeError:
        message = "no thread could be started for the sign-in"
        raise SymbolonError(grpc.StatusCode.RESOURCE_EXHAUSTED, message) from None


def _request_of(connection: socket.socket) -> tuple[str, str]:
    """Read the head of a request. What is no request, or comes too slowly, raises."""
    end = time.monotonic() + _PATIENCE
    head = b""
    while b"\r\n\r\n" not in head:
        connection.settimeout(max(0.001, end - time.monotonic()))
        data = connection.recv(4_096)
        head += data
        if not data or len(head) > _MAX_HEAD:
            raise ValueError("it is no request")
    method, target, version = head.split(b"\r\n", 1)[0].decode("ascii").split(" ")
    if not version.startswith("HTTP/1.") or not target.startswith("/"):
        raise ValueError("it is no request")
    return method, target


def _response(status: int) -> bytes:
    reason, text = _TEXTS[status]
    body = _PAGE.format(text).encode()
    head = (
        f"HTTP/1.1 {status} {reason}",
        "Content-Type: text/html; charset=utf-8",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
        "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
        "Referrer-Policy: no-referrer",
        "X-Content-Type-Options: nosniff",
        "Connection: close",
    )
    return "\r\n".join((*head, "", "")).encode() + body
