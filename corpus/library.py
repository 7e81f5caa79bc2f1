"""The library: documents and the places where they were read, in SQLite.

Identity: a document's id is made from its first place and its content when first read. The same content at a second
place is the same document with two places; a place whose content diverges becomes a document of its own.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from corpus.errors import LibraryUnusable, NotFound
from corpus.removal import erase
from corpus.schema import open_database
from corpus.types import METADATA_FIELDS, Document, Heading, Metadata, Page, Span

RemovalHook = Callable[[sqlite3.Connection, str], None]

_VISIBLE = "id NOT IN (SELECT document_id FROM hidden_documents)"
_COLUMNS = f"id, content_hash, text, {', '.join(METADATA_FIELDS)}, structure, state, reason"
_SELECT = f"SELECT {_COLUMNS} FROM documents WHERE {_VISIBLE}"
STORED = f"SELECT {_COLUMNS} FROM documents WHERE true"


class Library:
    """One open library. Safe to share between threads: one connection behind a lock.

    ``on_remove`` is called with the connection and the document's id inside the transaction that removes it.
    """

    def __init__(
        self, home: Path, on_remove: RemovalHook | None = None, opened: sqlite3.Connection | None = None
    ) -> None:
        """``opened`` is a library's database that is open already, in place of the one in ``home``."""
        self.home = home
        self._connection = opened or open_database(home)
        self._lock = threading.RLock()
        self._on_remove = on_remove

    def close(self) -> None:
        """Closes the file; the library cannot be used afterwards."""
        with self._lock:
            self._connection.close()

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for queries."""
        with self._lock, self._translated():
            yield self._connection

    @contextlib.contextmanager
    def reading_at_once(self) -> Iterator[sqlite3.Connection]:
        """The connection, for queries that must all see one state of the library."""
        with self.reading() as connection:
            outermost = not connection.in_transaction
            if outermost:
                connection.execute("BEGIN")
            try:
                yield connection
            finally:
                if outermost and connection.in_transaction:
                    connection.execute("COMMIT")

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The connection inside one transaction: all of it happens or nothing. Nested uses join the outer one."""
        with self._lock, self._translated():
            if self._connection.in_transaction:
                yield self._connection
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        """Makes errors of the file errors of ours; those of the program stay what they are."""
        try:
            yield
        except (sqlite3.ProgrammingError, sqlite3.IntegrityError):
            raise
        except sqlite3.DatabaseError as error:
            raise LibraryUnusable(
                f"the library in {str(self.home)!r} cannot be used ({error})",
                "if it is full or locked, try again later; if it is damaged, restore it or index into a new --home",
            ) from error

    def get_meta(self, key: str) -> str | None:
        """A stored fact about the library itself."""
        with self.reading() as connection:
            row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def set_meta(self, key: str, value: str) -> None:
        """Stores a fact about the library itself."""
        with self.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def documents(self) -> list[Document]:
        """All documents, by title."""
        with self.reading() as connection:
            rows = connection.execute(_SELECT).fetchall()
            places = connection.execute("SELECT document_id, place FROM places ORDER BY position").fetchall()
        by_document: dict[str, list[str]] = {}
        for document_id, place in places:
            by_document.setdefault(document_id, []).append(place)
        documents = [_document(row, by_document.get(row[0], [])) for row in rows]
        return sorted(documents, key=lambda document: (document.title.casefold(), document.id))

    def document(self, document_id: str) -> Document:
        """One document.

        Raises:
            NotFound: there is none with this id.
        """
        document = self.document_if_any(document_id)
        if document is None:
            raise NotFound(f"no document {document_id!r} in the library", "see `footnote sources list`")
        return document

    def document_if_any(self, document_id: str, select: str = _SELECT) -> Document | None:
        """One document, or None if there is none with this id; with `STORED` also one that is hidden."""
        with self.reading() as connection:
            # SQLite cannot even look for half a character, and no id has one.
            wanted = document_id.encode("utf-8", "replace").decode()
            row = connection.execute(f"{select} AND id = ?", (wanted,)).fetchone()
            places = connection.execute(
                "SELECT place FROM places WHERE document_id = ? ORDER BY position", (wanted,)
            ).fetchall()
        return _document(row, [place for (place,) in places]) if row else None

    def count(self) -> int:
        """How many documents there are."""
        with self.reading() as connection:
            return int(connection.execute(f"SELECT count(*) FROM documents WHERE {_VISIBLE}").fetchone()[0])

    def at_place(self, place: str) -> tuple[str, str] | None:
        """The id of the document read at ``place`` and the hash of what was read there, if any."""
        with self.reading() as connection:
            row = connection.execute("SELECT document_id, source_hash FROM places WHERE place = ?", (place,)).fetchone()
        return (row[0], row[1]) if row else None

    def with_content(self, content_hash: str) -> str | None:
        """The id of the document that has this content now, if any."""
        with self.reading() as connection:
            row = connection.execute(
                "SELECT id FROM documents WHERE content_hash = ? ORDER BY rowid LIMIT 1", (content_hash,)
            ).fetchone()
        return row[0] if row else None

    def version(self, document_id: str, content_hash: str) -> str | None:
        """The text of one version of a document: the present one, or an older one that a turn still cites."""
        with self.reading() as connection:
            row = connection.execute(
                "SELECT text FROM documents WHERE id = :id AND content_hash = :hash UNION ALL "
                "SELECT text FROM versions WHERE document_id = :id AND content_hash = :hash",
                {"id": document_id, "hash": content_hash},
            ).fetchone()
        return row[0] if row else None

    def new_id(self, place: str, content: str) -> str:
        """The id for content first read at ``place``; salted if an older document holds it already."""
        for salt in range(1_000_000):
            identity = f"{place}\0{content}" + (f"\0{salt}" if salt else "")
            candidate = "d" + hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:16]
            with self.reading() as connection:
                taken = connection.execute("SELECT 1 FROM documents WHERE id = ?", (candidate,)).fetchone()
            if not taken:
                return candidate
        raise RuntimeError("no free document id")

    def put(self, document: Document) -> None:
        """Stores a document, new or in a new version. The old text is kept while a stored turn cites it."""
        structure = json.dumps(
            {
                "headings": [[heading.start, heading.end, heading.level] for heading in document.headings],
                "rows": [[row.start, row.end] for row in document.rows],
                "pages": [[page.start, page.end, page.number] for page in document.pages],
            }
        )
        values = [getattr(document.metadata, name) for name in METADATA_FIELDS]
        ending = [structure, document.state, document.reason]
        fields = ["content_hash", "text", *METADATA_FIELDS, "structure", "state", "reason"]
        with self.writing() as connection:
            self._keep_cited_version(connection, document)
            connection.execute(
                f"INSERT INTO documents (id, {', '.join(fields)}) VALUES (?{', ?' * len(fields)}) "
                f"ON CONFLICT (id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in fields)}",
                (document.id, document.content_hash, document.text, *values, *ending),
            )

    def put_place(self, place: str, document_id: str, source_hash: str, *, desk: bool = False) -> None:
        """Notes that a document was read at ``place``."""
        with self.writing() as connection:
            connection.execute(
                "INSERT INTO places VALUES (:place, :id, "
                "(SELECT coalesce(max(position), 0) + 1 FROM places WHERE document_id = :id), :hash, :desk) "
                "ON CONFLICT (place) DO UPDATE SET document_id = :id, position = CASE WHEN document_id = :id "
                "THEN position ELSE excluded.position END, source_hash = :hash, desk = :desk",
                {"place": place, "id": document_id, "hash": source_hash, "desk": int(desk)},
            )
            bump_generation(connection)

    def drop_place(self, place: str) -> None:
        """Forgets a place; the document stays."""
        with self.writing() as connection:
            connection.execute("DELETE FROM places WHERE place = ?", (place,))
            bump_generation(connection)

    def leave_place(self, place: str) -> None:
        """Forgets a place, and with its last place the document."""
        with self.writing() as connection:
            known = self.at_place(place)
            if known:
                self.drop_place(place)
                if not connection.execute("SELECT 1 FROM places WHERE document_id = ?", known[:1]).fetchone():
                    connection.execute("DELETE FROM hidden_documents WHERE document_id = ?", known[:1])
                    self.remove(known[0])
        self._forget()

    def user_places(self) -> list[str]:
        """The places of all documents but the shipped desk's."""
        with self.reading() as connection:
            rows = connection.execute("SELECT place FROM places WHERE desk = 0 ORDER BY place").fetchall()
        return [place for (place,) in rows]

    def desk_places(self) -> list[str]:
        """The places of the shipped desk."""
        with self.reading() as connection:
            rows = connection.execute("SELECT place FROM places WHERE desk = 1 ORDER BY place").fetchall()
        return [place for (place,) in rows]

    def remove(self, document_id: str) -> None:
        """Removes a document with all that hangs on it: places, passages, versions, quotes in stored turns.

        Raises:
            NotFound: there is none with this id.
        """
        with self.writing() as connection:
            self.document(document_id)
            if self._on_remove:
                self._on_remove(connection, document_id)
            erase(connection, document_id)
            bump_generation(connection)
        self._forget()

    def _forget(self) -> None:
        """Empties the log, in which what was removed would stand until it is written over."""
        with self.reading() as connection:
            if not connection.in_transaction:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _keep_cited_version(self, connection: sqlite3.Connection, new: Document) -> None:
        connection.execute(
            "INSERT OR IGNORE INTO versions SELECT id, content_hash, text FROM documents AS old "
            "WHERE id = :id AND content_hash <> :hash AND EXISTS (SELECT 1 FROM turn_sources AS cited "
            "WHERE cited.document_id = old.id AND cited.content_hash = old.content_hash)",
            {"id": new.id, "hash": new.content_hash},
        )


def bump_generation(connection: sqlite3.Connection) -> None:
    """Tells every process that has the library open that passages came or went."""
    connection.execute(
        "INSERT INTO meta VALUES ('generation', '1') ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1"
    )


def content_hash(text: str) -> str:
    """Names a version of a document: SHA-256 of its stored text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _document(row: tuple[Any, ...], places: list[str]) -> Document:
    fields = len(METADATA_FIELDS)
    structure = json.loads(row[3 + fields])
    return Document(
        id=row[0],
        content_hash=row[1],
        text=row[2],
        metadata=Metadata(**dict(zip(METADATA_FIELDS, row[3 : 3 + fields], strict=True))),
        places=tuple(places),
        headings=tuple(Heading(*heading) for heading in structure["headings"]),
        rows=tuple(Span(*span) for span in structure["rows"]),
        pages=tuple(Page(*page) for page in structure.get("pages", [])),
        state=row[4 + fields],
        reason=row[5 + fields],
    )
