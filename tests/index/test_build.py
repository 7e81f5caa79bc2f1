"""Indexing: what becomes of a file that is new, changed, moved, copied or broken, and of the document it was."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from assistant.wiring import Wiring
from corpus.errors import ModelUnavailable
from corpus.intake import find_sources
from corpus.types import FileReport
from index.embedding import Embedder
from index.types import Passage, Query
from tests.factories import index_paths, states, wiring_at, write_files

RAIN, WAR, BREAD = "It rained in the valley.\n", "The army left the town.\n", "Bread costs two manats.\n"


def run(footnote: Wiring, folder: Path, **files: str) -> dict[str, str]:
    """Writes Markdown files by name, indexes the whole folder and returns the states."""
    write_files(folder, {f"{name}.md": text for name, text in files.items()})
    return {name.removesuffix(".md"): state for name, state in states(index_paths(footnote, folder)).items()}


def held(footnote: Wiring) -> dict[str, list[str]]:
    """The places of each document, by name, under its text."""
    return {one.text: [Path(place).stem for place in one.places] for one in footnote.library.documents()}


def ids(footnote: Wiring) -> dict[str, str]:
    return {one.text: one.id for one in footnote.library.documents()}


def found(footnote: Wiring, question: str) -> list[str]:
    return [hit.text for hit in footnote.retriever.search(Query(question))]


def assert_whole(footnote: Wiring) -> None:
    """Every document has passages, every passage its vectors, and nothing else is kept."""
    assert (footnote.store.unindexed(), footnote.store.without_embedding()) == ([], 0)
    with footnote.library.reading() as connection:
        used = {key for (key,) in connection.execute("SELECT embedding_key FROM passages")}
        kept = {key for (key,) in connection.execute("SELECT key FROM embeddings")}
    assert used == kept


@pytest.fixture
def embedded(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that the model read since the test began."""
    read: list[str] = []
    embed = embedder.embed_passages

    def recording(passages: list[Passage]) -> object:
        read.extend(passage.embedded for passage in passages)
        return embed(passages)

    monkeypatch.setattr(embedder, "embed_passages", recording)
    return read


def test_a_new_file_is_added_and_then_unchanged(footnote: Wiring, tmp_path: Path) -> None:
    assert run(footnote, tmp_path / "in", a=RAIN) == {"a": "added"}
    before = footnote.library.documents()
    assert run(footnote, tmp_path / "in") == {"a": "unchanged"}
    assert footnote.library.documents() == before
    assert_whole(footnote)


def test_a_report_says_where_the_file_lies_and_which_document_it_is(footnote: Wiring, tmp_path: Path) -> None:
    write_files(tmp_path / "in", {"a.md": RAIN})
    [report] = index_paths(footnote, tmp_path / "in")
    [stored] = footnote.library.documents()
    assert report == FileReport(str(tmp_path / "in" / "a.md"), "added", stored.id)
    assert (stored.places, stored.state) == ((report.path,), "added")


def test_new_bytes_with_the_same_text_change_nothing(footnote: Wiring, tmp_path: Path, embedded: list[str]) -> None:
    run(footnote, tmp_path / "in", a=RAIN)
    before = ids(footnote)
    embedded.clear()
    assert run(footnote, tmp_path / "in", a=f"\n\n{RAIN}\n") == {"a": "unchanged"}
    assert (ids(footnote), embedded) == (before, [])


def test_an_edited_file_is_updated_and_keeps_its_id(footnote: Wiring, tmp_path: Path) -> None:
    run(footnote, tmp_path / "in", a=RAIN)
    [old] = footnote.library.documents()
    for text in (WAR, BREAD, RAIN):
        assert run(footnote, tmp_path / "in", a=text) == {"a": "updated"}
        [new] = footnote.library.documents()
        assert (new.id, new.text, new.places) == (old.id, text.strip(), old.places)
        assert (new.content_hash == old.content_hash) == (text == RAIN)
        assert found(footnote, "What happened?") == [text.strip()]
    assert_whole(footnote)


def test_new_metadata_updates_a_document_without_reading_its_text_again(
    footnote: Wiring, tmp_path: Path, embedded: list[str]
) -> None:
    run(footnote, tmp_path / "in", a=RAIN)
    embedded.clear()
    assert run(footnote, tmp_path / "in", a=f"---\noutlet: Civil Georgia\n---\n{RAIN}") == {"a": "updated"}
    [document] = footnote.library.documents()
    assert (document.metadata.outlet, embedded) == ("Civil Georgia", [])


