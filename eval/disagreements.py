"""Counts the desk's disagreements that are shown, and what is flagged where there is none.

    python -m eval.disagreements [--home DIR]

For each split: questions of the slice `disagreement` whose answer lists one, and those that cite every gold quote as
well; then, for the look-alikes and for all other slices, answered questions that list one all the same.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.settings import load_settings
from assistant.types import Answer
from eval.question_sets import DESK_QUESTIONS, read_questions
from eval.runner import desk_evaluation
from eval.types import Question

DISAGREEMENT = "disagreement"


@dataclass(frozen=True, slots=True)
class Shown:
    """What came of one question: whether a disagreement is listed, and whether every gold quote is cited beside it."""

    question: Question
    answered: bool
    listed: bool
    whole: bool


def shown(ask: Callable[[Question], Answer], questions: list[Question], quotes: Mapping[str, list[str]]) -> list[Shown]:
    """The outcome of each question; ``quotes`` are the gold quotes by question id."""
    outcomes = []
    for question in questions:
        answer = ask(question)
        cited = [citation.quote for citation in answer.citations]
        whole = all(any(quote in one for one in cited) for quote in quotes[question.id])
        listed = bool(answer.disagreements)
        outcomes.append(Shown(question, answer.answered, listed, listed and whole))
    return outcomes


def gold_quotes(path: Path) -> dict[str, list[str]]:
    """The gold quotes of each of the desk's questions."""
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return {row["id"]: _listed(row["quote"]) for row in rows}


def counted(outcomes: list[Shown]) -> list[str]:
    """The counts in words, a line a split and slice; slices with nothing to say of are left out."""
    totals: Counter[tuple[str, str]] = Counter()
    listed: Counter[tuple[str, str]] = Counter()
    whole: Counter[tuple[str, str]] = Counter()
    for outcome in outcomes:
        key = (outcome.question.split or "", outcome.question.slice or "")
        if outcome.answered or key[1] == DISAGREEMENT:
            totals[key] += 1
            listed[key] += outcome.listed
            whole[key] += outcome.whole
    return [
        f"{split:9} {name:15} {listed[split, name]:3} of {totals[split, name]:3} listed"
        + (f", {whole[split, name]} with both gold quotes" if name == DISAGREEMENT else "")
        for split, name in sorted(totals)
    ]


def _listed(quote: str | list[str] | None) -> list[str]:
    return quote if isinstance(quote, list) else [quote] if quote else []


def main() -> None:
    """Prints the counts over the desk."""
    parser = argparse.ArgumentParser(description="Count the disagreements that are shown.")
    parser.add_argument("--home", type=Path, help="the library's folder, in which the evaluation is kept")
    with desk_evaluation(load_settings(parser.parse_args().home)) as (footnote, _):
        ask = footnote.assistant.try_out
        questions = read_questions(DESK_QUESTIONS)
        outcomes = shown(
            lambda asked: ask(asked.text, asked.history, asked.filter).answer, questions, gold_quotes(DESK_QUESTIONS)
        )
    print("\n".join(counted(outcomes)))


if __name__ == "__main__":
    main()
