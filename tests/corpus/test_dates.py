"""Dates keep their precision, and a stamp counts as its day in UTC."""

from __future__ import annotations

import datetime as dt

import pytest

from corpus.dates import first_day, last_day, parse_published

YEREVAN = dt.timezone(dt.timedelta(hours=4))


@pytest.mark.parametrize(
    ("value", "published"),
    [
        ("2023", "2023"),
        ("2023-05", "2023-05"),
        ("2023-05-17", "2023-05-17"),
        ("  2023-05\n", "2023-05"),
        ("20230517", "2023-05-17"),
        (2023, "2023"),
        (dt.date(2023, 5, 17), "2023-05-17"),
        (dt.datetime(2023, 5, 17, 12), "2023-05-17"),
        ("2024-02-29", "2024-02-29"),
    ],
)
def test_a_date_keeps_its_precision(value: object, published: str) -> None:
    assert parse_published(value) == published


@pytest.mark.parametrize(
    ("value", "published"),
    [
        ("2023-05-17T12:00:00Z", "2023-05-17"),
        ("2023-05-17 23:59", "2023-05-17"),
        ("2023-05-17T01:00:00+04:00", "2023-05-16"),
        ("2023-12-31T23:30:00-05:00", "2024-01-01"),
        (dt.datetime(2023, 5, 17, 1, tzinfo=YEREVAN), "2023-05-16"),
    ],
)
def test_a_stamp_counts_as_its_day_in_utc(value: object, published: str) -> None:
    assert parse_published(value) == published


@pytest.mark.parametrize(
    "value",
    [
        *("", " ", "tomorrow", "17 May 2023", "2023-5", "2023-13", "2023-00", "2023-02-30", "2023-02-29"),
        *("0000", "-2023", "12023-01-01", "2023-05-17T25:00:00"),
        *(None, True, 20.23, 5, ["2023"], {"year": 2023}),
    ],
)
def test_what_is_no_date_is_none(value: object) -> None:
    assert parse_published(value) is None


@pytest.mark.parametrize("stamp", ["0001-01-01T00:00:00+04:00", "9999-12-31T23:00:00-05:00"])
def test_a_stamp_at_the_edge_of_the_calendar_is_none(stamp: str) -> None:
    assert parse_published(stamp) is None


@pytest.mark.parametrize("year", ["２０２３", "٢٠٢٣"])
def test_a_date_in_other_digits_is_never_kept_as_it_stands(year: str) -> None:
    assert parse_published(year) in (None, "2023")


@pytest.mark.parametrize(
    ("published", "first", "last"),
    [
        ("2023", "2023-01-01", "2023-12-31"),
        ("2023-04", "2023-04-01", "2023-04-30"),
        ("2023-02", "2023-02-01", "2023-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-12", "2024-12-01", "2024-12-31"),
        ("2024-02-03", "2024-02-03", "2024-02-03"),
    ],
)
def test_a_partial_date_spans_all_the_days_that_it_may_mean(published: str, first: str, last: str) -> None:
    assert (first_day(published), last_day(published)) == (first, last)
