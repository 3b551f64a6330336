"""What both verifiers are made of: the state, and one thread that sends for it. An engine belongs to one process."""

from __future__ import annotations

import logging
import os
import queue
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

import grpc

from ._access import Access
from ._caller import Caller
from ._clock import CLOCK
from ._core.asks import Asks, Batch
from ._core.protocol import Question
from ._core.state import VerifierState
from ._errors import SymbolonError, is_hopeless, to_symbolon_error
from ._fork import GATE
from ._messages import from_question, to_access_answer, to_answer
from ._options import Options
from ._watch import Watch, WatchEndListener

# For how many seconds no check asks again after the server refused this client. There may be thousands a second.
_REFUSED = 1.0

# What a token can look like. Anything else is not live, and nobody need be asked.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,120}")

_DOING = "the token can't be checked"

# Reads the answers of a call, or raises what became of it.
_Read = Callable[[], list[Any]]
_Done = Callable[[_Read], None]

_NOT_LIVE = Access(False, "TOKEN_NOT_LIVE")

_Key = TypeVar("_Key")
_Result = TypeVar("_Result")

# Each verifier in use has four threads and a connection.
_NAME = "symbolon"
_MANY = 100
_KEEP = "Make one for each tenant and not for each request, keep it, and close what is not needed"

_log = logging.getLogger("symbolon")


