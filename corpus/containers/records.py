"""JSON and JSON Lines: lists of records, each with a text, as news archives and scrapers write them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

from corpus.blocks import TextBuilder
from corpus.cleaning import normalise
from corpus.containers.parts import RECORD_FIELDS, Found, Note, Opening, Text
from corpus.dates import parse_published
from corpus.encoding import decode
from corpus.errors import ReadingError
from corpus.readers.front_matter import metadata_from
from corpus.readers.html import read_html
from corpus.readers.plain import plain_to_text
from corpus.types import Extracted

# The names that a field may have where no map gives one, the likeliest first.
_USUAL_NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title", "headline", "subject", "name"),
    "text": ("text", "body", "content", "articleBody", "article", "full_text", "html", "content_html", "content_text"),
    "date": ("date", "published", "published_at", "publishedAt", "datePublished", "date_published", "pubDate"),
    "url": ("url", "link", "permalink"),
    "outlet": ("outlet", "source", "publisher", "sitename", "site", "newspaper"),
    "author": ("author", "authors", "byline", "creator"),
    "language": ("language", "lang"),
    "kind": ("kind",),
}
_IDS = ("id", "_id", "uuid", "guid")
_PAGE = re.compile(r"\A\s*<(?:!doctype|html|body|article|section|div|p|h[1-6])\b", re.IGNORECASE)
_NAME_LENGTH = 100
_FIELDS_SHOWN = 12

Record = Mapping[str, Any]


def open_json(data: bytes, opening: Opening) -> Iterator[Found]:
    """The records of a JSON file: one record, a list of them, or an object with one list of them.

    Raises:
        ReadingError: it is no JSON, or holds no records.
    """
    text = decode(data)
    try:
        loaded = json.loads(text)
    except RecursionError as error:
        raise ReadingError("the JSON is nested too deeply to be read", "save its texts as records") from error
    except ValueError as error:
        if str(error).startswith("Extra data"):
            yield from _members(_lines(text), opening)
            return
        raise ReadingError(f"it is no JSON ({error})", "mend or remove it") from error
    yield from _members(enumerate(_records(loaded, opening.fields), 1), opening)


def open_json_lines(data: bytes, opening: Opening) -> Iterator[Found]:
    """The records of a file with one JSON object a line.

    Raises:
        ReadingError: no line is a record.
    """
    yield from _members(_lines(decode(data)), opening)


def _lines(text: str) -> Iterator[tuple[int, Any]]:
    """Each line's number and what it says; an error in place of what is no JSON."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError) as error:
                yield number, error


def _records(loaded: Any, fields: Mapping[str, str]) -> list[Any]:
    if isinstance(loaded, dict) and _value(loaded, "text", fields) is None:
        lists = [value for value in loaded.values() if isinstance(value, list) and any(map(_is_record, value))]
        if len(lists) == 1:
            return lists[0]
    return loaded if isinstance(loaded, list) else [loaded]


def _is_record(value: Any) -> bool:
    return isinstance(value, dict)


def _members(numbered: Iterator[tuple[int, Any]] | enumerate[Any], opening: Opening) -> Iterator[Found]:
    unread: list[str] = []
    others: list[Record] = []
    count = total = 0
    for total, (number, record) in enumerate(numbered, 1):  # noqa: B007 - the last one is the count
        if isinstance(record, Exception):
            unread.append(f"number {number} is no JSON ({record})")
        elif not isinstance(record, dict) or not isinstance(_value(record, "text", opening.fields), str):
            others.extend([record] if isinstance(record, dict) and record else [])
            unread.append(f"number {number} has no text")
        else:
            count += 1
            yield Text(_name(number, record, opening.fields), partial(_read, record, opening.fields))
    if not count and not others:
        raise ReadingError(
            f"it holds no records ({unread[0] if unread else 'nothing is in it'})", "see the README for what is read"
        )
    if not count:
        yield Text("", partial(_table, others))
    elif unread:
        yield Note(f"{len(unread)} of {total} records are not read: {unread[0]}")


def _table(records: Sequence[Record]) -> Extracted:
    """Records without a text as rows of a table."""
    builder = TextBuilder()
    for record in records:
        builder.row([_cell(value) for value in record.values()], list(record))
    fields = ", ".join(repr(name) for name in sorted({name for record in records for name in record})[:_FIELDS_SHOWN])
    reason = f"no record has a text, so each is read as a row; the fields are {fields}: name one with --map text=FIELD"
    return Extracted(builder.text, rows=tuple(builder.rows), partial=reason)


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _read(record: Record, fields: Mapping[str, str]) -> Extracted:
    """A record as a document; what it says of itself counts as its author's word."""
    text = str(_value(record, "text", fields))
    extracted = read_html(text.encode("utf-8", "replace")) if _PAGE.match(text) else plain_to_text(text)
    values = {name: _plain(_value(record, name, fields)) for name in RECORD_FIELDS if name not in ("text", "date")}
    front_matter, wrong = metadata_from({**values, "published": _date(_value(record, "date", fields))})
    return replace(extracted, front_matter=front_matter, partial=wrong or extracted.partial)


def _value(record: Record, name: str, fields: Mapping[str, str]) -> Any:
    """What a record has for a field, by the name that the map gives, else by the usual names."""
    names = (fields[name],) if name in fields else _USUAL_NAMES[name]
    return next((record[key] for key in names if record.get(key) not in (None, "", [])), None)


def _plain(value: Any) -> Any:
    """A name where the record has an object with a name, or a list of these."""
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return value.get("name") if isinstance(value, dict) else value


def _date(value: Any) -> Any:
    """A date as metadata are written, also out of an e-mail's or feed's form."""
    if not isinstance(value, str) or parse_published(value):
        return value
    try:
        return parse_published(parsedate_to_datetime(value)) or value
    except (ValueError, OverflowError):
        return value


def _name(number: int, record: Record, fields: Mapping[str, str]) -> str:
    """The record's own id, which stays where others come or go, else its number and title."""
    own = next((record[key] for key in _IDS if isinstance(record.get(key), str | int) and record[key] != ""), None)
    title = _value(record, "title", fields)
    name = str(own) if own is not None else f"{number} {title if isinstance(title, str) else ''}"
    return " ".join(normalise(name).split())[:_NAME_LENGTH]
