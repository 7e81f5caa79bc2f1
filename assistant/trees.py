"""Boosted regression trees (Friedman 2001, "Greedy function approximation"), as `eval.train_ranking` fits them.

Kept as plain numbers, so that answering needs neither the library that fitted them nor a pickle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Trees:
    """The logarithm of odds as a sum over trees, all their nodes in one row.

    ``roots`` are the nodes to begin at, (trees,); the others (nodes,). From a node it goes on to ``low`` where the
    figure of number ``figure`` is at most ``limit``, else to ``high``; a leaf leads to itself and adds its ``value``.
    """

    roots: NDArray[np.int64]
    figure: NDArray[np.int64]
    limit: NDArray[np.float64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    value: NDArray[np.float64]
    bias: float

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Trees:
        """From its JSON.

        Raises:
            KeyError, TypeError, ValueError: it is not such.
        """
        roots, figure, low, high = (np.array(stored[name], np.int64) for name in ("roots", "figure", "low", "high"))
        limit, value = (np.array(stored[name], np.float64) for name in ("limit", "value"))
        here, count = np.arange(len(figure)), len(figure)
        whole = len(limit) == len(low) == len(high) == len(value) == count and roots.max() < count
        if not whole or (low < here).any() or (high < here).any() or max(low.max(), high.max()) >= count:
            raise ValueError("the nodes do not make trees")
        return cls(roots, figure, limit, low, high, value, float(stored["bias"]))

    def odds(self, figures: NDArray[np.float32]) -> float:
        """The logarithm of the odds for one row of figures, float32 (figures,)."""
        at = self.roots
        while True:
            onward = np.where(figures[self.figure[at]] <= self.limit[at], self.low[at], self.high[at])
            if np.array_equal(onward, at):
                return self.bias + float(self.value[at].sum())
            at = onward
