"""Evidence: from ranked sentences to the few that make the answer."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from assistant.sentence_rows import Row
from assistant.types import Evidence
from index.lexical import terms_of

_NEARLY_AS_GOOD = 2.0  # by the logarithm of the odds: 0.21 beside 0.66
MOST_CHOSEN = 3  # sentences, those that they need to be understood aside
_SAME = 0.7
_SHORT_WORDS = 8
_PRONOUN = re.compile(
    r"(It|Its|He|She|They|His|Her|Their|This|These|That|Those|Such|Both)\b(?! (is|was) (why|because)\b)"
)


def select(ranked: Sequence[Evidence]) -> list[Evidence]:
    """The few sentences that make the answer: the best, and others nearly as good that add something.

    A sentence that opens with a word for something said before ("It …") comes after the one before it; one too short to
    say much ("Another point is the corridor.") brings the one that follows it along.
    """
    chosen: list[Evidence] = []
    for evidence in ranked:
        if len(chosen) >= MOST_CHOSEN or _odds(evidence) < _odds(ranked[0]) - _NEARLY_AS_GOOD:
            break
        if not any(_says_the_same(evidence.quote, other.quote) for other in chosen):
            one, *others = understandable(evidence, ranked)
            place = chosen.index(one) + 1 if one in chosen else len(chosen)
            added = others if one in chosen else [one, *others]
            chosen[place:place] = [new for new in added if new not in chosen]
    return chosen


def _odds(evidence: Evidence) -> float:
    """The logarithm of the odds that a sentence answers."""
    chance = min(max(evidence.score, 1e-6), 1 - 1e-6)
    return math.log(chance / (1 - chance))


def opening_pronoun(quote: str) -> str | None:
    """The word that a sentence opens with, if it stands for something said before it."""
    match = _PRONOUN.match(quote)
    return match[1] if match else None


def understandable(evidence: Evidence, ranked: Sequence[Evidence]) -> list[Evidence]:
    """A sentence with the neighbour of its passage that it needs to be understood, in their order."""
    if opening_pronoun(evidence.quote):
        return [*_neighbour(evidence, -1, ranked), evidence]
    if len(evidence.quote.split()) < _SHORT_WORDS:
        return [evidence, *_neighbour(evidence, 1, ranked)]
    return [evidence]


def _neighbour(evidence: Evidence, step: int, ranked: Sequence[Evidence]) -> list[Evidence]:
    """The sentence before or after one in its passage, as it was ranked if it was; none where the passage ends."""
    sentences = evidence.hit.sentences
    number = [sentence.span for sentence in sentences].index(evidence.span) + step
    if not 0 <= number < len(sentences):
        return []
    span, passage = sentences[number].span, evidence.hit.passage_id
    known = [other for other in ranked if other.span == span and other.hit.passage_id == passage]
    return known[:1] or [Row(evidence.hit, 0, number).scored(0.0)]


def _says_the_same(one: str, other: str) -> bool:
    """Whether most of the shorter one's terms stand in the other."""
    terms, others = set(terms_of(one)), set(terms_of(other))
    return len(terms & others) >= _SAME * max(1, min(len(terms), len(others)))
