"""Intake finds each file once, in order, and settles what is known of it."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from corpus.errors import ReadingError
from corpus.intake import DESK, DESK_METADATA, Source, desk_sources, find_sources, load, merge, place_of, read_source
from corpus.types import Metadata
from tests.factories import write_files

TEXT = "The last train left in the spring.\n"


def found(*paths: Path, below: Path) -> list[str]:
    """The places found under the paths, as names below a folder."""
    return [os.path.relpath(source.place, below) for source in find_sources(paths)]


def settled(source: Source) -> Metadata:
    return read_source(source, load(source)[0]).metadata


# --- Which files


def test_folders_are_walked_in_order_of_name_and_nothing_hidden_is_entered(tmp_path: Path) -> None:
    names = ["b.md", "a/z.txt", "a/.git/config.md", ".hidden.md", ".cache/x.md", "c/d/e.html", "c/image.png", "B.md"]
    write_files(tmp_path, dict.fromkeys(names, TEXT))
    (tmp_path / "empty").mkdir()
    assert found(tmp_path, below=tmp_path) == ["B.md", "a/z.txt", "b.md", "c/d/e.html", "c/image.png"]


def test_a_path_that_is_named_is_read_even_if_hidden(tmp_path: Path) -> None:
    write_files(tmp_path, {".hidden.md": TEXT, ".folder/a.md": TEXT})
    assert found(tmp_path / ".hidden.md", tmp_path / ".folder", below=tmp_path) == [".hidden.md", ".folder/a.md"]


def test_paths_are_taken_in_the_order_given_and_each_file_once(tmp_path: Path) -> None:
    write_files(tmp_path, dict.fromkeys(["a/x.md", "b/y.md", "b/z.md"], TEXT))
    paths = [tmp_path / "b" / "z.md", tmp_path, tmp_path / "b", tmp_path / "a" / ".." / "a" / "x.md"]
    assert found(*paths, below=tmp_path) == ["b/z.md", "a/x.md", "b/y.md"]


def test_no_paths_and_empty_folders_give_nothing(tmp_path: Path) -> None:
    assert list(find_sources([])) == []
    assert list(find_sources([tmp_path])) == []


def test_a_place_is_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, {"a/x.md": TEXT})
    monkeypatch.chdir(tmp_path / "a")
    assert [source.place for source in find_sources([Path("x.md"), Path("../a")])] == [str(tmp_path / "a" / "x.md")]


def test_a_name_that_is_no_utf_8_is_shown_with_escapes_and_can_be_read(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.md")).write_text(TEXT)
    [source] = find_sources([tmp_path])
    assert source.place == f"{tmp_path}/caf\\xe9.md" == place_of(source.path)
    assert load(source)[0] == TEXT.encode()


@pytest.mark.parametrize("circle", [".", "..", "../../in/deep"])
def test_links_to_folders_are_followed_but_never_in_circles(tmp_path: Path, circle: str) -> None:
    write_files(tmp_path, {"in/a.md": TEXT, "in/deep/b.md": TEXT, "out/c.md": TEXT})
    (tmp_path / "in" / "deep" / "circle").symlink_to(circle)
    (tmp_path / "in" / "other").symlink_to(tmp_path / "out")
    assert found(tmp_path / "in", below=tmp_path) == ["in/a.md", "in/deep/b.md", "in/other/c.md"]


def test_a_link_to_a_file_is_a_place_of_its_own(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.md": TEXT})
    (tmp_path / "b.md").symlink_to("a.md")
    assert found(tmp_path, below=tmp_path) == ["a.md", "b.md"]


def test_pipes_and_sockets_in_a_folder_are_passed_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "link.md").symlink_to("pipe.md")
    assert found(tmp_path, below=tmp_path) == []


# --- What cannot be read


@pytest.mark.parametrize("name", ["gone.md", "gone", "no/such/folder", "a.md/inside.md", "x" * 300])
def test_a_path_that_does_not_exist_is_found_and_fails_when_read(tmp_path: Path, name: str) -> None:
    write_files(tmp_path, {"a.md": TEXT})
    [source] = find_sources([tmp_path / name])
    assert source.place == str(tmp_path / name)
    with pytest.raises(ReadingError, match=r"^the file cannot be opened \(.+\): check the path") as failed:
        load(source)
    assert not failed.value.skipped


def test_links_that_lead_nowhere_are_reported_beside_the_files_that_can_be_read(tmp_path: Path) -> None:
    write_files(tmp_path, {"b.md": TEXT})
    (tmp_path / "a.md").symlink_to("nowhere.md")
    (tmp_path / "c.md").symlink_to("c.md")
    broken, good, loop = find_sources([tmp_path])
    assert load(good)[0] == TEXT.encode()
    for source in (broken, loop):
        with pytest.raises(ReadingError, match="cannot be opened"):
            load(source)


def test_a_pipe_that_is_named_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.md"
    os.mkfifo(pipe)
    # The other end, so that a reader that does open the pipe goes on with nothing read: the test fails, not hangs.
    threading.Thread(target=lambda: pipe.open("wb").close(), daemon=True).start()
    [source] = find_sources([pipe])
    with pytest.raises(ReadingError):
        load(source)
    os.close(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK))


def test_a_type_that_is_not_read_is_skipped_even_where_it_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").symlink_to("nowhere.mp4")
    [source] = find_sources([tmp_path])
    with pytest.raises(ReadingError) as skipped:
        read_source(source, load(source)[0])
    assert skipped.value.skipped


# --- What is known of them


def test_each_field_is_of_the_first_layer_that_knows_it() -> None:
    first = Metadata(title="first")
    second = Metadata(title="second", outlet="second")
    third = Metadata(title="third", outlet="third", kind="report")
    assert merge(first, second, third) == Metadata(title="first", outlet="second", kind="report")
    assert merge() == merge(Metadata()) == Metadata()


def test_what_is_given_goes_before_front_matter_then_the_folder_then_the_file(tmp_path: Path) -> None:
    front = "title: front\noutlet: front\nauthor: front"
    write_files(tmp_path, {"a.md": f"---\n{front}\n---\n# heading\n\n{TEXT}", "b.md": f"# heading\n\n{TEXT}"})
    folder = 'outlet = "folder"\nauthor = "folder"\nlanguage = "en"\nkind = "report"\npublished = 2024-06-12\n'
    write_files(tmp_path, {"footnote.toml": folder})
    first, second = find_sources([tmp_path], Metadata(outlet="given", kind="opinion"))
    assert settled(first) == Metadata("front", "given", "front", "2024-06-12", "en", "opinion")
    assert settled(second) == Metadata("heading", "given", "folder", "2024-06-12", "en", "opinion")


def test_what_a_folder_says_goes_before_what_the_file_shows(tmp_path: Path) -> None:
    write_files(tmp_path, {"footnote.toml": 'outlet = "folder"\n', "a.txt": f"{TEXT * 5}\n© 2024 Baku Post\n"})
    [source] = find_sources([tmp_path])
    assert settled(source) == Metadata(outlet="folder", language="en")


@pytest.mark.parametrize("given", ["folder", "folder/a.md"])
def test_footnote_toml_tells_of_the_files_beside_it_alone(tmp_path: Path, given: str) -> None:
    write_files(
        tmp_path,
        {
            "footnote.toml": 'outlet = "above"\n',
            "folder/footnote.toml": '# ours\noutlet = "Baku Post"\ndate = "2024-06"\nunknown = 5\n',
            "folder/a.md": TEXT,
            "folder/below/b.md": TEXT,
        },
    )
    known = {Path(source.place).name: source.folder for source in find_sources([tmp_path / given])}
    assert known["a.md"] == Metadata(outlet="Baku Post", published="2024-06")
    assert known.get("b.md", Metadata()) == Metadata()


@pytest.mark.parametrize(
    ("toml", "problem", "known"),
    [
        (b"outlet = ", "it is no TOML that can be read (", Metadata()),
        (b'outlet = "\xff"', "it is no TOML that can be read (", Metadata()),
        (b"a = " + b"[" * 5000, "it is no TOML that can be read (", Metadata()),
        (
            b'outlet = "Baku Post"\nkind = "rumour"',
            "metadata that cannot be used: kind 'rumour'",
            Metadata(outlet="Baku Post"),
        ),
    ],
    ids=["broken", "no UTF-8", "deep", "unknown kind"],
)
def test_a_broken_footnote_toml_is_reported_and_stops_nothing(
    tmp_path: Path, toml: bytes, problem: str, known: Metadata
) -> None:
    write_files(tmp_path, {"a.md": TEXT, "footnote.toml": toml})
    broken, file = find_sources([tmp_path])
    assert broken.place == str(tmp_path / "footnote.toml")
    with pytest.raises(ReadingError) as failed:
        load(broken)
    assert failed.value.message.startswith(problem)
    assert not failed.value.skipped
    assert settled(file) == known


def test_a_broken_footnote_toml_is_reported_when_a_file_beside_it_is_named(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.md": TEXT, "footnote.toml": "outlet = "})
    assert found(tmp_path / "a.md", below=tmp_path) == ["footnote.toml", "a.md"]


def test_a_footnote_toml_saved_on_windows_is_read(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.md": TEXT, "footnote.toml": '\ufeffoutlet = "Baku Post"\r\n'})
    assert [settled(source) for source in find_sources([tmp_path])] == [Metadata(outlet="Baku Post")]


def test_the_hash_of_a_source_changes_with_whatever_decides_how_it_is_read(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.md": TEXT})

    def source_hash(given: Metadata = Metadata()) -> str:
        [source] = [source for source in find_sources([tmp_path], given) if source.path.suffix == ".md"]
        return load(source)[1]

    plain = source_hash()
    given = source_hash(Metadata(kind="report"))
    write_files(tmp_path, {"footnote.toml": 'kind = "report"'})
    in_folder = source_hash()
    write_files(tmp_path, {"a.md": TEXT + " "})
    changed = source_hash()
    assert len({plain, given, in_folder, changed}) == 4
    assert source_hash() == changed


# --- The desk


def test_the_desk_is_found_in_order_with_its_own_metadata() -> None:
    sources = list(desk_sources())
    assert [source.place for source in sources] == sorted(str(path) for path in DESK.glob("*.md"))
    assert {(source.desk, source.given) for source in sources} == {(True, DESK_METADATA)}


def test_a_brief_says_more_of_itself_than_the_desk_does(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.md": f"---\nlanguage: az\n---\n{TEXT}"})
    source = Source(tmp_path / "a.md", str(tmp_path / "a.md"), DESK_METADATA, desk=True)
    assert settled(source) == Metadata(outlet="Footnote desk", language="az", kind="brief")
