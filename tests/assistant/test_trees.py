"""Boosted trees: those that answering uses say what the library that fitted them says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from assistant.trees import Trees
from eval.boosted import Weights, boosted

STUMP: dict[str, Any] = {
    "roots": [0],
    "figure": [1, 0, 0],
    "limit": [0.5, 0.0, 0.0],
    "low": [1, 1, 2],
    "high": [2, 1, 2],
    "value": [0.0, -2.0, 3.0],
    "bias": 0.25,
}


@pytest.mark.parametrize(("figure", "odds"), [(0.5, -1.75), (0.6, 3.25)])
def test_a_tree_goes_by_its_limit(figure: float, odds: float) -> None:
    assert Trees.of(STUMP).odds(np.array([9.0, figure], np.float32)) == odds


def test_fitted_trees_tell_apart_what_no_line_does() -> None:
    rows = np.random.default_rng(7).normal(size=(600, 2)).astype(np.float32)
    truth = rows[:, 0] * rows[:, 1] > 0
    trees = Trees.of(boosted(rows, truth, np.ones(len(rows))))
    chances = np.array([trees.odds(row) for row in rows])
    assert np.mean((chances > 0) == truth) > 0.95


def test_what_counts_nothing_is_not_learned() -> None:
    rows = np.array([[-1.0], [1.0]] * 100, np.float32)
    truth = np.array([False, True] * 100)
    told: Weights = np.ones(200)
    turned = Trees.of(boosted(np.vstack([rows, rows]), np.concatenate([truth, ~truth]), np.r_[told, told * 0.0]))
    assert turned.odds(rows[0]) < 0 < turned.odds(rows[1])


@pytest.mark.parametrize("wrong", [{"low": [1, 1]}, {"high": [7, 1, 2]}, {"roots": [3]}, {"low": [1, 0, 2]}])
def test_what_is_no_tree_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="do not make trees"):
        Trees.of(STUMP | wrong)
