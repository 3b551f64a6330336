"""The core through random orders of steps, and mutants of it that the same runs find."""

from __future__ import annotations

import os
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from model.mutants import JOINED, MUTANTS, NO_FLOOR, Changes, load_core
from model.world import Server, Token, Verifier, World
from symbolon._core import protocol
from symbolon._core.moments import Moment
from symbolon._core.state import Sending, VerifierState

SEED = int(os.environ.get("SYMBOLON_MODEL_SEED", "1"))
RUNS = int(os.environ.get("SYMBOLON_MODEL_RUNS", "300"))
# Far more than any mutant of the list needs.
MOST_RUNS = 4_000

SCOPES = ("family", "family", "subject", "client", "consent", "tenant", "unknown")
KINDS: tuple[str, ...] = (
    ("look up",) * 8 + ("revoke",) * 5 + ("issue",) * 5 + ("cut",) * 3 + ("purge", "purge", "clock", "clock")
)
KINDS += ("refresh", "refresh", "crash", "leap")


def run(core: Any, seed: int) -> int:
    """One run. Answers how many checks memory answered; fails where one said what it must not."""
    world = World(seed)
    dice = world.random
    server = Server(world, core)
    sleeps = dice.random() < 0.5
    verifiers = [Verifier(world, server, core, sleeps) for _ in range(2)]

    def issue(number: int, life: float) -> None:
        text = f"token {len(server.tokens)}"
        server.tokens.append(Token(text, number, world.now + life))

    def look() -> None:
        for verifier in verifiers:
            assert not verifier.wrong, "active from a call"
            for token in server.tokens:
                verifier.probe(token)

    for number in range(8):
        issue(number, 100.0)
    for _ in range(dice.randrange(4, 17)):
        world.run_until(world.now + dice.choice((0, 0, 0, 0.005, 0.03, 0.1, 0.3, 0.9)), look)
        kind = dice.choice(KINDS)
        verifier = dice.choice(verifiers)
        # What is not live has no part in most of them.
        token = dice.choice(server.tokens[-10:])
        if kind == "look up":
            verifier.look_up(token)
        elif kind == "revoke":
            server.revoke(dice.choice(SCOPES), token, dice.random() < 0.5)
        elif kind == "issue":
            issue(dice.randrange(8), dice.choice((0.7, 1.5, 100.0)))
            verifier.look_up(server.tokens[-1])
        elif kind == "cut":
            verifier.cut()
        elif kind == "purge":
            server.purge()
        elif kind == "clock":
            verifier.disturb_clock(dice.choice((-5.0, -1.0, -0.05, 0.7, 3.0, 10.0)))
        elif kind == "refresh":
            if token.replaced_at is None:
                token.replaced_at = world.now
        elif kind == "crash":
            for stream in server.crash():
                stream.verifier.crashed(stream)
        else:
            server.leap()
        look()
    for _ in range(40):
        world.run_until(world.now + 0.1, look)
    for token in server.tokens:
        for verifier in verifiers:
            verifier.look_up(token)
    world.run_until(world.now + 5.0, look)
    return sum(verifier.hits for verifier in verifiers)


def test_no_check_says_what_it_must_not(tmp_path: Path) -> None:
    core = load_core(tmp_path, [])
    hits = sum(run(core, SEED * 1_000_000 + number) for number in range(RUNS))
    # The runs are of use only where memory answers.
    assert hits > RUNS * 100


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_found(name: str, tmp_path: Path) -> None:
    core = load_core(tmp_path, MUTANTS[name])
    with pytest.raises(AssertionError):
        for number in range(MOST_RUNS):
            run(core, 7_000_000 + number)


class Clock:
    now = 100.0

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return self.now


class Caller:
    family_id = "a"
    subject_id = "b"
    client_id = "c"


def opened(core: Any) -> tuple[Any, Any]:
    state = core.VerifierState(Clock(), 10)
    stream = state.begin()
    state.receive(stream, protocol.Message(7, [], 7, state.beat(), True, None))
    return state, stream


def event(core: Any, state: Any, heartbeat: int = 0) -> Any:
    target = core.Target("family", "a")
    return core.Message(7, [core.Event(8, target)], 8, heartbeat, False, None)


