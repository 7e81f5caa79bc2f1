"""The desk's own questions: sound in themselves, and true to the briefs."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

import pytest

from corpus.intake import desk_sources, load, read_source
from eval.measures import folded
from eval.question_sets import DESK_QUESTIONS, read_questions
from index.filtering import admits, check_filter
from index.types import Filter
from tests.factories import document

ROWS: list[dict[str, Any]] = [json.loads(line) for line in DESK_QUESTIONS.read_text("utf-8").splitlines()]
ANSWERABLE = [row for row in ROWS if row["answerable"]]
UNANSWERABLE = [row for row in ROWS if not row["answerable"]]


@pytest.fixture(scope="module")
def briefs() -> dict[str, str]:
    """The stored text of each brief, by its name."""
    return {source.path.stem: read_source(source, load(source)[0]).extracted.text for source in desk_sources()}


def quotes_of(row: dict[str, Any]) -> list[str]:
    """The gold quotes of a question: one, or one for each document."""
    return row["quote"] if isinstance(row["quote"], list) else [row["quote"]]


def test_there_are_enough_questions() -> None:
    assert len(ROWS) >= 200
    assert len(UNANSWERABLE) >= 80
    assert sum(row["near"] for row in UNANSWERABLE) >= 0.75 * len(UNANSWERABLE)


def test_the_test_questions_alone_are_enough_to_tell_both_sides_apart() -> None:
    assert sum(row["split"] == "test" for row in ANSWERABLE) >= 80
    assert sum(row["split"] == "test" for row in UNANSWERABLE) >= 80


def test_ids_are_unique() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS)


def test_no_opening_question_is_asked_twice() -> None:
    opening = [folded(row["question"]) for row in ROWS if row["turn"] == 1]
    assert len(set(opening)) == len(opening)


def test_conversations_lie_whole_in_training_or_test() -> None:
    splits: dict[str, set[str]] = defaultdict(set)
    for row in ROWS:
        splits[row["conversation"]].add(row["split"])
    assert {name: split for name, split in splits.items() if len(split) > 1} == {}
    assert set.union(*splits.values()) == {"training", "test"}


def test_turns_of_a_conversation_are_numbered_in_order() -> None:
    turns: dict[str, list[int]] = defaultdict(list)
    for row in ROWS:
        turns[row["conversation"]].append(row["turn"])
    assert {name: seen for name, seen in turns.items() if seen != list(range(1, len(seen) + 1))} == {}


def test_every_gold_quote_stands_in_a_named_brief(briefs: dict[str, str]) -> None:
    lost = [
        (row["id"], quote)
        for row in ANSWERABLE
        for quote in quotes_of(row)
        if not any(quote in briefs[name] for name in row["documents"])
    ]
    assert lost == []


def test_every_gold_answer_stands_in_a_named_brief(briefs: dict[str, str]) -> None:
    lost = [
        (row["id"], answer)
        for row in ANSWERABLE
        for answer in row["answers"]
        if not any(folded(answer) in folded(briefs[name]) for name in row["documents"])
    ]
    assert lost == []


def test_every_named_brief_holds_an_answer(briefs: dict[str, str]) -> None:
    idle = [
        (row["id"], name)
        for row in ANSWERABLE
        for name in row["documents"]
        if not any(folded(answer) in folded(briefs[name]) for answer in row["answers"])
    ]
    assert idle == []


def test_some_gold_quote_holds_a_gold_answer() -> None:
    unheld = [
        row["id"]
        for row in ANSWERABLE
        if not any(folded(answer) in folded(quote) for quote in quotes_of(row) for answer in row["answers"])
    ]
    assert unheld == []


def test_answerable_questions_name_answers_and_briefs() -> None:
    assert [row["id"] for row in ANSWERABLE if not row["answers"] or not row["documents"]] == []


def test_unanswerable_questions_name_none_and_say_why() -> None:
    gold = [row["id"] for row in UNANSWERABLE if row["answers"] or row["documents"] or row["quote"]]
    silent = [row["id"] for row in UNANSWERABLE if not row["why"].strip()]
    assert (gold, silent) == ([], [])


def test_filters_let_the_gold_briefs_pass() -> None:
    published = {source.path.stem: read_source(source, load(source)[0]).metadata.published for source in desk_sources()}
    barred = []
    for row in ANSWERABLE:
        wanted = Filter(**row.get("filters", {}))
        check_filter(wanted)
        dated = [document("x", published=published[name] or "") for name in row["documents"]]
        barred += [row["id"] for brief in dated if not admits(wanted, brief)]
    assert barred == []


def test_every_question_is_read() -> None:
    questions = read_questions(DESK_QUESTIONS)
    assert [question.id for question in questions] == [row["id"] for row in ROWS]
    assert [len(question.history) for question in questions] == [row["turn"] - 1 for row in ROWS]
