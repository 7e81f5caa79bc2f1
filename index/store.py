"""What the index keeps in the library: passages, their terms and their embeddings."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from corpus.errors import LibraryUnusable, OtherIndex
from corpus.library import Library, bump_generation
from corpus.removal import PASSAGE_TABLES, drop_passages, drop_unused_embeddings
from index.embedding import Vectors, embedding_key
from index.lexical import terms_of
from index.settings import IndexSettings
from index.types import Passage

_VISIBLE = "document_id NOT IN (SELECT document_id FROM hidden_documents)"
_FINGERPRINT = "fingerprint"
_SETTINGS = "settings"
_BYTES, _SPAN_BYTES = 2, 8  # of a stored number of a vector, and of a sentence's span


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

    def __init__(self, library: Library, settings: IndexSettings | None = None) -> None:
        """Where ``settings`` are given, `load` holds the library to them, whatever other processes do."""
        self.library = library
        self._settings = settings

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
                "run `footnote index --rebuild` to make it anew, or set back what was changed; "
                "a server that ran before is started again",
            )

    def claim(self, settings: IndexSettings) -> None:
        """Checks the settings and notes them in a library that has none yet. Raises as `check`."""
        with self.library.writing():
            self.check(settings)
            self.note(settings)

    def note(self, settings: IndexSettings) -> None:
        """Notes with which settings the library's passages are made."""
        self.library.set_meta(_FINGERPRINT, settings.fingerprint)
        self.library.set_meta(_SETTINGS, settings.model_dump_json())

    @property
    def _model(self) -> str | None:
        """The model that the library's vectors are of, if it has any."""
        model: str | None = json.loads(self.library.get_meta(_SETTINGS) or "{}").get("model")
        return model

    def known_embeddings(self, model: str, sizes: Mapping[str, int]) -> set[str]:
        """Which of the keys have stored vectors already, of these sizes in bytes."""
        with self.library.reading() as connection:
            return {
                key
                for key, size in sizes.items()
                if connection.execute(
                    "SELECT 1 FROM embeddings WHERE model = ? AND key = ? AND length(vectors) = ?", (model, key, size)
                ).fetchone()
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

    def replace_passages(
        self, document_id: str, fingerprint: str, passages: Sequence[Passage], table: str = "passages"
    ) -> None:
        """Puts these passages in the place of the document's former ones; their embeddings must be stored.

        ``table`` is where: those that are searched, or those that a rebuild prepares.
        """
        with self.library.writing() as connection:
            former = drop_passages(connection, document_id, table)
            connection.executemany(
                f'INSERT INTO {table} (id, document_id, start, "end", heading, tokens, sentences, terms, '
                "embedding_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                list(_rows(connection, passages, fingerprint, PASSAGE_TABLES[table])),
            )
            drop_unused_embeddings(connection, former)
            if table == "passages":
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
                "(SELECT 1 FROM embeddings WHERE model = ? AND key = embedding_key)",
                (self._model,),
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
        """All passages as arrays.

        Raises:
            OtherIndex: the store was opened with settings, and another process has rebuilt the index with others.
            LibraryUnusable: stored vectors are of another size.
        """
        if self._settings:
            self.check(self._settings)
        with self.library.reading() as connection:
            rows = connection.execute(
                'SELECT id, document_id, start, "end", heading, sentences, terms, vectors FROM passages '
                f"JOIN embeddings ON key = embedding_key AND model = ? WHERE {_VISIBLE} ORDER BY number",
                (model,),
            ).fetchall()
        if any(len(row[7]) != _BYTES * dimension * (1 + len(row[5]) // _SPAN_BYTES) for row in rows):
            raise LibraryUnusable("stored vectors are damaged", "run `footnote index --rebuild`")
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


def _rows(
    connection: sqlite3.Connection, passages: Sequence[Passage], fingerprint: str, table: str
) -> Iterator[tuple[object, ...]]:
    """Passages as they are stored; their terms get numbers, each term of them all once."""
    counted = [terms_of(passage.embedded) for passage in passages]
    uses = Counter(term for counts in counted for term in counts)
    numbers = number_terms(connection, uses, table)
    for passage, counts in zip(passages, counted, strict=True):
        pairs = sorted((numbers[term], count) for term, count in counts.items())
        yield (
            passage_id(passage.document_id, passage.start, passage.end, passage.text, fingerprint),
            passage.document_id,
            passage.start,
            passage.end,
            passage.heading,
            passage.tokens,
            np.array([(span.start, span.end) for span in passage.sentences], np.int32).tobytes(),
            np.array(pairs, np.int32).tobytes(),
            embedding_key(passage),
        )


def number_terms(connection: sqlite3.Connection, uses: Mapping[str, int], table: str = "terms") -> dict[str, int]:
    """The numbers of terms, each counted as used by so many more passages."""
    rows = connection.execute(
        f"INSERT INTO {table} (term, uses) SELECT key, value FROM json_each(?) WHERE true ON CONFLICT (term) DO UPDATE "
        "SET uses = uses + excluded.uses RETURNING term, number",
        (json.dumps(uses, ensure_ascii=False),),
    ).fetchall()
    return dict(rows)


def vector_bytes(passage: Passage, dimension: int) -> int:
    """The size of a passage's stored vectors: its own and those of its sentences."""
    return _BYTES * dimension * (1 + len(passage.sentences))


def passage_id(document_id: str, start: int, end: int, text: str, fingerprint: str) -> str:
    """An opaque id that lives as long as the document's version and the index settings."""
    facts = f"{document_id}\0{start}\0{end}\0{text}\0{fingerprint}"
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
