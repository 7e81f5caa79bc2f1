"""Stretches: neighbouring passages of one document, and of no other, speak for each other."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from index.stretches import Stretches


def unit(*rows: tuple[float, float]) -> np.ndarray:
    vectors = np.array(rows, np.float32).reshape(-1, 2)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


@pytest.mark.parametrize(
    ("sizes", "stretches"),
    [
        ([1], [1]),
        ([4], [4]),
        ([5], [3, 2]),
        ([9], [3, 3, 3]),
        ([1, 2, 6], [1, 2, 3, 3]),
        ([], []),
    ],
)
def test_a_document_is_divided_evenly_into_stretches_of_four_at_the_most(
    sizes: list[int], stretches: list[int]
) -> None:
    ids = [str(number) for number, size in enumerate(sizes) for _ in range(size)]
    made = Stretches.over(ids, np.ones((len(ids), 2), np.float32))
    assert np.diff(made.borders).tolist() == stretches
    assert made.of_row.tolist() == [number for number, size in enumerate(stretches) for _ in range(size)]


def test_a_stretch_counts_the_terms_of_its_passages() -> None:
    counts = sparse.csr_matrix(np.array([[1, 0, 2], [0, 3, 1], [5, 0, 0]], np.int32))
    made = Stretches.over(["a", "a", "b"], np.ones((3, 2), np.float32))
    assert made.sums(counts).toarray().tolist() == [[1, 3, 3], [5, 0, 0]]


def test_the_likeness_of_a_stretch_is_that_of_the_mean_of_its_passages() -> None:
    vectors = unit((1, 0), (0, 1), (1, 0))
    made = Stretches.over(["a", "a", "b"], vectors)
    found = made.likeness(np.array([2, 0, 1]), vectors, np.array([1, 0], np.float32))
    assert found.tolist() == pytest.approx([1.0, 0.5**0.5, 0.5**0.5])