def test_metadata_given_for_the_run_updates_too(footnote: Wiring, tmp_path: Path) -> None:
    run(footnote, tmp_path / "in", a=RAIN)
    assert states(index_paths(footnote, tmp_path / "in", kind="report")) == {"a.md": "updated"}
    assert [one.metadata.kind for one in footnote.library.documents()] == ["report"]


def test_text_that_becomes_a_heading_updates_the_document(footnote: Wiring, tmp_path: Path) -> None:
    run(footnote, tmp_path / "in", a="Peace\n\nIt came.")
    assert run(footnote, tmp_path / "in", a="## Peace\n\nIt came.") == {"a": "updated"}
    assert [hit.heading for hit in footnote.retriever.search(Query("peace"))] == ["Peace"]


def test_a_renamed_file_has_moved_and_keeps_its_id(footnote: Wiring, tmp_path: Path, embedded: list[str]) -> None:
    run(footnote, tmp_path / "in", a=RAIN)
    before = ids(footnote)
    embedded.clear()
    (tmp_path / "in" / "a.md").rename(tmp_path / "in" / "b.md")
    [report] = index_paths(footnote, tmp_path / "in")
    assert (report.state, report.document_id) == ("moved", before[RAIN.strip()])
    assert str(tmp_path / "in" / "a.md") in (report.reason or "")
    assert (ids(footnote), held(footnote), embedded) == (before, {RAIN.strip(): ["b"]}, [])


def test_a_hit_says_where_the_document_lies_now(footnote: Wiring, tmp_path: Path) -> None:
    run(footnote, tmp_path / "in", a=RAIN)
    assert [hit.place for hit in footnote.retriever.search(Query("rain"))] == [str(tmp_path / "in" / "a.md")]
    (tmp_path / "in" / "a.md").rename(tmp_path / "in" / "b.md")
    run(footnote, tmp_path / "in")
    assert [hit.place for hit in footnote.retriever.search(Query("rain"))] == [str(tmp_path / "in" / "b.md")]


def test_a_file_that_replaces_another_by_a_move_takes_its_place(footnote: Wiring, tmp_path: Path) -> None:
    run(footnote, tmp_path / "in", a=RAIN, b=WAR)
    rain = ids(footnote)[RAIN.strip()]
    (tmp_path / "in" / "a.md").rename(tmp_path / "in" / "b.md")
    assert run(footnote, tmp_path / "in") == {"b": "moved"}
    assert (ids(footnote), held(footnote)) == ({RAIN.strip(): rain}, {RAIN.strip(): ["b"]})
    assert_whole(footnote)


def test_a_copy_is_the_same_document_at_two_places(footnote: Wiring, tmp_path: Path, embedded: list[str]) -> None:
    assert run(footnote, tmp_path / "in", a=RAIN) == {"a": "added"}
    assert run(footnote, tmp_path / "in", b=RAIN) == {"a": "unchanged", "b": "duplicate"}
    assert run(footnote, tmp_path / "in") == {"a": "unchanged", "b": "unchanged"}
    assert (held(footnote), embedded) == ({RAIN.strip(): ["a", "b"]}, [RAIN.strip()])


def test_the_same_content_twice_in_one_run_is_one_document(footnote: Wiring, tmp_path: Path) -> None:
    assert run(footnote, tmp_path / "in", a=RAIN, b=RAIN, c=RAIN) == {"a": "added", "b": "duplicate", "c": "duplicate"}
    assert held(footnote) == {RAIN.strip(): ["a", "b", "c"]}
    assert found(footnote, "rain") == [RAIN.strip()]


def test_a_duplicate_names_the_first_place_and_leaves_its_metadata(footnote: Wiring, tmp_path: Path) -> None:
    first, second = (f"---\noutlet: {outlet}\n---\n{RAIN}" for outlet in ("First", "Second"))
    write_files(tmp_path / "in", {"a.md": first, "b.md": second})
    _, report = index_paths(footnote, tmp_path / "in")
    assert (report.state, str(tmp_path / "in" / "a.md") in (report.reason or "")) == ("duplicate", True)
    assert [one.metadata.outlet for one in footnote.library.documents()] == ["First"]


