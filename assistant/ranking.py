"""Ranking: every sentence of the best passages by how likely it answers, and whether there is an answer at all.

Two logistic models over a few figures each: likeness and shared words as retrieval gives them, whether something of the
kind asked for is there, and how well each telling word of the question is met by a word of the sentence, read in its
passage: by the same word, or by the nearest one in a low and the last layer of the embedding model (soft alignment as
in BERTScore, Zhang et al. 2020, arXiv 1904.09675). `docs/answering.md` says what they were fitted on and how well.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.dated import figures_of_time
from assistant.evidence import opening_pronoun
from assistant.question_kinds import KINDS, Asked, answers_kind, asked
from assistant.types import Evidence
from index.embedding import Embedder, Tokens
from index.lexical import terms_of
from index.types import Hit

WEIGHTS = Path(__file__).parent / "ranking_weights.json"
LAYERS = (3, 6)
READ = 3  # passages
_VERSION = 1  # of what the figures mean
FIGURES = (
    *("similarity", "passage", "lexical", "hit", "stretch", "hit_lexical", "names", "rank", "kind", "length"),
    *("opens_with_pronoun", "is_question", "words", "words_around", "low", "low_around", "least_low"),
    *(
        "least_low_around",
        "last",
        "last_around",
        "least_last",
        "thing_low",
        "thing_low_around",
        "thing_last",
        "no_thing",
    ),
)
_REMEMBERED = 256  # passages
_NEUTRAL = 0.5  # how well words are met where there are none
_COMMON = 1995  # a token's number less this is about its rank by frequency in the model's vocabulary
_FIRST_PASS = {"similarity": 1.0, "passage": 0.3, "lexical": 0.4}
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Sentences, best first, each with its chance to answer as its score, and the chance that there is an answer."""

    evidence: tuple[Evidence, ...] = ()
    confidence: float = 0.0


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

    def __init__(self, embedder: Embedder, weights: Path = WEIGHTS) -> None:
        """``embedder`` is the default model, on whose vectors the weights were fitted, or one of the same network."""
        stored = json.loads(weights.read_text("utf-8"))
        self.fingerprint = hashlib.sha256(f"{_VERSION} {stored}".encode()).hexdigest()[:12]
        self._sentence, self._answer = Model.of(stored["sentence"]), Model.of(stored["answer"])
        self._embedder = embedder
        self._remembered: dict[str, Tokens] = {}
        self._lock = threading.Lock()

    def rank(self, question: str, hits: Sequence[Hit], known: Sequence[str] = ()) -> Ranked:
        """The sentences of the hits, best first; those of passages that were not read come last, by first impression.

        ``known`` are earlier questions of the conversation: what they name is no answer.
        """
        rows = sentences_of_hits(hits)
        if not rows:
            return Ranked()
        figures, read = self.figures(question, rows, known)
        odds = np.where(read, self._sentence.odds(relative(question, figures, read)), -np.inf)
        impression = first_impression(figures)
        order = np.lexsort((np.arange(len(rows)), -impression, -odds))
        scores = np.where(read, _chance(odds), 0.0)
        best = [rows[number].scored(float(scores[number])) for number in order]
        summary = answer_figures(question, rows, figures, odds, order, bool(known))
        return Ranked(tuple(best), round(float(_chance(self._answer.odds(summary))), 4))

    def figures(
        self, question: str, rows: Sequence[Row], known: Sequence[str] = ()
    ) -> tuple[Floats, NDArray[np.bool_]]:
        """The figures of each sentence, float32 (rows, figures), and whether its passage was read."""
        one = asked(question)
        earlier = frozenset(term for text in known for term in terms_of(text))
        figures = np.array([_given(one, row, earlier) for row in rows], np.float32)
        passages: list[str] = []
        for number in np.argsort(-first_impression(figures), kind="stable"):
            if len(passages) < READ and rows[number].hit.passage_id not in passages:
                passages.append(rows[number].hit.passage_id)
        read = np.array([row.hit.passage_id in passages for row in rows])
        figures[:, -len(_MET) :] = self._met(one, rows, read)
        return figures, read

    def _met(self, question: Asked, rows: Sequence[Row], read: NDArray[np.bool_]) -> Floats:
        met = np.full((len(rows), len(_MET)), _NEUTRAL, np.float32)
        chosen = [row for row, is_read in zip(rows, read, strict=True) if is_read]
        tokens = self._tokens(question.text, {row.hit.passage_id: row.hit for row in chosen})
        words = _Words.of(question, tokens[""])
        if len(words.weights):
            around = {row.hit.passage_id: terms_of(_embedded(row.hit)) for row in chosen}
            met[read] = [words.met_by(row, tokens[row.hit.passage_id], around[row.hit.passage_id]) for row in chosen]
        return met

    def _tokens(self, question: str, hits: Mapping[str, Hit]) -> dict[str, Tokens]:
        """The question's tokens under "", and those of passages, remembered where an earlier question read them."""
        with self._lock:
            new = [name for name in hits if name not in self._remembered]
            texts = [question, *(_embedded(hits[name]) for name in new)]
            read = self._embedder.read_tokens(texts, LAYERS)
            self._remembered.update({name: _unit(one) for name, one in zip(new, read[1:], strict=True)})
            found = {"": _unit(read[0]), **{name: self._remembered[name] for name in hits}}
            while len(self._remembered) > _REMEMBERED:
                self._remembered.pop(next(iter(self._remembered)))
        return found


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence of a hit: the hit, its place among the hits, and the sentence's among its own."""

    hit: Hit
    place: int
    number: int

    @property
    def quote(self) -> str:
        """The sentence."""
        span = self.hit.sentences[self.number].span
        return self.hit.text[span.start - self.hit.start : span.end - self.hit.start]

    def scored(self, score: float) -> Evidence:
        """The sentence as evidence."""
        return Evidence(self.hit, self.hit.sentences[self.number].span, self.quote, score)