class Engine:
    """Threads and connection begin with the first check, so that what forks before it forks nothing."""

    def __init__(self, options: Options, max_entries: int, listener: WatchEndListener | None) -> None:
        self.pid = os.getpid()
        self._options = options
        self._state = VerifierState(CLOCK, max_entries)
        self._asks: Asks[str, Caller | None] = Asks(self._state, self._state.keep)
        # One a call: an id that the server refuses must fail nobody else's question.
        self._questions: Asks[Question, Access] = Asks(self._state, self._state.keep_access, max_batch=1)
        # Steps for the engine's thread. Putting needs no lock, so a garbage collector may do it, too.
        self._steps: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._watch = Watch(options, self._state, self._steps.put, listener)
        self._start_lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_closed = False
        # The server takes no such calls of this client, or did not a moment ago: with which secret, and when.
        self._refusals: dict[object, tuple[SymbolonError, int, float]] = {}
        self.find = self._state.find
        self.find_access = self._state.find_access

    @property
    def is_open(self) -> bool:
        """Whether memory answers now."""
        return self._state.is_open

    @property
    def size(self) -> int:
        """How many answers are kept."""
        return self._state.size

    def ask(self, token: str) -> Future[Caller | None]:
        """Ask the server. What misses together goes out together."""
        return self._ask(self._asks, token, token, None)

    def ask_access(self, question: Question) -> Future[Access]:
        """Ask the server what the bearer may do."""
        return self._ask(self._questions, question, question.token, _NOT_LIVE)

    def _ask(self, asks: Asks[_Key, _Result], key: _Key, token: str, not_live: _Result) -> Future[_Result]:
        asker: Future[_Result] = Future()
        refusal = self._refusals.get(asks)
        if self._is_closed:
            asker.set_exception(_closed())
        elif not _TOKEN.fullmatch(token):
            asker.set_result(not_live)
        elif refusal is not None and refusal[1] == self._options.secrets and time.monotonic() - refusal[2] < _REFUSED:
            asker.set_exception(_again(refusal[0]))
        else:
            try:
                self._start()
            except SymbolonError as error:
                asker.set_exception(error)
                return asker
            if asks.ask(key, asker):
                self._steps.put(_nothing)
            if self._is_closed:
                self._fail_all()
        return asker

    def _start(self) -> None:
        if self._thread is None:
            with self._start_lock:
                if self._thread is None and not self._is_closed:
                    thread = threading.Thread(target=self._run, name=_NAME, daemon=True)
                    try:
                        thread.start()
                    except RuntimeError:
                        raise _no_thread() from None
                    self._thread = thread
                    if sum(each.name == _NAME for each in threading.enumerate()) == _MANY:
                        _log.warning("%d verifiers are in use. %s", _MANY, _KEEP)

    def retry_now(self) -> None:
        """Another secret is in use."""
        self._steps.put(self._watch.retry_now)

    def renew(self) -> None:
        """A check ended without its call: the connection may be stuck."""
        self._steps.put(self._watch.renew)

    def close(self) -> None:
        """Tell the thread to end everything. It takes no lock, so that a garbage collector may call it."""
        self._is_closed = True
        self._steps.put(_nothing)

    def forget(self) -> None:
        """Memory answers no more."""
        self._state.close()

    def join(self, longest: float = 1.0) -> None:
        """Wait a moment for the end of the thread."""
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(longest)

    def _run(self) -> None:
        due = 0.0
        while not self._is_closed:
            try:
                step = self._steps.get(timeout=max(0.0, due - time.monotonic()))
                with GATE:
                    step()
            except queue.Empty:
                pass
            except Exception:
                _log.exception("a step of the verifier failed")
            with GATE:
                due = self._run_once()
        self._state.close()
        with GATE:
            self._watch.close()
        self._fail_all()

    def _fail_all(self) -> None:
        for asks in (self._asks, self._questions):
            while (batch := asks.take()) is not None:
                asks.fail(batch, _closed())

    def _run_once(self) -> float:
        """Heartbeats come before calls, and between them: they may be many."""
        while True:
            try:
                due = self._watch.run()
            except Exception:
                # Such as no more threads or files. The state closes by itself meanwhile.
                _log.exception("the watch of the verifier could not go on")
                due = time.monotonic() + _REFUSED
            batch, question = self._asks.take(), self._questions.take()
            if batch is not None:
                self._send(batch, self._asks, self._introspect)
            if question is not None:
                self._send(question, self._questions, self._check)
            if batch is None and question is None:
                return due

    def _introspect(self, tokens: list[str], done: _Done) -> None:
        self._watch.line.introspect(tokens, lambda call: done(lambda: list(map(to_answer, call.result().answers))))

    def _check(self, questions: list[Question], done: _Done) -> None:
        request = from_question(questions[0])
        self._watch.line.check(request, lambda call: done(lambda: [to_access_answer(call.result())]))

    def _send(self, batch: Batch, asks: Asks[Any, Any], call: Callable[[list[Any], _Done], None]) -> None:
        secret = self._options.secrets
        try:
            call(list(batch.tokens), lambda read: self._answered(batch, asks, secret, read))
        except Exception as cause:
            error = _no_thread() if isinstance(cause, RuntimeError) else to_symbolon_error(_DOING, cause)
            # What is at fault here is not mended by asking at once again.
            self._refusals[asks] = (error, secret, time.monotonic())
            asks.fail(batch, error)

    def _answered(self, batch: Batch, asks: Asks[Any, Any], secret: int, read: _Read) -> None:
        try:
            if self._is_closed:
                raise _closed()
            answers = read()
            self._refusals.pop(asks, None)
            asks.answer(batch, answers)
        except Exception as cause:
            error = to_symbolon_error(_DOING, cause)
            if error.code is grpc.StatusCode.CANCELLED and not self._is_closed:
                # Nobody gave the call up: its line was cut, because it brought nothing.
                error = SymbolonError(grpc.StatusCode.UNAVAILABLE, f"{_DOING}: the server can't be reached")
            if is_hopeless(error):
                self._refusals[asks] = (error, secret, time.monotonic())
            asks.fail(batch, error)


def _closed() -> SymbolonError:
    return SymbolonError(grpc.StatusCode.CANCELLED, "the verifier is closed: make a new one")


def _no_thread() -> SymbolonError:
    return SymbolonError(
        grpc.StatusCode.RESOURCE_EXHAUSTED, f"{_DOING}: this process can't start another thread. {_KEEP}"
    )


def _again(error: SymbolonError) -> SymbolonError:
    """Not the same object for all: who raises one writes a traceback into it."""
    return SymbolonError(error.code, error.message, error.reason, error.retry_after)


def _nothing() -> None:
    pass
