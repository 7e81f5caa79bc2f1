"""Amounts in sentences: numbers with what they count, and whether two lots of them differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.quantities import MONTHS, SCALES, SPELT, blanked, dates_in, spelt
from index.lexical import terms_of

_FROM_DAY = re.compile(rf"\b\d{{1,2}}(?: (?:to|and|or) |[-–])(?=\d{{1,2}} (?:{'|'.join(MONTHS)})\b)", re.IGNORECASE)
_ADDED = re.compile(r"\b(?:another|a further|an additional) \S+")
_ROUGH = (
    r"about|around|some|nearly|almost|roughly|approximately|more than|over|at least|up to|less than|fewer than|under|"
    r"slightly more than"
)
_QUANTITY = re.compile(
    rf"(?P<rough>(?:{_ROUGH}) (?:a )?)?(?<![\w.,-])(?<!half )(?<!half a )(?<!third of a )(?<!quarter of a )"
    rf"(?:(?P<number>\d+(?:[,\u202f ]\d{{3}})*(?:\.\d+)?)(?: (?P<scale>{'|'.join(SCALES)})\b)?|(?P<words>{SPELT}))"
    r"(?!-[a-z]| and a half)(?P<percent> ?%| per cent| percent)?(?: (?P<unit>[a-z]+))?",
    re.IGNORECASE,
)
_NAMES_OF_MEASURES = (
    "kilometres kilometers km,metres meters,miles,tonnes tons,dollars,euros,roubles rubles,manat,tenge,years,months,"
    "weeks,days,hours,minutes,megawatts,gigawatts,barrels,litres liters,hectares,cubic,square,seats,votes,degrees"
)
_MEASURES = {term: one.split()[0] for one in _NAMES_OF_MEASURES.split(",") for term in terms_of(one)}
_SCALE_TERMS = frozenset(term for scale in SCALES for term in terms_of(scale))
_SAME = 0.05


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, what it measures ("" for people and things), and whether it is said to be rough."""

    value: float
    measure: str
    rough: bool


def quantities_of(text: str) -> list[Quantity]:
    """The quantities of a text; dates, what is added to another number ("another 3,000") and "one", which counts
    nothing as a rule, are left out.
    """
    bare = _FROM_DAY.sub("", text)
    bare = _ADDED.sub(" ; ", blanked(bare, [date.span for date in dates_in(bare)]))
    return [_quantity(match) for match in _QUANTITY.finditer(bare) if (match["words"] or "").lower() != "one"]


def differ(ones: Sequence[Quantity], others: Sequence[Quantity]) -> bool:
    """Whether two lots of quantities measure the same and have no number of it in common.

    People and things decide where both count some, since days and kilometres may well agree beside them.
    """
    pairs = [(one, other) for one in ones for other in others if one.measure == other.measure]
    counted = [pair for pair in pairs if not pair[0].measure]
    return bool(pairs) and not any(_same(one, other) for one, other in counted or pairs)


def is_measure(term: str) -> bool:
    """Whether a term measures or scales: "kilometre", "million"."""
    return term in _MEASURES or term in _SCALE_TERMS


def _quantity(match: re.Match[str]) -> Quantity:
    if match["words"]:
        value = spelt(match["words"])
    else:
        value = float(re.sub(r"[^\d.]", "", match["number"])) * SCALES.get((match["scale"] or "").lower(), 1.0)
    unit = next(iter(terms_of(match["unit"] or "")), "")
    measure = "%" if match["percent"] else _MEASURES.get(unit, "")
    return Quantity(value, measure, bool(match["rough"]))


def _same(one: Quantity, other: Quantity) -> bool:
    """Whether two numbers may be one: equal, or as good as equal where one is rough."""
    most = max(abs(one.value), abs(other.value))
    return one.value == other.value or ((one.rough or other.rough) and abs(one.value - other.value) <= _SAME * most)
