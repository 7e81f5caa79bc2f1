"""Numbers and dates in a text: read from digits or words, in whatever format, so that two of them can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.types import Span

MONTHS = tuple("January February March April May June July August September October November December".split())
_MONTH = {name[:size].lower(): number for number, name in enumerate(MONTHS, 1) for size in (3, len(name))} | {"sept": 9}
_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_SMALL = {word: number for number, word in enumerate(f"{_UNITS} seventeen eighteen nineteen".split())}
_TENS = {
    word: 10 * number for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_ORDINALS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth".split(), 1
    )
}
SCALES = {"hundred": 100, "dozen": 12, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_SHORT_SCALES = {"k": 1e3, "m": 1e6, "mn": 1e6, "b": 1e9, "bn": 1e9, "tn": 1e12}
_PLAIN_SCALES = frozenset(_SHORT_SCALES) - {"b"}  # without a sign of money; in capitals they are of a "T-72M"
_UNIT_NAMES = {
    "%": "percent|per cent|percentage points?|pct",
    "usd": r"(?:us |u\.s\. )?dollars?|usd",
    "eur": "euros?|eur",
    "gbp": "pounds?|gbp|sterling",
    "rub": "roubles?|rubles?|rub",
    "km": "kilomet(?:re|er)s?|km",
    "m": "met(?:re|er)s?",
    "mi": "miles?",
    "km2": r"square kilomet(?:re|er)s?|sq km|km²|km2",
    "ha": "hectares?",
    "t": "tonnes?|tons?",
    "kg": "kilograms?|kilos?|kg",
    "bbl": "barrels?",
    "m3": "cubic met(?:re|er)s?",
    "mw": "megawatts?|mw",
    "year": "years?",
    "month": "months?",
    "week": "weeks?",
    "day": "days?",
    "hour": "hours?",
    "minute": "minutes?",
}
_SIGNS = {"$": "usd", "€": "eur", "£": "gbp", "₽": "rub"}
_UNIT = re.compile(
    r"[\s-]*(?:(?P<sign>%)|" + "|".join(f"(?P<u{i}>{p})\\b" for i, p in enumerate(_UNIT_NAMES.values())) + ")", re.I
)
_DIGITS = re.compile(
    r"(?:(?P<sign>(?:US|U\.S\.)?[$€£₽])\s?)?(?<![\w.,])(?P<whole>\d{1,3}(?:[, \u00a0\u202f]\d{3})+(?!\d)|\d+)"
    r"(?P<part>[.,]\d+(?!\d|,\d))?"
    r"(?:st|nd|rd|th)?(?:(?P<short>(?i:k|mn?|bn?|tn))\b|[\s-]*(?P<scale>(?i:hundred|thousand|million|billion|trillion))\b)?",
)
_UNIT_WORDS = (
    rf"(?:(?:{'|'.join(_TENS)})(?:[\s-](?:one|two|three|four|five|six|seven|eight|nine)\b)?|"
    rf"(?:{'|'.join(sorted(_SMALL, key=len, reverse=True))}))\b"
)
_SCALE_WORDS = rf"(?:{'|'.join(SCALES)})\b"
_AFTER_SCALE = rf"(?:{'|'.join(f'(?<={scale})' for scale in SCALES)})(?:\s+and)?[\s-]+"
_TAIL = rf"(?:[\s-]{_SCALE_WORDS})*(?:{_AFTER_SCALE}{_UNIT_WORDS}(?:[\s-]{_SCALE_WORDS})*)*"
SPELT = rf"(?:{_UNIT_WORDS}|(?<=\ba ){_SCALE_WORDS}){_TAIL}"  # "a hundred", "two hundred and four", "twenty-five"
_SPELT = re.compile(rf"\b(?:(?:a|an)\s+(?={_SCALE_WORDS}))?(?:{_UNIT_WORDS}|{_SCALE_WORDS}){_TAIL}", re.I)
_HALF_OF = re.compile(r"\bhalf (?:of )?$", re.I)  # "half a million"
_OF_SCALE = re.compile(rf"(?:an?\s+)?{_SCALE_WORDS}", re.I)
_ORDINAL = re.compile(rf"\b(?:{'|'.join(_ORDINALS)})\b", re.I)
_M = "(?P<month>" + "|".join(sorted((re.escape(name) for name in _MONTH), key=len, reverse=True)) + r")\b\.?"
_DATES = [
    re.compile(r"\b(?P<year>(?:1[89]|20)\d\d)-(?P<number>0?[1-9]|1[0-2])(?:-(?P<day>\d{1,2}))?\b"),
    re.compile(r"\b(?P<day>\d{1,2})[./](?P<number>0?[1-9]|1[0-2])[./](?P<year>(?:19|20)\d\d)\b"),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_M}(?:,? (?P<year>(?:1[89]|20)\d\d)\b)?", re.I),
    re.compile(rf"\b{_M} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!,\d)(?:,? (?P<year>(?:1[89]|20)\d\d)\b)?", re.I),
    re.compile(rf"\b{_M},? (?:of )?(?P<year>(?:1[89]|20)\d\d)\b", re.I),
    re.compile(r"(?<![\w.,$€£])(?P<year>(?:1[89]|20)\d\d)\b(?![.,]\d|\s?(?:%|per ?cent))"),
    re.compile(
        rf"\b(?P<month>{'|'.join(name for name in MONTHS if name not in ('May', 'March'))})\b"
        r"|(?:(?<=[Ii]n )|(?<=[Bb]y )|(?<=[Ss]ince )|(?<=[Uu]ntil )|(?<=[Ff]rom )|(?<=[Ll]ate )|"
        r"(?<=[Ee]arly )|(?<=[Mm]id-))(?P<alone>May|March)\b"
    ),
]


@dataclass(frozen=True, slots=True)
class Date:
    """A date as far as a text tells it."""

    span: Span
    year: int | None = None
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its unit, if it has one that is known; ``step`` is the worth of its last digit that counts."""

    span: Span
    value: float
    unit: str | None = None
    step: float = 0.0


