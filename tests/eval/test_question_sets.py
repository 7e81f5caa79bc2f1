"""Question sets: how the layouts are read, and what is wrong with a broken one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.types import Exchange
from corpus.errors import BadRequest
from corpus.types import Heading, Metadata
from eval.question_sets import (
    file_hash,
    read_documents,
    read_judgements,
    read_queries,
    read_questions,
    read_rows,
)
from eval.types import Question, RetrievalQuery
from index.types import Filter
from tests.eval.sets import lines
from tests.factories import write_files


def test_rows_keep_their_ids_and_metadata(tmp_path: Path) -> None:
    metadata = {"outlet": "Steppe Post", "published": "2023-05", "pages": 3}
    rows: list[dict[str, object]] = [
        {"_id": "r1", "title": "A title", "text": "Text.", "metadata": metadata},
        {"_id": "r2", "text": "More."},
    ]
    write_files(tmp_path, {"corpus.jsonl": lines(rows)})
    first, second = read_rows(tmp_path)
    assert (first.id, first.text, second.id, second.text) == ("r1", "Text.", "r2", "More.")
    assert first.metadata == Metadata(title="A title", outlet="Steppe Post", published="2023-05")
    assert second.metadata == Metadata()


def test_empty_rows_are_left_out_and_equal_rows_are_not(tmp_path: Path) -> None:
    rows = [
        {"_id": name, "title": "", "text": text}
        for name, text in zip("abcd", ["Same.", " \n", "Same.", ""], strict=True)
    ]
    write_files(tmp_path, {"corpus.jsonl": lines(rows) + "\n"})
    assert [(row.id, row.text) for row in read_rows(tmp_path)] == [("a", "Same."), ("c", "Same.")]


def test_title_that_opens_the_text_is_its_heading(tmp_path: Path) -> None:
    rows = [{"_id": "a", "title": "Head", "text": "Head\nBody."}, {"_id": "b", "title": "Head", "text": "Header."}]
    write_files(tmp_path, {"corpus.jsonl": lines(rows)})
    assert [row.headings for row in read_rows(tmp_path)] == [(Heading(0, 4, 1),), ()]


def test_queries_keep_their_history_as_exchanges(tmp_path: Path) -> None:
    history = [
        {"role": "user", "content": "Who?"},
        {"role": "assistant", "content": "He."},
        {"role": "user", "content": "When?"},
    ]
    rows: list[dict[str, object]] = [
        {"_id": "q1", "text": "Where?", "history": history, "rewrite": "Where was he?"},
        {"_id": "q2", "text": "Why?"},
    ]
    write_files(tmp_path, {"queries.jsonl": lines(rows)})
    assert read_queries(tmp_path) == [
        RetrievalQuery("q1", "Where?", "Where was he?", (Exchange("Who?", "He."), Exchange("When?"))),
        RetrievalQuery("q2", "Why?", None, ()),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_judgements_are_read_by_query(tmp_path: Path, end: str) -> None:
    table = ["query-id\tcorpus-id\tscore", "q1\ta\t2", "q2\tb\t1", "q1\tc\t0", ""]
    write_files(tmp_path, {"qrels.tsv": end.join(table)})
    assert read_judgements(tmp_path) == {"q1": {"a": 2, "c": 0}, "q2": {"b": 1}}


def test_questions_of_an_answers_set(tmp_path: Path) -> None:
    row = {
        "id": "x",
        "question": "When?",
        "history": ["Who?", {"role": "assistant", "content": "He."}],
        "answers": ["in May"],
        "documents": ["d1"],
        "answerable": True,
    }
    write_files(tmp_path, {"questions.jsonl": lines([row])})
    assert read_questions(tmp_path / "questions.jsonl") == [
        Question("x", "When?", (Exchange("Who?", "He."),), ("in May",), ("d1",), True)
    ]


def test_history_of_a_conversation_is_made_of_its_earlier_questions(tmp_path: Path) -> None:
    base = {"answers": [], "documents": [], "answerable": False, "slice": "why", "split": "test"}
    rows = [
        {"id": "a1", "conversation": "a", "question": "One?", **base},
        {
            "id": "b1",
            "conversation": "b",
            "question": "Other?",
            "filters": {"until": "2020", "kind": ["brief"]},
            **base,
        },
        {"id": "a2", "conversation": "a", "question": "Two?", **base},
        {"id": "a3", "conversation": "a", "question": "Three?", **base},
    ]
    write_files(tmp_path, {"questions.jsonl": lines(rows)})
    questions = read_questions(tmp_path / "questions.jsonl")
    asked = [[exchange.question for exchange in question.history] for question in questions]
    assert asked == [[], [], ["One?"], ["One?", "Two?"]]
    assert [question.conversation for question in questions] == ["a", "b", "a", "a"]
    assert questions[1].filter == Filter(until="2020", kind=("brief",))
    assert (questions[0].filter, questions[0].slice, questions[0].split) == (Filter(), "why", "test")


def test_documents_of_an_answers_set_keep_their_metadata(tmp_path: Path) -> None:
    rows = [
        {"id": "d1", "title": "T", "text": "Text.", "outlet": "Steppe Post", "kind": "report"},
        {"id": "d2", "text": " "},
    ]
    write_files(tmp_path, {"documents.jsonl": lines(rows)})
    (document,) = read_documents(tmp_path)
    assert (document.id, document.metadata) == ("d1", Metadata(title="T", outlet="Steppe Post", kind="report"))


def test_hash_names_the_content_of_a_file(tmp_path: Path) -> None:
    write_files(tmp_path, {"a": "same", "b": "same", "c": "other"})
    assert file_hash(tmp_path / "a") == file_hash(tmp_path / "b") != file_hash(tmp_path / "c")


READERS: list[tuple[str, Callable[[Path], object]]] = [
    ("corpus.jsonl", read_rows),
    ("queries.jsonl", read_queries),
    ("documents.jsonl", read_documents),
    ("questions.jsonl", lambda folder: read_questions(folder / "questions.jsonl")),
    ("qrels.tsv", read_judgements),
]


@pytest.mark.parametrize(("name", "read"), READERS, ids=[name for name, _ in READERS])
def test_missing_file_is_named(tmp_path: Path, name: str, read: Callable[[Path], object]) -> None:
    with pytest.raises(BadRequest, match="does not exist") as refused:
        read(tmp_path)
    assert name in refused.value.message


@pytest.mark.parametrize(("name", "read"), READERS[:-1], ids=[name for name, _ in READERS[:-1]])
@pytest.mark.parametrize("line", ["no JSON", "{}", "[]"])
def test_line_that_cannot_be_used_is_named_with_its_number(
    tmp_path: Path, name: str, read: Callable[[Path], object], line: str
) -> None:
    write_files(tmp_path, {name: f"\n{line}\n"})
    with pytest.raises(BadRequest) as refused:
        read(tmp_path)
    assert name in refused.value.message
    assert "line 2" in refused.value.message


def test_a_line_separator_within_a_string_ends_no_line(tmp_path: Path) -> None:
    write_files(tmp_path, {"documents.jsonl": '{"id": "d1", "title": "T", "text": "one\u2028two"}\n'})
    assert [document.text for document in read_documents(tmp_path)] == ["one\u2028two"]


HEADER = "query-id\tcorpus-id\tscore\n"


@pytest.mark.parametrize("table", ["q1\ta\t1\nq2\ta\t1\n", f"{HEADER}q1\ta\tgood\n", f"{HEADER}q1\n"])
def test_judgements_that_cannot_be_used_are_named(tmp_path: Path, table: str) -> None:
    write_files(tmp_path, {"qrels.tsv": table})
    with pytest.raises(BadRequest, match=r"qrels\.tsv"):
        read_judgements(tmp_path)


def test_file_that_is_no_utf8_is_named(tmp_path: Path) -> None:
    write_files(tmp_path, {"corpus.jsonl": b'{"_id": "a", "text": "\xff"}\n'})
    with pytest.raises(BadRequest, match=r"corpus\.jsonl"):
        read_rows(tmp_path)
