"""HTML that is all content (a chapter, a message) as blocks: nothing is looked for, only what is not seen left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

from corpus.blocks import TextBuilder
from corpus.cleaning import normalise
from corpus.errors import ReadingError
from corpus.readers.tables import add_table

_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
SPLIT_TAGS = frozenset({"p", "lb", "br", "div", "item", "li", "cell", "td", "tr", "row", "quote", "head", "list"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_UNSEEN = frozenset({"script", "style", "head", "template", "noscript", "nav", "svg", "math", "object", "iframe"})
_BLOCKS = frozenset(
    """address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form header
    hr html li main ol p pre section summary table ul""".split()
)


def parse_page(source: str) -> html.HtmlElement:
    """The tree of a page, made regular, whatever is broken in it.

    Raises:
        ReadingError: it cannot be parsed.
    """
    parser = html.HTMLParser(huge_tree=True)
    try:
        page = html.document_fromstring(_XML_DECLARATION.sub("", normalise(source)), parser, ensure_head_body=True)
    except (etree.LxmlError, ValueError) as error:
        raise ReadingError(f"the page cannot be parsed ({error})", "save it again from the browser") from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise ReadingError("the page is nested too deeply to be read", "save its text instead")
    return page


def fragment_words(source: str) -> str:
    """The words of a piece of HTML, scripts and styles left out."""
    if not source.strip():
        return ""
    page = parse_page(source)
    for unwanted in page.xpath("//script|//style"):
        unwanted.drop_tree()
    return words(page)


def add_markup(element: Any, builder: TextBuilder) -> None:
    """Adds the blocks of an element parsed by lxml.

    Raises:
        RecursionError: it is nested too deeply.
    """
    _Writer(builder).block(element)


class _Writer:
    """Gathers the words between two ends of blocks."""

    def __init__(self, builder: TextBuilder) -> None:
        self._builder = builder
        self._words: list[str] = []
        self._items = 0

    def block(self, element: Any) -> None:
        tag = _name(element)
        self._flush()
        if tag == "table":
            rows = [[words(cell) for cell in row if _name(cell) in ("td", "th")] for row in _rows(element)]
            add_table(self._builder, rows)
            return
        self._items += tag == "li"
        self._inside(element)
        self._flush(_HEADINGS.get(tag, 0))
        self._items -= tag == "li"

    def _inside(self, element: Any) -> None:
        self._words.append(element.text or "")
        for child in element:
            tag = _name(child)
            if tag in _BLOCKS or tag in _HEADINGS:
                self.block(child)
            elif tag == "br":
                self._words.append(" ")
            elif tag and tag not in _UNSEEN:
                self._inside(child)
            self._words.append(child.tail or "")

    def _flush(self, level: int = 0) -> None:
        text, self._words = "".join(self._words), []
        if level:
            self._builder.heading(text, level)
        elif self._items:
            self._builder.item(text)
        else:
            self._builder.paragraph(text)


def words(element: Any, within: str | None = None) -> str:
    """The words of an element, apart where elements part them; ``within`` leaves out nested elements of that tag."""
    return " ".join("".join(_pieces(element, within)).split())


def _pieces(element: Any, within: str | None) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and not (within and (child.tag == within or child.tag == "list")):
            parting = " " if child.tag in SPLIT_TAGS else ""
            yield parting
            yield from _pieces(child, within)
            yield parting
        yield child.tail or ""


def _rows(table: Any) -> list[Any]:
    """The table's own rows, not those of tables in its cells."""
    return [row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table]


def _name(element: Any) -> str:
    """The name of an element without its namespace; comments have none."""
    return element.tag.rsplit("}", 1)[-1].lower() if isinstance(element.tag, str) else ""
