"""Reads question sets in the layouts that `docs/evaluation.md` describes."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.types import Exchange
from corpus.errors import BadRequest
from corpus.library import content_hash
from corpus.types import METADATA_FIELDS, Document, Heading, Metadata
from eval.rows import CorpusRow, DocumentRow, QueryRow, QuestionRow, Turn, existing, read_lines
from eval.types import Question, RetrievalQuery
from index.types import Filter

DESK_QUESTIONS = Path(__file__).parent / "questions" / "desk.jsonl"


def read_rows(folder: Path) -> list[Document]:
    """The rows of a retrieval set's `corpus.jsonl` as documents; rows without text are left out."""
    rows = read_lines(folder / "corpus.jsonl", CorpusRow)
    return [_document(row.id, row.title, row.text, row.metadata or {}) for row in rows if row.text.strip()]


def read_queries(folder: Path) -> list[RetrievalQuery]:
    """The queries of a retrieval set."""
    rows = read_lines(folder / "queries.jsonl", QueryRow)
    return [RetrievalQuery(row.id, row.text, row.rewrite, _exchanges(row.history)) for row in rows]


def read_judgements(folder: Path) -> dict[str, dict[str, int]]:
    """For each query the gains of its judged rows."""
    judgements: dict[str, dict[str, int]] = {}
    path = existing(folder / "qrels.tsv")
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines, delimiter="\t"), 2):
            try:
                judgements.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
            except (KeyError, TypeError, ValueError) as error:
                what = "has no query-id, corpus-id and whole score"
                raise BadRequest(f"{str(path)!r}, line {number}, {what}", "mend the file") from error
    return judgements


def read_documents(folder: Path) -> list[Document]:
    """The documents of an answers set."""
    rows = read_lines(folder / "documents.jsonl", DocumentRow)
    return [_document(row.id, row.title, row.text, row.model_extra or {}) for row in rows if row.text.strip()]


def read_questions(path: Path) -> list[Question]:
    """The questions of an answers set. The desk's own set names its conversations, from which histories are made."""
    questions: list[Question] = []
    earlier: dict[str, list[Exchange]] = {}
    for row in read_lines(path, QuestionRow):
        conversation = earlier.setdefault(row.conversation or row.id, [])
        history = _exchanges(row.history) if row.history is not None else tuple(conversation)
        conversation.append(Exchange(row.question))
        questions.append(
            Question(
                id=row.id,
                text=row.question,
                history=history,
                answers=tuple(row.answers),
                documents=tuple(row.documents),
                answerable=row.answerable,
                filter=Filter(**row.filters.model_dump()),
                slice=row.slice,
                split=row.split,
                conversation=row.conversation,
                quotes=(row.quote,) if isinstance(row.quote, str) else tuple(row.quote or ()),
            )
        )
    return questions


def file_hash(path: Path) -> str:
    """A short name for a file's content."""
    return hashlib.sha256(existing(path).read_bytes()).hexdigest()[:12]


def _document(name: str, title: str | None, text: str, fields: Mapping[str, object]) -> Document:
    """A row as a document under its own name; a title that opens the text is its heading."""
    title = title or None
    known = {field: value for field in METADATA_FIELDS if isinstance(value := fields.get(field), str)}
    opens = title is not None and text.startswith(f"{title}\n") and len(text) > len(title) + 1
    return Document(
        id=name,
        text=text,
        content_hash=content_hash(text),
        metadata=Metadata(**{**known, "title": title}),
        headings=(Heading(0, len(title), 1),) if title and opens else (),
    )


def _exchanges(history: Sequence[Turn | str]) -> tuple[Exchange, ...]:
    """The user's earlier turns, each with what the assistant said next, if that is told."""
    exchanges: list[Exchange] = []
    for turn in history:
        if isinstance(turn, str):
            exchanges.append(Exchange(turn))
        elif turn.role == "user":
            exchanges.append(Exchange(turn.content))
        elif exchanges:
            exchanges[-1] = replace(exchanges[-1], answer=f"{exchanges[-1].answer} {turn.content}".strip())
    return tuple(exchanges)
