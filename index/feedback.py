"""Feedback: what the first hits tell about a topic, in meaning and in time.

A question has its answer in one place; a topic ("Kerch bridge attack") wants all that is on it, and its first hits
show where the rest lies.
"""

from __future__ import annotations

import math
from datetime import date

import numpy as np
from numpy.typing import NDArray

from corpus.dates import first_day
from corpus.types import Document
from index.embedding import Vectors

_WEIGHT = 0.4
_DAYS = 15.0
_WITNESSES = 10
_SHARPNESS = 0.1
_FULL_DATE = len("2023-05-17")


def towards(vector: Vectors, examples: Vectors) -> Vectors:
    """The vector moved to the mean of the examples, (n, dimension) of unit length: Rocchio (1971), positive part."""
    moved = vector + _WEIGHT * examples.mean(axis=0)
    return np.asarray(moved / max(float(np.linalg.norm(moved)), 1e-12), np.float32)


def nearness_in_time(days: NDArray[np.float32], scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """How near each candidate's day lies to those of the best, 0 to 1: float32 (candidates,).

    News on one event lies close together in time: a Gaussian kernel over the days of the ten best, each weighed by
    its score, after Efron, Lin, He and de Vries, "Temporal Feedback for Tweet Search with Non-Parametric Density
    Estimation" (2014). ``days`` are ordinals, NaN for a candidate without a full date, which gets 0.
    """
    best = np.argsort(-scores, kind="stable")[:_WITNESSES]
    weights = np.exp((scores[best] - scores[best[0]]) / _SHARPNESS)
    weights /= weights.sum()
    kernel = np.exp(-0.5 * ((days[:, np.newaxis] - days[best]) / _DAYS) ** 2)
    return np.asarray(np.nan_to_num(kernel) @ weights, np.float32)


def day_of(document: Document) -> float:
    """The day of publication as an ordinal, NaN where it is not fully known."""
    published = document.metadata.published
    return (
        float(date.fromisoformat(first_day(published)).toordinal())
        if published and len(published) >= _FULL_DATE
        else math.nan
    )
