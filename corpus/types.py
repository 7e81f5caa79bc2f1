"""The values of the corpus room: documents, their metadata and where they were read.

All are frozen. Offsets count Unicode code points, end exclusive, into the stored cleaned text of a document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

Kind = Literal["report", "opinion", "official", "reference", "brief"]
KINDS: tuple[str, ...] = get_args(Kind)

State = Literal["added", "updated", "unchanged", "moved", "duplicate", "partial", "skipped", "failed", "removed"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text: ``text[start:end]``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a document's text; ``level`` is 1 for the highest."""

    start: int
    end: int
    level: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the source, by its number there (1 the first), and where it lies in the document's text."""

    start: int
    end: int
    number: int


def page_at(pages: Sequence[Page], offset: int) -> int | None:
    """The number of the page that holds a place in the text, if the document has pages there."""
    return next((page.number for page in pages if page.start <= offset < page.end), None)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a document's origin; None where the source does not say.

    ``published`` is an ISO date, whole or partial ("2023", "2023-05", "2023-05-17"). ``language`` is an ISO 639-1 code.
    """

    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: str | None = None
    language: str | None = None
    kind: str | None = None
    url: str | None = None


METADATA_FIELDS: tuple[str, ...] = tuple(Metadata.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a reader makes of one file: cleaned text and what the file says of itself.

    ``rows`` are the spans of table rows, which are quoted whole. ``partial`` says why the text is not all that
    the file promised, or is None. ``front_matter`` is metadata that the author wrote down; ``metadata`` is what
    the page or file shows by itself.
    """

    text: str
    metadata: Metadata = Metadata()
    front_matter: Metadata = Metadata()
    headings: tuple[Heading, ...] = ()
    rows: tuple[Span, ...] = ()
    pages: tuple[Page, ...] = ()
    partial: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One source as the library holds it.

    ``id`` is made from the first place and the content when first read and never changes; ``content_hash`` names
    the version of the text. ``places`` are absolute paths or URLs, the first one first.
    """

    id: str
    text: str
    content_hash: str
    metadata: Metadata = Metadata()
    places: tuple[str, ...] = ()
    headings: tuple[Heading, ...] = ()
    rows: tuple[Span, ...] = ()
    pages: tuple[Page, ...] = ()
    state: str = "added"
    reason: str | None = None

    @property
    def title(self) -> str:
        """The title, or the file's name where the source has none."""
        return self.metadata.title or (self.places[0].rstrip("/").rsplit("/", 1)[-1] if self.places else self.id)


@dataclass(frozen=True, slots=True)
class FileReport:
    """The final state of one file or URL of an indexing run."""

    path: str
    state: State
    document_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class IndexReport:
    """The outcome of an indexing run; ``seconds`` is wall time."""

    files: tuple[FileReport, ...] = field(default=())
    documents: int = 0
    passages: int = 0
    seconds: float = 0.0
