"""Front matter: the YAML between two lines of dashes at the top of a Markdown file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from corpus.dates import parse_published
from corpus.types import KINDS, METADATA_FIELDS, Metadata

_FENCE = re.compile(r"\A---[ \t]*\n(?P<yaml>.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_OTHER_NAMES = {"date": "published", "lang": "language", "source": "outlet", "publisher": "outlet", "authors": "author"}


def split_front_matter(text: str) -> tuple[Metadata, str, str | None]:
    """The metadata in front, the text behind it, and what is wrong with the front matter, if anything.

    Broken YAML is no reason to lose the document: it is reported, and the text behind it is read.
    """
    match = _FENCE.match(text)
    if match is None:
        return Metadata(), text, None
    try:
        loaded = yaml.safe_load(match["yaml"])
    except yaml.YAMLError as error:
        return Metadata(), text[match.end() :], f"the front matter is no YAML ({_first_line(error)})"
    if not isinstance(loaded, dict):
        return Metadata(), text, None
    metadata, wrong = metadata_from(loaded)
    return metadata, text[match.end() :], wrong


def metadata_from(fields: Mapping[Any, object]) -> tuple[Metadata, str | None]:
    """Known fields of a mapping as metadata, and what is wrong with their values; unknown fields are ignored."""
    values: dict[str, str | None] = {}
    wrong: list[str] = []
    for key, value in fields.items():
        name = _OTHER_NAMES.get(str(key).lower(), str(key).lower())
        if name not in METADATA_FIELDS or value is None or name in values:
            continue
        values[name] = _as_text(name, value)
        if values[name] is None:
            wrong.append(f"{name} {value!r}")
    reason = f"metadata that cannot be used: {', '.join(wrong)}" if wrong else None
    return Metadata(**values), reason


def _as_text(name: str, value: object) -> str | None:
    if name == "published":
        return parse_published(value)
    if isinstance(value, list):
        return ", ".join(str(part) for part in value) or None
    text = " ".join(str(value).split())
    if name == "kind":
        return text.lower() if text.lower() in KINDS else None
    return text or None


def _first_line(error: yaml.YAMLError) -> str:
    return str(error).split("\n", 1)[0]
