"""A folder of hostile files: each ends in a state with a reason, and what lies beside them is read and answers."""

from __future__ import annotations

import json
import random
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from assistant.wiring import Wiring
from corpus.intake import find_sources
from corpus.types import FileReport
from corpus.workers import Workers
from index.types import Query
from tests.assistant.running import FOOTNOTE
from tests.corpus.hostile_files import hostile_files, write_hostile
from tests.factories import write_files
from tests.faults.test_kills import assert_sound

GOOD = "The bridge at Orsk was opened in May and cost twelve million roubles, the governor said."
WITH_REASON = {"duplicate", "moved", "partial", "skipped", "failed"}
SECONDS = 30.0


def read_among(footnote: Wiring, folder: Path, files: dict[str, bytes]) -> list[FileReport]:
    """Reads the files and two good ones among them, in worker processes, and looks at what comes of it."""
    write_hostile(folder, files)
    write_files(folder, {"a good one.md": GOOD, "zz another.md": "Snow lay on the pass until the end of April."})
    with closing(Workers(SECONDS, 2048)) as workers:
        footnote.__dict__["read_files"] = workers.read
        reports = list(footnote.indexer.index(find_sources([folder])))
    sources = {source.place for source in find_sources([folder])}
    assert {report.path.partition("!/")[0] for report in reports} == sources
    assert [report.path for report in reports if report.state in WITH_REASON and not report.reason] == []
    stated = {report.path: report.state for report in reports}
    assert stated[f"{folder}/a good one.md"] == stated[f"{folder}/zz another.md"] == "added"
    assert [hit.text for hit in footnote.retriever.search(Query("When was the bridge at Orsk opened?"), 1)] == [GOOD]
    assert not [document for document in footnote.library.documents() if "root:" in document.text]
    assert_sound(footnote)
    return reports


def test_a_sample_of_hostile_files_ends_in_states_with_reasons(footnote: Wiring, tmp_path: Path) -> None:
    files = hostile_files(1)
    chosen = random.Random(1).sample(sorted(files), 60)
    read_among(footnote, tmp_path / "in", {name: files[name] for name in chosen})


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(3))
def test_all_hostile_files_end_in_states_with_reasons(footnote: Wiring, tmp_path: Path, seed: int) -> None:
    files = hostile_files(seed) | {"200 MB in a line.txt": b"word " * 40_000_000, "200 MB.jsonl": b"[" * 200_000_000}
    assert len(files) >= 200
    read_among(footnote, tmp_path / "in", files)


@pytest.mark.soak
def test_files_that_vanish_or_grow_while_they_are_read_end_in_states(footnote: Wiring, tmp_path: Path) -> None:
    folder = write_files(tmp_path / "in", {f"{number:03}.md": f"Rain fell on day {number}." for number in range(200)})
    chance = random.Random(1)
    states = set()
    for report in footnote.indexer.index(find_sources([folder])):
        states.add(report.state)
        for path in chance.sample(sorted(folder.iterdir()), 2):
            if chance.random() < 0.5:
                path.unlink()
            else:
                with path.open("a") as file:
                    file.write(" It rained on.")
    assert states <= {"added", "failed", "duplicate", "moved"}
    assert_sound(footnote)


def test_no_code_of_the_folder_that_is_read_is_run(tmp_path: Path) -> None:
    trap = "open('run', 'w').close()\nraise SystemExit(3)\n"
    traps = dict.fromkeys(("random.py", "corpus/__init__.py", "sitecustomize.py"), trap)
    folder = write_files(tmp_path / "in", {**traps, "a.md": GOOD})
    done = subprocess.run(
        [FOOTNOTE, "index", "a.md", "--dry-run", "--json", "--home", str(tmp_path / "home")],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert [file["state"] for file in json.loads(done.stdout)["files"]] == ["added"]
    assert not (folder / "run").exists()
