"""PPTX: a page a slide, its title as heading, its text, tables and notes in the order of the slide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from corpus.blocks import TextBuilder
from corpus.errors import ReadingError
from corpus.readers.packages import Package, opened, properties
from corpus.readers.tables import add_table
from corpus.types import Extracted, Page

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_TITLES = ("title", "ctrTitle")
# What stands on every slide: its number, date and footer.
_FURNITURE = ("sldNum", "dt", "ftr", "hdr")
# As deep as the parser lets elements be nested.
_DEEP = 256


def read_pptx(data: bytes) -> Extracted:
    """Reads a presentation; hidden slides are read too, the texts of layouts and masters are not.

    Raises:
        ReadingError: it is no PPTX, is broken, encrypted, unpacks to too much, or holds no text.
    """
    with opened(data, "PPTX") as package:
        main = next((part for kind, part in package.relations("").values() if kind == "officeDocument"), "")
        slides = list(_slides(package, main or "ppt/presentation.xml"))
        told = properties(package.optional("docProps/core.xml"))
        builder = TextBuilder()
        pages: list[Page] = []
        silent = 0
        title: str | None = None
        for number, slide in enumerate(slides, 1):
            before = builder.length
            called = _slide(package, slide, builder)
            title = title or called
            if builder.length > before:
                start = before if not pages else before + 2
                pages.append(Page(start, builder.length, number))
            else:
                silent += _has_picture(package, slide)
    if not pages:
        raise ReadingError(f"no slide of it holds text (of {len(slides):,})", "nothing to read in it")
    return Extracted(
        text=builder.text,
        metadata=told if _is_title(told.title) else replace(told, title=title),
        headings=tuple(builder.headings),
        rows=tuple(builder.rows),
        pages=_joined(pages),
        partial=f"{silent:,} of {len(slides):,} slides hold no text" if silent else None,
    )


def _slides(package: Package, main: str) -> Iterator[str]:
    """The names of the slides' parts, in the order in which they are shown."""
    relations = package.relations(main)
    for entry in package.xml(main).iter(f"{_P}sldId"):
        kind, part = relations.get(entry.get(f"{_R}id", ""), ("", ""))
        if kind == "slide" and part in package.names:
            yield part


def _slide(package: Package, name: str, builder: TextBuilder) -> str | None:
    """Adds a slide and its notes; returns its title."""
    shapes = [shape for tree in package.xml(name).iter(f"{_P}spTree") for shape in _shapes(tree)]
    titles = [shape for shape in shapes if _role(shape) in _TITLES]
    title = " ".join(" ".join(_paragraphs(shape)) for shape in titles)
    builder.heading(title, 1)
    for shape in shapes:
        if shape.tag == f"{_P}graphicFrame":
            for table in shape.iter(f"{_A}tbl"):
                add_table(builder, [[" ".join(_paragraphs(cell)) for cell in row] for row in _rows(table)])
        elif shape not in titles and _role(shape) not in _FURNITURE:
            _text(shape, builder)
    notes = (part for kind, part in package.relations(name).values() if kind == "notesSlide")
    for part in notes:
        for shape in package.xml(part).iter(f"{_P}sp") if part in package.names else ():
            if _role(shape) == "body":
                _text(shape, builder)
    return " ".join(title.split()) or None


def _shapes(tree: etree._Element, deep: int = 0) -> Iterator[etree._Element]:
    """The shapes of a slide, those of groups one by one."""
    for shape in tree:
        if shape.tag == f"{_P}grpSp" and deep < _DEEP:
            yield from _shapes(shape, deep + 1)
        elif shape.tag in (f"{_P}sp", f"{_P}graphicFrame"):
            yield shape


def _role(shape: etree._Element) -> str:
    holder = next(shape.iter(f"{_P}ph"), None)
    return str(holder.get("type", "body")) if holder is not None else ""


def _text(shape: etree._Element, builder: TextBuilder) -> None:
    """Paragraphs of several short lines are the points of a list."""
    lines = [line for line in _paragraphs(shape) if line.strip()]
    for line in lines:
        if len(lines) > 1:
            builder.item(line)
        else:
            builder.paragraph(line)
    builder.gap()


def _paragraphs(element: etree._Element) -> Iterator[str]:
    for paragraph in element.iter(f"{_A}p"):
        parts = paragraph.iter(f"{_A}t", f"{_A}br", f"{_A}tab")
        yield "".join(" " if part.tag != f"{_A}t" else part.text or "" for part in parts)


def _rows(table: etree._Element) -> Iterator[list[etree._Element]]:
    for row in table.iter(f"{_A}tr"):
        yield list(row.iter(f"{_A}tc"))


def _has_picture(package: Package, name: str) -> bool:
    return any(kind == "image" for kind, _ in package.relations(name).values())


def _is_title(title: str | None) -> bool:
    """Whether somebody wrote it; programs call every presentation the same."""
    return bool(title) and (title or "").lower() not in ("powerpoint presentation", "presentation", "slide 1", "title")


def _joined(pages: list[Page]) -> tuple[Page, ...]:
    """The pages without gaps between them."""
    ends = [page.start for page in pages[1:]] + [pages[-1].end]
    return tuple(replace(page, end=end) for page, end in zip(pages, ends, strict=True))
