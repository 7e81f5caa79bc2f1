"""The vector index: FAISS, inner product over rows of unit length, derived from the stored embeddings.

Exact up to the size where that stops being free. Beyond it quantised codes (FAISS's fast scan over 4-bit product
quantisation, André, Kermarrec and Le Scouarnec 2015) bring more rows than asked for, which are ranked by their
exact cosines; `docs/retrieval.md` has the figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import faiss
import numpy as np
from numpy.typing import NDArray

from index.embedding import Vectors

EXACT_UP_TO = 50_000
_TRAINED_ON = 50_000
_DIMENSIONS_A_CODE = 4
_COPIED_SHARE = 0.1
_MORE = 4  # rows that the codes bring, for each one asked for


def cosines(vectors: Vectors, vector: Vectors) -> Vectors:
    """The cosine of each row of ``vectors``, float32 (n, dimension), to ``vector`` (dimension,): float32 (n,).

    Row by row: in a product of matrices equal rows may differ in the last digits by where they lie.
    """
    return np.asarray(np.einsum("ij,j->i", vectors, vector), np.float32)


class VectorIndex:
    """Nearest rows by cosine."""

    def __init__(self, vectors: Vectors, exact_up_to: int = EXACT_UP_TO) -> None:
        """Indexes float32 (n, dimension), rows of unit length; a row's number is its position.

        Above ``exact_up_to`` rows the search is approximate unless it is filtered, which ``exact`` says.
        """
        self._vectors = np.ascontiguousarray(vectors)
        self.exact = len(vectors) <= exact_up_to
        self._index = _flat(self._vectors) if self.exact else _codes(self._vectors)

    def nearest(self, vector: Vectors, k: int, allowed: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """The row numbers of the ``k`` nearest to ``vector`` (dimension,), best first, among those allowed.

        Fewer than ``k`` where there are not as many. The filter is applied before the ranking (by FAISS's
        own selector where the index is exact), so the result is that of ranking the allowed rows alone.
        """
        k = min(k, len(self._vectors))
        if k == 0:
            return np.zeros(0, np.int64)
        with _in_one_thread():
            return self._nearest(vector, k, allowed)

    def _nearest(self, vector: Vectors, k: int, allowed: NDArray[np.bool_] | None) -> NDArray[np.int64]:
        if self.exact:
            return self._exactly(vector, k, allowed)
        if allowed is not None:
            rows = np.flatnonzero(allowed)
            return _ranked(rows, (self._vectors @ vector)[rows] if _many(allowed) else self._vectors[rows] @ vector, k)
        _, found = self._index.search(vector[np.newaxis], min(_MORE * k, len(self._vectors)))
        rows = found[0][found[0] >= 0]
        return _ranked(rows, self._vectors[rows] @ vector, k)

    def _exactly(self, vector: Vectors, k: int, allowed: NDArray[np.bool_] | None) -> NDArray[np.int64]:
        parameters = None
        if allowed is not None:
            selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
            parameters = faiss.SearchParameters(sel=selector)
        _, found = self._index.search(vector[np.newaxis], k, params=parameters)
        return np.asarray(found[0][found[0] >= 0], np.int64)


@contextmanager
def _in_one_thread() -> Iterator[None]:
    """For one question: FAISS's threads and torch's wait for one another, 9 ms instead of 1.

    The number is one for both, so what follows must find it as it was.
    """
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)


def _ranked(rows: NDArray[np.int64], scores: Vectors, k: int) -> NDArray[np.int64]:
    return np.asarray(rows[np.lexsort((rows, -scores))[:k]], np.int64)


def _many(allowed: NDArray[np.bool_]) -> bool:
    """Whether to score all rows in place is cheaper than to copy the allowed ones."""
    return bool(allowed.mean() > _COPIED_SHARE)


def _flat(vectors: Vectors) -> faiss.Index:
    index = faiss.IndexFlatIP(vectors.shape[1])
    if len(vectors):
        index.add(vectors)
    return index


def _codes(vectors: Vectors) -> faiss.Index:
    """Codes of 4 bits for each few dimensions, trained on rows spread evenly over all."""
    dimension = vectors.shape[1]
    each = next(size for size in (_DIMENSIONS_A_CODE, 3, 2, 1) if dimension % size == 0)
    index = faiss.IndexPQFastScan(dimension, dimension // each, 4, faiss.METRIC_INNER_PRODUCT)
    index.train(vectors[:: max(1, len(vectors) // _TRAINED_ON)])
    index.add(vectors)
    return index
