"""Markdown with front matter, parsed by markdown-it-py (CommonMark and tables) and kept as plain text."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.blocks import TextBuilder
from corpus.cleaning import normalise
from corpus.encoding import decode
from corpus.readers.front_matter import split_front_matter
from corpus.readers.markup import fragment_words
from corpus.types import Extracted, Metadata


def read_markdown(data: bytes) -> Extracted:
    """Reads a Markdown file; its first top heading is the title where the front matter has none."""
    return markdown_to_text(decode(data))


def markdown_to_text(source: str) -> Extracted:
    """The same for text already decoded."""
    front_matter, body, wrong = split_front_matter(normalise(source))
    builder = TextBuilder()
    title = _render(_parser().parse(body), builder)
    return Extracted(
        text=builder.text,
        metadata=Metadata(title=title),
        front_matter=front_matter,
        headings=tuple(builder.headings),
        rows=tuple(builder.rows),
        partial=wrong or builder.partial,
    )


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def _render(tokens: list[Token], builder: TextBuilder) -> str | None:
    """Adds the blocks of a token stream; returns the first heading of level 1."""
    title: str | None = None
    walk = iter(tokens)
    markers: list[str] = []
    for token in walk:
        if token.type == "heading_open":
            text, level = _inline(next(walk)), int(token.tag[1])
            title = title or (text if level == 1 else None)
            builder.heading(text, level)
        elif token.type == "table_open":
            _table(walk, builder)
        elif token.type == "list_item_open":
            markers.append(f"{token.info}{token.markup}" if token.info else "-")
        elif token.type == "list_item_close":
            markers.pop()
        elif token.type == "inline":
            _text(_inline(token), markers, builder)
        elif token.type == "html_block":
            builder.paragraph(fragment_words(token.content))
        elif token.type in ("fence", "code_block"):
            builder.lines(token.content)
    return title


def _text(text: str, markers: list[str], builder: TextBuilder) -> None:
    if markers:
        builder.item(text, markers[-1])
    else:
        builder.paragraph(text)


def _table(walk: Iterator[Token], builder: TextBuilder) -> None:
    columns: list[str] = []
    cells: list[str] = []
    for token in walk:
        if token.type == "table_close":
            return
        if token.type == "inline":
            cells.append(_inline(token))
        elif token.type == "tr_close":
            if columns:
                builder.row(cells, columns)
            else:
                columns = cells
            cells = []


def _inline(token: Token) -> str:
    """The words of inline content: links by their text, images by their description, no marks."""
    parts: list[str] = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif child.type == "image":
            parts.append(child.content)
    return "".join(parts)
