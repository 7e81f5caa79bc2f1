"""Periods in words: "since 2024", "before May 2022", "between 2021 and 2023", "last year" to bounds in ISO dates."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.quantities import MONTHS
from corpus.dates import first_day, last_day, parse_published

_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?"
)
_YEAR = r"(?:19|20)\d\d"
_TH = r"(?:st|nd|rd|th)?"
_DATE = (
    rf"(?:{_YEAR}-\d{{2}}-\d{{2}}|{_YEAR}-\d{{2}}(?!\d)|(?:\d{{1,2}}{_TH} (?:of )?)?(?:{_MONTH})\.? (?:of )?{_YEAR}|"
    rf"(?:{_MONTH})\.? \d{{1,2}}{_TH},? {_YEAR}|(?:the year )?{_YEAR})\b"
)
_WORDED = re.compile(
    rf"(?:(?P<day>\d{{1,2}}){_TH} (?:of )?)?(?P<month>{_MONTH})\.? (?:(?P<late>\d{{1,2}}){_TH},? )?"
    r"(?:of )?(?P<year>\d{4})"
)
_PUBLISHED = r"(?:(?:that (?:were|are) )?(?:published|dated|written|printed|appeared|released) )?(?:which )?"
_DAYS = {"day": 1, "week": 7}


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both bounds inclusive ISO dates, whole or partial; None is open. ``words`` say it."""

    since: str | None
    until: str | None
    words: str


def take_period(text: str, today: dt.date) -> tuple[str, Period | None]:
    """The text without its first period, and that period; without one, the text itself and None.

    A period that cannot be ("in month 13") is none. ``today`` is what "this year" and "last week" are counted from.
    """
    for pattern, meaning in _FORMS:
        match = pattern.search(text)
        bounds = meaning(match, today) if match else None
        if match and bounds:
            left = f"{text[: match.start()]} {text[match.end() :]}"
            return " ".join(left.split()), Period(*bounds, said(*bounds))
    return text, None


def said(since: str | None, until: str | None) -> str:
    """Bounds in words: "since 2024", "in May 2022", "from 1 May 2022 to 2023"."""
    if since and since == until:
        return f"{'on' if len(since) > len('2022-05') else 'in'} {in_words(since)}"
    if since and until:
        return f"from {in_words(since)} to {in_words(until)}"
    return f"since {in_words(since)}" if since else f"up to {in_words(until or '')}"


def in_words(date: str) -> str:
    """An ISO date, whole or partial, as people write it: "17 May 2023", "May 2023", "2023"."""
    parts = date.split("-")
    if len(parts) == 1:
        return date
    return " ".join([*(str(int(day)) for day in parts[2:]), MONTHS[int(parts[1]) - 1], parts[0]])


_Bounds = tuple[str | None, str | None]


def _iso(words: str) -> str | None:
    """A date in words as ISO, whole or partial; None if there is no such day."""
    bare = words.strip().lower().removeprefix("the year ")
    match = _WORDED.fullmatch(bare)
    if not match:
        return parse_published(bare)
    month = [name[:3].lower() for name in MONTHS].index(match["month"][:3].lower()) + 1
    day = match["day"] or match["late"]
    return parse_published(f"{match['year']}-{month:02}" + (f"-{int(day):02}" if day else ""))


def _since(match: re.Match[str], today: dt.date) -> _Bounds | None:
    date = _iso(match["date"])
    return (date, None) if date else None


def _after(match: re.Match[str], today: dt.date) -> _Bounds | None:
    date = _iso(match["date"])
    return (_shifted(last_day(date), 1, len(date)), None) if date else None


def _until(match: re.Match[str], today: dt.date) -> _Bounds | None:
    date = _iso(match["date"])
    return (None, date) if date else None


def _before(match: re.Match[str], today: dt.date) -> _Bounds | None:
    date = _iso(match["date"])
    return (None, _shifted(first_day(date), -1, len(date))) if date else None


def _between(match: re.Match[str], today: dt.date) -> _Bounds | None:
    first, last = _iso(match["first"]), _iso(match["last"])
    return (first, last) if first and last and first_day(first) <= last_day(last) else None


def _within(match: re.Match[str], today: dt.date) -> _Bounds | None:
    date = _iso(match["date"])
    return (date, date) if date else None


def _calendar(match: re.Match[str], today: dt.date) -> _Bounds:
    """A calendar month or year, the present or the last one; today or yesterday."""
    if match["day"]:
        day = (today - dt.timedelta(days=match["day"] == "yesterday")).isoformat()
        return day, day
    if match["unit"] == "year":
        year = str(today.year - (match["which"] == "last"))
        return year, year
    month = today if match["which"] == "this" else today.replace(day=1) - dt.timedelta(days=1)
    return (month.isoformat()[:7],) * 2


def _recent(match: re.Match[str], today: dt.date) -> _Bounds:
    """The last so many days, weeks, months or years, today included."""
    count, unit = min(int(match["count"] or 1), 1000), match["unit"]
    if unit in _DAYS:
        return (today - dt.timedelta(days=count * _DAYS[unit])).isoformat(), None
    months = today.year * 12 + today.month - 1 - count * (12 if unit == "year" else 1)
    day = min(today.day, int(last_day(f"{months // 12:04}-{months % 12 + 1:02}")[-2:]))
    return f"{months // 12:04}-{months % 12 + 1:02}-{day:02}", None


def _shifted(day: str, days: int, precision: int) -> str:
    """The day next to a whole one, in the precision that was asked for."""
    return (dt.date.fromisoformat(day) + dt.timedelta(days=days)).isoformat()[:precision]


_AT = rf"(?P<date>{_DATE})"
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], dt.date], _Bounds | None]], ...] = tuple(
    (re.compile(rf"\b{_PUBLISHED}{pattern}", re.IGNORECASE), meaning)
    for pattern, meaning in (
        (rf"(?:between|from) (?P<first>{_DATE}) (?:and|to|until|till|through) (?P<last>{_DATE})", _between),
        (r"(?:in |from )?(?P<first>(?:19|20)\d\d) ?[-–] ?(?P<last>(?:19|20)\d\d)\b", _between),
        (rf"from {_AT} (?:on|onwards?|forward)\b", _since),
        (rf"{_AT} (?:or later|and later|onwards?|and after)\b", _since),
        (rf"(?:since|starting (?:in|from)|as of|not before) {_AT}", _since),
        (rf"(?:after|later than|newer than) {_AT}", _after),
        (rf"(?:until|till|up to|through|to the end of|no later than|not after) {_AT}", _until),
        (rf"(?:before|prior to|earlier than|older than) {_AT}", _before),
        (rf"(?:in|on|from|during|throughout) {_AT}", _within),
        (
            r"(?:(?:in|from|during) )?"
            r"(?:(?<!the )(?P<which>this|last) (?P<unit>month|year)|(?P<day>today|yesterday))\b",
            _calendar,
        ),
        (
            r"(?:(?:in|from|during|over|within) )?(?:the )?(?:last|past) "
            r"(?:(?P<count>\d{1,4}) )?(?P<unit>day|week|month|year)s?\b",
            _recent,
        ),
    )
)
