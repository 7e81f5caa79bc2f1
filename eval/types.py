"""The values of the eval room. All are frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.types import Exchange
from index.types import Filter


@dataclass(frozen=True, slots=True)
class RetrievalQuery:
    """A query of a retrieval set: its last turn, a human's standalone rewrite if any, the exchanges before it."""

    id: str
    text: str
    rewrite: str | None
    history: tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question of an answers set. Those of one ``conversation`` are asked in turn: earlier answers join the history.

    ``documents`` are the gold documents' names, ``answers`` strings one of which a right quote holds. ``slice``,
    ``split`` and the gold ``quotes`` are the desk's own, None or empty elsewhere.
    """

    id: str
    text: str
    history: tuple[Exchange, ...]
    answers: tuple[str, ...]
    documents: tuple[str, ...]
    answerable: bool
    filter: Filter = Filter()
    slice: str | None = None
    split: str | None = None
    conversation: str | None = None
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question; shares and counts are over this question alone, times in milliseconds.

    ``hit_rank`` is the place of the first right piece of evidence, 1 the best, None if there is none among the ranked.
    """

    question: Question
    hit_rank: int | None
    answered: bool
    answer_hit: bool
    quotes: int
    words: int
    right_citations: int
    confidence: float
    milliseconds: float


Figures = Mapping[str, float | int | None]
