"""The desk's disagreements: shown with both sides, and none of the look-alikes of training flagged."""

from __future__ import annotations

import pytest

from assistant.wiring import Wiring
from eval.disagreements import Shown, counted, shown
from eval.question_sets import DESK_QUESTIONS, read_questions
from eval.types import Question


@pytest.fixture(scope="module")
def outcomes(desk: Wiring) -> list[Shown]:
    questions = [
        question
        for question in read_questions(DESK_QUESTIONS)
        if question.split == "training" and question.slice in ("disagreement", "look-alike")
    ]
    return shown(desk.assistant, questions)


def test_most_disagreements_of_training_are_listed_with_both_sides(outcomes: list[Shown]) -> None:
    disputed = [outcome for outcome in outcomes if outcome.question.slice == "disagreement"]
    assert len(disputed) == 10
    assert sum(outcome.whole for outcome in disputed) >= 8


def test_no_look_alike_of_training_is_flagged(outcomes: list[Shown]) -> None:
    flagged = [outcome.question.id for outcome in outcomes if outcome.question.slice == "look-alike" and outcome.listed]
    assert flagged == []


def test_counts_are_told_by_split_and_slice() -> None:
    asked = Question("q", "Who?", (), (), (), answerable=True, slice="disagreement", split="test")
    other = Question("r", "Who?", (), (), (), answerable=True, slice="fact", split="test")
    outcomes = [
        Shown(asked, answered=True, listed=True, whole=True),
        Shown(asked, answered=False, listed=False, whole=False),
        Shown(other, answered=True, listed=False, whole=False),
        Shown(other, answered=False, listed=False, whole=False),
    ]
    assert counted(outcomes) == [
        "test      disagreement      1 of   2 listed, 1 with both gold quotes",
        "test      fact              0 of   1 listed",
    ]
