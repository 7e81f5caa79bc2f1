"""Questions to begin with: the library answers them, from the documents that they are said to be of."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from assistant.question_making import dated_questions, defining_questions, naming_questions
from assistant.wiring import Wiring
from tests.assistant.conftest import BRIDGE, OPENED
from tests.assistant.running import Json, serving
from tests.assistant.test_http import chat
from tests.assistant.test_http_conversations import until
from tests.factories import document, index_paths, write_files


def suggested(client: httpx.Client) -> list[Json]:
    response = client.get("/api/suggestions")
    assert (response.status_code, list(response.json())) == (200, ["suggestions"])
    suggestions: list[Json] = response.json()["suggestions"]
    return suggestions


def test_three_questions_of_the_desk_are_answered_by_their_documents(server: httpx.Client) -> None:
    until(lambda: len(suggested(server)) == 3)
    suggestions = suggested(server)
    assert len({suggestion["document_id"] for suggestion in suggestions}) == 3
    conversations = server.get("/api/conversations").json()
    for suggestion in suggestions:
        assert list(suggestion) == ["question", "document_id", "title"]
        assert server.get(f"/api/documents/{suggestion['document_id']}").json()["title"] == suggestion["title"]
        answer = chat(server, message=suggestion["question"])
        assert (answer["answered"], answer["claims"][0]["verdict"]) == (True, "supported")
        assert answer["citations"][0]["document_id"] == suggestion["document_id"]
    assert suggested(server) == suggestions
    assert len(conversations["conversations"]) == len(server.get("/api/conversations").json()["conversations"]) - 3


def test_suggestions_are_the_same_each_time_follow_the_library_and_are_no_turns(steppe: Wiring, tmp_path: Path) -> None:
    found = []
    for _ in range(2):
        with serving(steppe) as client:
            until(lambda client=client: suggested(client) != [])  # type: ignore[misc]
            found.append(suggested(client))
            assert client.get("/api/conversations").json() == {"conversations": []}
    assert found[0] == found[1]
    assert OPENED in {suggestion["question"] for suggestion in found[0]}
    with serving(steppe) as client:
        until(lambda: suggested(client) != [])
        bridge = next(one["document_id"] for one in suggested(client) if one["question"] == OPENED)
        client.delete(f"/api/documents/{bridge}")
        assert OPENED not in {suggestion["question"] for suggestion in suggested(client)}
        index_paths(
            steppe, write_files(tmp_path / "new", {"port.md": BRIDGE.replace("bridge at Orsk", "port of Perm")})
        )
        port = "When was the port of Perm opened?"
        until(lambda: port in {suggestion["question"] for suggestion in suggested(client)})


def test_an_empty_library_suggests_nothing(footnote: Wiring) -> None:
    with serving(footnote) as client:
        assert suggested(client) == []


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("The bridge at Orsk was opened on 4 May 2019.", "When was the bridge at Orsk opened?"),
        ("The Tal dam was built near Orsk in 1961 by hand.", "When was the Tal dam built?"),
        ("Governor Belova resigned in June 2020. So Belova left.", None),
        ("He met Belova. Belova resigned on 3 June 2020.", "When did Belova resign?"),
        ("The Turgai company left the Orsk exchange in 2021.", "When did the Turgai company leave the Orsk exchange?"),
        ("The Turgai company signed a contract in 2021.", None),
        ("It was opened on 4 May 2019.", None),
        ("The bridge was opened on 4 May 2019.", None),
        ("Schools in Orsk were closed in 2019. Other schools stayed.", None),
        ("The bridge at Orsk, which is long, was opened on 4 May 2019.", None),
    ],
)
def test_sentences_with_a_date_make_questions_that_stand_alone(sentence: str, question: str | None) -> None:
    made = [made.question for made in dated_questions(document(sentence))]
    assert made == ([question] if question else [])


def test_definitions_and_names_make_questions() -> None:
    text = document(
        "The Orsk Bridge Company is a builder of bridges in steppes. Ask Ivan Sokol, or write to Ivan Sokol."
    )
    assert [made.question for made in defining_questions(text)] == ["What is the Orsk Bridge Company?"]
    assert [made.question for made in naming_questions(text)] == ["What is said about Ivan Sokol?"]
    named = document("We asked Ivan Sokol. They know Ivan Sokol.", outlet="Steppe Post")
    assert [made.question for made in naming_questions(named)] == ["What does Steppe Post say about Ivan Sokol?"]
