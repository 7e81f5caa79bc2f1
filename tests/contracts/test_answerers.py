"""The contract of `Answerer`, run on every implementation."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from assistant.answerers.extractive import Extractive
from assistant.check import Checker
from assistant.citations import AnswerText, markers_in
from assistant.disagreement import Dispute, SideTold, as_disagreements
from assistant.ports import Answerer
from assistant.types import Evidence, Exchange
from tests.assistant.model_server import Asked, model_server, replies, says
from tests.factories import evidence

OPENED = "The bridge at Orsk was opened on 4 May 2019 [12]."
COST = "The bridge at Orsk cost 12 million roubles."
DEARER = "The bridge at Orsk cost 19 million roubles."
LAKE = "The Aydar lake froze in November."
RANKED = [
    evidence(OPENED, "bridge", 0.9, outlet="Steppe Post"),
    evidence(COST, "costs", 0.8),
    evidence(LAKE, "lake", 0.2),
]
HISTORY = [Exchange("What is at Orsk?", "A bridge is at Orsk."), Exchange("Who cares?")]
QUESTION = "When was the bridge at Orsk opened, and what did it cost?"


def _quotes_all(asked: Asked) -> str:
    return " ".join(f"{text} [{key}]" for key, text in asked.keys.items())


def _quotes_first(asked: Asked) -> str:
    key, text = next(iter(asked.keys.items()))
    return f"{text} [{key}]"


def _nonsense(asked: Asked) -> str:
    return "YES [1]. The bridge fell in 1999 [2]! Nobody knows anything about it at all."


@pytest.fixture(params=["extractive", "llm", "llm that says little", "llm that writes nonsense", "llm that is down"])
def answerer(request: pytest.FixtureRequest) -> Iterator[Answerer]:
    """Every implementation, the language model also in its bad hours."""
    scripts = {
        "llm": says(_quotes_all),
        "llm that says little": says(_quotes_first),
        "llm that writes nonsense": says(_nonsense),
        "llm that is down": replies("down", 503),
    }
    if request.param == "extractive":
        yield Extractive()
    else:
        with model_server(scripts[request.param]) as server:
            yield server.language_model()


@pytest.fixture(params=["word for word", "checked"])
def check(request: pytest.FixtureRequest) -> Checker | None:
    """The check of claims: none, so that sentences must stand word for word, and the real one."""
    return None if request.param == "word for word" else request.getfixturevalue("checker")


def written(
    answerer: Answerer, ranked: list[Evidence], check: Checker | None, dispute: Dispute | None = None
) -> tuple[AnswerText, list[str]]:
    answer = AnswerText(checker=check)
    return answer, list(answerer.write(QUESTION, HISTORY, ranked, answer, dispute))


def test_pieces_together_are_the_text(answerer: Answerer, check: Checker | None) -> None:
    answer, pieces = written(answerer, RANKED, check)
    assert "".join(pieces) == answer.text
    assert all(pieces)


def test_there_is_a_claim_and_each_is_cited_and_supported(answerer: Answerer, check: Checker | None) -> None:
    answer, _ = written(answerer, RANKED, check)
    assert answer.claims
    assert all(claim.citations and claim.verdict != "unsupported" for claim in answer.claims)
    assert all(answer.text[claim.start : claim.end] == claim.text for claim in answer.claims)


def test_only_evidence_that_was_given_is_cited_and_numbered_in_order(answerer: Answerer, check: Checker | None) -> None:
    answer, _ = written(answerer, RANKED, check)
    assert {cited.document_id for cited in answer.citations} <= {"bridge", "costs", "lake"}
    assert [cited.number for cited in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert set(markers_in(answer.text)) == {cited.number for cited in answer.citations}
    assert list(markers_in(re.sub(r"(?: |\])\[\d+\]", "]", answer.text))) == []


def test_what_it_writes_first_rests_on_the_best_evidence(answerer: Answerer, check: Checker | None) -> None:
    answer, _ = written(answerer, RANKED, check)
    assert answer.citations[0].document_id == "bridge"


def test_nothing_is_written_from_nothing(answerer: Answerer, check: Checker | None) -> None:
    answer, pieces = written(answerer, [], check)
    assert (answer.text, answer.claims, answer.citations, pieces) == ("", [], [], [])


def test_it_names_itself_and_who_wrote_the_text(answerer: Answerer, check: Checker | None) -> None:
    answer, _ = written(answerer, RANKED, check)
    assert answerer.name in ("extractive", "llm")
    assert answer.answerer in ("extractive", answerer.name)


def test_text_that_leaves_the_process_is_told(answerer: Answerer, check: Checker | None) -> None:
    answer, _ = written(answerer, RANKED, check)
    told = [notice.text for notice in answer.notices if notice.code == "sent_to_host"]
    assert (answerer.host is None) == (told == [])
    assert all(answerer.host and answerer.host in text for text in told)


def test_writing_twice_writes_the_same(answerer: Answerer, check: Checker | None) -> None:
    assert written(answerer, RANKED, check) == written(answerer, RANKED, check)


@pytest.mark.parametrize("across", [True, False])
def test_both_sides_of_a_disagreement_are_cited(answerer: Answerer, check: Checker | None, across: bool) -> None:
    sides = [evidence(COST, "costs", 0.9, outlet="Steppe Post"), evidence(DEARER, "dearer", 0.3, outlet="Ural Herald")]
    told = SideTold(sides[0], "12 million"), SideTold(sides[1], "19 million")
    dispute = Dispute("What did the bridge cost", told, across)
    answer, pieces = written(answerer, [sides[0], RANKED[0], RANKED[2], sides[1]], check, dispute)
    assert "".join(pieces) == answer.text
    assert [side.value for found in as_disagreements(dispute, answer.citations) for side in found.sides] == [
        "12 million",
        "19 million",
    ]
    assert all(claim.citations and claim.verdict != "unsupported" for claim in answer.claims)
    assert {f"Steppe Post: {COST}", f"Ural Herald: {DEARER}"} <= {claim.text for claim in answer.claims} or not across
