"""Replies without retrieval within a conversation, attribution, disagreement and missing parts, on all ways out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.attribution import attribution
from assistant.blanking import REMOVED
from assistant.citations import AnswerText
from assistant.types import Answer, PassagesFound, TextDelta
from assistant.wiring import Wiring
from index.types import Filter
from tests.assistant.conftest import BREAD, OPENED
from tests.assistant.running import broken_rules, events_of, run, said, serving
from tests.assistant.test_disagreement import passage
from tests.factories import index_paths, write_files

FIRE = """---
title: The fire at the mill
outlet: Steppe Post
published: 2023-05-17
kind: report
---
Orsk said that raiders from Turgai had set fire to the mill. Turgai said that guards from Orsk had set fire to the mill.
"""
HARVEST = "The wheat harvest in Turgai failed because of drought."


@pytest.fixture
def mill(steppe: Wiring, tmp_path: Path) -> Wiring:
    """The small library with two accounts of one fire."""
    index_paths(steppe, write_files(tmp_path / "more", {"fire.md": FIRE}))
    return steppe


@pytest.mark.parametrize(
    ("message", "reply"),
    [
        ("hello there!", "small_talk"),
        ("thanks a lot", "small_talk"),
        ("what can you do?", "small_talk"),
        ("shorter please", "small_talk"),
        ("Спасибо!", "small_talk"),
        ("which documents do you have on Turgai?", "about_library"),
        ("how many pieces from the Ural Herald since 2024?", "about_library"),
        ("what do you cover?", "about_library"),
    ],
)
@pytest.mark.parametrize("wanted", [Filter(), Filter(outlet=("Nobody",))])
def test_reply_without_retrieval_is_plain_text(steppe: Wiring, message: str, reply: str, wanted: Filter) -> None:
    answer = steppe.assistant.ask(message, wanted=wanted)
    assert (answer.reply, answer.answered, answer.reason) == (reply, False, None)
    assert (answer.claims, answer.citations, answer.nearest, answer.missing, answer.notices) == ((), (), (), (), ())
    assert answer.text
    assert "[" not in answer.text
    assert answer.searched_for == ""
    assert answer.fingerprint == steppe.fingerprint


def test_small_talk_is_made_in_an_empty_library_too(footnote: Wiring) -> None:
    assert footnote.assistant.ask("hello").reply == "small_talk"
    assert "footnote index" in footnote.assistant.ask("what do you cover?").text


def test_greeting_before_a_question_does_not_swallow_it(steppe: Wiring) -> None:
    answer = steppe.assistant.ask(f"Hi! {OPENED}")
    assert (answer.reply, answer.citations[0].title) == ("answer", "The bridge at Orsk")


def test_no_model_is_run_for_a_reply_without_retrieval(steppe: Wiring, monkeypatch: pytest.MonkeyPatch) -> None:
    def embed(*_: object) -> None:
        raise AssertionError("the model was run")

    monkeypatch.setattr(steppe.embedder, "embed", embed)
    assert steppe.assistant.ask("hello").reply == "small_talk"
    assert steppe.assistant.ask("how many documents do you have?").reply == "about_library"


def test_library_is_counted_in_the_reply(steppe: Wiring) -> None:
    answer = steppe.assistant.ask("how many documents do you have?")
    assert answer.text.splitlines() == [
        "The library holds 3 documents.",
        "- A lost harvest (Ural Herald, February 2024)",
        "- The bridge at Orsk (Steppe Post, 17 May 2023)",
        "- lake.txt (undated)",
        "The library holds 3 documents in all, dated 17 May 2023 to February 2024; 1 without a date.",
    ]


def test_follow_up_does_not_lean_on_small_talk(steppe: Wiring) -> None:
    first = steppe.assistant.ask(OPENED)
    for message in ("thanks!", "how many documents do you have?", "shorter please"):
        steppe.assistant.ask(message, first.conversation_id)
    follow_up = steppe.assistant.ask("And what did it cost?", first.conversation_id)
    assert "bridge" in follow_up.searched_for
    assert not {"thanks", "documents", "shorter"} & set(follow_up.searched_for.split())
    assert [turn["reply"] for turn in steppe.conversations.turns(first.conversation_id)] == [
        "answer",
        "small_talk",
        "about_library",
        "answer",
        follow_up.reply,
    ]
    assert len(steppe.conversations.exchanges(first.conversation_id)) == 2


def test_shorter_gives_the_best_claim_of_the_last_answer_cited_anew(mill: Wiring) -> None:
    first = mill.assistant.ask("Who opened the bridge at Orsk and what did it cost?")
    assert len(first.claims) > 1
    mill.assistant.ask("thanks", first.conversation_id)
    shorter = mill.assistant.ask("Shorter, please!", first.conversation_id)
    documents = {document.id: document for document in mill.library.documents()}
    assert broken_rules(shorter, documents) == []
    assert (shorter.claims, shorter.citations) == (first.claims[:1], first.citations[:1])
    again = mill.assistant.ask("in one sentence", first.conversation_id)
    assert again.claims == shorter.claims


def test_shorter_keeps_both_sides_of_a_disagreement(mill: Wiring) -> None:
    first = mill.assistant.ask("Who set fire to the mill?")
    shorter = mill.assistant.ask("shorter", first.conversation_id)
    assert (len(shorter.claims), shorter.disagreements) == (2, first.disagreements)


def test_declined_question_cannot_be_shortened(steppe: Wiring) -> None:
    first = steppe.assistant.ask(OPENED)
    steppe.assistant.ask(BREAD, first.conversation_id)
    assert steppe.assistant.ask("shorter", first.conversation_id).reply == "small_talk"


def test_removed_source_is_not_brought_back_by_shortening(steppe: Wiring) -> None:
    first = steppe.assistant.ask(OPENED)
    for citation in {citation.document_id for citation in first.citations}:
        steppe.library.remove(citation)
    shorter = steppe.assistant.ask("shorter", first.conversation_id)
    assert shorter.reply == "small_talk"
    assert REMOVED not in shorter.text


@pytest.mark.parametrize("message", ["hello", "how many documents do you have?"])
def test_reply_streams_like_an_answer(steppe: Wiring, message: str) -> None:
    found, delta, answer = steppe.assistant.stream(message)
    assert found == PassagesFound(())
    assert isinstance(answer, Answer)
    assert delta == TextDelta(answer.text)
    assert said(answer) == said(steppe.assistant.ask(message)) == said(steppe.assistant.try_out(message, []).answer)


def test_opinion_is_given_as_its_outlets_around_the_unchanged_quotation(steppe: Wiring) -> None:
    answer = steppe.assistant.ask("Why did the wheat harvest in Turgai fail?")
    documents = {document.id: document for document in steppe.library.documents()}
    assert broken_rules(answer, documents) == []
    assert answer.claims[0].text == f"Ural Herald, opinion, February 2024: {HARVEST}"
    assert answer.citations[0].quote == HARVEST
    assert (answer.claims[0].support, answer.claims[0].verdict) == (1.0, "supported")


@pytest.mark.parametrize(
    ("metadata", "whose"),
    [
        ({"kind": "opinion", "outlet": "A", "published": "2025-12"}, "A, opinion, December 2025"),
        ({"kind": "opinion", "author": "B", "published": "2025-12-03"}, "B, opinion, 3 December 2025"),
        ({"kind": "opinion", "outlet": "A", "author": "B"}, "A, opinion"),
        ({"kind": "opinion", "published": "2025"}, "Opinion, 2025"),
        ({"kind": "opinion"}, "Opinion"),
        ({"kind": "official", "outlet": "Kremlin", "published": "2024-05-03"}, "Kremlin, official, 3 May 2024"),
        ({"kind": "official", "published": "2024-05-03"}, ""),
        ({"kind": "report", "outlet": "A"}, ""),
        ({"kind": "brief", "outlet": "A"}, ""),
        ({}, ""),
    ],
)
def test_attribution_leaves_out_what_is_unknown(metadata: dict[str, Any], whose: str) -> None:
    assert attribution(passage("One.", **metadata)) == whose


def test_evidence_of_several_documents_is_not_attributed_as_a_whole() -> None:
    both = [*passage("One.", kind="opinion"), *passage("One.", document="d2", kind="opinion")]
    assert (attribution(both), attribution([])) == ("", "")


def test_markers_in_an_outlets_name_are_no_footnotes() -> None:
    text = AnswerText()
    text.add("One.", passage("One.", kind="opinion", outlet="A [2]"))
    assert text.text == "A (2), opinion: One. [1]"
    assert text.text[text.claims[0].start : text.claims[0].end] == text.claims[0].text


def test_disagreement_is_in_the_answer_and_listed(mill: Wiring) -> None:
    answer = mill.assistant.ask("Who set fire to the mill?")
    documents = {document.id: document for document in mill.library.documents()}
    assert broken_rules(answer, documents) == []
    (found,) = answer.disagreements
    quotes = {citation.number: citation.quote for citation in answer.citations}
    assert [quotes[side.citation].split()[0] for side in found.sides] == ["Orsk", "Turgai"]


def test_command_line_shows_disagreements_with_whose_they_are(mill: Wiring) -> None:
    shown = " ".join(run("ask", "Who set fire to the mill?").out.split())
    assert "The sources disagree on “Who set fire to the mill”:" in shown
    assert "- Orsk: raiders from Turgai had set fire to the mill (Steppe Post, 17 May 2023) [1]" in shown


def test_command_line_shows_what_is_not_answered(steppe: Wiring) -> None:
    ran = run("ask", "When was the bridge at Orsk opened and who designed its railings?")
    assert "Not answered: who designed its railings" in ran.out


def test_command_line_keeps_the_lines_of_a_list(steppe: Wiring) -> None:
    lines = run("ask", "show me all documents").out.splitlines()
    assert "- lake.txt (undated)" in lines


@pytest.fixture
def client(mill: Wiring) -> Iterator[httpx.Client]:
    with serving(mill) as client:
        yield client


def test_http_gives_replies_and_disagreements(client: httpx.Client) -> None:
    talk = client.post("/api/chat", json={"message": "hello"}).json()
    assert (talk["reply"], talk["answered"], talk["reason"], talk["citations"]) == ("small_talk", False, None, [])
    counted = client.post(
        "/api/chat", json={"message": "how many documents do you have?", "filters": {"kind": "opinion"}}
    ).json()
    assert (counted["reply"], counted["text"].splitlines()[0]) == ("about_library", "The library holds 1 document.")
    answer = client.post("/api/chat", json={"message": "Who set fire to the mill?"}).json()
    assert [side["citation"] for side in answer["disagreements"][0]["sides"]] == [1, 2]
    streamed = events_of(client.post("/api/chat", json={"message": "hello", "stream": True}))
    assert [name for name, _ in streamed] == ["passages", "delta", "answer"]
