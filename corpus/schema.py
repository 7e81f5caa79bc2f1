"""The library's file: one SQLite database in WAL mode, its tables, and how it is opened.

Each room writes its own tables: `corpus.library` documents and places, `index.store` passages, terms and embeddings,
`assistant.conversations` conversations and turns. Their shape stands here alone, so that it can be read and
migrated as a whole.
"""

from __future__ import annotations

import contextlib
import sqlite3
import stat
import time
from pathlib import Path

from corpus.errors import LibraryUnusable, NewerSchema
from corpus.migrations import MIGRATIONS

LIBRARY_FILE = "library.sqlite"
APPLICATION_ID = 0x464E4F54  # "FNOT"
_BUSY_SECONDS = 60.0
_WAL_ATTEMPTS = 50
_WAL_PAUSE_SECONDS = 0.1

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE documents (
    id TEXT PRIMARY KEY,
    content_hash TEXT NOT NULL,
    text TEXT NOT NULL,
    title TEXT, outlet TEXT, author TEXT, published TEXT, language TEXT, kind TEXT, url TEXT,
    structure TEXT NOT NULL,            -- JSON: headings, table rows and pages, as offsets into text
    state TEXT NOT NULL,
    reason TEXT
);
CREATE INDEX documents_by_content ON documents (content_hash);

CREATE TABLE places (
    place TEXT PRIMARY KEY,             -- absolute path or URL
    document_id TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    position INTEGER NOT NULL,          -- order of arrival within the document
    source_hash TEXT NOT NULL,          -- of the bytes and the metadata given with them
    desk INTEGER NOT NULL               -- 1 for the shipped desk
);
CREATE INDEX places_by_document ON places (document_id, position);

CREATE TABLE versions (                 -- texts that a stored turn still cites
    document_id TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    content_hash TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (document_id, content_hash)
) WITHOUT ROWID;

CREATE TABLE passages (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    document_id TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    heading TEXT,
    tokens INTEGER NOT NULL,
    sentences BLOB NOT NULL,            -- int32 pairs: start, end into the document's text
    terms BLOB NOT NULL,                -- int32 pairs: term number, count
    embedding_key TEXT NOT NULL
);
CREATE INDEX passages_by_document ON passages (document_id);
CREATE INDEX passages_by_embedding ON passages (embedding_key);

CREATE TABLE terms (
    number INTEGER PRIMARY KEY,
    term TEXT NOT NULL UNIQUE,
    uses INTEGER NOT NULL               -- passages that hold it
);

CREATE TABLE embeddings (               -- by model and content: nothing is embedded twice
    model TEXT NOT NULL,
    key TEXT NOT NULL,
    vectors BLOB NOT NULL,              -- float16 rows of unit length: the passage, then its sentences
    PRIMARY KEY (model, key)
) WITHOUT ROWID;

CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    created TEXT NOT NULL,              -- ISO stamps, UTC
    updated TEXT NOT NULL
);

CREATE TABLE turns (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE,
    number INTEGER NOT NULL,
    created TEXT NOT NULL,
    answer TEXT NOT NULL,               -- JSON, as given
    UNIQUE (conversation_id, number)
);

CREATE TABLE turn_sources (             -- which version of which document a turn quotes
    turn_id TEXT NOT NULL REFERENCES turns ON DELETE CASCADE,
    document_id TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    PRIMARY KEY (turn_id, document_id, content_hash)
) WITHOUT ROWID;
CREATE INDEX turn_sources_by_document ON turn_sources (document_id);
"""

SCHEMA_VERSION = 1 + len(MIGRATIONS)


def open_database(home: Path) -> sqlite3.Connection:
    """Opens the library's file in ``home``, making both where they are missing, readable by their owner alone.

    Raises:
        LibraryUnusable: the home cannot be written, or the file is no library.
        NewerSchema: a newer Footnote made it.
    """
    path = home / LIBRARY_FILE
    try:
        _make_home(home)
        connection = sqlite3.connect(
            path.resolve().as_uri(), uri=True, timeout=_BUSY_SECONDS, check_same_thread=False, isolation_level=None
        )
    except (OSError, sqlite3.Error) as error:
        raise _unusable(home, error) from error
    try:
        _prepare(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise _unusable(home, error) from error
    except NewerSchema:
        connection.close()
        raise
    return connection


def empty_database() -> sqlite3.Connection:
    """An empty library in memory."""
    connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    _bring_up_to_date(connection)
    return connection


def _make_home(home: Path) -> None:
    if home.exists() and not home.is_dir():
        raise NotADirectoryError(20, "it is a file, not a folder")
    if not home.exists():
        home.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
    file = home / LIBRARY_FILE
    if not file.exists():
        file.touch(mode=stat.S_IRUSR | stat.S_IWUSR)


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    refuse_others(connection, path)
    _switch_to_wal(connection)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")
    if _version(connection) < SCHEMA_VERSION:
        _bring_up_to_date(connection)


def refuse_others(connection: sqlite3.Connection, path: Path) -> None:
    """Leaves other programs' databases, and libraries of a newer Footnote, untouched.

    Raises:
        sqlite3.DatabaseError: the file is another program's, or no database.
        NewerSchema: a newer Footnote made it.
    """
    connection.execute("BEGIN")
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = _version(connection)
    connection.execute("COMMIT")
    if application != APPLICATION_ID and (tables or version):
        raise sqlite3.DatabaseError("the file is a database of another program")
    if version > SCHEMA_VERSION:
        raise NewerSchema(
            f"the library {str(path)!r} has schema {version}, this Footnote knows up to {SCHEMA_VERSION}",
            "update Footnote, or choose another --home",
        )


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Two processes that open a new library at once may find it locked for a moment; SQLite does not wait here."""
    for attempt in range(_WAL_ATTEMPTS):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if attempt == _WAL_ATTEMPTS - 1:
                raise
            time.sleep(_WAL_PAUSE_SECONDS)


def _bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Makes the tables that are missing, unless another process did so while this one waited for the lock."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection)
        for script in (TABLES, *MIGRATIONS)[version:]:
            for statement in script.split(";\n"):
                if statement.strip():
                    connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _unusable(home: Path, error: Exception) -> LibraryUnusable:
    reason = getattr(error, "strerror", None) or str(error)
    return LibraryUnusable(
        f"the home {str(home)!r} cannot be used ({reason})",
        "with --home choose a folder that you can write to, and that holds no other program's files",
    )
