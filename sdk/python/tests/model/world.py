"""Real time, in seconds, and everything that waits for it; the server of the protocol; and one verifier on its line."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

BOUND = 1.0
WAIT = 1.2
MAX_AGE = 2.5
HEARTBEAT = 0.25

QUICK = (0.0, 0.001, 0.003, 0.01, 0.025)
DELAYS = (*QUICK, *QUICK, *QUICK, *QUICK, 0.06, 0.2, 0.5, 0.8, 1.15, 1.6)


class World:
    """What is to be at one time is in the order in which it was said."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.now = 0.0
        self._order = itertools.count()
        self._waiting: list[tuple[float, int, Callable[[], object]]] = []

    def delay(self) -> float:
        return self.random.choice(DELAYS)

    def after(self, seconds: float, run: Callable[[], object]) -> None:
        heapq.heappush(self._waiting, (self.now + seconds, next(self._order), run))

    def run_until(self, end: float, look: Callable[[], object]) -> None:
        while self._waiting and self._waiting[0][0] <= end:
            self.now, _, run = heapq.heappop(self._waiting)
            run()
            look()
        self.now = end


class Line:
    """Keeps the order of what is on it, and takes any time."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._last = 0.0

    def carry(self, deliver: Callable[[], object]) -> None:
        self._last = max(self._last, self._world.now + self._world.delay())
        self._world.after(self._last - self._world.now, deliver)


class Token:
    """A token, and from when it must be denied."""

    def __init__(self, text: str, number: int, expires_at: float) -> None:
        self.token = text
        self.family_id = f"family {number}"
        self.subject_id = f"subject {number // 2}"
        self.client_id = f"client {number % 2}"
        self.expires_at = expires_at
        self.ended_revision: int | None = None
        self.ended_at: float | None = None
        # When somebody was told that no check says active any more.
        self.promised_at: float | None = None
        # By a refresh, which is no event.
        self.replaced_at: float | None = None

    def must_be_denied(self, now: float, rate: float) -> bool:
        slow = max(1.0, 1 / rate)
        return (
            self.promised_at is not None
            or (self.ended_at is not None and now > self.ended_at + BOUND * slow + 1e-9)
            or (self.replaced_at is not None and now > self.replaced_at + MAX_AGE * slow + 1e-9)
            or now > self.expires_at + MAX_AGE * (slow - 1) + 1e-9
        )


class Stream:
    """The server's end of one."""

    def __init__(self, world: World, sent: int | None, heartbeat: int, verifier: Any, link: Any) -> None:
        self.down = Line(world)
        self.sent = sent
        self.heartbeat = heartbeat
        self.acknowledged = sent or 0
        self.verifier = verifier
        self.link = link
        self.is_reading = self.must_read = self.has_sent = False
        self.closed_at: float | None = None


