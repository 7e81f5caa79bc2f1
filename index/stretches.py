"""Stretches: up to four neighbouring passages of a document, whose words and likeness count for each of them.

A passage often leaves its subject to the one before; the stretch still names it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from index.embedding import Vectors
from index.vectors import cosines

_LONGEST = 4


@dataclass(frozen=True, slots=True)
class Stretches:
    """Which passages make a stretch: stretch ``n`` has the rows ``borders[n]:borders[n + 1]``.

    ``of_row`` is each row's stretch, int32 (passages,); ``opening_of_row`` the row that opens its document, int64
    (passages,); ``lengths`` the length of the sum of a stretch's vectors, float32 (stretches,).
    """

    borders: NDArray[np.int64]
    of_row: NDArray[np.int32]
    opening_of_row: NDArray[np.int64]
    lengths: NDArray[np.float32]

    @classmethod
    def over(cls, document_ids: Sequence[str], vectors: Vectors) -> Stretches:
        """Divides each document's passages, given in order, evenly into as few stretches as may be."""
        counts = [sum(1 for _ in run) for _, run in groupby(document_ids)]
        sizes: list[int] = []
        for count in counts:
            parts = -(-count // _LONGEST)
            sizes.extend(count // parts + (part < count % parts) for part in range(parts))
        borders = np.cumsum([0, *sizes], dtype=np.int64)
        sums = np.add.reduceat(vectors, borders[:-1]) if sizes else vectors
        lengths = np.maximum(np.linalg.norm(sums, axis=1), 1e-12).astype(np.float32)
        of_row = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        opening_of_row = np.repeat(np.cumsum([0, *counts], dtype=np.int64)[:-1], counts)
        return cls(borders, of_row, opening_of_row, lengths)

    def sums(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        """Term counts of stretches out of those of passages: sparse (stretches, terms)."""
        rows = len(self.of_row)
        member = sparse.csr_matrix(
            (np.ones(rows, counts.dtype), np.arange(rows), self.borders), (len(self.borders) - 1, rows)
        )
        return (member @ counts).tocsr()

    def likeness(self, rows: NDArray[np.int64], vectors: Vectors, vector: Vectors) -> NDArray[np.float32]:
        """The cosine of each row's stretch, as the mean of its passages, to a vector: float32 (rows,)."""
        wanted, place = np.unique(self.of_row[rows], return_inverse=True)
        sizes = self.borders[wanted + 1] - self.borders[wanted]
        ends = np.cumsum(sizes)
        members = np.arange(ends[-1]) - np.repeat(ends - sizes, sizes) + np.repeat(self.borders[wanted], sizes)
        sums = np.add.reduceat(cosines(vectors[members], vector), ends - sizes)
        return np.asarray((sums / self.lengths[wanted])[place], np.float32)
