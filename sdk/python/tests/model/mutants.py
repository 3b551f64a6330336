"""What looks right and is not: the core with one thing changed. docs/verifier.md tells each.

A copy of the core is made by replacing its text, so that nothing in what is shipped knows of it. A text that is
not there any more is an error.
"""

from __future__ import annotations

import importlib
import itertools
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from .world import MAX_AGE

SOURCE = Path(__file__).resolve().parents[2] / "src/symbolon"

Changes = list[tuple[str, str, str]]

_KEEP = "self._entries.put(Entry(token, answer.caller, answer.revision, sending.sent, life))"

MUTANTS: dict[str, Changes] = {
    "freshness from the receipt of an answer": [
        ("state.py", "_Fresh(beat.heartbeat, beat.sent,", "_Fresh(beat.heartbeat, moment_of(self._clock),")
    ],
    "an answer is kept without a look at what ended since": [
        ("state.py", " and not self._killed.kills(caller, revision, subjects)", "")
    ],
    "neither floor nor generation after beginning afresh": [
        ("killed.py", "self._revisions.clear()\n        self._floor = revision", "self._revisions.clear()"),
        ("state.py", "sending.generation == self._generation", "True"),
    ],
    "beginning afresh keeps the entries": [
        ("state.py", "self._entries.clear()\n                self._killed.afresh", "self._killed.afresh")
    ],
    "events end nothing": [("state.py", "self._apply(event)", "pass")],
    "events are not counted": [("state.py", "and len(events) == revision - previous\n", "\n")],
    "an event that is not known is passed over": [
        ("state.py", "if target is None:\n            self._entries.clear()", "if target is None:\n            return")
    ],
    "consent ends nothing that is kept": [("state.py", "entry.caller.client_id == target.second", "False")],
    "no look at the clock on the wall": [
        ("state.py", " and 0 <= wall - sent_wall < span):", "):"),
        ("state.py", " and 0 <= wall - sent_wall < span:", ":"),
    ],
    "what is left of a token counts from the receipt of the answer": [
        ("state.py", _KEEP, _KEEP.replace("sending.sent", "moment_of(self._clock)"))
    ],
    "what is left of a token is not looked at": [("state.py", "min(answer.time_to_live, MAX_AGE)", "MAX_AGE")],
    "entries have no greatest age": [("state.py", "min(answer.time_to_live, MAX_AGE)", "answer.time_to_live")],
    "the bound is longer": [("state.py", "beat.sent, self._bound)", "beat.sent, self._bound * 1.5)")],
    "a stream that is old is heard": [("state.py", 'return "old"', "pass")],
}

# Chance finds these too, and takes half a minute: test_model.py leads to them.
JOINED: Changes = [
    ("asks.py", "[self._unsent.pop(token) for token in tokens]", "[self._unsent[token] for token in tokens]"),
    (
        "asks.py",
        "            for asker in askers:\n                if asker.set",
        "            self._unsent.pop(token, 0)\n            for asker in askers:\n                if asker.set",
    ),
]
NO_FLOOR: Changes = [("killed.py", "self._floor = max(self._floor, dropped)", "del dropped")]

# Of what bearers may do: test_access.py leads to each.
OF_ACCESS: dict[str, Changes] = {
    "it is good for as long as the token": [("state.py", "min(answer.time_to_live, MAX_ACCESS_AGE)", "MAX_AGE")],
    "it has no greatest age": [("state.py", "min(answer.time_to_live, MAX_ACCESS_AGE)", "answer.time_to_live")],
    "a denial is kept": [("state.py", "not access.allowed or access.caller is None", "access.caller is None")],
    "a denial leaves what was allowed before": [("state.py", "self._entries.remove(question)", "pass")],
    "the user by whose right it is does not matter": [("state.py", "{access.user_id, question", "{question")],
    "the device that was asked about does not matter": [("state.py", ", question.device_id}", "}")],
    "it is kept without a look at what ended since": [
        ("state.py", "self._may_keep(sending, access.caller, answer.revision, subjects)", "True")
    ],
    "what ended since is looked at for the token alone": [
        ("state.py", "access.caller, answer.revision, subjects)", "access.caller, answer.revision)")
    ],
    "a consent that was withdrawn since is not looked at": [
        ("killed.py", "*(Target(CONSENT, subject, caller.client_id) for subject in all_subjects),", "")
    ],
    "the clock is not looked at for what is kept": [
        ("state.py", "entry is None or not is_within(entry.sent, entry.life, monotonic, wall)", "entry is None")
    ],
    "a verifier that is closed answers": [
        ("state.py", "if not is_within(fresh.sent, fresh.bound, monotonic, wall)", "if False")
    ],
}

_numbers = itertools.count()


def load_core(room: Path, changes: Changes) -> Any:
    """Import a copy of the core with these changes."""
    name = f"core_{next(_numbers)}"
    package = room / name
    shutil.copytree(SOURCE / "_core", package / "_core", ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("_access.py", "_caller.py"):
        shutil.copy(SOURCE / file, package / file)
    (package / "__init__.py").touch()
    for file, old, new in changes:
        path = package / "_core" / file
        text = path.read_text()
        assert text.count(old) == 1, f"{file} has {old!r} {text.count(old)} times: write the mutant anew"
        path.write_text(text.replace(old, new))
    sys.path.insert(0, str(room))
    try:
        state = importlib.import_module(f"{name}._core.state")
        asks = importlib.import_module(f"{name}._core.asks")
        protocol = importlib.import_module(f"{name}._core.protocol")
    finally:
        sys.path.remove(str(room))
    state.MAX_AGE = MAX_AGE  # type: ignore[attr-defined]
    return SimpleNamespace(
        VerifierState=state.VerifierState,
        Asks=asks.Asks,
        Message=protocol.Message,
        Event=protocol.Event,
        Target=protocol.Target,
        Answer=protocol.Answer,
        AccessAnswer=protocol.AccessAnswer,
        Question=protocol.Question,
    )
