"""URLs: what is one, its one spelling, and how it is shown."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from corpus.errors import NotFetched

_PORTS = {"http": 80, "https": 443}
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_USER = re.compile(r"(?<=://)[^/?#]*@")
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0]")


def is_url(text: str) -> bool:
    """Whether a text is a URL, of whatever scheme, and no path."""
    return _SCHEME.match(text.strip()) is not None


def shown_url(text: str) -> str:
    """A URL as it may be shown, read or not: without a name and password, on one line."""
    plain = text.encode("utf-8", "backslashreplace").decode()
    return _UNSEEN.sub("", _USER.sub("", plain.strip(), count=1))


def normal_url(text: str) -> str:
    """The one spelling of a web address: scheme and host in lower case, no fragment, no port that goes without saying.

    Raises:
        NotFetched: it is no web address that may be asked.
    """
    from urllib3.exceptions import LocationParseError
    from urllib3.util import Url, parse_url

    shown = shown_url(text)
    try:
        parts = parse_url(text.strip())
        host = (parts.host or "").rstrip(".")
        host.encode("idna")  # TLS does the same, and must not fail at it
    except (LocationParseError, ValueError) as error:
        raise NotFetched(f"{shown!r} is no web address", "check how it is written") from error
    if parts.scheme not in _PORTS:
        raise NotFetched(f"{shown!r} is neither http nor https", "name a web address, a file or a folder")
    if parts.auth is not None:
        raise NotFetched("the address holds a name or a password", "save the page from the browser and index the file")
    if not host or host == "[]":
        raise NotFetched(f"{shown!r} names no host", "check how it is written")
    port = None if parts.port == _PORTS[parts.scheme] else parts.port
    return Url(parts.scheme, None, host, port, parts.path or "/", parts.query).url


def joined(base: str, reference: str) -> str:
    """A reference as a page at ``base`` means it, in its one spelling.

    Raises:
        NotFetched: it is no web address that may be asked.
    """
    try:
        return normal_url(urljoin(base, reference.strip()))
    except ValueError as error:
        raise NotFetched(f"{shown_url(reference)!r} is no web address", "check how it is written") from error


def same_host(one: str, other: str) -> bool:
    """Whether two URLs in their one spelling are of the same host."""
    return one.split("/", 3)[2].rsplit("@")[-1] == other.split("/", 3)[2].rsplit("@")[-1]
