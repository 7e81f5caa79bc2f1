"""Figures and dates across documents: whether two documents differ on one thing, or one corrects an older one.

Two sentences are of one thing when they share most of their words and hold most of the question's. Those of different
outlets then disagree; a later one of the same outlet is an update, and corrects the older.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from assistant.amounts import differ, is_measure, quantities_of
from assistant.evidence import understandable
from assistant.periods import in_words
from assistant.quantities import Date, dates_in
from assistant.types import Evidence, Notice
from corpus.dates import first_day, last_day
from index.lexical import terms_of

_DEPTH = 12
_ON_TOPIC = 0.45
_ALIKE = 0.6
_SHARED = 3
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_EARLIER = re.compile(
    r"\b(?:first|early|earlier|initial\w*|original\w*|at the time|back then|by then|as of|so far|until|up to|"
    r"days? (?:after|later)|"
    r"change[sd]?|revis\w+|correct\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Correction:
    """What an outlet says anew in place of what it said before, and a notice for an answer that cites it."""

    newer: Evidence
    notice: Notice


def updated(
    question: str, ranked: Sequence[Evidence], *, of_date: bool, of_number: bool = False
) -> tuple[list[Evidence], tuple[Correction, ...]]:
    """The evidence with what its own outlet has updated since left out, the newer in its place; and the corrections.

    A question for an earlier state of things is left alone. Where a number is asked for beside the date, sentences that
    give one number are no corrections of each other.
    """
    kept, corrections = list(ranked), []
    pairs = [] if _EARLIER.search(question) else list(_differing(question, ranked, of_date=of_date))
    for one, other in pairs:
        if not _same_outlet(one, other) or one not in kept or other not in kept:
            continue
        if of_date and of_number and _figures_agree(one, other):
            continue
        older, newer = sorted((one, other), key=lambda evidence: last_day(evidence.hit.metadata.published or "0000"))
        place = min(kept.index(older), kept.index(newer))
        place -= sum(_leans_on(one, older) for one in kept[:place])
        kept = [one for one in kept if one not in (older, newer) and not _leans_on(one, older)]
        kept.insert(place, newer)
        corrections.append(Correction(newer, _notice(older, newer)))
    return kept, tuple(corrections)


def differing_outlets(question: str, ranked: Sequence[Evidence], *, of_date: bool) -> tuple[Evidence, Evidence] | None:
    """The best two sentences of different outlets that give different figures, or dates, of one thing."""
    pairs = _differing(question, ranked, of_date=of_date)
    return next((pair for pair in pairs if not _same_source(*pair)), None)


def _differing(question: str, ranked: Sequence[Evidence], *, of_date: bool) -> Iterator[tuple[Evidence, Evidence]]:
    asked = _years(question)
    on_topic = [
        evidence
        for evidence in ranked[:_DEPTH]
        if evidence.found.lexical >= _ON_TOPIC and (not asked or _may_be_of(evidence, asked))
    ]
    for one, other in combinations(on_topic, 2):
        differ_in = _dates_differ if of_date else _figures_differ
        apart = one.hit.document_id != other.hit.document_id and _of_one_thing(one.quote, other.quote)
        if apart and differ_in(one, other):
            yield one, other


def _of_one_thing(one: str, other: str) -> bool:
    """Whether two sentences have most words in common, numbers apart."""
    terms, others = (
        {term for term in terms_of(text) if not term[0].isdigit() and not is_measure(term)} for text in (one, other)
    )
    shared = len(terms & others)
    return shared >= _SHARED and shared >= _ALIKE * max(len(terms), len(others))


def _figures_differ(one: Evidence, other: Evidence) -> bool:
    """Whether both give figures, of years that may be one, and have none in common."""
    told = _years(one.quote), _years(other.quote)
    years = [named or _published(evidence) for named, evidence in zip(told, (one, other), strict=True)]
    apart = 0 if all(told) else 1  # a piece of January tells of December
    if all(years) and not any(abs(mine - theirs) <= apart for mine in years[0] for theirs in years[1]):
        return False
    return differ(quantities_of(one.quote), quantities_of(other.quote))


def _figures_agree(one: Evidence, other: Evidence) -> bool:
    figures, others = quantities_of(one.quote), quantities_of(other.quote)
    return bool(figures and others) and not differ(figures, others)


def _may_be_of(evidence: Evidence, asked: set[int]) -> bool:
    """Whether a sentence may tell of one of these years: one that it names or, if it names none, the year of its
    publication or the one before.
    """
    if told := _years(evidence.quote):
        return bool(asked & told)
    published = _published(evidence)
    return not published or any(0 <= then - year <= 1 for then in published for year in asked)


def _published(evidence: Evidence) -> set[int]:
    """The year of publication, none where it is not known."""
    return _years((evidence.hit.metadata.published or "")[:4])


def _leans_on(one: Evidence, other: Evidence) -> bool:
    """Whether a sentence needs the other one to be understood."""
    return other in understandable(one, [other])[:-1]


def _years(text: str) -> set[int]:
    return set(map(int, _YEAR.findall(text)))


def _dates_differ(one: Evidence, other: Evidence) -> bool:
    """Whether both have dates and none of one may be one of the other, a partial one within a whole one."""
    dates, others = dates_in(one.quote), dates_in(other.quote)
    return bool(dates and others) and not any(_may_be_one(mine, theirs) for mine in dates for theirs in others)


def _may_be_one(one: Date, other: Date) -> bool:
    parts = ((one.year, other.year), (one.month, other.month), (one.day, other.day))
    return all(mine is None or theirs is None or mine == theirs for mine, theirs in parts)


def _same_source(one: Evidence, other: Evidence) -> bool:
    outlets = [evidence.hit.metadata.outlet for evidence in (one, other)]
    return bool(outlets[0] and outlets[1]) and str(outlets[0]).casefold() == str(outlets[1]).casefold()


def _same_outlet(one: Evidence, other: Evidence) -> bool:
    """Whether one is a later piece of the other's outlet."""
    dates = [evidence.hit.metadata.published for evidence in (one, other)]
    if not (dates[0] and dates[1]) or not _same_source(one, other):
        return False
    return last_day(dates[0]) < first_day(dates[1]) or last_day(dates[1]) < first_day(dates[0])


def _notice(older: Evidence, newer: Evidence) -> Notice:
    past, now = older.hit.metadata, newer.hit.metadata
    return Notice(
        "corrected",
        f"{now.outlet} gave this otherwise on {in_words(past.published or '')} (“{older.hit.title}”); "
        f"given is its newer word of {in_words(now.published or '')}.",
    )
