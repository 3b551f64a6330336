"""What events have ended lately: an answer that was read before one of them may still be on its way."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from .._caller import Caller
from .protocol import CLIENT, CONSENT, FAMILY, SUBJECT, Target


class Killed:
    """The revision of the last event of each target, and a floor below which nothing counts."""

    def __init__(self, max_keys: int) -> None:
        self._max_keys = max_keys
        # In the order of their revisions.
        self._revisions: OrderedDict[Target, int] = OrderedDict()
        self._floor = 0

    def all(self, revision: int) -> None:
        """Everything may have ended up to this revision."""
        self._revisions.clear()
        self._floor = max(self._floor, revision)

    def afresh(self, revision: int) -> None:
        """Begin anew: nothing that was read before counts, also where this is less than what was known."""
        self._revisions.clear()
        self._floor = revision

    def add(self, target: Target, revision: int) -> None:
        """Remember an event. What is dropped for it must not be needed: the floor rises over that."""
        self._revisions.pop(target, None)
        self._revisions[target] = revision
        if len(self._revisions) > self._max_keys:
            _, dropped = self._revisions.popitem(last=False)
            self._floor = max(self._floor, dropped)

    def kills(self, caller: Caller, revision: int, subjects: Sequence[str] = ()) -> bool:
        """Whether an answer that was read at this revision may have ended since.

        ``subjects`` are those that it goes by beside the token's own.
        """
        if revision < self._floor:
            return True
        all_subjects = (caller.subject_id, *subjects)
        targets = (
            Target(FAMILY, caller.family_id),
            Target(CLIENT, caller.client_id),
            *(Target(SUBJECT, subject) for subject in all_subjects),
            *(Target(CONSENT, subject, caller.client_id) for subject in all_subjects),
        )
        return any(self._revisions.get(target, 0) > revision for target in targets)
