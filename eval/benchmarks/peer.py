"""The peer: what a plain script does with sentence-transformers, FAISS and BM25, each as its documentation shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import faiss
import numpy as np

from corpus.errors import BadRequest
from index.embedding import Vectors

_FUSED = 100
_RANK_CONSTANT = 60


class PlainScript:
    """Whole texts in a flat index and in `bm25s`, fused by reciprocal rank. Its model is the one that Footnote uses."""

    def __init__(self, model: Any, texts: Sequence[str], vectors: Vectors) -> None:
        """Raises BadRequest where bm25s is not installed. ``vectors`` is float32 (texts, dimension)."""
        try:
            import bm25s
        except ImportError as error:
            raise BadRequest("the peer needs bm25s", "run `pip install -e '.[bench]'` in Footnote's folder") from error
        self._bm25s = bm25s
        self._model = model
        self._count = len(texts)
        self._flat = faiss.IndexFlatIP(vectors.shape[1])
        self._flat.add(vectors)
        self._words = bm25s.BM25()
        self._words.index(bm25s.tokenize(list(texts), stopwords="en", show_progress=False), show_progress=False)

    def search(self, question: str, k: int) -> list[int]:
        """The best ``k`` texts by their numbers."""
        vector = self._model.encode([question], normalize_embeddings=True, show_progress_bar=False)
        depth = min(_FUSED, self._count)
        _, near = self._flat.search(np.asarray(vector, np.float32), depth)
        asked = self._bm25s.tokenize([question], stopwords="en", show_progress=False)
        worded, _ = self._words.retrieve(asked, k=depth, show_progress=False)
        scores: dict[int, float] = {}
        for ranking in (near[0], worded[0]):
            for rank, number in enumerate(ranking, 1):
                scores[int(number)] = scores.get(int(number), 0.0) + 1 / (_RANK_CONSTANT + rank)
        return sorted(scores, key=lambda number: -scores[number])[:k]
