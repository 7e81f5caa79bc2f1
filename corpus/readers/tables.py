"""Tables as text: each row with the names of its columns, so that it can be understood alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.blocks import TextBuilder

_NUMBER = re.compile(r"^[\s(+−–-]*[$€£₽₼%]?\s*\d[\d\s.,:/%()+−–-]*[$€£₽₼%]?$")
_NAME_LENGTH = 80


def add_table(builder: TextBuilder, rows: Sequence[Sequence[str]], header: bool | None = None) -> None:
    """Adds a table; ``header`` tells whether its first row names the columns, None that the row must show it."""
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    names: Sequence[str] = ()
    if header is None:
        header = len(rows) > 1 and names_columns(rows[0])
    if header and len(rows) > 1:
        names, rows = rows[0], rows[1:]
    for row in rows:
        builder.row(row, names)


def add_sheet(builder: TextBuilder, rows: Sequence[Sequence[str]]) -> None:
    """Adds a sheet: tables below each other, parted by empty rows, each perhaps with a line of text above it."""
    names: Sequence[str] = ()
    fresh = True
    for number, row in enumerate(rows):
        filled = sum(bool(cell.strip()) for cell in row)
        following = rows[number + 1] if number + 1 < len(rows) else ()
        if not filled:
            builder.gap()
            fresh = True
        elif fresh and filled == 1 and len(row) > 1 and not _is_number("".join(row)):
            builder.paragraph("".join(row))
            names = ()
        elif fresh and names_columns(row) and _heads(row, following, bool(names)):
            names, fresh = row, False
        else:
            builder.row(row, names)
            fresh = False


def names_columns(row: Sequence[str]) -> bool:
    """Whether a row looks like the names of columns: at least one, short, no numbers, none twice."""
    cells = [cell.strip() for cell in row if cell.strip()]
    return (
        bool(cells)
        and len(set(cells)) == len(cells)
        and all(len(cell) <= _NAME_LENGTH and not _is_number(cell) for cell in cells)
    )


def _heads(row: Sequence[str], following: Sequence[str], named: bool) -> bool:
    """Whether something stands below a row of names; within a sheet that has names already, numbers must."""
    below = [cell for cell in following if cell.strip()]
    return any(map(_is_number, below)) if named else bool(below)


def _is_number(cell: str) -> bool:
    return bool(_NUMBER.match(cell.strip()))
