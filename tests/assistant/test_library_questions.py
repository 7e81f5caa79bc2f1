"""Questions about the library: what is asked, of which documents; and what is a question to the documents."""

from __future__ import annotations

import datetime as dt

import pytest

from assistant.library_questions import Known, LibraryQuestion, library_question, may_be_about_library
from assistant.periods import Period, in_words, take_period
from eval.question_sets import DESK_QUESTIONS, read_questions
from index.types import Filter

TODAY = dt.date(2026, 3, 31)
KNOWN = Known({"AzerNews", "Kremlin", "Footnote desk"}, {"Ivan Sokol"}, {"opinion", "official", "brief"}, TODAY)
QUESTIONS = """
how many files are stored by the FSB?
which files are available from the KGB archive?
what is available on the black market?
how many people died in Moldova
how many pieces of artillery does Armenia have?
how many articles does the peace treaty have?
How many articles are there in the constitution of Kazakhstan?
which documents were signed in Washington?
what documents did Armenia and Azerbaijan initial?
what sources of gas does Moldova have?
how many reports of torture since 2024?
how many reports of torture were there in 2023
what does the treaty cover?
what do you know about Moldova?
is there anything on the table for Armenia?
Do you have any information about casualties at Makiivka?
which documents on the border did Armenia sign?
How many languages are there in Dagestan?
what newspapers were closed in Belarus?
how many files were leaked?
What is the latest on the peace treaty?
who wrote the report on Bucha?
what did AzerNews write about Lavrov?
how many pieces of legislation did the Duma adopt in 2023?
what is the oldest church in Armenia?
which outlets reported the attack?
how many journalists are there in Belarusian jails?
does the agreement cover Karabakh?
which article of the constitution was changed?
what documents do Russians need to enter Kazakhstan?
how many documents?
Who owns the library in Kyiv?
what is the first item on the agenda?
how many copies of the document exist?
Which countries cover their gas needs from Russia?
how many units of the collection were lost in Kherson?
do you have anything on who shot down the plane?
Do you have anything on it?
which newspaper published the first report?
how many items from the Kherson museum were taken?
when was the treaty published?
"""


def asked(question: str) -> LibraryQuestion | None:
    return library_question(question, KNOWN) if may_be_about_library(question) else None


@pytest.mark.parametrize("question", QUESTIONS.strip().splitlines())
def test_question_to_the_documents_is_none_about_the_library(question: str) -> None:
    assert asked(question) is None


def test_no_question_of_the_desk_is_about_the_library() -> None:
    assert [question.text for question in read_questions(DESK_QUESTIONS) if asked(question.text)] == []


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("which documents do you have on Moldova?", LibraryQuestion("list", topic="Moldova")),
        ("Hello! Which documents do you have on Moldova, please?", LibraryQuestion("list", topic="Moldova")),
        ("do you have anything on Nagorno-Karabakh?", LibraryQuestion("list", topic="Nagorno-Karabakh")),
        ("What do you have on the Zangezur corridor?", LibraryQuestion("list", topic="the Zangezur corridor")),
        ("which documents mention Gagauzia?", LibraryQuestion("list", topic="Gagauzia")),
        ("Do you cover Moldova?", LibraryQuestion("list", topic="Moldova")),
        ("is there anything in the library on TRIPP?", LibraryQuestion("list", topic="TRIPP")),
        ("documents about Moldova", LibraryQuestion("list", topic="Moldova")),
        ("show me all documents", LibraryQuestion("list")),
        ("what documents are there?", LibraryQuestion("list")),
        ("how many documents are in the library?", LibraryQuestion("count")),
        ("How many documents do you have?", LibraryQuestion("count")),
        ("how many documents are there on Moldova in the library?", LibraryQuestion("count", topic="Moldova")),
        ("what outlets do you have?", LibraryQuestion("outlets")),
        ("how many outlets are there?", LibraryQuestion("outlets")),
        ("which languages are your documents in?", LibraryQuestion("languages")),
        ("who are the authors in your library?", LibraryQuestion("authors")),
        ("what kinds of documents do you have?", LibraryQuestion("kinds")),
        ("what do you cover?", LibraryQuestion("coverage")),
        ("how far back do you go?", LibraryQuestion("coverage")),
        ("what's in your library?", LibraryQuestion("coverage")),
        ("what is the newest document?", LibraryQuestion("newest")),
        ("show me the 5 newest pieces on Armenia", LibraryQuestion("newest", topic="Armenia", limit=5)),
        ("what is the oldest document you have?", LibraryQuestion("oldest")),
        ("How old is the oldest document?", LibraryQuestion("oldest")),
        ("latest document from the Kremlin", LibraryQuestion("newest", Filter(outlet=("Kremlin",)))),
        ("do you have documents in Russian?", LibraryQuestion("list", Filter(language=("ru",)))),
        ("how many Russian-language articles do you have?", LibraryQuestion("count", Filter(language=("ru",)))),
        ("how many pieces by Ivan Sokol?", LibraryQuestion("count", authors=("Ivan Sokol",))),
        (
            "which pieces do you have from Azer News or the kremlin?",
            LibraryQuestion("list", Filter(outlet=("AzerNews", "Kremlin"))),
        ),
        ("What do we have on Moldova?", LibraryQuestion("list", topic="Moldova")),
        ("What does your database contain?", LibraryQuestion("coverage")),
        ("how many pieces from Foobar do you have?", LibraryQuestion("count", origin="Foobar")),
    ],
)
def test_question_about_the_library_is_understood(question: str, expected: LibraryQuestion) -> None:
    assert asked(question) == expected


