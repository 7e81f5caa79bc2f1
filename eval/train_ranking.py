"""Fits the weights of the ranking, `assistant/ranking_weights.json`, in half an hour on two cores.

    python -m eval.train_ranking FOLDER   an answers set to choose on: the benchmarks' xquad-en

To be run again whenever the reader was trained (`eval.train_reader`). Of sentences, a logistic model: whether one holds
the answer, over the questions that were written for training (`eval/training`) and that the reader was not trained on.
Of questions, boosted trees: whether they are answerable, over those of the set, the desk's training questions and
the written ones; those of the set that have an answer count again as questions without one, once the passages
that hold it are taken out of the hits: near misses. Nothing is fitted to the desk's test questions nor to another set.
"""

from __future__ import annotations

import argparse
import json
import math
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import product
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from assistant.follow_ups import as_query, in_conversation
from assistant.ranking import (
    WEIGHTS,
    Model,
    answer_figures,
    best_first,
    figures_of,
    first_impression,
    relative,
)
from assistant.reader import AnswerReader
from assistant.sentence_rows import Row, sentences_of_hits
from assistant.settings import load_settings
from assistant.trees import Trees
from assistant.wiring import Wiring
from eval import train_by_words, written
from eval.boosted import boosted
from eval.calibration import PLOT, Chances, Told, plot
from eval.logistic import as_json
from eval.measures import folded
from eval.question_sets import DESK_QUESTIONS, read_documents, read_questions
from eval.runner import corpus_name, desk_evaluation, evaluation, is_right
from eval.types import Question
from index.types import Hit

_HITS = 10
_MORE_HITS = 16  # what is left of them once the answer is taken out makes up the ten
_PENALTY = 0.003
_FOLDS = 6
_EVERY = 3  # one in so many of the written questions on passages: enough, in a third of the time
_SHORT = 3  # characters: so short an answer stands in other documents by chance
# What the questions of a source count together in the model of questions, half of it those with an answer.
_SHARES = {"set": 1.0, "desk": 0.3, "library": 0.5, "texts": 0.5, "unread": 0.3, "plain": 0.2, "strange": 0.06}
_CUT = 0.2  # what a near miss of the set counts beside a question without an answer: there are fewer in use
_PLOTTED = ("set", "plain", "unread", "desk", "library", "texts")
Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Example:
    """A question: the figures of its sentences, which of them are right, and what `answer_figures` needs besides.

    ``answerable`` is False where the answer was taken out of the hits. ``source`` is one of those in `_SHARES`,
    ``document`` the name of the gold document, or else of that of the first hit.
    """

    question: Question
    document: str
    answerable: bool
    source: str
    figures: Matrix
    read: NDArray[np.bool_]
    right: NDArray[np.bool_]
    sentences: tuple[Row, ...]

    @property
    def rows(self) -> Matrix:
        """The figures of the sentences that were read, as the model takes them."""
        return relative(self.question.text, self.figures, self.read)[self.read]


class Examples:
    """Makes examples out of the hits of one Footnote. ``names`` gives a document's name in the set for its id."""

    def __init__(self, footnote: Wiring, names: Callable[[str], str]) -> None:
        self._footnote = footnote
        self._names = names

    def of(self, questions: Sequence[Question], source: str, *, cut: bool = False) -> Iterator[Example]:
        """The questions that retrieval finds anything for, in view of what would have been replied before; ``cut``
        says whether also with their answer taken out of the hits.
        """
        replies: dict[tuple[str | None, str], str] = {}
        for question in questions:
            replied = [
                replace(earlier, answer=earlier.answer or replies.get((question.conversation, earlier.question), ""))
                for earlier in question.history
            ]
            text, history = in_conversation(question.text, replied)
            asked = replace(question, text=text, history=tuple(history))
            for example in self._both(asked, source, cut):
                best = example.sentences[int(first_impression(example.figures).argmax())]
                replies.setdefault((question.conversation, question.text), best.quote)
                yield example

    def _both(self, question: Question, source: str, cut: bool) -> Iterator[Example]:
        hits = self._footnote.retriever.search(
            as_query(question.text, question.history), _MORE_HITS if cut else _HITS, question.filter
        )
        yield from self._example(question, hits[:_HITS], question.answerable, source)
        if cut and question.answerable:
            left = [hit for hit in hits if not self._tells(hit, question)][:_HITS]
            yield from self._example(question, left, False, source)

    def _tells(self, hit: Hit, question: Question) -> bool:
        own = self._names(hit.document_id) in question.documents
        return any(folded(answer) in folded(hit.text) for answer in question.answers if own or len(answer) > _SHORT)

    def _example(self, question: Question, hits: Sequence[Hit], answerable: bool, source: str) -> Iterator[Example]:
        rows = sentences_of_hits(hits)
        if rows:
            asked_before = [earlier.question for earlier in question.history]
            figures, read, _ = figures_of(self._footnote.answer_reader, question.text, rows, asked_before)
            right = np.array([is_right(question, self._names(row.hit.document_id), row.quote) for row in rows])
            [document] = question.documents[:1] or [self._names(rows[0].hit.document_id)]
            yield Example(question, document, answerable, source, figures, read, right & answerable, tuple(rows))


