"""Feeds: RSS 0.9x to 2.0, RSS 1.0 and Atom by feedparser, each entry with what the feed itself says of it."""

from __future__ import annotations

import hashlib
import html
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import feedparser

from corpus.cleaning import normalise
from corpus.dates import parse_published
from corpus.errors import NotFetched, ReadingError
from corpus.readers.front_matter import language_code
from corpus.readers.markup import fragment_words
from corpus.types import Metadata
from corpus.web.urls import joined

_MOST_BYTES = 5_000_000
_FULL_WORDS = 200
_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]+)|([0-9]{1,4000}))")
_TEASER_END = re.compile(
    r"(?:…|\.\.\.|\[\s*(?:…|\.\.\.|&#8230;)\s*\]|(?:read|continue|keep) (?:more|reading)\W*)\s*$", re.I
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed.

    ``place`` is its link, or what names it in the feed where it has none, in which case ``link`` is None. ``content``
    is what the feed holds of its text, as a page; ``is_full`` says whether that looks like all of it. ``version``
    changes when anything does that the feed says of the entry.
    """

    place: str
    link: str | None
    content: bytes | None
    is_full: bool
    metadata: Metadata
    version: str


def read_feed(data: bytes, url: str) -> list[Entry]:
    """The entries of a feed that came from ``url``, in its own order.

    Raises:
        ReadingError: it is too large, is no feed, or has no entries.
    """
    if len(data) > _MOST_BYTES:
        raise ReadingError(f"the feed has more than {_MOST_BYTES / 1e6:g} MB", "index its pages themselves")
    headers = {"content-location": url, "content-type": "application/xml"}
    try:
        parsed: Any = feedparser.parse(io.BytesIO(_REFERENCE.sub(_sound, data)), response_headers=headers)
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError, AssertionError) as error:
        raise ReadingError(f"the feed cannot be parsed ({type(error).__name__})", "tell its publisher") from error
    entries = [_entry(entry, parsed, url) for entry in parsed.entries]
    if not entries:
        reason = "has no entries" if parsed.version and not parsed.bozo else "cannot be parsed"
        raise ReadingError(f"the feed {reason}", "check the address")
    return entries


def _sound(reference: re.Match[bytes]) -> bytes:
    """A character reference, unless there is no such character: one of those would cost the whole feed."""
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    return b"" if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF else reference[0]


def _entry(entry: Any, parsed: Any, url: str) -> Entry:
    link, metadata = _link(entry, url), _metadata(entry, parsed)
    fragment = max(_fragments(entry), key=len, default="")
    words = _words(fragment)
    is_full = len(words.split()) >= _FULL_WORDS and not _TEASER_END.search(words)
    content = _page(fragment) if words else None
    name = (
        quote(normalise(str(entry.get("id") or "")), safe="/:,?=&@+;")
        or hashlib.sha256(repr((metadata, words)).encode()).hexdigest()[:16]
    )
    changed = dict.get(entry, "updated")  # feedparser's own would give the day of publication where this is unknown
    said = repr((link, metadata, fragment, changed))
    version = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
    return Entry(link or f"{url}#{name}", link, content, is_full, metadata, version)


def _link(entry: Any, url: str) -> str | None:
    try:
        return joined(url, str(entry["link"])) if entry.get("link") else None
    except NotFetched:
        return None


def _metadata(entry: Any, parsed: Any) -> Metadata:
    outlet = _plain(entry.get("source") or {}, "title") or _plain(parsed.feed, "title")
    own = _names(entry.get("authors") or [])
    inherited = _names(parsed.feed.get("authors") or []) if parsed.version.startswith("atom") else None
    return Metadata(
        title=_plain(entry, "title"),
        outlet=outlet,
        author=own or inherited,
        published=_date(entry),
        language=language_code(str(parsed.feed.get("language") or "")),
    )


def _fragments(entry: Any) -> Iterator[str]:
    """Every piece of an entry that may be its text, as HTML."""
    details: list[Mapping[str, Any]] = [*(entry.get("content") or []), entry.get("summary_detail") or {}]
    for detail in details:
        value = str(detail.get("value") or "")
        yield html.escape(value) if detail.get("type") == "text/plain" else value


def _words(fragment: str) -> str:
    """The words of a piece of HTML; none of one that cannot be parsed, which must not cost the other entries."""
    try:
        return fragment_words(fragment)
    except (ReadingError, RecursionError):
        return ""


def _page(fragment: str) -> bytes:
    page = f'<html><head><meta charset="utf-8"></head><body><article>{fragment}</article></body></html>'
    return page.encode("utf-8", "replace")


def _plain(holder: Any, name: str) -> str | None:
    """A title as plain text on one line."""
    value = str(holder.get(name) or "")
    detail = holder.get(f"{name}_detail") or {}
    words = value if detail.get("type") == "text/plain" else _words(value)
    return " ".join(normalise(words).split()) or None


def _names(authors: Sequence[Any]) -> str | None:
    names = (" ".join(normalise(str(author.get("name") or "")).split()) for author in authors)
    return ", ".join(name for name in names if name and "@" not in name) or None


def _date(entry: Any) -> str | None:
    """The day of publication, or of the last change where only that is given."""
    for name in ("published", "updated"):
        stamp = dict.get(entry, f"{name}_parsed")
        if stamp is not None:
            day = f"{stamp.tm_year:04}-{stamp.tm_mon:02}-{stamp.tm_mday:02}"
            return parse_published(str(entry.get(name) or "")) or parse_published(day)
    return None
