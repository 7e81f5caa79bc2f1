"""What came from the web, on its way to the readers, and what it adds to the text that they find."""

from __future__ import annotations

from dataclasses import dataclass, replace

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
    """The bytes of a page, what a feed ``said`` of it, and why they are not all there is, if so (``partial``)."""

    data: bytes
    visit: Visit
    said: Metadata = Metadata()
    partial: str | None = None

    @property
    def decides(self) -> tuple[object, ...]:
        """All but the bytes that decides how they are read."""
        return self.said, self.partial, self.visit.url


def as_on_the_web(extracted: Extracted, content: Content) -> Extracted:
    """What a reader found, under the address where it was, with what a feed said of it before what the page says."""
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
