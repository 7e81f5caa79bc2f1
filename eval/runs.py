"""TREC run files: written, read, and compared with a ranking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from corpus.errors import BadRequest
from eval.measures import ndcg_at, recall_at
from eval.rows import existing
from eval.stats import paired_interval

Ranking = Sequence[tuple[str, float]]
_COLUMNS = 6


def run_lines(rankings: Mapping[str, Ranking]) -> Iterator[str]:
    """The lines of a run file."""
    for query, ranking in rankings.items():
        for rank, (row, score) in enumerate(ranking, 1):
            yield f"{query} Q0 {row} {rank} {score:.6f} footnote\n"


def read_run(path: Path) -> dict[str, list[str]]:
    """For each query its rows, by rank.

    Raises:
        BadRequest: the file cannot be read, or a line is none of a run file.
    """
    ranked: dict[str, list[tuple[int, str]]] = {}
    for number, line in enumerate(existing(path, "give a file made by --run").read_text("utf-8").splitlines(), 1):
        columns = line.split()
        if len(columns) != _COLUMNS or not columns[3].isdigit():
            raise BadRequest(f"{str(path)!r}, line {number}, is none of a TREC run file", "give a file made by --run")
        ranked.setdefault(columns[0], []).append((int(columns[3]), columns[2]))
    return {query: [row for _, row in sorted(rows)] for query, rows in ranked.items()}


def compared(
    rankings: Mapping[str, Ranking], other: Mapping[str, Sequence[str]], judgements: Mapping[str, Mapping[str, int]]
) -> dict[str, tuple[float, float, float]]:
    """For each measure the mean difference to the other run, and its 95 % interval, over the queries of the first.

    Raises:
        BadRequest: the other is a run of other queries.
    """
    if rankings and not rankings.keys() & other.keys():
        raise BadRequest("the runs have no query in common", "compare with a run of the same set")
    pairs = [
        ([row for row, _ in ranking], other.get(query, []), judgements[query]) for query, ranking in rankings.items()
    ]
    figures: dict[str, tuple[float, float, float]] = {}
    for name, measure, depth in (("ndcg@10", ndcg_at, 10), ("recall@5", recall_at, 5)):
        ours = [measure(depth, mine, gains) for mine, _, gains in pairs]
        theirs = [measure(depth, others, gains) for _, others, gains in pairs]
        if ours:
            low, high = paired_interval(ours, theirs)
            figures[name] = (round(sum(ours) / len(ours) - sum(theirs) / len(theirs), 4), round(low, 4), round(high, 4))
    return figures
