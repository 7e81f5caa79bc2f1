"""What the words alone say of a sentence, for questions in a language that the models do not read.

Their vectors and the reader's word mean nothing there, yet a question shares words with what answers it. Words count as
shared when they begin alike, which does for the endings of most languages what stemming does for a few (truncation as
in McNamee and Mayfield 2004, "Character N-Gram Tokenization for European Language Text Retrieval").
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.question_kinds import Asked, answers_kind, asked, length_of
from assistant.sentence_rows import Row
from index.lexical import ordered_terms

FIGURES = (
    *("lexical", "shared", "shared_around", "shared_passage", "hit_lexical", "names", "rank", "kind", "length"),
    "is_question",
)
_BEGINNING = 5  # letters
Floats = NDArray[np.float32]


def figures_by_words(question: str, rows: Sequence[Row]) -> Floats:
    """The figures of each sentence and the same less the best one's: float32 (rows, 2 × figures)."""
    one, wanted = asked(question), _beginnings(question)
    figures = np.array([_given(one, wanted, row) for row in rows], np.float32)
    return np.hstack([figures, figures - figures.max(axis=0)])


def summary_by_words(question: str, figures: Floats, odds: Floats) -> Floats:
    """What tells whether there is an answer: the best sentence's figures, the best of each, its lead on others, and how
    long the question is.
    """
    own = figures[:, : len(FIGURES)]
    order = np.argsort(-odds, kind="stable")
    lead = [odds[order[0]] - odds[order[min(rank, len(order) - 1)]] for rank in (1, 4)]
    rest = [odds[order[0]], *lead, length_of(question)]
    return np.concatenate([own[order[0]], own.max(axis=0), rest]).astype(np.float32)


def _given(question: Asked, wanted: Collection[str], row: Row) -> list[float]:
    sentence, hit, quote = row.hit.sentences[row.number], row.hit, row.quote
    start = hit.sentences[max(0, row.number - 1)].span.start - hit.start
    around = hit.text[start : sentence.span.end - hit.start]
    shared = [_share(wanted, text) for text in (quote, around, f"{hit.title} {hit.heading or ''} {hit.text}")]
    voices = [hit.parts["lexical"], hit.parts["names"], row.place / 10]
    rest = [float(answers_kind(question, quote)), len(quote.split()) / 30, float(quote.endswith("?"))]
    return [sentence.lexical, *shared, *voices, *rest]


def _beginnings(text: str) -> frozenset[str]:
    return frozenset(term[:_BEGINNING] for term, _, _ in ordered_terms(text))


def _share(wanted: Collection[str], text: str) -> float:
    return len(_beginnings(text).intersection(wanted)) / max(1, len(wanted))
