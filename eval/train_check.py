"""Fits the weights of the check, `assistant/check_weights.json`, in a few minutes on one core.

    python -m eval.train_check FOLDER     the set claims-summedits (salesforce/factualNLG, Apache-2.0)

Trained on the seven domains other than news: their claims, and their true claims once more with the one, two or four
sentences taken away that support them best, which makes them unsupported. The signs of all weights are given, so that
nothing is learned that holds in this collection alone; choices were made by leaving each domain out in turn and on
claims-wice, which nothing is trained on.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.check import WEIGHTS, Checker, Weights
from corpus.names import shipped_names
from eval.claims import POSITIVE, read_claims
from eval.logistic import fitted
from eval.measures import auroc, mean
from index.embedding import Embedder
from index.spellings import Spellings

HELD_OUT = "news"
_TAKEN_AWAY = (1, 2, 4)
_PENALTY = 0.03
_WEIGHT_OF_MADE = 0.6
_GROWS = "borne cosine three_cosines same kin numbers_borne likeness".split()
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """A claim's figures over so many sentences, whether it is supported, its domain, whether it was made of another.

    A made one has had sentences taken away.
    """

    figures: dict[str, float]
    sentences: int
    supported: bool
    domain: str
    made: bool = False


def examples(checker: Checker, folder: Path) -> list[Example]:
    """All training examples."""
    found: list[Example] = []
    for row in read_claims(folder):
        if row.domain == HELD_OUT or row.domain is None:
            continue
        everything = "\n".join(row.evidence)
        sentences = checker.selected(row.claim, row.evidence)
        supported = row.label in POSITIVE
        figures = checker.figures(row.claim, sentences, everything)
        found.append(Example(figures, len(sentences), supported, row.domain))
        ranked = checker.ranked(row.claim, sentences) if supported else []
        for count in (count for count in _TAKEN_AWAY if count < len(ranked)):
            left, less = [one for one in sentences if one not in ranked[:count]], everything
            for sentence in ranked[:count]:
                less = less.replace(sentence, " ")
            figures = checker.figures(row.claim, left, less)
            found.append(Example(figures, len(left), False, row.domain, made=True))
    return found


def fit(given: Sequence[Example]) -> Weights:
    """Logistic regression with weights of given signs."""
    names = sorted({name for example in given for name in example.figures})
    rows = np.array([[example.figures.get(name, 0.0) for name in names] for example in given])
    truth = np.array([float(example.supported) for example in given])
    counts = np.array([_WEIGHT_OF_MADE if example.made else 1.0 for example in given])
    counts[truth == 1] *= counts[truth == 0].sum() / counts[truth == 1].sum()  # so that 0.5 means even odds
    middle = np.average(rows, axis=0, weights=counts)
    spread = np.sqrt(np.average((rows - middle) ** 2, axis=0, weights=counts)) + 1e-9
    bounds = [(0.0, None) if name in _GROWS else (None, 0.0) for name in names]
    found = fitted((rows - middle) / spread, truth, counts / counts.sum(), _PENALTY, bounds)
    slopes = found[1:] / spread
    return Weights(dict(zip(names, slopes.tolist(), strict=True)), float(found[0] - slopes @ middle))


def left_out(given: Sequence[Example]) -> dict[str, float]:
    """For each domain the AUROC of a model that was fitted on the others."""
    figures: dict[str, float] = {}
    for domain in sorted({example.domain for example in given}):
        model = fit([example for example in given if example.domain != domain])
        tried = [example for example in given if example.domain == domain and not example.made]
        scores = [(example.supported, model.judge(example.figures, example.sentences)[0]) for example in tried]
        parts = [[score for true, score in scores if true is wanted] for wanted in (True, False)]
        figures[domain] = auroc(*parts) or 0.0
    return figures


def main() -> None:
    """Fits and writes the weights."""
    parser = argparse.ArgumentParser(description="Fit the weights of the check.")
    parser.add_argument("folder", type=Path, help="the claims set")
    checker = Checker(Embedder(), Spellings(shipped_names()), Weights({}, 0.0))
    given = examples(checker, parser.parse_args().folder)
    domains = left_out(given)
    print(f"{len(given)} examples; each domain left out: {domains}; mean {mean([*domains.values()]):.4f}")
    weights = fit(given)
    figures = {name: round(value, 5) for name, value in sorted(weights.figures.items()) if round(value, 5)}
    WEIGHTS.write_text(json.dumps({"figures": figures, "bias": round(weights.bias, 5)}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
