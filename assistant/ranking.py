"""Ranking: every sentence of the best passages by how likely it answers, and whether there is an answer at all.

A logistic model of sentences and boosted trees of questions, over a few figures each: likeness and shared words as
retrieval gives them, whether something of the kind asked for is there, and what the reader says, which reads the
question together with the best passages. `docs/answering.md` says what they were fitted on and how well.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.by_words import figures_by_words, summary_by_words
from assistant.citations import stands_in, without_markers
from assistant.dated import figures_of_time
from assistant.evidence import opening_pronoun
from assistant.follow_ups import leans
from assistant.question_kinds import KINDS, Asked, answers_kind, asked, length_of
from assistant.reader import AnswerReader, in_view
from assistant.sentence_rows import Row, sentences_of_hits
from assistant.trees import Trees
from assistant.types import Evidence, Exchange
from corpus.errors import ModelUnavailable
from index.lexical import terms_of
from index.types import Hit

WEIGHTS = Path(__file__).parent / "ranking_weights.json"
READ = 4  # passages
_VERSION = 5  # of what the figures mean
FIGURES = (
    *("similarity", "passage", "lexical", "hit", "stretch", "hit_lexical", "names", "rank", "kind", "length"),
    *("opens_with_pronoun", "is_question", "told"),
)
_SURE = 8.0  # by the logarithm of the odds: what the reader says beyond it counts no more
_JUST_TOLD = 2.0  # taken off the logarithm of the odds
_FIRST_PASS = {"similarity": 1.0, "passage": 0.3, "lexical": 0.4}
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Sentences, best first, each with its chance to answer as its score, and the chance that there is an answer."""

    evidence: tuple[Evidence, ...] = ()
    confidence: float = 0.0