class Server:
    """A tenant's log, readings of it, and the barrier."""

    def __init__(self, world: World, core: Any) -> None:
        self._world = world
        self._core = core
        self.rate = world.random.choice((0.92, 1.0, 1.0, 1.08))
        self.tokens: list[Token] = []
        self.revision = 7
        self._oldest = 7
        self._log: dict[int, Any] = {}
        self.streams: list[Stream] = []
        self._barriers: list[tuple[int, list[Token]]] = []
        self._crashed_at = float("-inf")

    def connect(self, verifier: Any, link: Any, resume: int | None, heartbeat: int) -> Stream:
        for before in self.streams:
            if before.verifier is verifier:
                self.close(before)
        self.streams = [each for each in self.streams if each.verifier is not verifier]
        stream = Stream(self._world, resume, heartbeat, verifier, link)
        self.streams.append(stream)
        self._read(stream)
        return stream

    def hear(self, stream: Stream, heartbeat: int, acknowledged: int) -> None:
        if stream.closed_at is not None:
            return
        assert acknowledged <= (stream.sent or 0), "it acknowledges what was not sent"
        stream.acknowledged = max(stream.acknowledged, acknowledged)
        self._settle()
        if heartbeat > stream.heartbeat:
            stream.heartbeat = heartbeat
            self._read(stream)

    def close(self, stream: Stream) -> None:
        if stream.closed_at is None:
            stream.closed_at = self._world.now

    def crash(self) -> list[Stream]:
        lost, self.streams = self.streams, []
        for stream in lost:
            self.close(stream)
        self._crashed_at = self._world.now
        return lost

    def purge(self) -> None:
        self._oldest = self.revision

    def leap(self) -> None:
        """A restore: the log has a gap, and no event tells of what ended."""
        self.revision += 1_000
        self._end(self.tokens, waits=False)

    def revoke(self, scope: str, named: Token, waits: bool) -> None:
        target, hit = self._target(scope, named)
        self.revision += 1
        self._log[self.revision] = target
        self._end([token for token in self.tokens if hit(token)], waits)

    def _target(self, scope: str, named: Token) -> tuple[Any, Callable[[Token], bool]]:
        make = self._core.Target
        if scope == "consent":
            pair = (named.subject_id, named.client_id)
            return make("consent", *pair), lambda token: (token.subject_id, token.client_id) == pair
        if scope in ("family", "subject", "client"):
            value = getattr(named, f"{scope}_id")
            return make(scope, value), lambda token: bool(getattr(token, f"{scope}_id") == value)
        # All of the tenant, and what is not known, look alike.
        return None, lambda token: scope == "tenant" or token is named

    def introspect(self, text: str) -> Any:
        token = next((each for each in self.tokens if each.token == text), None)
        is_live = (
            token is not None
            and token.ended_at is None
            and token.replaced_at is None
            and token.expires_at > self._world.now
        )
        left = token.expires_at - self._world.now if token is not None and is_live else 0.0
        return self._core.Answer(self.revision, token if is_live else None, left)

    def _end(self, tokens: list[Token], waits: bool) -> None:
        for token in tokens:
            if token.ended_at is None:
                token.ended_revision, token.ended_at = self.revision, self._world.now
        if waits:
            barrier = (self.revision, tokens)
            self._barriers.append(barrier)
            self._world.after(WAIT / self.rate, lambda: self._answer(barrier))
        for stream in self.streams:
            self._read(stream)
        self._settle()

    def _read(self, stream: Stream) -> None:
        """Begin a reading, or another one after that which goes on."""
        stream.must_read = True
        if stream.is_reading or stream.closed_at is not None:
            return
        stream.must_read, stream.is_reading = False, True
        heartbeat, revision = stream.heartbeat, self.revision

        def done() -> None:
            stream.is_reading = False
            if stream.closed_at is None:
                self._tell(stream, revision, heartbeat)
                if stream.must_read:
                    self._read(stream)

        self._world.after(self._world.delay(), done)

    def _tell(self, stream: Stream, revision: int, heartbeat: int) -> None:
        sent = stream.sent
        events = [] if sent is None else [(each, self._log[each]) for each in self._log if sent < each <= revision]
        is_gap = sent is not None and (sent < self._oldest or sent > revision)
        # Whoever connects is told of any gap. A stream that is open has to see for itself that events are missing.
        if is_gap or (not stream.has_sent and sent is not None and len(events) != revision - sent):
            self.close(stream)
            stream.down.carry(lambda: stream.verifier.wake(lambda: stream.verifier.ended(stream.link, True)))
            return
        message = self._core.Message(
            revision if sent is None else sent,
            [self._core.Event(*each) for each in events],
            revision,
            heartbeat,
            sent is None,
            None if stream.has_sent else BOUND,
        )
        stream.sent, stream.has_sent = revision, True
        stream.down.carry(lambda: stream.verifier.wake(lambda: stream.verifier.receive(stream.link, message)))

    def _settle(self) -> None:
        """Answer the barriers that no stream holds back."""
        now, wait = self._world.now, WAIT / self.rate
        if now - self._crashed_at < wait:
            return
        held = [each for each in self.streams if each.closed_at is None or now - each.closed_at < wait]
        for barrier in list(self._barriers):
            if all(stream.acknowledged >= barrier[0] for stream in held):
                self._answer(barrier)

    def _answer(self, barrier: tuple[int, list[Token]]) -> None:
        if barrier in self._barriers:
            self._barriers.remove(barrier)
            for token in barrier[1]:
                if token.promised_at is None:
                    token.promised_at = self._world.now


class Link:
    """One stream, as a verifier has it."""

    def __init__(self, world: World, current: Any) -> None:
        self.current = current
        self.up = Line(world)
        self.stream: Stream | None = None
        self.is_up = True


