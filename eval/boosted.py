"""Boosted trees by scikit-learn (Friedman 2001, 2002), as the plain numbers that `assistant.trees` reads."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import GradientBoostingClassifier

_SEED = 5
Weights = NDArray[np.float64]


def boosted(rows: NDArray[np.float32], truth: NDArray[np.bool_], counts: Weights) -> dict[str, object]:
    """Trees that tell which of the rows, float32 (examples, figures), are true; ``counts`` says what each counts."""
    model = GradientBoostingClassifier(
        n_estimators=300,
        learning_rate=0.025,
        max_leaf_nodes=16,
        max_depth=None,
        min_samples_leaf=20,
        subsample=0.6,
        max_features=0.4,
        random_state=_SEED,
    )
    model.fit(rows, truth, sample_weight=counts / counts.mean())
    stored: dict[str, list[float]] = {name: [] for name in ("roots", "figure", "limit", "low", "high", "value")}
    for tree in (one.tree_ for one in model.estimators_[:, 0]):
        first = len(stored["figure"])
        here, leaf = first + np.arange(tree.node_count), tree.children_left < 0
        stored["roots"].append(first)
        stored["figure"] += np.where(leaf, 0, tree.feature).tolist()
        stored["limit"] += [round(limit, 9) for limit in np.where(leaf, 0.0, tree.threshold).tolist()]
        stored["low"] += np.where(leaf, here, first + tree.children_left).tolist()
        stored["high"] += np.where(leaf, here, first + tree.children_right).tolist()
        values = np.where(leaf, tree.value[:, 0, 0] * model.learning_rate, 0.0)
        stored["value"] += [round(value, 6) for value in values.tolist()]
    share = float(np.average(truth, weights=counts))
    return {**stored, "bias": round(float(np.log(share / (1 - share))), 6)}
