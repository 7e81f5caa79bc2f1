"""A library to rehearse on: in memory, with the documents and places of the one on disk, which is not touched."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from corpus.errors import LibraryUnusable
from corpus.library import Library
from corpus.schema import LIBRARY_FILE, empty_database, refuse_others

_LEFT_OUT = frozenset(
    "passages terms embeddings conversations turns versions turn_sources signatures bands near_duplicates "
    "rebuilt_passages rebuilt_terms rebuilt_documents feedback replaced_turns hidden_conversations".split()
)


def rehearsal(home: Path) -> Library:
    """A library that behaves like the one in ``home`` and is forgotten when closed; empty where there is none.

    It knows which documents there are, where they were read and in what version, and holds neither texts nor passages.

    Raises:
        LibraryUnusable: the file is no library.
        NewerSchema: a newer Footnote made it.
    """
    connection = empty_database()
    file = home / LIBRARY_FILE
    try:
        if file.exists():
            with closing(_read_only(file)) as held:
                refuse_others(held, file)
                _copy(held, connection)
    except (OSError, sqlite3.Error) as error:
        connection.close()
        raise LibraryUnusable(f"the library {str(file)!r} cannot be read ({error})", "choose another --home") from error
    return Library(home, opened=connection)


def held(home: Path) -> tuple[int, int]:
    """How many documents and passages the library in ``home`` holds, without touching it."""
    file = home / LIBRARY_FILE
    if not file.exists():
        return 0, 0
    with closing(_read_only(file)) as connection:
        if not connection.execute("PRAGMA user_version").fetchone()[0]:
            return 0, 0
        counted = [connection.execute(f"SELECT count(*) FROM {name}").fetchone() for name in ("documents", "passages")]
    return int(counted[0][0]), int(counted[1][0])


def _read_only(file: Path) -> sqlite3.Connection:
    """Opens a library without making files beside it: where nobody writes, SQLite is told that nobody does."""
    log = file.with_name(f"{file.name}-wal")
    idle = not log.exists() or not log.stat().st_size
    return sqlite3.connect(f"{file.resolve().as_uri()}?{'immutable=1' if idle else 'mode=ro'}", uri=True)


def _copy(held: sqlite3.Connection, copy: sqlite3.Connection) -> None:
    """Copies what tells documents and their places apart; texts, and what is made of them, stay where they are."""
    copy.execute("PRAGMA foreign_keys = OFF")
    for (table,) in held.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
        if table not in _LEFT_OUT:
            cursor = held.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in cursor.description]
            chosen = ", ".join("''" if (table, name) == ("documents", "text") else name for name in names)
            rows = held.execute(f"SELECT {chosen} FROM {table}")
            copy.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES (?{', ?' * (len(names) - 1)})", rows)
    copy.execute("PRAGMA foreign_keys = ON")
