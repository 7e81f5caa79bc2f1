"""The vector index: FAISS, exact inner product over rows of unit length, derived from the stored embeddings."""

from __future__ import annotations

import faiss
import numpy as np
from numpy.typing import NDArray

from index.embedding import Vectors


class VectorIndex:
    """Nearest rows by cosine."""

    def __init__(self, vectors: Vectors) -> None:
        """Indexes float32 (n, dimension), rows of unit length; a row's number is its position."""
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        if len(vectors):
            self._index.add(np.ascontiguousarray(vectors))

    def nearest(self, vector: Vectors, k: int, allowed: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """The row numbers of the ``k`` nearest to ``vector`` (dimension,), best first, among those allowed.

        Fewer than ``k`` where there are not as many. The filter is applied before the ranking, by FAISS's
        own selector, so the result is that of ranking the allowed rows alone.
        """
        k = min(k, self._index.ntotal)
        if k == 0:
            return np.zeros(0, np.int64)
        if allowed is None:
            _, found = self._index.search(vector[np.newaxis], k)
        else:
            bitmap = np.packbits(allowed, bitorder="little")
            selector = faiss.IDSelectorBitmap(bitmap)
            _, found = self._index.search(vector[np.newaxis], k, params=faiss.SearchParameters(sel=selector))
        return np.asarray(found[0][found[0] >= 0], np.int64)
