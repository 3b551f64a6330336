"""The state of a verifier and its rules, without I/O.

docs/verifier.md proves the bound from the order of the steps here. tests/model breaks each of them
to see that it matters.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Literal, NamedTuple

from .._access import Access
from .._caller import Caller
from .entries import Entries, Entry
from .killed import Killed
from .moments import Clock, Moment, is_within, moment_of
from .protocol import CLIENT, FAMILY, SUBJECT, AccessAnswer, Answer, Event, Message, Question, Target

MAX_BOUND = 1.0
"""The longest that a verifier may be open after the sending of a heartbeat, in seconds."""
HEARTBEAT = 0.25
"""How often a heartbeat is sent, no matter whether those before were answered."""
MAX_AGE = 60.0
"""How long an entry is good at most: a refresh is not an event, and ends the old token all the same."""
MAX_ACCESS_AGE = 10.0
"""The same of what somebody may do: no event tells that a device has another owner."""
MAX_KILLED = 10_000
"""What ended lately, for answers that are on their way: more than can end within the deadline of a call."""
_MAX_BEATS = 8

Outcome = Literal["applied", "broken", "old"]


class Stream:
    """A stream, as the state sees it. Only the one that was begun last is heard."""

    def __init__(self, resume_revision: int | None) -> None:
        # What the server is to go on from. None: afresh.
        self.resume_revision = resume_revision


class Sending(NamedTuple):
    """What must not have changed between the sending of a call and the keeping of its answer."""

    sent: Moment
    generation: int


class _Beat(NamedTuple):
    heartbeat: int
    sent: Moment


class _Fresh(NamedTuple):
    """When the newest answered heartbeat was sent, and for how long that is good: one attribute, changed at once."""

    heartbeat: int
    sent: Moment
    bound: float


_NEVER = _Fresh(0, Moment(float("-inf"), float("-inf")), 0.0)


class VerifierState:
    """Every method but ``find`` and the plain getters takes the one lock, for all that it does."""

    def __init__(self, clock: Clock, max_entries: int, max_killed: int = MAX_KILLED, bound: float = MAX_BOUND) -> None:
        self._clock = clock
        self._monotonic = clock.monotonic
        self._wall = clock.wall
        self._lock = threading.Lock()
        self._entries = Entries(max_entries)
        self._killed = Killed(max_killed)
        # Everything up to this revision was applied. None: nothing is known, begin afresh.
        self._known: int | None = None
        self._fresh = _NEVER
        self._bound = bound
        self._max_bound = bound
        self._generation = 0
        self._heartbeat = 0
        self._beats: deque[_Beat] = deque(maxlen=_MAX_BEATS)
        self._stream: Stream | None = None
        self._has_message = False
        self._answered_at = 0.0

    @property
    def is_open(self) -> bool:
        """Whether checks are answered from memory now."""
        fresh = self._fresh
        return is_within(fresh.sent, fresh.bound, self._monotonic(), self._wall())

    @property
    def size(self) -> int:
        """How many answers are kept."""
        return len(self._entries)

    def find(self, token: str) -> Caller | None:
        """Tell whom the token stands for, from memory. None says nothing of the token: ask the server.

        Without the lock: freshness is one attribute, and it is read before the entry is looked for. So
        whatever ends the token was applied to the entries before what this takes for fresh was set.
        """
        monotonic = self._monotonic()
        wall = self._wall()
        _, (sent_monotonic, sent_wall), span = self._fresh
        if not (monotonic - sent_monotonic < span and 0 <= wall - sent_wall < span):
            return None
        entry = self._entries.get(token)
        if entry is None:
            return None
        _, caller, _, (sent_monotonic, sent_wall), span, _, _ = entry
        if monotonic - sent_monotonic < span and 0 <= wall - sent_wall < span:
            return caller
        return None

    def find_access(self, question: Question) -> Access | None:
        """Tell from memory what the bearer may do. None says nothing: ask the server. The order is that of ``find``."""
        monotonic, wall = self._monotonic(), self._wall()
        fresh = self._fresh
        if not is_within(fresh.sent, fresh.bound, monotonic, wall):
            return None
        entry = self._entries.get(question)
        if entry is None or not is_within(entry.sent, entry.life, monotonic, wall):
            return None
        return entry.access

    def sending(self) -> Sending:
        """A call is about to be given to the stack."""
        with self._lock:
            return Sending(moment_of(self._clock), self._generation)

    def keep(self, token: str, sending: Sending, answer: Answer) -> Caller | None:
        """Keep an answer where nothing that is known ended the token since it was read. Only "active" is kept."""
        with self._lock:
            if answer.caller is None:
                self._entries.remove(token)
                return None
            if self._may_keep(sending, answer.caller, answer.revision):
                life = min(answer.time_to_live, MAX_AGE)
                self._entries.put(Entry(token, answer.caller, answer.revision, sending.sent, life))
            return answer.caller

    def keep_access(self, question: Question, sending: Sending, answer: AccessAnswer) -> Access:
        """Keep what is allowed by the same rules. A denial is kept by nobody: it may be granted in the next moment."""
        access = answer.access
        with self._lock:
            if not access.allowed or access.caller is None:
                self._entries.remove(question)
                return access
            # Both may be absent, and either may be the token's own.
            subjects = tuple({access.user_id, question.device_id} - {"", access.caller.subject_id})
            if self._may_keep(sending, access.caller, answer.revision, subjects):
                life = min(answer.time_to_live, MAX_ACCESS_AGE)
                sent = sending.sent
                self._entries.put(Entry(question, access.caller, answer.revision, sent, life, access, subjects))
            return access

    def _may_keep(self, sending: Sending, caller: Caller, revision: int, subjects: tuple[str, ...] = ()) -> bool:
        is_current = sending.generation == self._generation
        return is_current and not self._killed.kills(caller, revision, subjects)

    def begin(self) -> Stream:
        """A stream is about to be begun, and takes the place of the one before."""
        with self._lock:
            self._stream = Stream(self._known)
            self._has_message = False
            self._answered_at = self._monotonic()
            return self._stream

    def beat(self) -> int:
        """Answer the number of a heartbeat that is about to be given to the stack: its time is taken before."""
        with self._lock:
            self._heartbeat += 1
            self._beats.append(_Beat(self._heartbeat, moment_of(self._clock)))
            return self._heartbeat

    @property
    def acknowledged(self) -> int:
        """Everything up to it is out of the cache. 0: nothing yet on this stream."""
        with self._lock:
            return (self._known or 0) if self._has_message else 0

    @property
    def silent(self) -> float:
        """For how many seconds the current stream has answered no heartbeat."""
        return self._monotonic() - self._answered_at

    def lose(self, stream: Stream | None = None) -> None:
        """The log does not go on where this verifier stands: the next stream begins afresh.

        With a stream, only when it is the current one. What is fresh is good until the bound all the same.
        """
        with self._lock:
            if stream is None or stream is self._stream:
                self._known = None

    def close(self) -> None:
        """Forget everything, for good."""
        with self._lock:
            self._fresh = _NEVER
            self._entries.clear()
            self._stream = None
            self._generation += 1

    def receive(self, stream: Stream, message: Message) -> Outcome:
        """Apply a message as a whole.

        "broken": end the stream, for events may be missing. "old": it is of a stream that is heard no longer.
        """
        with self._lock:
            if stream is not self._stream:
                return "old"
            if message.is_afresh:
                self._entries.clear()
                self._killed.afresh(message.revision)
                self._generation += 1
            elif not self._is_next(message):
                self._known = None
                return "broken"
            else:
                for event in message.events:
                    self._apply(event)
            self._known = message.revision
            self._refresh(message)
            return "applied"

    def _is_next(self, message: Message) -> bool:
        previous, events, revision = message.previous_revision, message.events, message.revision
        return (
            previous == self._known
            and len(events) == revision - previous
            and all(event.revision == previous + place for place, event in enumerate(events, 1))
        )

    def _refresh(self, message: Message) -> None:
        self._has_message = True
        if message.longest_bound is not None:
            self._bound = min(self._max_bound, message.longest_bound)
        beat = next((each for each in self._beats if each.heartbeat == message.heartbeat), None)
        if beat is not None:
            self._answered_at = self._monotonic()
        if beat is not None and beat.heartbeat > self._fresh.heartbeat:
            self._fresh = _Fresh(beat.heartbeat, beat.sent, self._bound)
        elif self._fresh.bound > self._bound:
            self._fresh = self._fresh._replace(bound=self._bound)

    def _apply(self, event: Event) -> None:
        """Remove what it ends, and remember that for answers that are on their way."""
        target, revision = event.target, event.revision
        if target is None:
            self._entries.clear()
            self._killed.all(revision)
            return
        for entry in self._named(target):
            # An answer that was read at the event or after it knew of it.
            if entry.revision < revision:
                self._entries.remove(entry.key)
        self._killed.add(target, revision)

    def _named(self, target: Target) -> list[Entry]:
        if target.kind == FAMILY:
            return self._entries.of_family(target.first)
        if target.kind == SUBJECT:
            return self._entries.of_subject(target.first)
        if target.kind == CLIENT:
            return self._entries.of_client(target.first)
        entries = self._entries.of_subject(target.first)
        return [entry for entry in entries if entry.caller.client_id == target.second]
