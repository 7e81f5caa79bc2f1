"""Export: the library's documents, passages and vectors in one portable file. Conversations stay at home."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import tempfile
import zipfile
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path

from corpus.errors import BadRequest
from corpus.library import Library
from corpus.types import METADATA_FIELDS
from index.portable_lines import DOCUMENTS, EMBEDDINGS, MANIFEST, PASSAGES, VECTORS, Manifest
from index.settings import IndexSettings
from index.store import Store

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same library gives the same file
_NUMBER_BYTES = 2
_SHOWN = "NOT IN (SELECT document_id FROM hidden_documents)"
_USED = (
    "FROM embeddings WHERE model = ? AND EXISTS (SELECT 1 FROM passages WHERE embedding_key = key "
    f"AND document_id {_SHOWN}) ORDER BY key"
)


def export_library(library: Library, settings: IndexSettings, file: Path) -> Manifest:
    """Writes all documents with their passages and vectors; the file appears once it is whole.

    Raises:
        BadRequest: the file exists already or cannot be written, or a document is not indexed yet.
        OtherIndex: the library's index was made with other settings.
    """
    store = Store(library)
    store.check(settings)
    if file.exists():
        raise BadRequest(f"{str(file)!r} exists already", "name another file, or delete it first")
    if store.unindexed() or store.without_embedding():
        raise BadRequest("some documents are not indexed yet", "run `footnote index`, then export again")
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.absolute().parent)
        try:
            with os.fdopen(descriptor, "wb") as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
                manifest = _write(library, settings, archive)
            Path(name).replace(file)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise BadRequest(f"{str(file)!r} cannot be written ({reason})", "choose another place") from error
    return manifest


def _write(library: Library, settings: IndexSettings, archive: zipfile.ZipFile) -> Manifest:
    with library.reading_at_once() as connection:
        sizes: list[tuple[int, int]] = []
        sums = {
            DOCUMENTS: _part(archive, DOCUMENTS, _documents(connection)),
            PASSAGES: _part(archive, PASSAGES, _passages(connection)),
            EMBEDDINGS: _part(archive, EMBEDDINGS, _embeddings(connection, settings.model, sizes)),
            VECTORS: _part(archive, VECTORS, _vectors(connection, settings.model)),
        }
        counts = (
            int(connection.execute(f"SELECT count(*) FROM documents WHERE id {_SHOWN}").fetchone()[0]),
            int(connection.execute(f"SELECT count(*) FROM passages WHERE document_id {_SHOWN}").fetchone()[0]),
        )
    dimension = sizes[0][1] // (_NUMBER_BYTES * sizes[0][0]) if sizes else 0
    manifest = Manifest.of(settings, dimension, counts, sums)
    _part(archive, MANIFEST, [manifest.model_dump_json(indent=1).encode()])
    return manifest


def _part(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> str:
    """Writes a part and returns its checksum."""
    digest = hashlib.sha256()
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_STORED if name == VECTORS else zipfile.ZIP_DEFLATED
    with archive.open(entry, "w", force_zip64=True) as part:
        for piece in pieces:
            digest.update(piece)
            part.write(piece)
    return digest.hexdigest()


def _line(fields: dict[str, object]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _documents(connection: sqlite3.Connection) -> Iterator[bytes]:
    names = ["id", "content_hash", "text", "structure", "state", "reason"]
    columns = ", ".join([*names, *METADATA_FIELDS])
    rows = connection.execute(f"SELECT {columns} FROM documents WHERE id {_SHOWN} ORDER BY rowid")
    for row in rows:
        fields = dict(zip(names, row, strict=False))
        fields["structure"] = json.loads(fields["structure"])
        fields["metadata"] = dict(zip(METADATA_FIELDS, row[len(names) :], strict=True))
        places = connection.execute(
            "SELECT place, source_hash, desk FROM places WHERE document_id = ? ORDER BY position", (row[0],)
        ).fetchall()
        fields["places"] = [{"place": place, "source_hash": sum_, "desk": bool(desk)} for place, sum_, desk in places]
        yield _line(fields)


def _passages(connection: sqlite3.Connection) -> Iterator[bytes]:
    terms = dict(connection.execute("SELECT number, term FROM terms").fetchall())
    rows = connection.execute(
        'SELECT document_id, start, "end", heading, tokens, sentences, terms, embedding_key FROM passages '
        f"WHERE document_id {_SHOWN} ORDER BY number"
    )
    for document_id, start, end, heading, tokens, sentences, counts, key in rows:
        spans, pairs = array("i", sentences), array("i", counts)
        yield _line(
            {
                "document_id": document_id,
                "start": start,
                "end": end,
                "heading": heading,
                "tokens": tokens,
                "sentences": list(zip(spans[::2], spans[1::2], strict=True)),
                "terms": {terms[number]: count for number, count in zip(pairs[::2], pairs[1::2], strict=True)},
                "embedding_key": key,
            }
        )


def _embeddings(connection: sqlite3.Connection, model: str, sizes: list[tuple[int, int]]) -> Iterator[bytes]:
    rows = connection.execute(
        "SELECT key, length(vectors), "
        f"(SELECT 1 + length(sentences) / 8 FROM passages WHERE embedding_key = key LIMIT 1) {_USED}",
        (model,),
    )
    for key, length, count in rows:
        sizes.append((count, length))
        yield _line({"key": key, "rows": count})


def _vectors(connection: sqlite3.Connection, model: str) -> Iterator[bytes]:
    for (vectors,) in connection.execute(f"SELECT vectors {_USED}", (model,)):
        yield vectors
