"""What the benchmarks share: the texts that they run on, and times to figures."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from assistant.settings import Settings
from assistant.wiring import Wiring, wired
from corpus.schema import LIBRARY_FILE
from corpus.types import Document
from eval.measures import percentile
from eval.question_sets import DESK_QUESTIONS, read_queries, read_questions, read_rows
from eval.runner import corpus_name, desk_evaluation, evaluation

SHIPPED = "the shipped desk"


@contextmanager
def corpus_of(settings: Settings, folder: Path | None) -> Iterator[Wiring]:
    """A Footnote over the rows of a retrieval set, or over the shipped desk; what is indexed already stays so."""
    if folder is None:
        with desk_evaluation(settings) as (footnote, _):
            yield footnote
    else:
        with evaluation(settings, corpus_name(folder, "corpus.jsonl"), read_rows(folder)) as footnote:
            yield footnote


def documents_of(settings: Settings, folder: Path | None) -> list[Document]:
    """The same as documents alone."""
    if folder is not None:
        return read_rows(folder)
    with desk_evaluation(settings) as (footnote, _):
        return [replace(document, places=()) for document in footnote.library.documents()]


def questions_of(folder: Path | None) -> list[str]:
    """The last turns of its queries."""
    if folder is None:
        return [question.text for question in read_questions(DESK_QUESTIONS)]
    return [query.text for query in read_queries(folder)]


def timed(work: Callable[..., object], *arguments: object) -> float:
    """The seconds that a call takes."""
    started = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - started


def milliseconds(name: str, seconds: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    return {
        f"{name}_p50_ms": round((percentile(seconds, 50) or 0) * 1000, 2),
        f"{name}_p95_ms": round((percentile(seconds, 95) or 0) * 1000, 2),
    }


@contextmanager
def empty_footnote(settings: Settings, home: Path) -> Iterator[Wiring]:
    """A Footnote over an empty library in this home."""
    assert not (home / LIBRARY_FILE).exists()
    with wired(settings.model_copy(update={"home": home})) as footnote:
        yield footnote
