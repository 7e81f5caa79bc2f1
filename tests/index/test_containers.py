"""Files of many documents in the library: a place for each member, followed as the file changes."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from assistant.wiring import Wiring
from corpus.intake import find_sources, place_exists
from corpus.types import FileReport
from corpus.workers import Workers
from index.types import Query
from tests.corpus.makers import package
from tests.factories import index_paths, write_files

RAIN = "Rain fell on the town for three days and the river rose by two metres."
WAR = "The war began in the autumn and ended with the truce of the ninth of November."
BREAD = "Sourdough bread is baked in a hot oven for forty minutes."


def archive(folder: Path, members: Mapping[str, str | bytes], name: str = "a.zip") -> Path:
    return write_files(folder, {name: package(members)}) / name


def outcome(reports: list[FileReport], file: Path) -> list[tuple[str, str]]:
    """Each report's place, from the file on, and its state."""
    return [(report.path.removeprefix(str(file)), report.state) for report in reports]


def places(footnote: Wiring) -> set[str]:
    return {place for document in footnote.library.documents() for place in document.places}


def test_each_member_is_a_document_with_a_place_and_a_report(footnote: Wiring, tmp_path: Path) -> None:
    file = archive(tmp_path, {"in/rain.md": RAIN, "war.txt": WAR, "p.png": b"x"})
    reports = index_paths(footnote, file)
    assert outcome(reports, file) == [("!/in/rain.md", "added"), ("!/war.txt", "added"), ("!/p.png", "skipped")]
    assert places(footnote) == {f"{file}!/in/rain.md", f"{file}!/war.txt"}
    [hit] = footnote.retriever.search(Query("rain"), 1)
    assert (hit.place, hit.title, hit.text) == (f"{file}!/in/rain.md", "rain.md", RAIN)


