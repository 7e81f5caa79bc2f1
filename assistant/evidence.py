"""Evidence: from ranked sentences to the few that make the answer."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.types import Evidence
from index.lexical import terms_of

_NEARLY = 0.4  # of the best one's chance to answer
_MOST_SENTENCES = 3
_SAME = 0.7
_SHORT_WORDS = 8


def select(ranked: Sequence[Evidence]) -> list[Evidence]:
    """The few sentences that make the answer: the best, and others nearly as good that add something.

    A sentence too short to say much ("Another point is the corridor.") brings the one that follows it along.
    """
    chosen: list[Evidence] = []
    for evidence in ranked:
        if len(chosen) >= _MOST_SENTENCES or evidence.score < _NEARLY * ranked[0].score:
            break
        if not any(_says_the_same(evidence.quote, other.quote) for other in chosen):
            chosen.append(evidence)
            follower = _following(evidence, ranked) if len(evidence.quote.split()) < _SHORT_WORDS else None
            if follower and follower not in chosen:
                chosen.append(follower)
    return chosen


def _following(evidence: Evidence, ranked: Sequence[Evidence]) -> Evidence | None:
    """The next sentence of the same passage."""
    later = [
        other
        for other in ranked
        if other.hit.passage_id == evidence.hit.passage_id and other.span.start > evidence.span.start
    ]
    return min(later, key=lambda other: other.span.start, default=None)


def _says_the_same(one: str, other: str) -> bool:
    """Whether most of the shorter one's terms stand in the other."""
    terms, others = set(terms_of(one)), set(terms_of(other))
    return len(terms & others) >= _SAME * max(1, min(len(terms), len(others)))
