"""`footnote eval`: joins the command line through the entry-point group `footnote.commands`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import track

from assistant.cli.options import command_options, print_json
from assistant.settings import Settings
from assistant.wiring import wired
from corpus.errors import BadRequest
from eval.alterations import pairs
from eval.claims import (
    auroc_by_domain,
    check_claims,
    check_pairs,
    claim_figures,
    pair_figures,
    pair_kinds,
    read_claims,
)
from eval.extraction import extract_pages, extraction_figures, read_pages
from eval.measures import mean, ndcg_at, percentile, recall_at, reciprocal_rank_at
from eval.question_sets import DESK_QUESTIONS, read_documents, read_judgements, read_queries, read_questions, read_rows
from eval.report import answer_figures, by_slice, print_figures, rounded
from eval.runner import answer_questions, corpus_name, desk_evaluation, evaluation, rank_rows
from eval.runs import compared, read_run, run_lines
from eval.types import RetrievalQuery

_FOLDER = click.Path(path_type=Path, file_okay=False)
Item = TypeVar("Item")


@click.group("eval")
def eval_group() -> None:
    """Measure answers and retrieval on question sets."""


@eval_group.command("desk")
@click.option(
    "--split",
    type=click.Choice(["test", "training", "all"]),
    default="test",
    show_default=True,
    help="Which of the questions to ask.",
)
@command_options
def desk_command(settings: Settings, as_json: bool, split: str) -> None:
    """Ask the desk's own questions and measure the answers, over all and by slice."""
    questions = [question for question in read_questions(DESK_QUESTIONS) if split in ("all", question.split)]
    with desk_evaluation(settings) as (footnote, names):
        asked = answer_questions(footnote.assistant, _tracked(questions, "asking"), lambda number: names[number])
        outcomes, fingerprint = list(asked), footnote.fingerprint
    figures = rounded(answer_figures(outcomes))
    slices = {name: rounded(part) for name, part in by_slice(outcomes).items()}
    if as_json:
        print_json({**figures, "slices": slices, "fingerprint": fingerprint})
    else:
        print_figures(f"desk, {split} questions", {"all": figures, **slices})


@eval_group.command("answers")
@click.argument("folder", type=_FOLDER)
@command_options
def answers_command(settings: Settings, as_json: bool, folder: Path) -> None:
    """Ask the questions of FOLDER over its documents and measure the answers."""
    questions = read_questions(folder / "questions.jsonl")
    documents = read_documents(folder)
    with evaluation(settings, corpus_name(folder, "documents.jsonl"), documents, _say) as footnote:
        outcomes = list(answer_questions(footnote.assistant, _tracked(questions, "asking"), str))
        fingerprint = footnote.fingerprint
    figures = rounded(answer_figures(outcomes))
    if as_json:
        print_json({**figures, "fingerprint": fingerprint})
    else:
        print_figures(folder.name, {"all": figures})


@eval_group.command("retrieval")
@click.argument("folder", type=_FOLDER)
@click.option(
    "--queries",
    "form",
    type=click.Choice(["text", "rewrite", "history"]),
    default="history",
    show_default=True,
    help="The last turn alone, a human's rewrite of it, or the last turn with its history.",
)
@click.option("--run", "run_file", type=click.Path(path_type=Path, dir_okay=False), help="Write a TREC run file.")
@click.option(
    "--against",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A TREC run file to compare with: the 95 % intervals of the differences.",
)
@command_options
def retrieval_command(
    settings: Settings, as_json: bool, folder: Path, form: str, run_file: Path | None, against: Path | None
) -> None:
    """Rank the rows of FOLDER for its queries and measure the ranking, over all and by turn."""
    other = read_run(against) if against else None
    judgements = read_judgements(folder)
    queries = [query for query in read_queries(folder) if query.id in judgements]
    depth = 100 if run_file else 10
    if run_file:
        _write(run_file, "")
    rankings: dict[str, list[tuple[str, float]]] = {}
    times: list[float] = []
    rows = read_rows(folder)
    with evaluation(settings, corpus_name(folder, "corpus.jsonl"), rows, _say) as footnote:
        for query in _tracked(queries, "searching"):
            rankings[query.id], milliseconds = rank_rows(footnote, query, form, depth)
            times.append(milliseconds)
        fingerprint = footnote.search_fingerprint
    if run_file:
        _write(run_file, "".join(run_lines(rankings)))
    figures = rounded(_retrieval_figures(rankings, judgements, times))
    turns = {
        name: rounded(_retrieval_figures({key: rankings[key] for key in part}, judgements, []))
        for name, part in _by_turn(queries).items()
    }
    comparison = compared(rankings, other, judgements) if other else {}
    if as_json:
        extra = {"against": comparison} if comparison else {}
        print_json({**figures, "turns": turns, **extra, "form": form, "fingerprint": fingerprint})
    else:
        print_figures(f"{folder.name}, queries: {form}", {"all": figures, **turns})
        for measure, (difference, low, high) in comparison.items():
            click.echo(f"{measure}: {difference:+.4f} against {against}, 95 % between {low:+.4f} and {high:+.4f}")


