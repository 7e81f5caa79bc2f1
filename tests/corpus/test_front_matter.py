"""Front matter is read where it is right, reported where it is wrong, and never loses the text behind it."""

from __future__ import annotations

import pytest

from corpus.readers.front_matter import metadata_from, split_front_matter
from corpus.types import Metadata

BODY = "The last train left.\n"


def in_front(yaml: str) -> tuple[Metadata, str, str | None]:
    return split_front_matter(f"---\n{yaml}\n---\n{BODY}")


def test_all_known_fields_are_read_and_others_passed_over() -> None:
    yaml = """title: The last train
outlet: Baku Post
author: Leyla Aliyeva
published: 2024-06-12
language: en
kind: report
url: https://example.org/train
tags: [a, b]
draft: false"""
    metadata = Metadata(
        title="The last train",
        outlet="Baku Post",
        author="Leyla Aliyeva",
        published="2024-06-12",
        language="en",
        kind="report",
        url="https://example.org/train",
    )
    assert in_front(yaml) == (metadata, BODY, None)


@pytest.mark.parametrize(
    ("yaml", "metadata"),
    [
        ("date: 2024-06", Metadata(published="2024-06")),
        ("date: 2024", Metadata(published="2024")),
        ("date: 2024-06-12T01:00:00+04:00", Metadata(published="2024-06-11")),
        ("lang: az", Metadata(language="az")),
        ("source: Baku Post", Metadata(outlet="Baku Post")),
        ("publisher: Baku Post", Metadata(outlet="Baku Post")),
        ("authors: [Leyla Aliyeva, Anar Huseynov]", Metadata(author="Leyla Aliyeva, Anar Huseynov")),
        ("Title: The last train\nKIND: Opinion", Metadata(title="The last train", kind="opinion")),
        ("title: >\n  The last\n  train", Metadata(title="The last train")),
        ("title: 2024\nauthor: null\nkind:", Metadata(title="2024")),
    ],
)
def test_a_field_is_known_under_its_other_names_and_forms(yaml: str, metadata: Metadata) -> None:
    assert in_front(yaml) == (metadata, BODY, None)


@pytest.mark.parametrize(
    "text",
    ["", BODY, "--- \nno end\n", "\n---\ntitle: T\n---\n", "----\ntitle: T\n----\n", "---\n\nOne.\n\n---\n\nTwo.\n"],
    ids=["nothing", "none", "no end", "not at the top", "four dashes", "rules around a paragraph"],
)
def test_a_text_without_front_matter_stays_whole(text: str) -> None:
    assert split_front_matter(text) == (Metadata(), text, None)


@pytest.mark.parametrize("end", ["---", "...", "---  "])
def test_front_matter_ends_at_dashes_or_dots(end: str) -> None:
    assert split_front_matter(f"--- \ntitle: T\n{end}\n{BODY}") == (Metadata(title="T"), BODY, None)


@pytest.mark.parametrize(
    ("yaml", "metadata", "wrong"),
    [
        ("kind: rumour\ntitle: T", Metadata(title="T"), "metadata that cannot be used: kind 'rumour'"),
        ("date: tomorrow", Metadata(), "metadata that cannot be used: published 'tomorrow'"),
        (
            "date: 17 May 2023\nkind: a, b",
            Metadata(),
            "metadata that cannot be used: published '17 May 2023', kind 'a, b'",
        ),
    ],
)
def test_a_value_that_cannot_be_used_is_unknown_and_reported(yaml: str, metadata: Metadata, wrong: str) -> None:
    assert in_front(yaml) == (metadata, BODY, wrong)


@pytest.mark.parametrize(
    "yaml",
    [
        "title: [unclosed",
        "title: A: B",
        "title: *nothing",
        "? [a, b]\n: c",
        "title: " + "[" * 3000,
    ],
    ids=["unclosed", "two colons", "no anchor", "odd key", "deep"],
)
def test_broken_yaml_is_reported_and_the_text_behind_it_read(yaml: str) -> None:
    metadata, text, wrong = in_front(yaml)
    assert (metadata, text) == (Metadata(), BODY)
    assert wrong is not None
    assert wrong.startswith("the front matter is no YAML (")
    assert "\n" not in wrong


@pytest.mark.parametrize(
    "yaml",
    ["date: 2023-13-45", "date: 2023-02-30", "date: 2023-05-17 25:00:00", "tags: [2023-13-01]", "tags: !!int abc"],
)
def test_a_value_that_yaml_itself_cannot_make_is_no_reason_to_lose_the_document(yaml: str) -> None:
    metadata, text, _ = in_front(yaml)
    assert (metadata, text) == (Metadata(), BODY)


def test_front_matter_runs_nothing() -> None:
    metadata, text, _ = in_front("title: !!python/object/apply:os.getcwd []")
    assert (metadata, text) == (Metadata(), BODY)


@pytest.mark.parametrize(
    ("yaml", "metadata"),
    [
        ("language: no", Metadata(language="no")),
        ("title: Yes", Metadata(title="Yes")),
        ("title: 12:30", Metadata(title="12:30")),
        ("title: 1_000", Metadata(title="1_000")),
    ],
)
def test_words_are_kept_as_the_author_wrote_them(yaml: str, metadata: Metadata) -> None:
    assert in_front(yaml) == (metadata, BODY, None)


@pytest.mark.parametrize("yaml", ["title: {a: b}", "language: whatever", "title: [{a: b}]"])
def test_what_is_no_text_or_no_language_code_is_unknown(yaml: str) -> None:
    metadata, _, wrong = in_front(yaml)
    assert metadata == Metadata()
    assert wrong


@pytest.mark.parametrize("yaml", ['title: ""', "title: '  '", "author: []"])
def test_an_empty_value_is_unknown_and_nothing_wrong(yaml: str) -> None:
    assert in_front(yaml) == (Metadata(), BODY, None)


def test_the_text_of_a_value_is_as_clean_as_the_body() -> None:
    metadata, _, _ = in_front(r'title: "The\u00ad last \uD800\u0000train"')
    assert metadata == Metadata(title="The last train")


def test_metadata_of_no_fields_is_none_known() -> None:
    assert metadata_from({}) == (Metadata(), None)
    assert metadata_from({5: "x", None: "y", "unknown": object()}) == (Metadata(), None)
