"""Web pages: main content, date and author by trafilatura, kept as plain text."""

from __future__ import annotations

import re
from typing import Any

import trafilatura
from lxml import etree, html

from corpus.blocks import TextBuilder
from corpus.cleaning import breaks_off, normalise
from corpus.dates import parse_published
from corpus.encoding import decode
from corpus.errors import ReadingError
from corpus.types import Extracted, Metadata

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:.-]+)""", re.IGNORECASE)
_BLOCK_TAGS = frozenset({"p", "quote", "code", "ab", "fw"})


def read_html(data: bytes) -> Extracted:
    """Reads a saved web page.

    Raises:
        ReadingError: the page cannot be parsed or has no main text.
    """
    declared = _CHARSET.search(data[:4096])
    source = decode(data, declared[1].decode("ascii") if declared else None)
    page = _parse(source)
    found = trafilatura.bare_extraction(page, include_tables=True, include_comments=False, with_metadata=True)
    body = getattr(found, "body", None)
    builder = TextBuilder()
    if body is not None:
        _render(body, builder)
    if not builder.text:
        _whole_page(_parse(source), builder)
    metadata = _metadata(found, page)
    return Extracted(
        text=builder.text,
        metadata=metadata,
        headings=tuple(builder.headings),
        rows=tuple(builder.rows),
        partial="the text breaks off in mid-sentence" if breaks_off(builder.text) else None,
    )


def _parse(source: str) -> html.HtmlElement:
    without_declaration = re.sub(r"\A\s*<\?xml[^>]*\?>", "", normalise(source))
    try:
        return html.document_fromstring(without_declaration, ensure_head_body=True)
    except (etree.LxmlError, ValueError) as error:
        raise ReadingError(f"the page cannot be parsed ({error})", "save it again from the browser") from error


def _metadata(found: Any, page: html.HtmlElement) -> Metadata:
    language = (page.get("lang") or "").split("-")[0].lower() or None
    if found is None:
        return Metadata(title=page.findtext(".//title"), language=language)
    return Metadata(
        title=found.title,
        outlet=found.sitename,
        author=found.author,
        published=parse_published(found.date),
        language=language,
        url=found.url,
    )


def _render(element: Any, builder: TextBuilder) -> None:
    """Adds the blocks of trafilatura's result tree: head, p, list and item, table, row and cell."""
    for child in element:
        text = _words(child)
        if child.tag == "head":
            builder.heading(text, _level(child))
        elif child.tag == "list":
            for item in child.iter("item"):
                builder.item(_words(item))
        elif child.tag == "table":
            _table(child, builder)
        elif child.tag in _BLOCK_TAGS:
            builder.paragraph(text)
        elif len(child):
            _render(child, builder)
        else:
            builder.paragraph(text)
        if child.tail and child.tail.strip():
            builder.paragraph(child.tail)


def _table(table: Any, builder: TextBuilder) -> None:
    columns: list[str] = []
    for row in table.iter("row"):
        cells = [_words(cell) for cell in row.iter("cell")]
        if not columns and all(cell.get("role") == "head" for cell in row.iter("cell")):
            columns = cells
        else:
            builder.row(cells, columns)


def _whole_page(page: html.HtmlElement, builder: TextBuilder) -> None:
    """A page in which no main content is found is taken whole, scripts and styles apart."""
    for unwanted in page.xpath("//script|//style|//noscript|//template|//head"):
        unwanted.drop_tree()
    for line in page.text_content().split("\n"):
        builder.paragraph(line)


def _level(head: Any) -> int:
    rend = head.get("rend") or ""
    return int(rend[1]) if re.fullmatch(r"h[1-6]", rend) else 2


def _words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())
