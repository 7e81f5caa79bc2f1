"""What users do with conversations over HTTP: rename, search, delete and restore, export, rate, ask again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator

import httpx
import pytest

from assistant.wiring import Wiring
from corpus.library import Library
from tests.assistant.conftest import BREAD, OPENED
from tests.assistant.running import Json, error_of, serving
from tests.assistant.test_http import chat

CUT = "Who cut the ribbon of the bridge at Orsk?"
FROZE = "When did the Aydar lake freeze?"


@pytest.fixture
def client(steppe: Wiring) -> Iterator[httpx.Client]:
    with serving(steppe) as client:
        yield client


def hasty(steppe: Wiring, seconds: float = 0.0) -> Wiring:
    """The same Footnote with less time to take a deletion back."""
    steppe.settings = steppe.settings.model_copy(update={"undo_seconds": seconds})
    return steppe


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def shown(client: httpx.Client, answer: Json) -> Json:
    response = client.get(f"/api/conversations/{answer['conversation_id']}")
    assert response.status_code == 200, response.text
    conversation: Json = response.json()
    return conversation


def listed(client: httpx.Client, **query: str) -> list[str]:
    conversations = client.get("/api/conversations", params=query).json()["conversations"]
    return [conversation["title"] for conversation in conversations]


# --- Names and words


def test_a_conversation_gets_another_title(client: httpx.Client) -> None:
    answer = chat(client, message=OPENED)
    address = f"/api/conversations/{answer['conversation_id']}"
    renamed = client.patch(address, json={"title": " The bridge\n<b>of</b>  Orsk "})
    assert (renamed.status_code, renamed.json()["title"]) == (200, "The bridge <b>of</b> Orsk")
    chat(client, message=CUT, conversation_id=answer["conversation_id"])
    assert listed(client) == ["The bridge <b>of</b> Orsk"]
    assert set(renamed.json()) == {"id", "title", "created", "updated", "turns"}


@pytest.mark.parametrize("body", [{}, {"title": ""}, {"title": " \n"}, {"title": "x" * 201}, {"title": None}])
def test_a_title_that_is_none_is_422(client: httpx.Client, body: Json) -> None:
    address = f"/api/conversations/{chat(client, message=OPENED)['conversation_id']}"
    assert error_of(client.patch(address, json=body), 422)["field"] == "title"
    assert error_of(client.patch(address, json={"title": "x", "colour": "red"}), 422)["field"] == "colour"
    assert listed(client) == [OPENED]


def test_conversations_are_searched_in_titles_questions_and_answers(client: httpx.Client) -> None:
    bridge = chat(client, message=OPENED)
    lake = chat(client, message=FROZE)
    client.patch(f"/api/conversations/{lake['conversation_id']}", json={"title": "Зимнее Озеро"})
    assert "4 May 2019" in bridge["text"]
    assert listed(client, q="4 MAY opened") == [OPENED]
    assert listed(client, q="зимнее") == listed(client, q="aydar") == ["Зимнее Озеро"]
    assert listed(client, q="aydar bridge") == listed(client, q="%") == listed(client, q="turn_id") == []
    assert listed(client, q=" ") == listed(client) == ["Зимнее Озеро", OPENED]


# --- Deleting


def test_a_deleted_conversation_is_gone_at_once_and_can_be_taken_back(client: httpx.Client) -> None:
    answer = chat(client, message=OPENED)
    before = shown(client, answer)
    address = f"/api/conversations/{answer['conversation_id']}"
    assert (client.delete(address).status_code, client.delete(address).status_code) == (204, 404)
    assert (listed(client), listed(client, q="bridge")) == ([], [])
    error_of(client.get(address), 404)
    error_of(client.get(f"{address}/export"), 404)
    error_of(client.patch(address, json={"title": "x"}), 404)
    error_of(client.post("/api/feedback", json={"turn_id": answer["turn_id"], "rating": "up"}), 404)
    error_of(client.post("/api/chat", json={"message": CUT, "conversation_id": answer["conversation_id"]}), 404)
    restored = client.post(f"{address}/restore")
    assert (restored.status_code, restored.json()) == (200, {**before, "turns": 1})
    assert shown(client, answer) == before


def test_a_deleted_conversation_is_erased_when_its_time_has_come(steppe: Wiring) -> None:
    with serving(hasty(steppe)) as client:
        answer = chat(client, message=OPENED)
        kept = chat(client, message=BREAD)
        address = f"/api/conversations/{answer['conversation_id']}"
        client.delete(address)
        until(lambda: turns_in(steppe.library) == [kept["turn_id"]])
        error_of(client.post(f"{address}/restore"), 404)


def turns_in(library: Library) -> list[str]:
    with library.reading() as connection:
        return [row[0] for row in connection.execute("SELECT id FROM turns")]


def test_the_next_server_erases_what_the_last_had_no_time_for(steppe: Wiring) -> None:
    with serving(hasty(steppe, 0.2)) as client:
        answer = chat(client, message=OPENED)
        client.delete(f"/api/conversations/{answer['conversation_id']}")
    time.sleep(0.2)
    with serving(steppe):
        until(lambda: turns_in(steppe.library) == [])


# --- Feedback


def test_feedback_stands_on_its_turn_is_replaced_and_taken_back(client: httpx.Client) -> None:
    answer = chat(client, message=OPENED)
    given = client.post("/api/feedback", json={"turn_id": answer["turn_id"], "rating": "up"}).json()
    assert given == {"turn_id": answer["turn_id"], "rating": "up", "correction": None, "created": given["created"]}
    body = {"turn_id": answer["turn_id"], "rating": "down", "correction": " It was <i>June</i>. "}
    again = client.post("/api/feedback", json=body).json()
    (turn,) = shown(client, answer)["turns"]
    assert turn["feedback"] == {"rating": "down", "correction": "It was <i>June</i>.", "created": again["created"]}
    back = client.post("/api/feedback", json={"turn_id": answer["turn_id"], "rating": None}).json()
    assert back == {"turn_id": answer["turn_id"], "rating": None, "correction": None, "created": None}
    assert shown(client, answer)["turns"][0]["feedback"] is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"rating": "up"}, "turn_id"),
        ({"turn_id": "t", "rating": "sideways"}, "rating"),
        ({"turn_id": "t", "correction": "x" * 10_001}, "correction"),
        ({"turn_id": "t", "colour": "red"}, "colour"),
    ],
)
def test_feedback_that_cannot_be_used_is_422(client: httpx.Client, body: Json, field: str) -> None:
    assert error_of(client.post("/api/feedback", json=body), 422)["field"] == field


@pytest.mark.parametrize("unknown", ["nobody", "", "ход", "'; DROP TABLE turns; --"])
def test_feedback_on_an_unknown_turn_is_404(client: httpx.Client, unknown: str) -> None:
    assert error_of(client.post("/api/feedback", json={"turn_id": unknown, "rating": "up"}), 404)["field"] == "turn_id"


# --- Asking again


def test_a_turn_asked_again_stands_in_the_place_of_that_turn_and_those_after(client: httpx.Client) -> None:
    first = chat(client, message=OPENED)
    within = {"conversation_id": first["conversation_id"]}
    second = chat(client, message="And what did it cost?", **within)
    chat(client, message=FROZE, **within)
    again = chat(client, message=CUT, replaces=second["turn_id"], **within)
    assert "Belova" in again["text"]
    assert [turn["turn_id"] for turn in shown(client, first)["turns"]] == [first["turn_id"], again["turn_id"]]
    assert (shown(client, first)["title"], client.get("/api/conversations").json()["conversations"][0]["turns"]) == (
        OPENED,
        2,
    )
    assert listed(client, q="aydar") == []
    follow_up = chat(client, message="And when was that?", **within)
    assert "Aydar" not in follow_up["searched_for"]
    error_of(client.post("/api/chat", json={"message": CUT, "replaces": second["turn_id"], **within}), 404)
    error_of(client.post("/api/feedback", json={"turn_id": second["turn_id"], "rating": "up"}), 404)


def test_a_first_turn_asked_again_has_no_context_and_gives_the_title(client: httpx.Client) -> None:
    first = chat(client, message=OPENED)
    within = {"conversation_id": first["conversation_id"]}
    again = chat(client, message=FROZE, replaces=first["turn_id"], **within)
    assert (again["searched_for"], listed(client)) == (FROZE, [FROZE])
    client.patch(f"/api/conversations/{first['conversation_id']}", json={"title": "Mine"})
    chat(client, message=CUT, replaces=again["turn_id"], **within)
    assert listed(client) == ["Mine"]


def test_asking_again_needs_a_turn_of_that_conversation(client: httpx.Client) -> None:
    one, other = chat(client, message=OPENED), chat(client, message=FROZE)
    alone = {"message": CUT, "replaces": one["turn_id"]}
    for stream in (False, True):
        error = error_of(client.post("/api/chat", json={**alone, "stream": stream}), 422)
        assert error["field"] == "conversation_id"
        body = {**alone, "stream": stream, "conversation_id": other["conversation_id"]}
        assert error_of(client.post("/api/chat", json=body), 404)["field"] == "replaces"
    assert len(shown(client, one)["turns"]) == len(shown(client, other)["turns"]) == 1


# --- Export


def test_export_as_json_is_the_conversation_as_shown(client: httpx.Client) -> None:
    answer = chat(client, message=OPENED)
    response = client.get(f"/api/conversations/{answer['conversation_id']}/export", params={"format": "json"})
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
    assert json.loads(response.text) == shown(client, answer)
    assert response.headers["content-disposition"].startswith("attachment; ")


def test_export_as_markdown_has_footnotes_and_sources(client: httpx.Client) -> None:
    first = chat(client, message=OPENED)
    chat(client, message=FROZE, conversation_id=first["conversation_id"])
    chat(client, message=BREAD, conversation_id=first["conversation_id"])
    response = client.get(f"/api/conversations/{first['conversation_id']}/export")
    assert response.headers["content-type"] == "text/markdown; charset=utf-8"
    assert response.headers["content-disposition"] == (
        'attachment; filename="When was the bridge at Orsk opened.md"; '
        "filename*=UTF-8''When%20was%20the%20bridge%20at%20Orsk%20opened.md"
    )
    lines = response.text.splitlines()
    assert lines[:5] == [
        f"# {OPENED}",
        "",
        f"## {OPENED}",
        "",
        "The bridge at Orsk was opened on 4 May 2019 (12).[^1]",
    ]
    quoted = "[^1]: “The bridge at Orsk was opened on 4 May 2019 \\[12\\].” — "
    assert f"{quoted}The bridge at Orsk, Steppe Post, Ivan Sokol, 2023-05-17, report" in response.text
    assert "The Aydar lake froze in November.[^2]" in response.text
    sources = lines[lines.index("## Sources") + 2 :]
    assert [source.split(":")[0] for source in sources] == [
        "- The bridge at Orsk, Steppe Post, Ivan Sokol, 2023-05-17, report",
        "- lake.txt",
    ]
    assert "Nearest:" in lines


def test_markup_in_an_exported_conversation_stays_text(client: httpx.Client) -> None:
    answer = chat(client, message="# <script>alert(1)</script> [x](javascript:1)\n1. `y`")
    client.patch(f"/api/conversations/{answer['conversation_id']}", json={"title": '1. ../<b>"a"</b>\\ \u2028 ж'})
    response = client.get(f"/api/conversations/{answer['conversation_id']}/export")
    title, _, question, *_ = response.text.splitlines()
    assert title == '# 1\\. ../\\<b\\>"a"\\</b\\>\\\\ ж'
    assert question == "## \\# \\<script\\>alert(1)\\</script\\> \\[x\\](javascript:1) 1. \\`y\\`"
    assert response.headers["content-disposition"] == (
        "attachment; filename=\"1. .. b a b.md\"; filename*=UTF-8''1.%20..%20b%20a%20b%20%D0%B6.md"
    )


def test_an_export_in_another_format_is_422_and_of_an_unknown_conversation_404(client: httpx.Client) -> None:
    address = f"/api/conversations/{chat(client, message=OPENED)['conversation_id']}/export"
    assert error_of(client.get(address, params={"format": "docx"}), 422)["field"] == "format"
    error_of(client.get("/api/conversations/nobody/export"), 404)
    error_of(client.post("/api/conversations/nobody/restore"), 404)
    error_of(client.patch("/api/conversations/nobody", json={"title": "x"}), 404)
