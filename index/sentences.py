"""Sentences: where each sentence, table row and list item of a document lies. Segmentation by sentencex."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from sentencex import get_sentence_boundaries

from corpus.types import Document, Span

_LINE = re.compile(r"[^\n]+")
_MARKER = re.compile(r"\s*(?:[-*•–·▪]\s+|\d{1,3}[.)]\s+)?")


def sentences_of(document: Document) -> list[Span]:
    """The sentences of a document in order, headings left out, list markers and outer spaces trimmed."""
    headings = {heading.start for heading in document.headings}
    rows = {row.start for row in document.rows}
    return list(_spans(document.text, document.metadata.language or "en", headings, rows))


def split_sentences(text: str, language: str = "en") -> list[Span]:
    """The sentences of any text."""
    return list(_spans(text, language, (), ()))


def _spans(text: str, language: str, headings: Collection[int], rows: Collection[int]) -> Iterator[Span]:
    for line in _LINE.finditer(text):
        if line.start() in headings:
            continue
        if line.start() in rows:
            yield Span(*line.span())
            continue
        skip = _MARKER.match(line[0])
        offset = line.start() + (skip.end() if skip else 0)
        for boundary in get_sentence_boundaries(language, text[offset : line.end()]):
            span = _trimmed(text, offset + boundary["start_index"], offset + boundary["end_index"])
            if span is not None:
                yield span


def _trimmed(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    return Span(start, end) if any(character.isalnum() for character in text[start:end]) else None
