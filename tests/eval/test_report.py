"""Reports: outcomes to figures, computed by hand."""

from __future__ import annotations

from typing import Any

import pytest

from eval.report import answer_figures, by_slice, print_figures, rounded
from eval.types import Outcome, Question


def outcome(*, answerable: bool, answered: bool, slice: str | None = None, **more: Any) -> Outcome:
    """What came of a question; nothing is cited unless said."""
    asked = Question("q", "?", (), ("a",), ("d",), answerable, slice=slice)
    facts: dict[str, Any] = {
        "hit_rank": None,
        "answer_hit": False,
        "quotes": 0,
        "words": 0,
        "right_citations": 0,
        "confidence": 0.0,
        "milliseconds": 0.0,
        **more,
    }
    return Outcome(question=asked, answered=answered, **facts)


OUTCOMES = [
    outcome(
        answerable=True,
        answered=True,
        hit_rank=1,
        answer_hit=True,
        quotes=3,
        words=30,
        right_citations=2,
        confidence=0.9,
        milliseconds=10,
        slice="fact",
    ),
    outcome(
        answerable=True,
        answered=True,
        hit_rank=4,
        quotes=1,
        words=8,
        right_citations=0,
        confidence=0.8,
        milliseconds=20,
        slice="fact",
    ),
    outcome(answerable=True, answered=False, hit_rank=2, confidence=0.5, milliseconds=30, slice="why"),
    outcome(answerable=True, answered=False, confidence=0.4, milliseconds=40, slice="why"),
    outcome(answerable=False, answered=True, quotes=2, words=99, confidence=0.7, milliseconds=50),
    outcome(answerable=False, answered=False, confidence=0.1, milliseconds=60),
]


def test_figures_of_six_outcomes() -> None:
    assert answer_figures(OUTCOMES) == pytest.approx(
        {
            "questions": 6,
            "answerable": 4,
            "evidence_hit@1": 1 / 4,
            "evidence_hit@3": 2 / 4,
            "evidence_hit@5": 3 / 4,
            "answer_hit": 1 / 4,
            "sentences_per_answer": 2.0,
            "words_per_answer": 19.0,
            "citation_precision": 2 / 4,
            "false_abstentions": 2 / 4,
            "false_answers": 1 / 2,
            "abstention_auroc": 6 / 8,
            "p50_ms": 35.0,
            "p95_ms": 57.5,
        }
    )


def test_declined_question_is_a_miss_whatever_it_would_have_cited() -> None:
    declined = outcome(answerable=True, answered=False, answer_hit=True, hit_rank=1)
    assert answer_figures([declined])["answer_hit"] == 0.0


def test_figures_over_nothing_are_none() -> None:
    figures = answer_figures([])
    assert (figures.pop("questions"), figures.pop("answerable")) == (0, 0)
    assert set(figures.values()) == {None}


def test_figures_without_unanswerable_questions() -> None:
    figures = answer_figures([entry for entry in OUTCOMES if entry.question.answerable])
    assert (figures["false_answers"], figures["abstention_auroc"]) == (None, None)


def test_slices_have_the_same_figures_over_their_own_questions() -> None:
    slices = by_slice(OUTCOMES)
    assert slices == {"fact": answer_figures(OUTCOMES[:2]), "why": answer_figures(OUTCOMES[2:4])}


def test_figures_are_rounded_to_four_places() -> None:
    assert rounded({"a": 1 / 3, "b": 7, "c": None}) == {"a": 0.3333, "b": 7, "c": None}


def test_table_names_every_measure(capsys: pytest.CaptureFixture[str]) -> None:
    print_figures("a set", {"all": {"ndcg@10": 0.5, "p50_ms": 12.3, "false_answers": None}})
    printed = capsys.readouterr().out
    assert printed.startswith("a set")
    assert all(shown in printed for shown in ("ndcg@10", "0.500", "p50_ms", "12", "false_answers", "–"))
