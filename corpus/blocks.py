"""Builds the stored text of a document block by block, keeping where headings and table rows lie."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.cleaning import breaks_off, normalise
from corpus.types import Heading, Span


class TextBuilder:
    """Collects blocks into one text: a line each, set apart by a blank line except within lists, tables and verse.

    ``last`` is where the last block lies.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._last = ("", "")
        self._apart = False
        self.last = Span(0, 0)
        self.headings: list[Heading] = []
        self.rows: list[Span] = []

    @property
    def length(self) -> int:
        """How long the text is so far."""
        return self._length

    @property
    def text(self) -> str:
        """The text so far; the recorded offsets count into it."""
        return "".join(self._parts)

    @property
    def partial(self) -> str | None:
        """What is missing, as far as the text shows it: a last paragraph that stops in mid-sentence."""
        kind, line = self._last
        return "the text breaks off in mid-sentence" if kind == "paragraph" and breaks_off(line) else None

    def gap(self) -> None:
        """Sets the next block apart from the last, whatever they are."""
        self._apart = True

    def paragraph(self, text: str) -> None:
        """Adds running text; line breaks in it become spaces."""
        self._block(_one_line(text), "paragraph")

    def lines(self, text: str) -> None:
        """Adds text whose line breaks mean something: verse, code, addresses."""
        for line in text.split("\n"):
            self._block(_one_line(line), "line")

    def heading(self, text: str, level: int) -> None:
        """Adds a heading of ``level`` (1 the highest)."""
        if span := self._block(_one_line(text), "heading"):
            self.headings.append(Heading(span.start, span.end, level))

    def item(self, text: str, marker: str = "-") -> None:
        """Adds an item of a list behind its bullet or number."""
        if line := _one_line(text):
            self._block(f"{marker} {line}", "item")

    def row(self, cells: Sequence[str], columns: Sequence[str] = ()) -> None:
        """Adds a row of a table: each cell behind its column's name, so that the row can be understood alone."""
        named = []
        for number, cell in enumerate(_one_line(cell) for cell in cells):
            name = _one_line(columns[number]) if number < len(columns) else ""
            if cell:
                named.append(f"{name}: {cell}" if name and name != cell else cell)
        if span := self._block("; ".join(named), "row"):
            self.rows.append(span)

    def _block(self, line: str, kind: str) -> Span | None:
        if not line:
            return None
        if self._parts:
            together = kind == self._last[0] and kind in ("line", "item", "row") and not self._apart
            self._add("\n" if together else "\n\n")
        start = self._length
        self._add(line)
        self._last, self._apart = (kind, line), False
        self.last = Span(start, self._length)
        return self.last

    def _add(self, part: str) -> None:
        self._parts.append(part)
        self._length += len(part)


def _one_line(text: str) -> str:
    # Plain ASCII, most cells of a table, has nothing to be made regular but its spaces.
    regular = text.isascii() and text.isprintable()
    return " ".join((text if regular else normalise(text)).split())
