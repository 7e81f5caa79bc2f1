"""What came from the web, on its way to the readers, and what it adds to the text that they find."""

from __future__ import annotations

from dataclasses import dataclass, replace

from corpus.containers.parts import Part
from corpus.errors import NotFetched
from corpus.types import METADATA_FIELDS, Extracted, Metadata
from corpus.web.urls import joined, same_host


@dataclass(frozen=True, slots=True)
class Visit:
    """What is remembered of a page that was read, to ask later whether it has changed.

    ``asked`` is a hash of what was known beforehand (the metadata given, what a feed said); ``url`` is where the page
    was in the end; ``from_feed`` says that the feed's own text was read in its place.
    """

    asked: str
    url: str
    etag: str | None = None
    modified: str | None = None
    from_feed: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a page, what a feed ``said`` of it, and why they are not all there is, if so (``partial``).

    ``instead`` is the feed's own text, as a page, to be read where these bytes hold none.
    """

    data: bytes
    visit: Visit
    said: Metadata = Metadata()
    partial: str | None = None
    instead: bytes | None = None

    @property
    def decides(self) -> tuple[object, ...]:
        """All but the bytes that decides how they are read."""
        return self.said, self.partial, self.instead, self.visit.url


def part_of_content(part: Part, content: Content) -> Part:
    """A part of what came from the web, under the address where it was.

    What a feed said of it goes before what the page says. A page that holds no text gives way to the feed's own.
    """
    from corpus.readers.html import read_html  # heavy, and needed only where documents are read

    if part.extracted is not None:
        return replace(part, extracted=_as_on_the_web(part.extracted, content))
    if content.instead is None or part.name:
        return part
    reason = own_text_reason(part.reason or "")
    own = _as_on_the_web(read_html(content.instead), replace(content, partial=reason))
    return replace(part, extracted=own, state=None, reason=None)


def own_text_reason(cause: str) -> str:
    """Why a document is only what a feed holds of it."""
    return f"only the feed's own text: the page was not read ({cause})"


def _as_on_the_web(extracted: Extracted, content: Content) -> Extracted:
    own = replace(extracted.metadata, url=_own_url(extracted.metadata.url, content.visit.url))
    said = {name: value for name in METADATA_FIELDS if (value := getattr(content.said, name)) is not None}
    partial = "; ".join(filter(None, (content.partial, extracted.partial)))
    return replace(extracted, metadata=replace(own, **said), partial=partial or None)


def _own_url(canonical: str | None, final: str) -> str:
    """What a page calls its own address, where that is on the same host; else where it was in the end."""
    if not canonical:
        return final
    try:
        stated = joined(final, canonical)
    except NotFetched:
        return final
    return stated if same_host(stated, final) else final
