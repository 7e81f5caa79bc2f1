"""Import: what another library exported is read into this one, without running the model; all of it or nothing.

Identity as in `corpus.library`: the same content is the same document and keeps this library's id and metadata. What
stands at a place here already stays there; an imported document of another content becomes a document of its own.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import groupby
from pathlib import Path
from typing import IO, TypeVar

import numpy as np
from pydantic import BaseModel, ValidationError

from corpus.duplicates import link_missing
from corpus.errors import BadRequest, OtherIndex
from corpus.hiding import restore
from corpus.library import STORED, Library, bump_generation, content_hash
from corpus.types import Document, FileReport, Heading, Page, Span
from index.portable_lines import (
    MANIFEST,
    PARTS,
    VERSION,
    DocumentLine,
    EmbeddingLine,
    Manifest,
    PassageLine,
)
from index.settings import IndexSettings
from index.store import Store, number_terms, passage_id

_PIECE = 1 << 20
_NUMBER_BYTES = 2
Line = TypeVar("Line", bound=BaseModel)


def import_library(library: Library, settings: IndexSettings, file: Path) -> list[FileReport]:
    """Reads a portable file into the library and says what became of each document: `added` or `duplicate`.

    Raises:
        BadRequest: the file cannot be read, is no such file, or is damaged. Nothing was written.
        OtherIndex: it was made with another model or other settings, or this library was. Nothing was written.
    """
    with _opened(file) as archive:
        manifest = _checked(archive, settings, file)
        with _parts(archive) as (documents, passages, embeddings, vectors), library.writing() as connection:
            Store(library).claim(settings)
            new, reports = _put_documents(library, _lines(documents, DocumentLine))
            keys = _put_passages(connection, library, _lines(passages, PassageLine), settings, new)
            _put_vectors(connection, _lines(embeddings, EmbeddingLine), vectors, manifest, keys)
            link_missing(library)
            bump_generation(connection)
    return reports


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except OSError as error:
        raise BadRequest(f"{str(file)!r} cannot be opened ({error.strerror or error})", "check the path") from error
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValidationError, UnicodeDecodeError) as error:
        reason = str(error).split("\n", 1)[0]
        raise _damaged(f"{str(file)!r} is no library that was exported, or damaged ({reason})") from error


def _damaged(what: str) -> BadRequest:
    return BadRequest(what, "export it again with `footnote sources export`, and copy the file whole")


def _checked(archive: zipfile.ZipFile, settings: IndexSettings, file: Path) -> Manifest:
    """The manifest, once the file is known to be whole and to fit."""
    if set(archive.namelist()) != {MANIFEST, *PARTS}:
        raise _damaged(f"{str(file)!r} is no library that was exported, or damaged (it has other parts)")
    manifest = Manifest.model_validate_json(archive.read(MANIFEST))
    if manifest.version != VERSION:
        raise BadRequest(
            f"{str(file)!r} has format {manifest.version}, this Footnote knows {VERSION}", "update Footnote"
        )
    if manifest.fingerprint != settings.fingerprint:
        own = settings.model_dump()
        differing = [
            f"{name} {value!r}, here {own.get(name)!r}"
            for name, value in manifest.settings.items()
            if value != own.get(name)
        ]
        raise OtherIndex(
            f"{str(file)!r} was made otherwise ({'; '.join(differing) or 'by another version of Footnote'})",
            "set the same under [index] in config.toml, or run `footnote index --rebuild` where it was exported and "
            "export it again",
        )
    for name in PARTS:
        digest = hashlib.sha256()
        with archive.open(name) as part:
            while piece := part.read(_PIECE):
                digest.update(piece)
        if digest.hexdigest() != manifest.sha256.get(name):
            raise _damaged(f"{str(file)!r} is damaged: the checksum of {name} is wrong")
    return manifest


@contextmanager
def _parts(archive: zipfile.ZipFile) -> Iterator[list[IO[bytes]]]:
    with ExitStack() as opened:
        yield [opened.enter_context(archive.open(name)) for name in PARTS]


def _lines(part: IO[bytes], kind: type[Line]) -> Iterator[Line]:
    return (kind.model_validate_json(line) for line in part)


def _put_documents(library: Library, lines: Iterator[DocumentLine]) -> tuple[dict[str, str], list[FileReport]]:
    """Stores the documents that are not here yet; gives the id here for the id there of each of them."""
    new: dict[str, str] = {}
    reports: list[FileReport] = []
    for line in lines:
        if content_hash(line.text) != line.content_hash or line.id in new:
            raise _damaged(f"the document {line.id!r} is damaged")
        path = line.places[0].place if line.places else line.id
        twin = library.with_content(line.content_hash)
        known = twin or _free_id(library, line)
        restore(library, known)  # imported while it could be taken back, a document is taken back
        if twin is None:
            library.put(_document(line, known))
            new[line.id] = known
        for place in line.places:
            if library.at_place(place.place) is None:
                library.put_place(place.place, known, place.source_hash, desk=place.desk)
        reason = "the same content is here already" if twin else line.reason
        reports.append(FileReport(path, "duplicate" if twin else "added", known, reason))
    return new, reports


def _free_id(library: Library, line: DocumentLine) -> str:
    if library.document_if_any(line.id, STORED) is None:
        return line.id
    return library.new_id(line.places[0].place if line.places else line.id, line.content_hash)


def _document(line: DocumentLine, document_id: str) -> Document:
    return Document(
        id=document_id,
        text=line.text,
        content_hash=line.content_hash,
        metadata=line.metadata,
        headings=tuple(Heading(*heading) for heading in line.structure.headings),
        rows=tuple(Span(*row) for row in line.structure.rows),
        pages=tuple(Page(*page) for page in line.structure.pages),
        state=line.state,
        reason=line.reason,
    )


def _put_passages(
    connection: sqlite3.Connection,
    library: Library,
    passages: Iterator[PassageLine],
    settings: IndexSettings,
    new: dict[str, str],
) -> dict[str, int]:
    """Stores the passages of new documents; gives how many rows the vectors of each key must have."""
    rows_of: dict[str, int] = {}
    for document_id, group in groupby(passages, lambda line: line.document_id):
        if document_id not in new:
            continue
        lines, text = list(group), library.document(new[document_id]).text
        uses = Counter(term for line in lines for term in line.terms)
        numbers = number_terms(connection, uses)
        for line in lines:
            borders = [(line.start, line.end), *line.sentences]
            if not all(line.start <= start < end <= min(line.end, len(text)) for start, end in borders):
                raise _damaged(f"a passage of the document {document_id!r} is damaged")
            pairs = sorted((numbers[term], count) for term, count in line.terms.items())
            rows_of[line.embedding_key] = 1 + len(line.sentences)
            words = text[line.start : line.end]
            connection.execute(
                'INSERT INTO passages (id, document_id, start, "end", heading, tokens, sentences, terms, '
                "embedding_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    passage_id(new[document_id], line.start, line.end, words, settings.fingerprint),
                    new[document_id],
                    line.start,
                    line.end,
                    line.heading,
                    line.tokens,
                    np.array(line.sentences, np.int32).tobytes(),
                    np.array(pairs, np.int32).tobytes(),
                    line.embedding_key,
                ),
            )
    if Store(library).unindexed():
        raise _damaged("some documents have no passages")
    return rows_of


def _put_vectors(
    connection: sqlite3.Connection,
    lines: Iterator[EmbeddingLine],
    vectors: IO[bytes],
    manifest: Manifest,
    rows_of: dict[str, int],
) -> None:
    """Stores the vectors that passages need and that are not here yet."""
    missing, row_bytes = dict(rows_of), manifest.dimension * _NUMBER_BYTES
    for line in lines:
        matrix = vectors.read(line.rows * row_bytes)
        if line.key not in rows_of:
            continue
        whole = len(matrix) == rows_of[line.key] * row_bytes
        if not whole or not np.isfinite(np.frombuffer(matrix, "<f2")).all():
            raise _damaged(f"the vectors {line.key!r} are damaged")
        connection.execute(
            "INSERT OR IGNORE INTO embeddings VALUES (?, ?, ?)", (manifest.settings["model"], line.key, matrix)
        )
        missing.pop(line.key, None)
    if missing:
        raise _damaged(f"{len(missing)} passages have no vectors")
