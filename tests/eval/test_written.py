"""The questions written for training stand on their texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corpus.intake import DESK
from eval.measures import folded
from eval.question_sets import DESK_QUESTIONS, read_documents, read_questions
from eval.written import (
    LIBRARIES,
    LIBRARIES_APART,
    Written,
    apart,
    apart_passages,
    in_other_languages,
    in_other_languages_on_briefs,
    is_left_out,
    language_passages,
    plain,
    unread,
    written,
    written_passages,
)


def test_every_quote_stands_in_its_text_and_every_answer_in_its_quote() -> None:
    passages = [*written_passages(), *language_passages(), *apart_passages()]
    texts = {document.id: folded(document.text) for document in passages}
    texts |= {path.stem: folded(path.read_text("utf-8")) for path in DESK.glob("*.md")}
    found = [*written(), *unread(), *plain(), *apart(), *in_other_languages(), *in_other_languages_on_briefs()]
    assert len(found) == len({one.question.id for one in found}) > 60_000
    for one in found:
        [document] = one.question.documents
        assert all(folded(quote) in texts[document] for quote in one.quotes), one
        assert one.answer is None or folded(one.answer) in folded(one.quotes[0]), one
        assert one.question.answerable == (one.answer is not None)


@pytest.mark.parametrize("questions", [written, unread, plain, apart, in_other_languages, in_other_languages_on_briefs])
def test_about_half_have_no_answer(questions: Callable[[], Iterator[Written]]) -> None:
    answers = [one.answer for one in questions()]
    assert 0.4 < answers.count(None) / len(answers) < 0.6


def test_the_reader_is_trained_on_none_that_tell_how_far_to_trust_it() -> None:
    trained_on = {(folded(one.question.text), one.question.history) for one in written()}
    assert not [one for one in [*unread(), *plain()] if (folded(one.question.text), one.question.history) in trained_on]


def test_none_is_a_question_of_the_desk() -> None:
    desk = {folded(question.text).strip("? ") for question in read_questions(DESK_QUESTIONS)}
    assert not [
        one.question.text for one in [*written(), *unread(), *plain()] if folded(one.question.text).strip("? ") in desk
    ]


def test_a_follow_up_comes_with_the_question_before_it() -> None:
    earlier = [one.question.history for one in written() if one.question.history]
    assert len(earlier) > 1000
    assert all(len(history) == 1 and history[0].question for history in earlier)


def test_where_sources_differ_each_side_has_a_fragment_of_its_own() -> None:
    labelled = [one for one in [*written(), *unread()] if one.differ is not None]
    disputed = [one for one in labelled if one.differ]
    assert len(disputed) > 1000
    assert 0.2 < len(disputed) / len(labelled) < 0.4
    assert all(one.answer and len(one.quotes) > 1 for one in disputed)


def test_about_a_tenth_of_the_texts_is_left_out_of_training() -> None:
    names = [document.id for document in written_passages()]
    assert 0.08 < sum(map(is_left_out, names)) / len(names) < 0.12


@pytest.mark.parametrize(
    "folder",
    sorted(path.parent for some in (LIBRARIES, LIBRARIES_APART) for path in some.glob("*/documents.jsonl")),
    ids=lambda path: path.name,
)
def test_every_answer_of_a_written_library_stands_in_its_document(folder: Path) -> None:
    texts = {document.id: folded(document.text) for document in read_documents(folder)}
    questions = read_questions(folder / "questions.jsonl")
    assert 0.4 < sum(question.answerable for question in questions) / len(questions) < 0.6
    for question in questions:
        assert question.answerable == bool(question.answers)
        assert all(any(folded(answer) in texts[name] for name in question.documents) for answer in question.answers), (
            question
        )
