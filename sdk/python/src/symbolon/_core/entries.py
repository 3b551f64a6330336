"""What is answered without asking, each answer under the ids that an event can end it by."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from .._access import Access
from .._caller import Caller
from .moments import Moment
from .protocol import Question

Key: TypeAlias = str | Question
"""A token, or what was asked of one."""


class Entry(NamedTuple):
    """A live token, or something that its bearer may do."""

    key: Key
    caller: Caller
    # The revision that the answer was read at.
    revision: int
    # When the call was sent that was answered so, and for how many seconds it is good after that.
    sent: Moment
    life: float
    # Of a question.
    access: Access | None = None
    # Beside that of the caller: by whose right, and the device that was asked about.
    subjects: tuple[str, ...] = ()


class Entries:
    """At most ``max_entries`` of them. Where it is full, the one goes that was put first."""

    def __init__(self, max_entries: int) -> None:
        self._max_entries = max_entries
        # A plain dict looks for its oldest among all that were removed before it.
        self._by_key: OrderedDict[Key, Entry] = OrderedDict()
        self._by_family = _Index()
        self._by_subject = _Index()
        self._by_client = _Index()
        # Needs no lock: one look into one dict.
        self.get: Callable[[Key], Entry | None] = self._by_key.get

    def __len__(self) -> int:
        return len(self._by_key)

    def put(self, entry: Entry) -> None:
        """Take the place of what is there of the same key."""
        key = entry.key
        self.remove(key)
        if len(self._by_key) >= self._max_entries:
            self.remove(next(iter(self._by_key)))
        caller = entry.caller
        self._by_key[key] = entry
        self._by_family.add(caller.family_id, key)
        self._by_client.add(caller.client_id, key)
        for subject in (caller.subject_id, *entry.subjects):
            self._by_subject.add(subject, key)

    def remove(self, key: Key) -> None:
        """Forget one, if it is here."""
        entry = self._by_key.pop(key, None)
        if entry is None:
            return
        caller = entry.caller
        self._by_family.discard(caller.family_id, key)
        self._by_client.discard(caller.client_id, key)
        for subject in (caller.subject_id, *entry.subjects):
            self._by_subject.discard(subject, key)

    def of_family(self, family_id: str) -> list[Entry]:
        """All of one login."""
        return self._all(self._by_family.get(family_id))

    def of_subject(self, subject_id: str) -> list[Entry]:
        """All of one user, device or client."""
        return self._all(self._by_subject.get(subject_id))

    def of_client(self, client_id: str) -> list[Entry]:
        """All that were issued to one client."""
        return self._all(self._by_client.get(client_id))

    def _all(self, keys: list[Key]) -> list[Entry]:
        return [self._by_key[key] for key in keys]

    def clear(self) -> None:
        """Forget all."""
        self._by_key.clear()
        self._by_family.clear()
        self._by_subject.clear()
        self._by_client.clear()


class _Index:
    """Many keys of an id. Most ids have one, which then needs no set of its own."""

    def __init__(self) -> None:
        self._keys: dict[str, Key | set[Key]] = {}

    def add(self, name: str, key: Key) -> None:
        there = self._keys.get(name)
        if there is None:
            self._keys[name] = key
        elif isinstance(there, set):
            there.add(key)
        else:
            self._keys[name] = {there, key}

    def discard(self, name: str, key: Key) -> None:
        there = self._keys.get(name)
        if isinstance(there, set):
            there.discard(key)
        if there == key or there == set():
            del self._keys[name]

    def get(self, name: str) -> list[Key]:
        there = self._keys.get(name)
        if there is None:
            return []
        return list(there) if isinstance(there, set) else [there]

    def clear(self) -> None:
        self._keys.clear()
