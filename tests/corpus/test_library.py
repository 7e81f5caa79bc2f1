"""The library keeps each document under one id, as long as it is wanted and not a word longer."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.wiring import Wiring
from corpus.errors import NotFound
from corpus.library import Library, content_hash
from corpus.types import Document, Heading, Metadata, Span
from tests.factories import document, index_paths, states, write_files

NOON = "The minister Zyxwvut left the government at noon because of a quarrel over the gas contract.\n"
NIGHT = "The minister Zyxwvut left the government at night because of a quarrel over the gas contract.\n"
OTHER = "The border between Armenia and Georgia was opened for lorries in the spring.\n"


@pytest.fixture
def library(home: Path) -> Iterator[Library]:
    library = Library(home)
    yield library
    library.close()


def only(library: Library) -> Document:
    [document] = library.documents()
    return document


# --- Documents


def test_a_document_comes_back_as_it_was_put(library: Library) -> None:
    stored = Document(
        id="d1",
        text="Başlıq 🚂\n\nCountry: Russia",
        content_hash=content_hash("Başlıq 🚂\n\nCountry: Russia"),
        metadata=Metadata("Title", "Outlet", "Author", "2024-06", "az", "report", "https://example.org"),
        headings=(Heading(0, 8, 1),),
        rows=(Span(10, 25),),
        state="partial",
        reason="why",
    )
    library.put(stored)
    library.put_place("/a.md", "d1", "hash")
    assert library.document("d1") == only(library) == replace(stored, places=("/a.md",))


def test_what_is_not_known_of_a_document_stays_unknown(library: Library) -> None:
    library.put(document("text"))
    assert library.document("d1") == Document("d1", "text", content_hash("text"))


def test_putting_a_document_again_replaces_it_and_keeps_its_places(library: Library) -> None:
    library.put(document("old", headings=[Heading(0, 3, 1)], title="Old", outlet="Baku Post"))
    library.put_place("/a.md", "d1", "hash")
    library.put(document("new", title="New"))
    assert only(library) == replace(document("new", title="New"), places=("/a.md",))


def test_documents_are_listed_by_the_title_that_is_shown(library: Library) -> None:
    for name, title in [("d1", "Moldova"), ("d2", "armenia"), ("d3", "Georgia"), ("d4", "Georgia")]:
        library.put(document(name, name, title=title))
    library.put(document("d5", "d5"))
    library.put_place("/desk/Kazakhstan.md", "d5", "hash")
    assert [(listed.title, listed.id) for listed in library.documents()] == [
        ("armenia", "d2"),
        ("Georgia", "d3"),
        ("Georgia", "d4"),
        ("Kazakhstan.md", "d5"),
        ("Moldova", "d1"),
    ]


def test_a_document_without_a_title_shows_the_name_of_its_file(library: Library) -> None:
    for name, place in [("d1", "/a/b.txt"), ("d2", "https://example.org/news/")]:
        library.put(document(name, name))
        library.put_place(place, name, "hash")
    assert [library.document(name).title for name in ("d1", "d2")] == ["b.txt", "news"]


@pytest.mark.parametrize("id", ["nothing", "", "' OR 1=1 --", "d1 ", "D1", "\0", "d" * 10_000])
def test_an_unknown_id_is_not_found(library: Library, id: str) -> None:
    library.put(document("text"))
    with pytest.raises(NotFound, match=r"footnote sources list"):
        library.document(id)
    with pytest.raises(NotFound):
        library.remove(id)
    assert library.version(id, content_hash("text")) is None
    assert library.count() == 1


def test_an_empty_library_is_a_library(library: Library) -> None:
    assert (library.documents(), library.count()) == ([], 0)
    assert (library.at_place("/a.md"), library.with_content("hash"), library.get_meta("key")) == (None, None, None)


def test_an_error_of_this_room_says_what_and_what_to_do(library: Library) -> None:
    with pytest.raises(NotFound) as missing:
        library.document("d9")
    assert str(missing.value) == "no document 'd9' in the library: see `footnote sources list`"
    assert missing.value.code == "not_found"


# --- Identity


def test_an_id_is_made_of_place_and_content_alone(library: Library) -> None:
    ids = [library.new_id(place, content) for place in ("/a", "/b") for content in ("x", "y")]
    assert len(set(ids)) == 4
    assert ids == [library.new_id(place, content) for place in ("/a", "/b") for content in ("x", "y")]


def test_an_id_that_an_older_document_holds_is_not_given_again(library: Library) -> None:
    first = library.new_id("/a", "x")
    library.put(document("moved away from /a since", first))
    second = library.new_id("/a", "x")
    library.put(document("this one too", second))
    assert len({first, second, library.new_id("/a", "x")}) == 3


def test_the_same_place_and_content_give_the_same_id_in_any_library(tmp_path: Path, footnote: Wiring) -> None:
    folder = write_files(tmp_path / "files", {"a.md": NOON})
    [first] = index_paths(footnote, folder)
    assert first.document_id is not None
    footnote.library.remove(first.document_id)
    [second] = index_paths(footnote, folder)
    assert (second.state, second.document_id) == ("added", first.document_id)


def test_an_id_is_kept_through_updates_and_moves(tmp_path: Path, footnote: Wiring) -> None:
    folder = write_files(tmp_path / "files", {"a.md": NOON})
    index_paths(footnote, folder)
    first = only(footnote.library)
    write_files(folder, {"a.md": NIGHT})
    assert states(index_paths(footnote, folder)) == {"a.md": "updated"}
    (folder / "a.md").rename(folder / "b.md")
    assert states(index_paths(footnote, folder)) == {"b.md": "moved"}
    last = only(footnote.library)
    assert (last.id, last.text, last.places) == (first.id, NIGHT.strip(), (str(folder / "b.md"),))
    assert last.content_hash != first.content_hash


def test_the_same_content_at_a_second_place_is_one_document_with_two_places(tmp_path: Path, footnote: Wiring) -> None:
    folder = write_files(tmp_path / "files", {"a.md": NOON, "b.md": NOON})
    assert states(index_paths(footnote, folder)) == {"a.md": "added", "b.md": "duplicate"}
    assert only(footnote.library).places == (str(folder / "a.md"), str(folder / "b.md"))


@pytest.mark.parametrize("changed", ["a.md", "b.md"])
def test_a_place_whose_content_diverges_becomes_a_document_of_its_own(
    tmp_path: Path, footnote: Wiring, changed: str
) -> None:
    folder = write_files(tmp_path / "files", {"a.md": NOON, "b.md": NOON})
    index_paths(footnote, folder)
    first = only(footnote.library).id
    write_files(folder, {changed: OTHER})
    index_paths(footnote, folder)
    stays = "b.md" if changed == "a.md" else "a.md"
    texts = {kept.places: kept.text for kept in footnote.library.documents()}
    assert texts == {(str(folder / stays),): NOON.strip(), (str(folder / changed),): OTHER.strip()}
    assert footnote.library.document(first).text == NOON.strip()


# --- Places


def test_places_are_kept_in_the_order_of_their_arrival(library: Library) -> None:
    library.put(document("text"))
    for place in ("/z.md", "/a.md", "https://example.org"):
        library.put_place(place, "d1", "hash")
    library.put_place("/z.md", "d1", "changed")
    assert library.document("d1").places == ("/z.md", "/a.md", "https://example.org")
    assert library.at_place("/z.md") == ("d1", "changed")
    assert library.at_place("/Z.md") is None


def test_a_place_that_changes_its_document_comes_last_there(library: Library) -> None:
    for name in ("d1", "d2"):
        library.put(document(name, name))
        library.put_place(f"/{name}.md", name, "hash")
    library.put_place("/d1.md", "d2", "hash")
    assert [listed.places for listed in library.documents()] == [(), ("/d2.md", "/d1.md")]


def test_a_dropped_place_is_forgotten_and_its_document_stays(library: Library) -> None:
    library.put(document("text"))
    for place in ("/a.md", "/b.md"):
        library.put_place(place, "d1", "hash")
    library.drop_place("/a.md")
    library.drop_place("/never-known.md")
    assert only(library).places == ("/b.md",)


def test_content_is_found_as_it_is_now(library: Library) -> None:
    library.put(document("old"))
    library.put(document("new"))
    library.put(document("new", "d2"))
    assert (library.with_content(content_hash("new")), library.with_content(content_hash("old"))) == ("d1", None)


# --- Versions


def test_an_old_version_is_kept_while_a_turn_cites_it(tmp_path: Path, footnote: Wiring) -> None:
    folder = write_files(tmp_path / "files", {"a.md": NOON})
    index_paths(footnote, folder)
    old = only(footnote.library)
    answer = footnote.assistant.ask("Why did the minister leave the government?")
    assert [citation.content_hash for citation in answer.citations] == [old.content_hash]
    for text in (NIGHT, OTHER):
        write_files(folder, {"a.md": text})
        index_paths(footnote, folder)
    assert footnote.library.version(old.id, old.content_hash) == NOON.strip()
    assert footnote.library.version(old.id, content_hash(NIGHT.strip())) is None
    assert footnote.library.version(old.id, content_hash(OTHER.strip())) == OTHER.strip()
    footnote.conversations.delete(answer.conversation_id)
    assert footnote.library.version(old.id, old.content_hash) is None


def test_a_version_that_nothing_cites_is_not_kept(library: Library) -> None:
    library.put(document("old"))
    library.put(document("new"))
    assert library.version("d1", content_hash("old")) is None
    assert library.version("d1", content_hash("new")) == "new"
    assert library.version("d2", content_hash("new")) is None


# --- Removal


def removed_minister(folder: Path, footnote: Wiring) -> str:
    """The id of a document that was cited, then changed, then removed; its neighbour stays."""
    write_files(folder, {"a.md": NOON, "b.md": OTHER})
    removed = index_paths(footnote, folder)[0].document_id or ""
    assert footnote.assistant.ask("Why did the minister leave the government?").citations[0].document_id == removed
    write_files(folder, {"a.md": NIGHT})
    index_paths(footnote, folder)
    footnote.library.remove(removed)
    return removed


def test_a_removed_document_is_in_no_list_version_or_search(tmp_path: Path, footnote: Wiring) -> None:
    removed = removed_minister(tmp_path / "files", footnote)
    [stays] = footnote.library.documents()
    assert stays.text == OTHER.strip()
    assert footnote.library.at_place(str(tmp_path / "files" / "a.md")) is None
    assert [footnote.library.version(removed, content_hash(text.strip())) for text in (NOON, NIGHT)] == [None, None]
    assert {hit.document_id for hit in footnote.assistant.search("minister", 10).hits} <= {stays.id}


@pytest.mark.parametrize("trace", [b"quarrel over the gas", b"zyxwvut"], ids=["its text", "a rare word"])
def test_a_removed_document_leaves_no_trace_in_the_home(tmp_path: Path, footnote: Wiring, trace: bytes) -> None:
    removed_minister(tmp_path / "files", footnote)
    footnote.library.close()
    files = [file for file in footnote.library.home.rglob("*") if file.is_file()]
    assert files
    assert [file.name for file in files if trace in file.read_bytes().lower()] == []


def test_removing_one_of_two_documents_with_the_same_words_leaves_the_other_whole(footnote: Wiring) -> None:
    footnote.indexer.add_documents([document(NOON, "d1"), document(NOON, "d2")])
    footnote.library.remove("d1")
    assert [hit.document_id for hit in footnote.assistant.search("minister Zyxwvut", 10).hits] == ["d2"]
    assert (footnote.store.count(), footnote.store.without_embedding()) == (1, 0)


def test_removal_tells_its_hook_while_the_document_is_still_there(home: Path) -> None:
    told: list[tuple[str, int]] = []

    def hook(connection: sqlite3.Connection, id: str) -> None:
        told.append((id, connection.execute("SELECT count(*) FROM documents WHERE id = ?", (id,)).fetchone()[0]))

    library = Library(home, on_remove=hook)
    library.put(document("text"))
    library.remove("d1")
    library.close()
    assert told == [("d1", 1)]


def test_a_removal_that_fails_removes_nothing(home: Path) -> None:
    def hook(connection: sqlite3.Connection, id: str) -> None:
        connection.execute("DELETE FROM documents")
        raise RuntimeError("on the way")

    library = Library(home, on_remove=hook)
    library.put(document("text"))
    with pytest.raises(RuntimeError, match="on the way"):
        library.remove("d1")
    assert only(library).text == "text"
    library.close()


# --- Transactions and facts


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_transaction_happens_whole_or_not_at_all(library: Library, error: type[BaseException]) -> None:
    library.set_meta("key", "before")

    def fail() -> None:
        with library.writing():
            library.put(document("text"))
            with library.writing():
                library.set_meta("key", "within")
            raise error

    with pytest.raises(error):
        fail()
    assert (library.count(), library.get_meta("key")) == (0, "before")
    library.put(document("text"))
    assert library.count() == 1


def test_a_place_needs_its_document(library: Library) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        library.put_place("/a.md", "nobody", "hash")
    assert library.at_place("/a.md") is None


def test_a_fact_of_the_library_is_kept_until_it_is_told_anew(library: Library) -> None:
    library.set_meta("key", "one")
    library.set_meta("key", "two")
    library.set_meta("other", "")
    assert [library.get_meta(key) for key in ("key", "other", "KEY")] == ["two", "", None]


def test_threads_may_share_one_library(library: Library) -> None:
    def add(number: int) -> int:
        with library.writing():
            count = library.count()
            library.put(document(f"text {number}", f"d{number}"))
            return library.count() - count

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(add, range(80))) == {1}
    assert library.count() == 80


def test_the_hash_of_a_text_names_it_and_no_other() -> None:
    texts = ["", "a", "A", "a ", "а", "á", "a\u0301", "🚂"]
    assert len({content_hash(text) for text in texts}) == len(texts)
    assert content_hash("a") == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
