"""The tokens that are taken for live without asking, each under the ids that an event can end it by."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from .._caller import Caller
from .moments import Moment


class Entry(NamedTuple):
    """A live token."""

    token: str
    caller: Caller
    # The revision that the answer was read at.
    revision: int
    # When the call was sent that was answered so, and for how many seconds it is good after that.
    sent: Moment
    life: float


class Entries:
    """At most ``max_entries`` of them. Where it is full, the one goes that was put first."""

    def __init__(self, max_entries: int) -> None:
        self._max_entries = max_entries
        # A plain dict looks for its oldest among all that were removed before it.
        self._by_token: OrderedDict[str, Entry] = OrderedDict()
        self._by_family = _Index()
        self._by_subject = _Index()
        self._by_client = _Index()
        # Needs no lock: one look into one dict.
        self.get: Callable[[str], Entry | None] = self._by_token.get

    def __len__(self) -> int:
        return len(self._by_token)

    def put(self, entry: Entry) -> None:
        """Take the place of what is there of the same token."""
        self.remove(entry.token)
        if len(self._by_token) >= self._max_entries:
            self.remove(next(iter(self._by_token)))
        caller = entry.caller
        self._by_token[entry.token] = entry
        self._by_family.add(caller.family_id, entry.token)
        self._by_subject.add(caller.subject_id, entry.token)
        self._by_client.add(caller.client_id, entry.token)

    def remove(self, token: str) -> None:
        """Forget a token, if it is here."""
        entry = self._by_token.pop(token, None)
        if entry is None:
            return
        caller = entry.caller
        self._by_family.discard(caller.family_id, token)
        self._by_subject.discard(caller.subject_id, token)
        self._by_client.discard(caller.client_id, token)

    def of_family(self, family_id: str) -> list[Entry]:
        """All of one login."""
        return self._all(self._by_family.get(family_id))

    def of_subject(self, subject_id: str) -> list[Entry]:
        """All of one user, device or client."""
        return self._all(self._by_subject.get(subject_id))

    def of_client(self, client_id: str) -> list[Entry]:
        """All that were issued to one client."""
        return self._all(self._by_client.get(client_id))

    def _all(self, tokens: list[str]) -> list[Entry]:
        return [self._by_token[token] for token in tokens]

    def clear(self) -> None:
        """Forget all."""
        self._by_token.clear()
        self._by_family.clear()
        self._by_subject.clear()
        self._by_client.clear()


class _Index:
    """Many tokens of a key. Most keys have one, which then needs no set of its own."""

    def __init__(self) -> None:
        self._tokens: dict[str, str | set[str]] = {}

    def add(self, key: str, token: str) -> None:
        there = self._tokens.get(key)
        if there is None:
            self._tokens[key] = token
        elif isinstance(there, set):
            there.add(token)
        else:
            self._tokens[key] = {there, token}

    def discard(self, key: str, token: str) -> None:
        there = self._tokens.get(key)
        if isinstance(there, set):
            there.discard(token)
        if there == token or there == set():
            del self._tokens[key]

    def get(self, key: str) -> list[str]:
        there = self._tokens.get(key)
        if there is None:
            return []
        return list(there) if isinstance(there, set) else [there]

    def clear(self) -> None:
        self._tokens.clear()
