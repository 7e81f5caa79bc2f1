"""ODT: headings, paragraphs, lists and tables as LibreOffice shows them; no deleted text, footnotes at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from corpus.blocks import TextBuilder
from corpus.quality import joined_reasons, scant
from corpus.readers.packages import opened, properties
from corpus.readers.tables import add_table
from corpus.types import Extracted

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_LEFT_OUT = frozenset(
    {f"{_TEXT}tracked-changes", f"{_TEXT}note", f"{_OFFICE}annotation", f"{_OFFICE}forms", f"{_TEXT}sequence-decls"}
)
_SPACES = frozenset({f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break"})
_MOST_REPEATED = 64
# As deep as the parser lets elements be nested.
_DEEP = 256


def read_odt(data: bytes) -> Extracted:
    """Reads an OpenDocument text; its title is that of its properties, or its paragraph in the style Title.

    Raises:
        ReadingError: it is no ODT, is broken, encrypted or unpacks to too much.
    """
    with opened(data, "ODT") as package:
        root = package.xml("content.xml")
        told = properties(package.optional("meta.xml"))
        pictures = sum(name.startswith("Pictures/") for name in package.names)
    builder = TextBuilder()
    for text in root.iter(f"{_OFFICE}text"):
        _blocks(text, builder)
    for note in root.iter(f"{_TEXT}note-body"):
        builder.item(" ".join("".join(_pieces(paragraph)) for paragraph in note.iter(f"{_TEXT}p")))
    first = builder.headings[0] if builder.headings and builder.headings[0].level == 1 else None
    return Extracted(
        text=builder.text,
        metadata=told if told.title or not first else replace(told, title=builder.text[first.start : first.end]),
        headings=tuple(builder.headings),
        rows=tuple(builder.rows),
        partial=joined_reasons(scant(builder.text, len(data), pictures), builder.partial),
    )


def _blocks(parent: etree._Element, builder: TextBuilder, deep: int = 0, in_list: bool = False) -> None:
    for child in parent:
        if child.tag == f"{_TEXT}h":
            level = child.get(f"{_TEXT}outline-level", "1")
            builder.heading("".join(_pieces(child)), min(6, int(level)) if level.isdecimal() else 1)
        elif child.tag == f"{_TEXT}p":
            _paragraph(child, builder, in_list)
        elif child.tag == f"{_TABLE}table":
            told = next(child.iter(f"{_TABLE}table-header-rows"), None) is not None
            add_table(builder, list(_rows(child)), told or None)
        elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT and deep < _DEEP:
            _blocks(child, builder, deep + 1, in_list or child.tag == f"{_TEXT}list")


def _paragraph(paragraph: etree._Element, builder: TextBuilder, in_list: bool) -> None:
    text = "".join(_pieces(paragraph))
    if paragraph.get(f"{_TEXT}style-name") == "Title":
        builder.heading(text, 1)
    elif in_list:
        builder.item(text)
    else:
        builder.paragraph(text)


def _pieces(element: etree._Element, deep: int = 0) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag in _SPACES:
            yield " "
        elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT and deep < _DEEP:
            yield from _pieces(child, deep + 1)
        yield child.tail or ""


def _rows(table: etree._Element) -> Iterator[list[str]]:
    """The cells of each row; one that is repeated or spans columns takes their places."""
    for row in table.iter(f"{_TABLE}table-row"):
        cells: list[str] = []
        for cell in row:
            if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                continue
            text = " ".join("".join(_pieces(paragraph)) for paragraph in cell.iter(f"{_TEXT}p"))
            times = cell.get(f"{_TABLE}number-columns-repeated", "1")
            cells += [text] * (min(int(times), _MOST_REPEATED) if times.isdecimal() else 1)
        yield cells
