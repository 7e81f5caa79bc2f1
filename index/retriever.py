"""Retrieval: a query, with what it leans on, to ranked hits.

Candidates come from the vector index (whole passages) and from BM25; each candidate is then scored by its best
sentence, as a whole, and by its words.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from corpus.cleaning import normalise
from corpus.types import Document, Span
from index.embedding import Embedder, Vectors
from index.filtering import admits, check_filter
from index.fusion import Voices, Weights
from index.lexical import Concept, LexicalIndex, Wanted, terms_of
from index.spellings import Spellings
from index.store import Store, StoredPassages
from index.types import Filter, Hit, Query, SentenceHit
from index.vectors import VectorIndex

_CANDIDATES = 300
_CONTEXT_DECAY = 0.7


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """The index as it was at one generation of the library."""

    generation: int
    stored: StoredPassages
    vectors: VectorIndex
    lexical: LexicalIndex
    documents: Mapping[str, Document]


class Retriever:
    """Searches one library. Follows what other processes index, and is safe to share between threads."""

    def __init__(self, store: Store, embedder: Embedder, spellings: Spellings, weights: Weights = Weights()) -> None:
        self._spellings = spellings
        self._store = store
        self._embedder = embedder
        self._weights = weights
        self._lock = threading.Lock()
        self._current: _Snapshot | None = None

    def search(self, query: Query, k: int = 10, wanted: Filter = Filter()) -> list[Hit]:
        """The best ``k`` passages for a query, best first; none from an empty library or a filter that none passes.

        Raises:
            BadRequest: the filter has a value that can never match.
        """
        check_filter(wanted)
        query = _cleaned(query)
        snapshot = self._snapshot()
        allowed = self._allowed(snapshot, wanted)
        if k < 1 or not snapshot.stored.passage_ids or (allowed is not None and not allowed.any()):
            return []
        vector = self._query_vector(snapshot, query)
        terms = self._wanted(snapshot, query)
        rows = self._candidates(snapshot, vector, terms.shares + terms.name_shares, allowed, max(_CANDIDATES, k))
        likeness = _sentence_likeness(snapshot.stored, rows, vector)
        voices = Voices(
            sentence=np.array([scores.max(initial=-1.0) for scores in likeness], np.float32),
            passage=snapshot.stored.vectors[rows] @ vector,
            lexical=terms.shares[rows],
            names=terms.name_shares[rows],
        )
        fused = voices.fused(self._weights, self._embedder.legibility(query.text))
        best = [int(i) for i in np.lexsort((rows, -fused))[:k]]
        return [
            self._hit(snapshot, int(rows[i]), float(fused[i]), voices.parts(i), voices.ranks(i), likeness[i], terms)
            for i in best
        ]

    def passage_count(self) -> int:
        """How many passages can be found now."""
        return len(self._snapshot().stored.passage_ids)

    def matches(self, wanted: Filter) -> int:
        """How many documents pass a filter."""
        check_filter(wanted)
        return sum(admits(wanted, document) for document in self._snapshot().documents.values())

    def _snapshot(self) -> _Snapshot:
        with self._lock:
            generation = self._store.generation()
            if self._current is None or self._current.generation != generation:
                self._current = self._load()
            return self._current

    def _load(self) -> _Snapshot:
        with self._store.library.reading_at_once():
            generation = self._store.generation()
            stored = self._store.load(self._embedder.name, self._embedder.dimension)
            documents = {document.id: document for document in self._store.library.documents()}
        return _Snapshot(generation, stored, VectorIndex(stored.vectors), LexicalIndex.build(stored.counts), documents)

    def _allowed(self, snapshot: _Snapshot, wanted: Filter) -> NDArray[np.bool_] | None:
        if not wanted.active:
            return None
        admitted = {number for number, document in snapshot.documents.items() if admits(wanted, document)}
        return np.array([number in admitted for number in snapshot.stored.document_ids], bool)

    def _query_vector(self, snapshot: _Snapshot, query: Query) -> Vectors:
        """The question's vector plus that of the whole conversation, weighted; unit length.

        Where the library writes a name otherwise, the same in its spelling counts as much.
        """
        texts = [query.text]
        if query.context:
            texts.append(" ".join([*query.context, query.text]))
        respelled = [self._spellings.rewritten(text, self._frequency(snapshot)) for text in texts]
        if respelled == texts:
            respelled = []
        vectors = self._embedder.embed([*texts, *respelled])
        weights = np.array([1.0, query.context_weight][: len(texts)], np.float32)
        vector = weights @ vectors[: len(texts)]
        if respelled:
            vector = vector + weights @ vectors[len(texts) :]
        return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-12), np.float32)

    def _frequency(self, snapshot: _Snapshot) -> Callable[[frozenset[str]], int]:
        """Counts the passages that hold all of some terms."""

        def count(terms: frozenset[str]) -> int:
            numbers = self._store.term_numbers(terms)
            return len(snapshot.lexical.bearing(list(numbers.values()))[0]) if len(numbers) == len(terms) else 0

        return count

    def _concepts(self, query: Query) -> list[Concept]:
        """What the question asks about and, with less weight the older they are, what its context did."""
        concepts = self._spellings.concepts(query.text)
        for age, text in enumerate(reversed(query.context)):
            weight = query.context_weight * _CONTEXT_DECAY**age
            concepts.extend(replace(concept, weight=weight) for concept in self._spellings.concepts(text))
        return concepts

    def _wanted(self, snapshot: _Snapshot, query: Query) -> Wanted:
        concepts = self._concepts(query)
        terms = {term for concept in concepts for term in concept.terms}
        return Wanted.of(concepts, self._store.term_numbers(terms), snapshot.lexical)

    def _candidates(
        self,
        snapshot: _Snapshot,
        vector: Vectors,
        shares: NDArray[np.float32],
        allowed: NDArray[np.bool_] | None,
        k: int,
    ) -> NDArray[np.int64]:
        near = snapshot.vectors.nearest(vector, k, allowed)
        masked = shares if allowed is None else np.where(allowed, shares, 0)
        k = min(k, len(masked))
        worded = np.argpartition(-masked, k - 1)[:k]
        return np.union1d(near, worded[masked[worded] > 0])

    def _hit(
        self,
        snapshot: _Snapshot,
        row: int,
        score: float,
        parts: Mapping[str, float],
        ranks: Mapping[str, int],
        likeness: NDArray[np.float32],
        terms: Wanted,
    ) -> Hit:
        stored = snapshot.stored
        document = snapshot.documents[stored.document_ids[row]]
        start, end = (int(border) for border in stored.spans[row])
        heading = stored.headings[row]
        sentences = stored.sentences[stored.sentence_rows[row] : stored.sentence_rows[row + 1]]
        text = document.text[start:end]
        around = terms_of(f"{document.title} {heading or ''} {text}")
        return Hit(
            passage_id=stored.passage_ids[row],
            document_id=document.id,
            content_hash=document.content_hash,
            metadata=document.metadata,
            title=document.title,
            place=document.places[0] if document.places else None,
            text=text,
            start=start,
            end=end,
            heading=heading,
            score=score,
            parts=parts,
            ranks=ranks,
            sentences=tuple(
                SentenceHit(
                    Span(int(first), int(last)),
                    float(similarity),
                    terms.share_of(terms_of(document.text[first:last]), around),
                )
                for (first, last), similarity in zip(sentences, likeness, strict=True)
            ),
        )


def _sentence_likeness(stored: StoredPassages, rows: NDArray[np.int64], vector: Vectors) -> list[NDArray[np.float32]]:
    """For each row the cosines of its sentences: float32 (sentences,)."""
    firsts, lasts = stored.sentence_rows[rows], stored.sentence_rows[rows + 1]
    borders = np.cumsum(lasts - firsts)
    within = np.arange(borders[-1]) - np.repeat(borders - (lasts - firsts), lasts - firsts)
    chosen = np.repeat(firsts, lasts - firsts) + within
    return np.split(stored.sentence_vectors[chosen].astype(np.float32) @ vector, borders[:-1])


def _cleaned(query: Query) -> Query:
    """A query in the Unicode that documents are stored in."""
    return replace(query, text=normalise(query.text), context=tuple(normalise(text) for text in query.context))
