"""Faults of a claim that can be named: a number, date, unit or name that no quotation bears, a "not" too many or too
few, a word whose opposite is what the quotations say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from assistant.quantities import Date, Number, blanked, dates_in, numbers_in
from assistant.words import base, is_word, opposites, relation
from corpus.types import Span
from index.lexical import ordered_terms
from index.spellings import Spellings

FaultKind = Literal["number", "date", "unit", "name", "negation", "opposite"]
_TIGHT, _LOOSE = 0.02, 0.15  # how far a rounded number may lie off, as a share, without and with a word such as "about"
_SIGN = r"\W+(?:[$€£]|US\$)?$"  # of money, between a word and its number
_HEDGE = re.compile(
    r"\b(?:about|around|nearly|almost|roughly|some|approximately|over|under|more than|less than|fewer than|at least"
    rf"|up to|at most|close to|an estimated|just|circa|only){_SIGN}",
    re.I,
)
_AT_LEAST = re.compile(
    rf"(?<!\bno )(?<!\bnot )\b(?:over|more than|at least){_SIGN}|\b(?:no|not) (?:fewer|less) than{_SIGN}", re.I
)
_AT_MOST = re.compile(
    rf"(?<!\bno )(?<!\bnot )\b(?:under|less than|fewer than|up to|at most){_SIGN}|\b(?:no|not) more than{_SIGN}", re.I
)
_OF_TIME = re.compile(r"\b(?:in|since|until|till|by|from|of|during|before|after|year|and|to)\s+$|[-–]$", re.I)
_TWO = re.compile(r"\b(?:both|couple|pair|twice|double[ds]?|doubling)\b", re.I)
_HALF = re.compile(r"\bhalf\b", re.I)
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|lacks?|lacked|den(?:y|ies|ied)|refus(?:e|es|ed)"
    r"|fail(?:s|ed)? to|declin(?:e|es|ed) to|no longer|hardly|barely|ruled? out|avoid(?:s|ed)?)\b|n['’]t\b",
    re.I,
)
_PLAIN_NOT = re.compile(r"\b(?:not(?! only)|never|cannot|no longer)\b|n['’]t\b")
_NOT_NEGATION = re.compile(r"\b(?:not only|no doubt|no fewer|no less|not least|no later)\b", re.I)
_CLAUSE = re.compile(r"[,;:.!?()–—]|\b(?:but|and|because|although|while|that|who|which)\b", re.I)
_REACH = 1  # terms ahead of itself that a negation reaches within its clause
_TOKEN = re.compile(r"[\w’']+")
_NEAR, _SHORT_EDIT = 0.75, 4  # share of a claim's words in one quotation, in order; words of one edit
_WORD = re.compile(r"\b[^\W\d_][\w’']+")
_ELIDED = re.compile(r"^[a-z][’'](?=\w)")  # "d’Estaing"
_WORD_INITIALS = re.compile(r"\b([A-Za-zА-я])\w*")
_QUARTERS = {"Q1": "first", "Q2": "second", "Q3": "third", "Q4": "fourth"}
_OPENS = re.compile(r"(?:^|[.!?:]\s+|\n)[\"“'‘(\[]*$")
_SHORT_ACRONYM = 2  # letters: only the initials of words in capitals spell it out
_NAME_STEM = 4  # letters that two forms of one name share at least


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a claim, and where in it."""

    kind: FaultKind
    span: Span


def faults_of(claim: str, quotes: Sequence[str], names: Spellings) -> list[Fault]:
    """The faults of a claim against all its quotations together, in no order."""
    return [*missing_in(claim, "\n".join(quotes), names), *contradictions_of(claim, quotes)]


def missing_in(claim: str, said: str, names: Spellings) -> list[Fault]:
    """The numbers, dates, units and names of a claim that a text does not bear."""
    dates, dates_said = dates_in(claim), dates_in(said)
    numbers_said = numbers_in(said, dates_said)
    return [
        *_date_faults(claim, dates, said, dates_said, numbers_said),
        *_number_faults(claim, numbers_in(claim, dates), said, numbers_said, dates_said),
        *_name_faults(blanked(claim, [date.span for date in dates]), said, names),
    ]


