"""Disagreement: where the evidence differs on what was asked, both sides, and what must be brought into the answer.

Two statements disagree when different parties speak of one thing and what they say cannot both be so: they count it
differently, one denies what the other says, each blames the other, they call it different things, or the document
itself says that accounts differ. What counts depends on what is asked: a number for "how many". Rules see it in the
words; where they see nothing, the reader may see it in the meaning, and what it rules out in a passage that holds both
sides is none. A false disagreement is worse than a missed one, so each rule asks for more than likeness. Rules and
figures: `docs/answering.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from assistant.across import Correction, differing_outlets, updated
from assistant.amounts import quantities_of
from assistant.asked import asks_date, asks_for_thing, asks_how_both_hold, asks_number, asks_of_one, asks_what_it_is
from assistant.attribution import attribution
from assistant.citations import evidence_key
from assistant.contradiction import Said, disagree, may_disagree, reconciled, relevance, under_a_heading
from assistant.evidence import MOST_CHOSEN, opening_pronoun, understandable
from assistant.statements import statements_of
from assistant.types import Citation, Disagreement, Evidence, Notice, Side

_DEPTH = 24
_BEST_SIDE = 0.15  # how far the better side's relevance may lie below that of the best evidence
_OTHER_SIDE = 0.3  # and that of the other
_ANSWERS = 0.05  # the least chance of the likelier side to answer: else the parties differ on something else
_SIDES = 0.4  # the least chance of each of two sentences to be a side, where the reader alone says so
_DOUBTED = 0.02  # below it a side that rules see is none, if it was read together with the other
_REPORTED = re.compile(
    r"\b(?:sa(?:id|ys?)|claim(?:s|ed)?|den(?:y|ies|ied)|according to|report(?:s|ed)|put|blam(?:es?|ed)|accus(?:es?|ed)|"
    r"insist(?:s|ed)?|admit(?:s|ted)?|reject(?:s|ed)?|dismiss(?:es|ed)?|told)\b",
    re.IGNORECASE,
)
_TWO = 2
_IN_DIGITS = 12  # numbers above are written in digits


@dataclass(frozen=True, slots=True)
class SideTold:
    """One side as found: the evidence, and what it holds, with whose it is where the sentence says so."""

    evidence: Evidence
    value: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """A disagreement as found: what was asked, and two sides; ``across`` documents, or told within one."""

    about: str
    sides: tuple[SideTold, SideTold]
    across: bool = False

    def sets_apart(self, evidence: Evidence) -> bool:
        """Whether evidence is a side of which only its document says whose it is."""
        return self.across and evidence_key(evidence) in {evidence_key(side.evidence) for side in self.sides}


def find_dispute(question: str, ranked: Sequence[Evidence]) -> Dispute | None:
    """The disagreement in the evidence, best first, on what a question asks; None if there is none.

    A question for what one party says is answered by that party's words alone, and one that asks how two reports go
    together by what reconciles them.
    """
    counts = asks_number(question)
    if not ranked or asks_of_one(question) or asks_how_both_hold(question):
        return None
    if not counts and asks_what_it_is(question):
        return None
    if not counts and asks_for_thing(question):
        return _across(question, ranked) if asks_date(question) else None
    return _by_rules(question, ranked, counts=counts) or _as_read(question, ranked)


def _by_rules(question: str, ranked: Sequence[Evidence], *, counts: bool) -> Dispute | None:
    best = max(relevance(evidence) for evidence in ranked[:_DEPTH])
    said = [
        Said(statement, evidence, best - relevance(evidence))
        for evidence in ranked[:_DEPTH]
        if best - relevance(evidence) <= _OTHER_SIDE
        for statement in statements_of(evidence.quote)
    ]
    pairs = [
        sorted(pair, key=lambda said: (said.evidence.hit.document_id, said.evidence.span.start))
        for pair in sorted(combinations(said, 2), key=lambda pair: pair[0].below + pair[1].below)
        if min(one.below for one in pair) <= _BEST_SIDE
        and max(one.evidence.score for one in pair) >= _ANSWERS
        and not _doubted(pair)
        and _of_the_named(question, [one.evidence for one in pair])
    ]
    for contradict in (disagree, under_a_heading):
        for first, second in pairs:
            if may_disagree(first, second) and contradict(question, first, second, counts=counts):
                return Dispute(question.strip(" ?"), (_side(first), _side(second)))
    return _across(question, ranked) if counts else None


def _as_read(question: str, ranked: Sequence[Evidence]) -> Dispute | None:
    """The likeliest two sides by the reader, of one document and, as far as is known, of different parties.

    One of them at least must be somebody's word: what a text says of two matters in its own is no dispute.
    """
    likely = sorted((one for one in ranked[:_DEPTH] if one.side >= _SIDES), key=lambda one: -one.side)
    pairs = [
        (one, other)
        for one, other in sorted(combinations(likely, 2), key=lambda pair: -pair[1].side)
        if one.hit.document_id == other.hit.document_id
        and max(one.score, other.score) >= _ANSWERS
        and one.quote != other.quote
        and any(statements_of(side.quote) or _REPORTED.search(side.quote) for side in (one, other))
        and not _parties(one) & _parties(other)
        and not reconciled(one, other)
        and _of_the_named(question, (one, other))
    ]
    if not pairs:
        return None
    one, other = sorted(pairs[0], key=lambda side: side.span.start)
    return Dispute(question.strip(" ?"), (_whole(one), _whole(other)))


def first_dispute(read: Iterable[tuple[str, Sequence[Evidence]]]) -> Dispute | None:
    """The first disagreement on one of several questions, each with its evidence."""
    return next((found for question, ranked in read if (found := find_dispute(question, ranked))), None)


def corrected(question: str, ranked: Sequence[Evidence]) -> tuple[list[Evidence], tuple[Correction, ...]]:
    """The evidence without what its own outlet has updated since, where a figure or a date is asked; and by what."""
    kept, corrections = list(ranked), tuple[Correction, ...]()
    of_number = asks_number(question)
    for of_date in (False, True):
        if asks_date(question) if of_date else of_number:
            kept, more = updated(question, kept, of_date=of_date, of_number=of_number)
            corrections += more
    return kept, corrections


def correction_notices(corrections: Sequence[Correction], citations: Sequence[Citation]) -> tuple[Notice, ...]:
    """The notice of the first correction that an answer cites."""
    cited = {citation.key for citation in citations}
    return tuple(one.notice for one in corrections if evidence_key(one.newer) in cited)[:1]


def _across(question: str, ranked: Sequence[Evidence]) -> Dispute | None:
    pair = differing_outlets(question, ranked, of_date=not asks_number(question))
    if pair is None:
        return None
    one, other = (
        SideTold(side, f"{attribution([side], always=True) or side.hit.title}: {side.quote}") for side in pair
    )
    return Dispute(question.strip(" ?"), (one, other), across=True)


def with_both_sides(chosen: Sequence[Evidence], dispute: Dispute | None, ranked: Sequence[Evidence]) -> list[Evidence]:
    """The evidence of an answer with both sides of a disagreement at its head, in place of the least of it."""
    if dispute is None:
        return list(chosen)
    both: dict[str, Evidence] = {}
    for side in dispute.sides:
        both |= {evidence_key(piece): piece for piece in side_in_full(side, ranked) if evidence_key(piece) not in both}
    others = [evidence for evidence in chosen if evidence_key(evidence) not in both]
    return [*both.values(), *others[: max(0, MOST_CHOSEN - len(both))]]


def side_in_full(side: SideTold, ranked: Sequence[Evidence]) -> list[Evidence]:
    """A side, behind the sentence before it where it opens with a word for something said there ("She …")."""
    leans = opening_pronoun(side.evidence.quote) is not None
    return understandable(side.evidence, ranked) if leans else [side.evidence]


def sets_apart(dispute: Dispute | None, evidence: Sequence[Evidence]) -> bool:
    """Whether evidence is a side of a disagreement of which only its document says whose it is."""
    return dispute is not None and any(dispute.sets_apart(piece) for piece in evidence)


def as_disagreements(dispute: Dispute | None, citations: Sequence[Citation]) -> tuple[Disagreement, ...]:
    """A disagreement with the numbers of its sides; nothing where an answer does not cite both."""
    if dispute is None:
        return ()
    numbers = {citation.key: citation.number for citation in citations}
    sides = [(numbers.get(evidence_key(side.evidence)), side.value) for side in dispute.sides]
    cited = tuple(Side(number, value) for number, value in sides if number is not None)
    return (Disagreement(dispute.about, cited),) if len(cited) == len(sides) else ()


def _doubted(pair: Sequence[Said]) -> bool:
    """Whether the reader rules a side out that it saw together with the other."""
    one, other = (said.evidence for said in pair)
    return one.hit.passage_id == other.hit.passage_id and 0 < min(one.side, other.side) < _DOUBTED


def _of_the_named(question: str, pair: Sequence[Evidence]) -> bool:
    """Whether each side gives one of the numbers that a question itself sets against each other, where it does."""
    named = {quantity.value for quantity in quantities_of(question) if quantity.value > _IN_DIGITS}
    return len(named) < _TWO or all(
        named & {quantity.value for quantity in quantities_of(evidence.quote)} for evidence in pair
    )


def _side(said: Said) -> SideTold:
    return SideTold(said.evidence, said.statement.in_short)


def _whole(evidence: Evidence) -> SideTold:
    """A sentence as a side: in short where it is one party's statement, else as it stands."""
    statements = statements_of(evidence.quote)
    return SideTold(evidence, statements[0].in_short if len(statements) == 1 else evidence.quote)


def _parties(evidence: Evidence) -> frozenset[str]:
    """All whose statements a sentence holds."""
    return frozenset(party for statement in statements_of(evidence.quote) for party in statement.party)
