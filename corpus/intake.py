"""Intake: which files lie under the paths given, and what each of them says."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.errors import NotFetched, ReadingError
from corpus.readers import check_type, read
from corpus.readers.front_matter import metadata_from
from corpus.types import METADATA_FIELDS, Extracted, Metadata
from corpus.web.content import Content, as_on_the_web
from corpus.web.urls import is_url, normal_url, shown_url

DESK = Path(__file__).parent / "desk"
DESK_METADATA = Metadata(outlet="Footnote desk", language="en", kind="brief")
FOLDER_METADATA_FILE = "footnote.toml"


@dataclass(frozen=True, slots=True)
class Source:
    """One file or URL to read: where it lies, the name it is known by, and the metadata given for it.

    ``problem`` says why it cannot be read, where that is known beforehand. The source of a URL gets its ``content``,
    and a ``path`` whose ending picks the reader, when `corpus.web.visiting` fetches it.
    """

    path: Path
    place: str
    given: Metadata = Metadata()
    folder: Metadata = Metadata()
    desk: bool = False
    problem: str | None = None
    content: Content | None = None

    @property
    def url(self) -> str | None:
        """The address of a source that is one."""
        return self.place if is_url(self.place) else None


@dataclass(frozen=True, slots=True)
class Read:
    """What was read from a source, its metadata settled."""

    source: Source
    extracted: Extracted
    metadata: Metadata


def find_sources(paths: Sequence[Path | str], given: Metadata = Metadata()) -> Iterator[Source]:
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
                yield source


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
    """Whether there still is a file at a place that is a path; a URL is taken to be there."""
    if "://" in place:
        return True
    escaped = re.sub(rb"\\\\x([89a-f][0-9a-f])", lambda match: bytes([int(match[1], 16)]), place.encode())
    return os.path.exists(place) or os.path.exists(escaped)


def load(source: Source) -> tuple[bytes, str]:
    """The bytes of a source and the hash of all that decides how it is read.

    Raises:
        ReadingError: the type is not read, or the file is not there or may not be read.
    """
    if source.problem:
        raise ReadingError(source.problem, "mend or remove it")
    if source.content is not None:
        return source.content.data, _digest(source.content.data, source, *source.content.decides)
    if os.path.lexists(source.path):
        check_type(source.path.name)
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
    return digest.hexdigest()


def read_source(source: Source, data: bytes) -> Read:
    """Reads the bytes of a source and settles its metadata: given, front matter, folder, then the page's own.

    Raises:
        ReadingError: the type is not read, or the file holds no text that can be read.
    """
    extracted = read(source.path.name, data)
    if source.content is not None:
        extracted = as_on_the_web(extracted, source.content)
    own = [extracted.front_matter, source.folder, extracted.metadata]
    layers = [*own, source.given] if source.desk else [source.given, *own]
    return Read(source, extracted, merge(*layers))


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
        metadata, problem = _folder_metadata(path.parent)
        yield from _problem(path.parent, problem)
        yield Source(path, place_of(path), given, metadata)
        return
    real = os.path.realpath(path)
    if real in entered:
        return
    entered.add(real)
    metadata, problem = _folder_metadata(path)
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
            yield Source(child, place_of(child), given, metadata)


def _problem(folder: Path, problem: str | None) -> Iterator[Source]:
    if problem:
        file = folder / FOLDER_METADATA_FILE
        yield Source(file, place_of(file), problem=problem)


def _folder_metadata(folder: Path) -> tuple[Metadata, str | None]:
    """What `footnote.toml` in a folder says of the files beside it, and what is wrong with it, if anything."""
    file = folder / FOLDER_METADATA_FILE
    if not os.path.isfile(file):  # noqa: PTH113 - the same
        return Metadata(), None
    try:
        fields = tomllib.loads(file.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        return Metadata(), f"it is no TOML that can be read ({error})"
    return metadata_from(fields)
