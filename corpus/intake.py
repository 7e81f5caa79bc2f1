"""Intake: which files lie under the paths given, and what each of them says."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.containers.parts import MEMBER_MARK, RECORD_FIELDS, is_container
from corpus.errors import BadRequest, NotFetched, ReadingError
from corpus.languages import language_of
from corpus.readers import READERS, read
from corpus.readers.front_matter import metadata_from
from corpus.types import METADATA_FIELDS, Extracted, Metadata
from corpus.web.content import Content
from corpus.web.urls import is_url, normal_url, shown_url

DESK = Path(__file__).parent / "desk"
DESK_METADATA = Metadata(outlet="Footnote desk", language="en", kind="brief")
FOLDER_METADATA_FILE = "footnote.toml"
FIELDS_TABLE = "map"


@dataclass(frozen=True, slots=True)
class Source:
    """One file or URL to read: where it lies, the name it is known by, and the metadata given for it.

    ``fields`` says which field of a JSON record is its text, title, date and so on, as pairs of these and the record's
    own name. ``problem`` says why it cannot be read, where that is known beforehand. The source of a URL gets its
    ``content``, and a ``path`` whose ending picks the reader, when `corpus.web.visiting` fetches it.
    """

    path: Path
    place: str
    given: Metadata = Metadata()
    folder: Metadata = Metadata()
    desk: bool = False
    problem: str | None = None
    fields: tuple[tuple[str, str], ...] = ()
    content: Content | None = None

    @property
    def url(self) -> str | None:
        """The address of a source that is one."""
        return self.place if is_url(self.place) else None

    def member(self, name: str) -> Source:
        """The source of a document in this one, by its name here; without a name it is this one."""
        return replace(self, place=f"{self.place}{MEMBER_MARK}{name}") if name else self


@dataclass(frozen=True, slots=True)
class Read:
    """What was read from a source, its metadata settled."""

    source: Source
    extracted: Extracted
    metadata: Metadata


def find_sources(
    paths: Sequence[Path | str], given: Metadata = Metadata(), fields: Mapping[str, str] | None = None
) -> Iterator[Source]:
    """The files at ``paths``, folders walked in order of name; hidden files and folders are passed over.

    A path that does not exist is yielded as it is, so that reading it says so. A text that is a URL is one source.
    """
    seen: set[str] = set()
    for path in paths:
        found: Iterable[Source]
        if isinstance(path, str) and is_url(path):
            found = [url_source(path, given)]
        else:
            found = _walk(Path(os.path.abspath(path)), given, set())
        for source in found:
            if source.place not in seen:
                seen.add(source.place)
                yield replace(source, fields=(*{**dict(source.fields), **fields}.items(),)) if fields else source


def url_source(url: str, given: Metadata = Metadata()) -> Source:
    """The source of a page, a document or a feed on the web: never of a file, whatever ``url`` says.

    What is asked for over HTTP goes this way: ``footnote.indexer.index([url_source(url, given)])`` fetches and reads
    it, with a report for the page, or for each entry of the feed.
    """
    try:
        return Source(Path(), normal_url(url), given)
    except NotFetched as error:
        return Source(Path(), shown_url(url), given, problem=str(error))


def desk_sources() -> Iterator[Source]:
    """The briefs of the shipped desk."""
    for path in sorted(DESK.glob("*.md")):
        yield Source(path, place_of(path), DESK_METADATA, desk=True)


def place_of(path: Path) -> str:
    """The absolute path as text, bytes that are no UTF-8 shown as escapes."""
    return os.fsencode(os.path.abspath(path)).decode("utf-8", "backslashreplace")


def place_exists(place: str) -> bool:
    """Whether there still is a file at a place that is a path; a URL is there, a member where its container is."""
    if "://" in place.partition(MEMBER_MARK)[0]:
        return True
    marks = [match.start() for match in re.finditer(re.escape(MEMBER_MARK), place)]
    return _file_exists(place) or any(_is_file(place[:mark]) for mark in marks)


def _file_exists(place: str) -> bool:
    return os.path.exists(place) or os.path.exists(_unescaped(place))


def _is_file(place: str) -> bool:
    return os.path.isfile(place) or os.path.isfile(_unescaped(place))  # noqa: PTH113 - a text, as it is stored


def _unescaped(place: str) -> bytes:
    """The path that `place_of` shows as ``place``."""
    return re.sub(rb"\\x([89a-f][0-9a-f])", lambda match: bytes([int(match[1], 16)]), place.encode())


def load(source: Source) -> tuple[bytes, str]:
    """The bytes of a source and the hash of all that decides how it is read.

    Raises:
        ReadingError: the type is not read, or the file is not there or may not be read.
    """
    # The walk brings the parsers along: it is imported by the processes that read, not by all that know of sources.
    from corpus.containers.walk import check_readable

    if source.problem:
        raise ReadingError(source.problem, "mend or remove it")
    if source.content is not None:
        return source.content.data, _digest(source.content.data, source, *source.content.decides)
    if os.path.lexists(source.path):
        check_readable(source.path.name)
    try:
        if not stat.S_ISREG(source.path.stat().st_mode):
            raise ReadingError("it is no regular file", "name a file or a folder")
        data = source.path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ReadingError(f"the file cannot be opened ({reason})", "check the path and its permissions") from error
    return data, _digest(data, source)


def _digest(data: bytes, source: Source, *more: object) -> str:
    digest = hashlib.sha256(data)
    digest.update(repr((source.given, source.folder, *more)).encode("utf-8", "surrogatepass"))
    if is_container(source.path.name):
        digest.update(repr((source.fields, sorted(READERS))).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def read_source(source: Source, data: bytes) -> Read:
    """Reads the bytes of a source that is one document and settles its metadata.

    Raises:
        ReadingError: the type is not read, or the file holds no text that can be read.
    """
    extracted = read(source.path.name, data)
    return Read(source, extracted, settled(source, extracted))


def settled(source: Source, extracted: Extracted) -> Metadata:
    """The metadata of what was read: given, front matter, folder, then the page's own.

    Where none of them says the language, the text shows it.
    """
    own = [extracted.front_matter, source.folder, extracted.metadata]
    layers = [*own, source.given] if source.desk else [source.given, *own]
    metadata = merge(*layers)
    if metadata.language is None:
        metadata = replace(metadata, language=language_of(extracted.text))
    return metadata


def merge(*layers: Metadata) -> Metadata:
    """For each field the first layer that knows it."""
    merged = Metadata()
    for layer in reversed(layers):
        known = {name: getattr(layer, name) for name in METADATA_FIELDS if getattr(layer, name) is not None}
        merged = replace(merged, **known)
    return merged


def _walk(path: Path, given: Metadata, entered: set[str]) -> Iterator[Source]:
    """Sources at and below ``path``; a folder reached again through a link is not walked twice."""
    if not os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises on names that are too long
        beside, problem = _folder_file(path.parent)
        yield from _problem(path.parent, problem)
        yield Source(path, place_of(path), given, beside.metadata, fields=beside.fields)
        return
    real = os.path.realpath(path)
    if real in entered:
        return
    entered.add(real)
    beside, problem = _folder_file(path)
    yield from _problem(path, problem)
    try:
        children = sorted(path.iterdir(), key=lambda child: (child.is_symlink() and child.is_dir(), child.name))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        yield Source(path, place_of(path), problem=f"the folder cannot be opened ({reason})")
        return
    for child in children:
        if child.name.startswith(".") or child.name == FOLDER_METADATA_FILE:
            continue
        if child.is_dir():
            yield from _walk(child, given, entered)
        elif child.is_file() or not child.exists():
            yield Source(child, place_of(child), given, beside.metadata, fields=beside.fields)


def _problem(folder: Path, problem: str | None) -> Iterator[Source]:
    if problem:
        file = folder / FOLDER_METADATA_FILE
        yield Source(file, place_of(file), problem=problem)


@dataclass(frozen=True, slots=True)
class _Beside:
    """What `footnote.toml` in a folder says of the files beside it."""

    metadata: Metadata = Metadata()
    fields: tuple[tuple[str, str], ...] = ()


def _folder_file(folder: Path) -> tuple[_Beside, str | None]:
    """What `footnote.toml` in a folder says, and what is wrong with it, if anything."""
    file = folder / FOLDER_METADATA_FILE
    if not os.path.isfile(file):  # noqa: PTH113 - the same
        return _Beside(), None
    try:
        said = tomllib.loads(file.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        return _Beside(), f"it is no TOML that can be read ({error})"
    named = said.pop(FIELDS_TABLE, {})
    metadata, wrong = metadata_from(said)
    try:
        return _Beside(metadata, tuple(field_map(named).items())), wrong
    except BadRequest as error:
        return _Beside(metadata), str(error)


def field_map(named: object) -> dict[str, str]:
    """The names of record fields, as --map and the table `map` of `footnote.toml` give them.

    Raises:
        BadRequest: it is no table, a field is none of those that are known, or a name is no text.
    """
    if not isinstance(named, dict):
        raise BadRequest(f"the map {named!r} is no table", "write it as [map] with lines such as text = 'body'")
    for field, name in named.items():
        if field not in RECORD_FIELDS or not isinstance(name, str) or not name:
            raise BadRequest(
                f"the map has {field} = {name!r}", f"map one of {', '.join(RECORD_FIELDS)} to a field's name"
            )
    return named
