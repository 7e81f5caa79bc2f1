"""Formats that are XML in a zip: the package opened within bounds, its parts parsed without entities or network."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote

from lxml import etree

from corpus.cleaning import normalise
from corpus.dates import parse_published
from corpus.errors import ReadingError
from corpus.readers.front_matter import language_code
from corpus.types import Metadata

MEGABYTE = 1_000_000
_MOST_UNPACKED = 300 * MEGABYTE
_MOST_XML = 100 * MEGABYTE
_MOST_PARTS = 20_000
_SIGNS = (
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "an RTF document"),
    (b"<", "a web page or XML"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
# What writing programs put where nobody wrote a name or a day: python-docx's, python-pptx's and openpyxl's own.
_NO_AUTHORS = frozenset({"python-docx", "openpyxl", "steve canny", "user", "unknown", "author", "admin", "microsoft"})
_NO_DATES = ("2013-12-23T23:15:00Z", "2013-01-27T09:14:16Z")


class Package:
    """An opened package: its parts by name. ``kind`` is what the file says it is, for messages ("DOCX")."""

    def __init__(self, archive: zipfile.ZipFile, kind: str) -> None:
        self._archive = archive
        self.kind = kind
        self.names = frozenset(archive.namelist())

    def read(self, name: str) -> bytes:
        """The bytes of a part.

        Raises:
            ReadingError: it is not there, too big, encrypted or broken.
        """
        try:
            if self._archive.getinfo(name).file_size > _MOST_XML:
                raise ReadingError(f"its part {name!r} unpacks to over {_MOST_XML // MEGABYTE} MB", "split the file")
            return self._archive.read(name)
        except KeyError as error:
            raise ReadingError(f"it is no {self.kind}: its part {name!r} is missing", "save it again") from error
        except RuntimeError as error:
            raise ReadingError(f"the {self.kind} asks for a password", "save a copy without one") from error
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            OSError,
            ValueError,
            struct.error,
        ) as error:
            raise ReadingError(f"its part {name!r} is broken ({error})", "save it again") from error

    def xml(self, name: str) -> etree._Element:
        """The root of a part that is XML; entities in it stand for nothing.

        Raises:
            ReadingError: it is not there, or no XML.
        """
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        try:
            return etree.fromstring(self.read(name), parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise ReadingError(f"its part {name!r} is no XML that can be read ({error})", "save it again") from error

    def optional(self, name: str) -> etree._Element | None:
        """The same, or None where the package has no such part."""
        return self.xml(name) if name in self.names else None

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """What a part refers to within the package: by relation id the kind of the relation and the part's name."""
        folder, file = posixpath.split(name)
        root = self.optional(posixpath.join(folder, "_rels", f"{file}.rels"))
        found = root.iter(_RELATIONS) if root is not None else ()
        return {
            relation.get("Id", ""): (
                relation.get("Type", "").rsplit("/", 1)[-1],
                inside(name, relation.get("Target", "")),
            )
            for relation in found
            if relation.get("TargetMode") != "External"
        }


@contextmanager
def opened(data: bytes, kind: str) -> Iterator[Package]:
    """The package in ``data``, which should be a ``kind``.

    Raises:
        ReadingError: it is something else, broken, encrypted or unpacks to too much.
    """
    if data.startswith(_OLE):
        raise ReadingError(
            f"the {kind} asks for a password, or is of an old binary format", f"save it as {kind} without"
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        is_it = next((name for sign, name in _SIGNS if data.lstrip()[:8].startswith(sign)), None)
        raise ReadingError(
            f"it is no {kind}, but {is_it}" if is_it else f"it is no {kind}, or one too broken to be read",
            "give it the ending of what it is, or save it again",
        ) from error
    with archive:
        unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > _MOST_UNPACKED or len(archive.infolist()) > _MOST_PARTS:
            raise ReadingError(
                f"it unpacks to {unpacked // MEGABYTE:,} MB in {len(archive.infolist()):,} parts",
                f"split it; read are up to {_MOST_UNPACKED // MEGABYTE} MB",
            )
        yield Package(archive, kind)


def inside(name: str, target: str) -> str:
    """The name of the part that another part refers to."""
    path = unquote(target.split("#", 1)[0])
    joined = path if path.startswith("/") else posixpath.join(posixpath.dirname(name), path)
    return posixpath.normpath(joined).lstrip("/")


def properties(root: etree._Element | None) -> Metadata:
    """What the properties of an office document or a book say: Dublin Core, as Word, LibreOffice and EPUB write it."""
    if root is None:
        return Metadata()
    author = _first(root, f"{_META}initial-creator") or _first(root, f"{_DC}creator")
    title = _first(root, f"{_DC}title")
    stamps = (f"{_TERMS}created", f"{_META}creation-date", f"{_TERMS}modified")
    stamp = next((value for tag in stamps if (value := _first(root, tag)) and value not in _NO_DATES), None)
    language = _first(root, f"{_DC}language")
    return Metadata(
        title=None if title and title.lower().startswith("untitled") else title,
        author=None if author and author.lower() in _NO_AUTHORS else author,
        published=parse_published(stamp),
        language=language_code(language) if language else None,
    )


def _first(root: etree._Element, tag: str) -> str | None:
    texts = (" ".join(normalise("".join(found.itertext())).split()) for found in root.iter(tag))
    return next(filter(None, texts), None)
