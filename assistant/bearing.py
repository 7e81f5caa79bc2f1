"""Bearing: which of the cited sentences bear what a model wrote, so that none is cited that does not.

A check against everything cited at once would let a sentence take a name from one source and a year from another, as
long as it cites both. So each must be borne by one sentence, or by one that begins with a pronoun and the one before
it; or in two clauses, each of which has a subject of its own and is borne by one. And no clause may be borne by
nothing: beside a long one that is quoted, a short one that is made up would hardly show.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from assistant.evidence import opening_pronoun
from assistant.types import Evidence, Verdict

Check = Callable[[str, Sequence[Evidence]], tuple[float, Verdict]]
Borne = tuple[list[Evidence], tuple[float, Verdict]]

_JOINT = re.compile(r"(,? (?:and|but|while|whereas) |; )")
_ASKS = re.compile(r"\?[!?\"”’')\]»]*$")
_ARTICLE = re.compile(r"(?:the|a|an) ")
_FEWEST_WORDS = 3
_NEIGHBOURS = 2  # characters between a sentence and the next


def borne(sentence: str, evidence: Sequence[Evidence], check: Check) -> Borne | None:
    """The evidence that bears a sentence, in its order, with the score and verdict; None where none does.

    A question bears nothing but a question: "Will Orsk leave the pact?" does not say that it will.
    """
    if not _ASKS.search(sentence):
        evidence = [piece for piece in evidence if not _ASKS.search(piece.quote)]
    units = [(pieces, check(sentence, pieces)) for pieces in [*([piece] for piece in evidence), *_pairs(evidence)]]
    units = [unit for unit in units if unit[1][1] != "unsupported" and _bears_each_clause(sentence, *unit, check)]
    return _best(units, "supported") or _by_clause(sentence, evidence, check) or _best(units, "weak")


def _best(units: Sequence[Borne], verdict: Verdict) -> Borne | None:
    """All evidence that has this verdict alone or, failing that, as a pair; with the best score."""
    found = [unit for unit in units if unit[1][1] == verdict]
    fewest = min((len(pieces) for pieces, _ in found), default=0)
    chosen = [unit for unit in found if len(unit[0]) == fewest]
    if not chosen:
        return None
    pieces = {id(piece): piece for unit in chosen for piece in unit[0]}
    return list(pieces.values()), max(checked for _, checked in chosen)


def _by_clause(sentence: str, evidence: Sequence[Evidence], check: Check) -> Borne | None:
    """The evidence that bears a sentence in two clauses, each supported by a piece of its own.

    What one piece bears in halves and not as a whole leaves out what stands between them there: a "not".
    """
    for clauses in _cuts(sentence, _has_a_subject) if len(evidence) > 1 else ():
        best = [max(((check(clause, [piece]), piece) for piece in evidence), key=_score) for clause in clauses]
        bearing = [piece for piece in evidence if any(piece is chosen for _, chosen in best)]
        supported = all(verdict == "supported" for (_, verdict), _ in best) and len(bearing) > 1
        if supported and check(sentence, bearing)[1] != "unsupported":
            return bearing, (min(score for (score, _), _ in best), "supported")
    return None


def _bears_each_clause(sentence: str, pieces: Sequence[Evidence], checked: tuple[float, Verdict], check: Check) -> bool:
    """Whether no clause is borne by nothing; what stands there word for word needs no second look."""
    clauses = (clause for cut in _cuts(sentence, bool) for clause in cut)
    return checked[0] == 1 or all(check(clause, pieces)[1] != "unsupported" for clause in clauses)


def _score(found: tuple[tuple[float, Verdict], Evidence]) -> float:
    return found[0][0]


def _has_a_subject(clause: str) -> bool:
    return clause[:1].isupper() or bool(_ARTICLE.match(clause))


def _cuts(sentence: str, may_stand: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """The ways to cut a sentence in two at a conjunction; each half has words enough and may stand as a clause."""
    for match in _JOINT.finditer(sentence):
        halves = sentence[: match.start()], sentence[match.end() :]
        if all(may_stand(half) and len(half.split()) >= _FEWEST_WORDS for half in halves):
            yield halves


def _pairs(evidence: Sequence[Evidence]) -> Iterator[list[Evidence]]:
    """Neighbours of one document of which the later begins with a pronoun."""
    ordered = sorted(evidence, key=lambda piece: (piece.hit.document_id, piece.span.start))
    for one, other in pairwise(ordered):
        near = 0 <= other.span.start - one.span.end <= _NEIGHBOURS
        if one.hit.document_id == other.hit.document_id and near and opening_pronoun(other.quote):
            yield [one, other]
