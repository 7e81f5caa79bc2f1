"""Fits the two models that rank by words alone (`assistant/by_words.py`), for `eval.train_ranking`.

On questions in languages that the models do not read, written for this on texts in the same languages, and on the
desk's briefs, which are in English.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.by_words import figures_by_words, summary_by_words
from assistant.follow_ups import as_query
from assistant.ranking import Model
from assistant.reader import in_view
from assistant.sentence_rows import sentences_of_hits
from assistant.settings import load_settings
from assistant.wiring import Wiring
from eval.logistic import as_json
from eval.measures import auroc
from eval.runner import desk_evaluation, evaluation, is_right
from eval.types import Question
from eval.written import (
    in_other_languages,
    in_other_languages_on_briefs,
    language_passages,
    languages_name,
)

_HITS = 10
_FOLDS = 6
_PENALTY = 0.003
Matrix = NDArray[np.float32]
Stored = dict[str, object]


@dataclass(frozen=True, slots=True)
class ByWords:
    """A question as `assistant.by_words` sees it: the figures of its sentences, and which of them are right."""

    question: Question
    text: str
    figures: Matrix
    right: NDArray[np.bool_]


def examples(home: Path | None) -> list[ByWords]:
    """All questions that retrieval finds anything for."""
    with evaluation(load_settings(home), languages_name(), language_passages()) as footnote:
        found = list(_found(footnote, [one.question for one in in_other_languages()], str))
    with desk_evaluation(load_settings(home)) as (footnote, names):
        on_desk = [one.question for one in in_other_languages_on_briefs()]
        return [*found, *_found(footnote, on_desk, names.__getitem__)]


def _found(footnote: Wiring, questions: Sequence[Question], name: Callable[[str], str]) -> Iterator[ByWords]:
    for question in questions:
        rows = sentences_of_hits(footnote.retriever.search(as_query(question.text, question.history), _HITS))
        if rows and not footnote.answer_reader.reads_well(question.text):
            text = in_view(question.text, [exchange.question for exchange in question.history])
            right = np.array([is_right(question, name(row.hit.document_id), row.quote) for row in rows])
            yield ByWords(question, text, figures_by_words(text, rows), right)


def fit_by_words(given: Sequence[ByWords]) -> tuple[Stored, Stored]:
    """Both models as JSON: of sentences, and of whether the best one answers. That there is an answer somewhere is not
    enough: often words alone do not find it.
    """
    useful = [one for one in given if one.right.any()]
    rows, truth = np.concatenate([one.figures for one in useful]), np.concatenate([one.right for one in useful])
    sentence = as_json(rows, truth, np.full(len(truth), 1 / len(truth)), _PENALTY)
    best = np.array([_best(one, sentence) for one in given])
    return sentence, as_json(_summaries(given, sentence), best, np.full(len(best), 1 / len(best)), _PENALTY)


def crossed(given: Sequence[ByWords], threshold: float) -> str:
    """Each fold of the texts left out in turn: how often the right sentence is first where it was found, how well it is
    told whether the best sentence answers, and how many are answered at a threshold, how many of them rightly.
    """
    groups = np.array([sum(map(ord, one.question.documents[0])) % _FOLDS for one in given])
    chances: dict[bool, list[float]] = {True: [], False: []}
    first = list[bool]()
    for fold in range(_FOLDS):
        sentence, answer = fit_by_words([one for one, group in zip(given, groups, strict=True) if group != fold])
        left = [one for one, group in zip(given, groups, strict=True) if group == fold]
        odds = Model.of(answer).odds(_summaries(left, sentence))
        for one, chance in zip(left, (1 / (1 + np.exp(-odds))).tolist(), strict=True):
            chances[_best(one, sentence)].append(chance)
            if one.right.any():
                first.append(_best(one, sentence))
    right, wrong = (sum(chance >= threshold for chance in chances[truth]) for truth in (True, False))
    return (
        f"{len(given)} questions, the right sentence first {np.mean(first):.3f}, "
        f"AUROC {auroc(chances[True], chances[False])}, answered {right + wrong}, rightly {right}"
    )


def _best(one: ByWords, sentence: Stored) -> bool:
    """Whether the sentence that is ranked first is right."""
    return bool(one.right[int(Model.of(sentence).odds(one.figures).argmax())])


def _summaries(given: Sequence[ByWords], sentence: Stored) -> Matrix:
    model = Model.of(sentence)
    return np.stack([summary_by_words(one.text, one.figures, model.odds(one.figures)) for one in given])
