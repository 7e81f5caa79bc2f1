"""Measures against values computed by hand."""

from __future__ import annotations

import math

import pytest

from eval.measures import auroc, folded, mean, ndcg_at, percentile, recall_at, reciprocal_rank_at

GAINS = {"a": 2, "b": 1, "c": 0}


@pytest.mark.parametrize(
    ("k", "ranking", "value"),
    [
        (10, ["a", "b"], 1.0),
        (10, ["b", "a"], (1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3))),
        (10, ["c", "x", "a"], (2 / 2) / (2 + 1 / math.log2(3))),
        (1, ["b", "a"], 0.5),
        (1, ["a"], 1.0),
        (2, ["c", "x", "a", "b"], 0.0),
        (10, [], 0.0),
        (10, ["x", "y"], 0.0),
    ],
)
def test_ndcg_has_linear_gains_and_an_ideal_cut_at_k(k: int, ranking: list[str], value: float) -> None:
    assert ndcg_at(k, ranking, GAINS) == pytest.approx(value)


def test_ndcg_of_graded_example() -> None:
    assert ndcg_at(10, ["b", "a"], GAINS) == pytest.approx(0.8597, abs=5e-5)


@pytest.mark.parametrize(
    ("k", "ranking", "value"),
    [(10, ["a", "b"], 1.0), (1, ["a", "b"], 0.5), (10, ["c", "b"], 0.5), (10, ["c"], 0.0), (10, [], 0.0)],
)
def test_recall_is_the_share_of_relevant_rows(k: int, ranking: list[str], value: float) -> None:
    assert recall_at(k, ranking, GAINS) == value


@pytest.mark.parametrize(
    ("k", "ranking", "value"),
    [(10, ["b", "a"], 1.0), (10, ["c", "x", "a", "b"], 1 / 3), (2, ["c", "x", "a"], 0.0), (10, [], 0.0)],
)
def test_reciprocal_rank_is_that_of_the_first_relevant_row(k: int, ranking: list[str], value: float) -> None:
    assert reciprocal_rank_at(k, ranking, GAINS) == pytest.approx(value)


@pytest.mark.parametrize("gains", [{}, {"a": 0}])
def test_question_with_nothing_relevant_scores_zero(gains: dict[str, int]) -> None:
    measured = [measure(10, ["a"], gains) for measure in (ndcg_at, recall_at, reciprocal_rank_at)]
    assert measured == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("positive", "negative", "value"),
    [
        ([3.0, 2.0], [1.0, 0.0], 1.0),
        ([0.0], [1.0], 0.0),
        ([1.0], [1.0], 0.5),
        ([3.0, 2.0], [2.0, 1.0], 3.5 / 4),
        ([0.9, 0.4, 0.4], [0.4, 0.1], 5 / 6),
        ([1.0, float("-inf")], [0.0], 0.5),
        ([], [1.0], None),
        ([1.0], [], None),
        ([], [], None),
    ],
)
def test_auroc_is_the_chance_that_a_positive_is_above(
    positive: list[float], negative: list[float], value: float | None
) -> None:
    assert auroc(positive, negative) == (value if value is None else pytest.approx(value))


def test_mean_and_percentile() -> None:
    assert (mean([1.0, 2.0, 6.0]), mean([])) == (3.0, None)
    assert (percentile([40.0, 10.0, 30.0, 20.0], 50), percentile([10.0, 20.0, 30.0, 40.0], 95)) == (25.0, 38.5)
    assert (percentile([7.0], 95), percentile([], 50)) == (7.0, None)


@pytest.mark.parametrize(
    ("text", "value"),
    [(" On\n 4\tMay ", "on 4 may"), ("STRASSE straße", "strasse strasse"), ("\u00a0x", "x"), ("", "")],
)
def test_folding_takes_case_and_white_space(text: str, value: str) -> None:
    assert folded(text) == value
