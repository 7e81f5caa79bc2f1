"""Plain text: decoded, unwrapped, its closing copyright mark and what trails it cut off."""

from __future__ import annotations

from corpus.blocks import TextBuilder
from corpus.cleaning import cut_tail, is_terminated, normalise, tidy, unwrap
from corpus.encoding import decode
from corpus.types import Extracted, Metadata

_TITLE_LENGTH = 150
_HEADING_LENGTH = 80


def read_plain(data: bytes) -> Extracted:
    """Reads a text file. A short first line without a full stop, followed by more, is its title."""
    return plain_to_text(decode(data))


def plain_to_text(text: str) -> Extracted:
    """The same for text already decoded."""
    text, outlet = cut_tail(tidy(normalise(text)))
    lines = unwrap(text).split("\n")
    title = lines[0] if _is_title(lines) else None
    builder = TextBuilder()
    for number, line in enumerate(lines):
        if number == 0 and title:
            builder.heading(line, 1)
        elif _is_heading(lines, number):
            builder.heading(line, 2)
        elif line:
            _add(builder, lines, number)
        else:
            builder.gap()
    return Extracted(
        text=builder.text,
        metadata=Metadata(title=title, outlet=outlet),
        headings=tuple(builder.headings),
        partial=builder.partial,
    )


def _add(builder: TextBuilder, lines: list[str], number: int) -> None:
    """Neighbouring short lines (verse, addresses) stay together; anything else is a paragraph."""
    neighbours = lines[number - 1 : number] + lines[number + 1 : number + 2]
    if any(0 < len(line) <= _HEADING_LENGTH for line in neighbours) and len(lines[number]) <= _HEADING_LENGTH:
        builder.lines(lines[number])
    else:
        builder.paragraph(lines[number])


def _is_title(lines: list[str]) -> bool:
    first, rest = lines[0], [line for line in lines[1:] if line]
    return bool(rest) and 0 < len(first) <= _TITLE_LENGTH and not is_terminated(first) and len(rest[0]) > len(first)


def _is_heading(lines: list[str], number: int) -> bool:
    """A short line with no full stop, between longer ones, that opens a paragraph of prose."""
    line = lines[number]
    if not 0 < len(line) <= _HEADING_LENGTH or is_terminated(line) or not line[0].isupper() or line[-1] in ",;":
        return False
    before = next((lines[place] for place in range(number - 1, -1, -1) if lines[place]), "")
    after = next((lines[place] for place in range(number + 1, len(lines)) if lines[place]), "")
    return len(before) > _HEADING_LENGTH and len(after) > 2 * len(line) and is_terminated(after)
