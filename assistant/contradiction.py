"""Contradiction: whether two attributed statements cannot both be so, by rules over their words and places."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.amounts import differ, is_measure, quantities_of
from assistant.quantities import MONTHS
from assistant.statements import Statement, parties
from assistant.types import Evidence
from index.lexical import terms_of

_PASSAGE_WEIGHT = 0.3
_LEXICAL_WEIGHT = 0.4
_ON_TOPIC = 0.25  # the share of the question's words that a sentence with a number must hold
_LEAST = (0.1, _ON_TOPIC)  # the same for the less on topic of two neighbours, and of others
_ADJACENT = 3  # characters between neighbouring sentences
_NEAR = 260  # characters with one sentence between
_OF_THEIRS = re.compile(
    r"\b(?:its|their|his|her) own\b|\bthe country['’]s\b|\bits (?:dead|soldiers|troops|servicemen)\b|"
    r"\bon (?:the|its|their) \w+ side\b|\bboth sides\b",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"\b(?:(?:explain|describe|tell|see|read|give|gave|put|report|count)\w*\b[^.]*\bdifferent\w*|"
    r"different (?:numbers?|figures?|accounts?|versions?|counts?|tolls?|dates?|explanations?|reasons?)|"
    r"(?:accounts?|reports?|sources|versions|figures|explanations)\b[^.]{0,60}\bdiffer(?:s|ed)?|(?<!not )disagree\w*|"
    r"(?:is|are|was|were|remains?) (?:\w+ )?(?:disputed|contested)|(?<!not )contradict(?:s|ed)?|conflicting|"
    r"each side (?:\w+ )?(?:blame|accuse)[sd]?|(?:blamed?|accused?) (?:each other|one another))\b",
    re.IGNORECASE,
)
_HEADED = re.compile(r"\b(?:accounts|each side|both sides|blamed|versions|disputed)\b", re.IGNORECASE)
_RECONCILED = re.compile(
    r"\bnot (?:contradict|rival|two different|a contradiction)|\bdifferent (?:reckonings?|things|scopes?)|"
    r"\bthe larger one\b",
    re.IGNORECASE,
)
_CONTRAST = re.compile(r", (?:while|whereas) |; |: (?=[A-Z])")
_PRONOUN = re.compile(r"\b(?:it|they|them|he|she|this|that)\b")
_NEGATED = re.compile(r"\b(?:no|not|never|neither|nor|rather than|instead of)\s+((?:[\w’'-]+\W+){0,3}[\w’'-]+)")
_DEATH = re.compile(
    r"\b(?:dead|die[sd]?|dying|deaths?|killed|kill|fatalit\w+|bod(?:y|ies)|toll|lives|victims?)\b", re.IGNORECASE
)
_SHARED = 2
_CUE_REACH = 2
_FIGURES = re.compile(r"\b(?:figures?|numbers?|toll|counts?|claims?|reports?|estimates?)\b")
_DAY = re.compile(rf"\b\d{{1,2}} (?:{'|'.join(MONTHS)})\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Said:
    """A statement, the evidence that it stands in, and how far its relevance lies below the best."""

    statement: Statement
    evidence: Evidence
    below: float


def may_disagree(one: Said, other: Said) -> bool:
    """Whether two statements are of different parties in one document, which does not itself reconcile them."""
    if one.evidence.hit.document_id != other.evidence.hit.document_id or one.statement.party & other.statement.party:
        return False
    return not reconciled(one.evidence, other.evidence)


def reconciled(one: Evidence, other: Evidence) -> bool:
    """Whether a passage of either says itself that its figures do not contradict each other."""
    return any(_RECONCILED.search(evidence.hit.text) for evidence in (one, other))


def under_a_heading(question: str, one: Said, other: Said, *, counts: bool) -> bool:
    """Whether two neighbouring statements stand under a heading that announces different accounts."""
    headed = _HEADED.search(one.evidence.hit.heading or "")
    return bool(headed) and not counts and _gap(one.evidence, other.evidence) in (1, 2)


def disagree(question: str, one: Said, other: Said, *, counts: bool) -> bool:
    """Whether two statements, in the order of their document, contradict each other on what is asked."""
    a, b = one.statement, other.statement
    gap = _gap(one.evidence, other.evidence)
    cued = gap in (1, 2) and _cue_before(one.evidence)
    if counts:
        return _count_differently(question, one, other, gap, cued=cued)
    asked = set(terms_of(question))
    return (
        cued
        or (gap <= 2 and _denied(a, b) and bool(asked & a.terms))
        or (_negated(a, b) and bool(asked & a.terms & b.terms))
        or (gap == 1 and _called_otherwise(a, b))
        or (gap == 0 and _set_against_each_other(question, one, other))
        or (gap == 1 and a.is_of_people != b.is_of_people and bool(a.terms & b.terms and asked & (a.terms | b.terms)))
        or (gap <= 1 and bool(a.terms & b.terms) and _tell_of_each_other(a, b, asked))
    )


def _count_differently(question: str, one: Said, other: Said, gap: int, *, cued: bool) -> bool:
    """Whether two parties give different numbers of what is asked for, of one time and not each of its own."""
    a, b = one.statement, other.statement
    if any(_OF_THEIRS.search(text) for text in (question, a.content, b.content)):
        return False
    if _DEATH.search(question) and not all(_DEATH.search(said.evidence.quote) for said in (one, other)):
        return False
    years = [set(_YEAR.findall(statement.told)) for statement in (a, b)]
    if all(years) and not years[0] & years[1]:
        return False
    if not cued:
        on_topic = sorted((_on_topic(one), _on_topic(other)))
        if gap <= 2 and b.denies and _FIGURES.search(b.content):
            return on_topic[1] >= _ON_TOPIC
        if on_topic[1] < _ON_TOPIC or on_topic[0] < _LEAST[gap > 1]:
            return False
        shared = {term for term in a.terms & b.terms if not is_measure(term)}
        if gap > 1 and (len(shared) < _SHARED or not shared & set(terms_of(question))):
            return False
        if gap == 1 and not (shared or _DEATH.search(question)):
            return False
    return differ(quantities_of(a.content), quantities_of(b.content))


def _denied(a: Statement, b: Statement) -> bool:
    """Whether the later statement denies what the other says; "denied responsibility" where the other blames it."""
    if not b.denies or a.denies:
        return False
    return not b.content.startswith(("responsib", "involve", "guilt", "any ")) or bool(b.party & parties(a.content))


def _negated(a: Statement, b: Statement) -> bool:
    """Whether one of two statements says "no …" of what the other speaks of."""
    return _denies_words(a, b) or _denies_words(b, a)


def _denies_words(a: Statement, b: Statement) -> bool:
    denied = {term for match in _NEGATED.finditer(b.content) for term in list(terms_of(match[1]))[:2]}
    return bool(denied & a.terms) and len(a.terms & b.terms) >= _SHARED


def _called_otherwise(a: Statement, b: Statement) -> bool:
    """Whether two parties call one thing different things."""
    return (a.calls or b.calls) and bool(a.terms & b.terms)


def _set_against_each_other(question: str, one: Said, other: Said) -> bool:
    """Whether one sentence sets two statements side by side as different accounts, of the day that is asked about."""
    quote, a, b = one.evidence.quote, one.statement, other.statement
    days = [set(_DAY.findall(text)) for text in (question.title(), quote)]
    if all(days) and not days[0] & days[1]:
        return False
    if _CONTRAST.search(quote) and (a.calls or b.calls):
        return True
    told = _CONTRAST.search(quote) or (b.party & parties(a.content) and _PRONOUN.search(b.content))
    return bool(told) and _on_topic(one) >= _ON_TOPIC


def _tell_of_each_other(a: Statement, b: Statement, asked: set[str]) -> bool:
    """Whether each of two parties tells of the other's part in it; or one does, in words of the question."""
    of_b, of_a = bool(b.party & parties(a.content)), bool(a.party & parties(b.content))
    return (of_a and of_b) or ((of_a or of_b) and bool(asked & a.terms & b.terms))


def relevance(evidence: Evidence) -> float:
    """How much a sentence has to do with the question: as retrieval saw it, whatever ranks the evidence."""
    found = evidence.found
    return found.similarity + _PASSAGE_WEIGHT * evidence.hit.parts.get("passage", 0.0) + _LEXICAL_WEIGHT * found.lexical


def _on_topic(said: Said) -> float:
    return said.evidence.found.lexical


def _cue_before(evidence: Evidence) -> bool:
    """Whether one of the two sentences before says that accounts differ."""
    before = [sentence.span for sentence in evidence.hit.sentences if sentence.span.end <= evidence.span.start]
    return any(_CUE.search(evidence.hit.words_at(span)) for span in before[-_CUE_REACH:])


def _gap(one: Evidence, other: Evidence) -> int:
    """How many sentences on the later one of a document stands: 0 for the same, 1, 2, or 3 for any more."""
    apart = other.span.start - one.span.end
    if one.span == other.span:
        return 0
    return 1 if apart <= _ADJACENT else 2 if apart <= _NEAR else 3
