"""`footnote bench query`: a question's time beside its embedding alone and beside a plain script; vectors at scale."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy import sparse

from assistant.follow_ups import as_query
from assistant.settings import Settings
from corpus.names import all_names
from eval.benchmarks.measured import corpus_of, milliseconds, questions_of, timed
from eval.benchmarks.peer import PlainScript
from index.embedding import Vectors
from index.lexical import Concept, LexicalIndex, Wanted, best_rows
from index.spellings import Spellings
from index.vectors import VectorIndex

_HITS = 10
_CANDIDATES = 300
_CLUSTERS = 4_000
_ASKED = 50


def query_figures(settings: Settings, folder: Path | None, wanted: int) -> dict[str, float | int]:
    """Asks the first ``wanted`` questions, each in turn by its embedding alone, by Footnote, by the plain script."""
    embedding: list[float] = []
    ours: list[float] = []
    peer: list[float] = []
    with corpus_of(settings, folder) as footnote:
        retriever, embedder = footnote.retriever, footnote.embedder
        stored = footnote.store.load(embedder.name, embedder.dimension)
        texts = {document.id: document.text for document in footnote.library.documents()}
        spans = zip(stored.document_ids, stored.spans, strict=True)
        plain = PlainScript(embedder.model, [texts[name][first:last] for name, (first, last) in spans], stored.vectors)
        questions = questions_of(folder)[:wanted]
        retriever.search(as_query("ready", []), _HITS)
        for question in questions:
            query = as_query(question, [])
            embedding.append(timed(embedder.embed, [question]))
            ours.append(timed(retriever.search, query, _HITS))
            peer.append(timed(plain.search, question, _HITS))
        passages = len(stored.passage_ids)
        memory = sum(
            array.nbytes
            for array in (stored.vectors, stored.sentence_vectors, stored.sentences, stored.spans, stored.counts.data)
        )
    return {
        "passages": passages,
        "questions": len(questions),
        **milliseconds("embedding", embedding),
        **milliseconds("search", ours),
        **milliseconds("on_top", np.array(ours) - np.array(embedding)),
        **milliseconds("peer", peer),
        "ratio_to_embedding": round(float(np.median(ours) / np.median(embedding)), 3),
        "ratio_to_peer": round(float(np.median(ours) / np.median(peer)), 3),
        "bytes_per_passage": round(memory / max(passages, 1)),
    }


def scale_figures(settings: Settings, folder: Path | None, count: int, wanted: int) -> dict[str, float | int]:
    """Both indexes over ``count`` passages: synthetic vectors, and the words of the set's own again and again."""
    return {**_vector_figures(count), **_lexical_figures(settings, folder, count, wanted)}


def _lexical_figures(settings: Settings, folder: Path | None, count: int, wanted: int) -> dict[str, float | int]:
    with corpus_of(settings, folder) as footnote:
        embedder, spellings = footnote.embedder, Spellings(all_names(settings.home))
        counts = footnote.store.load(embedder.name, embedder.dimension).counts
        questions = [spellings.concepts(question) for question in questions_of(folder)[:wanted]]
        numbers = footnote.store.term_numbers({term for asked in questions for one in asked for term in one.terms})
    repeated = sparse.vstack([counts] * -(-count // counts.shape[0]), "csr")[:count]
    index = LexicalIndex.build(repeated)

    def by_words(concepts: Sequence[Concept]) -> None:
        best_rows(Wanted.of(concepts, numbers, index).shares, _CANDIDATES)

    times = [timed(by_words, concepts) for concepts in questions]
    return {
        **milliseconds("words", times),
        "lexical_bytes_per_passage": round(index.bytes / max(count, 1)),
    }


def _vector_figures(count: int, dimension: int = 384) -> dict[str, float | int]:
    """The vector index over ``count`` synthetic vectors, beside an exact search of the same.

    They lie in 4,000 Gaussian clusters, noise as large as the centres; a question is a vector with a little more noise.
    """
    vectors = _clustered(count, dimension)
    random = np.random.default_rng(1)
    asked = vectors[random.integers(0, count, _ASKED)] + 0.01 * random.standard_normal((_ASKED, dimension))
    asked = np.asarray(asked / np.linalg.norm(asked, axis=1, keepdims=True), np.float32)
    made: list[VectorIndex] = []
    building = timed(lambda: made.append(VectorIndex(vectors)))
    exact = VectorIndex(vectors, exact_up_to=count)
    ours: list[float] = []
    peer: list[float] = []
    shared: list[float] = []
    for vector in asked:
        ours.append(timed(made[0].nearest, vector, _CANDIDATES))
        peer.append(timed(exact.nearest, vector, _CANDIDATES))
        found = np.intersect1d(made[0].nearest(vector, _CANDIDATES)[:_HITS], exact.nearest(vector, _HITS))
        shared.append(len(found) / _HITS)
    return {
        "vectors": count,
        "exact": made[0].exact,
        "building_seconds": round(building, 2),
        **milliseconds("nearest", ours),
        **milliseconds("exact", peer),
        "recall@10": round(float(np.mean(shared)), 4),
    }


def _clustered(count: int, dimension: int) -> Vectors:
    random = np.random.default_rng(0)
    centres = random.standard_normal((_CLUSTERS, dimension), np.float32)
    vectors = np.empty((count, dimension), np.float32)
    for first in range(0, count, 100_000):
        part = vectors[first : first + 100_000]
        part[:] = centres[random.integers(0, _CLUSTERS, len(part))]
        part += random.standard_normal(part.shape, np.float32)
        part /= np.linalg.norm(part, axis=1, keepdims=True)
    return vectors
