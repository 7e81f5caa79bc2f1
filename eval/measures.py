"""Measures, each printed by its own name. Scores per question first, means second."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from scipy import stats


def ndcg_at(k: int, ranking: Sequence[str], gains: Mapping[str, int]) -> float:
    """nDCG@k with linear gains (Järvelin and Kekäläinen 2002); 0 where nothing is relevant."""
    ideal = _dcg(sorted(gains.values(), reverse=True)[:k])
    return _dcg([gains.get(row, 0) for row in ranking[:k]]) / ideal if ideal else 0.0


def recall_at(k: int, ranking: Sequence[str], gains: Mapping[str, int]) -> float:
    """The share of relevant rows among the first k."""
    relevant = {row for row, gain in gains.items() if gain > 0}
    return len(relevant.intersection(ranking[:k])) / len(relevant) if relevant else 0.0


def reciprocal_rank_at(k: int, ranking: Sequence[str], gains: Mapping[str, int]) -> float:
    """One over the rank of the first relevant row among the first k, or 0."""
    return next((1 / rank for rank, row in enumerate(ranking[:k], 1) if gains.get(row, 0) > 0), 0.0)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """The chance that a positive scores above a negative, ties half; None where either is missing."""
    if not positive or not negative:
        return None
    ranks = stats.rankdata([*positive, *negative])[: len(positive)]
    above = float(ranks.sum()) - len(positive) * (len(positive) + 1) / 2
    return above / (len(positive) * len(negative))


def mean(values: Sequence[float]) -> float | None:
    """The mean, or None of nothing."""
    return float(np.mean(values)) if len(values) else None


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value that ``share`` percent stay below, or None of nothing."""
    return float(np.percentile(values, share)) if len(values) else None


def folded(text: str) -> str:
    """A text with case and white space folded, as gold answers are compared."""
    return " ".join(text.casefold().split())


def _dcg(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))
