"""XLSX: each sheet behind its name, its rows as text with the names of their columns."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from corpus.blocks import TextBuilder
from corpus.errors import ReadingError
from corpus.readers.packages import Package, opened, properties
from corpus.readers.tables import add_sheet
from corpus.types import Extracted

_COLUMNS = re.compile(rb'\sr="([A-Z]{1,3})\d')
_LAST_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br="(\d{1,7})"|\sr="[A-Z]{1,3}(\d{1,7})"')
_MOST_CELLS = 20_000_000
# Rows come in order: the last ones stand in so many bytes at the end.
_END = 1_000_000


def read_xlsx(data: bytes) -> Extracted:
    """Reads a workbook; empty sheets and sheets that are charts are passed over.

    Raises:
        ReadingError: it is no XLSX, is broken, encrypted, unpacks to too much, or holds no text.
    """
    with opened(data, "XLSX") as package:
        _check_extent(package)
        told = properties(package.optional("docProps/core.xml"))
    builder = TextBuilder()
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for sheet in workbook.sheets_metadata:
            if sheet.typ == SheetTypeEnum.WorkSheet:
                _sheet(workbook, sheet.name, builder)
    except (CalamineError, OSError, ValueError) as error:
        raise ReadingError(f"the workbook is broken ({error})", "save it again as XLSX") from error
    if not builder.rows:
        raise ReadingError("none of its sheets holds text", "nothing to read in it")
    return Extracted(text=builder.text, metadata=told, headings=tuple(builder.headings), rows=tuple(builder.rows))


def _sheet(workbook: CalamineWorkbook, name: str, builder: TextBuilder) -> None:
    rows = [[_shown(cell) for cell in row] for row in workbook.get_sheet_by_name(name).to_python()]
    if any(cell for row in rows for cell in row):
        builder.heading(name, 1)
        add_sheet(builder, rows)


def _shown(value: Any) -> str:
    """A value as people write it: whole numbers without a point, dates as ISO."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
    return str(value).strip()


def _check_extent(package: Package) -> None:
    """Refuses sheets whose cells lie so far apart that the table of them fills the memory."""
    for name in package.names:
        if not name.endswith(".xml"):
            continue
        # Each part is unpacked here first, within bounds: calamine does not look at the sizes that the zip gives.
        source = package.read(name)
        if name.startswith("xl/worksheets/"):
            columns = max(map(_number, set(_COLUMNS.findall(source))), default=0)
            last = max((int(row or cell) for row, cell in _LAST_ROW.findall(source[-_END:])), default=0)
            if columns * last > _MOST_CELLS:
                raise ReadingError(
                    f"a sheet spans {columns:,} columns and {last:,} rows", f"split it; read are {_MOST_CELLS:,} cells"
                )


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