def with_parts(whole: Ranked, parts: Sequence[Ranked]) -> Ranked:
    """The ranking for a question with what was found for parts of it in front: the best sentence of each counts as the
    best of all.
    """
    best = [part.evidence[0] for part in parts if part.evidence]
    if not best:
        return whole
    top = max(evidence.score for evidence in [*best, *whole.evidence[:1]])
    leading = {(evidence.hit.document_id, evidence.span.start): replace(evidence, score=top) for evidence in best}
    rest = [one for one in whole.evidence if (one.hit.document_id, one.span.start) not in leading]
    confidence = max(ranked.confidence for ranked in [whole, *parts])
    return Ranked((*leading.values(), *rest), confidence)


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic model over standardised figures: float32 (figures,) each."""

    mean: Floats
    scale: Floats
    weights: Floats
    bias: float

    @classmethod
    def of(cls, stored: Mapping[str, object]) -> Model:
        """From its JSON."""
        mean, scale, weights = (np.array(stored[name], np.float32) for name in ("mean", "scale", "weights"))
        return cls(mean, scale, weights, float(str(stored["bias"])))

    def odds(self, figures: Floats) -> Floats:
        """The logarithm of the odds for each row of figures: float32 (rows,)."""
        return np.asarray((figures - self.mean) / self.scale @ self.weights + self.bias, np.float32)


class Ranker:
    """Ranks sentences for questions. Safe to share between threads."""

    def __init__(self, reader: AnswerReader, weights: Path = WEIGHTS) -> None:
        """``weights`` are those that were fitted on what this reader says.

        Raises:
            ModelUnavailable: the weights are missing or broken.
        """
        try:
            stored = json.loads(weights.read_text("utf-8"))
            self._sentence, self._answer = Model.of(stored["sentence"]), Trees.of(stored["answer"])
            self._words = Model.of(stored["words"]["sentence"]), Model.of(stored["words"]["answer"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            reason = f"the weights of the ranking in {str(weights)!r} cannot be used ({error})"
            raise ModelUnavailable(reason, "install Footnote anew") from error
        self._weights = f"{_VERSION} {stored}"
        self._reader = reader

    @property
    def fingerprint(self) -> str:
        """Names all weights."""
        return hashlib.sha256(f"{self._weights} {self._reader.fingerprint}".encode()).hexdigest()[:12]

    def rank(
        self, question: str, hits: Sequence[Hit], history: Sequence[Exchange] = (), part_of: str | None = None
    ) -> Ranked:
        """The sentences of the hits, best first; those that were not read come last, by first impression.

        What earlier questions name is no answer, and what was just replied seldom is the answer to a question that
        goes on from it. A question may be a part of another, which is read before it where it needs that.
        One in a language that the reader does not read is answered by words alone.

        Raises:
            ModelUnavailable: the reader cannot be loaded.
        """
        known = [exchange.question for exchange in history]
        rows = sentences_of_hits(hits)
        if not rows:
            return Ranked()
        before = [*known, in_view(part_of, known)] if part_of else known
        if not self._reader.reads_well(question):
            return self._by_words(in_view(question, before), rows)
        figures, read, sides = figures_of(self._reader, question, rows, before)
        odds = np.where(read, self._sentence.odds(relative(question, figures, read)), -np.inf)
        order = best_first(odds, figures)
        summary = answer_figures(question, rows, figures, odds, order, bool(known))
        if history and leans(question):
            told = [stands_in(without_markers(row.quote), history[-1].answer) for row in rows]
            odds = odds - np.array(told, np.float32) * _JUST_TOLD
            order = best_first(odds, figures)
        scores = np.where(read, _chance(odds), 0.0)
        best = [rows[number].scored(float(scores[number]), float(sides[number])) for number in order]
        return Ranked(tuple(best), round(1 / (1 + math.exp(-self._answer.odds(summary))), 4))

    def _by_words(self, question: str, rows: Sequence[Row]) -> Ranked:
        sentence, answer = self._words
        figures = figures_by_words(question, rows)
        odds = sentence.odds(figures)
        best = [rows[number].scored(float(_chance(odds[number]))) for number in np.argsort(-odds, kind="stable")]
        return Ranked(tuple(best), round(float(_chance(answer.odds(summary_by_words(question, figures, odds)))), 4))


def figures_of(
    reader: AnswerReader, question: str, rows: Sequence[Row], known: Sequence[str] = ()
) -> tuple[Floats, NDArray[np.bool_], Floats]:
    """The figures of each sentence, float32 (rows, figures), whether it was read, which at least one was, and its
    chance to be one side of a dispute, float32 (rows,). ``known`` are the questions before it.

    Raises:
        ModelUnavailable: the reader cannot be loaded.
    """
    one = asked(question)
    earlier = frozenset(term for text in known for term in terms_of(text))
    figures = np.array([_given(one, row, earlier) for row in rows], np.float32)
    hits: dict[str, Hit] = {}
    for number in np.argsort(-first_impression(figures), kind="stable"):
        if len(hits) < READ:
            hits.setdefault(rows[number].hit.passage_id, rows[number].hit)
    told = dict(zip(hits, reader.read(in_view(question, known), list(hits.values())), strict=True))
    odds, sides = np.full(len(rows), -np.inf, np.float32), np.zeros(len(rows), np.float32)
    for number, row in enumerate(rows):
        if of_hit := told.get(row.hit.passage_id):
            odds[number], sides[number] = of_hit.odds[row.number], of_hit.sides[row.number]
    figures[:, -1] = np.clip(odds, -_SURE, _SURE)
    read = np.isfinite(odds)
    return figures, read if read.any() else np.array([row.hit.passage_id in told for row in rows]), sides


def first_impression(figures: Floats) -> Floats:
    """What retrieval alone says of each sentence: float32 (rows,)."""
    return np.asarray(sum(weight * figures[:, FIGURES.index(name)] for name, weight in _FIRST_PASS.items()), np.float32)


def relative(question: str, figures: Floats, read: NDArray[np.bool_]) -> Floats:
    """The figures, the same less the best of those read, and the kind of question: float32 (rows, …)."""
    best = figures[read].max(axis=0)
    return np.hstack([figures, figures - best, np.tile(_kind_figures(question), (len(figures), 1))])


def answer_figures(
    question: str, rows: Sequence[Row], figures: Floats, odds: Floats, order: NDArray[np.int64], later: bool
) -> Floats:
    """What tells whether there is an answer: the best sentence's figures, the best of each, its lead on others, what
    the reader says of each passage, and whether the best tells of the time asked about. Not the kind of question:
    which kinds are answered is a fact about a set.
    """
    figures = figures.copy()
    figures[:, FIGURES.index("names")] = 0.0  # tells collections apart, not whether there is an answer
    finite = order[np.isfinite(odds[order])]
    lead = [odds[finite[0]] - odds[finite[min(rank, len(finite) - 1)]] for rank in (1, 4)]
    best = rows[int(finite[0])]
    others = [number for number in finite if rows[number].hit.document_id != best.hit.document_id]
    elsewhere = odds[finite[0]] - (odds[others[0]] if others else odds[finite].min())
    rest = [odds[finite[0]], *lead, elsewhere, float(later), length_of(question)]
    rest += figures_of_time(question, best.quote, best.hit.text) + _by_passage(rows, figures, finite)
    parts = [figures[finite[0]], figures[finite].max(axis=0), rest]
    return np.concatenate(parts).astype(np.float32)


def _by_passage(rows: Sequence[Row], figures: Floats, read: NDArray[np.int64]) -> list[float]:
    """The best that the reader says in each passage: the lead of the first on the second, the mean, the least."""
    best: dict[str, float] = {}
    for number in read:
        passage, odds = rows[int(number)].hit.passage_id, float(figures[number, FIGURES.index("told")])
        best[passage] = max(odds, best.get(passage, -_SURE))
    told = sorted(best.values(), reverse=True)
    return [told[0] - told[min(1, len(told) - 1)], sum(told) / len(told), told[-1]]


def best_first(odds: Floats, figures: Floats) -> NDArray[np.int64]:
    """The order of the rows by odds, then by first impression, then as they stand."""
    return np.lexsort((np.arange(len(odds)), -first_impression(figures), -odds))


def _given(question: Asked, row: Row, earlier: frozenset[str]) -> list[float]:
    """The figures that need no model, and what stands for a sentence that was not read."""
    sentence, parts, quote = row.hit.sentences[row.number], row.hit.parts, row.quote
    words = quote.split()
    given = [sentence.similarity, parts["passage"], sentence.lexical, row.hit.score, parts["stretch"]]
    given += [parts["lexical"], parts["names"], row.place / 10, float(answers_kind(question, quote, earlier))]
    given += [len(words) / 30, float(opening_pronoun(quote) is not None), float(quote.endswith("?"))]
    return [*given, -_SURE]


def _kind_figures(question: str) -> Floats:
    return np.array([asked(question).kind == kind for kind in KINDS], np.float32)


def _chance(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-odds)), np.float32)