class Verifier:
    """Drives the core: its clocks, its line, its calls and its checks."""

    def __init__(self, world: World, server: Server, core: Any, sleeps: bool) -> None:
        self._world = world
        self._server = server
        self.rate = world.random.choice((0.92, 1.0, 1.0, 1.08))
        self._sleeps = sleeps
        self._asleep_until = self._slept = self._step = 0.0
        self.hits = 0
        self.state = core.VerifierState(self, 6, world.random.choice((1, 2, 100)))
        self._asks = core.Asks(self.state, self.state.keep)
        self._link: Link | None = None
        self._connect()
        self._beat()

    def monotonic(self) -> float:
        """Stands still while the machine sleeps."""
        ahead = max(0.0, self._asleep_until - self._world.now)
        return (self._world.now - self._slept + ahead) * self.rate

    def wall(self) -> float:
        return self._world.now * self.rate + self._step

    def disturb_clock(self, seconds: float) -> None:
        """Both at once is beyond any protocol."""
        if not self._sleeps:
            self._step += seconds
        elif self._world.now >= self._asleep_until:
            self._asleep_until = self._world.now + abs(seconds)
            self._slept += abs(seconds)

    def wake(self, run: Callable[[], object]) -> None:
        if self._world.now >= self._asleep_until:
            run()
        else:
            self._world.after(self._asleep_until - self._world.now, lambda: self.wake(run))

    def _connect(self) -> None:
        link = Link(self._world, self.state.begin())
        self._link = link
        heartbeat = self.state.beat()

        def arrive() -> None:
            if link.is_up:
                link.stream = self._server.connect(self, link, link.current.resume_revision, heartbeat)

        link.up.carry(arrive)

    def receive(self, link: Link, message: Any) -> None:
        outcome = self.state.receive(link.current, message)
        if outcome == "broken":
            self.drop(link)
            self.ended(link, False)
        elif outcome == "applied":
            self._tell(link, 0)

    def _tell(self, link: Link, heartbeat: int) -> None:
        acknowledged = self.state.acknowledged

        def arrive() -> None:
            if link.stream is not None:
                self._server.hear(link.stream, heartbeat, acknowledged)

        link.up.carry(arrive)

    def drop(self, link: Link) -> None:
        """The server learns of it sooner or later."""
        link.is_up = False

        def notice() -> None:
            if link.stream is not None:
                self._server.close(link.stream)

        self._world.after(self._world.delay(), notice)

    def ended(self, link: Link, is_out_of_range: bool) -> None:
        if link is not self._link:
            return
        self._link = None
        link.is_up = False
        if is_out_of_range:
            self.state.lose()
        self._world.after(self._world.delay(), lambda: self.wake(self._connect))

    def _beat(self) -> None:
        self._world.after(HEARTBEAT / self.rate, lambda: self.wake(self._beat))
        link = self._link
        if link is not None and self.state.silent >= 2 * BOUND:
            self.drop(link)
            self.ended(link, False)
        elif link is not None:
            self._tell(link, self.state.beat())

    def cut(self) -> None:
        if self._link is not None and self._link.stream is not None:
            self.drop(self._link)
            self.ended(self._link, False)

    def crashed(self, stream: Stream) -> None:
        link = self._link
        if link is not None and link.stream is stream:
            self._world.after(self._world.delay(), lambda: self.wake(lambda: self.ended(link, False)))

    def probe(self, token: Token) -> None:
        """A check that memory answers, or nobody is asked. And nothing stays that an applied event ended."""
        if self._world.now < self._asleep_until:
            return
        caller = self.state.find(token.token)
        self.hits += caller is not None
        assert caller is None or not token.must_be_denied(self._world.now, self.rate), "active from memory"

    def look_up(self, token: Token) -> None:
        if self._world.now < self._asleep_until or self.state.find(token.token) is not None:
            return
        must_be_denied = token.must_be_denied(self._world.now, self.rate)
        asker: Future[Any] = Future()
        asker.add_done_callback(lambda done: self._judge(done.result(), must_be_denied))
        if self._asks.ask(token.token, asker):
            self._world.after(self._world.delay() % 0.007, lambda: self.wake(self._send))

    def _judge(self, caller: Any, must_be_denied: bool) -> None:
        if caller is not None and must_be_denied:
            self.wrong = True

    wrong = False

    def _send(self) -> None:
        batch = self._asks.take()
        if batch is None:
            return

        def read() -> None:
            answers = [self._server.introspect(text) for text in batch.tokens]
            self._world.after(self._world.delay(), lambda: self.wake(lambda: self._asks.answer(batch, answers)))

        self._world.after(self._world.delay(), read)
