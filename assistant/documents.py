"""Documents as users get them: the shape of the JSON contract."""

from __future__ import annotations

from typing import Any

from corpus.types import Document


def listed(document: Document) -> dict[str, Any]:
    """A document without its text."""
    metadata = document.metadata
    return {
        "id": document.id,
        "title": document.title,
        "outlet": metadata.outlet,
        "author": metadata.author,
        "published": metadata.published,
        "language": metadata.language,
        "kind": metadata.kind,
        "url": metadata.url,
        "places": document.places,
        "state": document.state,
        "reason": document.reason,
        "content_hash": document.content_hash,
    }


def shown(document: Document) -> dict[str, Any]:
    """A document with its text, and where its pages and headings lie in it."""
    headings = [
        {
            "text": document.text[heading.start : heading.end],
            "level": heading.level,
            "start": heading.start,
            "end": heading.end,
        }
        for heading in document.headings
    ]
    pages = [{"number": page.number, "start": page.start, "end": page.end} for page in document.pages]
    return {**listed(document), "text": document.text, "pages": pages, "headings": headings}
