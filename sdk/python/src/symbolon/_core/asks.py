"""Checks that memory can't answer: what misses together is asked together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, Generic, NamedTuple, TypeVar

from .state import Sending, VerifierState

_Key = TypeVar("_Key")
_Result = TypeVar("_Result")

MAX_BATCH = 250
"""How many tokens go out in one call. Their answers fit a message, whatever scopes they carry."""


class Batch(NamedTuple):
    """A call that is about to be sent, and who waits for each of its answers."""

    sending: Sending
    # Texts, or questions about them.
    tokens: Sequence[Any]
    askers: Sequence[Sequence[Future[Any]]]


class Asks(Generic[_Key, _Result]):
    """Who waits for which token, or which question about one."""

    def __init__(
        self, state: VerifierState, keep: Callable[[_Key, Sending, Any], _Result], max_batch: int = MAX_BATCH
    ) -> None:
        self._state = state
        # Answers what is told of an answer, once it is kept or not.
        self._keep = keep
        self._max_batch = max_batch
        self._lock = threading.Lock()
        self._unsent: dict[_Key, list[Future[_Result]]] = {}

    def ask(self, token: _Key, asker: Future[_Result]) -> bool:
        """Join what is not sent yet, and nothing else.

        A call that was sent before may have been read before a revocation that was answered before this
        check began. Answers whether it is the first of a call that is to be sent now.
        """
        with self._lock:
            is_first = not self._unsent
            self._unsent.setdefault(token, []).append(asker)
            return is_first

    def take(self) -> Batch | None:
        """Answer the next call, if there is one. Its time is taken here, and nobody joins it after that."""
        with self._lock:
            if not self._unsent:
                return None
            tokens = list(self._unsent)[: self._max_batch]
            askers = [self._unsent.pop(token) for token in tokens]
        return Batch(self._state.sending(), tokens, askers)

    def answer(self, batch: Batch, answers: Sequence[Any]) -> None:
        """One answer for each token, in their order."""
        if len(answers) != len(batch.tokens):
            raise ValueError(f"the server gave {len(answers)} answers for {len(batch.tokens)} tokens")
        for token, askers, answer in zip(batch.tokens, batch.askers, answers):
            result = self._keep(token, batch.sending, answer)
            for asker in askers:
                if asker.set_running_or_notify_cancel():
                    asker.set_result(result)

    def fail(self, batch: Batch, error: Exception) -> None:
        """Tell all who still wait."""
        for askers in batch.askers:
            for asker in askers:
                if not asker.done() and asker.set_running_or_notify_cancel():
                    asker.set_exception(error)