@pytest.mark.parametrize(
    ("question", "sort", "topic", "wanted"),
    [
        ("how many pieces from AzerNews since 2024?", "count", "", Filter(since="2024", outlet=("AzerNews",))),
        ("how many pieces did AzerNews publish in 2024?", "count", "", Filter("2024", "2024", ("AzerNews",))),
        ("list opinion pieces from 2023", "list", "", Filter("2023", "2023", kind=("opinion",))),
        ("how many articles were published between 2021 and 2023?", "count", "", Filter("2021", "2023")),
        ("Which documents do you have from last year?", "list", "", Filter("2025", "2025")),
        (
            "how many opinion pieces from AzerNews in 2023 about gas do you have?",
            "count",
            "gas",
            Filter("2023", "2023", ("AzerNews",), ("opinion",)),
        ),
        (
            "list all opinion pieces about Georgia before May 2022 from AzerNews",
            "list",
            "Georgia",
            Filter(None, "2022-04", ("AzerNews",), ("opinion",)),
        ),
        (
            "How many official statements do you have from the Kremlin since May 2023?",
            "count",
            "",
            Filter(since="2023-05", outlet=("Kremlin",), kind=("official",)),
        ),
    ],
)
def test_filters_of_a_question_combine(question: str, sort: str, topic: str, wanted: Filter) -> None:
    found = asked(question)
    assert found is not None
    assert (found.asked, found.topic, found.wanted) == (sort, topic, wanted)


def test_reports_are_a_kind_only_where_the_library_has_it() -> None:
    with_reports = Known((), (), {"report"}, TODAY)
    question = "how many reports do you have?"
    assert asked(question) == LibraryQuestion("count")
    assert library_question(question, with_reports) == LibraryQuestion("count", Filter(kind=("report",)))


def test_very_long_question_is_not_about_the_library() -> None:
    assert not may_be_about_library("which documents do you have on " + "Moldova and " * 800)


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("since 2024", "2024", None),
        ("after 2023", "2024", None),
        ("after 31 December 2023", "2024-01-01", None),
        ("before May 2022", None, "2022-04"),
        ("before 1 March 2024", None, "2024-02-29"),
        ("until March 2020", None, "2020-03"),
        ("in 2023", "2023", "2023"),
        ("in may 2023", "2023-05", "2023-05"),
        ("on 5 May 2022", "2022-05-05", "2022-05-05"),
        ("on May 5th, 2022", "2022-05-05", "2022-05-05"),
        ("since 2022-05-17", "2022-05-17", None),
        ("between May 2021 and 2023", "2021-05", "2023"),
        ("from 2021 to 5 June 2023", "2021", "2023-06-05"),
        ("from 2021 onwards", "2021", None),
        ("2021-2023", "2021", "2023"),
        ("last year", "2025", "2025"),
        ("last month", "2026-02", "2026-02"),
        ("this month", "2026-03", "2026-03"),
        ("in the last 4 months", "2025-11-30", None),
        ("past week", "2026-03-24", None),
        ("in the last year", "2025-03-31", None),
        ("from the last month", "2026-02-28", None),
        ("yesterday", "2026-03-30", "2026-03-30"),
    ],
)
def test_periods_in_words(words: str, since: str | None, until: str | None) -> None:
    left, period = take_period(f"documents {words}", TODAY)
    assert left == "documents"
    assert isinstance(period, Period)
    assert (period.since, period.until) == (since, until)


@pytest.mark.parametrize(
    "words", ["in 2022-13", "before 31 June 2022", "from Moldova", "the war of 2020", "between 2023 and 2021"]
)
def test_what_is_no_period_stays(words: str) -> None:
    assert take_period(words, TODAY) == (words, None)


@pytest.mark.parametrize(("date", "words"), [("2023", "2023"), ("2023-05", "May 2023"), ("2023-05-07", "7 May 2023")])
def test_dates_are_written_as_people_do(date: str, words: str) -> None:
    assert in_words(date) == words
