"""Reports: outcomes to the figures that are printed, and those as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from eval.measures import auroc, mean, percentile
from eval.types import Figures, Outcome


def answer_figures(outcomes: Sequence[Outcome]) -> dict[str, float | int | None]:
    """The figures of an answers set; those over nothing are None."""
    answerable = [outcome for outcome in outcomes if outcome.question.answerable]
    unanswerable = [outcome for outcome in outcomes if not outcome.question.answerable]
    answered = [outcome for outcome in answerable if outcome.answered]
    quotes = sum(outcome.quotes for outcome in answered)
    times = [outcome.milliseconds for outcome in outcomes]
    return {
        "questions": len(outcomes),
        "answerable": len(answerable),
        **{f"evidence_hit@{k}": mean([_hit(outcome, k) for outcome in answerable]) for k in (1, 3, 5)},
        "answer_hit": mean([float(outcome.answer_hit and outcome.answered) for outcome in answerable]),
        "sentences_per_answer": mean([outcome.quotes for outcome in answered]),
        "words_per_answer": mean([outcome.words for outcome in answered]),
        "citation_precision": sum(outcome.right_citations for outcome in answered) / quotes if quotes else None,
        "false_abstentions": mean([float(not outcome.answered) for outcome in answerable]),
        "false_answers": mean([float(outcome.answered) for outcome in unanswerable]),
        "abstention_auroc": auroc(
            [outcome.confidence for outcome in answerable], [outcome.confidence for outcome in unanswerable]
        ),
        "p50_ms": percentile(times, 50),
        "p95_ms": percentile(times, 95),
    }


def by_slice(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float | int | None]]:
    """The same figures for each slice of the desk's questions."""
    names = sorted({outcome.question.slice for outcome in outcomes if outcome.question.slice})
    return {name: answer_figures([outcome for outcome in outcomes if outcome.question.slice == name]) for name in names}


def print_figures(title: str, rows: Mapping[str, Figures]) -> None:
    """A table: one set with a row a measure, several with a row each and the measures across."""
    table = Table(title=title, title_justify="left")
    measures = list(next(iter(rows.values())))
    if len(rows) == 1:
        table.add_column("measure")
        table.add_column(next(iter(rows)), justify="right")
        for measure in measures:
            table.add_row(measure, *(_shown(figures[measure]) for figures in rows.values()))
    else:
        table.add_column("")
        for measure in measures:
            table.add_column(measure.replace("_", "\n"), justify="right")
        for name, figures in rows.items():
            table.add_row(name, *(_shown(figures[measure]) for measure in measures))
    Console(width=None if Console().is_terminal else 200).print(table)


def rounded(figures: Figures) -> dict[str, float | int | None]:
    """Figures with as many digits as they bear."""
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in figures.items()}


def _hit(outcome: Outcome, k: int) -> float:
    return float(outcome.hit_rank is not None and outcome.hit_rank <= k)


def _shown(value: float | int | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) and abs(value) < 10 else f"{value:.0f}"
