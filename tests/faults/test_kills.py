"""A process killed at any moment leaves a library that opens, holds all that was reported, and can be completed.

Each test runs a command on a fresh copy of a library, kills it some time after its first write, and compares what the
next run makes of it with a run that nothing interrupted.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import pytest

from assistant.doctor import examine
from assistant.settings import load_settings
from assistant.wiring import Wiring
from corpus.schema import LIBRARY_FILE
from index.embedding import Embedder
from index.types import Query
from tests.factories import index_paths, wiring_at, write_files
from tests.faults.warm import Warm, warm_process

COMMAND = [sys.executable, "-c", "from assistant.cli import main; main()", "index"]
LINE = re.compile(r" *(?P<state>added|updated|duplicate|removed)  (?P<path>/.*?\.md)(?: \(.*)?\n")
FILES = 16
SHORT = {"passage_tokens": 32}
QUESTIONS = ("What does file 5 say?", "part 3 version", "Who spoke in the harbour?")
_LONGEST_SECONDS = 120.0

Contents = list[tuple[str, str, tuple[str, ...], tuple[tuple[int, int], ...]]]
Found = list[tuple[str, float]]


def write_folder(folder: Path, files: int, version: int = 1) -> Path:
    """Files of short sections, of which four fill a batch; every fourth file is a copy of the one before."""
    texts = {}
    for number in range(files):
        about = number - (number % 4 == 3)
        parts = (f"## Part {part}\n\nFile {about} says {part} in version {version}." for part in range(16))
        texts[f"{number:02}.md"] = "\n\n".join(parts)
    return write_files(folder, texts)


def write_prose(folder: Path) -> Path:
    """Files of one long section each, which shorter passages cut otherwise."""
    said = (
        " ".join(
            f"Speaker {part} of file {number} spoke in the harbour for {part + number} minutes." for part in range(30)
        )
        for number in range(FILES)
    )
    return write_files(folder, {f"{number:02}.md": text for number, text in enumerate(said)})


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


def found(footnote: Wiring) -> list[Found]:
    """What a few questions find, by score; the last digits of scores depend on what was embedded together."""
    hits = (footnote.retriever.search(Query(question), 20) for question in QUESTIONS)
    return [sorted((hit.passage_id, round(hit.score, 3)) for hit in found) for found in hits]


@dataclass(frozen=True)
class Deed:
    """Something that is killed: a library and a folder before it, the command's flags, and how it is done again."""

    before: Path
    flags: tuple[str, ...] = ()
    settings: Mapping[str, int] = field(default_factory=dict)

    def wiring(self, home: Path, embedder: Embedder) -> Wiring:
        return wiring_at(home, embedder, index=self.settings) if self.settings else wiring_at(home, embedder)

    def finish(self, footnote: Wiring) -> None:
        """The same once more, to its end."""
        if "--rebuild" in self.flags:
            footnote.rebuild()
        else:
            index_paths(footnote, footnote.settings.home.parent / "in")
        if "--prune" in self.flags:
            list(footnote.indexer.prune([footnote.settings.home.parent / "in"]))


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all of it happens: ids are made of paths."""
    return tmp_path_factory.mktemp("killed") / "here"


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    with warm_process() as process:
        yield process


@pytest.fixture(scope="module")
def deeds(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder, at: Path) -> Callable[[str], Deed]:
    """The four things that are killed, each prepared when first asked for."""

    def prepared(name: str, folder: Path) -> Deed:
        if name == "index":
            write_folder(folder, FILES)
            return Deed(at)
        indexed(at / "home", write_prose(folder) if name == "rebuild" else write_folder(folder, FILES), embedder)
        if name == "update":
            write_folder(folder, FILES, version=2)
            return Deed(at)
        if name == "prune":
            for number in range(FILES // 2):
                (folder / f"{number:02}.md").unlink()
            return Deed(at, ("--prune",))
        return Deed(at, ("--rebuild",), SHORT)

    @cache
    def deed(name: str) -> Deed:
        shutil.rmtree(at, ignore_errors=True)
        (at / "home").mkdir(parents=True)
        made = prepared(name, at / "in")
        before = shutil.copytree(at, tmp_path_factory.mktemp(name) / "before")
        return replace(made, before=before)

    return deed


class Run:
    """A command in a process of its own, over a fresh copy; knows when it first wrote to the library."""

    def __init__(self, warm: Warm, deed: Deed, at: Path) -> None:
        shutil.rmtree(at, ignore_errors=True)
        shutil.copytree(deed.before, at)
        paths = [] if "--rebuild" in deed.flags else [str(at / "in")]
        environment = {f"FOOTNOTE_INDEX__{name.upper()}": str(value) for name, value in deed.settings.items()}
        self._log, self._output = at / "home" / f"{LIBRARY_FILE}-wal", at / "output"
        self._warm = warm
        self._process = warm.start(
            ["index", *paths, *deed.flags, "--home", str(at / "home")], environment, self._output
        )

    def wait_for_first_write(self) -> None:
        until = time.monotonic() + _LONGEST_SECONDS
        while not (self._log.exists() and self._log.stat().st_size) and self.signal(0):
            assert time.monotonic() < until, "nothing was written"
            time.sleep(0.001)

    def signal(self, number: int) -> bool:
        """Sends a signal; False where the process has ended."""
        try:
            os.kill(self._process, number)
        except ProcessLookupError:
            return False
        return True

    def end(self) -> tuple[int, dict[str, str]]:
        """The exit code, and the states that were reported, by path."""
        code = self._warm.wait()
        reports = (LINE.fullmatch(line) for line in self._output.read_text("utf-8").splitlines(keepends=True))
        return code, {match["path"]: match["state"] for match in reports if match}


@pytest.fixture(scope="module")
def undisturbed(
    deeds: Callable[[str], Deed], at: Path, embedder: Embedder, warm: Warm
) -> Callable[[str], tuple[float, Contents, list[Found]]]:
    """How long a deed takes from its first write on, and what it leaves when nothing interrupts it."""

    @cache
    def done(name: str) -> tuple[float, Contents, list[Found]]:
        deed = deeds(name)
        run = Run(warm, deed, at)
        run.wait_for_first_write()
        since = time.monotonic()
        assert run.end()[0] == 0
        seconds = time.monotonic() - since
        footnote = deed.wiring(at / "home", embedder)
        left = contents(footnote), found(footnote)
        footnote.library.close()
        return seconds, *left

    return done


def check_a_kill(
    warm: Warm, deed: Deed, at: Path, embedder: Embedder, moment: float, whole: tuple[float, Contents, list[Found]]
) -> bool:
    """Kills a deed at a share of its time from the first write on, looks at what it left, and completes it.

    Returns whether it was killed: one that was quicker than the one that was timed may have ended.
    """
    run = Run(warm, deed, at)
    run.wait_for_first_write()
    time.sleep(moment * whole[0])
    run.signal(signal.SIGKILL)
    code, reported = run.end()
    assert code in (-signal.SIGKILL, 0)
    settings = load_settings(at / "home", **({"index": deed.settings} if swapped(at, deed) else {}))
    assert [check for check in examine(settings) if check.verdict != "ok"] == []
    footnote = deed.wiring(at / "home", embedder)
    assert_reported(footnote, reported)
    deed.finish(footnote)
    assert (contents(footnote), found(footnote)) == whole[1:]
    assert_sound(footnote)
    footnote.library.close()
    assert [check for check in examine(footnote.settings) if check.verdict != "ok"] == []
    return code != 0


def swapped(at: Path, deed: Deed) -> bool:
    """Whether a rebuild had put its index in the place of the old one."""
    opened = wiring_at(at / "home", Embedder())
    fingerprint = opened.library.get_meta("fingerprint")
    opened.library.close()
    return bool(deed.settings) and fingerprint != opened.settings.index.fingerprint


def assert_reported(footnote: Wiring, reported: Mapping[str, str]) -> None:
    """What was reported is done: files that were read are there in their present version, removed ones are not."""
    for path, state in reported.items():
        known = footnote.library.at_place(path)
        assert (known is None) == (state == "removed"), path
        if known:
            written = Path(path).read_text("utf-8")
            assert footnote.library.document(known[0]).text.split()[-5:] == written.split()[-5:]


@pytest.fixture
def one_model(monkeypatch: pytest.MonkeyPatch, embedder: Embedder) -> None:
    """The doctor takes the model that is loaded already."""
    monkeypatch.setattr(Wiring, "embedder", embedder)


@pytest.mark.parametrize("name", ["update", "prune", "rebuild"])
def test_a_killed_run_keeps_what_it_reported_and_is_completed_by_the_next(
    name: str,
    deeds: Callable[[str], Deed],
    undisturbed: Callable[[str], tuple[float, Contents, list[Found]]],
    at: Path,
    warm: Warm,
    embedder: Embedder,
    one_model: None,
) -> None:
    check_a_kill(warm, deeds(name), at, embedder, random.Random(name).random(), undisturbed(name))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("name", ["index", "update", "prune", "rebuild"])
def test_a_run_may_be_killed_at_any_moment(
    name: str,
    seed: int,
    deeds: Callable[[str], Deed],
    undisturbed: Callable[[str], tuple[float, Contents, list[Found]]],
    at: Path,
    warm: Warm,
    embedder: Embedder,
    one_model: None,
    record_property: Callable[[str, object], None],
) -> None:
    moment = random.Random(f"{name} {seed}").random()
    record_property("killed", check_a_kill(warm, deeds(name), at, embedder, moment, undisturbed(name)))
