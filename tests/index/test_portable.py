"""A library in one file: the same answers elsewhere without the model, merged by identity, refused where it differs."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.wiring import Wiring
from corpus.errors import BadRequest, FootnoteError, OtherIndex
from index.embedding import Embedder
from index.exporting import export_library
from index.importing import import_library
from index.settings import IndexSettings
from index.types import Query
from tests.assistant.conftest import BRIDGE, HARVEST, LAKE, OPENED
from tests.assistant.running import run, said
from tests.assistant.test_cli_doctor import checks, wrong
from tests.factories import index_paths, wiring_at, write_files

SETTINGS = IndexSettings()
RIVER = "\n\n".join(f"On day {day} the river at Guryev rose by {day + 1} inches and waited." for day in range(20))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Wiring]:
    """A library of five documents, two of them near duplicates and one at two places."""
    folder = tmp_path_factory.mktemp("source")
    files = {"bridge.md": BRIDGE, "harvest.md": HARVEST, "lake.txt": LAKE, "copy.txt": LAKE, "river.md": RIVER}
    footnote = wiring_at(folder / "home", embedder)
    index_paths(footnote, write_files(folder / "in", {**files, "river2.md": f"{RIVER}\n\nIt fell."}))
    footnote.assistant.ask("Tell me a secret about the bridge.")
    yield footnote
    footnote.library.close()


@pytest.fixture(scope="module")
def exported(source: Wiring, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("exported") / "library.footnote"
    export_library(source.library, SETTINGS, file)
    return file


@pytest.fixture
def no_model(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the model was run")

    monkeypatch.setattr(embedder, "embed_passages", refuse)


def test_an_imported_library_gives_the_same_answers_and_hits(
    source: Wiring, exported: Path, footnote: Wiring, no_model: None
) -> None:
    reports = import_library(footnote.library, SETTINGS, exported)
    assert [report.state for report in reports] == ["added"] * 5
    assert footnote.library.documents() == source.library.documents()
    assert footnote.store.spans() == source.store.spans()
    for question in (OPENED, "Why did the harvest fail?", "How did the river at Guryev rise on day 7?"):
        assert said(footnote.assistant.ask(question)) == said(source.assistant.ask(question))
        assert footnote.retriever.search(Query(question)) == source.retriever.search(Query(question))


def test_what_was_imported_is_sound_and_known_to_the_next_run(
    source: Wiring, exported: Path, footnote: Wiring, no_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_library(footnote.library, SETTINGS, exported)
    folder = Path(source.library.documents()[0].places[0]).parent
    assert {report.state for report in index_paths(footnote, folder)} == {"unchanged"}
    monkeypatch.setattr(Wiring, "embedder", footnote.embedder)
    assert wrong(checks("--home", footnote.settings.home)) == []


def test_conversations_are_not_exported(exported: Path) -> None:
    with zipfile.ZipFile(exported) as archive:
        assert not any(b"secret" in archive.read(name) for name in archive.namelist())


def test_the_same_library_is_the_same_file(source: Wiring, exported: Path, tmp_path: Path) -> None:
    export_library(source.library, SETTINGS, tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == exported.read_bytes()
    assert (tmp_path / "again").stat().st_mode & 0o077 == 0


def test_the_manifest_says_how_the_index_was_made(exported: Path) -> None:
    with zipfile.ZipFile(exported) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert manifest["sha256"] == {
            name: hashlib.sha256(archive.read(name)).hexdigest()
            for name in archive.namelist()
            if name != "manifest.json"
        }
    assert (manifest["version"], manifest["settings"]["model"], manifest["fingerprint"]) == (
        1,
        SETTINGS.model,
        SETTINGS.fingerprint,
    )
    assert (manifest["documents"], manifest["dimension"]) == (5, 384)


def test_the_same_content_is_the_same_document_and_keeps_what_is_known_here(
    source: Wiring, exported: Path, footnote: Wiring, tmp_path: Path
) -> None:
    index_paths(footnote, write_files(tmp_path / "own", {"lake.md": LAKE, "own.md": "Snow fell."}), outlet="Mine")
    [lake] = (one for one in footnote.library.documents() if one.text == LAKE.strip())
    states = {Path(report.path).name: report.state for report in import_library(footnote.library, SETTINGS, exported)}
    assert states.pop("copy.txt") == "duplicate"
    assert set(states.values()) == {"added"}
    merged = footnote.library.document(lake.id)
    assert (merged.metadata.outlet, len(merged.places), footnote.library.count()) == ("Mine", 3, 6)
    assert {report.state for report in import_library(footnote.library, SETTINGS, exported)} == {"duplicate"}
    assert footnote.library.count() == 6


def test_what_stands_at_a_place_here_stays_there(
    source: Wiring, exported: Path, footnote: Wiring, tmp_path: Path
) -> None:
    import_library(footnote.library, SETTINGS, exported)
    [bridge] = (one for one in footnote.library.documents() if "Orsk" in one.title)
    path = Path(bridge.places[0])
    written = path.read_text()
    try:
        path.write_text("The bridge was closed.")
        index_paths(footnote, path)
        import_library(footnote.library, SETTINGS, exported)
    finally:
        path.write_text(written)
    texts = {one.text: one.places for one in footnote.library.documents() if "bridge" in one.text}
    assert texts == {"The bridge was closed.": (str(path),), bridge.text: ()}
    assert (footnote.store.unindexed(), footnote.store.without_embedding()) == ([], 0)


def rewritten(file: Path, at: Path, change: Callable[[str, bytes], bytes], mend: bool = False) -> Path:
    """A copy of a portable file whose parts are changed; ``mend`` sets the checksums right again."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(at, "w") as new:
        parts = {name: change(name, old.read(name)) for name in old.namelist()}
        if mend:
            manifest = json.loads(parts["manifest.json"])
            manifest["sha256"] = {name: hashlib.sha256(parts[name]).hexdigest() for name in manifest["sha256"]}
            parts["manifest.json"] = json.dumps(manifest).encode()
        for name, data in parts.items():
            new.writestr(name, data)
    return at


