"""What the doctor looks at in the library's file: nothing missing, nothing left behind, and what is derived agrees.

Each gives what it saw, and raises where that is not well.
"""

from __future__ import annotations

from array import array
from collections import Counter
from typing import TYPE_CHECKING

from corpus.errors import FootnoteError
from corpus.removal import LEFTOVERS

if TYPE_CHECKING:
    from assistant.wiring import Wiring

_REBUILD = "run `footnote index --rebuild`"
_SAMPLE = 100
_SAME = 0.999  # cosine of a vector and what is found nearest to it


class Wrong(FootnoteError):
    """A check that found something."""


def check_file(footnote: Wiring) -> str:
    """The database is whole, and every reference in it leads somewhere."""
    with footnote.library.reading() as connection:
        verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
        orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
    if verdict != "ok" or orphans:
        said = verdict if verdict != "ok" else f"{len(orphans)} rows without their document"
        raise Wrong(f"the library's file is damaged ({said})", "restore it from a copy, or index into a new --home")
    return f"{footnote.settings.home}, {footnote.library.count()} documents"


def check_leftovers(footnote: Wiring) -> str:
    """Nothing stays of what was removed."""
    with footnote.library.reading() as connection:
        counts = {
            name: connection.execute(f"SELECT count(*) FROM {rows}").fetchone()[0] for name, rows in LEFTOVERS.items()
        }
    found = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    if found:
        raise Wrong(f"something of removed documents stayed behind ({found})", _REBUILD)
    return "nothing of a removed document stayed behind"


def check_places(footnote: Wiring) -> str:
    """Every document that was read somewhere says where, and no two are of the same content."""
    with footnote.library.reading() as connection:
        places = connection.execute("SELECT count(*) FROM places").fetchone()[0]
        doubled = connection.execute(
            "SELECT min(id) FROM documents WHERE id IN (SELECT document_id FROM places) "
            "GROUP BY content_hash HAVING count(*) > 1"
        ).fetchall()
    if doubled:
        raise Wrong(
            f"{len(doubled)} documents stand twice, first {doubled[0][0]!r}",
            "remove one with `footnote sources remove`",
        )
    return f"{places} places"


def check_terms(footnote: Wiring) -> str:
    """The words that passages hold are counted right."""
    uses: Counter[int] = Counter()
    with footnote.library.reading_at_once() as connection:
        for (blob,) in connection.execute("SELECT terms FROM passages"):
            uses.update(array("i", blob)[::2])
        counted = dict(connection.execute("SELECT number, uses FROM terms").fetchall())
    wrong = [number for number in uses.keys() | counted.keys() if uses.get(number) != counted.get(number)]
    if wrong:
        raise Wrong(f"{len(wrong)} words are not counted as often as passages hold them", _REBUILD)
    return f"{len(counted)} words"


def check_vectors(footnote: Wiring) -> str:
    """Each passage has a vector for itself and each of its sentences, and FAISS finds each by its own vector."""
    from index.vectors import VectorIndex

    store, embedder = footnote.store, footnote.embedder
    vectors = store.load(embedder.name, embedder.dimension).vectors
    index = VectorIndex(vectors)
    for row in range(0, len(vectors), max(1, len(vectors) // _SAMPLE)):
        nearest = index.nearest(vectors[row], 1)
        if not len(nearest) or float(vectors[nearest[0]] @ vectors[row]) < _SAME:
            raise Wrong("the vector index does not find what is in it", "update faiss-cpu, or report it")
    return f"{len(vectors)} vectors, {'exact' if index.exact else 'approximate'} search"
