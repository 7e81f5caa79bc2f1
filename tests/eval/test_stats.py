"""Intervals tell a real difference from chance."""

from __future__ import annotations

import numpy as np
import pytest

from eval.stats import paired_interval


def test_a_real_difference_lies_wholly_above_nothing() -> None:
    random = np.random.default_rng(5)
    theirs = random.random(300)
    low, high = paired_interval((theirs + 0.1 + 0.05 * random.standard_normal(300)).tolist(), theirs.tolist())
    assert 0.08 < low < 0.1 < high < 0.12


def test_chance_alone_has_nothing_within_its_interval() -> None:
    random = np.random.default_rng(6)
    low, high = paired_interval(random.random(300).tolist(), random.random(300).tolist())
    assert low < 0 < high


def test_the_interval_is_the_same_each_time() -> None:
    pair = [0.1, 0.5, 0.9], [0.2, 0.4, 0.3]
    assert paired_interval(*pair) == paired_interval(*pair)


@pytest.mark.parametrize(("ours", "theirs"), [([], []), ([1.0], []), ([1.0], [1.0, 2.0])])
def test_only_pairs_can_be_compared(ours: list[float], theirs: list[float]) -> None:
    with pytest.raises(ValueError, match="of one length"):
        paired_interval(ours, theirs)
