"""Front matter: the YAML between two lines of dashes at the top of a Markdown file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from corpus.cleaning import normalise
from corpus.dates import parse_published
from corpus.types import KINDS, METADATA_FIELDS, Metadata

_FENCE = re.compile(r"\A---[ \t]*\n(?P<yaml>.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_OTHER_NAMES = {"date": "published", "lang": "language", "source": "outlet", "publisher": "outlet", "authors": "author"}
_LANGUAGE = re.compile(r"^([a-z]{2})(?:[-_].*)?$")
_NOTHING = ("", "~", "null")


def split_front_matter(text: str) -> tuple[Metadata, str, str | None]:
    """The metadata in front, the text behind it, and what is wrong with the front matter, if anything.

    Broken YAML is no reason to lose the document: it is reported, and the text behind it is read.
    """
    match = _FENCE.match(text)
    if match is None:
        return Metadata(), text, None
    try:
        # Every scalar stays text: YAML's types would make False of the language "no", a number of the title "12:30".
        loaded = yaml.load(match["yaml"], Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        return Metadata(), text[match.end() :], f"the front matter is no YAML ({_first_line(error)})"
    if not isinstance(loaded, dict):
        return Metadata(), text, None
    metadata, wrong = metadata_from(loaded)
    return metadata, text[match.end() :], wrong


def metadata_from(fields: Mapping[Any, object]) -> tuple[Metadata, str | None]:
    """Known fields of a mapping as metadata, and what is wrong with their values; unknown fields are ignored.

    A field's own name goes before its other names ("published" before "date").
    """
    values: dict[str, str | None] = {}
    wrong: list[str] = []
    named = {str(key).strip().lower(): value for key, value in fields.items()}
    for key in named:
        name = _OTHER_NAMES.get(key, key)
        if name not in METADATA_FIELDS or _is_nothing(named[key]) or (key != name and name in named):
            continue
        values[name] = _as_text(name, named[key])
        if values[name] is None:
            wrong.append(f"{name} {named[key]!r}")
    reason = f"metadata that cannot be used: {', '.join(wrong)}" if wrong else None
    return Metadata(**values), reason


def language_code(value: str) -> str | None:
    """The two-letter code of a language tag ("en", "pt-BR"), or None if it is none."""
    match = _LANGUAGE.match(value.strip().lower())
    return match[1] if match else None


def _as_text(name: str, value: object) -> str | None:
    if name == "published":
        return parse_published(value)
    if isinstance(value, list):
        value = ", ".join(part for part in value if isinstance(part, str))
    if not isinstance(value, str | int | float):
        return None
    text = " ".join(normalise(str(value)).split())
    if name == "kind":
        return text.lower() if text.lower() in KINDS else None
    if name == "language":
        return language_code(text)
    return text or None


def _is_nothing(value: object) -> bool:
    return value is None or value == [] or (isinstance(value, str) and value.strip().lower() in _NOTHING)


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0]
