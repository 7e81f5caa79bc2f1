"""Removal: what goes with a document, table by table, so that nothing of it stays behind."""

from __future__ import annotations

import sqlite3
from array import array
from collections import Counter

PASSAGE_TABLES = {"passages": "terms", "rebuilt_passages": "rebuilt_terms"}
_UNUSED = " AND ".join(
    f"NOT EXISTS (SELECT 1 FROM {table} WHERE embedding_key = embeddings.key)" for table in PASSAGE_TABLES
)
# What no document uses any more, by name: tables with the condition.
LEFTOVERS = {
    "vectors": f"embeddings WHERE {_UNUSED}",
    "old versions": "versions WHERE NOT EXISTS (SELECT 1 FROM turn_sources AS cited WHERE "
    "cited.document_id = versions.document_id AND cited.content_hash = versions.content_hash)",
    "sources of turns": "turn_sources WHERE document_id NOT IN (SELECT id FROM documents)",
    "rebuilt passages": "rebuilt_passages WHERE NOT EXISTS (SELECT 1 FROM meta WHERE key = 'rebuilding')",
}


def tidy(connection: sqlite3.Connection) -> None:
    """Deletes what no document uses any more."""
    for rows in LEFTOVERS.values():
        connection.execute(f"DELETE FROM {rows}")


def erase(connection: sqlite3.Connection, document_id: str) -> None:
    """Deletes a document; its places, versions, signatures and links go with it by the schema."""
    keys = [key for table in PASSAGE_TABLES for key in drop_passages(connection, document_id, table)]
    drop_unused_embeddings(connection, keys)
    connection.execute("DELETE FROM turn_sources WHERE document_id = ?", (document_id,))
    connection.execute("DELETE FROM documents WHERE id = ?", (document_id,))


def drop_passages(connection: sqlite3.Connection, document_id: str, table: str = "passages") -> list[str]:
    """Deletes a document's passages with their words; returns the keys of the vectors that they used."""
    rows = connection.execute(
        f"SELECT embedding_key, terms FROM {table} WHERE document_id = ?", (document_id,)
    ).fetchall()
    uses = Counter(number for _, blob in rows for number in array("i", blob)[::2])
    terms = PASSAGE_TABLES[table]
    connection.executemany(
        f"UPDATE {terms} SET uses = uses - ? WHERE number = ?", [(count, number) for number, count in uses.items()]
    )
    connection.executemany(f"DELETE FROM {terms} WHERE number = ? AND uses <= 0", [(number,) for number in uses])
    connection.execute(f"DELETE FROM {table} WHERE document_id = ?", (document_id,))
    return [key for key, _ in rows]


def drop_unused_embeddings(connection: sqlite3.Connection, keys: list[str] | None = None) -> None:
    """Deletes those vectors, among ``keys`` or all, that no passage uses, nor one of a rebuild under way."""
    if keys is None:
        connection.execute(f"DELETE FROM embeddings WHERE {_UNUSED}")
    else:
        connection.executemany(f"DELETE FROM embeddings WHERE key = ? AND {_UNUSED}", [(key,) for key in keys])