@pytest.mark.parametrize(("edited", "kept"), [("a", "b"), ("b", "a")])
def test_a_place_that_diverges_becomes_a_document_of_its_own(
    footnote: Wiring, tmp_path: Path, edited: str, kept: str
) -> None:
    run(footnote, tmp_path / "in", a=RAIN, b=RAIN)
    rain = ids(footnote)[RAIN.strip()]
    assert run(footnote, tmp_path / "in", **{edited: WAR}) == {edited: "added", kept: "unchanged"}
    assert held(footnote) == {RAIN.strip(): [kept], WAR.strip(): [edited]}
    assert ids(footnote)[RAIN.strip()] == rain != ids(footnote)[WAR.strip()]
    assert run(footnote, tmp_path / "in", **{edited: RAIN}) == {edited: "duplicate", kept: "unchanged"}
    assert ids(footnote) == {RAIN.strip(): rain}
    assert_whole(footnote)


def test_a_file_edited_to_equal_another_joins_it(footnote: Wiring, tmp_path: Path) -> None:
    run(footnote, tmp_path / "in", a=RAIN, b=WAR)
    rain = ids(footnote)[RAIN.strip()]
    assert run(footnote, tmp_path / "in", b=RAIN) == {"a": "unchanged", "b": "duplicate"}
    assert (ids(footnote), held(footnote)) == ({RAIN.strip(): rain}, {RAIN.strip(): ["a", "b"]})
    assert_whole(footnote)


def test_a_copy_of_a_file_that_is_then_edited_can_be_found(footnote: Wiring, tmp_path: Path) -> None:
    run(footnote, tmp_path / "in", a=RAIN)
    assert run(footnote, tmp_path / "in", a=WAR, b=RAIN) == {"a": "updated", "b": "added"}
    assert held(footnote) == {WAR.strip(): ["a"], RAIN.strip(): ["b"]}
    assert found(footnote, "Did it rain?") == [RAIN.strip(), WAR.strip()]
    assert_whole(footnote)


def test_a_paragraph_that_goes_from_one_file_to_another_can_be_found(footnote: Wiring, tmp_path: Path) -> None:
    run(footnote, tmp_path / "in", a=f"# News\n\n## Weather\n\n{RAIN}\n## War\n\n{WAR}")
    run(footnote, tmp_path / "in", a=f"# News\n\n## War\n\n{WAR}", b=f"# News\n\n## Weather\n\n{RAIN}")
    assert sorted(found(footnote, "rain")) == sorted([RAIN.strip(), WAR.strip()])
    assert_whole(footnote)


def test_two_files_that_change_places_are_both_kept(footnote: Wiring, tmp_path: Path) -> None:
    run(footnote, tmp_path / "in", a=RAIN, b=WAR)
    run(footnote, tmp_path / "in", a=WAR, b=RAIN)
    assert held(footnote) == {WAR.strip(): ["a"], RAIN.strip(): ["b"]}
    assert sorted(found(footnote, "rain")) == sorted([RAIN.strip(), WAR.strip()])
    assert_whole(footnote)


BROKEN_OFF = "The pipeline carries gas from the Caspian Sea across the mountains and then to the"


def test_a_text_that_breaks_off_is_partial_until_it_is_whole(footnote: Wiring, tmp_path: Path) -> None:
    write_files(tmp_path / "in", {"a.md": BROKEN_OFF})
    [report] = index_paths(footnote, tmp_path / "in")
    assert (report.state, report.reason) == ("partial", "the text breaks off in mid-sentence")
    assert [(one.state, one.reason) for one in footnote.library.documents()] == [(report.state, report.reason)]
    assert found(footnote, "gas") == [BROKEN_OFF]
    assert run(footnote, tmp_path / "in", a=f"{BROKEN_OFF} west.") == {"a": "updated"}
    assert [(one.state, one.reason) for one in footnote.library.documents()] == [("updated", None)]


def test_a_partial_document_stays_partial_when_its_file_is_only_touched(footnote: Wiring, tmp_path: Path) -> None:
    run(footnote, tmp_path / "in", a=BROKEN_OFF)
    assert run(footnote, tmp_path / "in", a=f"{BROKEN_OFF}\n\n") == {"a": "unchanged"}
    assert [one.state for one in footnote.library.documents()] == ["partial"]


