"""Running headers, footers and page numbers: what stands at the edges of pages and comes again."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.readers.pdf.runs import RawPage, Run

# The edges: the outermost lines of a page, within this share of its height at the top and at the bottom.
_EDGE = 0.2
_EDGE_LINES = 2
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(
    r"^[-–—|\[(\s]*(?P<word>page|p\.|seite|стр\.?|с\.|səh\.?|sayfa)?\s*(?P<number>\d{1,5}|[ivxlc]{1,7})"
    r"(?P<total>\s*(?:of|/|из|von|sur)\s*\d{1,5})?[-–—|\])\s]*$",
    re.IGNORECASE,
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_FEW_PAGES = 4


def without_furniture(pages: Sequence[RawPage]) -> list[RawPage]:
    """The pages without what runs along their edges: words that come again, but for numbers, and page numbers."""
    places: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    offsets: Counter[int] = Counter()
    for index, page in enumerate(pages):
        for edge, run in _edges(page):
            places[edge, _key(run.text)].add(index)
            if (number := _page_number(run.text)) is not None:
                offsets[number - index] += 1
    running = {key for key, indexes in places.items() if _runs_along(sorted(indexes), len(pages))}
    return [_cleared(page, index, running, offsets) for index, page in enumerate(pages)]


def _cleared(page: RawPage, index: int, running: set[tuple[str, str]], offsets: Counter[int]) -> RawPage:
    gone = {id(run) for edge, run in _edges(page) if _is_furniture(edge, run, page, index, running, offsets)}
    return replace(page, runs=tuple(run for run in page.runs if id(run) not in gone)) if gone else page


def _is_furniture(
    edge: str, run: Run, page: RawPage, index: int, running: set[tuple[str, str]], offsets: Counter[int]
) -> bool:
    match = _NUMBER.match(run.text)
    if match is None:
        return (edge, _key(run.text)) in running
    if match["word"] or match["total"]:
        return True
    number = _page_number(run.text)
    return number is not None and (offsets[number - index] > 1 or (edge == "bottom" and _is_alone(run, page)))


def _is_alone(run: Run, page: RawPage) -> bool:
    """Whether a number is the last thing on a page of text and all that stands on its line."""
    others = [other for other in page.runs if other is not run]
    return len(others) > 3 and all(other.bottom < run.top for other in others)


def _runs_along(indexes: list[int], pages: int) -> bool:
    """Whether the pages that have the same words at an edge are many, and near enough to each other."""
    if pages <= _FEW_PAGES:
        return len(indexes) > 1
    return len(indexes) > 2 and (indexes[-1] - indexes[0]) <= 4 * len(indexes)


def _edges(page: RawPage) -> Iterator[tuple[str, Run]]:
    """The runs of the outermost lines at the top and at the bottom of a page."""
    for edge, runs in (
        ("top", sorted((run for run in page.runs if run.bottom < page.height * _EDGE), key=lambda run: run.middle)),
        (
            "bottom",
            sorted((run for run in page.runs if run.top > page.height * (1 - _EDGE)), key=lambda run: -run.middle),
        ),
    ):
        lines, last = 0, None
        for run in runs:
            if last is None or abs(run.middle - last.middle) > 0.5 * run.size:
                lines, last = lines + 1, run
            if lines > _EDGE_LINES:
                break
            yield edge, run


def _key(text: str) -> str:
    return _DIGITS.sub("#", text.casefold())


def _page_number(text: str) -> int | None:
    match = _NUMBER.match(text)
    if match is None:
        return None
    if match["number"].isdecimal():
        return int(match["number"])
    values = [_ROMAN[letter] for letter in match["number"].lower()]
    return sum(-value if value < max(values[place:]) else value for place, value in enumerate(values))
