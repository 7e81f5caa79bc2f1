"""Web pages: main content, date and author by trafilatura, kept as plain text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import trafilatura
from lxml import html

from corpus.blocks import TextBuilder
from corpus.boilerplate import article_end, is_boilerplate
from corpus.cleaning import normalise
from corpus.dates import parse_published
from corpus.encoding import decode
from corpus.errors import ReadingError
from corpus.quality import joined_reasons, scant
from corpus.readers.front_matter import language_code
from corpus.readers.markup import SPLIT_TAGS, parse_page, words
from corpus.types import Extracted, Metadata

_CHARSET = re.compile(
    rb"""(?:<meta[^>]{0,200}?charset|<\?xml[^>]{0,100}?encoding)\s*=\s*["']?\s*([\w:.-]+)""", re.IGNORECASE
)
_COPYRIGHT = re.compile(r"\s*(?:copyright\b|©|\(c\)|\ball rights reserved)", re.IGNORECASE)
_DATE_PATHS = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    "//meta[@name='date' or @name='dc.date' or @name='DC.date' or @name='publish-date' or @name='pubdate']/@content",
    "//time[@datetime and (@pubdate or @itemprop='datePublished')]/@datetime",
)
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def read_html(data: bytes) -> Extracted:
    """Reads a saved web page.

    Raises:
        ReadingError: the page cannot be parsed.
    """
    try:
        return _read(data)
    except RecursionError as error:
        raise ReadingError("the page is nested too deeply to be read", "save its text instead") from error


def _read(data: bytes) -> Extracted:
    declared = _CHARSET.search(data[:4096])
    source = decode(data, declared[1].decode("ascii") if declared else None)
    page = parse_page(source)
    found = trafilatura.bare_extraction(
        page,
        include_tables=True,
        include_comments=False,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    body = getattr(found, "body", None)
    builder = TextBuilder()
    if body is not None:
        _clear(body)
        _render(body, builder)
    if not builder.text:
        _whole_page(parse_page(source), builder)
    return Extracted(
        text=builder.text,
        metadata=_metadata(found, parse_page(source)),
        headings=tuple(builder.headings),
        rows=tuple(builder.rows),
        partial=joined_reasons(scant(builder.text, len(data)), builder.partial),
    )


def _metadata(found: Any, page: html.HtmlElement) -> Metadata:
    language = language_code(page.get("lang") or page.get(_XML_LANG) or page.get("xml:lang") or "")
    published = _stated_date(page)
    if found is None:
        return Metadata(title=_one_line(page.findtext(".//title")), published=published, language=language)
    return Metadata(
        title=_one_line(found.title),
        outlet=_outlet(found.sitename),
        author=_one_line(found.author),
        published=published or parse_published(found.date),
        language=language,
        url=found.url,
    )


def _stated_date(page: html.HtmlElement) -> str | None:
    """The date that the page itself states for machines, with its precision and in UTC."""
    stated = (value for path in _DATE_PATHS for value in page.xpath(path))
    return next(filter(None, map(parse_published, (*stated, *_linked_data_dates(page)))), None)


def _linked_data_dates(page: html.HtmlElement) -> Iterator[str]:
    for script in page.xpath("//script[@type='application/ld+json']/text()"):
        try:
            loaded = json.loads(script)
        except (ValueError, RecursionError):
            continue
        for entry in loaded if isinstance(loaded, list) else [loaded]:
            if isinstance(entry, dict) and isinstance(entry.get("datePublished"), str):
                yield entry["datePublished"]


def _clear(body: Any) -> None:
    """Takes out what the extractor let through of the things around an article."""
    blocks = list(body)
    end = article_end([words(block) for block in blocks])
    for number, block in enumerate(blocks):
        if number >= end or (block.tag in ("p", "head") and is_boilerplate(words(block))):
            body.remove(block)


def _render(element: Any, builder: TextBuilder) -> None:
    """Adds the blocks of trafilatura's result tree: head, p, list and item, table, row and cell."""
    for child in element:
        if child.tag == "head":
            builder.heading(words(child), _level(child))
        elif child.tag == "list":
            _list(child, builder)
        elif child.tag == "table":
            _table(child, builder)
        elif child.tag == "code":
            builder.lines("".join(child.itertext()))
        elif child.tag != "p" and any(part.tag in SPLIT_TAGS for part in child):
            builder.paragraph(child.text or "")
            _render(child, builder)
        else:
            builder.paragraph(words(child))
        builder.paragraph(child.tail or "")


def _list(element: Any, builder: TextBuilder) -> None:
    """Items one by one; a list within an item follows it."""
    for item in element.iter("item"):
        builder.item(words(item, within="item"))


def _table(table: Any, builder: TextBuilder) -> None:
    columns: list[str] = []
    for row in table.iter("row"):
        cells = [words(cell) for cell in row.iter("cell")]
        if not columns and all(cell.get("role") == "head" for cell in row.iter("cell")):
            columns = cells
        elif cells != columns:
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


def _outlet(name: str | None) -> str | None:
    """The name of a site without the copyright mark that some give with it."""
    return _one_line(_COPYRIGHT.split(name, maxsplit=1)[0]) if name else None


def _one_line(text: str | None) -> str | None:
    return " ".join(normalise(text).split()) or None if text else None