def test_one_bad_file_never_stops_the_others(footnote: Wiring, tmp_path: Path) -> None:
    folder = write_files(
        tmp_path / "in", {"a.md": RAIN, "b.md": b"", "c.md": b"\x00\x01\x02", "d.xyz": "?", "e.md": " \n", "f.md": WAR}
    )
    reports = index_paths(footnote, folder, folder / "gone.md")
    assert states(reports) == {
        "a.md": "added", "b.md": "failed", "c.md": "failed", "d.xyz": "skipped",
        "e.md": "failed", "f.md": "added", "gone.md": "failed",
    }  # fmt: skip
    assert all(bool(report.reason) == (report.state != "added") for report in reports)
    assert all((report.document_id is None) == (report.state != "added") for report in reports)
    assert held(footnote) == {RAIN.strip(): ["a"], WAR.strip(): ["f"]}


def test_a_file_that_vanishes_during_the_run_is_reported(footnote: Wiring, tmp_path: Path) -> None:
    folder = write_files(tmp_path / "in", {"a.md": RAIN, "b.md": WAR})
    sources = list(find_sources([folder]))
    (folder / "a.md").unlink()
    assert states(list(footnote.indexer.index(sources))) == {"a.md": "failed", "b.md": "added"}


def test_a_file_that_can_no_longer_be_read_leaves_its_document(footnote: Wiring, tmp_path: Path) -> None:
    run(footnote, tmp_path / "in", a=RAIN)
    assert run(footnote, tmp_path / "in", a="") == {"a": "failed"}
    assert held(footnote) == {RAIN.strip(): ["a"]}


