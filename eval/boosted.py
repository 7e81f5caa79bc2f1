"""Boosted trees by scikit-learn (Friedman 2001; histograms as in LightGBM, Ke et al. 2017), as the plain numbers that
`assistant.trees` reads.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

_SEED = 5
Weights = NDArray[np.float64]


def boosted(rows: NDArray[np.float32], truth: NDArray[np.bool_], counts: Weights) -> dict[str, object]:
    """Trees that tell which of the rows, float32 (examples, figures), are true; ``counts`` says what each counts."""
    model = HistGradientBoostingClassifier(
        max_iter=200,
        learning_rate=0.05,
        max_leaf_nodes=16,
        min_samples_leaf=20,
        max_features=0.4,
        l2_regularization=1.0,
        early_stopping=False,
        random_state=_SEED,
    )
    model.fit(rows, truth, sample_weight=counts / counts.mean())
    stored: dict[str, list[float]] = {name: [] for name in ("roots", "figure", "limit", "low", "high", "value")}
    for nodes in (tree.nodes for [tree] in model._predictors):
        first = len(stored["figure"])
        here, leaf = first + np.arange(len(nodes)), nodes["is_leaf"].astype(bool)
        stored["roots"].append(first)
        stored["figure"] += np.where(leaf, 0, nodes["feature_idx"]).tolist()
        stored["limit"] += [round(limit, 9) for limit in np.where(leaf, 0.0, nodes["num_threshold"]).tolist()]
        stored["low"] += np.where(leaf, here, first + nodes["left"]).tolist()
        stored["high"] += np.where(leaf, here, first + nodes["right"]).tolist()
        stored["value"] += [round(value, 6) for value in np.where(leaf, nodes["value"], 0.0).tolist()]
    return {**stored, "bias": round(model._baseline_prediction.item(), 6)}