def test_a_container_that_has_not_changed_is_not_read_and_its_failures_are_told_again(
    footnote: Wiring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = archive(tmp_path, {"rain.md": RAIN, "war.txt": WAR, "e.txt": ""})
    first = index_paths(footnote, file)
    again = index_paths(footnote, file)
    assert outcome(again, file) == [("!/rain.md", "unchanged"), ("!/war.txt", "unchanged"), ("!/e.txt", "failed")]
    assert [(one.document_id, one.reason) for one in again] == [(one.document_id, one.reason) for one in first]


def test_members_that_change_are_updated_and_those_that_vanish_are_removed(footnote: Wiring, tmp_path: Path) -> None:
    file = archive(tmp_path, {"a.md": RAIN, "b.md": WAR})
    [a, b] = index_paths(footnote, file)
    archive(tmp_path, {"a.md": BREAD, "c.md": "Snow."})
    reports = index_paths(footnote, file)
    assert outcome(reports, file) == [("!/a.md", "updated"), ("!/c.md", "added"), ("!/b.md", "removed")]
    assert (reports[0].document_id, reports[2].document_id) == (a.document_id, b.document_id)
    assert {document.text for document in footnote.library.documents()} == {BREAD, "Snow."}
    assert [state for _, state in outcome(index_paths(footnote, file), file)] == ["unchanged", "unchanged"]


def test_a_container_that_broke_loses_nothing(footnote: Wiring, tmp_path: Path) -> None:
    file = archive(tmp_path, {"a.md": RAIN, "b.md": WAR})
    index_paths(footnote, file)
    file.write_bytes(file.read_bytes()[:100])
    assert outcome(index_paths(footnote, file), file) == [("", "failed")]
    assert footnote.library.count() == 2


def test_a_member_that_was_removed_from_the_library_is_read_again(footnote: Wiring, tmp_path: Path) -> None:
    file = archive(tmp_path, {"a.md": RAIN, "b.md": WAR})
    [a, _] = index_paths(footnote, file)
    footnote.library.remove(a.document_id or "")
    assert outcome(index_paths(footnote, file), file) == [("!/a.md", "added"), ("!/b.md", "unchanged")]


def test_members_move_with_their_container_and_are_copies_of_what_lies_beside_it(
    footnote: Wiring, tmp_path: Path
) -> None:
    file = archive(tmp_path, {"a.md": RAIN})
    [before] = index_paths(footnote, file)
    moved = file.rename(tmp_path / "b.zip")
    [after] = index_paths(footnote, moved)
    assert (after.path, after.state, after.document_id) == (f"{moved}!/a.md", "moved", before.document_id)
    [copy] = index_paths(footnote, write_files(tmp_path, {"c.md": RAIN}) / "c.md")
    assert (copy.state, copy.reason) == ("duplicate", f"the same content as {moved}!/a.md")


def test_the_place_of_a_member_is_there_while_its_container_is(tmp_path: Path) -> None:
    file = archive(tmp_path, {"a.md": RAIN})
    plain = write_files(tmp_path / "we!", {"rain.md": RAIN}) / "rain.md"
    hard = Path(f"{tmp_path}/\udcff.zip")
    hard.write_bytes(b"")
    assert place_exists(f"{file}!/a.md")
    assert place_exists(f"{file}!/https://example.org/gone")
    assert place_exists(str(plain))
    assert place_exists(f"{tmp_path}/\\xff.zip!/a.md")
    plain.unlink()
    file.unlink()
    assert not place_exists(f"{file}!/a.md")
    assert not place_exists(f"{file}!/https://example.org/gone")
    assert not place_exists(str(plain))


@pytest.mark.parametrize(
    ("members", "state", "reason"),
    [
        ({}, "failed", "there is nothing in it: nothing to read"),
        ({"a.png": b"x"}, "skipped", "nothing in it is read: see its 1 member"),
        ({"a.png": b"x", "b.txt": b""}, "failed", "nothing in it is read: see its 2 members"),
    ],
)
def test_a_container_without_a_document_has_a_report_of_its_own(
    footnote: Wiring, tmp_path: Path, members: dict[str, bytes], state: str, reason: str
) -> None:
    file = archive(tmp_path, members)
    last = index_paths(footnote, file)[-1]
    assert (last.path, last.state, last.reason) == (str(file), state, reason)


def test_a_message_has_the_place_of_its_file(footnote: Wiring, tmp_path: Path) -> None:
    file = write_files(tmp_path, {"m.eml": f"From: Anna <a@example.org>\nSubject: Rain\n\n{RAIN}\n"}) / "m.eml"
    [report] = index_paths(footnote, file)
    assert (report.path, report.state) == (str(file), "added")
    [document] = footnote.library.documents()
    assert (document.title, document.metadata.author, document.places) == ("Rain", "Anna", (str(file),))
    assert outcome(index_paths(footnote, file), file) == [("", "unchanged")]


def test_fields_of_records_are_named_by_the_map_given_or_by_the_folder(footnote: Wiring, tmp_path: Path) -> None:
    records = json.dumps([{"id": 1, "story": RAIN, "who": "Anna"}])
    folder = write_files(tmp_path / "in", {"a.json": records})
    assert [report.state for report in index_paths(footnote, folder)] == ["partial"]
    given = list(footnote.indexer.index(find_sources([folder], fields={"text": "story"})))
    assert outcome(given, folder) == [("/a.json!/1", "added"), ("/a.json", "removed")]
    write_files(folder, {"footnote.toml": 'outlet = "Steppe Post"\n[map]\ntext = "story"\nauthor = "who"\n'})
    assert [report.state for report in index_paths(footnote, folder)] == ["updated"]
    [document] = footnote.library.documents()
    assert (document.text, document.metadata.author, document.metadata.outlet) == (RAIN, "Anna", "Steppe Post")


@pytest.mark.parametrize("table", ["map = 1", "[map]\nbody = 'text'", "[map]\ntext = 1", "[map]\ntext = ''"])
def test_a_map_that_cannot_be_used_is_reported_and_the_files_are_read(
    footnote: Wiring, tmp_path: Path, table: str
) -> None:
    write_files(tmp_path / "in", {"a.md": RAIN, "footnote.toml": table})
    reports = index_paths(footnote, tmp_path / "in")
    assert outcome(reports, tmp_path / "in") == [("/footnote.toml", "failed"), ("/a.md", "added")]
    assert (reports[0].reason or "").startswith("the map")


def test_a_killed_run_over_a_container_is_completed_by_the_next(footnote: Wiring, tmp_path: Path) -> None:
    file = archive(tmp_path, {f"{number}.md": f"# {number}\n\n{WAR}\n\n" * 30 for number in range(5)})
    run = footnote.indexer.index(find_sources([file]))
    assert isinstance(run, Generator)
    assert next(run).state == "added"
    run.close()
    assert 0 < footnote.library.count() < 5
    reports = index_paths(footnote, file)
    assert {report.state for report in reports} == {"unchanged", "added"}
    assert footnote.library.count() == len(reports) == 5


def test_worker_processes_give_the_same_library(footnote: Wiring, tmp_path: Path) -> None:
    write_files(
        tmp_path / "in", {"a.zip": package({"r.md": RAIN, "w.md": WAR}), "b.md": BREAD, "c.txt": "", "d.md": RAIN}
    )
    with closing(Workers(30, 2048)) as workers:
        footnote.__dict__["read_files"] = workers.read
        first = list(footnote.indexer.index(find_sources([tmp_path / "in"])))
        second = list(footnote.indexer.index(find_sources([tmp_path / "in"])))
    assert [report.state for report in first] == ["added", "added", "added", "failed", "duplicate"]
    assert [report.state for report in second] == ["unchanged", "unchanged", "unchanged", "failed", "unchanged"]
    assert [report.path for report in first] == [report.path for report in second]
