"""The portable file's lines, checked where they come in, and its manifest.

A ZIP file of `manifest.json`, `documents.jsonl`, `passages.jsonl`, `embeddings.jsonl` (key and rows of each matrix, in
order) and `embeddings.f16` (the matrices themselves: 16-bit floats, little-endian, rows of unit length).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from corpus.types import Metadata
from index.settings import IndexSettings

VERSION = 1
MANIFEST = "manifest.json"
DOCUMENTS, PASSAGES, EMBEDDINGS, VECTORS = "documents.jsonl", "passages.jsonl", "embeddings.jsonl", "embeddings.f16"
PARTS = (DOCUMENTS, PASSAGES, EMBEDDINGS, VECTORS)

Id = Annotated[str, Field(min_length=1, max_length=200)]
Count = Annotated[int, Field(ge=0, lt=2**31)]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Manifest(_Line):
    """What the file is, how its index was made, and the SHA-256 of each part."""

    format: Literal["footnote-library"]
    version: int
    settings: dict[str, Any]
    fingerprint: str
    dimension: Count
    documents: Count
    passages: Count
    sha256: dict[str, str]

    @classmethod
    def of(cls, settings: IndexSettings, dimension: int, counts: tuple[int, int], sums: dict[str, str]) -> Manifest:
        """The manifest of a file that is being written."""
        return cls(
            format="footnote-library",
            version=VERSION,
            settings=settings.model_dump(),
            fingerprint=settings.fingerprint,
            dimension=dimension,
            documents=counts[0],
            passages=counts[1],
            sha256=sums,
        )


class PlaceLine(_Line):
    """Where a document was read."""

    place: Annotated[str, Field(min_length=1)]
    source_hash: str
    desk: bool


class Structure(_Line):
    """Where headings (start, end, level), rows and pages (start, end, number) lie in a document's text."""

    headings: list[tuple[Count, Count, int]]
    rows: list[tuple[Count, Count]]
    pages: list[tuple[Count, Count, int]] = []


class DocumentLine(_Line):
    """A document with its places."""

    id: Id
    content_hash: str
    text: str
    metadata: Metadata
    structure: Structure
    state: str
    reason: str | None
    places: list[PlaceLine]


class PassageLine(_Line):
    """A passage with its terms and the key of its vectors."""

    document_id: Id
    start: Count
    end: Count
    heading: str | None
    tokens: Count
    sentences: Annotated[list[tuple[Count, Count]], Field(min_length=1)]
    terms: dict[str, Annotated[int, Field(ge=1, lt=2**31)]]
    embedding_key: Id


class EmbeddingLine(_Line):
    """The key of a matrix of vectors and how many rows it has."""

    key: Id
    rows: Annotated[int, Field(ge=1, lt=2**20)]
