"""A library follows its folder: `--prune`, `--dry-run` and `--watch`."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assistant.watching import watch
from assistant.wiring import Wiring
from corpus.intake import find_sources
from tests.assistant.running import FOOTNOTE, Json, run
from tests.factories import write_files

RAIN, WAR, BREAD = "It rained in the valley.\n", "The army left the town.\n", "Bread costs two manats.\n"


@pytest.fixture
def folder(footnote: Wiring, one_model: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three indexed files, one of them in a folder below."""
    monkeypatch.setenv("FOOTNOTE_HOME", str(footnote.settings.home))
    made = write_files(tmp_path / "in", {"a.md": RAIN, "b.md": WAR, "below/c.md": BREAD})
    run("index", made)
    return made


def states(*arguments: object) -> dict[str, str]:
    return {Path(file["path"]).name: file["state"] for file in run("index", *arguments, "--json").json["files"]}


def held(footnote: Wiring) -> list[str]:
    return sorted(Path(place).name for one in footnote.library.documents() for place in one.places)


# --- Prune


def test_documents_whose_files_are_gone_are_removed(footnote: Wiring, folder: Path) -> None:
    gone = footnote.library.at_place(str(folder / "a.md"))
    (folder / "a.md").unlink()
    ran = run("index", folder, "--prune", "--json")
    assert gone is not None
    assert (ran.code, ran.json["files"][-1]) == (
        0,
        {"path": str(folder / "a.md"), "state": "removed", "document_id": gone[0], "reason": None},
    )
    assert (held(footnote), ran.json["documents"]) == (["b.md", "c.md"], 2)
    assert footnote.assistant.search("rain valley", 10).hits[0].text != RAIN.strip()


def test_without_prune_they_stay(footnote: Wiring, folder: Path) -> None:
    (folder / "a.md").unlink()
    assert states(folder) == {"b.md": "unchanged", "c.md": "unchanged"}
    assert held(footnote) == ["a.md", "b.md", "c.md"]


def test_only_what_lies_under_the_paths_is_looked_at(footnote: Wiring, folder: Path) -> None:
    beside = write_files(folder.parent / "in-beside", {"d.md": "Snow fell.\n"})
    run("index", beside)
    for file in (folder / "a.md", folder / "below" / "c.md", beside / "d.md"):
        file.unlink()
    assert states(folder / "below", "--prune") == {"c.md": "removed"}
    assert states(folder, "--prune") == {"a.md": "removed", "b.md": "unchanged"}
    assert held(footnote) == ["b.md", "d.md"]


def test_a_document_with_another_place_stays(footnote: Wiring, folder: Path) -> None:
    write_files(folder, {"copy.md": RAIN})
    run("index", folder)
    (folder / "a.md").unlink()
    assert states(folder, "--prune")["a.md"] == "removed"
    assert held(footnote) == ["b.md", "c.md", "copy.md"]


def test_a_renamed_file_has_moved_and_is_not_removed(footnote: Wiring, folder: Path) -> None:
    (folder / "a.md").rename(folder / "z.md")
    assert states(folder, "--prune") == {"z.md": "moved", "b.md": "unchanged", "c.md": "unchanged"}
    assert held(footnote) == ["b.md", "c.md", "z.md"]


def unmounted(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))


def linked_folder_unmounted(folder: Path) -> None:
    (folder / "below").rename(folder.parent / "disk")
    (folder / "below").symlink_to(folder.parent / "not mounted")


def dangling_link(folder: Path) -> None:
    (folder / "below" / "c.md").unlink()
    (folder / "below" / "c.md").symlink_to(folder.parent / "not mounted" / "c.md")


