"""Visits: what the library remembers of the pages that it read. The only module that knows their table."""

from __future__ import annotations

from corpus.intake import Source
from corpus.library import Library
from corpus.web.content import Visit


class Visits:
    """The visits of one library. They go with the place that they belong to."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def of(self, place: str) -> tuple[Visit, str] | None:
        """The last visit of a page, and the document that was read there."""
        with self._library.reading() as connection:
            row = connection.execute(
                "SELECT document_id, asked, url, etag, modified, from_feed FROM visits JOIN places USING (place) "
                "WHERE place = ?",
                (place,),
            ).fetchone()
        if row is None:
            return None
        document_id, asked, url, etag, modified, from_feed = row
        return Visit(asked, url, etag, modified, bool(from_feed)), document_id

    def put(self, place: str, visit: Visit) -> None:
        """Notes a visit of a place that the library knows."""
        with self._library.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO visits VALUES (?, ?, ?, ?, ?, ?)",
                (place, visit.asked, visit.url, visit.etag, visit.modified, int(visit.from_feed)),
            )


def remember(library: Library, source: Source) -> None:
    """Notes what was read of a source, where that came from the web. The library must know its place by now."""
    if source.content is not None:
        Visits(library).put(source.place, source.content.visit)
