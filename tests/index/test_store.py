"""The store: passages with their vectors as they were put, and nothing that belongs to no passage."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.wiring import Wiring
from corpus.errors import OtherIndex
from corpus.types import Span
from index.embedding import Embedder
from index.settings import IndexSettings
from index.store import Store, passage_id
from index.types import Passage
from tests.factories import document

PASSAGE = Passage("d1", 10, 32, "It rained. It stopped.", "Weather", 6, (Span(10, 20), Span(21, 32)), "News\n")


def rows(footnote: Wiring, table: str) -> int:
    with footnote.library.reading() as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_an_empty_store_loads_as_empty_arrays(footnote: Wiring, embedder: Embedder) -> None:
    stored = footnote.store.load(embedder.name, embedder.dimension)
    assert (stored.spans.tolist(), stored.passage_ids, stored.document_ids) == ([], [], [])
    assert (stored.vectors.shape, stored.sentence_vectors.shape) == ((0, 384), (0, 384))
    assert (stored.sentence_rows.tolist(), stored.counts.shape) == ([0], (0, 0))
    assert (footnote.store.count(), footnote.store.unindexed(), footnote.store.spans()) == (0, [], [])


def test_passages_load_with_the_vectors_that_were_put(footnote: Wiring, embedder: Embedder) -> None:
    texts = ["It rained. It stopped.", "Bread costs two manats.", "The army left. Nobody saw it. It was dark."]
    footnote.indexer.add_documents([document(text, id=f"d{number}") for number, text in enumerate(texts)])
    stored = footnote.store.load(embedder.name, embedder.dimension)
    assert stored.document_ids == ["d0", "d1", "d2"]
    assert stored.sentence_rows.tolist() == [0, 2, 3, 6]
    assert (stored.vectors.dtype.name, stored.sentence_vectors.dtype.name) == ("float32", "float16")
    np.testing.assert_allclose(np.linalg.norm(stored.vectors, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(stored.vectors, embedder.embed(texts), atol=2e-3)


def test_a_passage_is_loaded_with_its_span_and_sentences(footnote: Wiring, embedder: Embedder) -> None:
    footnote.indexer.add_documents([document("It rained. It stopped.")])
    stored = footnote.store.load(embedder.name, embedder.dimension)
    assert (stored.spans.tolist(), stored.headings, stored.sentences.tolist()) == (
        [[0, 22]],
        [None],
        [[0, 10], [11, 22]],
    )


def test_terms_have_numbers_once_a_passage_holds_them(footnote: Wiring) -> None:
    footnote.indexer.add_documents([document("The river is long.")])
    assert set(footnote.store.term_numbers(["river", "zebra", ""])) == {"river"}


def test_the_generation_grows_when_passages_come_and_go(footnote: Wiring) -> None:
    generations = [footnote.store.generation()]
    for text in ("It rained.", "It snowed."):
        footnote.indexer.add_documents([document(text)])
        generations.append(footnote.store.generation())
    footnote.library.remove("d1")
    generations.append(footnote.store.generation())
    assert generations == sorted(set(generations))
    assert generations[0] == 0


def test_vectors_stay_while_a_passage_needs_them(footnote: Wiring) -> None:
    footnote.indexer.add_documents([document("It rained.", id="d1"), document("It rained.", id="d2")])
    assert rows(footnote, "embeddings") == 1
    footnote.library.remove("d1")
    assert (rows(footnote, "embeddings"), footnote.store.without_embedding()) == (1, 0)
    footnote.library.remove("d2")
    assert (rows(footnote, "embeddings"), rows(footnote, "passages")) == (0, 0)


def test_a_new_version_leaves_none_of_the_old_vectors(footnote: Wiring) -> None:
    footnote.indexer.add_documents([document("It rained.")])
    footnote.indexer.add_documents([document("It snowed.")])
    assert (rows(footnote, "embeddings"), rows(footnote, "passages")) == (1, 1)


def test_a_document_without_passages_is_known_as_a_gap(footnote: Wiring) -> None:
    footnote.library.put(document("It rained."))
    assert footnote.store.unindexed() == ["d1"]
    footnote.indexer.fill_gaps()
    assert (footnote.store.unindexed(), footnote.store.count()) == ([], 1)


def test_the_same_settings_claim_a_library_again_and_again(footnote: Wiring) -> None:
    for _ in range(3):
        Store(footnote.library).claim(IndexSettings())


def test_other_settings_are_refused_and_change_nothing(footnote: Wiring) -> None:
    store = Store(footnote.library)
    store.claim(IndexSettings())
    for _ in range(2):
        with pytest.raises(OtherIndex, match="footnote index --rebuild"):
            store.claim(IndexSettings(passage_tokens=99))
    store.claim(IndexSettings())


def test_a_passage_id_lives_as_long_as_its_place_its_words_and_the_settings() -> None:
    facts = ("d1", 10, 32, "It rained. It stopped.", "fingerprint")
    assert passage_id(*facts) == passage_id(*facts)
    others = [
        passage_id("d2", *facts[1:]),
        passage_id("d1", 9, *facts[2:]),
        passage_id("d1", 10, 33, *facts[3:]),
        passage_id("d1", 10, 32, "It rained. It snowed!!", "fingerprint"),
        passage_id("d1", 10, 32, "It rained. It stopped.", "another"),
    ]
    assert len({passage_id(*facts), *others}) == 6