def replacing(part: str, old: bytes, new: bytes) -> Callable[[str, bytes], bytes]:
    return lambda name, data: data.replace(old, new, 1) if name == part else data


def cut_off(part: str) -> Callable[[str, bytes], bytes]:
    return lambda name, data: data[: len(data) // 2] if name == part else data


@pytest.mark.parametrize("part", ["documents.jsonl", "passages.jsonl", "embeddings.jsonl", "embeddings.f16"])
def test_a_wrong_checksum_is_refused(exported: Path, footnote: Wiring, tmp_path: Path, part: str) -> None:
    with pytest.raises(BadRequest, match=f"checksum of {part}"):
        import_library(footnote.library, SETTINGS, rewritten(exported, tmp_path / "x", cut_off(part)))
    assert nothing_in(footnote)


@pytest.mark.parametrize(
    "change",
    [
        cut_off("passages.jsonl"),
        cut_off("embeddings.jsonl"),
        cut_off("embeddings.f16"),
        replacing("documents.jsonl", b"rouble", b"dollar"),
        replacing("documents.jsonl", b'"id":', b'"it":'),
        replacing("passages.jsonl", b'"start":0', b'"start":-1'),
        replacing("passages.jsonl", b'"end":', b'"end":9'),
        replacing("passages.jsonl", b"{", b"["),
        replacing("embeddings.jsonl", b'"rows":', b'"rows":1'),
        replacing("manifest.json", b'"version": 1', b'"version": 2'),
        replacing("manifest.json", b"footnote-library", b"another"),
    ],
)
def test_a_file_that_is_wrong_within_is_refused_and_nothing_is_written(
    exported: Path, footnote: Wiring, tmp_path: Path, change: Callable[[str, bytes], bytes]
) -> None:
    with pytest.raises(BadRequest) as refused:
        import_library(footnote.library, SETTINGS, rewritten(exported, tmp_path / "x", change, mend=True))
    assert refused.value.hint
    assert nothing_in(footnote)


@pytest.mark.parametrize("content", [b"", b"no zip", None])
def test_what_is_no_such_file_is_refused(
    exported: Path, footnote: Wiring, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "x"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BadRequest):
        import_library(footnote.library, SETTINGS, file)
    file.write_bytes(exported.read_bytes()[:-200])
    with pytest.raises(BadRequest):
        import_library(footnote.library, SETTINGS, file)


def test_other_settings_are_refused_with_the_remedy(exported: Path, footnote: Wiring) -> None:
    with pytest.raises(OtherIndex, match=r"passage_tokens 180, here 64.*config\.toml"):
        import_library(footnote.library, IndexSettings(passage_tokens=64), exported)
    assert nothing_in(footnote)


def nothing_in(footnote: Wiring) -> bool:
    with footnote.library.reading() as connection:
        tables = ("documents", "passages", "terms", "embeddings", "meta", "signatures")
        return not any(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)


def test_the_commands(source: Wiring, tmp_path: Path) -> None:
    shutil.copytree(source.settings.home, tmp_path / "one")
    ran = run("sources", "export", tmp_path / "file", "--home", tmp_path / "one", "--json")
    assert (ran.json["documents"], ran.json["passages"]) == (5, source.store.count())
    again = run("sources", "export", tmp_path / "file", "--home", tmp_path / "one")
    assert (again.code, "exists already" in again.complaint) == (1, True)
    read = run("sources", "import", tmp_path / "file", "--home", tmp_path / "two", "--json")
    assert (read.code, read.json["documents"], read.json["passages"]) == (0, 5, source.store.count())
    assert {file["state"] for file in read.json["files"]} == {"added"}
    assert "0 added, 5 known" in run("sources", "import", tmp_path / "file", "--home", tmp_path / "two").out


def test_an_empty_library_can_be_exported_and_imported(footnote: Wiring, tmp_path: Path) -> None:
    export_library(footnote.library, SETTINGS, tmp_path / "file")
    assert import_library(footnote.library, SETTINGS, tmp_path / "file") == []


def test_a_document_that_is_not_indexed_is_not_exported(footnote: Wiring, tmp_path: Path, source: Wiring) -> None:
    footnote.library.put(source.library.documents()[0])
    with pytest.raises(FootnoteError, match="footnote index"):
        export_library(footnote.library, SETTINGS, tmp_path / "file")
    assert list(tmp_path.glob("*file*")) == []
