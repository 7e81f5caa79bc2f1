"""The shipped briefs keep to the rules by which they were written. Each name of a test is a rule."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from corpus.intake import DESK, desk_sources, load, read_source

FIRST_DAY, LAST_DAY = dt.date(2020, 10, 1), dt.date(2026, 3, 31)
FEWEST_WORDS, MOST_WORDS = 350, 700
KEYS = {"title", "published", "kind", "region", "topics", "countries", "checked"}
REGIONS = {"South Caucasus", "Central Asia", "Eastern Europe", "Baltic", "Russia"}
TOPICS = set("security energy transport elections sanctions language water migration diplomacy politics".split())
MONTH = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|\bon the \d+(?:st|nd|rd|th)\b"
)
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“‘(]?[A-Z0-9])")
DATED_LINE = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)#\d+")
FIELD_OF_FACTS = re.compile(r"factbook: \w[^,]*(?:, [^,]+)+")
WEB_ADDRESS = re.compile(
    r"://|\bwww\.|\b[\w-]+\.(?:com|org|net|info|eu|ru|ua|by|az|am|ge|kz|kg|uz|tj|tm|md|ee|lv|lt)\b"
)

SLUGS = sorted(path.stem for path in DESK.glob("*.md"))
brief = pytest.mark.parametrize("slug", SLUGS)


def parts(slug: str) -> tuple[dict[str, Any], str]:
    """The front matter of a brief and its body."""
    before, front, body = Path(DESK, f"{slug}.md").read_text("utf-8").split("---\n", 2)
    assert before == ""
    return yaml.safe_load(front), body


def sentences(body: str) -> Iterator[str]:
    for line in body.splitlines():
        yield from SENTENCE_END.split(line)


def test_the_desk_is_not_empty_and_holds_nothing_but_briefs() -> None:
    assert len(SLUGS) > 50
    assert {path.suffix for path in DESK.iterdir()} == {".md"}
    assert all(re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", slug) for slug in SLUGS)


@brief
def test_the_front_matter_has_exactly_the_keys_of_a_brief(slug: str) -> None:
    front, _ = parts(slug)
    assert set(front) - {"revises"} == KEYS
    assert set(front["checked"]) == {"date", "against"}


@brief
def test_the_front_matter_has_values_of_the_right_type_and_vocabulary(slug: str) -> None:
    front, _ = parts(slug)
    assert isinstance(front["title"], str)
    assert (front["title"].strip(), front["kind"]) == (front["title"], "brief")
    assert front["region"] in REGIONS
    assert front["topics"] == list(dict.fromkeys(front["topics"]))
    assert front["topics"]
    assert set(front["topics"]) <= TOPICS
    assert front["countries"]
    assert all(isinstance(country, str) for country in front["countries"])


@brief
def test_a_brief_is_published_within_the_time_that_the_desk_covers(slug: str) -> None:
    front, _ = parts(slug)
    assert type(front["published"]) is dt.date
    assert FIRST_DAY <= front["published"] <= LAST_DAY


@brief
def test_a_brief_was_checked_on_a_day_against_sources_no_later_than_itself(slug: str) -> None:
    front, _ = parts(slug)
    assert type(front["checked"]["date"]) is dt.date
    assert front["checked"]["date"] >= front["published"]
    assert front["checked"]["against"]
    for source in front["checked"]["against"]:
        dated = DATED_LINE.fullmatch(source)
        assert dated or FIELD_OF_FACTS.fullmatch(source), source
        assert not dated or dated["day"] <= front["published"].isoformat(), source


@brief
def test_a_brief_revises_only_an_earlier_brief_of_the_desk(slug: str) -> None:
    front, _ = parts(slug)
    if "revises" in front:
        assert front["revises"] in SLUGS
        assert parts(front["revises"])[0]["published"] < front["published"]


@brief
def test_the_body_is_neither_too_short_nor_too_long(slug: str) -> None:
    _, body = parts(slug)
    assert FEWEST_WORDS <= len(body.split()) <= MOST_WORDS


@brief
def test_the_title_stands_in_the_front_matter_alone(slug: str) -> None:
    _, body = parts(slug)
    assert set(re.findall(r"^(#+) ", body, re.MULTILINE)) == {"##"}


@brief
def test_every_sentence_with_a_month_or_day_gives_the_year(slug: str) -> None:
    _, body = parts(slug)
    assert [sentence for sentence in sentences(body) if MONTH.search(sentence) and not YEAR.search(sentence)] == []


@brief
def test_a_brief_holds_no_web_address(slug: str) -> None:
    assert WEB_ADDRESS.search(Path(DESK, f"{slug}.md").read_text("utf-8")) is None


def test_titles_are_unique() -> None:
    titles = [parts(slug)[0]["title"] for slug in SLUGS]
    assert len(set(titles)) == len(SLUGS)


def test_every_brief_is_read_whole_and_knows_its_origin() -> None:
    for source in desk_sources():
        read = read_source(source, load(source)[0])
        front, _ = parts(source.path.stem)
        assert read.extracted.partial is None
        assert read.metadata.title == front["title"]
        assert read.metadata.published == front["published"].isoformat()
        origin = (read.metadata.outlet, read.metadata.language, read.metadata.kind, read.metadata.url)
        assert origin == ("Footnote desk", "en", "brief", None)
