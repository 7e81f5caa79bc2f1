"""Documents over HTTP: deleted with undo, and what they can be filtered by."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assistant.wiring import Wiring
from corpus.hiding import hide
from corpus.library import Library
from tests.assistant.conftest import BREAD, OPENED
from tests.assistant.running import error_of, run, serving
from tests.assistant.test_http import chat
from tests.assistant.test_http_conversations import hasty, until
from tests.factories import index_paths, states

BRIDGE = "The bridge at Orsk"


@pytest.fixture
def client(steppe: Wiring) -> Iterator[httpx.Client]:
    with serving(steppe) as client:
        yield client


def id_of(footnote: Wiring, title: str = BRIDGE) -> str:
    return next(document.id for document in footnote.library.documents() if document.title == title)


def titles(client: httpx.Client) -> list[str]:
    return [document["title"] for document in client.get("/api/documents").json()["documents"]]


def found(client: httpx.Client) -> set[str]:
    return {hit["title"] for hit in client.get("/api/search", params={"q": OPENED}).json()["hits"]}


def traces(footnote: Wiring) -> int:
    """In how many files of the home words of the bridge are left."""
    files = [path for path in footnote.settings.home.rglob("*") if path.is_file()]
    return sum(b"12 million roubles" in path.read_bytes() for path in files)


def test_a_deleted_document_is_gone_from_everything_at_once(client: httpx.Client, steppe: Wiring) -> None:
    asked = chat(client, message=OPENED)
    bridge = id_of(steppe)
    address = f"/api/documents/{bridge}"
    assert (client.delete(address).status_code, client.delete(address).status_code) == (204, 404)
    assert titles(client) == ["A lost harvest", "lake.txt"]
    assert BRIDGE not in found(client)
    error_of(client.get(address), 404)
    error_of(client.get(address, params={"content_hash": asked["citations"][0]["content_hash"]}), 404)
    again = chat(client, message=OPENED)
    assert bridge not in {cited["document_id"] for cited in [*again["citations"], *again["nearest"]]}
    assert chat(client, message="How many documents do you have?")["text"].startswith("The library holds 2 documents")
    assert {facet["value"] for facet in client.get("/api/facets").json()["outlets"]} == {"Ural Herald"}
    (turn,) = client.get(f"/api/conversations/{asked['conversation_id']}").json()["turns"]
    assert (turn["citations"][0]["quote"], "2019" in turn["text"]) == ("[source removed]", False)
    shorter = chat(client, message="Shorter, please", conversation_id=asked["conversation_id"])
    assert "2019" not in shorter["text"]


def test_the_command_line_sees_no_deleted_document_and_finds_nothing_wrong(
    client: httpx.Client, steppe: Wiring
) -> None:
    bridge = id_of(steppe)
    client.delete(f"/api/documents/{bridge}")
    assert len(run("sources", "list", "--json").json["documents"]) == 2
    assert run("sources", "show", bridge).code == run("sources", "remove", bridge).code == 1
    assert bridge not in {hit["document_id"] for hit in run("search", OPENED, "--json").json["hits"]}
    assert not run("ask", OPENED, "--json").json["answered"]
    assert run("doctor").code == 0


def test_a_deleted_document_can_be_taken_back_as_it_was(client: httpx.Client, steppe: Wiring) -> None:
    listed = client.get("/api/documents").json()
    before = chat(client, message=OPENED)
    address = f"/api/documents/{id_of(steppe)}"
    client.delete(address)
    assert BRIDGE not in found(client)
    restored = client.post(f"{address}/restore")
    assert (restored.status_code, restored.json()) == (
        200,
        next(document for document in listed["documents"] if document["title"] == BRIDGE),
    )
    assert client.get("/api/documents").json() == listed
    assert chat(client, message=OPENED)["citations"] == before["citations"]
    shown = client.get(f"/api/conversations/{before['conversation_id']}").json()
    assert shown["turns"][0]["citations"] == before["citations"]
    assert client.post(f"{address}/restore").status_code == 200
    error_of(client.post("/api/documents/nobody/restore"), 404)


def test_a_deleted_document_is_erased_when_its_time_has_come(steppe: Wiring) -> None:
    with serving(hasty(steppe)) as client:
        asked = chat(client, message=OPENED)
        bridge = id_of(steppe)
        assert traces(steppe) > 0
        client.delete(f"/api/documents/{bridge}")
        until(lambda: traces(steppe) == 0)
        error_of(client.post(f"/api/documents/{bridge}/restore"), 404)
        (turn,) = client.get(f"/api/conversations/{asked['conversation_id']}").json()["turns"]
        assert turn["citations"][0]["quote"] == "[source removed]"


def test_what_a_server_had_no_time_to_erase_the_next_one_does(steppe: Wiring) -> None:
    hide(steppe.library, id_of(steppe), seconds=0)
    assert traces(steppe) > 0
    with serving(steppe):
        until(lambda: traces(steppe) == 0)


def test_what_a_server_had_no_time_to_erase_the_next_indexing_does(steppe: Wiring, tmp_path: Path) -> None:
    hide(steppe.library, id_of(steppe), seconds=0)
    assert run("index", tmp_path / "files" / "lake.txt").code == 0
    assert traces(steppe) == 0


def test_a_deletion_lasts_in_another_process(steppe: Wiring) -> None:
    hide(steppe.library, id_of(steppe), seconds=60)
    other = Library(steppe.settings.home)
    assert (other.count(), BRIDGE in {document.title for document in other.documents()}) == (2, False)
    other.close()


@pytest.mark.parametrize("change", ["", "\nIt was painted blue.\n"])
def test_a_file_read_again_before_its_document_is_erased_takes_it_back(
    steppe: Wiring, tmp_path: Path, change: str
) -> None:
    bridge = id_of(steppe)
    hide(steppe.library, bridge, seconds=60)
    file = tmp_path / "files" / "bridge.md"
    file.write_text(file.read_text("utf-8") + change, "utf-8")
    assert states(index_paths(steppe, tmp_path / "files"))["bridge.md"] == ("updated" if change else "added")
    assert ("painted blue" in steppe.library.document(bridge).text) == bool(change)
    assert steppe.assistant.ask(OPENED).answered


def test_a_copy_read_before_a_document_is_erased_takes_it_back(steppe: Wiring, tmp_path: Path) -> None:
    bridge = id_of(steppe)
    hide(steppe.library, bridge, seconds=60)
    copy = tmp_path / "copy.md"
    copy.write_bytes((tmp_path / "files" / "bridge.md").read_bytes())
    (report,) = index_paths(steppe, copy)
    assert (report.state, report.document_id) == ("duplicate", bridge)
    assert len(steppe.library.document(bridge).places) == 2


def test_a_file_read_again_after_its_document_was_erased_is_added(steppe: Wiring, tmp_path: Path) -> None:
    hide(steppe.library, id_of(steppe), seconds=0)
    run("index", tmp_path / "files")
    assert steppe.library.count() == 3
    assert steppe.assistant.ask(OPENED).answered


def test_leaving_the_last_place_of_a_deleted_document_erases_it(steppe: Wiring, tmp_path: Path) -> None:
    hide(steppe.library, id_of(steppe), seconds=60)
    steppe.library.leave_place(str(tmp_path / "files" / "bridge.md"))
    with steppe.library.reading() as connection:
        assert connection.execute("SELECT count(*) FROM documents").fetchone() == (2,)


def test_facets_count_what_documents_can_be_filtered_by(client: httpx.Client) -> None:
    assert client.get("/api/facets").json() == {
        "outlets": [{"value": "Steppe Post", "documents": 1}, {"value": "Ural Herald", "documents": 1}],
        "kinds": [{"value": "opinion", "documents": 1}, {"value": "report", "documents": 1}],
        "languages": [{"value": "en", "documents": 2}],
        "published": {"since": "2023-05-17", "until": "2024-02-29"},
    }


def test_spellings_that_a_filter_takes_for_the_same_are_one_facet(steppe: Wiring, tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("A bridge was closed. Nobody knows why it was.")
    index_paths(steppe, tmp_path / "other.txt", outlet="STEPPE POST")
    with serving(steppe) as client:
        assert client.get("/api/facets").json()["outlets"][0] == {"value": "STEPPE POST", "documents": 2}
        assert chat(client, message=BREAD, filters={"outlet": "STEPPE POST"})["reply"] == "declined"


def test_an_empty_library_has_no_facets(footnote: Wiring) -> None:
    with serving(footnote) as client:
        assert client.get("/api/facets").json() == {"outlets": [], "kinds": [], "languages": [], "published": None}
