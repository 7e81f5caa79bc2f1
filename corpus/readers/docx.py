"""DOCX: paragraphs, headings, lists and tables as Word shows them; deleted and hidden text and headers left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from corpus.blocks import TextBuilder
from corpus.quality import joined_reasons, scant
from corpus.readers.docx_lists import Lists
from corpus.readers.packages import Package, opened, properties
from corpus.readers.tables import add_table
from corpus.types import Extracted

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LEFT_OUT = frozenset(
    {f"{_W}{name}" for name in ("del", "moveFrom", "rPr", "pPr", "instrText", "delText")} | {_FALLBACK}
)
_BREAKS = frozenset({f"{_W}{name}" for name in ("tab", "br", "cr", "ptab")})
_WRAPPERS = frozenset({f"{_W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")})
_NOTES = {"footnotes": f"{_W}footnote", "endnotes": f"{_W}endnote"}
# As deep as the parser lets elements be nested.
_DEEP = 256


def read_docx(data: bytes) -> Extracted:
    """Reads a Word document; its title is that of its properties, or its paragraph in the style Title or Heading 1.

    Raises:
        ReadingError: it is no DOCX, is broken, encrypted or unpacks to too much.
    """
    with opened(data, "DOCX") as package:
        relations = package.relations("")
        main = next((part for kind, part in relations.values() if kind == "officeDocument"), "word/document.xml")
        document = _Document(package, main)
        document.body(package.xml(main))
        document.notes()
        told = properties(package.optional("docProps/core.xml"))
        pictures = sum("/media/" in name for name in package.names)
    builder = document.builder
    return Extracted(
        text=builder.text,
        metadata=told if told.title else replace(told, title=document.title),
        headings=tuple(builder.headings),
        rows=tuple(builder.rows),
        partial=joined_reasons(scant(builder.text, len(data), pictures), builder.partial),
    )


class _Document:
    """Writes the parts of a document into one text."""

    def __init__(self, package: Package, main: str) -> None:
        self._package = package
        self._related = dict(package.relations(main).values())
        styles = package.optional(self._related.get("styles", ""))
        self._levels = _levels(styles)
        self._lists = Lists(package.optional(self._related.get("numbering", "")), styles)
        self.builder = TextBuilder()
        self.title: str | None = None

    def body(self, root: etree._Element) -> None:
        for body in root.iter(f"{_W}body"):
            self._blocks(body)

    def notes(self) -> None:
        """Footnotes and endnotes, behind the text."""
        for kind, tag in _NOTES.items():
            root = self._package.optional(self._related.get(kind, ""))
            for note in root.iter(tag) if root is not None else ():
                if note.get(f"{_W}type") is None:
                    self.builder.item(" ".join(_texts(note)))

    def _blocks(self, parent: etree._Element, deep: int = 0) -> None:
        for child in parent:
            if child.tag == f"{_W}p":
                self._paragraph(child)
            elif child.tag == f"{_W}tbl":
                add_table(self.builder, list(_rows(child)), _has_header(child))
            elif child.tag in _WRAPPERS and deep < _DEEP:
                self._blocks(child, deep + 1)

    def _paragraph(self, paragraph: etree._Element) -> None:
        text = "".join(_pieces(paragraph))
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        name = style.get(f"{_W}val", "") if style is not None else ""
        level = _outline(paragraph) or self._levels.get(name, 0)
        if level and text.strip():
            self.builder.heading(text, level)
            if level == 1 and self.title is None:
                self.title = " ".join(text.split())
        elif text.strip() and (marker := self._lists.marker(paragraph, name)):
            self.builder.item(text, marker)
        else:
            self.builder.paragraph(text)
        for box in paragraph.iter(f"{_W}txbxContent"):
            if not any(parent.tag == _FALLBACK for parent in box.iterancestors()):
                for inner in box.iter(f"{_W}p"):
                    self.builder.paragraph("".join(_pieces(inner)))


def _levels(root: etree._Element | None) -> dict[str, int]:
    """The heading level of each style that has one."""
    levels: dict[str, int] = {}
    for style in root.iter(f"{_W}style") if root is not None else ():
        key = style.get(f"{_W}styleId", "")
        name = style.find(f"{_W}name")
        called = (name.get(f"{_W}val") or "").lower() if name is not None else ""
        if called == "title":
            levels[key] = 1
        elif called.startswith("heading ") and called[8:].isdecimal():
            levels[key] = min(6, int(called[8:]))
        elif outline := _outline(style):
            levels[key] = outline
    return levels


def _outline(element: etree._Element) -> int:
    level = element.find(f"{_W}pPr/{_W}outlineLvl")
    value = level.get(f"{_W}val", "9") if level is not None else "9"
    return int(value) + 1 if value.isdecimal() and int(value) < 6 else 0


def _pieces(element: etree._Element, deep: int = 0) -> Iterator[str]:
    """The words of a paragraph as shown, breaks as spaces; text boxes are apart."""
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield " "
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"
        elif deep < _DEEP and _is_shown(child):
            yield from _pieces(child, deep + 1)


def _is_shown(element: etree._Element) -> bool:
    if element.tag in _LEFT_OUT or element.tag == f"{_W}txbxContent" or not isinstance(element.tag, str):
        return False
    return element.tag != f"{_W}r" or not _is_hidden(element)


def _is_hidden(run: etree._Element) -> bool:
    vanish = run.find(f"{_W}rPr/{_W}vanish")
    return vanish is not None and vanish.get(f"{_W}val", "1") not in ("0", "false")


def _texts(element: etree._Element) -> Iterator[str]:
    for paragraph in element.iter(f"{_W}p"):
        yield "".join(_pieces(paragraph))


def _rows(table: etree._Element) -> Iterator[list[str]]:
    """The cells of each row: one that spans columns is followed by empty ones, one that spans rows is repeated."""
    above: list[str] = []
    for row in _own(table, f"{_W}tr"):
        cells: list[str] = []
        for cell in _own(row, f"{_W}tc"):
            place = len(cells)
            merged = cell.find(f"{_W}tcPr/{_W}vMerge")
            goes_on = merged is not None and merged.get(f"{_W}val", "continue") == "continue"
            text = above[place] if goes_on and place < len(above) else " ".join(_texts(cell))
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            width = span.get(f"{_W}val", "1") if span is not None else "1"
            cells += [text] + [""] * ((min(int(width), 64) if width.isdecimal() else 1) - 1)
        above = cells
        yield cells


def _own(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The rows of a table, or the cells of a row, also within content controls, not those of tables inside."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _own(child, tag)


def _has_header(table: etree._Element) -> bool | None:
    first = next(_own(table, f"{_W}tr"), None)
    if first is not None and first.find(f"{_W}trPr/{_W}tblHeader") is not None:
        return True
    return None
