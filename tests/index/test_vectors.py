"""The vector index: FAISS agrees with an exact search by numpy, filtered or not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from index.embedding import Embedder, Vectors
from index.vectors import VectorIndex

PLACES = "Baku Tbilisi Yerevan Kyiv Minsk Chisinau Moscow Astana Tashkent Bishkek Dushanbe Ashgabat".split()
TOPICS = "gas war peace bread elections floods railways gold wheat press".split()


@pytest.fixture(scope="module")
def vectors(embedder: Embedder) -> Vectors:
    """A hundred and twenty vectors of short texts."""
    return embedder.embed([f"News of {topic} from {place}" for place in PLACES for topic in TOPICS])


@pytest.fixture(scope="module")
def questions(embedder: Embedder) -> Vectors:
    return embedder.embed(["Who sells gas?", "elections in Minsk", "река", ""])


def exactly(vectors: Vectors, vector: Vectors, k: int, allowed: NDArray[np.bool_] | None = None) -> Vectors:
    """The similarities of the nearest rows, best first, by sorting them all."""
    scores = vectors @ vector if allowed is None else (vectors @ vector)[allowed]
    return np.sort(scores)[::-1][:k]


@pytest.mark.parametrize("k", [1, 7, 119, 120])
def test_the_nearest_are_those_of_an_exact_search(vectors: Vectors, questions: Vectors, k: int) -> None:
    index = VectorIndex(vectors)
    for question in questions:
        found = index.nearest(question, k)
        assert len(set(found.tolist())) == k
        np.testing.assert_allclose(vectors[found] @ question, exactly(vectors, question, k), atol=1e-5)


@pytest.mark.parametrize("allowed", [[0], [119], [3, 4, 5], range(1, 120, 2), range(8, 16), range(120)])
@pytest.mark.parametrize("k", [1, 5, 120])
def test_filtered_it_is_an_exact_search_of_the_allowed(
    vectors: Vectors, questions: Vectors, allowed: Sequence[int], k: int
) -> None:
    mask = np.isin(np.arange(120), list(allowed))
    for question in questions:
        found = VectorIndex(vectors).nearest(question, k, mask)
        assert len(set(found.tolist())) == min(k, len(allowed))
        assert set(found.tolist()) <= set(allowed)
        np.testing.assert_allclose(vectors[found] @ question, exactly(vectors, question, k, mask), atol=1e-5)


def test_no_more_are_found_than_there_are(vectors: Vectors, questions: Vectors) -> None:
    assert sorted(VectorIndex(vectors[:3]).nearest(questions[0], 1000).tolist()) == [0, 1, 2]


def test_a_vector_is_nearest_to_itself(vectors: Vectors) -> None:
    index = VectorIndex(vectors)
    assert [index.nearest(vector, 1).tolist() for vector in vectors] == [[row] for row in range(120)]


def test_where_none_is_allowed_none_is_found(vectors: Vectors, questions: Vectors) -> None:
    assert VectorIndex(vectors).nearest(questions[0], 5, np.zeros(120, np.bool_)).tolist() == []


@pytest.mark.parametrize("k", [0, 1, 10])
def test_an_empty_index_finds_nothing(questions: Vectors, k: int) -> None:
    empty = VectorIndex(np.zeros((0, questions.shape[1]), np.float32))
    assert empty.nearest(questions[0], k).tolist() == []
    assert empty.nearest(questions[0], k, np.zeros(0, np.bool_)).tolist() == []


def test_equal_rows_are_all_found(vectors: Vectors) -> None:
    equal = np.repeat(vectors[:1], 50, axis=0)
    assert sorted(VectorIndex(equal).nearest(vectors[0], 50).tolist()) == list(range(50))


@pytest.fixture(scope="module")
def many() -> Vectors:
    """Two thousand vectors in clusters."""
    random = np.random.default_rng(7)
    made = random.standard_normal((40, 384))[random.integers(0, 40, 2000)] + random.standard_normal((2000, 384))
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), np.float32)


def test_beyond_the_size_for_exact_search_nearly_all_of_the_nearest_are_found(many: Vectors) -> None:
    index = VectorIndex(many, exact_up_to=1000)
    assert (index.exact, VectorIndex(many, exact_up_to=2000).exact) == (False, True)
    exact = VectorIndex(many)
    shared = [len(np.intersect1d(index.nearest(row, 10), exact.nearest(row, 10))) for row in many[:50]]
    assert np.mean(shared) >= 9.7


@pytest.mark.parametrize("share", [0.02, 0.5])
def test_filtered_a_large_index_is_exact(many: Vectors, share: float) -> None:
    mask = np.random.default_rng(3).random(2000) < share
    index, exact = VectorIndex(many, exact_up_to=1000), VectorIndex(many)
    for row in many[:20]:
        assert index.nearest(row, 30, mask).tolist() == exact.nearest(row, 30, mask).tolist()


def test_a_large_index_asked_for_more_than_it_has_gives_all(many: Vectors) -> None:
    assert sorted(VectorIndex(many, exact_up_to=1000).nearest(many[0], 5000).tolist()) == list(range(2000))


def test_a_search_leaves_what_follows_its_threads(vectors: Vectors, questions: Vectors) -> None:
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        VectorIndex(vectors).nearest(questions[0], 3)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
