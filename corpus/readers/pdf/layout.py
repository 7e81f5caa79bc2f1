"""The reading order of a page: its columns one after another, each from the top, and the lines and cells within."""

from __future__ import annotations

import bisect
import itertools
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.readers.pdf.runs import Run

# Columns of prose: at least so many lines on either side of the gutter, so many letters a line, so full and so dense.
_LINES = 3
_LETTERS = 18
_FULL = 0.45
_DENSE = 0.35
# Prose of so many lines may have notes beside it that stand on other lines than its own.
_LONG = 6
_ALIGNED = 0.5
# Within a line a gap of so many heights parts the cells of a table; a smaller one than the second parts nothing.
_CELL = 1.5
_SPACE = 0.12
_ACROSS = 2.0
_TRIED = 6
# A page with more runs is a map or a drawing, and no columns are looked for.
_MOST_RUNS = 2_000
_BEHIND = 1_000


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a column: its cells from left to right, one where it is prose; ``left`` and ``right`` of the column."""

    cells: tuple[str, ...]
    box: Run
    left: float
    right: float
    column: int

    @property
    def text(self) -> str:
        """The words of the line."""
        return " ".join(self.cells)


def lines_of(runs: Sequence[Run], behind: bool = False) -> list[Line]:
    """The lines of a page in the order in which they are read; ``column`` counts the regions of the page.

    Regions ``behind`` the others are counted apart.
    """
    lines: list[Line] = []
    for column, region in enumerate(_regions(list(runs)), _BEHIND if behind else 0):
        left, right = min(run.left for run in region), max(run.right for run in region)
        lines.extend(_line(row, left, right, column) for row in _rows(region))
    return lines


def _regions(runs: list[Run]) -> Iterator[list[Run]]:
    """Parts of the page that are read one after another: columns, and what stands across them."""
    gutter = _gutter(runs)
    if gutter is None:
        if runs:
            yield runs
        return
    for beside, band in _bands(runs, gutter):
        if beside and _in_columns(band, gutter):
            left, right = _sides(band, gutter)
            yield from _regions(left)
            yield from _regions(right)
        elif len(band) < len(runs):
            yield from _regions(band)
        else:
            yield band


def _gutter(runs: list[Run]) -> float | None:
    """Where the most lines stand in columns on either side, if anywhere."""
    if len(runs) > _MOST_RUNS:
        return None
    found: Counter[int] = Counter()
    ordered = sorted(runs, key=lambda run: run.top)
    for number, run in enumerate(ordered):
        for other in itertools.islice(ordered, number + 1, None):
            if other.top >= run.bottom:
                break
            first, second = (run, other) if run.left < other.left else (other, run)
            if second.left - first.right > 0.5 * min(run.size, other.size):
                # The gutter lies just before the right column, whose left edge is straight.
                found[round((second.left - 1) / 3)] += 1
    best: tuple[int, float] | None = None
    for place, times in found.most_common(_TRIED):
        # The edge may fall between two places.
        if times + found[place - 1] + found[place + 1] >= _LINES:
            gutter = place * 3.0 - _ACROSS
            score = sum(len(band) for beside, band in _bands(runs, gutter) if beside and _in_columns(band, gutter))
            if score and (best is None or score > best[0]):
                best = (score, gutter)
    return best[1] if best else None


def _bands(runs: list[Run], gutter: float) -> Iterator[tuple[bool, list[Run]]]:
    """The runs from the top down, in bands that stand beside the gutter, or across it."""
    across: list[Run] = []
    beside: list[Run] = []
    for run in runs:
        (across if run.left < gutter - _ACROSS and run.right > gutter + _ACROSS else beside).append(run)
    # What shares its line with a run across the gutter belongs to it, not to a column.
    heights = sorted(run.middle for run in across)
    kept: list[Run] = []
    for run in beside:
        reach = 0.4 * run.size
        place = bisect.bisect_left(heights, run.middle - reach)
        shared = place < len(heights) and heights[place] < run.middle + reach
        (across if shared else kept).append(run)
    marked = [(False, run) for run in across] + [(True, run) for run in kept]
    marked.sort(key=lambda pair: pair[1].middle)
    for is_beside, band in itertools.groupby(marked, key=lambda pair: pair[0]):
        yield is_beside, [run for _, run in band]


def _sides(band: list[Run], gutter: float) -> tuple[list[Run], list[Run]]:
    return (
        [run for run in band if (run.left + run.right) / 2 < gutter],
        [run for run in band if (run.left + run.right) / 2 >= gutter],
    )


def _in_columns(band: list[Run], gutter: float) -> bool:
    """Whether both sides of the gutter are prose, or one is and the other stands beside it on lines of its own."""
    left, right = (_rows(side) for side in _sides(band, gutter))
    beside_left, beside_right = [row[-1] for row in left], [row[0] for row in right]
    prose = _is_prose(beside_left), _is_prose(beside_right)
    if all(prose):
        return True
    if not any(prose) or not left or not right:
        return False
    text, other = (beside_left, beside_right) if prose[0] else (beside_right, beside_left)
    return len(text) >= _LONG and _share_aligned(other, text) < _ALIGNED


def _is_prose(runs: list[Run]) -> bool:
    """Whether the runs next to a gutter look like lines of running text, not like cells of a table."""
    if not runs:
        return False
    usual = sorted(runs, key=lambda run: (run.left, run.right))[len(runs) // 2]
    column = [run for run in runs if run.left < usual.right and run.right > usual.left]
    if len(column) < max(_LINES, len(runs) / 2):
        return False
    width = max(run.right for run in column) - min(run.left for run in column)
    height = max(run.bottom for run in column) - min(run.top for run in column)
    letters = statistics.median(len(run.text) for run in column)
    filled = statistics.median(run.right - run.left for run in column)
    return letters >= _LETTERS and filled >= _FULL * width and sum(run.size for run in column) >= _DENSE * height


def _share_aligned(runs: list[Run], others: list[Run]) -> float:
    """The share of the runs that stand on a line with one of the others, as the cells of a table do."""
    lines = sorted(run.middle for run in others)
    aligned = 0
    for run in runs:
        place = bisect.bisect_left(lines, run.middle - 0.15 * run.size)
        aligned += place < len(lines) and lines[place] <= run.middle + 0.15 * run.size
    return aligned / len(runs)


def _rows(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs on one line together, from left to right; the lines from the top."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: run.middle):
        near = [row for row in rows[-3:] if _same_line(row, run)]
        if near:
            near[-1].append(run)
        else:
            rows.append([run])
    for row in rows:
        row.sort(key=lambda run: run.left)
    return rows


def _same_line(row: list[Run], run: Run) -> bool:
    """Whether a run lies on a row: their heights overlap by half, a raised mark's with its word's."""
    top, bottom = min(other.top for other in row), max(other.bottom for other in row)
    overlap = min(bottom, run.bottom) - max(top, run.top)
    if overlap < 0.5 * min(run.bottom - run.top, bottom - top):
        return False
    return all(run.left >= other.right - 0.3 * run.size or run.right <= other.left + 0.3 * run.size for other in row)


def _line(row: list[Run], left: float, right: float, column: int) -> Line:
    cells = [row[0].text]
    for before, run in itertools.pairwise(row):
        gap = (run.left - before.right) / max(before.size, run.size, 0.1)
        if gap > _CELL:
            cells.append(run.text)
        else:
            cells[-1] += (" " if gap > _SPACE else "") + run.text
    biggest = max(row, key=lambda run: len(run.text))
    box = Run(
        " ".join(cells),
        row[0].left,
        min(run.top for run in row),
        max(run.right for run in row),
        max(run.bottom for run in row),
        biggest.size,
        all(run.bold for run in row),
        row[-1].hyphen,
    )
    return Line(tuple(cells), box, left, right, column)
