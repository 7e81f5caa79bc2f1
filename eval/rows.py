"""The rows of question sets as files hold them, checked at the edge: a wrong one is named by file and line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.errors import BadRequest


class Turn(BaseModel):
    """An earlier utterance."""

    role: str
    content: str


class CorpusRow(BaseModel):
    """A line of `corpus.jsonl`."""

    id: str = Field(alias="_id")
    title: str | None = None
    text: str
    metadata: dict[str, Any] | None = None


class QueryRow(BaseModel):
    """A line of `queries.jsonl`."""

    id: str = Field(alias="_id")
    text: str
    rewrite: str | None = None
    history: list[Turn] = []


class DocumentRow(BaseModel):
    """A line of `documents.jsonl`; further fields may be metadata."""

    model_config = ConfigDict(extra="allow")

    id: str
    title: str | None = None
    text: str


class FilterRow(BaseModel):
    """The filters of a question."""

    model_config = ConfigDict(extra="forbid")

    since: str | None = None
    until: str | None = None
    outlet: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    document_id: tuple[str, ...] = ()


class QuestionRow(BaseModel):
    """A line of `questions.jsonl`, or of the desk's questions, which name their conversation instead of a history."""

    id: str
    question: str
    history: list[Turn | str] | None = None
    conversation: str | None = None
    answers: list[str]
    documents: list[str]
    answerable: bool
    filters: FilterRow = FilterRow()
    slice: str | None = None
    split: str | None = None
    quote: str | list[str] | None = None


class WrittenQuestion(BaseModel):
    """A question of `eval/training`: ``quote`` is a fragment of the sentence that answers it, ``answer`` the words of
    it that do, None where the text does not tell, ``also`` fragments of other sentences that answer it, or the rest of
    it, ``before`` what was asked just before it. ``differ`` says whether sources of the text differ on what is asked,
    the one by ``quote``, the other by ``also``; None where nobody looked.
    """

    ask: str = Field(min_length=1)
    answer: str | None = Field(min_length=1)
    quote: str = Field(min_length=1)
    also: list[str] = []
    before: str | None = None
    differ: bool | None = None


class WrittenRow(BaseModel):
    """A line of `eval/training`: questions on a brief of the desk by its file's name, or on a text of its own."""

    document: str | None = None
    title: str = ""
    text: str = ""
    questions: list[WrittenQuestion]


class ClaimRow(BaseModel):
    """A line of `claims.jsonl`."""

    id: str
    claim: str
    evidence: list[str]
    label: str | int
    domain: str | None = None


Row = TypeVar("Row", bound=BaseModel)


def read_lines(path: Path, kind: type[Row]) -> Iterator[Row]:
    """The rows of a JSON Lines file.

    Raises:
        BadRequest: the file is not there, or a line is no JSON or no such row; the message names the line.
    """
    try:
        lines = existing(path).read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise BadRequest(f"{str(path)!r} is no UTF-8 ({error.reason})", "save it as UTF-8") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _row(path, number, line, kind)


def existing(path: Path, remedy: str = "name a folder in the layout that docs/evaluation.md describes") -> Path:
    """The path itself.

    Raises:
        BadRequest: there is no such file.
    """
    if not path.is_file():
        raise BadRequest(f"{str(path)!r} does not exist", remedy)
    return path


def _row(path: Path, number: int, line: str, kind: type[Row]) -> Row:
    try:
        return kind.model_validate(json.loads(line))
    except json.JSONDecodeError as error:
        raise BadRequest(f"{str(path)!r}, line {number}, is no JSON ({error})", "mend the file") from error
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(str(part) for part in problem["loc"]) or "it"
        raise BadRequest(f"{str(path)!r}, line {number}: {field}: {problem['msg']}", "mend the file") from error
