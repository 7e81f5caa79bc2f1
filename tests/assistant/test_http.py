"""The HTTP API over the desk: questions, search, documents, conversations, health."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.wiring import Wiring, wired
from index.settings import IndexSettings
from tests.assistant.conftest import BREAD, OPENED
from tests.assistant.running import Json, error_of, events_of, run, serving
from tests.assistant.test_cli_commands import ANSWER_FIELDS, CITATION_FIELDS, DOCUMENT_FIELDS
from tests.factories import index_paths

LEFT = "When did the last Russian peacekeepers leave Karabakh?"


def chat(server: httpx.Client, **body: Any) -> Json:
    response = server.post("/api/chat", json=body)
    assert response.status_code == 200, response.text
    answer: Json = response.json()
    return answer


def without_ids(answer: Json) -> Json:
    return {name: value for name, value in answer.items() if name not in ("conversation_id", "turn_id", "timings")}


def test_answer_has_the_fields_of_the_contract(server: httpx.Client) -> None:
    answer = chat(server, message=LEFT)
    assert list(answer) == ANSWER_FIELDS
    assert (answer["reply"], answer["answered"], answer["reason"]) == ("answer", True, None)
    assert "12 June 2024" in answer["text"]
    assert [list(cited) for cited in answer["citations"]] == [CITATION_FIELDS] * len(answer["citations"])
    assert {cited["outlet"] for cited in answer["citations"]} == {"Footnote desk"}


def test_quotations_stand_at_their_offsets_in_the_documents_shown(server: httpx.Client) -> None:
    for cited in chat(server, message=LEFT)["citations"]:
        shown = server.get(f"/api/documents/{cited['document_id']}").json()
        assert shown["text"][cited["start"] : cited["end"]] == cited["quote"]
        assert shown["content_hash"] == cited["content_hash"]


def test_declined_question_is_200_with_its_reason(server: httpx.Client) -> None:
    weak = chat(server, message=BREAD)
    filtered = chat(server, message=LEFT, filters={"until": "1999"})
    assert (weak["answered"], weak["reason"], weak["citations"], bool(weak["nearest"])) == (
        False,
        "weak_match",
        [],
        True,
    )
    assert (filtered["answered"], filtered["reason"], filtered["nearest"]) == (False, "filtered_out", [])


def test_follow_up_goes_on_with_the_conversation(server: httpx.Client) -> None:
    stormed = "When was the airport at Makhachkala stormed?"
    first = chat(server, message=stormed)
    second = chat(server, message="And why did they come?", conversation_id=first["conversation_id"])
    assert second["conversation_id"] == first["conversation_id"]
    assert stormed in second["searched_for"]
    assert "Telegram" in second["text"]


def test_stream_is_passages_then_deltas_then_the_answer(server: httpx.Client) -> None:
    response = server.post("/api/chat", json={"message": LEFT, "stream": True})
    events = events_of(response)
    assert [name for name, _ in events] == ["passages", *["delta"] * (len(events) - 2), "answer"]
    (_, found), *deltas, (_, answer) = events
    assert list(answer) == ANSWER_FIELDS
    assert "".join(delta["text"] for _, delta in deltas) == answer["text"]
    assert without_ids(answer) == without_ids(chat(server, message=LEFT))
    assert found == {"hits": server.get("/api/search", params={"q": LEFT}).json()["hits"]}


def test_stream_of_a_declined_question_ends_with_its_answer(server: httpx.Client) -> None:
    events = events_of(server.post("/api/chat", json={"message": BREAD, "stream": True}))
    assert [name for name, _ in events] == ["passages", "delta", "answer"]
    assert events[-1][1]["reason"] == "weak_match"


def test_streamed_turn_is_stored_as_it_was_given(server: httpx.Client) -> None:
    _, answer = events_of(server.post("/api/chat", json={"message": LEFT, "stream": True}))[-1]
    (turn,) = server.get(f"/api/conversations/{answer['conversation_id']}").json()["turns"]
    assert turn == {**answer, "created": turn["created"], "feedback": None}


def test_filter_that_cannot_match_ends_a_stream_with_an_error_or_is_refused(server: httpx.Client) -> None:
    response = server.post("/api/chat", json={"message": LEFT, "stream": True, "filters": {"since": "soon"}})
    error = error_of(response, 422) if response.status_code == 422 else events_of(response)[-1][1]["error"]
    assert (error["code"], error["field"]) == ("bad_request", "since")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "message"),
        ({"message": ""}, "message"),
        ({"message": " \n\t"}, "message"),
        ({"message": "x" * 10_001}, "message"),
        ({"message": 5}, "message"),
        ({"message": None}, "message"),
        ({"message": ["x"]}, "message"),
        ({"message": "x", "colour": "red"}, "colour"),
        ({"message": "x", "conversation_id": 5}, "conversation_id"),
        ({"message": "x", "stream": "perhaps"}, "stream"),
        ({"message": "x", "filters": {"colour": "red"}}, "filters.colour"),
        ({"message": "x", "filters": []}, "filters"),
        ({"message": "x", "filters": {"outlet": 5}}, "filters.outlet"),
        ([], "body"),
        ("x", "body"),
        (None, "body"),
    ],
)
def test_request_that_cannot_be_used_is_422_with_the_name_of_its_field(
    server: httpx.Client, body: object, field: str
) -> None:
    error = error_of(server.post("/api/chat", json=body), 422)
    assert (error["code"], error["field"]) == ("invalid_request", field)


@pytest.mark.parametrize("content", [b"", b"no JSON", b'{"message": ', b'{"message": "\xff"}', b"[" * 100_000])
def test_body_that_is_no_json_is_422(server: httpx.Client, content: bytes) -> None:
    response = server.post("/api/chat", content=content, headers={"content-type": "application/json"})
    assert error_of(response, 422)["field"] == "body"


def test_message_that_is_no_unicode_is_422(server: httpx.Client) -> None:
    body = rb'{"message": "\ud800"}'
    response = server.post("/api/chat", content=body, headers={"content-type": "application/json"})
    assert error_of(response, 422)["field"] == "message"


@pytest.mark.parametrize(("name", "value"), [("since", "soon"), ("until", "2023-02-30"), ("kind", "rumour")])
def test_filter_that_can_never_match_is_422(server: httpx.Client, name: str, value: str) -> None:
    chatted = error_of(server.post("/api/chat", json={"message": "x", "filters": {name: value}}), 422)
    searched = error_of(server.get("/api/search", params={"q": "x", name: value}), 422)
    assert chatted == searched
    assert chatted["field"] == name


def test_longest_message_is_taken(server: httpx.Client) -> None:
    assert chat(server, message="x" * 10_000)["reason"] == "weak_match"


def test_body_beyond_all_measure_is_refused(server: httpx.Client) -> None:
    assert error_of(server.post("/api/chat", json={"message": "x" * 1_000_001}), 413)["code"] == "too_large"


@pytest.mark.parametrize("unknown", ["nobody", "../../etc", "разговор", ""])
def test_unknown_conversation_is_404(server: httpx.Client, unknown: str) -> None:
    for stream in (False, True):
        body = {"message": LEFT, "conversation_id": unknown, "stream": stream}
        assert error_of(server.post("/api/chat", json=body), 404)["code"] == "not_found"


@pytest.mark.parametrize("unknown", ["nobody", "%00", "%FF", "%D0%B8%D0%BC%D1%8F", "a%2Fb", "' OR 1=1 --"])
def test_unknown_ids_in_addresses_are_404(server: httpx.Client, unknown: str) -> None:
    for method, path in [("GET", "documents"), ("GET", "conversations"), ("DELETE", "conversations")]:
        assert error_of(server.request(method, f"/api/{path}/{unknown}"), 404)["code"] == "not_found"


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nothing", 404), ("GET", "/api/chat", 405)])
def test_errors_of_the_protocol_have_the_shape_of_all(
    server: httpx.Client, method: str, path: str, status: int
) -> None:
    error_of(server.request(method, path), status)


def test_search_gives_passages_best_first(server: httpx.Client) -> None:
    found = server.get("/api/search", params={"q": "peacekeepers in Karabakh", "k": 7}).json()
    assert (found["query"], found["searched_for"]) == ("peacekeepers in Karabakh", "peacekeepers in Karabakh")
    assert [hit["score"] for hit in found["hits"]] == sorted((hit["score"] for hit in found["hits"]), reverse=True)
    assert len({hit["passage_id"] for hit in found["hits"]}) == 7
    shown = server.get(f"/api/documents/{found['hits'][0]['document_id']}").json()
    assert shown["text"][found["hits"][0]["start"] : found["hits"][0]["end"]] == found["hits"][0]["text"]


def test_search_gives_what_the_command_line_gives(
    server: httpx.Client, own_desk: Wiring, one_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_HOME", str(own_desk.settings.home))
    by_http = server.get("/api/search", params={"q": LEFT, "k": 5, "since": "2024"}).json()
    assert by_http == run("search", LEFT, "-k", "5", "--since", "2024", "--json").json


def test_filters_of_search_hold_and_a_list_means_any_of(steppe: Wiring) -> None:
    def titles(**filters: str | list[str]) -> set[str]:
        hits = client.get("/api/search", params={"q": "bridge and harvest", **filters}).json()["hits"]
        return {hit["title"] for hit in hits}

    harvest = next(document.id for document in steppe.library.documents() if document.title == "A lost harvest")
    with serving(steppe) as client:
        assert titles() == {"A lost harvest", "The bridge at Orsk", "lake.txt"}
        assert titles(kind="report") == {"The bridge at Orsk"}
        assert titles(kind=["report", "opinion"]) == {"A lost harvest", "The bridge at Orsk"}
        assert titles(outlet="ural herald") == {"A lost harvest"}
        assert titles(since="2024-01-01") == {"A lost harvest"}
        assert titles(until="2023-05-17") == {"The bridge at Orsk"}
        assert titles(document_id=harvest) == {"A lost harvest"}
        assert titles(language="en", kind="brief") == set()
        body = {"message": BREAD, "filters": {"kind": ["report", "opinion"]}}
        nearest = client.post("/api/chat", json=body).json()["nearest"]
        assert {cited["title"] for cited in nearest} == {"A lost harvest", "The bridge at Orsk"}


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({}, "q"),
        ({"q": " "}, "q"),
        ({"q": "x" * 10_001}, "q"),
        ({"q": "x", "k": "0"}, "k"),
        ({"q": "x", "k": "1001"}, "k"),
        ({"q": "x", "k": "many"}, "k"),
        ({"q": "x", "colour": "red"}, "colour"),
    ],
)
def test_search_that_cannot_be_done_is_422(server: httpx.Client, parameters: dict[str, str], field: str) -> None:
    assert error_of(server.get("/api/search", params=parameters), 422)["field"] == field


def test_documents_are_listed_and_shown(server: httpx.Client) -> None:
    listed = server.get("/api/documents").json()["documents"]
    assert (len(listed), [set(document) >= DOCUMENT_FIELDS for document in listed]) == (94, [True] * 94)
    shown = server.get(f"/api/documents/{listed[0]['id']}").json()
    assert {name: shown[name] for name in listed[0]} == listed[0]
    assert set(shown) - set(listed[0]) == {"text", "pages", "headings"}
    assert [shown["text"][heading["start"] : heading["end"]] for heading in shown["headings"]] == [
        heading["text"] for heading in shown["headings"]
    ]


def test_version_that_a_turn_cites_is_shown_after_an_update(steppe: Wiring, tmp_path: Path) -> None:
    with serving(steppe) as client:
        (cited,) = chat(client, message=OPENED)["citations"]
        path = tmp_path / "files" / "bridge.md"
        path.write_text(path.read_text("utf-8").replace("4 May 2019", "9 June 2019"), "utf-8")
        index_paths(steppe, path)
        address = f"/api/documents/{cited['document_id']}"
        new = client.get(address).json()
        old = client.get(address, params={"content_hash": cited["content_hash"]}).json()
        assert "9 June 2019" in new["text"]
        assert old["text"][cited["start"] : cited["end"]] == cited["quote"]
        assert (old["content_hash"], old["id"]) == (cited["content_hash"], new["id"])
        error_of(client.get(address, params={"content_hash": "nothing"}), 404)


def test_conversations_are_listed_shown_and_deleted(server: httpx.Client) -> None:
    first = chat(server, message=LEFT)
    second = chat(server, message=BREAD, conversation_id=first["conversation_id"])
    other = chat(server, message=BREAD)
    listed = server.get("/api/conversations").json()["conversations"]
    assert [conversation["id"] for conversation in listed[:2]] == [other["conversation_id"], first["conversation_id"]]
    assert set(listed[0]) == {"id", "title", "created", "updated", "turns"}
    assert (listed[1]["title"], listed[1]["turns"]) == (LEFT, 2)
    address = f"/api/conversations/{first['conversation_id']}"
    shown = server.get(address).json()
    assert [{**turn, "created": None} for turn in shown.pop("turns")] == [
        {**turn, "created": None, "feedback": None} for turn in (first, second)
    ]
    assert {**shown, "turns": 2} == listed[1]
    assert (server.delete(address).status_code, server.delete(address).status_code) == (204, 404)
    error_of(server.get(address), 404)
    left = server.get("/api/conversations").json()["conversations"]
    assert [conversation["id"] for conversation in left] == [
        conversation["id"] for conversation in listed if conversation["id"] != first["conversation_id"]
    ]


def test_twenty_requests_at_once_give_whole_answers(server: httpx.Client) -> None:
    questions = [LEFT, BREAD, "Who commands the Russian base at Gyumri?", "When did Kyrgyzstan vote?"] * 5
    alone = {question: without_ids(chat(server, message=question)) for question in questions[:4]}
    with ThreadPoolExecutor(20) as pool:
        together = list(pool.map(lambda question: chat(server, message=question), questions))
    assert [without_ids(answer) for answer in together] == [alone[question] for question in questions]
    assert len({answer["turn_id"] for answer in together}) == 20


def test_twenty_streams_at_once_are_whole(server: httpx.Client) -> None:
    def streamed(_: int) -> list[tuple[str, Json]]:
        return events_of(server.post("/api/chat", json={"message": LEFT, "stream": True}))

    with ThreadPoolExecutor(20) as pool:
        runs = list(pool.map(streamed, range(20)))
    texts = {"".join(data["text"] for name, data in events if name == "delta") for events in runs}
    assert texts == {chat(server, message=LEFT)["text"]}
    assert {events[-1][0] for events in runs} == {"answer"}


def test_health_and_readiness(server: httpx.Client) -> None:
    assert server.get("/healthz").json() == {"status": "ok"}
    assert server.get("/readyz").status_code == 200


def test_server_that_can_answer_no_question_is_alive_but_not_ready(steppe: Wiring) -> None:
    other = steppe.settings.model_copy(update={"index": IndexSettings(passage_tokens=64)})
    with wired(other) as unready, serving(unready, ready=503) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        assert error_of(client.get("/readyz"), 503)["code"] == "not_ready"
        refused = error_of(client.post("/api/chat", json={"message": OPENED}), 503)
        assert (refused["code"], "--rebuild" in refused["hint"]) == ("other_index", True)
        assert error_of(client.post("/api/chat", json={"message": OPENED, "stream": True}), 503) == refused
        assert len(client.get("/api/documents").json()["documents"]) == 3


def test_description_loads_nothing_from_another_host(server: httpx.Client) -> None:
    page = server.get("/docs").text
    loaded = re.findall(r"""(?:src|href|url)\s*[=:]\s*["']([^"']+)""", page)
    assert loaded != []
    for address in loaded:
        assert re.match(r"/(?!/)", address), address
        assert server.get(address).status_code == 200, address
    assert re.findall(r"https?://[^\s\"'<>]+", page) == []
    styles = [server.get(address).text for address in loaded if address.endswith(".css")]
    assert [
        found for style in styles for found in re.findall(r"url\(\s*[\"']?(?:https?:)?//[^)]+|@import[^;]+", style)
    ] == []


def test_description_names_every_route_and_its_error(server: httpx.Client) -> None:
    described = server.get("/openapi.json").json()["paths"]
    assert {"/api/chat", "/api/search", "/api/documents", "/api/documents/{document_id}"} <= set(described)
    assert {"/api/conversations", "/api/conversations/{conversation_id}", "/healthz", "/readyz"} <= set(described)
    assert [
        path for path, methods in described.items() for method in methods.values() if not method.get("description")
    ] == []


def test_empty_library_is_served(footnote: Wiring) -> None:
    with serving(footnote) as client:
        assert client.get("/api/documents").json() == {"documents": []}
        assert client.get("/api/conversations").json() == {"conversations": []}
        assert client.get("/api/search", params={"q": "x"}).json()["hits"] == []
        assert chat(client, message="x")["reason"] == "empty_library"
