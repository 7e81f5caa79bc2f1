"""Statistics: how sure a difference is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_SAMPLES = 10_000


def paired_interval(ours: Sequence[float], theirs: Sequence[float], share: float = 0.95) -> tuple[float, float]:
    """The interval that holds the mean difference of paired scores, ours less theirs, with this probability.

    A percentile bootstrap over the pairs (Sakai, "Evaluating Evaluation Metrics Based on the Bootstrap", 2006) with a
    fixed seed.

    Raises:
        ValueError: the two are not of one length, or empty.
    """
    if len(ours) != len(theirs) or not ours:
        raise ValueError("nothing to compare, or not of one length")
    differences = np.subtract(ours, theirs)
    random = np.random.default_rng(0)
    means = differences[random.integers(0, len(differences), (_SAMPLES, len(differences)))].mean(axis=1)
    low, high = np.percentile(means, [50 * (1 - share), 50 * (1 + share)])
    return float(low), float(high)
