"""Rebuilding: all documents cut and embedded anew beside the index that serves, and put in its place when whole.

Prepared passages wait in tables of their own (`rebuilt_…`, see `corpus.schema`) and are swapped in by one transaction.
A rebuild that is killed leaves the old index serving; the next with the same settings goes on where it stopped. What
other processes index, change or remove meanwhile is taken in before the swap.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence

from corpus.errors import LibraryError
from corpus.library import STORED, Library, bump_generation
from corpus.removal import drop_unused_embeddings, tidy
from corpus.types import Document
from index.embedding import Vectors
from index.settings import IndexSettings
from index.store import Store
from index.types import Passage

_BATCH_PASSAGES = 64
_UNDER_WAY = "rebuilding"  # the fingerprint that a rebuild is made for
_SHADOWS = ("rebuilt_documents", "rebuilt_passages", "rebuilt_terms")
_COLUMNS = 'id, document_id, start, "end", heading, tokens, sentences, terms, embedding_key'
_STALE = (
    "SELECT documents.id FROM documents LEFT JOIN rebuilt_documents AS done ON done.document_id = documents.id "
    "WHERE NOT (done.content_hash IS documents.content_hash AND done.title IS documents.title "
    "AND done.structure IS documents.structure) ORDER BY documents.rowid"
)

Cut = Callable[[Document], list[Passage]]
Embed = Callable[[Sequence[Passage]], dict[str, Vectors]]


def rebuild(library: Library, settings: IndexSettings, cut: Cut, embed: Embed) -> None:
    """Makes the index anew with these settings, whatever it was made with. ``embed`` gives the vectors not yet stored.

    Raises:
        LibraryError: another rebuild, with other settings, began meanwhile.
    """
    store = Store(library)
    _begin(library, settings)
    while not _swapped(library, store, settings):
        for group in _groups(library, cut):
            vectors = embed([passage for _, passages in group for passage in passages])
            with library.writing() as connection:
                _hold(library, settings)
                store.put_embeddings(settings.model, vectors)
                for document, passages in group:
                    _prepare(connection, store, settings, document, passages, embed)


def under_way(library: Library) -> bool:
    """Whether a rebuild was begun and is not finished."""
    return library.get_meta(_UNDER_WAY) is not None


def _begin(library: Library, settings: IndexSettings) -> None:
    """Takes up what a rebuild with the same settings left, or clears away what one with others did."""
    with library.writing() as connection:
        if library.get_meta(_UNDER_WAY) != settings.fingerprint:
            _clear(connection)
            drop_unused_embeddings(connection)
            library.set_meta(_UNDER_WAY, settings.fingerprint)


def _hold(library: Library, settings: IndexSettings) -> None:
    if library.get_meta(_UNDER_WAY) != settings.fingerprint:
        raise LibraryError("another rebuild of this library was begun or finished meanwhile", "run this one again")


def _groups(library: Library, cut: Cut) -> Iterator[list[tuple[Document, list[Passage]]]]:
    """The documents that are to be prepared, with their passages, in batches worth embedding."""
    with library.reading() as connection:
        stale = [row[0] for row in connection.execute(_STALE).fetchall()]
    group: list[tuple[Document, list[Passage]]] = []
    for document_id in stale:
        document = library.document_if_any(document_id, STORED)
        if document:
            group.append((document, cut(document)))
        if sum(len(passages) for _, passages in group) >= _BATCH_PASSAGES:
            yield group
            group = []
    if group:
        yield group


def _prepare(
    connection: sqlite3.Connection,
    store: Store,
    settings: IndexSettings,
    document: Document,
    passages: Sequence[Passage],
    embed: Embed,
) -> None:
    """Stores a document's passages beside the index, unless the document has changed since it was cut."""
    if store.library.document_if_any(document.id, STORED) != document:
        return
    # What was stored when the group was embedded may have gone with a document that another process changed.
    store.put_embeddings(settings.model, embed(passages))
    store.replace_passages(document.id, settings.fingerprint, passages, "rebuilt_passages")
    connection.execute(
        "INSERT OR REPLACE INTO rebuilt_documents SELECT id, content_hash, title, structure FROM documents "
        "WHERE id = ?",
        (document.id,),
    )


def _swapped(library: Library, store: Store, settings: IndexSettings) -> bool:
    """Puts the prepared passages in the place of the former ones, if every document has them."""
    with library.writing() as connection:
        _hold(library, settings)
        if connection.execute(f"{_STALE} LIMIT 1").fetchone():
            return False
        connection.execute("DELETE FROM passages")
        connection.execute("DELETE FROM terms")
        connection.execute("INSERT INTO terms SELECT number, term, uses FROM rebuilt_terms")
        connection.execute(
            f"INSERT INTO passages ({_COLUMNS}) SELECT {', '.join(f'rebuilt.{name}' for name in _COLUMNS.split(', '))} "
            "FROM rebuilt_passages AS rebuilt JOIN documents ON documents.id = document_id "
            "ORDER BY documents.rowid, rebuilt.number"
        )
        _clear(connection)
        connection.execute("DELETE FROM meta WHERE key = ?", (_UNDER_WAY,))
        connection.execute("DELETE FROM embeddings WHERE model <> ?", (settings.model,))
        tidy(connection)
        store.note(settings)
        bump_generation(connection)
    return True


def _clear(connection: sqlite3.Connection) -> None:
    for table in _SHADOWS:
        connection.execute(f"DELETE FROM {table}")