def sentences_of_hits(hits: Sequence[Hit]) -> list[Row]:
    """All sentences of the hits, in order."""
    return [Row(hit, place, number) for place, hit in enumerate(hits) for number in range(len(hit.sentences))]


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
    """What tells whether there is an answer: the best sentence's figures, the best of each, its lead on others, whether
    it tells of the time asked about, and last the kind of question.
    """
    figures = figures.copy()
    figures[:, FIGURES.index("names")] = 0.0  # tells collections apart, not whether there is an answer
    finite = order[np.isfinite(odds[order])]
    lead = [odds[finite[0]] - odds[finite[min(rank, len(finite) - 1)]] for rank in (1, 4)]
    best = rows[int(finite[0])]
    others = [number for number in finite if rows[number].hit.document_id != best.hit.document_id]
    elsewhere = odds[finite[0]] - (odds[others[0]] if others else odds[finite].min())
    rest = [odds[finite[0]], *lead, elsewhere, float(later), len(question.split()) / 10]
    rest += figures_of_time(question, best.quote, best.hit.text)
    parts = [figures[finite[0]], figures[finite].max(axis=0), rest, _kind_figures(question)]
    return np.concatenate(parts).astype(np.float32)


def _given(question: Asked, row: Row, earlier: frozenset[str]) -> list[float]:
    """The figures that need no model; room for those that do."""
    sentence, parts, quote = row.hit.sentences[row.number], row.hit.parts, row.quote
    words = quote.split()
    given = [sentence.similarity, parts["passage"], sentence.lexical, row.hit.score, parts["stretch"]]
    given += [parts["lexical"], parts["names"], row.place / 10, float(answers_kind(question, quote, earlier))]
    given += [len(words) / 30, float(opening_pronoun(quote) is not None), float(quote.endswith("?"))]
    return given + [0.0] * len(_MET)


_MET = FIGURES[FIGURES.index("words") :]


@dataclass(frozen=True, slots=True)
class _Words:
    """The telling words of a question: how much each tells, float32 (words,); vectors (layers, words, dimension)."""

    terms: tuple[str, ...]
    thing: int | None
    weights: Floats
    vectors: Floats

    @classmethod
    def of(cls, question: Asked, tokens: Tokens) -> _Words:
        starts, ends = tokens.offsets[:, 0], tokens.offsets[:, 1]
        terms: list[str] = []
        weights: list[float] = []
        vectors: list[Floats] = []
        thing = None
        for number, (term, start, end) in enumerate(question.words):
            inside = np.flatnonzero((starts < end) & (ends > start) & (ends > starts))
            if len(inside):
                thing = len(terms) if number == question.thing else thing
                terms.append(term)
                weights.append(np.log1p(max(int(tokens.ids[inside[0]]) - _COMMON, 1)) + len(inside) - 1)
                vectors.append(tokens.vectors[:, inside].mean(axis=1))
        stacked = np.stack(vectors, axis=1) if vectors else np.zeros((len(LAYERS), 0, 1), np.float32)
        mass = np.array(weights, np.float32)
        return cls(tuple(terms), thing, mass / max(float(mass.sum()), 1e-6), stacked)

    def met_by(self, row: Row, tokens: Tokens, terms_around: Collection[str]) -> list[float]:
        """How well the words are met by the sentence and by its passage, whose terms are given: ``words`` and on."""
        shift = len(_prefix(row.hit)) - row.hit.start
        span = row.hit.sentences[row.number].span
        starts, ends = tokens.offsets[:, 0], tokens.offsets[:, 1]
        real = ends > starts
        inside = real & (starts < span.end + shift) & (ends > span.start + shift)
        inside = inside if inside.any() else real
        nearest = np.einsum("lqd,ltd->lqt", self.vectors, tokens.vectors)
        here, around = nearest[:, :, inside].max(axis=2), nearest[:, :, real].max(axis=2)
        spoken = terms_of(row.quote)
        same = np.array([term in spoken for term in self.terms])
        same_around = np.array([term in terms_around for term in self.terms])
        low, low_around = np.where(same, 1.0, here[0]), np.where(same_around, 1.0, around[0])
        thing = self.thing if self.thing is not None else slice(None)
        share = self.weights
        figures = [same @ share, same_around @ share, low @ share, low_around @ share, low.min(), low_around.min()]
        figures += [here[1] @ share, around[1] @ share, here[1].min()]
        figures += [np.mean(low[thing]), np.mean(low_around[thing]), np.mean(here[1][thing])]
        return [*map(float, figures), float(self.thing is None)]


def _kind_figures(question: str) -> Floats:
    return np.array([asked(question).kind == kind for kind in KINDS], np.float32)


def _prefix(hit: Hit) -> str:
    """Title and heading, as they stood before the passage when it was embedded."""
    lines = dict.fromkeys(line for line in (hit.title, hit.heading) if line)
    return "".join(f"{line}\n" for line in lines)


def _embedded(hit: Hit) -> str:
    return f"{_prefix(hit)}{hit.text}"


def _unit(tokens: Tokens) -> Tokens:
    lengths = np.linalg.norm(tokens.vectors, axis=2, keepdims=True)
    return Tokens(tokens.ids, tokens.offsets, np.asarray(tokens.vectors / np.maximum(lengths, 1e-9), np.float32))


def _chance(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-odds)), np.float32)