def keep(core: Any, state: Any) -> None:
    state.keep("token", state.sending(), core.Answer(7, Caller(), 60.0))


def two_steps(core: Any, patience: float) -> bool:
    """Let a message come between the look at what ended and the keeping. Tells whether its token is denied."""
    state, stream = opened(core)
    kills = state._killed.kills
    others = []

    def slow(*args: Any) -> bool:
        is_killed = bool(kills(*args))
        other = threading.Thread(target=state.receive, args=(stream, event(core, state)), daemon=True)
        others.append(other)
        other.start()
        other.join(patience)
        return is_killed

    state._killed.kills = slow
    keep(core, state)
    others[0].join()
    return state.find("token") is None


def entry_then_freshness(core: Any) -> bool:
    """Let a message come between the two looks of a check of a closed verifier."""
    state, stream = opened(core)
    keep(core, state)
    assert state.find("token") is not None
    # Closed, and the entry is still good.
    state._clock.now += 1.5
    get = state._entries.get

    def slow(token: str) -> Any:
        entry = get(token)
        state.receive(stream, event(core, state, state.beat()))
        return entry

    state._entries.get = slow
    return state.find("token") is None


TWO_STEPS: Changes = [
    (
        "state.py",
        "        with self._lock:\n            if answer.caller is None:",
        "        if True:\n            if answer.caller is None:",
    )
]
ENTRY_FIRST: Changes = [
    (
        "state.py",
        "        _, (sent_monotonic, sent_wall), span = self._fresh\n",
        "        entry = self._entries.get(token)\n        _, (sent_monotonic, sent_wall), span = self._fresh\n",
    ),
    (
        "state.py",
        "            return None\n        entry = self._entries.get(token)\n        if entry",
        "            return None\n        if entry",
    ),
]


def test_the_look_at_what_ended_and_the_keeping_are_one_step(tmp_path: Path) -> None:
    assert two_steps(load_core(tmp_path, []), patience=0.3)
    assert not two_steps(load_core(tmp_path, TWO_STEPS), patience=30)


def test_freshness_is_looked_at_before_the_entry(tmp_path: Path) -> None:
    assert entry_then_freshness(load_core(tmp_path, []))
    assert not entry_then_freshness(load_core(tmp_path, ENTRY_FIRST))


def late_answer(core: Any) -> bool:
    """Let an answer come after more events than are remembered. Tells whether its token is denied."""
    state = core.VerifierState(Clock(), 10, 1)
    stream = state.begin()
    state.receive(stream, core.Message(7, [], 7, state.beat(), True, None))
    sending = state.sending()
    events = [core.Event(8, core.Target("family", "a")), core.Event(9, core.Target("family", "another"))]
    state.receive(stream, core.Message(7, events, 9, 0, False, None))
    state.keep("token", sending, core.Answer(7, Caller(), 60.0))
    return state.find("token") is None


def test_what_is_forgotten_of_events_raises_the_floor(tmp_path: Path) -> None:
    assert late_answer(load_core(tmp_path, []))
    assert not late_answer(load_core(tmp_path, NO_FLOOR))


def joins(core: Any) -> bool:
    """Ask for a token while a call for it is under way. Tells whether that call answers."""
    state, _ = opened(core)
    asks = core.Asks(state, state.keep)
    early: Future[Any] = Future()
    late: Future[Any] = Future()
    asks.ask("token", early)
    batch = asks.take()
    asks.ask("token", late)
    asks.answer(batch, [core.Answer(7, None, 0.0)])
    assert early.done()
    return late.done()


def test_no_check_joins_a_call_that_was_sent_before_it(tmp_path: Path) -> None:
    assert not joins(load_core(tmp_path, []))
    assert joins(load_core(tmp_path, JOINED))


def test_a_full_cache_forgets_the_oldest() -> None:
    state = VerifierState(Clock(), 3)
    stream = state.begin()
    state.receive(stream, protocol.Message(7, [], 7, state.beat(), True, None))
    for number in range(5):
        answer = protocol.Answer(7, Caller(), 60.0)  # type: ignore[arg-type]
        state.keep(f"token {number}", Sending(Moment(100.0, 100.0), 1), answer)
    assert state.size == 3
    assert state.find("token 1") is None
    assert state.find("token 4") is not None
