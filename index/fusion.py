"""Fusion: one score from the voices of retrieval. Pure.

Each voice speaks on a scale that means the same in every collection (cosines and shares), so a weighted sum
needs no rescaling to the hits at hand, and a lone hit keeps its score. `docs/decisions.md` says why
not by ranks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
_LIKENESS = ("sentence", "pair", "substance", "passage", "stretch", "opening")


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each voice counts."""

    sentence: float = 0.6
    pair: float = 0.6
    substance: float = 0.2
    passage: float = 0.0
    stretch: float = 0.6
    opening: float = 0.2
    lexical: float = 0.6
    names: float = 0.5
    own: float = 0.6
    time: float = 0.4


QUESTION = Weights()
TOPIC = Weights(lexical=1.0, substance=0.0, opening=0.0)


@dataclass(frozen=True, slots=True)
class Voices:
    """The scores of the same candidates by each voice, each float32 (candidates,)."""

    sentence: Scores
    pair: Scores
    substance: Scores
    passage: Scores
    stretch: Scores
    opening: Scores
    lexical: Scores
    names: Scores
    own: Scores
    time: Scores

    def fused(self, weights: Weights, legibility: float = 1.0) -> Scores:
        """The weighted sum; the voices of the embedder count by how well it reads the question, 0 to 1."""
        weights = replace(weights, **{name: getattr(weights, name) * legibility for name in _LIKENESS})
        return np.asarray(sum(getattr(weights, name) * scores for name, scores in self._named()), np.float32)

    def parts(self, candidate: int) -> dict[str, float]:
        """One candidate's score by each voice."""
        return {name: float(scores[candidate]) for name, scores in self._named()}

    def ranks(self, candidate: int) -> dict[str, int]:
        """One candidate's rank by each voice alone, 1 the best; equals share a rank, and no words no rank."""
        return {
            name: int((scores > scores[candidate]).sum()) + 1
            for name, scores in self._named()
            if name in _LIKENESS or scores[candidate] > 0
        }

    def _named(self) -> tuple[tuple[str, Scores], ...]:
        return (
            ("sentence", self.sentence),
            ("pair", self.pair),
            ("substance", self.substance),
            ("passage", self.passage),
            ("stretch", self.stretch),
            ("opening", self.opening),
            ("lexical", self.lexical),
            ("names", self.names),
            ("own", self.own),
            ("time", self.time),
        )
