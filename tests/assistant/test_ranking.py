"""Ranking: which sentence answers, and whether any does, over real retrieval and the real model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.follow_ups import as_query
from assistant.ranking import FIGURES, WEIGHTS, Ranked, Ranker, figures_of
from assistant.sentence_rows import sentences_of_hits
from assistant.types import Exchange
from assistant.wiring import Wiring
from corpus.errors import ModelUnavailable
from tests.factories import ANSWER_READER, document

TEXT = (
    "The bridge at Orsk was opened by Governor Belova on 4 May 2019. It cost 12 million roubles. "
    "Some 4,000 cars cross the bridge at Orsk each day. The ferry was closed because the river had silted up."
)


@pytest.fixture
def orsk(footnote: Wiring) -> Wiring:
    footnote.indexer.add_documents(
        [document(TEXT, title="The bridge at Orsk"), document("Wheat failed in Turgai because of drought.", "d2")]
    )
    return footnote


def ranked(footnote: Wiring, question: str) -> Ranked:
    return footnote.ranker.rank(question, footnote.retriever.search(as_query(question, []), 10))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("When was the bridge at Orsk opened?", "4 May 2019"),
        ("How much did the bridge cost?", "12 million roubles"),
        ("How many cars cross the bridge every day?", "4,000 cars"),
        ("Why was the ferry closed?", "silted up"),
    ],
)
def test_the_sentence_that_holds_what_is_asked_for_comes_first(orsk: Wiring, question: str, answer: str) -> None:
    assert answer in ranked(orsk, question).evidence[0].quote


def test_the_right_topic_is_not_enough(orsk: Wiring) -> None:
    told = ranked(orsk, "When was the bridge at Orsk opened?").confidence
    untold = ranked(orsk, "Which architect designed the railway station of Bishkek?").confidence
    assert told > 0.8 > 0.2 > untold


def test_scores_are_chances_and_fall(orsk: Wiring) -> None:
    found = ranked(orsk, "When was the bridge at Orsk opened?")
    scores = [evidence.score for evidence in found.evidence]
    assert scores == sorted(scores, reverse=True)
    assert 0 <= scores[-1] <= scores[0] <= 1
    assert len(found.evidence) == 5


@pytest.mark.parametrize("question", ["?", "the of and", "😀", "Когда открыли мост?", "x" * 5000, "where " * 1000])
def test_any_question_can_be_ranked(orsk: Wiring, question: str) -> None:
    found = ranked(orsk, question)
    assert len(found.evidence) == 5
    assert 0 <= found.confidence <= 1


def test_nothing_is_ranked_of_nothing(footnote: Wiring) -> None:
    assert footnote.ranker.rank("When?", []) == Ranked((), 0.0)


def test_every_sentence_has_its_figures(orsk: Wiring) -> None:
    rows = sentences_of_hits(orsk.retriever.search(as_query("Who opened it?", []), 10))
    figures, read, _ = figures_of(orsk.answer_reader, "Who opened it?", rows)
    assert figures.shape == (5, len(FIGURES))
    assert read.all()


def test_a_question_is_not_answered_for_its_length(orsk: Wiring) -> None:
    question = "Which architect designed the railway station of Bishkek?"
    assert ranked(orsk, f"{question} {'I would really like to know that now. ' * 40}").confidence < 0.3


@pytest.mark.parametrize("content", ["", "{}", '{"sentence": 1, "answer": 2}', None])
def test_weights_that_cannot_be_used_are_named_with_a_remedy(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "weights.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(ModelUnavailable, match=r"weights\.json") as raised:
        Ranker(ANSWER_READER, file)
    assert raised.value.hint


@pytest.mark.parametrize("question", ["What is TRIPP?", "What is the CSTO?"])
def test_a_question_of_a_name_alone_is_answered(desk: Wiring, question: str) -> None:
    assert desk.assistant.try_out(question, []).answer.answered


def test_the_weights_were_fitted_on_what_this_reader_says() -> None:
    assert json.loads(WEIGHTS.read_text("utf-8"))["reader"] == ANSWER_READER.fingerprint


def test_what_was_just_replied_steps_back_in_a_question_that_goes_on_from_it(orsk: Wiring) -> None:
    asked, replied = "When was the bridge at Orsk opened?", TEXT.split(". ")[0] + "."
    hits = orsk.retriever.search(as_query("And what did it cost?", [Exchange(asked)]), 10)

    def chance(history: list[Exchange]) -> float:
        found = orsk.ranker.rank("And what did it cost?", hits, history)
        return next(evidence.score for evidence in found.evidence if evidence.quote == replied)

    assert chance([Exchange(asked, replied)]) < chance([Exchange(asked)])
    standing = orsk.ranker.rank(asked, hits, [Exchange(asked, replied)])
    assert standing.evidence[0].quote == replied
