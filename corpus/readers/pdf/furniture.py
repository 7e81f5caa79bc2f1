"""Running headers, footers and page numbers: what stands at the edges of pages and comes again."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.cleaning import is_terminated
from corpus.readers.pdf.runs import RawPage, Run

# The edges: the outermost lines of a page, within this share of its height at the top and at the bottom.
_EDGE = 0.2
_EDGE_LINES = 2
# Numbers at the ends of a line may count the pages; those within it say something.
_COUNTS = re.compile(r"^\d+\b|\b\d+$")
_NUMBER = re.compile(
    r"^[-–—|\[(\s]*(?P<word>page|p\.|seite|стр\.?|с\.|səh\.?|sayfa)?\s*(?P<number>\d{1,5}|[ivxlc]{1,7})"
    r"(?P<total>\s*(?:of|/|из|von|sur)\s*\d{1,5})?[-–—|\])\s]*$",
    re.IGNORECASE,
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_FEW_PAGES = 4
_BIG = 1.15


def without_furniture(pages: Sequence[RawPage]) -> list[RawPage]:
    """The pages without what runs along their edges: words that come again, but for numbers, and page numbers."""
    places: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    offsets: Counter[int] = Counter()
    sizes = Counter[float]()
    for page in pages:
        for run in page.runs:
            sizes[run.size] += len(run.text)
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    for index, page in enumerate(pages):
        for edge, run in _edges(page):
            places[edge, _key(run, usual)].add(index)
            if (number := _page_number(run.text)) is not None:
                offsets[number - index] += 1
    running = {key for key, indexes in places.items() if _runs_along(sorted(indexes), len(pages))}

    def cleared(index: int, page: RawPage) -> RawPage:
        gone = {
            id(run)
            for edge, run in _edges(page)
            if (edge, _key(run, usual)) in running or _counts(edge, run, page, index, offsets)
        }
        return replace(page, runs=tuple(run for run in page.runs if id(run) not in gone)) if gone else page

    return [cleared(index, page) for index, page in enumerate(pages)]


def _counts(edge: str, run: Run, page: RawPage, index: int, offsets: Counter[int]) -> bool:
    """Whether a line is nothing but a page's number."""
    match = _NUMBER.match(run.text)
    if match is None:
        return False
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


def _key(run: Run, usual: float) -> str:
    """What makes lines the same: their words, but for a number that counts; all of it in headings and sentences."""
    text = run.text.casefold()
    says_something = run.size > _BIG * usual or is_terminated(text)
    return text if says_something else _COUNTS.sub("#", text)


def _page_number(text: str) -> int | None:
    match = _NUMBER.match(text)
    if match is None:
        return None
    if match["number"].isdecimal():
        return int(match["number"])
    values = [_ROMAN[letter] for letter in match["number"].lower()]
    return sum(-value if value < max(values[place:]) else value for place, value in enumerate(values))
