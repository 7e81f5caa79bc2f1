"""Amounts in sentences: numbers with what they count, and whether two lots of them differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.lexical import terms_of

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATES = re.compile(
    rf"\b(?:\d{{1,2}} (?:to|and) )?(?:\d{{1,2}} )?(?:{_MONTHS})(?: \d{{4}})?\b|\b(?:19|20)\d\d\b", re.IGNORECASE
)
_ADDED = re.compile(r"\b(?:another|a further|an additional) \S+")
_SMALL = {
    word: float(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen "
        "eighteen nineteen twenty".split()
    )
}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0}
_QUANTITY = re.compile(
    r"(?P<rough>(?:about|around|some|nearly|almost|roughly|approximately|more than|over|at least|up to|less than|"
    r"fewer than|"
    rf"under|slightly more than) )?(?<![\w.,-])(?P<number>\d+(?:[,\u202f ]\d{{3}})*(?:\.\d+)?|{'|'.join(_SMALL)})"
    rf"(?: (?P<scale>{'|'.join(_SCALES)}))?(?P<percent> ?%| per cent| percent)?(?: (?P<unit>[a-z]+))?",
    re.IGNORECASE,
)
_MEASURES = frozenset(
    "km kilometre metr metre mile tonn ton dollar euro roubl manat tenge year day week month hour minut megawatt "
    "gigawatt "
    "barrel litr hectar cubic squar seat vote degre kilomet meter".split()
)
_SAME = 0.05


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, what it measures ("" for people and things), and whether it is said to be rough."""

    value: float
    measure: str
    rough: bool


def quantities_of(text: str) -> list[Quantity]:
    """The quantities of a text; dates and what is added to another number ("another 3,000") are left out."""
    bare = _ADDED.sub(" ; ", _DATES.sub(" ; ", text))
    return [_quantity(match) for match in _QUANTITY.finditer(bare)]


def differ(ones: Sequence[Quantity], others: Sequence[Quantity]) -> bool:
    """Whether two lots of quantities measure the same and have no number in common."""
    for measure in {one.measure for one in ones} & {other.measure for other in others}:
        mine = [one for one in ones if one.measure == measure]
        theirs = [other for other in others if other.measure == measure]
        return not any(_same(one, other) for one in mine for other in theirs)
    return False


def is_measure(term: str) -> bool:
    """Whether a term measures or scales: "kilometre", "million"."""
    return term in _MEASURES or any(word.startswith(term) for word in _SCALES)


def _quantity(match: re.Match[str]) -> Quantity:
    number = match["number"].lower()
    value = _SMALL[number] if number in _SMALL else float(re.sub(r"[^\d.]", "", number))
    value *= _SCALES.get((match["scale"] or "").lower(), 1.0)
    unit = next(iter(terms_of(match["unit"] or "")), "")
    measure = "%" if match["percent"] else unit if unit in _MEASURES else ""
    return Quantity(value, measure, bool(match["rough"]))


def _same(one: Quantity, other: Quantity) -> bool:
    """Whether two numbers may be one: equal, or as good as equal where one is rough."""
    most = max(abs(one.value), abs(other.value))
    return one.value == other.value or ((one.rough or other.rough) and abs(one.value - other.value) <= _SAME * most)
