"""Fits the weights of the ranking, `assistant/ranking_weights.json`, in a few minutes on two cores.

    python -m eval.train_ranking FOLDER   an answers set to choose on: the benchmarks' xquad-en

Two logistic models with a quadratic penalty. Of sentences: whether one holds a gold answer, over the answerable
questions of the set and of the desk's training questions. Of questions: whether they are answerable, over both with
all their questions. Nothing is fitted to the desk's test questions nor to any other set.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.follow_ups import as_query
from assistant.question_kinds import KINDS
from assistant.ranking import (
    WEIGHTS,
    Model,
    Ranker,
    Row,
    answer_figures,
    first_impression,
    relative,
    sentences_of_hits,
)
from assistant.settings import load_settings
from assistant.wiring import Wiring
from eval.logistic import fitted
from eval.measures import auroc
from eval.question_sets import DESK_QUESTIONS, read_documents, read_questions
from eval.runner import corpus_name, desk_evaluation, evaluation, is_right
from eval.types import Question

_HITS = 10
_PENALTY = 0.003
_FOLDS = 5
_DESK = 0.5  # what a question of the desk counts: they are worded to be hard, as few that are really asked are
_KINDS = 0.3  # how freely the kind of question decides whether there is an answer: sets differ in what they ask for
Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Example:
    """A question: the figures of its sentences, which of them are right, and what `answer_figures` needs besides."""

    question: Question
    figures: Matrix
    read: NDArray[np.bool_]
    right: NDArray[np.bool_]
    sentences: tuple[Row, ...]

    @property
    def rows(self) -> Matrix:
        """The figures of the sentences that were read, as the model takes them."""
        return relative(self.question.text, self.figures, self.read)[self.read]


def examples(
    footnote: Wiring, ranker: Ranker, questions: Sequence[Question], names: Callable[[str], str]
) -> Iterator[Example]:
    """The questions that retrieval finds anything for."""
    replies: dict[tuple[str | None, str], str] = {}
    for question in questions:
        history = [
            replace(earlier, answer=replies.get((question.conversation, earlier.question), earlier.answer))
            for earlier in question.history
        ]
        hits = footnote.retriever.search(as_query(question.text, history), _HITS, question.filter)
        rows = sentences_of_hits(hits)
        if rows:
            figures, read = ranker.figures(question.text, rows, [earlier.question for earlier in history])
            right = np.array([is_right(question, names(row.hit.document_id), row.quote) for row in rows])
            replies[question.conversation, question.text] = rows[int(first_impression(figures).argmax())].quote
            yield Example(question, figures, read, right, tuple(rows))


def fit(
    rows: Matrix, truth: NDArray[np.bool_], counts: NDArray[np.float64] | None = None, *, kinds: float = 1.0
) -> dict[str, object]:
    """Logistic regression; the examples count alike where nothing else is said. ``kinds`` below 1 holds back the last
    figures, the kind of question.
    """
    counts = np.ones(len(truth)) if counts is None else counts
    counts = counts / counts.sum()
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-3
    scale[-len(KINDS) :] /= kinds
    found = fitted((rows - mean) / scale, truth, counts, _PENALTY)
    stored = {"mean": mean, "scale": scale, "weights": found[1:]}
    return {
        **{name: [round(float(value), 5) for value in values] for name, values in stored.items()},
        "bias": round(float(found[0]), 5),
    }


def fit_both(given: Sequence[Example]) -> dict[str, dict[str, object]]:
    """The model of sentences and, on top of it, that of questions, even odds for both outcomes."""
    useful = [example for example in given if example.right[example.read].any()]
    sentence = fit(
        np.concatenate([example.rows for example in useful]),
        np.concatenate([example.right[example.read] for example in useful]),
    )
    truth = np.array([example.question.answerable for example in given])
    shares = np.array([_DESK if example.question.split else 1.0 for example in given])
    counts = shares * np.where(truth, 1 / shares[truth].sum(), 1 / shares[~truth].sum())
    answer = fit(np.stack([summary(example, sentence) for example in given]), truth, counts, kinds=_KINDS)
    return {"sentence": sentence, "answer": answer}


def odds(model: dict[str, object], rows: Matrix) -> Matrix:
    """As `assistant.ranking.Model.odds`."""
    return Model.of(model).odds(rows)


def summary(example: Example, sentence: dict[str, object]) -> Matrix:
    """What the model of questions sees of one."""
    scores = np.full(len(example.right), -np.inf, np.float32)
    scores[example.read] = odds(sentence, example.rows)
    order = np.lexsort((-first_impression(example.figures), -scores))
    later = bool(example.question.history)
    return answer_figures(example.question.text, example.sentences, example.figures, scores, order, later)


def left_out(given: Sequence[Example]) -> tuple[float, float]:
    """The share of answerable questions whose first sentence is right and the AUROC of answering, each fold left out.

    Questions over one document are in one fold.
    """
    groups = [hash_of(example) % _FOLDS for example in given]
    first: list[bool] = []
    chances: dict[bool, list[float]] = {True: [], False: []}
    for fold in range(_FOLDS):
        models = fit_both([example for example, group in zip(given, groups, strict=True) if group != fold])
        for example in (example for example, group in zip(given, groups, strict=True) if group == fold):
            figures = summary(example, models["sentence"])
            chances[example.question.answerable].append(float(odds(models["answer"], figures[np.newaxis])[0]))
            if example.question.answerable:
                first.append(bool(example.right[example.read][odds(models["sentence"], example.rows).argmax()]))
    return sum(first) / len(first), auroc(chances[True], chances[False]) or 0.0


def hash_of(example: Example) -> int:
    """A number that questions over the same document share."""
    return sum(map(ord, (example.question.documents or (example.sentences[0].hit.document_id,))[0]))


def main() -> None:
    """Fits and writes the weights."""
    parser = argparse.ArgumentParser(description="Fit the weights of the ranking.")
    parser.add_argument("folder", type=Path, help="an answers set")
    parser.add_argument("--home", type=Path, help="where its index lives")
    arguments = parser.parse_args()
    settings = load_settings(arguments.home)
    with evaluation(
        settings, corpus_name(arguments.folder, "documents.jsonl"), _silent, read_documents(arguments.folder)
    ) as footnote:
        ranker = footnote.ranker
        given = list(examples(footnote, ranker, read_questions(arguments.folder / "questions.jsonl"), str))
    with desk_evaluation(settings) as (footnote, names):
        questions = [question for question in read_questions(DESK_QUESTIONS) if question.split == "training"]
        given += examples(footnote, ranker, questions, names.__getitem__)
    first, area = left_out(given)
    print(f"{len(given)} questions; left out in turn: first sentence right {first:.4f}, AUROC of answering {area:.4f}")
    WEIGHTS.write_text(json.dumps(fit_both(given)) + "\n", "utf-8")


def _silent(doing: str, done: int, total: int) -> None:
    """Nothing is shown."""


if __name__ == "__main__":
    main()
