"""The sentences of hits, one a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.types import Evidence
from index.types import Hit


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence of a hit: the hit, its place among the hits, and the sentence's among its own."""

    hit: Hit
    place: int
    number: int

    @property
    def quote(self) -> str:
        """The sentence."""
        return self.hit.words_at(self.hit.sentences[self.number].span)

    def scored(self, score: float, side: float = 0.0) -> Evidence:
        """The sentence as evidence, with its chances to answer and to be one side of a dispute."""
        return Evidence(self.hit, self.hit.sentences[self.number].span, self.quote, score, side)


def sentences_of_hits(hits: Sequence[Hit]) -> list[Row]:
    """All sentences of the hits, in order."""
    return [Row(hit, place, number) for place, hit in enumerate(hits) for number in range(len(hit.sentences))]
