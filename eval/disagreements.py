"""Counts the desk's disagreements that are shown, and what is flagged where there is none.

    python -m eval.disagreements [--home DIR]

For each split: questions of the slice `disagreement` whose answer lists one, and those that cite every gold quote as
well; then, for the look-alikes and for all other slices, answered questions that list one all the same.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.engine import Assistant
from assistant.settings import load_settings
from eval.question_sets import DESK_QUESTIONS, read_questions
from eval.runner import desk_evaluation, trials
from eval.types import Question

DISAGREEMENT = "disagreement"


@dataclass(frozen=True, slots=True)
class Shown:
    """What came of one question: whether a disagreement is listed, and whether every gold quote is cited beside it."""

    question: Question
    answered: bool
    listed: bool
    whole: bool


def shown(assistant: Assistant, questions: Sequence[Question]) -> list[Shown]:
    """The outcome of each question."""
    outcomes = []
    for question, trial, _ in trials(assistant, questions):
        answer = trial.answer
        cited = [citation.quote for citation in answer.citations]
        whole = all(any(quote in one for one in cited) for quote in question.quotes)
        listed = bool(answer.disagreements)
        outcomes.append(Shown(question, answer.answered, listed, listed and whole))
    return outcomes


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


def main() -> None:
    """Prints the counts over the desk."""
    parser = argparse.ArgumentParser(description="Count the disagreements that are shown.")
    parser.add_argument("--home", type=Path, help="the library's folder, in which the evaluation is kept")
    with desk_evaluation(load_settings(parser.parse_args().home)) as (footnote, _):
        outcomes = shown(footnote.assistant, read_questions(DESK_QUESTIONS))
    print("\n".join(counted(outcomes)))


if __name__ == "__main__":
    main()
