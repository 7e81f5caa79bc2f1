"""A process killed at any moment leaves a library that opens, holds all that was reported, and can be completed."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.wiring import Wiring
from corpus.errors import OtherIndex
from index.embedding import Embedder
from tests.factories import index_paths, states, wiring_at, write_files

COMMAND = [sys.executable, "-c", "from assistant.cli import main; main()", "index"]
LINE = re.compile(r" *(?:added|updated|duplicate)  (?P<path>/.*?\.md)(?: \(.*)?\n")
LOADING = 6.0  # seconds in which the model loads and the first batch is embedded, about

Contents = list[tuple[str, str, tuple[str, ...], tuple[tuple[int, int], ...]]]


def write_folder(folder: Path, files: int, version: int = 1) -> Path:
    """Files of short sections, of which four fill a batch; every fourth file is a copy of the one before."""
    texts = {}
    for number in range(files):
        about = number - (number % 4 == 3)
        parts = (f"## Part {part}\n\nFile {about} says {part} in version {version}." for part in range(16))
        texts[f"{number:02}.md"] = "\n\n".join(parts)
    return write_files(folder, texts)


def killed(home: Path, *arguments: str, lines: int = 0, delay: float = 0, **environment: str) -> list[str]:
    """Runs `footnote index`, kills it so many lines and seconds after its start, and returns the paths it reported."""
    process = subprocess.Popen(
        [*COMMAND, *arguments, "--home", str(home)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    with process.stdout as output:
        printed = [output.readline() for _ in range(lines)]
        time.sleep(delay)
        process.kill()
        printed += output.readlines()
    assert process.wait() in (-9, 0), printed
    return [match["path"] for line in printed if (match := LINE.fullmatch(line))]


def contents(footnote: Wiring) -> Contents:
    """Each document with its version, its places and where its passages lie."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for _, document_id, start, end in footnote.store.spans():
        spans.setdefault(document_id, []).append((start, end))
    return sorted(
        (one.id, one.content_hash, one.places, tuple(sorted(spans.get(one.id, ()))))
        for one in footnote.library.documents()
    )


def assert_sound(footnote: Wiring) -> None:
    """The file is whole, no document stands twice, and each has passages with vectors."""
    with footnote.library.reading() as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    versions = [one.content_hash for one in footnote.library.documents()]
    assert len(versions) == len(set(versions))
    assert (footnote.store.unindexed(), footnote.store.without_embedding()) == ([], 0)


def indexed(home: Path, folder: Path, embedder: Embedder) -> Contents:
    """What a library holds after a run that nothing interrupts."""
    footnote = wiring_at(home, embedder)
    index_paths(footnote, folder)
    held = contents(footnote)
    footnote.library.close()
    return held


def check_a_killed_run(
    tmp_path: Path, embedder: Embedder, *, files: int, edited: bool, lines: int, delay: float
) -> None:
    """Kills a run over new or edited files, looks at what it left, and completes it."""
    home, other, folder = tmp_path / "home", tmp_path / "other", write_folder(tmp_path / "in", files)
    if edited:
        indexed(home, folder, embedder)
        shutil.copytree(home, other)
        write_folder(folder, files, version=2)
    reported = killed(home, str(folder), lines=lines, delay=delay)
    assert len(reported) >= lines
    footnote = wiring_at(home, embedder)
    assert_sound(footnote)
    again = states(index_paths(footnote, folder))
    assert {again[Path(path).name] for path in reported} <= {"unchanged"}
    assert contents(footnote) == indexed(other, folder, embedder)
    assert_sound(footnote)
    footnote.library.close()


@pytest.mark.parametrize("edited", [False, True], ids=["new files", "edited files"])
def test_a_killed_run_keeps_what_it_reported_and_is_completed_by_the_next(
    tmp_path: Path, embedder: Embedder, edited: bool
) -> None:
    moment = random.Random(edited)
    check_a_killed_run(
        tmp_path, embedder, files=8, edited=edited, lines=moment.randrange(1, 8), delay=moment.uniform(0, 0.05)
    )


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(40))
def test_a_run_may_be_killed_at_any_moment(tmp_path: Path, embedder: Embedder, seed: int) -> None:
    moment = random.Random(f"run {seed}")
    lines = moment.randrange(1, 32) if seed % 4 else 0
    delay = moment.uniform(0, 0.2 if lines else LOADING)
    check_a_killed_run(tmp_path, embedder, files=32, edited=seed % 2 == 1, lines=lines, delay=delay)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(12))
def test_a_rebuild_may_be_killed_at_any_moment(tmp_path: Path, embedder: Embedder, seed: int) -> None:
    home, folder = tmp_path / "home", write_folder(tmp_path / "in", 32)
    documents = [one[:3] for one in indexed(home, folder, embedder)]
    delay = random.Random(f"rebuild {seed}").uniform(LOADING / 3, LOADING)
    killed(home, "--rebuild", delay=delay, FOOTNOTE_INDEX__PASSAGE_TOKENS="32")
    footnote = wiring_at(home, embedder, index={"passage_tokens": 32})
    try:
        assert footnote.library.count() == len(documents)
        assert list(footnote.indexer.index([])) == []
    except OtherIndex:
        footnote.rebuild()
    assert [one[:3] for one in contents(footnote)] == documents
    assert_sound(footnote)
    footnote.library.close()
