"""Reads question sets in the layouts that the documentation describes."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.errors import BadRequest
from corpus.library import content_hash
from corpus.types import METADATA_FIELDS, Document, Heading, Metadata
from eval.types import Question, RetrievalQuery
from index.types import Filter

DESK_QUESTIONS = Path(__file__).parent / "questions" / "desk.jsonl"


def read_rows(folder: Path) -> list[Document]:
    """The rows of a retrieval set's `corpus.jsonl` as documents; rows without text are left out."""
    return [_document(row["_id"], row) for row in _json_lines(folder / "corpus.jsonl") if row["text"].strip()]


def read_queries(folder: Path) -> list[RetrievalQuery]:
    """The queries of a retrieval set."""
    return [
        RetrievalQuery(row["_id"], row["text"], row.get("rewrite"), _user_turns(row.get("history", [])))
        for row in _json_lines(folder / "queries.jsonl")
    ]


def read_judgements(folder: Path) -> dict[str, dict[str, int]]:
    """For each query the gains of its judged rows."""
    judgements: dict[str, dict[str, int]] = {}
    path = _existing(folder / "qrels.tsv")
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            judgements.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
    return judgements


def read_documents(folder: Path) -> list[Document]:
    """The documents of an answers set."""
    return [_document(row["id"], row) for row in _json_lines(folder / "documents.jsonl") if row["text"].strip()]


def read_questions(path: Path) -> list[Question]:
    """The questions of an answers set. The desk's own set names its conversations, from which histories are made."""
    questions: list[Question] = []
    earlier: dict[str, list[str]] = {}
    for row in _json_lines(path):
        conversation = earlier.setdefault(row.get("conversation", row["id"]), [])
        history = _user_turns(row["history"]) if "history" in row else tuple(conversation)
        conversation.append(row["question"])
        questions.append(
            Question(
                id=row["id"],
                text=row["question"],
                history=history,
                answers=tuple(row["answers"]),
                documents=tuple(row["documents"]),
                answerable=row["answerable"],
                filter=Filter(**row.get("filters", {})),
                slice=row.get("slice"),
                split=row.get("split"),
            )
        )
    return questions


def file_hash(path: Path) -> str:
    """A short name for a file's content."""
    return hashlib.sha256(_existing(path).read_bytes()).hexdigest()[:12]


def _document(name: str, row: dict[str, Any]) -> Document:
    """A row as a document under its own name; a title that opens the text is its heading."""
    title, text = row.get("title") or None, row["text"]
    metadata = row.get("metadata") or row
    known = {field: metadata.get(field) for field in METADATA_FIELDS if isinstance(metadata.get(field), str)}
    opens = bool(title) and text.startswith(f"{title}\n") and len(text) > len(str(title)) + 1
    return Document(
        id=name,
        text=text,
        content_hash=content_hash(text),
        metadata=Metadata(**{**known, "title": title}),
        headings=(Heading(0, len(str(title)), 1),) if opens else (),
    )


def _user_turns(history: list[Any]) -> tuple[str, ...]:
    return tuple(
        turn if isinstance(turn, str) else turn["content"]
        for turn in history
        if isinstance(turn, str) or turn.get("role") == "user"
    )


def _json_lines(path: Path) -> Iterator[dict[str, Any]]:
    with _existing(path).open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    yield json.loads(line)
                except json.JSONDecodeError as error:
                    raise BadRequest(f"{str(path)!r}, line {number}, is no JSON ({error})", "mend the file") from error


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise BadRequest(
            f"{str(path)!r} does not exist", "name a folder in the layout that docs/evaluation.md describes"
        )
    return path