@pytest.mark.parametrize("hide", [unmounted, linked_folder_unmounted, dangling_link])
def test_what_cannot_be_looked_at_is_not_gone(
    footnote: Wiring, folder: Path, hide: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert callable(hide)
    hide(folder)
    assert "removed" not in states(folder, "--prune").values()
    assert held(footnote) == ["a.md", "b.md", "c.md"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may enter every folder")
def test_what_lies_in_a_folder_that_may_not_be_entered_is_not_gone(footnote: Wiring, folder: Path) -> None:
    (folder / "below").chmod(0)
    try:
        run("index", folder, "--prune")
    finally:
        (folder / "below").chmod(0o700)
    assert held(footnote) == ["a.md", "b.md", "c.md"]


def test_a_refusal_of_the_system_is_no_absence(footnote: Wiring, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object) -> os.stat_result:
        raise PermissionError(13, "not allowed")

    monkeypatch.setattr("corpus.absence.os.lstat", refuse)
    assert list(footnote.indexer.prune([folder])) == []


def test_urls_and_the_desk_are_never_pruned(footnote: Wiring, folder: Path) -> None:
    [document] = (one for one in footnote.library.documents() if one.text == RAIN.strip())
    footnote.library.put_place("https://example.org/rain", document.id, "hash")
    footnote.library.put_place(str(folder / "desk.md"), document.id, "hash", desk=True)
    assert list(footnote.indexer.prune([folder])) == []


@pytest.mark.parametrize("member", ["x.txt", "inner.zip!/x.txt"])
def test_members_of_a_container_are_there_as_long_as_it_is(footnote: Wiring, folder: Path, member: str) -> None:
    [document] = (one for one in footnote.library.documents() if one.text == RAIN.strip())
    (folder / "box.zip").write_bytes(b"PK")
    footnote.library.put_place(f"{folder}/box.zip!/{member}", document.id, "hash")
    assert list(footnote.indexer.prune([folder])) == []
    (folder / "box.zip").unlink()
    assert [report.path for report in footnote.indexer.prune([folder])] == [f"{folder}/box.zip!/{member}"]


def test_a_name_that_is_no_utf8_is_looked_at_as_it_is(footnote: Wiring, folder: Path) -> None:
    odd = os.path.join(os.fsencode(folder), b"caf\xe9.md")  # noqa: PTH118 - bytes
    Path(os.fsdecode(odd)).write_text("Coffee was served.\n")
    run("index", folder)
    assert list(footnote.indexer.prune([folder])) == []
    os.unlink(odd)  # noqa: PTH108 - bytes
    assert [report.state for report in footnote.indexer.prune([folder])] == ["removed"]


def test_nothing_of_a_pruned_document_stays_in_the_files(footnote: Wiring, folder: Path) -> None:
    (folder / "a.md").unlink()
    run("index", folder, "--prune")
    assert not [file for file in footnote.settings.home.iterdir() if b"rained in the valley" in file.read_bytes()]


@pytest.mark.parametrize("flag", ["--prune", "--watch"])
def test_following_needs_paths(flag: str) -> None:
    assert run("index", flag).code == 2


# --- Dry run


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {str(file): (file.stat().st_mtime_ns, file.read_bytes()) for file in folder.rglob("*") if file.is_file()}


def test_a_dry_run_says_what_the_run_would_and_changes_nothing(footnote: Wiring, folder: Path) -> None:
    (folder / "a.md").unlink()
    (folder / "below" / "c.md").rename(folder / "z.md")
    write_files(folder, {"b.md": "The army came back.\n", "copy.md": "The army came back.\n", "new.md": "Snow fell.\n"})
    write_files(folder, {"none.md": b"", "odd.xyz": "?"})
    footnote.library.close()
    before = snapshot(footnote.settings.home)
    rehearsed = run("index", folder, "--prune", "--dry-run", "--json").json
    assert snapshot(footnote.settings.home) == before
    done = run("index", folder, "--prune", "--json").json
    assert rehearsed["files"] == done["files"]
    assert {file["state"] for file in done["files"]} == {
        "added", "updated", "duplicate", "moved", "removed", "failed", "skipped",
    }  # fmt: skip
    assert (rehearsed["documents"], rehearsed["passages"]) == (3, 3)


def test_a_dry_run_makes_no_library(one_model: None, tmp_path: Path) -> None:
    files = write_files(tmp_path / "in", {"a.md": RAIN, "b.md": RAIN})
    ran = run("index", files, "--dry-run", "--json", "--home", tmp_path / "none")
    assert [file["state"] for file in ran.json["files"]] == ["added", "duplicate"]
    assert (ran.json["documents"], (tmp_path / "none").exists()) == (0, False)


def test_a_dry_run_sees_a_library_that_another_process_writes(footnote: Wiring, folder: Path) -> None:
    with footnote.library.writing():
        footnote.library.set_meta("key", "value")
        assert set(states(folder, "--dry-run").values()) == {"unchanged"}


@pytest.mark.parametrize("flag", ["--watch", "--rebuild"])
def test_a_dry_run_of_what_cannot_be_rehearsed_is_refused(tmp_path: Path, flag: str) -> None:
    assert run("index", tmp_path, "--dry-run", flag).code == 2


# --- Watch


@dataclass
class Watched:
    """`footnote index --watch --json` in a process of its own; its lines as they come."""

    process: subprocess.Popen[str]
    lines: queue.Queue[Json] = field(default_factory=queue.Queue)

    def read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(json.loads(line))

    def next(self) -> tuple[str, str]:
        line = self.lines.get(timeout=60)
        assert set(line) == {"path", "state", "document_id", "reason"}
        return Path(line["path"]).name, line["state"]

    def is_silent_for(self, seconds: float) -> bool:
        time.sleep(seconds)
        return self.lines.empty()


@contextmanager
def watching(home: Path, folder: Path, *flags: str) -> Iterator[Watched]:
    command = [FOOTNOTE, "index", str(folder), "--watch", "--json", "--home", str(home), *flags]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    watched = Watched(process)
    reader = threading.Thread(target=watched.read)
    reader.start()
    try:
        yield watched
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    finally:
        process.kill()
        reader.join()
        assert process.stdout is not None
        assert process.stderr is not None
        error = process.stderr.read()
        process.stdout.close()
        process.stderr.close()
    assert error == ""


def test_files_that_change_are_read_once_they_are_quiet(footnote: Wiring, tmp_path: Path) -> None:
    folder = write_files(tmp_path / "in", {"a.md": RAIN, "old.md": WAR})
    index = footnote.indexer.index
    reports = watch(footnote.indexer, [folder], prune=True, first=index(find_sources([folder])))

    def following() -> tuple[str, str]:
        report = next(reports)
        return Path(report.path).name, report.state

    assert [following(), following()] == [("a.md", "added"), ("old.md", "added")]
    write_files(folder, {"b.md": BREAD, ".hidden.md": "no", "a.md": RAIN})
    assert following() == ("b.md", "added")
    writer = threading.Thread(target=write_slowly, args=(folder / "slow.md",))
    writer.start()
    assert following() == ("slow.md", "added")
    writer.join()
    (folder / "old.md").unlink()
    assert following() == ("old.md", "removed")
    reports.close()
    assert "The bridge was opened in May." in [one.text for one in footnote.library.documents()]


def test_deletions_are_followed_with_prune_only(footnote: Wiring, tmp_path: Path) -> None:
    folder = write_files(tmp_path / "in", {"a.md": RAIN, "old.md": WAR})
    reports = watch(footnote.indexer, [folder], first=footnote.indexer.index(find_sources([folder])))
    assert [next(reports).state, next(reports).state] == ["added", "added"]
    (folder / "old.md").unlink()
    time.sleep(0.3)
    write_files(folder, {"b.md": BREAD})
    assert Path(next(reports).path).name == "b.md"
    reports.close()
    assert held(footnote) == ["a.md", "b.md", "old.md"]


def write_slowly(file: Path) -> None:
    with file.open("w") as written:
        for word in ("The", " bridge", " was", " opened", " in", " May.\n"):
            written.write(word)
            written.flush()
            time.sleep(0.3)


@pytest.mark.soak
def test_a_watched_folder_is_followed_until_ctrl_c(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "in", {"a.md": RAIN, "old.md": WAR})
    with watching(tmp_path / "home", folder, "--prune") as watched:
        assert [watched.next(), watched.next()] == [("a.md", "added"), ("old.md", "added")]
        write_files(folder, {"b.md": BREAD})
        assert watched.next() == ("b.md", "added")
        write_files(folder, {"b.md": BREAD + "It was warm.\n", ".hidden.md": "no", "below/c.md": "Snow fell.\n"})
        assert sorted([watched.next(), watched.next()]) == [("b.md", "updated"), ("c.md", "added")]
        (folder / "a.md").rename(folder / "below" / "a2.md")
        assert watched.next() == ("a2.md", "moved")
        (folder / "old.md").unlink()
        assert watched.next() == ("old.md", "removed")
        write_slowly(folder / "slow.md")
        assert watched.next() == ("slow.md", "added")
        assert watched.is_silent_for(1.5)
    shown = run("sources", "list", "--home", tmp_path / "home", "--json").json["documents"]
    assert sorted(Path(one["places"][0]).name for one in shown) == ["a2.md", "b.md", "c.md", "slow.md"]


def test_a_path_that_is_not_there_cannot_be_watched(one_model: None, tmp_path: Path) -> None:
    ran = run("index", tmp_path / "none", "--watch")
    assert ran.code == 1
    assert "does not exist" in ran.complaint
