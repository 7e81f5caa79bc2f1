"""Uploads over HTTP: files and URLs, their states, cancelling, and what becomes of the files kept."""

from __future__ import annotations

import os
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.upload_files import safe_name
from assistant.wiring import Wiring
from corpus.hiding import hide
from index.embedding import Embedder
from tests.assistant.conftest import BRIDGE, HARVEST, LAKE, OPENED
from tests.assistant.running import Json, error_of, run, serving
from tests.assistant.test_http import chat
from tests.assistant.test_http_conversations import hasty, until
from tests.factories import wiring_at


@pytest.fixture
def client(footnote: Wiring) -> Iterator[httpx.Client]:
    with serving(footnote) as client:
        yield client


def send(client: httpx.Client, **files: str | bytes) -> list[Json]:
    """Uploads files, by names in which __ stands for a point; returns what the API says of each."""
    parts = [("file", (name.replace("__", "."), content)) for name, content in files.items()]
    response = client.post("/api/documents", files=parts)
    assert response.status_code == 202, response.text
    uploads: list[Json] = response.json()["uploads"]
    return uploads


def finished(client: httpx.Client, upload: Json) -> Json:
    """An upload once it is done."""
    until(lambda: client.get(f"/api/uploads/{upload['id']}").json()["done"])
    ended: Json = client.get(f"/api/uploads/{upload['id']}").json()
    return ended


def kept(footnote: Wiring) -> list[Path]:
    return [path for path in (footnote.settings.home / "uploads").rglob("*") if path.is_file()]