def contradictions_of(claim: str, quotes: Sequence[str]) -> list[Fault]:
    """What a claim negates or turns into its opposite, or the quotations do."""
    said = "\n".join(quotes)
    negations = list(_negation_faults(claim, said)) or list(_edit_faults(claim, quotes))
    return [*negations, *_opposite_faults(claim, said)]


def _date_faults(
    claim: str, dates: Sequence[Date], said: str, dates_said: Sequence[Date], numbers_said: Sequence[Number]
) -> Iterator[Fault]:
    years = {date.year for date in dates_said}
    for date in dates:
        told = any(_same_date(date, other, years) for other in dates_said)
        if date.day is date.year is None:  # "May" may be a name
            told = told or re.search(rf"\b{re.escape(claim[date.span.start : date.span.end])}\b", said) is not None
        if not told and (date.month or not any(number.value == date.year for number in numbers_said)):
            yield Fault("date", date.span)


def _same_date(date: Date, other: Date, years: set[int | None]) -> bool:
    """Whether a date is told by another one, whose year may stand elsewhere in the quotations."""
    if date.day != other.day and date.day is not None:
        return False
    if date.month != other.month and date.month is not None:
        return False
    return date.year is None or date.year == other.year or (other.year is None and date.year in years)


def _number_faults(
    claim: str, numbers: Sequence[Number], said: str, others: Sequence[Number], dates: Sequence[Date]
) -> Iterator[Fault]:
    """What no number of the quotations is, nor what looks like a year and may be a count: "2000 soldiers"."""
    years = [date.year for date in dates if date.month is None and not _OF_TIME.search(said[: date.span.start])]
    for number in numbers:
        if claim[number.span.start : number.span.end].lower() in ("one", "first", "second"):
            continue
        before = claim[: number.span.start]
        loose = bool(_HEDGE.search(before))
        same = [other for other in others if _same_value(number, other, loose) and _on_the_side(before, number, other)]
        if not same and number.value not in years and not _in_words(number, said):
            yield Fault("number", number.span)
        elif same and not any(_same_unit(number, other) for other in same):
            yield Fault("unit", number.span)


def _same_value(number: Number, other: Number, loose: bool) -> bool:
    """Whether two values are equal, or the first is the second rounded."""
    apart = abs(number.value - other.value)
    if apart <= 1e-9 * max(abs(other.value), 1):
        return True
    room = number.step if loose else number.step / 2
    return number.step > other.step and apart <= room and apart <= (_LOOSE if loose else _TIGHT) * abs(other.value)


def _on_the_side(before: str, number: Number, other: Number) -> bool:
    """Whether a number lies where "more than" or "fewer than" before another one has it."""
    if _AT_LEAST.search(before):
        return other.value >= number.value
    return not _AT_MOST.search(before) or other.value <= number.value


def _same_unit(number: Number, other: Number) -> bool:
    if "%" in (number.unit, other.unit):
        return number.unit == other.unit
    return number.unit == other.unit or not (number.unit and other.unit)


def _in_words(number: Number, said: str) -> bool:
    if number.value == 2:
        return bool(_TWO.search(said))
    return number.value in (0.5, 50) and bool(_HALF.search(said))


def _name_faults(claim: str, said: str, names: Spellings) -> Iterator[Fault]:
    borne = {name for _, name in names.names_in(said)}
    spans = [(span, name) for span, name in names.names_in(claim) if claim[span.start].isupper()]
    stems = {term for term, _, _ in ordered_terms(said)}
    for span, name in spans:
        if name not in borne and not _words_borne(claim[span.start : span.end], stems):
            yield Fault("name", span)
    for match in _WORD.finditer(claim):
        span = Span(*match.span())
        if not _ELIDED.sub("", match[0])[0].isupper() or any(
            one.start < span.end and span.start < one.end for one, _ in spans
        ):
            continue
        if not _opens_sentence(claim, match) and not _words_borne(match[0], stems) and not _spelt_out(match[0], said):
            yield Fault("name", span)


def _opens_sentence(text: str, match: re.Match[str]) -> bool:
    """Whether a capital may be due to the sentence's beginning alone."""
    follows = text[match.end() : match.end() + 2].strip()[:1]
    return bool(_OPENS.search(text[: match.start()])) and not follows.isupper() and is_word(match[0])


