"""Facets: by which values documents can be filtered, and how many documents have each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.dates import first_day, last_day
from corpus.types import Document


@dataclass(frozen=True, slots=True)
class Facet:
    """A value and the number of documents that have it."""

    value: str
    documents: int


@dataclass(frozen=True, slots=True)
class Period:
    """The first and the last day that documents are dated, as ISO dates."""

    since: str
    until: str


@dataclass(frozen=True, slots=True)
class Facets:
    """The most frequent values first; ``published`` is None where no document has a date."""

    outlets: tuple[Facet, ...]
    kinds: tuple[Facet, ...]
    languages: tuple[Facet, ...]
    published: Period | None


def facets_of(documents: Sequence[Document]) -> Facets:
    """The facets of these documents."""
    facts = [document.metadata for document in documents]
    dates = [fact.published for fact in facts if fact.published]
    return Facets(
        counted(fact.outlet for fact in facts),
        counted(fact.kind for fact in facts),
        counted(fact.language for fact in facts),
        Period(min(map(first_day, dates)), max(map(last_day, dates))) if dates else None,
    )


def counted(values: Iterable[str | None]) -> tuple[Facet, ...]:
    """Spellings that filters take for the same are counted together, under the most frequent one."""
    spelled: dict[str, Counter[str]] = {}
    for value in filter(None, values):
        spelled.setdefault(value.casefold(), Counter())[value] += 1
    facets = [
        Facet(min(spellings, key=lambda name: (-spellings[name], name)), spellings.total())
        for spellings in spelled.values()
    ]
    return tuple(sorted(facets, key=lambda facet: (-facet.documents, facet.value)))
