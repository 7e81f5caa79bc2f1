"""Content types: which ending, and so which reader, fits what came from the web."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from corpus.containers.parts import CONTAINER_TYPES
from corpus.containers.walk import check_readable
from corpus.encoding import decode
from corpus.errors import ReadingError
from corpus.readers import READERS
from corpus.web.client import Response

XML = ".xml"
_READ = frozenset({*READERS, *CONTAINER_TYPES})
_OFFICE = "application/vnd.openxmlformats-officedocument"
_ENDINGS = {
    "text/html": ".html",
    "application/xhtml+xml": ".xhtml",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    f"{_OFFICE}.wordprocessingml.document": ".docx",
    f"{_OFFICE}.presentationml.presentation": ".pptx",
    f"{_OFFICE}.spreadsheetml.sheet": ".xlsx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/epub+zip": ".epub",
    "application/json": ".json",
    "application/ld+json": ".json",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "message/rfc822": ".eml",
    "application/mbox": ".mbox",
    "application/rss+xml": XML,
    "application/atom+xml": XML,
    "application/rdf+xml": XML,
    "application/xml": XML,
    "text/xml": XML,
}
# Types that servers give to whatever they do not know: there the name counts first.
_VAGUE = {
    "": None,
    "application/octet-stream": None,
    "binary/octet-stream": None,
    "application/force-download": None,
    "application/download": None,
    "text/plain": ".txt",
    "application/zip": ".zip",
    "application/x-zip-compressed": ".zip",
}
_TEXTS = frozenset({".html", ".xhtml", ".txt", ".md", ".csv", ".tsv", ".json", ".jsonl", XML})
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_FILENAME = re.compile(r"""filename\*?\s*=\s*("[^"]*"|[^;]*)""", re.IGNORECASE)
# Atomic groups: comment after comment could be parted in more ways than there is time for.
_FEED = re.compile(
    r"(?>\ufeff|\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?\s*>)*+<(?:rss|rdf:RDF|(?:\w+:)?feed)[\s>]",
    re.DOTALL | re.IGNORECASE,
)
_PAGE = re.compile(
    r"(?>\ufeff|\s+|<\?.*?\?>|<!--.*?-->)*+<(?:!DOCTYPE\s+html|html|head|body)[\s>]", re.DOTALL | re.IGNORECASE
)
_START = 4096  # bytes that show what something is


def refuse_unread(response: Response) -> None:
    """Refuses a response that no reader takes, before its body is read.

    Raises:
        ReadingError: with ``skipped`` set.
    """
    ending = _ending(response)
    if ending is not None and ending != XML:
        _check(ending, response)


def ending_of(response: Response) -> str:
    """The ending of the reader for a response: by its type, then its name, then what the bytes show.

    Raises:
        ReadingError: with ``skipped`` set.
    """
    ending = _ending(response)
    if ending is None or ending == XML:
        start = _start(response)
        if _PAGE.match(start):
            ending = ".html" if ending is None else ".xhtml"
        elif start.startswith("%PDF-"):
            ending = ".pdf"
    _check(ending or "", response)
    return ending or ""


def is_feed(response: Response) -> bool:
    """Whether a response is a feed, whatever its server calls it."""
    return _ending(response) in (XML, ".html", ".xhtml", ".txt", None) and _FEED.match(_start(response)) is not None


def as_utf8(response: Response, ending: str) -> bytes:
    """The body; text in an encoding that only its server names is brought into UTF-8."""
    body, charset = response.body or b"", _CHARSET.search(response.content_type)
    if ending not in _TEXTS or charset is None or not body or _declares(body):
        return body
    return decode(body, charset[1]).encode("utf-8", "replace")


def _declares(body: bytes) -> bool:
    """Whether XML names its own encoding, which its readers follow."""
    return re.match(rb"\s*<\?xml[^>]{0,200}encoding", body) is not None


def _ending(response: Response) -> str | None:
    """What type and name say; None where they say nothing."""
    kind = response.content_type.partition(";")[0].strip().lower()
    if kind in _ENDINGS:
        return _ENDINGS[kind]
    named = next((ending for ending in map(_suffix, _names(response)) if ending in _known_endings()), None)
    if kind in _VAGUE:
        return named or _VAGUE[kind]
    return kind if "/" in kind else named


def _known_endings() -> frozenset[str]:
    return frozenset({*_READ, *_ENDINGS.values()})


def _check(ending: str, response: Response) -> None:
    if ending in _READ:
        return
    if not ending or "/" in ending or ending == XML:
        kind = f"content of type {ending[:100]!r}" if "/" in ending else "XML that is no feed" if ending else ""
        message = f"{kind or 'content of an unnamed type'} is not read"
        raise ReadingError(message, f"read are {', '.join(sorted(_READ))} and feeds", skipped=True)
    check_readable(f"page{ending}")


def _names(response: Response) -> list[str]:
    stated = _FILENAME.search(response.disposition)
    return [unquote(stated[1].strip(' "')) if stated else "", unquote(urlsplit(response.url).path)]


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _start(response: Response) -> str:
    """The first characters, also of UTF-16."""
    return (response.body or b"")[:_START].replace(b"\0", b"").lstrip(b"\xff\xfe").decode("utf-8", "replace")
