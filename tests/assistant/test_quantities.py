"""Numbers and dates are read from digits and words, in every usual format."""

from __future__ import annotations

import pytest

from assistant.quantities import dates_in, numbers_in


def values(text: str) -> list[tuple[float, str | None]]:
    return [(number.value, number.unit) for number in numbers_in(text, dates_in(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2,908 soldiers", [(2908, None)]),
        ("2 908 soldiers", [(2908, None)]),
        ("2908 soldiers", [(2908, None)]),
        ("2\u00a0908 soldiers", [(2908, None)]),
        ("two thousand nine hundred and eight soldiers", [(2908, None)]),
        ("1.5 million people", [(1_500_000, None)]),
        ("a million people", [(1_000_000, None)]),
        ("3.7bn roubles", [(3_700_000_000, "rub")]),
        ("$1.5 million", [(1_500_000, "usd")]),
        ("US$5", [(5, "usd")]),
        ("5 million dollars", [(5_000_000, "usd")]),
        ("12.50 euros", [(12.5, "eur")]),
        ("twenty-five euros", [(25, "eur")]),
        ("five per cent", [(5, "%")]),
        ("5 percent", [(5, "%")]),
        ("5.5%", [(5.5, "%")]),
        ("20,000 km", [(20_000, "km")]),
        ("a 44-day war", [(44, "day")]),
        ("the third man and the 3rd", [(3, None), (3, None)]),
        ("between 10 and 12, not 7.30.", [(10, None), (12, None), (7.3, None)]),
        ("no number at all", []),
        ("", []),
    ],
)
def test_numbers_are_read_with_their_units(text: str, expected: list[tuple[float, str | None]]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on 14 September 2022", [(2022, 9, 14)]),
        ("on September 14, 2022", [(2022, 9, 14)]),
        ("on Sept. 14", [(None, 9, 14)]),
        ("on 14 Sep 2022", [(2022, 9, 14)]),
        ("on 2022-09-14", [(2022, 9, 14)]),
        ("on 14.09.2022", [(2022, 9, 14)]),
        ("on the 3rd of May", [(None, 5, 3)]),
        ("in September 2022", [(2022, 9, None)]),
        ("in 2022", [(2022, None, None)]),
        ("in May", [(None, 5, None)]),
        ("he may march", []),
        ("from 2020 to 2024", [(2020, None, None), (2024, None, None)]),
        ("2,022 men", []),
        ("", []),
    ],
)
def test_dates_are_read_as_far_as_they_are_told(text: str, expected: list[tuple[int | None, ...]]) -> None:
    assert [(date.year, date.month, date.day) for date in dates_in(text)] == expected


def test_numbers_of_dates_are_no_numbers() -> None:
    assert values("On 14 September 2022 it cost 12 euros.") == [(12, "eur")]


def test_spans_point_into_the_text() -> None:
    text = "On 14 September 2022 they paid $1.5 million for 20 km."
    dates = dates_in(text)
    spans = [*(date.span for date in dates), *(number.span for number in numbers_in(text, dates))]
    assert [text[span.start : span.end] for span in spans] == ["14 September 2022", "$1.5 million", "20 km"]
