"""EPUB: the chapters of a book in the order of its spine, each behind its heading or its line in the contents."""

from __future__ import annotations

import re
from dataclasses import replace

from lxml import etree

from corpus.blocks import TextBuilder
from corpus.dates import parse_published
from corpus.encoding import decode
from corpus.errors import ReadingError
from corpus.readers.markup import add_markup, parse_page, words
from corpus.readers.packages import Package, inside, opened, properties
from corpus.types import Extracted

_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_XHTML = "{http://www.w3.org/1999/xhtml}"
_NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
# XML may close an element in its opening tag; to HTML the rest of the page would be inside it.
_EMPTY = re.compile(r"<(title|script|style|iframe|textarea|a|span|div|p|i|b|em|td|th|li)(\s[^<>]*)?/>", re.IGNORECASE)
_ENCRYPTED = "{http://www.w3.org/2001/04/xmlenc#}CipherReference"


def read_epub(data: bytes) -> Extracted:
    """Reads a book.

    Raises:
        ReadingError: it is no EPUB, is broken, copy-protected or unpacks to too much.
    """
    with opened(data, "EPUB") as package:
        container = package.xml("META-INF/container.xml")
        root = next((found.get("full-path", "") for found in container.iter(f"{_CONTAINER}rootfile")), "")
        book = package.xml(root)
        items = {item.get("id"): item for item in book.iter(f"{_OPF}item")}
        spine = [items[entry.get("idref")] for entry in book.iter(f"{_OPF}itemref") if entry.get("idref") in items]
        chapters = [inside(root, item.get("href", "")) for item in spine if not _is_contents(item)]
        _check_protection(package, chapters)
        contents = _contents(package, root, list(items.values()))
        builder = TextBuilder()
        missing = 0
        for name in chapters:
            missing += not (name in package.names and _chapter(package, name, contents.get(name, ""), builder))
    told = properties(next(book.iter(f"{_OPF}metadata"), None))
    dates = (date.text or "" for date in book.iter(f"{_DC}date"))
    return Extracted(
        text=builder.text,
        metadata=replace(told, outlet=_first(book, "publisher"), published=next(filter(None, map(_day, dates)), None)),
        headings=tuple(builder.headings),
        rows=tuple(builder.rows),
        partial=f"{missing:,} of {len(chapters):,} chapters cannot be read" if missing else builder.partial,
    )


def _chapter(package: Package, name: str, called: str, builder: TextBuilder) -> bool:
    """Adds a chapter, behind its line in the contents where it has no heading; tells whether it could be read."""
    source = _EMPTY.sub(_opened_and_closed, _undeclared(decode(package.read(name))))
    try:
        body = parse_page(source or "<p>").find("body")
        etree.strip_elements(body, "script", "style", with_tail=False)
        if called and words(body) and next(body.iter("h1", "h2", "h3"), None) is None:
            builder.heading(called, 1)
        add_markup(body, builder)
    except (ReadingError, RecursionError):
        return False
    return True


def _contents(package: Package, root: str, items: list[etree._Element]) -> dict[str, str]:
    """What the book's contents call each of its parts: the first line that leads there."""
    called: dict[str, str] = {}
    for item in items:
        name = inside(root, item.get("href", ""))
        if name in package.names and item.get("media-type") == "application/x-dtbncx+xml":
            for point in package.xml(name).iter(f"{_NCX}navPoint"):
                label, content = point.find(f"{_NCX}navLabel"), point.find(f"{_NCX}content")
                if label is not None and content is not None:
                    called.setdefault(inside(name, content.get("src", "")), words(label))
        elif name in package.names and _is_contents(item):
            for link in package.xml(name).iter(f"{_XHTML}a"):
                called.setdefault(inside(name, link.get("href", "")), words(link))
    return called


def _check_protection(package: Package, chapters: list[str]) -> None:
    """Refuses books whose chapters are encrypted; fonts often are."""
    root = package.optional("META-INF/encryption.xml")
    locked = {inside("", entry.get("URI", "")) for entry in root.iter(_ENCRYPTED)} if root is not None else set()
    if locked & set(chapters):
        raise ReadingError("the book is copy-protected", "take a copy without protection")


def _is_contents(item: etree._Element) -> bool:
    return "nav" in item.get("properties", "").split()


def _first(book: etree._Element, name: str) -> str | None:
    return next(filter(None, (words(found) for found in book.iter(f"{_DC}{name}"))), None)


def _day(stamp: str) -> str | None:
    return parse_published(stamp.strip())


def _opened_and_closed(tag: re.Match[str]) -> str:
    return f"<{tag[1]}{tag[2] or ''}></{tag[1]}>"


def _undeclared(source: str) -> str:
    """The source without its XML declaration, which lxml refuses in text."""
    return source[source.index("?>") + 2 :] if source.startswith("<?xml") and "?>" in source else source
