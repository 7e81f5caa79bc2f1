"""Grains: how alike the sentences of passages are to a question, one by one, two in a row and the best three."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedding import Vectors
from index.vectors import cosines

_ROWS_AT_ONCE = 4096
_SUBSTANCE = 3  # sentences


@dataclass(frozen=True, slots=True)
class Likeness:
    """Cosines of the sentences of some passages to one vector; those of passage ``i`` end at ``borders[i]``."""

    cosines: NDArray[np.float32]
    borders: NDArray[np.int64]
    pairs: NDArray[np.float32]

    @property
    def best_sentences(self) -> NDArray[np.float32]:
        """The best sentence of each passage: float32 (passages,)."""
        return np.asarray(np.maximum.reduceat(self.cosines, self._firsts), np.float32)

    @property
    def best_pairs(self) -> NDArray[np.float32]:
        """The best two in a row of each passage, a lone sentence counting as two: float32 (passages,)."""
        return np.asarray(np.maximum.reduceat(self.pairs, self._firsts), np.float32)

    @property
    def substance(self) -> NDArray[np.float32]:
        """The mean of each passage's best three sentences, those that are not there counting 0: float32 (passages,).

        A heading or a lone sentence is easily alike and says little.
        """
        sizes = self.borders - self._firsts
        table = np.zeros((len(sizes), max(int(sizes.max()), _SUBSTANCE)), np.float32)
        table[np.arange(table.shape[1]) < sizes[:, np.newaxis]] = self.cosines
        best = -np.partition(-table, _SUBSTANCE - 1, axis=1)[:, :_SUBSTANCE]
        return np.asarray(best.mean(axis=1), np.float32)

    def of(self, passage: int) -> NDArray[np.float32]:
        """The cosines of one passage's sentences, in order."""
        return self.cosines[self._firsts[passage] : self.borders[passage]]

    @property
    def _firsts(self) -> NDArray[np.int64]:
        return np.concatenate([[0], self.borders[:-1]])


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of all passages: those of passage ``i`` are rows ``rows[i]`` to ``rows[i + 1]``.

    ``vectors`` is float16 (sentences, dimension), rows of unit length. ``pair_lengths`` is for each sentence the length
    of its vector's sum with the next one's, float32 (sentences,), with which a pair's cosine follows from two cosines.
    """

    vectors: NDArray[np.float16]
    rows: NDArray[np.int64]
    pair_lengths: NDArray[np.float32]

    @classmethod
    def over(cls, vectors: NDArray[np.float16], rows: NDArray[np.int64]) -> Sentences:
        """Measures all pairs once."""
        lengths = np.ones(len(vectors), np.float32)
        for first in range(0, len(vectors) - 1, _ROWS_AT_ONCE):
            part = vectors[first : first + _ROWS_AT_ONCE + 1].astype(np.float32)
            cosines = np.einsum("ij,ij->i", part[:-1], part[1:])
            lengths[first : first + len(cosines)] = np.sqrt(np.maximum(2 + 2 * cosines, 1e-12))
        return cls(vectors, rows, lengths)

    def likeness(self, passages: NDArray[np.int64], vector: Vectors) -> Likeness:
        """How alike the sentences of these passages, at least one, are to a vector (dimension,) of unit length."""
        sizes = self.rows[passages + 1] - self.rows[passages]
        borders = np.cumsum(sizes)
        chosen = np.arange(borders[-1]) - np.repeat(borders - sizes, sizes) + np.repeat(self.rows[passages], sizes)
        alike = cosines(self.vectors[chosen].astype(np.float32), vector)
        pairs = alike.copy()
        pairs[:-1] = (alike[:-1] + alike[1:]) / self.pair_lengths[chosen[:-1]]
        ends = borders - 1
        pairs[ends] = np.where(sizes == 1, alike[ends], -1.0)
        return Likeness(alike, borders, pairs)
