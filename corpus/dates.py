"""Dates as Footnote keeps them: ISO, whole or partial, the UTC day of a stamp."""

from __future__ import annotations

import calendar
import datetime as dt
import re

_PARTIAL = re.compile(r"^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$", re.ASCII)


def parse_published(value: object) -> str | None:
    """The ISO form of a date, with its precision kept; None if it is no date.

    Takes dates, datetimes (the UTC day counts), years and strings: "2023", "2023-05", "2023-05-17" and ISO stamps.
    """
    if isinstance(value, dt.datetime):
        try:
            return _utc_day(value)
        except OverflowError:
            return None
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value).strip()
    if match := _PARTIAL.match(text):
        return text if _exists(match) else None
    try:
        return _utc_day(dt.datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


def first_day(published: str) -> str:
    """The earliest day that a partial date may mean."""
    return published + "-01-01"[len(published) - 4 :]


def last_day(published: str) -> str:
    """The latest day that a partial date may mean."""
    if len(published) == 4:
        return f"{published}-12-31"
    if len(published) == 7:
        _, days = calendar.monthrange(int(published[:4]), int(published[5:]))
        return f"{published}-{days:02}"
    return published


def _utc_day(stamp: dt.datetime) -> str:
    if stamp.tzinfo is not None:
        stamp = stamp.astimezone(dt.UTC)
    return stamp.date().isoformat()


def _exists(match: re.Match[str]) -> bool:
    year, month, day = (int(part or 1) for part in match.groups())
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True