def fit_sentences(given: Sequence[Example]) -> dict[str, object]:
    """The logistic model of sentences, over those written for training whose answer was found and read."""
    useful = [example for example in given if example.right[example.read].any()]
    rows = np.concatenate([example.rows for example in useful])
    truth = np.concatenate([example.right[example.read] for example in useful])
    return as_json(rows, truth, np.full(len(truth), 1 / len(truth)), _PENALTY)


def counts(given: Sequence[Example]) -> NDArray[np.float64]:
    """What each question counts: even odds in every source, so that a source tells nothing of the outcome."""
    truth, sources = np.array([one.answerable for one in given]), np.array([one.source for one in given])
    cut = np.array([one.question.answerable and not one.answerable for one in given])
    found = np.where(cut, _CUT, 1.0)
    for source, outcome in product(_SHARES, (True, False)):
        some = (sources == source) & (truth == outcome)
        if some.any():
            found[some] *= _SHARES[source] / found[some].sum()
    return found


def fit_questions(given: Sequence[Example], summaries: Matrix) -> dict[str, object]:
    """The trees of questions on top of the model of sentences."""
    return boosted(summaries, np.array([example.answerable for example in given]), counts(given))


def summary(example: Example, sentence: dict[str, object]) -> Matrix:
    """What the model of questions sees of one."""
    scores = np.full(len(example.right), -np.inf, np.float32)
    scores[example.read] = Model.of(sentence).odds(example.rows)
    order = best_first(scores, example.figures)
    later = bool(example.question.history)
    return answer_figures(example.question.text, example.sentences, example.figures, scores, order, later)


def crossed(given: Sequence[Example], summaries: Matrix) -> Chances:
    """The chance of an answer to each question, float64 (examples,), by trees that were fitted on none over the same
    document.
    """
    groups = np.array([zlib.crc32(example.document.encode()) % _FOLDS for example in given])
    chances = np.zeros(len(given))
    for fold in range(_FOLDS):
        kept = groups != fold
        model = Trees.of(fit_questions([one for one, keep in zip(given, kept, strict=True) if keep], summaries[kept]))
        chances[~kept] = chances_of(model, summaries[~kept])
    return chances


def chances_of(model: Trees, summaries: Matrix) -> Chances:
    """The chance of an answer to each question: float64 (examples,)."""
    return np.array([1 / (1 + math.exp(-model.odds(row))) for row in summaries])


def by_source(given: Sequence[Example], chances: Chances) -> dict[str, Told]:
    """The chances by source; the near misses of the set apart from its questions without an answer."""
    sources, truth = np.array([one.source for one in given]), np.array([one.answerable for one in given])
    cut = np.array([one.question.answerable and not one.answerable for one in given])
    found = {
        source: Told(chances[(sources == source) & truth], chances[(sources == source) & ~truth & ~cut])
        for source in dict.fromkeys(sources.tolist())
        if source != "strange"
    }
    return found | ({"set, near misses": Told(found["set"].answerable, chances[cut])} if cut.any() else {})


def of_set(folder: Path, home: Path | None) -> list[Example]:
    """The examples of an answers set."""
    documents = read_documents(folder)
    with evaluation(load_settings(home), corpus_name(folder, "documents.jsonl"), documents) as footnote:
        return list(Examples(footnote, str).of(read_questions(folder / "questions.jsonl"), "set", cut=True))


def of_libraries(home: Path | None, libraries: Path = written.LIBRARIES) -> list[Example]:
    """The examples of small libraries such as people have, which were written for this."""
    found: list[Example] = []
    for folder in sorted(path.parent for path in libraries.glob("*/documents.jsonl")):
        documents = read_documents(folder)
        with evaluation(load_settings(home), corpus_name(folder, "documents.jsonl"), documents) as footnote:
            found += Examples(footnote, str).of(read_questions(folder / "questions.jsonl"), "library")
    return found


