"""Fusion: one score from the voices of retrieval. Pure.

Each voice speaks on a scale that means the same in every collection (two cosines and a share), so a weighted sum
needs no rescaling to the hits at hand, and a lone hit keeps its score. `docs/retrieval.md` has the figures against
reciprocal-rank fusion.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each voice counts."""

    sentence: float = 1.0
    passage: float = 0.5
    lexical: float = 0.3


@dataclass(frozen=True, slots=True)
class Voices:
    """The scores of the same candidates by each voice, each float32 (candidates,)."""

    sentence: Scores
    passage: Scores
    lexical: Scores

    def fused(self, weights: Weights) -> Scores:
        """The weighted sum."""
        return np.asarray(
            weights.sentence * self.sentence + weights.passage * self.passage + weights.lexical * self.lexical,
            np.float32,
        )

    def parts(self, candidate: int) -> dict[str, float]:
        """One candidate's score by each voice."""
        return {name: float(scores[candidate]) for name, scores in self._named()}

    def ranks(self, candidate: int) -> dict[str, int]:
        """One candidate's rank by each voice alone, 1 the best; equals share a rank, and no words no rank."""
        return {
            name: int((scores > scores[candidate]).sum()) + 1
            for name, scores in self._named()
            if name != "lexical" or scores[candidate] > 0
        }

    def _named(self) -> tuple[tuple[str, Scores], ...]:
        return ("sentence", self.sentence), ("passage", self.passage), ("lexical", self.lexical)
