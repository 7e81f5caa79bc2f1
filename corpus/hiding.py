"""Deleting documents with undo: hidden at once in every process, erased when their time has come.

A hidden document stays in the library's file, so that it can be taken back, but is no part of the library: it is not
listed, shown, counted or searched.
"""

from __future__ import annotations

import time

from corpus.errors import NotFound
from corpus.library import Library, bump_generation


def hide(library: Library, document_id: str, seconds: float) -> None:
    """Hides a document; from ``seconds`` from now on it may be erased.

    Raises:
        NotFound: there is none with this id.
    """
    with library.writing() as connection:
        library.document(document_id)
        connection.execute("INSERT INTO hidden_documents VALUES (?, ?)", (document_id, time.time() + seconds))
        bump_generation(connection)


def restore(library: Library, document_id: str) -> bool:
    """Takes a hidden document back; whether it was hidden."""
    wanted = document_id.encode("utf-8", "replace").decode()
    with library.writing() as connection:
        found = connection.execute("DELETE FROM hidden_documents WHERE document_id = ?", (wanted,)).rowcount > 0
        if found:
            bump_generation(connection)
    return found


def hidden(library: Library) -> set[str]:
    """The ids of the documents that are hidden now."""
    with library.reading() as connection:
        return {row[0] for row in connection.execute("SELECT document_id FROM hidden_documents")}


def erase_due(library: Library) -> list[str]:
    """Erases the hidden documents whose time has come, and returns their ids."""
    with library.reading() as connection:
        due = connection.execute("SELECT document_id FROM hidden_documents WHERE erase_at <= ?", (time.time(),))
        document_ids = [row[0] for row in due.fetchall()]
    return [document_id for document_id in document_ids if _erase(library, document_id)]


def _erase(library: Library, document_id: str) -> bool:
    """Erases one, unless it was taken back meanwhile."""
    with library.writing():
        if not restore(library, document_id):
            return False
        try:
            library.remove(document_id)
        except NotFound:  # another process was quicker
            return False
    with library.reading() as connection:  # leaves nothing of it in the file beside the library's
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return True