def of_texts(home: Path | None) -> list[Example]:
    """The examples written on texts that the reader was not trained on."""
    with evaluation(load_settings(home), written.passages_name(), written.written_passages()) as footnote:
        briefs = {report.document_id or "": Path(report.path).stem for report in footnote.indexer.index_desk()}
        left_out = [one.question for one in written.written() if written.is_left_out(one.question.documents[0])]
        return list(Examples(footnote, lambda name: briefs.get(name, name)).of(left_out[::_EVERY], "texts"))


def of_apart(home: Path | None) -> tuple[list[Example], list[Example]]:
    """Those that nothing is fitted to, on texts and on small libraries."""
    with evaluation(load_settings(home), written.apart_name(), written.apart_passages()) as footnote:
        found = list(Examples(footnote, str).of([one.question for one in written.apart()][::_EVERY], "apart"))
    return found, of_libraries(home, written.LIBRARIES_APART)


def of_desk(home: Path | None, folder: Path) -> tuple[list[Example], list[Example]]:
    """The examples written on the briefs that the reader was not trained on; and the desk's own for training, with
    questions that are strange to it: those of the set, and no words at all.
    """
    with desk_evaluation(load_settings(home)) as (footnote, names):
        examples = Examples(footnote, names.__getitem__)
        training = [question for question in read_questions(DESK_QUESTIONS) if question.split == "training"]
        on_briefs = [
            example
            for source, some in (("unread", written.unread()), ("plain", written.plain()))
            for example in examples.of([one.question for one in some], source)
        ]
        return on_briefs, [*examples.of(training, "desk"), *examples.of(written.strange(folder), "strange")]


def _readable(given: Sequence[Example]) -> list[Example]:
    """Those whose answer was read, if they have one: many of the written questions are too short to be found by among
    hundreds of texts.
    """
    return [example for example in given if not example.answerable or example.right[example.read].any()]


def main() -> None:
    """Fits and writes the weights."""
    parser = argparse.ArgumentParser(description="Fit the weights of the ranking.")
    parser.add_argument("folder", type=Path, help="an answers set")
    parser.add_argument("--home", type=Path, help="where its index lives")
    arguments = parser.parse_args()
    with ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=torch.set_num_threads, initargs=(1,)) as pool:
        on_desk, on_texts, on_libraries, on_set, by_words, on_apart = (
            pool.submit(of_desk, arguments.home, arguments.folder),
            pool.submit(of_texts, arguments.home),
            pool.submit(of_libraries, arguments.home),
            pool.submit(of_set, arguments.folder, arguments.home),
            pool.submit(train_by_words.examples, arguments.home),
            pool.submit(of_apart, arguments.home),
        )
        on_briefs, desk = on_desk.result()
        on_written = [*on_texts.result(), *on_briefs]
        given = [*on_set.result(), *on_libraries.result(), *desk]
        words, (texts_apart, libraries_apart) = by_words.result(), on_apart.result()
    sentence = fit_sentences(on_written)
    given += _readable(on_written)
    summaries = np.stack([summary(example, sentence) for example in given])
    threshold = load_settings(arguments.home).answer_threshold
    left_out = by_source(given, crossed(given, summaries))
    for source, told in left_out.items():
        print(f"{source}, left out in turn: {told.said(threshold)}")
    PLOT.write_text(plot({name: told for name, told in left_out.items() if name in _PLOTTED}), "utf-8")
    print(f"by words alone, left out in turn: {train_by_words.crossed(words, threshold)}")
    by_words_sentence, by_words_answer = train_by_words.fit_by_words(words)
    answer = fit_questions(given, summaries)
    for some in (_readable(texts_apart), libraries_apart):
        seen = np.stack([summary(example, sentence) for example in some])
        for told in by_source(some, chances_of(Trees.of(answer), seen)).values():
            print(f"apart: {told.said(threshold)}")
    stored = {
        "reader": AnswerReader().fingerprint,
        "sentence": sentence,
        "answer": answer,
        "words": {"sentence": by_words_sentence, "answer": by_words_answer},
    }
    WEIGHTS.write_text(json.dumps(stored) + "\n", "utf-8")


if __name__ == "__main__":
    main()