def _spelt_out(name: str, said: str) -> bool:
    """Whether a name is short for words of a text: CNN for "convolutional neural network", Q3 for "third quarter"."""
    if name[:2] in _QUARTERS:
        return re.search(rf"\b{_QUARTERS[name[:2]]}[\s-]+quarter", said, re.I) is not None
    short = name.removesuffix("'s").removesuffix("’s")
    if not (short.isupper() and len(short) > 1):
        return False
    initials = "".join(_WORD_INITIALS.findall(said))
    return short in initials or (len(short) > _SHORT_ACRONYM and short.lower() in initials.lower())


def _words_borne(name: str, stems: set[str]) -> bool:
    return all(any(_same_name(term, other) for other in stems) for term, _, _ in ordered_terms(name))


@lru_cache(maxsize=100_000)
def _same_name(term: str, other: str) -> bool:
    """Whether two terms may be forms of one name: Azerbaijan, Azerbaijani; Ukraine, Ukrainian."""
    if term == other:
        return True
    shorter, longer = sorted((term, other), key=len)
    root = shorter[:-1] if shorter[-1] in "aeyi" else shorter
    return len(root) >= _NAME_STEM and longer.startswith(root) and len(longer) - len(shorter) <= 4


def _negation_faults(claim: str, said: str) -> Iterator[Fault]:
    """Words that are negated here and not there, or the other way round."""
    here, there = _polarity(claim), _polarity(said)
    for term, places in here.items():
        others = {negated for negated, _ in there.get(term, ())}
        if others and len({negated for negated, _ in places}) == 1 and places[0][0] not in others:
            yield Fault("negation", places[0][1])


def _polarity(text: str) -> dict[str, list[tuple[bool, Span]]]:
    """For each term of a text, whether a negation reaches it and where it stands, place by place."""
    terms = [(term, Span(start, end)) for term, start, end in ordered_terms(text)]
    found: dict[str, list[tuple[bool, Span]]] = {}
    negated = _negated(text, [span for _, span in terms])
    for number, (term, span) in enumerate(terms):
        if not term[0].isdigit():
            found.setdefault(base(term), []).append((number in negated, span))
    return found


def _negated(text: str, spans: Sequence[Span]) -> set[int]:
    """Which of some words a negation reaches: the few that follow it in its clause, or one beyond where none does."""
    reached: set[int] = set()
    for match in _negations(text):
        ahead = [number for number, span in enumerate(spans) if span.start >= match.end()][:_REACH]
        within = [number for number in ahead if not _CLAUSE.search(text, match.end(), spans[number].start)]
        reached.update(within or ahead[:1])
    return reached


def _negations(text: str) -> list[re.Match[str]]:
    return [match for match in _NEGATION.finditer(text) if not _NOT_NEGATION.match(text, match.start())]


def _edit_faults(claim: str, quotes: Sequence[str]) -> Iterator[Fault]:
    """A negation put into, or taken out of, a claim that is otherwise nearly a quotation's words."""
    words = list(_TOKEN.finditer(claim))
    here = [word[0].lower() for word in words]
    for quote in quotes:
        there = [word.lower() for word in _TOKEN.findall(quote)]
        matcher = SequenceMatcher(None, here, there, autojunk=False)
        if 2 * len(here) < len(there) or sum(block.size for block in matcher.get_matching_blocks()) < _NEAR * len(here):
            continue
        for kind, start, end, other_start, other_end in matcher.get_opcodes():
            if kind == "equal" or end - start > _SHORT_EDIT or other_end - other_start > _SHORT_EDIT:
                continue
            mine, theirs = " ".join(here[start:end]), " ".join(there[other_start:other_end])
            if bool(_PLAIN_NOT.search(mine)) != bool(_PLAIN_NOT.search(theirs)):
                place = words[min(start, len(words) - 1)]
                yield Fault("negation", Span(*place.span()))


def _opposite_faults(claim: str, said: str) -> Iterator[Fault]:
    """Words of a claim whose opposite the quotations hold, while they lack it and whatever means nearly the same."""
    there = {term for term, _, _ in ordered_terms(said)}
    for term, start, end in ordered_terms(claim):
        if term in there or there.isdisjoint(opposites(term)):
            continue
        if all(relation(term, other) == "none" for other in there):
            yield Fault("opposite", Span(start, end))
