"""The check: how well a claim is supported by the quotations that it cites, and the verdict.

A claim that stands in a quotation whole and word for word is supported. Any other is judged by its faults
(`assistant.faults`) and its likeness (`assistant.likeness`), weighed by a logistic model; `docs/answering.md` says what
it was fitted on.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from assistant.citations import stands_whole_in
from assistant.faults import Fault, contradictions_of, missing_in
from assistant.likeness import Reading, coverage, figures_of
from assistant.types import Verdict
from assistant.words import OPPOSITES, TABLE
from index.embedding import Embedder
from index.lexical import terms_of
from index.sentences import split_sentences
from index.spellings import Spellings

WEIGHTS = Path(__file__).parent / "check_weights.json"
_VERSION = 2  # of the rules
MISSING_KINDS = ("number", "date", "unit", "name")
CONTRADICTIONS = ("negation", "opposite")
SUPPORTED_FROM, WEAK_FROM = 0.5, 0.25  # even odds, and one in four
_DOUBT = 1.0  # what a contradiction takes off the logarithm of the odds
_FEW = 4
_MOST_FAULTS = 3  # of a kind that count
_MOST_READ = 48  # sentences that are read, those that share most with the claim
_MOST_USED = 8
_REMEMBERED = 512  # sentences


@dataclass(frozen=True, slots=True)
class Weights:
    """The fitted model: a weight for each figure."""

    figures: Mapping[str, float]
    bias: float

    @classmethod
    def read(cls, path: Path = WEIGHTS) -> Weights:
        """The weights that Footnote ships."""
        return cls(**json.loads(path.read_text("utf-8")))

    def judge(self, figures: Mapping[str, float], sentences: int) -> tuple[float, Verdict]:
        """The score and the verdict for a claim's figures over so many sentences.

        What is borne nowhere makes a claim unsupported. So does a contradiction of one of few sentences; among many,
        where a word may well be negated here and not there, it only counts against the claim.
        """
        if "borne" not in figures:
            return 0.0, "unsupported"
        contradicted = any(figures[f"fault_{kind}"] for kind in CONTRADICTIONS)
        total = self.bias + sum(self.figures.get(name, 0.0) * value for name, value in figures.items())
        score = float(1 / (1 + np.exp(_DOUBT * contradicted - total)))
        if any(figures[f"nowhere_{kind}"] for kind in MISSING_KINDS) or (contradicted and sentences <= _FEW):
            score *= WEAK_FROM
        score = round(score, 4)  # the model's last digits depend on what it reads in one batch
        return score, "supported" if score >= SUPPORTED_FROM else "weak" if score >= WEAK_FROM else "unsupported"


class Checker:
    """Checks claims. Safe to share between threads."""

    def __init__(self, embedder: Embedder, names: Spellings, weights: Weights | None = None) -> None:
        """``embedder`` is the default model: the weights were fitted on its vectors."""
        self._embedder = embedder
        self._names = names
        self._weights = weights or Weights.read()
        self._remembered: dict[str, Reading] = {}
        self._lock = threading.Lock()

    @cached_property
    def fingerprint(self) -> str:
        """Names what the score depends on: the rules, the weights, the tables of words and the names."""
        rules = f"{_VERSION} {self._names.fingerprint}".encode()
        files = (path.read_bytes() for path in (WEIGHTS, TABLE, OPPOSITES))
        return hashlib.sha256(b"".join([rules, *files])).hexdigest()[:12]

    def check(self, claim: str, quotes: Sequence[str]) -> tuple[float, Verdict]:
        """How well quotations support a claim, 0 to 1, and the verdict. A quotation may be longer than a sentence."""
        if any(stands_whole_in(claim, quote) for quote in quotes):
            return 1.0, "supported"
        sentences = self.selected(claim, quotes)
        return self._weights.judge(self.figures(claim, sentences, "\n".join(quotes)), len(sentences))

    def figures(self, claim: str, sentences: Sequence[str], everything: str) -> dict[str, float]:
        """What the score is made of, over the sentences that are chosen out of everything that is cited."""
        one, *others = self._readings([claim, *sentences])
        chosen = "\n".join(sentences)
        return {
            **_counted("fault", MISSING_KINDS, missing_in(claim, chosen, self._names)),
            **_counted("nowhere", MISSING_KINDS, missing_in(claim, everything, self._names)),
            **_counted("fault", CONTRADICTIONS, contradictions_of(claim, sentences)),
            **figures_of(one, others),
        }

    def selected(self, claim: str, quotes: Sequence[str]) -> list[str]:
        """The few sentences of the quotations that the claim may rest on, in their order."""
        sentences = list(
            dict.fromkeys(text[span.start : span.end] for text in quotes for span in split_sentences(text))
        )
        if len(sentences) <= _MOST_USED:
            return sentences
        (reading,) = self._readings([claim])
        words = [frozenset(terms_of(sentence)) for sentence in sentences]
        shares = coverage(reading, words)
        near = sorted(np.argsort(-shares, kind="stable")[:_MOST_READ].tolist())
        likeness = [float(one.mean @ reading.mean) for one in self._readings([sentences[place] for place in near])]
        scores = {place: shares[place] + alike for place, alike in zip(near, likeness, strict=True)}
        return [sentences[place] for place in _chosen(reading, words, scores)]

    def ranked(self, claim: str, sentences: Sequence[str]) -> list[str]:
        """Sentences by how well each alone supports a claim, by words and likeness together, the best first."""
        one, *others = self._readings([claim, *sentences])
        shares = coverage(one, [frozenset(other.terms) for other in others])
        scores = [share + float(other.mean @ one.mean) for share, other in zip(shares, others, strict=True)]
        return [sentences[place] for place in np.argsort(scores)[::-1]]

    def _readings(self, texts: Sequence[str]) -> list[Reading]:
        """The texts as the model reads them: those that are not remembered in one pass."""
        with self._lock:
            new = [text for text in dict.fromkeys(texts) if text not in self._remembered]
            for text, tokens in zip(new, self._embedder.read_tokens(new), strict=True):
                self._remembered[text] = Reading.of(text, tokens)
            readings = [self._remembered[text] for text in texts]
            while len(self._remembered) > _REMEMBERED:
                self._remembered.pop(next(iter(self._remembered)))
        return readings


def _counted(what: str, kinds: Sequence[str], faults: Sequence[Fault]) -> dict[str, float]:
    found = [fault.kind for fault in faults]
    return {f"{what}_{kind}": float(min(sum(kind == other for other in found), _MOST_FAULTS)) for kind in kinds}


def _chosen(claim: Reading, words: Sequence[frozenset[str]], scores: dict[int, float]) -> list[int]:
    """Half of them the best, half those that bear most of what the others leave."""
    ranked = sorted(scores, key=lambda place: -scores[place])
    chosen, rest = ranked[: _MOST_USED // 2], ranked[_MOST_USED // 2 :]
    weight = dict(zip(claim.terms, (claim.weights / claim.weights.sum()).tolist(), strict=True))
    left = set(weight).difference(*(words[place] for place in chosen))
    while rest and len(chosen) < _MOST_USED:
        best = max(rest, key=lambda place: sum(weight[term] for term in left & words[place]) + scores[place] / 2)
        rest.remove(best)
        chosen.append(best)
        left -= words[best]
    return sorted(chosen)