class Held:
    """An embedding model that waits at the second passage, until it is let go."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.reached = threading.Event()
        self.let_go = threading.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._embedder, name)

    def embed_passages(self, passages: Any) -> Any:
        self.reached.set()
        assert self.let_go.wait(30)
        return self._embedder.embed_passages(passages)


@pytest.fixture
def held(tmp_path: Path, embedder: Embedder) -> Iterator[tuple[httpx.Client, Wiring, Held]]:
    """A server that is reading the lake, which goes on when it is let go."""
    model = Held(embedder)
    footnote = wiring_at(tmp_path / "home", embedder)
    footnote.__dict__["embedder"] = model
    with serving(footnote) as client:
        send(client, lake__txt=LAKE)
        assert model.reached.wait(30)
        yield client, footnote, model
        model.let_go.set()
    footnote.library.close()


# --- Files


def test_a_file_is_taken_read_and_answers(client: httpx.Client, footnote: Wiring) -> None:
    (upload,) = send(client, bridge__md=BRIDGE)
    assert list(upload) == ["id", "name", "created", "state", "document_id", "reason", "done", "documents"]
    assert (upload["name"], upload["state"], upload["done"], upload["documents"]) == ("bridge.md", "waiting", False, [])
    ended = finished(client, upload)
    assert (ended["state"], ended["reason"]) == ("added", None)
    (path,) = kept(footnote)
    assert ended["documents"] == [
        {"path": str(path), "state": "added", "document_id": ended["document_id"], "reason": None}
    ]
    answer = chat(client, message=OPENED)
    assert "4 May 2019" in answer["text"]
    assert (answer["citations"][0]["document_id"], answer["citations"][0]["path"]) == (ended["document_id"], str(path))
    assert (path.name, path.read_text("utf-8")) == ("bridge.md", BRIDGE)


def test_files_are_read_each_by_itself_and_one_bad_one_spoils_no_other(client: httpx.Client) -> None:
    uploads = send(client, bridge__md=BRIDGE, empty__txt="", lake__txt=LAKE, picture__exe=b"\0\1", twin__md=BRIDGE)
    ended = [finished(client, upload) for upload in uploads]
    assert [upload["state"] for upload in ended] == ["added", "failed", "added", "skipped", "duplicate"]
    assert [bool(upload["reason"]) for upload in ended] == [False, True, False, True, True]
    assert ended[4]["document_id"] == ended[0]["document_id"]
    listed = client.get("/api/uploads").json()["uploads"]
    assert listed == ended[::-1]
    assert len(client.get("/api/documents").json()["documents"]) == 2


def test_what_is_kept_is_its_owners_alone_and_nothing_of_what_was_not_read(
    client: httpx.Client, footnote: Wiring
) -> None:
    uploads = send(client, lake__txt=LAKE, empty__txt="", picture__exe=b"\0\1")
    for upload in uploads:
        finished(client, upload)
    until(lambda: [path.name for path in kept(footnote)] == ["lake.txt"])
    folder = footnote.settings.home / "uploads"
    modes = {stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.rglob("*")]}
    assert modes == {0o700, 0o600}


def test_two_files_of_one_name_are_two_documents(client: httpx.Client, footnote: Wiring) -> None:
    one, other = (finished(client, send(client, notes__txt=text)[0]) for text in (LAKE, BRIDGE))
    assert one["document_id"] != other["document_id"]
    assert [path.name for path in kept(footnote)] == ["notes.txt"] * 2


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Отчёт за май.pdf", "Отчёт за май.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\a.txt", "a.txt"),
        ("/", "upload"),
        ("..", "upload"),
        ("", "upload"),
        (".bashrc", "bashrc"),
        ("a\nb\r\0c\u202e.txt", "a b c.txt"),
        ('<img src=x onerror="alert(1)">.html', "img src=x onerror= alert(1).html"),
        ("x" * 300 + ".txt", "x" * 146 + ".txt"),
        ("ж" * 300 + ".txt", "ж" * 73 + ".txt"),
        ("a." + "x" * 300, "a." + "x" * 148),
    ],
)
def test_names_are_kept_readable_and_never_lead_elsewhere(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_name_that_leads_elsewhere_stays_in_the_home(client: httpx.Client, footnote: Wiring) -> None:
    for name in ("../../out.txt", "/tmp/out.txt", "a\r\nb.txt", "..\\..\\out.txt", "<b>x</b>.txt"):
        response = client.post("/api/documents", files=[("file", (name, LAKE))])
        assert response.status_code == 202, response.text
        finished(client, response.json()["uploads"][0])
    uploads = footnote.settings.home / "uploads"
    assert {path.parent.parent for path in kept(footnote)} == {uploads}
    assert not (footnote.settings.home.parent / "out.txt").exists()


def test_removing_a_document_erases_its_upload_and_no_other_file(
    client: httpx.Client, footnote: Wiring, tmp_path: Path
) -> None:
    own = tmp_path / "mine.txt"
    own.write_text(LAKE)
    list(footnote.indexer.index([*run_sources(own)]))
    ended = finished(client, send(client, lake__txt=LAKE)[0])
    other = finished(client, send(client, bridge__md=BRIDGE)[0])
    assert ended["state"] == "duplicate"
    footnote.library.remove(ended["document_id"])
    assert [str(path) for path in kept(footnote)] == [other["documents"][0]["path"]]
    assert own.read_text() == LAKE


def run_sources(path: Path) -> Iterator[Any]:
    from corpus.intake import find_sources

    return find_sources([path])


def test_a_deleted_document_takes_its_upload_with_it(footnote: Wiring) -> None:
    with serving(hasty(footnote)) as client:
        ended = finished(client, send(client, lake__txt=LAKE)[0])
        assert len(kept(footnote)) == 1
        client.delete(f"/api/documents/{ended['document_id']}")
        until(lambda: kept(footnote) == [])


def test_the_command_line_erases_uploads_too(
    client: httpx.Client, footnote: Wiring, one_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = finished(client, send(client, lake__txt=LAKE)[0])
    monkeypatch.setenv("FOOTNOTE_HOME", str(footnote.settings.home))
    assert run("sources", "remove", ended["document_id"]).code == 0
    assert kept(footnote) == []


def test_a_file_sent_again_while_its_document_is_deleted_brings_it_back(client: httpx.Client, footnote: Wiring) -> None:
    ended = finished(client, send(client, lake__txt=LAKE)[0])
    hide(footnote.library, ended["document_id"], seconds=60)
    again = finished(client, send(client, lake__txt=LAKE)[0])
    assert (again["state"], again["document_id"]) == ("duplicate", ended["document_id"])
    assert client.get(f"/api/documents/{ended['document_id']}").status_code == 200


def test_the_next_server_erases_what_a_killed_one_had_not_read(footnote: Wiring) -> None:
    folder = footnote.settings.home / "uploads"
    footnote.library.count()
    for name, age in (("old", 7200), ("new", 0)):
        (folder / name).mkdir(parents=True)
        (folder / name / "left.txt").write_text(LAKE)
        os.utime(folder / name, (time.time() - age,) * 2)
    with serving(footnote):
        until(lambda: [path.parent.name for path in kept(footnote)] == ["new"])


# --- States and cancelling


def test_an_upload_is_reading_and_those_behind_it_wait(held: tuple[httpx.Client, Wiring, Held]) -> None:
    client, _, model = held
    send(client, bridge__md=BRIDGE)
    bridge, lake = client.get("/api/uploads").json()["uploads"]
    assert [(upload["name"], upload["state"]) for upload in (lake, bridge)] == [
        ("lake.txt", "reading"),
        ("bridge.md", "waiting"),
    ]
    assert client.get("/api/documents").json() == {"documents": []}
    model.let_go.set()
    assert [finished(client, upload)["state"] for upload in (lake, bridge)] == ["added", "added"]


def test_one_that_waits_and_one_that_is_being_read_are_cancelled(held: tuple[httpx.Client, Wiring, Held]) -> None:
    client, footnote, model = held
    (waiting,) = send(client, bridge__md=BRIDGE)
    (last,) = send(client, harvest__md=HARVEST)
    *_, lake = client.get("/api/uploads").json()["uploads"]
    for upload in (waiting, lake):
        address = f"/api/uploads/{upload['id']}"
        assert client.delete(address).status_code == 204
        assert (client.get(address).json()["state"], client.get(address).json()["done"]) == ("cancelled", True)
        assert error_of(client.delete(address), 409)["code"] == "already_done"
    model.let_go.set()
    assert finished(client, last)["state"] == "added"
    assert [document.title for document in footnote.library.documents()] == ["A lost harvest"]
    assert [path.name for path in kept(footnote)] == ["harvest.md"]
    assert client.get(f"/api/uploads/{lake['id']}").json()["state"] == "cancelled"


def test_one_that_is_done_can_no_longer_be_cancelled(client: httpx.Client) -> None:
    upload = finished(client, send(client, lake__txt=LAKE)[0])
    assert error_of(client.delete(f"/api/uploads/{upload['id']}"), 409)["code"] == "already_done"
    assert client.get(f"/api/documents/{upload['document_id']}").status_code == 200


def test_a_server_that_stops_stores_nothing_half_read(tmp_path: Path, embedder: Embedder) -> None:
    model = Held(embedder)
    footnote = wiring_at(tmp_path / "home", embedder)
    footnote.__dict__["embedder"] = model
    with serving(footnote) as client:
        send(client, lake__txt=LAKE, bridge__md=BRIDGE)
        assert model.reached.wait(30)
        threading.Timer(0.3, model.let_go.set).start()
    assert (footnote.library.count(), kept(footnote)) == (0, [])
    footnote.library.close()


# --- Requests that cannot be used


@pytest.mark.parametrize("unknown", ["nobody", "%00", "..%2F..", "имя"])
def test_unknown_uploads_are_404(client: httpx.Client, unknown: str) -> None:
    for method in ("GET", "DELETE"):
        assert error_of(client.request(method, f"/api/uploads/{unknown}"), 404)["code"] == "not_found"


def test_a_form_that_holds_no_files_is_422(client: httpx.Client) -> None:
    address = "/api/documents"
    form = {"content-type": "multipart/form-data; boundary=x"}
    assert error_of(client.post(address, files=[("picture", ("a.txt", "x"))]), 422)["field"] == "picture"
    assert error_of(client.post(address, content=b"--x--\r\n", headers=form), 422)["field"] == "file"
    error_of(client.post(address, content=b"nonsense", headers=form), 422)
    error_of(client.post(address, content=b"x", headers={"content-type": "multipart/form-data"}), 422)
    body = b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\ntext\r\n--x--\r\n'
    assert error_of(client.post(address, content=body, headers=form), 422)["field"] == "file"
    assert client.get("/api/uploads").json() == {"uploads": []}


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "url"), ({"url": " "}, "url"), ({"url": 5}, "url"), ({"url": "x", "colour": "red"}, "colour"), ([], "body")],
)
def test_json_that_names_no_url_is_422(client: httpx.Client, body: object, field: str) -> None:
    assert error_of(client.post("/api/documents", json=body), 422)["field"] == field
    assert error_of(client.post("/api/documents", content=b"no JSON"), 422)["field"] == "body"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/x", "http://localhost/", "http://[::1]/", "file:///etc/passwd", "/etc/passwd", "x y"]
)
def test_addresses_that_are_private_or_none_fail_with_a_reason(client: httpx.Client, url: str) -> None:
    response = client.post("/api/documents", json={"url": url})
    assert response.status_code == 202
    ended = finished(client, response.json()["uploads"][0])
    assert (ended["state"], bool(ended["reason"])) == ("failed", True)
    assert client.get("/api/documents").json() == {"documents": []}


def test_a_body_over_the_limit_is_413_and_nothing_of_it_is_kept(footnote: Wiring) -> None:
    footnote.settings = footnote.settings.model_copy(update={"upload_megabytes": 1})
    with serving(footnote) as client:
        boundary = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        parts = [boundary, *[b"x" * 500_000] * 6, b"\r\n--x--\r\n"]
        form = {"content-type": "multipart/form-data; boundary=x"}
        for content in (b"".join(parts), iter(parts)):  # the second does not say its length
            error = error_of(client.post("/api/documents", content=content, headers=form), 413)
            assert (error["code"], "FOOTNOTE_UPLOAD_MEGABYTES" in error["hint"]) == ("too_large", True)
        assert error_of(client.post("/api/chat", content=iter(parts), headers=form), 413)["code"] == "too_large"
        assert (kept(footnote), client.get("/api/uploads").json()) == ([], {"uploads": []})
        assert finished(client, send(client, large__exe=bytes(900_000))[0])["state"] == "skipped"


def test_many_uploads_at_once_are_all_read(client: httpx.Client) -> None:
    uploads = send(client, **{f"note{number}__txt": f"Note {number} speaks of Orsk." for number in range(12)})
    assert {finished(client, upload)["state"] for upload in uploads} == {"added"}
    assert len(client.get("/api/documents").json()["documents"]) == 12
