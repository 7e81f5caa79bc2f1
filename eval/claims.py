"""Claims: how well the check tells supported claims from others, on a claims set and on altered desk sentences."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.check import Checker
from assistant.types import Verdict
from eval.alterations import Pair
from eval.measures import auroc, mean, percentile
from eval.rows import ClaimRow, read_lines
from eval.types import Figures

POSITIVE = ("supported", 1)


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim that was checked: whether it is true, its domain or how it was made, and what the check said."""

    true: bool
    group: str | None
    score: float
    verdict: Verdict
    milliseconds: float


def read_claims(folder: Path) -> list[ClaimRow]:
    """The rows of a claims set."""
    return list(read_lines(folder / "claims.jsonl", ClaimRow))


def check_claims(checker: Checker, rows: Iterable[ClaimRow]) -> Iterator[Checked]:
    """Checks each claim against its evidence."""
    for row in rows:
        yield _checked(checker, row.claim, row.evidence, row.label in POSITIVE, row.domain)


def check_pairs(checker: Checker, pairs: Iterable[Pair]) -> Iterator[Checked]:
    """Checks each altered or true sentence against what it cites."""
    for pair in pairs:
        yield _checked(checker, pair.claim, pair.quotes, pair.true, pair.kind)


def _checked(checker: Checker, claim: str, quotes: Sequence[str], true: bool, group: str | None) -> Checked:
    started = time.perf_counter()
    score, verdict = checker.check(claim, quotes)
    return Checked(true, group, score, verdict, (time.perf_counter() - started) * 1000)


def claim_figures(checked: Sequence[Checked]) -> dict[str, float | int | None]:
    """The figures of a claims set but those by domain."""
    times = [claim.milliseconds for claim in checked]
    return {"claims": len(checked), "auroc": _auroc(checked), "p50_ms": percentile(times, 50)}


def auroc_by_domain(checked: Sequence[Checked]) -> Figures:
    """For each domain that is named the AUROC of the score over its claims."""
    return {name: _auroc(part) for name, part in _groups(checked).items()}


def pair_figures(checked: Sequence[Checked]) -> dict[str, float | int | None]:
    """The figures of altered sentences: shares by verdict of the altered ones and of the true ones.

    An altered one is caught only if it is called unsupported; a true one is blamed if it is not called supported.
    """
    altered, true = ([claim for claim in checked if claim.true is wanted] for wanted in (False, True))
    return {
        "altered": len(altered),
        "true": len(true),
        "caught": mean([claim.verdict == "unsupported" for claim in altered]),
        "blamed": mean([claim.verdict != "supported" for claim in true]),
        "p50_ms": percentile([claim.milliseconds for claim in checked], 50),
        "p95_ms": percentile([claim.milliseconds for claim in checked], 95),
    }


def pair_kinds(checked: Sequence[Checked]) -> dict[str, Figures]:
    """For each way in which sentences were made their number and the share of each verdict."""
    return {
        name: {
            "pairs": len(part),
            **{
                verdict: mean([claim.verdict == verdict for claim in part])
                for verdict in ("supported", "weak", "unsupported")
            },
        }
        for name, part in _groups(checked).items()
    }


def _auroc(checked: Sequence[Checked]) -> float | None:
    return auroc([one.score for one in checked if one.true], [one.score for one in checked if not one.true])


def _groups(checked: Sequence[Checked]) -> dict[str, list[Checked]]:
    groups: dict[str, list[Checked]] = {}
    for claim in checked:
        if claim.group is not None:
            groups.setdefault(claim.group, []).append(claim)
    return groups
