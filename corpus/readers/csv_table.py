"""CSV and TSV: rows as text with the names of their columns, whatever parts them."""

from __future__ import annotations

import csv
import io

from corpus.blocks import TextBuilder
from corpus.cleaning import normalise
from corpus.encoding import decode
from corpus.errors import ReadingError
from corpus.readers.tables import add_sheet
from corpus.types import Extracted

_DELIMITERS = "\t;|,"
_SAMPLE_LINES = 50
_SAMPLE_WIDTH = 10_000
_LONGEST_FIELD = 1_000_000


def read_csv(data: bytes) -> Extracted:
    """Reads a table of text; its first row names the columns if it holds no numbers.

    Raises:
        ReadingError: the bytes are no text, or a field has no end.
    """
    text = normalise(decode(data)) if b"\t" not in data else _with_tabs(decode(data))
    lines = text.split("\n")
    if lines[0].lower().startswith("sep=") and len(lines[0]) == 5:
        delimiter, text = lines[0][4], "\n".join(lines[1:])
    else:
        delimiter = _delimiter(lines)
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True))
    except csv.Error as error:
        raise ReadingError(
            f"the table cannot be read ({error})", "look for a quotation mark without its pair"
        ) from error
    builder = TextBuilder()
    add_sheet(builder, rows)
    return Extracted(text=builder.text, rows=tuple(builder.rows))


def _with_tabs(text: str) -> str:
    """The text made regular, its tabs kept: they part the columns."""
    return "\n".join("\t".join(map(normalise, line.split("\t"))) for line in text.splitlines())


def _delimiter(lines: list[str]) -> str:
    """What parts the columns: the sign that stands equally often, and most, in the first lines."""
    sample = [line[:_SAMPLE_WIDTH] for line in lines[:_SAMPLE_LINES] if line.strip()]

    def regular(delimiter: str) -> tuple[float, int]:
        counts = [len(row) for row in csv.reader(sample, delimiter=delimiter, skipinitialspace=True)]
        parted = [count for count in counts if count > 1]
        usual = max(set(parted), key=parted.count, default=1)
        return parted.count(usual) / len(counts), usual

    return max(_DELIMITERS, key=regular) if sample else ","
