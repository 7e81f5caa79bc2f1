"""Logistic regression with a quadratic penalty, by L-BFGS-B (Byrd et al. 1995)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize

Bounds = Sequence[tuple[float | None, float | None]]


def fitted(
    rows: ArrayLike, truth: ArrayLike, counts: ArrayLike, penalty: float, bounds: Bounds | None = None
) -> NDArray[np.float64]:
    """The bias and then the weights, float64 (1 + figures,), for standardised rows (examples, figures).

    ``truth`` is 0 or 1 for each example and ``counts`` what it counts, 1 in all. ``bounds`` hold for the weights.
    """
    x, y, share = (np.asarray(values, np.float64) for values in (rows, truth, counts))

    def loss(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        sums = x @ values[1:] + values[0]
        errors = share * (1 / (1 + np.exp(-sums)) - y)
        value = share @ (np.logaddexp(0, sums) - y * sums) + penalty * values[1:] @ values[1:] / 2
        return float(value), np.concatenate([[errors.sum()], x.T @ errors + penalty * values[1:]])

    limits = None if bounds is None else [(None, None), *bounds]
    start = np.zeros(x.shape[1] + 1)
    return np.asarray(optimize.minimize(loss, start, jac=True, method="L-BFGS-B", bounds=limits).x)


def as_json(rows: NDArray[np.float32], truth: ArrayLike, counts: ArrayLike, penalty: float) -> dict[str, object]:
    """The same fitted to plain rows, as the JSON that `assistant.ranking.Model` reads."""
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-3
    found = fitted((rows - mean) / scale, truth, counts, penalty)
    stored = {"mean": mean, "scale": scale, "weights": found[1:]}
    return {
        **{name: [round(float(value), 5) for value in values] for name, values in stored.items()},
        "bias": round(float(found[0]), 5),
    }
