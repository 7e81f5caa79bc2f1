"""Whether the time that a question names is told of: "in February 2022" is not answered by what happened in 2023."""

from __future__ import annotations

from collections.abc import Set

from assistant.quantities import dates_in


def figures_of_time(question: str, sentence: str, passage: str) -> list[float]:
    """What the years and what the months of a question find, each 0 or 1: whether the sentence tells one of them,
    whether it tells others only, and whether the passage lacks them; last whether the question names a year, a month.
    """
    asked, told, around = (_years_and_months(text) for text in (question, sentence, passage))
    figures = [figure for part in range(2) for figure in _compared(asked[part], told[part], around[part])]
    return [*figures, float(bool(asked[0])), float(bool(asked[1]))]


def _years_and_months(text: str) -> tuple[Set[int], Set[int]]:
    dates = dates_in(text)
    return {date.year for date in dates if date.year}, {date.month for date in dates if date.month}


def _compared(asked: Set[int], told: Set[int], around: Set[int]) -> list[float]:
    if not asked:
        return [0.0, 0.0, 0.0]
    return [float(bool(asked & told)), float(bool(told) and not asked & told), float(not asked & around)]