@eval_group.command("claims")
@click.argument("folder", type=_FOLDER)
@command_options
def claims_command(settings: Settings, as_json: bool, folder: Path) -> None:
    """Check the claims of FOLDER against their evidence and measure how well the supported ones are told."""
    rows = read_claims(folder)
    with wired(settings) as footnote:
        checked = list(check_claims(footnote.checker, _tracked(rows, "checking")))
        fingerprint = footnote.checker.fingerprint
    figures, domains = rounded(claim_figures(checked)), rounded(auroc_by_domain(checked))
    if as_json:
        print_json({**figures, "auroc_by_domain": domains, "fingerprint": fingerprint})
    else:
        print_figures(folder.name, {"all": {**figures, **{f"auroc, {name}": domains[name] for name in domains}}})


@eval_group.command("extraction")
@click.argument("folder", type=_FOLDER)
@command_options
def extraction_command(settings: Settings, as_json: bool, folder: Path) -> None:
    """Read the saved web pages of FOLDER and measure how much of their articles, and nothing else, is kept."""
    pages = read_pages(folder)
    figures = rounded(extraction_figures(list(extract_pages(_tracked(pages, "reading")))))
    if as_json:
        print_json(figures)
    else:
        print_figures(folder.name, {"all": figures})


@eval_group.command("alterations")
@command_options
def alterations_command(settings: Settings, as_json: bool) -> None:
    """Check the desk's own sentences, altered and in other words, and measure how many are caught and blamed."""
    made = pairs()
    with wired(settings) as footnote:
        checked = list(check_pairs(footnote.checker, _tracked(made, "checking")))
        fingerprint = footnote.checker.fingerprint
    figures = rounded(pair_figures(checked))
    kinds = {name: rounded(part) for name, part in pair_kinds(checked).items()}
    if as_json:
        print_json({**figures, "kinds": kinds, "fingerprint": fingerprint})
    else:
        print_figures("the desk's sentences", {"all": figures})
        print_figures("by kind", kinds)


def _retrieval_figures(
    rankings: dict[str, list[tuple[str, float]]], judgements: dict[str, dict[str, int]], times: list[float]
) -> dict[str, float | int | None]:
    judged = [([row for row, _ in ranking], judgements[query]) for query, ranking in rankings.items()]
    return {
        "queries": len(judged),
        "ndcg@10": mean([ndcg_at(10, *pair) for pair in judged]),
        "recall@5": mean([recall_at(5, *pair) for pair in judged]),
        "recall@10": mean([recall_at(10, *pair) for pair in judged]),
        "mrr@10": mean([reciprocal_rank_at(10, *pair) for pair in judged]),
        "p50_ms": percentile(times, 50),
        "p95_ms": percentile(times, 95),
    }


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise BadRequest(f"{str(path)!r} cannot be written ({reason})", "choose another file with --run") from error


def _by_turn(queries: list[RetrievalQuery]) -> dict[str, list[str]]:
    """The queries' ids by whether they open a conversation; nothing where none goes on."""
    if not any(query.history for query in queries):
        return {}
    return {
        "first": [query.id for query in queries if not query.history],
        "later": [query.id for query in queries if query.history],
    }


def _tracked(items: list[Item], doing: str) -> Iterable[Item]:
    """The items, with progress shown on a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        return items
    tracked: Any = track(items, description=doing, console=console, transient=True)
    return tracked  # type: ignore[no-any-return]


def _say(doing: str, done: int, total: int) -> None:
    console = Console(stderr=True)
    if console.is_terminal:
        console.print(f"{doing}: {done} of {total} documents", end="\r")
