"""Linked documents in a search and in an answer: the newest of a group, with what there is to know of the others."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from assistant.types import Answer
from assistant.wiring import Wiring
from index.types import Filter
from tests.factories import document, index_paths, updated_story, write_files

FIRST = """A fire broke out on Monday evening in the grain terminal of Port Kavkaz, on the Russian side of the Kerch
Strait. Twelve workers were taken to hospital in Temryuk, the regional emergencies ministry said. The blaze
covered four thousand square metres and destroyed two of the terminal's conveyor belts. Firefighters came from
Krasnodar and from Novorossiysk, and a ferry was turned into a floating pump. Governor Veniamin Kondratyev said
that nobody had died. The terminal belongs to a company that ships barley to Turkey and Egypt, and had been
opened by the transport minister in 2019. Traders in Istanbul expected deliveries to be late by a week. The
harbour master closed the strait to tankers until Tuesday noon. Investigators are looking at a welding torch
that was left burning beside a dust filter."""
SECOND = (
    " ".join(FIRST.split())
    .replace("Twelve workers", "Fifteen workers")
    .replace(
        "Investigators are looking at a welding torch that was left burning beside a dust filter.",
        "The prosecutor's office has opened a case.",
    )
)
HURT = "How many workers were taken to hospital in Temryuk?"


def story(text: str, outlet: str, published: str | None) -> str:
    date = f"published: {published}\n" if published else ""
    return f"---\ntitle: Fire at Port Kavkaz\noutlet: {outlet}\n{date}---\n{text}\n"


def index(footnote: Wiring, folder: Path, **texts: str) -> dict[str, str]:
    """Indexes these files one after the other; the document ids by name."""
    ids = {}
    for name, text in texts.items():
        [report] = index_paths(footnote, write_files(folder / name, {f"{name}.md": text}))
        ids[name] = report.document_id or ""
    return ids


@pytest.fixture
def fire(footnote: Wiring, tmp_path: Path) -> dict[str, str]:
    """An article and its update of the next day, read in the wrong order, and something else."""
    return index(
        footnote,
        tmp_path,
        second=story(SECOND, "Kuban News", "2024-03-02"),
        first=story(FIRST, "Kuban News", "2024-03-01"),
        other="The ferry at Kerch carried forty wagons of barley on Sunday.\n",
    )


def codes(answer: Answer) -> list[str]:
    return [notice.code for notice in answer.notices]


def found(footnote: Wiring, query: str, wanted: Filter = Filter()) -> list[str]:
    return [hit.document_id for hit in footnote.assistant.search(query, 10, wanted).hits]


def test_a_search_returns_the_newest_of_a_group_and_names_the_others(footnote: Wiring, fire: dict[str, str]) -> None:
    hits = footnote.assistant.search(HURT, 10).hits
    assert {hit.document_id: hit.also_in for hit in hits} == {fire["second"]: (fire["first"],), fire["other"]: ()}


def test_filters_come_first(footnote: Wiring, fire: dict[str, str]) -> None:
    hits = footnote.assistant.search(HURT, 10, Filter(until="2024-03-01")).hits
    assert {hit.document_id: hit.also_in for hit in hits} == {fire["first"]: (fire["second"],)}


def test_an_answer_cites_the_newest_alone_and_says_so(footnote: Wiring, fire: dict[str, str]) -> None:
    answer = footnote.assistant.ask(HURT)
    assert {cited.document_id: cited.also_in for cited in answer.citations} == {fire["second"]: (fire["first"],)}
    assert "Fifteen" in answer.text
    assert "Twelve" not in answer.text
    assert (codes(answer), answer.disagreements) == (["newer_version"], ())
    assert "1 March 2024" in answer.notices[0].text
    assert "differently" in answer.notices[0].text


def test_an_older_version_that_the_filters_leave_says_that_there_is_a_newer(
    footnote: Wiring, fire: dict[str, str]
) -> None:
    answer = footnote.assistant.ask(HURT, wanted=Filter(until="2024-03-01"))
    assert ({cited.document_id for cited in answer.citations}, codes(answer)) == ({fire["first"]}, ["older_version"])
    assert "2 March 2024" in answer.notices[0].text


def test_what_only_the_older_version_says_is_still_found(footnote: Wiring, fire: dict[str, str]) -> None:
    answer = footnote.assistant.ask("What are investigators of the welding torch beside a dust filter looking at?")
    assert ({cited.document_id for cited in answer.citations}, codes(answer)) == ({fire["first"]}, ["older_version"])


def test_without_dates_the_one_that_was_read_last_is_the_newest(footnote: Wiring, tmp_path: Path) -> None:
    ids = index(footnote, tmp_path, one=story(FIRST, "Kuban News", None), two=story(SECOND, "Kuban News", "2020"))
    assert set(found(footnote, HURT)) == {ids["two"]}


def test_a_copy_of_the_same_day_is_no_version_and_needs_no_notice(footnote: Wiring, tmp_path: Path) -> None:
    copy = f"KRASNODAR. {FIRST} Reporting by our own staff."
    ids = index(
        footnote, tmp_path, one=story(FIRST, "Kuban News", "2024-03-01"), two=story(copy, "Azov Post", "2024-03-01")
    )
    answer = footnote.assistant.ask(HURT)
    [cited] = {cited.document_id for cited in answer.citations}
    assert {cited, *answer.citations[0].also_in} == set(ids.values())
    assert codes(answer) == []


def test_many_copies_of_one_story_leave_room_for_others(
    footnote: Wiring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.retriever._CANDIDATES", 8)
    copies = {f"c{n:02}": story(updated_story(FIRST, random.Random(n)), f"Outlet {n}", None) for n in range(16)}
    write_files(tmp_path / "in", {f"{name}.md": text for name, text in copies.items()})
    write_files(tmp_path / "in", {"other.md": "The ferry at Kerch carried forty wagons of barley on Sunday.\n"})
    index_paths(footnote, tmp_path / "in")
    assert footnote.store.count() > 16
    assert len(set(found(footnote, "Who was taken to hospital after the fire in the grain terminal?"))) == 2


def test_a_removed_version_leaves_the_other_to_be_found(footnote: Wiring, fire: dict[str, str]) -> None:
    footnote.library.remove(fire["second"])
    hits = footnote.assistant.search(HURT, 10).hits
    assert {hit.document_id: hit.also_in for hit in hits} == {fire["first"]: (), fire["other"]: ()}


def test_documents_that_are_stored_as_they_are_stay_apart(footnote: Wiring) -> None:
    """The rows of a benchmark: never merged or linked, whatever their text."""
    footnote.indexer.add_documents([document(FIRST, "a"), document(FIRST, "b"), document(SECOND, "c")])
    assert set(found(footnote, HURT)) == {"a", "b", "c"}
