"""Retrieval: a query, with what it leans on, to ranked hits.

Candidates come from the vector index (whole passages) and from BM25 (stretches); each candidate is then scored by its
best sentence, its best two in a row and its best three, by its stretch and the opening of the document, and by its
words.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from corpus.duplicates import groups
from corpus.types import Document, Span
from index.embedding import Embedder, Vectors
from index.feedback import day_of, nearness_in_time, towards
from index.filtering import admits, check_filter
from index.fusion import QUESTION, TOPIC, Scores, Voices
from index.grains import Likeness, Sentences
from index.lexical import Concept, LexicalIndex, Wanted, best_rows, terms_by_span, terms_of
from index.spellings import Spellings
from index.store import Store, StoredPassages
from index.stretches import Stretches
from index.types import Filter, Hit, Query, SentenceHit
from index.vectors import VectorIndex, cosines
from index.versions import Versions

_CANDIDATES = 300
_CONTEXT_DECAY = 0.7
_REPLY_WEIGHT = 0.25
_REPLY_CONCEPTS = 10
_EXAMPLES = 2
_Allowed = NDArray[np.bool_] | None  # which passages a filter lets through, (passages,); None for all


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """The index as it was at one generation of the library."""

    generation: int
    stored: StoredPassages
    vectors: VectorIndex
    stretches: Stretches
    sentences: Sentences
    lexical: LexicalIndex
    documents: Mapping[str, Document]
    versions: Versions
    days: NDArray[np.float32]
    frequencies: dict[frozenset[str], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """Candidates: their rows, what each voice says of them, and the cosines of the sentences of each."""

    rows: NDArray[np.int64]
    voices: Voices
    likeness: Likeness


class Retriever:
    """Searches one library. Follows what other processes index, and is safe to share between threads."""

    def __init__(self, store: Store, embedder: Embedder, spellings: Spellings) -> None:
        self._spellings = spellings
        self._store = store
        self._embedder = embedder
        self._lock = threading.Lock()
        self._current: _Snapshot | None = None

    def search(self, query: Query, k: int = 10, wanted: Filter = Filter()) -> list[Hit]:
        """The best ``k`` passages for a query, best first; none from an empty library or a filter that none passes.

        Raises:
            BadRequest: the filter has a value that can never match.
        """
        check_filter(wanted)
        query = query.cleaned()
        snapshot = self._snapshot()
        allowed = self._allowed(snapshot, wanted)
        if k < 1 or not snapshot.stored.passage_ids or (allowed is not None and not allowed.any()):
            return []
        vector = self._query_vector(snapshot, query)
        terms = self._wanted(snapshot, query)
        limit = max(_CANDIDATES, k)
        weighed, fused = self._scored(snapshot, query, vector, terms, allowed, limit)
        kept = snapshot.versions.kept(weighed.rows, fused)
        while kept.sum() < min(k, len(kept)) and limit < len(snapshot.stored.passage_ids):
            limit *= 4  # copies of one story stood in the way of others
            weighed, fused = self._scored(snapshot, query, vector, terms, allowed, limit)
            kept = snapshot.versions.kept(weighed.rows, fused)
        best = [int(i) for i in np.lexsort((weighed.rows, -fused)) if kept[i]][:k]
        return [self._hit(snapshot, weighed, i, float(fused[i]), terms) for i in best]

    def reads_well(self, text: str) -> bool:
        """Whether the embedder knows the language of a text; if not, documents are found mostly by their words."""
        return self._embedder.reads_well(text)

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
            linked = groups(self._store.library)
        stretches = Stretches.over(stored.document_ids, stored.vectors)
        return _Snapshot(
            generation,
            stored,
            VectorIndex(stored.vectors),
            stretches,
            Sentences.over(stored.sentence_vectors, stored.sentence_rows),
            LexicalIndex.build(stretches.sums(stored.counts)),
            documents,
            Versions.over(stored.document_ids, linked, documents),
            np.array([day_of(documents[number]) for number in stored.document_ids], np.float32),
        )

    def _scored(
        self,
        snapshot: _Snapshot,
        query: Query,
        vector: Vectors,
        terms: Wanted,
        allowed: _Allowed,
        limit: int,
    ) -> tuple[_Weighed, Scores]:
        """At least ``limit`` candidates by each way, where there are as many, and their scores."""
        legibility = self._embedder.legibility(query.text)
        weights = TOPIC if query.topic else QUESTION
        foreign = not self.reads_well(query.text)
        weighed = self._weighed(snapshot, vector, terms, allowed, limit, foreign)
        fused = weighed.voices.fused(weights, legibility)
        if not query.topic:
            return weighed, fused
        vector = towards(vector, _best_sentences(snapshot.stored, weighed, fused))
        weighed = self._weighed(snapshot, vector, terms, allowed, limit, foreign)
        near = nearness_in_time(snapshot.days[weighed.rows], weighed.voices.fused(weights, legibility))
        weighed = replace(weighed, voices=replace(weighed.voices, time=near))
        return weighed, weighed.voices.fused(weights, legibility)

    def _weighed(
        self, snapshot: _Snapshot, vector: Vectors, terms: Wanted, allowed: _Allowed, k: int, foreign: bool
    ) -> _Weighed:
        stored, stretch = snapshot.stored, snapshot.stretches.of_row
        lexical, names = terms.shares[stretch], terms.name_shares[stretch]
        rows = self._candidates(snapshot, vector, lexical + names, allowed, k)
        likeness = snapshot.sentences.likeness(rows, vector)
        voices = Voices(
            sentence=likeness.best_sentences,
            pair=likeness.best_pairs,
            substance=likeness.substance,
            passage=cosines(stored.vectors[rows], vector),
            opening=cosines(stored.vectors[snapshot.stretches.opening_of_row[rows]], vector),
            stretch=snapshot.stretches.likeness(rows, stored.vectors, vector),
            lexical=lexical[rows],
            names=names[rows],
            own=terms.shares_in(stored.counts[rows]) if foreign else np.zeros(len(rows), np.float32),
            time=np.zeros(len(rows), np.float32),
        )
        return _Weighed(rows, voices, likeness)

    def _allowed(self, snapshot: _Snapshot, wanted: Filter) -> _Allowed:
        if not wanted.active:
            return None
        admitted = {number for number, document in snapshot.documents.items() if admits(wanted, document)}
        return np.array([number in admitted for number in snapshot.stored.document_ids], bool)

    def _query_vector(self, snapshot: _Snapshot, query: Query) -> Vectors:
        """The question's vector plus those of the earlier questions and of the reply with it, weighted; unit length.

        Where the library writes a name otherwise, the same in its spelling counts as much.
        """
        weighted = {query.text: 1.0}
        if query.context:
            weighted[" ".join([*query.context, query.text])] = query.context_weight
        if query.reply:
            weighted[f"{query.text} {query.reply}"] = _REPLY_WEIGHT
        texts = list(weighted)
        respelled = [self._spellings.rewritten(text, self._frequency(snapshot)) for text in texts]
        if respelled == texts:
            respelled = []
        vectors = self._embedder.embed([*texts, *respelled])
        weights = np.array(list(weighted.values()), np.float32)
        vector = weights @ vectors[: len(texts)]
        if respelled:
            vector = vector + weights @ vectors[len(texts) :]
        return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-12), np.float32)

    def _frequency(self, snapshot: _Snapshot) -> Callable[[frozenset[str]], int]:
        """Counts the stretches that hold all of some terms; each is counted once for a snapshot."""

        def count(terms: frozenset[str]) -> int:
            if terms not in snapshot.frequencies:
                numbers = self._store.term_numbers(terms)
                known = len(numbers) == len(terms)
                snapshot.frequencies[terms] = len(snapshot.lexical.bearing(list(numbers.values()))[0]) if known else 0
            return snapshot.frequencies[terms]

        return count

    def _concepts(self, query: Query) -> list[Concept]:
        """What the question asks about, what the reply speaks of and, with less weight the older, what its context did.

        However much a reply says, all its concepts together count like a few.
        """
        concepts = self._spellings.concepts(query.text)
        for age, text in enumerate(reversed(query.context)):
            weight = query.context_weight * _CONTEXT_DECAY**age
            concepts.extend(replace(concept, weight=weight) for concept in self._spellings.concepts(text))
        answered = self._spellings.concepts(query.reply)
        weight = _REPLY_WEIGHT * min(1.0, _REPLY_CONCEPTS / max(1, len(answered)))
        concepts.extend(replace(concept, weight=weight) for concept in answered)
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
        allowed: _Allowed,
        k: int,
    ) -> NDArray[np.int64]:
        near = snapshot.vectors.nearest(vector, k, allowed)
        masked = shares if allowed is None else np.where(allowed, shares, 0)
        return np.union1d(near, best_rows(masked, k))

    def _hit(self, snapshot: _Snapshot, weighed: _Weighed, candidate: int, score: float, terms: Wanted) -> Hit:
        row = int(weighed.rows[candidate])
        stored = snapshot.stored
        document = snapshot.documents[stored.document_ids[row]]
        start, end = (int(border) for border in stored.spans[row])
        heading = stored.headings[row]
        pairs = stored.sentences[stored.sentence_rows[row] : stored.sentence_rows[row + 1]].tolist()
        sentences = [Span(first, last) for first, last in pairs]
        text = document.text[start:end]
        around, spoken = terms_by_span(text, [Span(span.start - start, span.end - start) for span in sentences])
        shares = terms.shares_of(spoken, around.union(terms_of(f"{document.title} {heading or ''}")))
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
            pages=tuple(page for page in document.pages if page.start < end and start < page.end),
            before=_before(snapshot, row),
            parts=weighed.voices.parts(candidate),
            ranks=weighed.voices.ranks(candidate),
            linked=snapshot.versions.linked_to(row),
            sentences=tuple(map(SentenceHit, sentences, weighed.likeness.of(candidate).tolist(), shares)),
        )


def _before(snapshot: _Snapshot, row: int) -> str:
    """The last sentence of the passage before, if it is the same document's."""
    stored = snapshot.stored
    if row == 0 or stored.document_ids[row - 1] != stored.document_ids[row] or not stored.sentence_rows[row]:
        return ""
    start, end = stored.sentences[stored.sentence_rows[row] - 1]
    return snapshot.documents[stored.document_ids[row]].text[start:end]


def _best_sentences(stored: StoredPassages, weighed: _Weighed, fused: Scores) -> Vectors:
    """The best sentence of each of the best candidates: float32 (n, dimension)."""
    best = np.argsort(-fused, kind="stable")[:_EXAMPLES]
    rows = [stored.sentence_rows[weighed.rows[i]] + int(weighed.likeness.of(i).argmax()) for i in best]
    return stored.sentence_vectors[rows].astype(np.float32)
