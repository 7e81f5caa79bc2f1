"""Replies about the library: exact counts, lists, coverage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.about_library import AboutLibrary
from assistant.subjects import Subject
from corpus.library import Library
from corpus.names import shipped_names
from index.spellings import Spellings
from index.types import Filter
from tests.factories import document

SPELLINGS = Spellings(shipped_names())
DOCUMENTS = [
    document(
        "The talks on Moldova went on.",
        "d1",
        title="Talks in Chișinău",
        outlet="AzerNews",
        published="2024-03-05",
        kind="report",
        language="en",
        author="Ivan Sokol",
    ),
    document(
        "Gas is dear.",
        "d2",
        title="Moldova and gas",
        outlet="AzerNews",
        published="2023-07",
        kind="opinion",
        language="en",
    ),
    document(
        "Шуша.", "d3", title="Карабах сегодня", outlet="Kremlin", published="2022-05-01", kind="official", language="ru"
    ),
    document("Nothing is known of this [1].", "d4", title="A note [7]"),
    document(
        "The army crossed the river.\nIt came near Khankendi.",
        "d5",
        title="An advance",
        outlet="AzerNews",
        published="2024-03-05",
        kind="report",
        language="en",
    ),
]
COVERAGE = "The library holds 5 documents in all, dated 1 May 2022 to 5 March 2024; 1 without a date."


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library(tmp_path / "home")
    for one in DOCUMENTS:
        library.put(one)
    yield library
    library.close()


@pytest.fixture
def about(library: Library) -> AboutLibrary:
    return AboutLibrary(library, SPELLINGS, lambda: dt.date(2024, 6, 1))


def told(about: AboutLibrary, question: str, wanted: Filter = Filter()) -> list[str]:
    reply = about.reply(question, wanted)
    assert reply is not None
    return reply.splitlines()


def test_documents_on_a_subject_are_listed_by_title_and_then_by_text(about: AboutLibrary) -> None:
    assert told(about, "Which documents do you have on Moldova?") == [
        "The library holds 2 documents on “Moldova”: 1 with it in the title or a heading, 1 that mentions it in the "
        "text.",
        "- Moldova and gas (AzerNews, July 2023)",
        "In the text of:",
        "- Talks in Chișinău (AzerNews, 5 March 2024)",
        COVERAGE,
    ]


@pytest.mark.parametrize("name", ["Nagorno-Karabakh", "Karabakh", "Garabagh", "Qarabağ", "Карабах"])
def test_subject_is_found_under_every_spelling(about: AboutLibrary, name: str) -> None:
    assert "- Карабах сегодня (Kremlin, 1 May 2022)" in told(about, f"do you have anything on {name}?")


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("how many documents do you have?", "5 documents"),
        ("how many pieces from AzerNews since 2024?", "2 documents"),
        ("how many pieces from AzerNews do you have?", "3 documents"),
        ("how many opinion pieces do you have?", "1 opinion piece"),
        ("how many opinion pieces from AzerNews in 2023 about gas do you have?", "1 opinion piece"),
        ("how many opinion pieces from AzerNews in 2024 do you have?", "no opinion pieces"),
        ("how many documents in Russian do you have?", "1 document"),
        ("how many documents before May 2022 do you have?", "no documents"),
        ("how many documents until May 2022 do you have?", "1 document"),
        ("how many pieces by Ivan Sokol?", "1 document"),
        ("how many pieces do you have from this year?", "2 documents"),
        ("how many documents on Stepanakert do you have?", "1 document"),
        ("how many documents on Gagauzia do you have?", "no documents"),
    ],
)
def test_counts_are_exact(about: AboutLibrary, question: str, number: str) -> None:
    first = told(about, question)[0]
    assert first.startswith(f"The library holds {number}")


def test_undated_documents_that_a_period_leaves_out_are_said(about: AboutLibrary) -> None:
    assert "1 more without a date is left out." in told(about, "how many documents since 2020?")
    assert not any("left out" in line for line in told(about, "how many pieces from AzerNews since 2020?"))


def test_undated_documents_on_something_else_are_not_said_to_be_left_out(about: AboutLibrary) -> None:
    assert not any("left out" in line for line in told(about, "how many documents on Moldova since 2020?"))


def test_year_that_nothing_was_published_in_hides_no_documents_on_the_topic(about: AboutLibrary) -> None:
    assert told(about, "do you have anything on Moldova in 1992?")[:4] == [
        "The library holds no documents published in 1992 on “Moldova”.",
        "Of other dates it holds 2 on it:",
        "- Talks in Chișinău (AzerNews, 5 March 2024)",
        "- Moldova and gas (AzerNews, July 2023)",
    ]


def test_names_are_known_without_the_letters_of_their_language(about: AboutLibrary, library: Library) -> None:
    library.put(document("Bread is dear.", "aa", outlet="Anadolu Ajansı"))
    for name in ("Anadolu Ajansi", "ANADOLU AJANSI", "Anadolu Ajansı"):
        assert told(about, f"how many pieces from {name}?")[0] == "The library holds 1 document from Anadolu Ajansı."


def test_newest_and_oldest_are_told(about: AboutLibrary) -> None:
    assert told(about, "what is the newest document?")[:3] == [
        "The newest documents are:",
        "- An advance (AzerNews, 5 March 2024)",
        "- Talks in Chișinău (AzerNews, 5 March 2024)",
    ]
    assert told(about, "what is the oldest document?")[:2] == [
        "The oldest document is:",
        "- Карабах сегодня (Kremlin, 1 May 2022)",
    ]


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("what outlets do you have?", "The documents are of 2 known outlets: AzerNews (3), Kremlin (1), unknown (1)."),
        (
            "what languages do you have?",
            "The documents are of 2 known languages: English (3), Russian (1), unknown (1).",
        ),
        ("list the authors", "The documents are of 1 known author: Ivan Sokol (1), unknown (4)."),
        ("which outlets do you have on Moldova?", "The documents on “Moldova” are of 1 known outlet: AzerNews (2)."),
        (
            "what do you cover?",
            "By outlet: AzerNews (3), Kremlin (1), unknown (1). By kind: report (2), official (1), opinion (1), "
            "unknown (1).",
        ),
    ],
)
def test_groups_are_counted(about: AboutLibrary, question: str, line: str) -> None:
    assert told(about, question) == [line, COVERAGE]


def test_unknown_outlet_is_said_with_those_that_are_known(about: AboutLibrary) -> None:
    assert told(about, "how many pieces from Foobar do you have?")[0] == (
        "The library knows no outlet or author by the name of “Foobar”. Its outlets: AzerNews, Kremlin."
    )


def test_place_that_is_no_outlet_is_a_subject(about: AboutLibrary) -> None:
    assert told(about, "how many documents from Moldova do you have?")[0].startswith(
        "The library holds 2 documents on “Moldova”"
    )


def test_filters_of_the_request_hold(about: AboutLibrary) -> None:
    assert told(about, "how many documents do you have?", Filter(outlet=("Kremlin",))) == [
        "The library holds 1 document.",
        "- Карабах сегодня (Kremlin, 1 May 2022)",
        "The filters leave 1 document in all, dated 1 May 2022, none without a date.",
    ]
    assert told(about, "what do you cover?", Filter(outlet=("Nobody",))) == ["No document passes the filters."]


def test_titles_bear_no_markers(about: AboutLibrary) -> None:
    assert "- A note (7) (undated)" in told(about, "show me all documents")


def test_long_lists_are_cut_and_say_so(about: AboutLibrary, library: Library) -> None:
    for number in range(30):
        library.put(document(f"Text {number}.", f"m{number}", title=f"More {number:02}"))
    lines = told(about, "list all documents")
    assert lines[0] == "The library holds 35 documents."
    assert lines[-2] == "- and 15 more: see `footnote sources list`"
    assert len(lines) == 23


def test_empty_library_is_said(tmp_path: Path) -> None:
    library = Library(tmp_path / "empty")
    about = AboutLibrary(library, SPELLINGS)
    assert told(about, "what do you cover?") == ["The library is empty. Add documents with `footnote index PATH`."]
    library.close()


def test_question_to_the_documents_gets_no_reply(about: AboutLibrary) -> None:
    assert about.reply("how many people died in Moldova?") is None


@pytest.mark.parametrize(
    ("words", "mentioned"),
    [("army", True), ("the army", True), ("armies", True), ("army Khankendi", False), ("navy", False), ("???", False)],
)
def test_subject_is_mentioned_within_one_line(words: str, mentioned: bool) -> None:
    assert Subject(words, SPELLINGS).mentioned(DOCUMENTS[4]) is mentioned
