"""The library's file opens, or says why not; it is its owner's alone, and what is not ours is left as it is."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from corpus.errors import LibraryError, LibraryUnusable, NewerSchema
from corpus.library import Library
from corpus.schema import LIBRARY_FILE, SCHEMA_VERSION
from tests.factories import document


@pytest.fixture(autouse=True)
def _open_umask() -> Iterator[None]:
    """Files would be readable by all, if nobody saw to it."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def fill(home: Path, documents: int = 40) -> None:
    with closing(Library(home)) as library:
        for number in range(documents):
            library.put(document(f"text {number} " * 400, f"d{number}"))


def foreign_database(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE notes (text)")
        connection.execute("INSERT INTO notes VALUES ('mine')")
        connection.commit()


def newer_library(file: Path) -> None:
    Library(file.parent).close()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")


# --- Opening


def test_a_home_is_made_with_all_above_it_and_its_library_is_empty(home: Path) -> None:
    with closing(Library(home / "deep" / "er")) as library:
        assert (library.documents(), library.count()) == ([], 0)


def test_opening_again_finds_what_was_stored(home: Path) -> None:
    fill(home, 3)
    with closing(Library(home)) as library:
        assert library.count() == 3


@pytest.mark.parametrize("already", ["nothing", "an empty folder", "a folder with an empty file"])
def test_what_is_empty_becomes_a_library(home: Path, already: str) -> None:
    if already != "nothing":
        home.mkdir()
    if already == "a folder with an empty file":
        (home / LIBRARY_FILE).touch()
    with closing(Library(home)) as library:
        library.put(document("text"))
    with closing(Library(home)) as library:
        assert library.document("d1").text == "text"


def test_the_library_survives_a_process_that_is_killed_while_it_writes(home: Path) -> None:
    script = (
        "import os, pathlib, sys; from corpus.library import Library\n"
        "library = Library(pathlib.Path(sys.argv[1])); library.set_meta('done', 'yes')\n"
        "with library.writing() as connection:\n"
        "    connection.execute(\"INSERT INTO meta VALUES ('half', 'yes')\"); os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(home)], check=False)
    assert killed.returncode == -9
    with closing(Library(home)) as library:
        assert (library.get_meta("done"), library.get_meta("half")) == ("yes", None)


# --- The owner's alone


def test_the_home_and_its_files_are_readable_by_their_owner_alone(home: Path) -> None:
    with closing(Library(home)) as library:
        library.put(document("text"))
        assert mode(home) == 0o700
        assert {mode(file) for file in home.iterdir()} == {0o600}


def test_the_file_is_the_owners_alone_in_a_home_that_is_open_to_all(home: Path) -> None:
    home.mkdir(mode=0o755)
    with closing(Library(home)) as library:
        library.put(document("text"))
        assert {mode(file) for file in home.iterdir()} == {0o600}
        assert mode(home) in (0o700, 0o755)


# --- What cannot be used


@pytest.mark.parametrize("below", ["", "sub", "sub/sub"])
def test_a_home_that_is_a_file_or_below_one_is_refused(home: Path, below: str) -> None:
    home.write_text("in the way")
    with pytest.raises(LibraryUnusable, match=r"^the home '.+' cannot be used \(.+\): with --home "):
        Library(home / below)
    assert home.read_text() == "in the way"


def test_a_home_whose_name_no_file_system_takes_is_refused(home: Path) -> None:
    with pytest.raises(LibraryUnusable):
        Library(home / ("x" * 300))


def test_a_folder_in_the_place_of_the_file_is_refused(home: Path) -> None:
    (home / LIBRARY_FILE).mkdir(parents=True)
    with pytest.raises(LibraryUnusable):
        Library(home)


@pytest.mark.parametrize("content", [b"no", b"This is a text and no database. " * 200, bytes(5000)])
def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(home: Path, content: bytes) -> None:
    home.mkdir()
    file = home / LIBRARY_FILE
    file.write_bytes(content)
    with pytest.raises(LibraryUnusable, match="not a database"):
        Library(home)
    assert file.read_bytes() == content


def test_the_database_of_another_program_is_refused_and_left_as_it_is(home: Path) -> None:
    home.mkdir()
    file = home / LIBRARY_FILE
    foreign_database(file)
    content = file.read_bytes()
    with pytest.raises(LibraryUnusable, match="another program"):
        Library(home)
    assert file.read_bytes() == content


def test_the_library_of_a_newer_footnote_is_refused_and_left_as_it_is(home: Path) -> None:
    file = home / LIBRARY_FILE
    newer_library(file)
    content = file.read_bytes()
    with pytest.raises(NewerSchema) as refused:
        Library(home)
    assert str(refused.value) == (
        f"the library {str(file)!r} has schema {SCHEMA_VERSION + 1}, this Footnote knows up to {SCHEMA_VERSION}: "
        "update Footnote, or choose another --home"
    )
    assert (file.read_bytes(), isinstance(refused.value, LibraryError)) == (content, True)


def cut_short(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def scribbled_over(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[:8192] + b"\xa5" * (len(content) - 8192))


@pytest.mark.parametrize("damage", [cut_short, scribbled_over])
def test_a_damaged_library_is_an_error_of_ours_whenever_it_shows(home: Path, damage: Callable[[Path], None]) -> None:
    fill(home)
    damage(home / LIBRARY_FILE)
    with pytest.raises(LibraryUnusable), closing(Library(home)) as library:
        library.documents()


# --- Two at once


def test_what_one_connection_stores_the_other_sees_and_both_may_write(home: Path) -> None:
    with closing(Library(home)) as one, closing(Library(home)) as other:
        one.put(document("one", "d1"))
        other.put(document("other", "d2"))
        one.put(document("one again", "d2"))
        assert [library.document("d2").text for library in (one, other)] == ["one again"] * 2
        assert (one.count(), other.count()) == (2, 2)


def test_nobody_sees_half_a_transaction(home: Path) -> None:
    with closing(Library(home)) as one, closing(Library(home)) as other:
        with one.writing():
            one.put(document("text"))
            assert (one.count(), other.count()) == (1, 0)
        assert other.count() == 1


def test_a_writer_waits_for_another(home: Path) -> None:
    with closing(Library(home)) as one, closing(Library(home)) as other, ThreadPoolExecutor(1) as pool:
        with one.writing():
            one.set_meta("key", "first")
            waiting = pool.submit(other.set_meta, "key", "second")
            assert (one.get_meta("key"), waiting.done()) == ("first", False)
        waiting.result()
        assert one.get_meta("key") == "second"


def test_many_may_open_a_new_home_at_the_same_moment(tmp_path: Path) -> None:
    start = threading.Barrier(8)

    def open_and_write(home: Path, name: str) -> None:
        start.wait()
        with closing(Library(home)) as library:
            library.set_meta(name, "here")

    with ThreadPoolExecutor(8) as pool:
        for attempt in range(15):
            home = tmp_path / f"home-{attempt}"
            for opened in [pool.submit(open_and_write, home, f"name-{number}") for number in range(8)]:
                opened.result()
            with closing(Library(home)) as library:
                assert [library.get_meta(f"name-{number}") for number in range(8)] == ["here"] * 8
