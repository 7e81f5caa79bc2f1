"""E-mail: a message as a document of its own words, its attachments beside it; mailboxes as rows of messages."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.errors import HeaderParseError, MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parsedate_to_datetime
from functools import partial

from corpus.cleaning import normalise
from corpus.containers.parts import Found, Member, Opening, Text
from corpus.containers.quoted import own_markup, own_words
from corpus.dates import parse_published
from corpus.encoding import decode
from corpus.errors import ReadingError
from corpus.readers.html import read_html
from corpus.readers.plain import plain_to_text
from corpus.types import Extracted, Metadata

_MESSAGE = "message.eml"
_SEPARATOR = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\n]*\n")
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_NAME_LENGTH = 100
_WIDE = 64


def open_message(data: bytes, opening: Opening) -> Iterator[Found]:
    """The message itself, without a name of its own, and its attachments.

    Raises:
        ReadingError: it is no message.
    """
    message = message_from_bytes(decode(data).encode() if b"\0" in data[:_WIDE] else data)  # saved as UTF-16
    if not message.keys():
        raise ReadingError("it is no e-mail: it has no headers", "save the message again from the mail program")
    bodies: list[Message] = []
    attached: list[Message] = []
    _sort(message, bodies, attached)
    if bodies or not attached:
        yield Text("", partial(_read, message, bodies))
    for number, part in enumerate(attached, 1):
        name = _attachment_name(part, number)
        yield Member(name, partial(_payload, part), _MESSAGE if _is_message(part) else None)


def open_mailbox(data: bytes, opening: Opening) -> Iterator[Found]:
    """The messages of a mailbox, named by number and subject.

    Raises:
        ReadingError: it is no mailbox.
    """
    starts = [match.span() for match in _SEPARATOR.finditer(data)]
    if not starts or starts[0][0] != 0:
        raise ReadingError("it is no mailbox: it does not begin with “From ”", "save it again from the mail program")
    ends = [start for start, _ in starts[1:]] + [len(data)]
    for number, ((_, start), end) in enumerate(zip(starts, ends, strict=True), 1):
        subject = _header(BytesHeaderParser().parsebytes(data[start:end]), "Subject") or ""
        yield Member(_short(f"{number} {subject}"), partial(_message_bytes, data, start, end), _MESSAGE)


def _message_bytes(data: bytes, start: int, end: int) -> bytes:
    return _ESCAPED.sub(rb"\1", data[start:end])


def _sort(part: Message, bodies: list[Message], attached: list[Message]) -> None:
    """Tells the parts that are the message's text from those attached; pictures within a page belong to neither."""
    kind = part.get_content_type()
    if kind == "multipart/alternative":
        _alternative(part, bodies, attached)
    elif part.is_multipart() and not _is_message(part):
        for child in _children(part):
            _sort(child, bodies, attached)
    elif kind in ("text/plain", "text/html") and not _is_attachment(part):
        bodies.append(part)
    elif part.get_content_maintype() == "image" and part["Content-ID"] and not _is_attachment(part, named=False):
        return
    else:
        attached.append(part)


def _alternative(part: Message, bodies: list[Message], attached: list[Message]) -> None:
    """Of several forms of one text the plain one counts, unless it is empty."""
    found: list[Message] = []
    for child in _children(part):
        _sort(child, found, attached)
    written = [body for body in found if _text(body).strip()]
    plain = [body for body in written if body.get_content_type() == "text/plain"]
    bodies.extend(plain or written)


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _is_message(part: Message) -> bool:
    return part.get_content_type() == "message/rfc822"


def _is_attachment(part: Message, *, named: bool = True) -> bool:
    return part.get_content_disposition() == "attachment" or (named and bool(part.get_filename()))


def _read(message: Message, bodies: list[Message]) -> Extracted:
    """The message's own words, with its headers as metadata."""
    metadata = Metadata(
        title=_header(message, "Subject"), author=_author(message), published=_date(_header(message, "Date"))
    )
    pages = [_page(body) for body in bodies]
    if len(pages) == 1 and pages[0]:
        return replace(pages[0], metadata=metadata)
    texts = [page.text if page else own_words(_text(body)) for page, body in zip(pages, bodies, strict=True)]
    # A salutation is no heading, and mail has no others.
    return replace(plain_to_text("\n\n".join(texts)), metadata=metadata, headings=())


def _page(body: Message) -> Extracted | None:
    """What the HTML reader makes of a body that is HTML."""
    if body.get_content_type() != "text/html" or not (source := _text(body)).strip():
        return None
    return read_html(own_markup(source).encode("utf-8", "replace"))


def _text(body: Message) -> str:
    data = _payload(body)
    return decode(data, body.get_content_charset()) if data else ""


def _payload(part: Message) -> bytes:
    if _is_message(part):
        return b"".join(child.as_bytes() for child in _children(part))
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _attachment_name(part: Message, number: int) -> str:
    """The last step of the file's name, or a name made up with the ending for its type."""
    try:
        given = _decoded(part.get_filename() or "")
    except (ValueError, LookupError, MessageError):
        given = ""
    name = _short(given.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1])
    if name not in ("", ".", ".."):
        return name
    if _is_message(part):
        subjects = [_header(child, "Subject") or "" for child in _children(part)]
        return _short(f"{number} {' '.join(subjects) or 'message'}")
    return f"part {number}{mimetypes.guess_extension(part.get_content_type()) or ''}"


def _author(message: Message) -> str | None:
    names = [name or address for name, address in getaddresses([_header(message, "From") or ""])]
    return ", ".join(name for name in names if name) or None


def _date(stamp: str | None) -> str | None:
    try:
        return parse_published(parsedate_to_datetime(stamp)) if stamp else None
    except (ValueError, TypeError, OverflowError):
        return None


def _header(message: Message, name: str) -> str | None:
    value = message.get(name)
    return " ".join(normalise(_decoded(str(value))).split()) or None if value is not None else None


def _decoded(value: str) -> str:
    """A header's encoded words as text; one that cannot be decoded stays as it is."""
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, UnicodeError, LookupError, ValueError):
        return value


def _short(name: str) -> str:
    return " ".join(normalise(name).split())[:_NAME_LENGTH].strip()
