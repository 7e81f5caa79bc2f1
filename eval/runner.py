"""Runs: question sets over indexes of their own, kept in the home and reused while nothing changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from assistant.engine import Assistant, Trial
from assistant.follow_ups import as_query
from assistant.settings import Settings
from assistant.wiring import Wiring, wired
from corpus.intake import desk_sources
from corpus.schema import LIBRARY_FILE
from corpus.types import Document
from eval.measures import folded
from eval.question_sets import file_hash
from eval.types import Outcome, Question, RetrievalQuery
from index.types import Hit, Query

_BATCH = 64
Progress = Callable[[str, int, int], None]


@contextmanager
def evaluation(
    settings: Settings, name: str, documents: Sequence[Document], progress: Progress | None = None
) -> Iterator[Wiring]:
    """A Footnote over these documents, in `HOME/eval/<name>-<fingerprint>`; what is there already is not read again."""
    with _at(settings, name) as footnote:
        known = {document.id for document in footnote.library.documents()}
        missing = [document for document in documents if document.id not in known]
        for first in range(0, len(missing), _BATCH):
            if progress:
                progress("indexing", first, len(missing))
            footnote.indexer.add_documents(missing[first : first + _BATCH])
        yield footnote


@contextmanager
def desk_evaluation(settings: Settings) -> Iterator[tuple[Wiring, dict[str, str]]]:
    """A Footnote over the shipped desk alone, and the brief's name for each document id."""
    with _at(settings, "desk") as footnote:
        places = {source.place for source in desk_sources()}
        for document in footnote.library.documents():
            if not places.intersection(document.places):
                footnote.library.remove(document.id)
        reports = list(footnote.indexer.index_desk())
        yield footnote, {report.document_id or "": Path(report.path).stem for report in reports}


@contextmanager
def _at(settings: Settings, name: str) -> Iterator[Wiring]:
    """A Footnote in a home of its own; vectors that the user's library or an earlier index has are not made anew."""
    home = settings.home / "eval" / f"{name}-{settings.index.fingerprint}"
    others = [settings.home, *(settings.home / "eval").glob(f"{name}-*")]
    lenders = [other / LIBRARY_FILE for other in others if other != home and (other / LIBRARY_FILE).is_file()]
    with wired(settings.model_copy(update={"home": home}), lenders) as footnote:
        yield footnote


def rank_rows(footnote: Wiring, query: RetrievalQuery, form: str, depth: int) -> tuple[list[tuple[str, float]], float]:
    """The best ``depth`` rows with the score of their best passage; equals rank by name. And the milliseconds that a
    search takes for as many passages as a question is answered from.
    """
    asked = _as_asked(query, form)
    started = time.perf_counter()
    footnote.retriever.search(asked)
    milliseconds = (time.perf_counter() - started) * 1000
    passages = 3 * depth
    hits = footnote.retriever.search(asked, passages)
    ranked = _by_row(hits)
    while len(hits) == passages and (len(ranked) <= depth or ranked[depth - 1][1] <= _even(hits[-1].score)):
        passages *= 4
        hits = footnote.retriever.search(asked, passages)
        ranked = _by_row(hits)
    return ranked[:depth], milliseconds


def _by_row(hits: Sequence[Hit]) -> list[tuple[str, float]]:
    best: dict[str, float] = {}
    for hit in hits:
        best[hit.document_id] = max(_even(hit.score), best.get(hit.document_id, _even(hit.score)))
    return sorted(best.items(), key=lambda row: (-row[1], row[0]))


def _even(score: float) -> float:
    """A score without the last digits, in which equal rows may differ by the order of additions."""
    return round(score, 5)


def _as_asked(query: RetrievalQuery, form: str) -> Query:
    if form == "rewrite":
        return as_query(query.rewrite or query.text, [])
    return as_query(query.text, query.history if form == "history" else [])


def trials(assistant: Assistant, questions: Iterable[Question]) -> Iterator[tuple[Question, Trial, float]]:
    """Asks each question in view of its history, with what was answered to earlier ones of its conversation; and the
    milliseconds that it took.
    """
    given: dict[tuple[str | None, str], str] = {}
    for question in questions:
        history = [
            replace(earlier, answer=earlier.answer or given.get((question.conversation, earlier.question), ""))
            for earlier in question.history
        ]
        started = time.perf_counter()
        trial = assistant.try_out(question.text, history, question.filter)
        milliseconds = (time.perf_counter() - started) * 1000
        given[question.conversation, question.text] = " ".join(claim.text for claim in trial.answer.claims)
        yield question, trial, milliseconds


def answer_questions(
    assistant: Assistant, questions: Iterable[Question], names: Callable[[str], str]
) -> Iterator[Outcome]:
    """What comes of each question. ``names`` gives a document's name in the set for its id."""
    for question, trial, milliseconds in trials(assistant, questions):
        ranks = (
            rank
            for rank, evidence in enumerate(trial.ranked.evidence, 1)
            if is_right(question, names(evidence.hit.document_id), evidence.quote)
        )
        citations = trial.answer.citations
        yield Outcome(
            question=question,
            hit_rank=next(ranks, None),
            answered=trial.answer.answered,
            answer_hit=any(is_right(question, names(cited.document_id), cited.quote) for cited in citations),
            quotes=len(citations),
            words=sum(len(cited.quote.split()) for cited in citations),
            right_citations=sum(names(cited.document_id) in question.documents for cited in citations),
            confidence=trial.ranked.confidence,
            milliseconds=milliseconds,
        )


def is_right(question: Question, document: str, quote: str) -> bool:
    held = folded(quote)
    return document in question.documents and any(folded(answer) in held for answer in question.answers)


def corpus_name(folder: Path, file: str) -> str:
    """The name of a set's index: the hash of its corpus file."""
    return file_hash(folder / file)
