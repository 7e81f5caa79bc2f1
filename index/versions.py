"""Linked documents in a search: of a group of near duplicates one document is returned, the newest that will do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.dates import first_day
from corpus.types import Document
from index.types import Linked, Relation

_BETTER = 0.3  # by which an older version must score above the newest: it says what that one no longer does


@dataclass(frozen=True, slots=True)
class Versions:
    """Which passages belong to linked documents.

    ``group`` is each passage's group, int32 (passages,), -1 for none; ``age`` the place of its document among the
    group's, int32 (passages,), greater for newer. ``members`` are the documents of each group, oldest first.
    """

    group: NDArray[np.int32]
    age: NDArray[np.int32]
    members: Sequence[Sequence[Document]]

    @classmethod
    def over(
        cls, document_ids: Sequence[str], groups: Mapping[str, Sequence[str]], documents: Mapping[str, Document]
    ) -> Versions:
        """From the groups of linked documents, each in the order read, and the document of each passage."""
        unique = list(dict.fromkeys(tuple(group) for group in groups.values()))
        members = [_by_age([documents[member] for member in group]) for group in unique]
        placed = {one.id: (number, age) for number, group in enumerate(members) for age, one in enumerate(group)}
        places = np.array([placed.get(document_id, (-1, -1)) for document_id in document_ids], np.int32).reshape(-1, 2)
        return cls(places[:, 0].copy(), places[:, 1].copy(), members)

    def kept(self, rows: NDArray[np.int64], scores: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Which of some candidates stay: those of no group, and of each group those of one document.

        That is the newest there is among them, unless an older one has a passage that is better by far.
        """
        group, age = self.group[rows], self.age[rows]
        kept = np.ones(len(rows), bool)
        for number in np.unique(group[group >= 0]):
            of_group = group == number
            best = {int(one): float(scores[of_group & (age == one)].max()) for one in np.unique(age[of_group])}
            chosen = max(best)
            for one in sorted(best, reverse=True):
                if best[one] > best[chosen] + _BETTER:
                    chosen = one
            kept[of_group & (age != chosen)] = False
        return kept

    def linked_to(self, row: int) -> tuple[Linked, ...]:
        """The other documents of a passage's group, newest first."""
        if self.group[row] < 0:
            return ()
        members = self.members[self.group[row]]
        own = members[self.age[row]]
        return tuple(
            Linked(other, _relation(own, other, age > self.age[row]))
            for age, other in reversed(list(enumerate(members)))
            if other is not own
        )


def _by_age(documents: Sequence[Document]) -> Sequence[Document]:
    """Documents given in the order read, by publication; where one of them is undated, the order read stays."""
    days = [document.metadata.published for document in documents]
    if not all(days):
        return documents
    return sorted(documents, key=lambda document: first_day(document.metadata.published or ""))


def _relation(own: Document, other: Document, later: bool) -> Relation:
    published = own.metadata.published
    if published and published == other.metadata.published:
        return "same"
    return "newer" if later else "older"
