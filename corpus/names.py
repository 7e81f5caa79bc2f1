"""The gazetteer: names of places, people, bodies and routes in all spellings, the shipped ones and the user's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from corpus.errors import BadRequest

SHIPPED = Path(__file__).parent / "names.yaml"
NAMES_FILE = "names.yaml"
NameKind = Literal["place", "people", "person", "body", "agreement", "route", "pipeline"]


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write a name; ``of`` says whose, ``exact`` that its capitals count."""

    text: str
    of: str | None = None
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """One thing and its spellings, none preferred."""

    id: str
    kind: str
    spellings: tuple[Spelling, ...]
    note: str | None = None


@cache
def shipped_names() -> tuple[Name, ...]:
    """The names that Footnote ships."""
    return read_names(SHIPPED)


def all_names(home: Path) -> tuple[Name, ...]:
    """The shipped names and, where the home has a `names.yaml`, the user's; a user's entry replaces one of the same id.

    Raises:
        BadRequest: the user's file cannot be used.
    """
    own = home / NAMES_FILE
    if not own.is_file():
        return shipped_names()
    mine = {name.id: name for name in read_names(own)}
    return (*(name for name in shipped_names() if name.id not in mine), *mine.values())


def read_names(path: Path) -> tuple[Name, ...]:
    """The names in a file.

    Raises:
        BadRequest: the file is no YAML list of entries; the message names the entry at fault.
    """
    try:
        loaded = yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise BadRequest(f"{str(path)!r} cannot be read ({reason})", "mend or remove it") from error
    if not isinstance(loaded, list):
        raise _unusable(path, "it is no list of entries")
    return tuple(_entries(path, loaded))


def _entries(path: Path, loaded: list[Any]) -> Iterator[Name]:
    ids: set[str] = set()
    for number, entry in enumerate(loaded, 1):
        if not isinstance(entry, dict) or not {"id", "kind", "spellings"} <= set(entry):
            raise _unusable(path, f"entry {number} lacks id, kind or spellings")
        name = str(entry["id"])
        if name in ids:
            raise _unusable(path, f"the id {name!r} stands twice")
        if entry["kind"] not in get_args(NameKind):
            raise _unusable(path, f"{name!r} has the kind {entry['kind']!r}, which is none of {get_args(NameKind)}")
        if not isinstance(entry["spellings"], list) or len(entry["spellings"]) < 2:
            raise _unusable(path, f"{name!r} needs a list of two or more spellings")
        ids.add(name)
        spellings = tuple(_spelling(path, name, spelling) for spelling in entry["spellings"])
        yield Name(name, entry["kind"], spellings, entry.get("note"))


def _spelling(path: Path, name: str, spelling: Any) -> Spelling:
    if isinstance(spelling, str) and spelling.strip():
        return Spelling(spelling)
    if isinstance(spelling, dict) and str(spelling.get("name", "")).strip():
        return Spelling(str(spelling["name"]), spelling.get("of"), spelling.get("case") == "exact")
    raise _unusable(path, f"{name!r} has a spelling that is no text: {spelling!r}")


def _unusable(path: Path, reason: str) -> BadRequest:
    return BadRequest(f"{str(path)!r} cannot be used: {reason}", "mend it; the shipped names.yaml shows the format")