def test_a_run_over_nothing_reports_nothing(footnote: Wiring, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert index_paths(footnote, tmp_path / "empty") == []
    assert footnote.library.count() == 0


def test_a_document_without_a_letter_is_kept_and_found(footnote: Wiring, tmp_path: Path) -> None:
    assert run(footnote, tmp_path / "in", a="😀 👍\n") == {"a": "added"}
    assert found(footnote, "😀") == ["😀 👍"]


def test_every_file_of_a_long_run_is_reported_once(footnote: Wiring, tmp_path: Path) -> None:
    sections = {f"n{n:02}": "\n\n".join(f"## Part {n}.{m}\n\nPart {m} of {n}." for m in range(12)) for n in range(15)}
    assert run(footnote, tmp_path / "in", **sections) == dict.fromkeys(sections, "added")
    assert (footnote.library.count(), footnote.store.count()) == (15, 180)
    assert_whole(footnote)


def test_nothing_is_embedded_twice(footnote: Wiring, tmp_path: Path, embedded: list[str]) -> None:
    run(footnote, tmp_path / "in", a=f"## Rain\n\n{RAIN}\n## War\n\n{WAR}", b=f"## War\n\n{WAR}\n## Rain\n\n{RAIN}")
    run(footnote, tmp_path / "in", a=f"## War\n\n{WAR}\n## Bread\n\n{BREAD}", c=f"## Bread\n\n{BREAD}")
    run(footnote, tmp_path / "in")
    assert sorted(embedded) == ["Bread\n" + BREAD.strip(), "Rain\n" + RAIN.strip(), "War\n" + WAR.strip()]
    assert_whole(footnote)


def test_a_removed_document_leaves_nothing_and_comes_back_under_its_id(footnote: Wiring, tmp_path: Path) -> None:
    run(footnote, tmp_path / "in", a=RAIN, b=WAR)
    rain = ids(footnote)[RAIN.strip()]
    footnote.library.remove(rain)
    assert held(footnote) == {WAR.strip(): ["b"]}
    assert found(footnote, "rain") == [WAR.strip()]
    assert_whole(footnote)
    assert run(footnote, tmp_path / "in") == {"a": "added", "b": "unchanged"}
    assert ids(footnote)[RAIN.strip()] == rain


def test_no_word_of_a_removed_document_stays_in_the_library(footnote: Wiring, tmp_path: Path) -> None:
    run(footnote, tmp_path / "in", a="The informant is Zarathustra.\n", b=WAR)
    footnote.library.remove(ids(footnote)["The informant is Zarathustra."])
    with footnote.library.reading() as connection:
        assert not [line for line in connection.iterdump() if "zarathustra" in line.lower()]


def test_ids_are_the_same_in_every_library(footnote: Wiring, embedder: Embedder, tmp_path: Path) -> None:
    other = wiring_at(tmp_path / "other", embedder)
    run(footnote, tmp_path / "in", a=RAIN, b=WAR)
    run(other, tmp_path / "in")
    assert ids(other) == ids(footnote)
    other.library.close()


def test_a_run_that_is_left_early_has_stored_all_it_reported(footnote: Wiring, tmp_path: Path) -> None:
    write_files(tmp_path / "in", {"a.md": RAIN, "b.md": WAR, "c.md": BREAD})
    reports = list(islice(footnote.indexer.index(find_sources([tmp_path / "in"])), 2))
    assert {report.document_id for report in reports} <= {one.id for one in footnote.library.documents()}
    assert_whole(footnote)
    assert run(footnote, tmp_path / "in")["c"] == "added"


def test_another_process_sees_what_comes_changes_moves_and_goes(
    footnote: Wiring, embedder: Embedder, tmp_path: Path
) -> None:
    other = wiring_at(footnote.settings.home, embedder)
    assert found(other, "rain") == []
    run(footnote, tmp_path / "in", a=RAIN)
    assert found(other, "rain") == [RAIN.strip()]
    run(footnote, tmp_path / "in", a=WAR, c=BREAD)
    assert sorted(found(other, "rain")) == sorted([WAR.strip(), BREAD.strip()])
    (tmp_path / "in" / "a.md").rename(tmp_path / "in" / "b.md")
    run(footnote, tmp_path / "in")
    assert [Path(hit.place or "").stem for hit in other.retriever.search(Query("army"), 1)] == ["b"]
    for one in footnote.library.documents():
        footnote.library.remove(one.id)
    assert found(other, "rain") == []
    other.library.close()


def test_two_runs_at_once_make_no_doubles(footnote: Wiring, embedder: Embedder, tmp_path: Path) -> None:
    folder = write_files(tmp_path / "in", {"a.md": RAIN, "b.md": WAR, "c.md": RAIN})
    other = wiring_at(footnote.settings.home, embedder)
    runs = [iter(one.indexer.index(find_sources([folder]))) for one in (footnote, other)]
    reports = [next(runs[0]), next(runs[1]), *runs[0], *runs[1]]
    assert len(reports) == 6
    assert {report.state for report in reports} <= {"added", "unchanged", "duplicate"}
    assert held(footnote) == {RAIN.strip(): ["a", "c"], WAR.strip(): ["b"]}
    assert_whole(footnote)
    other.library.close()


def test_a_model_that_cannot_be_loaded_does_not_take_the_library(tmp_path: Path, embedder: Embedder) -> None:
    folder = write_files(tmp_path / "in", {"a.md": RAIN})
    wrong = wiring_at(tmp_path / "home", Embedder("no/such-model"), index={"model": "no/such-model"})
    with pytest.raises(ModelUnavailable):
        index_paths(wrong, folder)
    wrong.library.close()
    right = wiring_at(tmp_path / "home", embedder)
    assert states(index_paths(right, folder)) == {"a.md": "added"}
    right.library.close()


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk of two briefs in the place of the shipped one."""
    monkeypatch.setattr("corpus.intake.DESK", tmp_path / "desk")
    return write_files(tmp_path / "desk", {"rain.md": RAIN, "war.md": WAR})


def test_a_brief_that_is_no_longer_shipped_is_removed(footnote: Wiring, shipped: Path) -> None:
    assert states(list(footnote.indexer.index_desk())) == {"rain.md": "added", "war.md": "added"}
    (shipped / "war.md").unlink()
    write_files(shipped, {"bread.md": BREAD})
    again = states(list(footnote.indexer.index_desk()))
    assert again == {"rain.md": "unchanged", "bread.md": "added", "war.md": "removed"}
    assert sorted(held(footnote)) == sorted([RAIN.strip(), BREAD.strip()])
    assert_whole(footnote)


def test_the_desk_goes_and_what_the_user_read_stays(footnote: Wiring, shipped: Path, tmp_path: Path) -> None:
    list(footnote.indexer.index_desk())
    assert run(footnote, tmp_path / "in", a=RAIN, b=BREAD) == {"a": "duplicate", "b": "added"}
    assert states(footnote.indexer.remove_desk()) == {"rain.md": "removed", "war.md": "removed"}
    assert held(footnote) == {RAIN.strip(): ["a"], BREAD.strip(): ["b"]}
    assert list(footnote.indexer.remove_desk()) == []
    assert_whole(footnote)


def test_a_brief_says_it_is_one_whatever_metadata_a_folder_gives(footnote: Wiring, shipped: Path) -> None:
    list(footnote.indexer.index_desk())
    facts = {(one.metadata.outlet, one.metadata.kind, one.metadata.language) for one in footnote.library.documents()}
    assert facts == {("Footnote desk", "brief", "en")}
