"""A process that has no more threads for a moment: once it has, a verifier goes on."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

import symbolon
from conftest import Demo, eventually, open_and_kept, revoke
from symbolon import SymbolonError


@contextmanager
def no_threads(monkeypatch: pytest.MonkeyPatch, fails: Callable[[str], bool]) -> Iterator[list[str]]:
    """No thread starts that is of the kind. Answers the names of those that did not."""
    refused: list[str] = []
    start = threading.Thread.start

    def refuse(thread: threading.Thread) -> None:
        if fails(thread.name):
            refused.append(thread.name)
            raise RuntimeError("can't start new thread")
        start(thread)

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        yield refused


def goes_on(verifier: symbolon.Verifier, client: symbolon.Client, token: str) -> None:
    eventually("it is open", lambda: verifier.is_open)

    def is_live() -> bool:
        try:
            return verifier.check(token) is not None
        except SymbolonError:
            return False

    eventually("checks are answered", is_live)
    open_and_kept(verifier, token)
    revoke(client, token)
    assert verifier.check(token) is None


turns = itertools.count()

# All of them, those of the SDK only, and one of the two that grpc has for a stream: it is left in the middle of a call.
KINDS: dict[str, Callable[[str], bool]] = {
    "all": lambda _: True,
    "of the SDK": lambda name: name.startswith("symbolon"),
    "of grpc": lambda name: not name.startswith("symbolon"),
    "the second of grpc": lambda name: not name.startswith("symbolon") and next(turns) % 2 == 1,
}


@pytest.mark.parametrize("fails", KINDS.values(), ids=KINDS)
def test_when_the_watch_begins_again(
    demo: Demo,
    client: symbolon.Client,
    token: str,
    monkeypatch: pytest.MonkeyPatch,
    fails: Callable[[str], bool],
) -> None:
    told: list[SymbolonError] = []
    with symbolon.Verifier(*demo.service, on_watch_end=lambda error, _: told.append(error)) as verifier:
        open_and_kept(verifier, token)
        current = verifier._engine._watch._current
        assert current is not None
        with no_threads(monkeypatch, fails) as refused:
            # As when a server ends it.
            current.call.cancel()
            eventually("a thread is missed", lambda: refused)
        goes_on(verifier, client, token)
        if not fails("symbolon-told"):
            eventually("the service is told", lambda: told)


def test_at_the_first_check(demo: Demo, client: symbolon.Client, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with symbolon.Verifier(*demo.service, timeout=0.5) as verifier:
        for fails in KINDS.values():
            with no_threads(monkeypatch, fails):
                try:
                    verifier.check(token)
                except SymbolonError as error:
                    assert error.retryable
        goes_on(verifier, client, token)


def test_a_call_that_never_ends(
    demo: Demo, client: symbolon.Client, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with symbolon.Verifier(*demo.service, timeout=0.2) as verifier:
        open_and_kept(verifier, token)
        line = verifier._engine._watch.line
        # As grpc is where it lost the thread that it gets answers by.
        monkeypatch.setattr(line, "introspect", lambda *_: None)
        with pytest.raises(SymbolonError, match="did not end"):
            verifier.check("syu_another")
        eventually("there is another line", lambda: verifier._engine._watch.line is not line)
        goes_on(verifier, client, token)
