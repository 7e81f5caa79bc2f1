"""What the index keeps in the library: passages, their terms and their embeddings."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from corpus.errors import OtherIndex
from corpus.library import Library, bump_generation, release_terms
from index.embedding import Vectors, embedding_key
from index.lexical import terms_of
from index.settings import IndexSettings
from index.types import Passage

_VISIBLE = "document_id NOT IN (SELECT document_id FROM hidden_documents)"
_FINGERPRINT = "fingerprint"
_SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class StoredPassages:
    """All passages as arrays, in the order in which they were stored.

    ``spans``: int64 (n, 2), start and end into the document. ``sentences``: int32 (sentences, 2), the same for each.
    ``vectors``: float32 (n, dimension), rows of unit length. ``sentence_vectors``: float16 (sentences, dimension);
    those of passage i are rows ``sentence_rows[i]`` to ``sentence_rows[i + 1]``. ``counts``: sparse int32
    (n, terms). ``document_ids`` and ``passage_ids`` are aligned with them.
    """

    passage_ids: list[str]
    document_ids: list[str]
    spans: NDArray[np.int64]
    headings: list[str | None]
    sentences: NDArray[np.int32]
    vectors: Vectors
    sentence_vectors: NDArray[np.float16]
    sentence_rows: NDArray[np.int64]
    counts: sparse.csr_matrix


class Store:
    """Reads and writes passages, terms and embeddings of one library."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def generation(self) -> int:
        """Grows whenever passages come or go, in any process."""
        return int(self.library.get_meta("generation") or 0)

    def check(self, settings: IndexSettings) -> None:
        """Holds the index settings to those that the library's index was made with, if there is one.

        Raises:
            OtherIndex: they differ; the message says in what.
        """
        if self.library.get_meta(_FINGERPRINT) not in (None, settings.fingerprint):
            made_with = json.loads(self.library.get_meta(_SETTINGS) or "{}")
            differing = [
                f"{name} {made_with.get(name)!r}, now {value!r}"
                for name, value in settings.model_dump().items()
                if made_with.get(name) != value
            ]
            raise OtherIndex(
                f"the library's index was made otherwise ({'; '.join(differing) or 'by another version of Footnote'})",
                "run `footnote index --rebuild` to make it anew, or set back what was changed",
            )

    def claim(self, settings: IndexSettings) -> None:
        """Checks the settings and notes them in a library that has none yet. Raises as `check`."""
        with self.library.writing():
            self.check(settings)
            self._note(settings)

    def reclaim(self, settings: IndexSettings) -> None:
        """Takes the library over for other index settings; its passages must be made anew."""
        with self.library.writing() as connection:
            connection.execute("DELETE FROM passages")
            connection.execute("DELETE FROM terms")
            self._note(settings)
            bump_generation(connection)

    def drop_unused_embeddings(self) -> None:
        """Forgets vectors that no passage uses, as of former settings."""
        with self.library.writing() as connection:
            connection.execute(
                "DELETE FROM embeddings WHERE model <> ? OR key NOT IN (SELECT embedding_key FROM passages)",
                (json.loads(self.library.get_meta(_SETTINGS) or "{}").get("model"),),
            )

    def _note(self, settings: IndexSettings) -> None:
        self.library.set_meta(_FINGERPRINT, settings.fingerprint)
        self.library.set_meta(_SETTINGS, settings.model_dump_json())

    def known_embeddings(self, model: str, keys: Iterable[str]) -> set[str]:
        """Which of the keys have stored vectors already."""
        with self.library.reading() as connection:
            return {
                key
                for key in keys
                if connection.execute("SELECT 1 FROM embeddings WHERE model = ? AND key = ?", (model, key)).fetchone()
            }

    def borrow_embeddings(self, lender: Path, model: str, keys: Iterable[str]) -> None:
        """Copies vectors that another library has for these keys; what it lacks stays lacking."""
        with self.library.reading() as connection:
            connection.execute("ATTACH DATABASE ? AS lender", (f"{lender.resolve().as_uri()}?mode=ro",))
            try:
                connection.executemany(
                    "INSERT OR IGNORE INTO embeddings SELECT model, key, vectors FROM lender.embeddings "
                    "WHERE model = ? AND key = ?",
                    [(model, key) for key in keys],
                )
            finally:
                connection.execute("DETACH DATABASE lender")

    def put_embeddings(self, model: str, embedded: Mapping[str, Vectors]) -> None:
        """Stores vectors under their keys: float32 (1 + sentences, dimension)."""
        rows = [(model, key, vectors.astype(np.float16).tobytes()) for key, vectors in embedded.items()]
        with self.library.writing() as connection:
            connection.executemany("INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?)", rows)

    def replace_passages(self, document_id: str, fingerprint: str, passages: Sequence[Passage]) -> None:
        """Puts these passages in the place of the document's former ones; their embeddings must be stored."""
        with self.library.writing() as connection:
            former = connection.execute(
                "SELECT embedding_key FROM passages WHERE document_id = ?", (document_id,)
            ).fetchall()
            release_terms(connection, document_id)
            connection.execute("DELETE FROM passages WHERE document_id = ?", (document_id,))
            for passage in passages:
                self._insert(connection, passage, fingerprint)
            connection.executemany(
                "DELETE FROM embeddings WHERE key = ?1 AND NOT EXISTS "
                "(SELECT 1 FROM passages WHERE embedding_key = ?1)",
                former,
            )
            bump_generation(connection)

    def count(self) -> int:
        """How many passages there are."""
        with self.library.reading() as connection:
            return int(connection.execute(f"SELECT count(*) FROM passages WHERE {_VISIBLE}").fetchone()[0])

    def unindexed(self) -> list[str]:
        """Ids of documents that have no passages."""
        with self.library.reading() as connection:
            rows = connection.execute(
                "SELECT id FROM documents WHERE id NOT IN (SELECT document_id FROM passages) "
                "AND id NOT IN (SELECT document_id FROM hidden_documents)"
            ).fetchall()
        return [row[0] for row in rows]

    def without_embedding(self) -> int:
        """How many passages have no stored vectors."""
        with self.library.reading() as connection:
            row = connection.execute(
                "SELECT count(*) FROM passages WHERE NOT EXISTS "
                "(SELECT 1 FROM embeddings WHERE embeddings.key = embedding_key)"
            ).fetchone()
        return int(row[0])

    def spans(self) -> list[tuple[str, str, int, int]]:
        """Id, document, start and end of every passage."""
        with self.library.reading() as connection:
            return connection.execute(f'SELECT id, document_id, start, "end" FROM passages WHERE {_VISIBLE}').fetchall()

    def term_numbers(self, terms: Iterable[str]) -> dict[str, int]:
        """The numbers of those terms that the library knows."""
        numbers: dict[str, int] = {}
        with self.library.reading() as connection:
            for term in terms:
                row = connection.execute("SELECT number FROM terms WHERE term = ?", (term,)).fetchone()
                if row:
                    numbers[term] = row[0]
        return numbers

    def load(self, model: str, dimension: int) -> StoredPassages:
        """All passages as arrays."""
        with self.library.reading() as connection:
            rows = connection.execute(
                'SELECT id, document_id, start, "end", heading, sentences, terms, vectors FROM passages '
                f"JOIN embeddings ON key = embedding_key AND model = ? WHERE {_VISIBLE} ORDER BY number",
                (model,),
            ).fetchall()
        matrices = [np.frombuffer(row[7], np.float16).reshape(-1, dimension) for row in rows]
        empty = np.zeros((0, dimension), np.float16)
        return StoredPassages(
            passage_ids=[row[0] for row in rows],
            document_ids=[row[1] for row in rows],
            spans=np.array([row[2:4] for row in rows], np.int64).reshape(-1, 2),
            headings=[row[4] for row in rows],
            sentences=np.frombuffer(b"".join(row[5] for row in rows), np.int32).reshape(-1, 2),
            vectors=_unit(np.stack([matrix[0] for matrix in matrices]) if matrices else empty),
            sentence_vectors=np.concatenate([matrix[1:] for matrix in matrices]) if matrices else empty,
            sentence_rows=np.cumsum([0, *(len(matrix) - 1 for matrix in matrices)], dtype=np.int64),
            counts=_counts([row[6] for row in rows]),
        )

    def _insert(self, connection: sqlite3.Connection, passage: Passage, fingerprint: str) -> None:
        spans = np.array([(span.start, span.end) for span in passage.sentences], np.int32)
        connection.execute(
            'INSERT INTO passages (id, document_id, start, "end", heading, tokens, sentences, terms, embedding_key) '
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                passage_id(passage, fingerprint),
                passage.document_id,
                passage.start,
                passage.end,
                passage.heading,
                passage.tokens,
                spans.tobytes(),
                self._term_blob(connection, passage),
                embedding_key(passage),
            ),
        )

    def _term_blob(self, connection: sqlite3.Connection, passage: Passage) -> bytes:
        counts = terms_of(passage.embedded)
        connection.executemany(
            "INSERT INTO terms (term, uses) VALUES (?, 1) ON CONFLICT (term) DO UPDATE SET uses = uses + 1",
            [(term,) for term in counts],
        )
        numbers = self.term_numbers(counts)
        pairs = sorted((numbers[term], count) for term, count in counts.items())
        return np.array(pairs, np.int32).tobytes()


def passage_id(passage: Passage, fingerprint: str) -> str:
    """An opaque id that lives as long as the document's version and the index settings."""
    facts = f"{passage.document_id}\0{passage.start}\0{passage.end}\0{passage.text}\0{fingerprint}"
    return "p" + hashlib.sha256(facts.encode()).hexdigest()[:16]


def _unit(vectors: NDArray[np.float16]) -> Vectors:
    whole = vectors.astype(np.float32)
    return np.asarray(whole / np.maximum(np.linalg.norm(whole, axis=1, keepdims=True), 1e-12), np.float32)


def _counts(blobs: Sequence[bytes]) -> sparse.csr_matrix:
    pairs = [np.frombuffer(blob, np.int32).reshape(-1, 2) for blob in blobs]
    stacked = np.concatenate(pairs) if pairs else np.zeros((0, 2), np.int32)
    borders = np.cumsum([0, *(len(pair) for pair in pairs)], dtype=np.int64)
    terms = int(stacked[:, 0].max()) + 1 if len(stacked) else 0
    return sparse.csr_matrix((stacked[:, 1], stacked[:, 0], borders), (len(pairs), terms))
