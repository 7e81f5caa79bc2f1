"""Visiting: the sources that are URLs, fetched; a feed becomes its entries."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from corpus.errors import NotFetched, ReadingError
from corpus.intake import Source
from corpus.library import Library
from corpus.types import FileReport, Metadata
from corpus.web.client import Client, Response, Validators
from corpus.web.content import Content, Visit, own_text_reason
from corpus.web.content_types import XML, as_utf8, ending_of, is_feed, refuse_unread
from corpus.web.feeds import Entry, read_feed
from corpus.web.visits import Visits

MOST_PAGES = 50  # of one feed, in one run
_MOST_SECONDS = 600  # for the pages of one feed
_GONE = (404, 410)


class Visitor:
    """Fetches for one library, whose visits tell what was read, so that it is not fetched again in vain."""

    def __init__(self, library: Library, client: Client) -> None:
        self._visits = Visits(library)
        self._client = client

    def visit(self, source: Source, seen: set[str]) -> Iterator[Source | FileReport]:
        """Fetches the source of a URL: its content to be read, or the report of one that is done with.

        A feed becomes its entries. One that is bad never stops the others, and a place that was ``seen`` in this run
        does not come again.
        """
        if source.problem:
            yield FileReport(source.place, "failed", reason=source.problem)
        else:
            yield from _reported(source.place, self._visit(source, seen))

    def _visit(self, source: Source, seen: set[str]) -> Iterator[Source | FileReport]:
        if source.place in seen:
            return
        seen.add(source.place)
        asked = _hash(source.given)
        known = self._visits.of(source.place)
        same = known is not None and known[0].asked == asked
        validators = Validators(known[0].url, known[0].etag, known[0].modified) if known and same else None
        response = self._client.get(source.place, validators, refuse_unread)
        if response.body is None and known:
            yield FileReport(source.place, "unchanged", known[1])
        elif is_feed(response):
            yield from self._feed(source, response, seen)
        else:
            yield _with_page(source, response, asked)

    def _feed(self, source: Source, response: Response, seen: set[str]) -> Iterator[Source | FileReport]:
        entries = read_feed(as_utf8(response, XML), response.url)
        fetched, left, until = 0, 0, time.monotonic() + _MOST_SECONDS
        for entry in entries:
            if entry.place in seen:
                continue
            seen.add(entry.place)
            asked = _hash(source.given, entry.version)
            known = self._visits.of(entry.place)
            if known and known[0].asked == asked:
                yield FileReport(entry.place, "unchanged", known[1])
                continue
            at_entry = replace(source, place=entry.place)
            if entry.is_full or entry.link is None:
                yield from _reported(entry.place, _own_text(at_entry, entry, response.url, asked))
            elif fetched == MOST_PAGES or time.monotonic() > until:
                left += 1
                seen.discard(entry.place)
            else:
                fetched += 1
                read_before = known is not None and not known[0].from_feed
                yield from _reported(entry.place, self._page(at_entry, entry, response.url, asked, read_before))
        if left:
            reason = (
                f"{left} of {len(entries)} entries are left for the next run, after {fetched} pages: index it again"
            )
            yield FileReport(source.place, "partial", reason=reason)

    def _page(
        self, source: Source, entry: Entry, feed: str, asked: str, read_before: bool
    ) -> Iterator[Source | FileReport]:
        """The page of an entry, or the feed's own text where it cannot be had and was not read before."""
        try:
            response = self._client.get(entry.link or "", accept=refuse_unread)
            instead = None if read_before else entry.content
            page = _with_page(source, response, asked, entry.metadata, instead)
        except ReadingError as error:
            if entry.content is None or read_before:
                raise
            gone = not isinstance(error, NotFetched) or error.status in _GONE
            yield from _own_text(source, entry, feed, asked if gone else "", own_text_reason(error.message))
        else:
            yield page


def _reported(place: str, visit: Iterator[Source | FileReport]) -> Iterator[Source | FileReport]:
    """What comes of a visit; an error becomes the report of its place."""
    try:
        yield from visit
    except ReadingError as error:
        yield FileReport(place, "skipped" if error.skipped else "failed", reason=str(error))


def _with_page(
    source: Source, response: Response, asked: str, said: Metadata = Metadata(), instead: bytes | None = None
) -> Source:
    ending, validators = ending_of(response), response.validators
    visit = Visit(asked, response.url, validators.etag, validators.modified)
    content = Content(as_utf8(response, ending), visit, said, instead=instead)
    return replace(source, path=Path(f"page{ending}"), content=content)


def _own_text(
    source: Source, entry: Entry, feed: str, asked: str, partial: str | None = None
) -> Iterator[Source | FileReport]:
    if entry.content is None:
        raise ReadingError("the entry has neither a web address nor a text", "nothing to read in it")
    content = Content(entry.content, Visit(asked, entry.link or feed, from_feed=True), entry.metadata, partial)
    yield replace(source, path=Path("entry.html"), content=content)


def _hash(*known: object) -> str:
    return hashlib.sha256(repr(known).encode("utf-8", "surrogatepass")).hexdigest()