def dates_in(text: str) -> list[Date]:
    """The dates of a text in order, the fullest reading of each."""
    found: list[Date] = []
    for pattern in _DATES:
        here = [_date(match, Span(*match.span())) for match in pattern.finditer(text)]
        text = blanked(text, [date.span for date in here])
        found.extend(here)
    return sorted(found, key=lambda date: date.span.start)


def numbers_in(text: str, dates: Sequence[Date]) -> list[Number]:
    """The numbers of a text in order, those of its dates left out."""
    text = blanked(text, [date.span for date in dates])
    found = list(_from_digits(text))
    found.extend(_from_words(blanked(text, [number.span for number in found])))
    return sorted(found, key=lambda number: number.span.start)


def blanked(text: str, spans: Sequence[Span]) -> str:
    """A text with spaces in the place of some stretches that do not overlap, so that all else stands where it stood."""
    parts, done = [], 0
    for span in sorted(spans, key=lambda span: span.start):
        parts += [text[done : span.start], " " * (span.end - span.start)]
        done = span.end
    return "".join(parts) + text[done:]


def _date(match: re.Match[str], span: Span) -> Date:
    groups = match.groupdict()
    name = groups.get("month") or groups.get("alone")
    month = _MONTH[name.lower()] if name else int(groups["number"]) if groups.get("number") else None
    day = int(groups["day"]) if groups.get("day") else None
    return Date(span, int(groups["year"]) if groups.get("year") else None, month, day)


def _from_digits(text: str) -> Iterator[Number]:
    for match in _DIGITS.finditer(text):
        whole = re.sub(r"\D", "", match["whole"])
        part = (match["part"] or "").replace(",", ".")
        scale = SCALES.get((match["scale"] or "").lower()) or _short_scale(match["short"] or "", match["sign"])
        unit, end = _unit_at(text, match.end(), match["sign"])
        yield Number(Span(match.start(), end), round(float(whole + part) * scale, 6), unit, _step(whole, part) * scale)


def _from_words(text: str) -> Iterator[Number]:
    for match in _SPELT.finditer(text):
        halved = _OF_SCALE.match(match[0]) and _HALF_OF.search(text[: match.start()])
        value = spelt(match[0]) * (0.5 if halved else 1.0)
        unit, end = _unit_at(text, match.end(), None)
        yield Number(Span(match.start(), end), value, unit, _step(f"{value:.0f}", "") if value >= 1e3 else 1.0)
    for match in _ORDINAL.finditer(text):
        yield Number(Span(*match.span()), float(_ORDINALS[match[0].lower()]), None, 1.0)


def spelt(words: str) -> float:
    """The value of a number in words: "two thousand three hundred and four"."""
    total = current = 0.0
    for word in re.split(r"[\s-]+", words.lower()):
        if word in _SMALL or word in _TENS:
            current += _SMALL.get(word, 0) + _TENS.get(word, 0)
        elif word in ("hundred", "dozen"):
            current = max(current, 1) * SCALES[word]
        elif word in SCALES:
            total += max(current, 1) * SCALES[word]
            current = 0
    return total + current


def _short_scale(short: str, sign: str | None) -> float:
    return _SHORT_SCALES[short.lower()] if short in _PLAIN_SCALES or (short and sign) else 1.0


def _step(whole: str, part: str) -> float:
    """What one more in the last digit that counts is worth; the closing noughts of a round number do not count."""
    if part:
        return float(10.0 ** -(len(part) - 1))
    return float(10.0 ** (len(whole) - len(whole.rstrip("0")))) if whole.strip("0") else 1.0


def _unit_at(text: str, end: int, sign: str | None) -> tuple[str | None, int]:
    """The unit that stands behind a number, or before it as a sign, and where the number ends with it."""
    match = _UNIT.match(text, end)
    if sign:
        return _SIGNS[sign[-1]], end
    if not match:
        return None, end
    if match["sign"]:
        return "%", match.end()
    place = next(int(name[1:]) for name, value in match.groupdict().items() if value and name != "sign")
    return list(_UNIT_NAMES)[place], match.end()
