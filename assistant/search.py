"""Search results as users get them: hits flattened to the shape of the JSON contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from corpus.types import page_at
from index.types import Hit


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage that was found: ``document.text[start:end] == text``; ``ranks`` by each voice alone, 1 the best.

    ``also_in`` are the ids of near duplicates of the document.
    """

    passage_id: str
    document_id: str
    content_hash: str
    title: str
    outlet: str | None
    author: str | None
    published: str | None
    kind: str | None
    language: str | None
    url: str | None
    path: str | None
    text: str
    start: int
    end: int
    heading: str | None
    page: int | None
    score: float
    ranks: Mapping[str, int]
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What was asked for, what was searched, and the passages found, best first."""

    query: str
    searched_for: str
    hits: tuple[FoundPassage, ...]


def found_passage(hit: Hit) -> FoundPassage:
    """A hit in the shape that users get."""
    metadata = hit.metadata
    web = hit.place if hit.place and "://" in hit.place else None
    return FoundPassage(
        passage_id=hit.passage_id,
        document_id=hit.document_id,
        content_hash=hit.content_hash,
        title=hit.title,
        outlet=metadata.outlet,
        author=metadata.author,
        published=metadata.published,
        kind=metadata.kind,
        language=metadata.language,
        url=metadata.url or web,
        path=None if web else hit.place,
        text=hit.text,
        start=hit.start,
        end=hit.end,
        heading=hit.heading,
        page=page_at(hit.pages, hit.start),
        score=round(hit.score, 6),
        ranks=hit.ranks,
        also_in=hit.also_in,
    )
