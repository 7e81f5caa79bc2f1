"""Near duplicates: the same story in two outlets, an article and its update.

Two documents are near duplicates when at least half of their three-word shingles are the same, those of one that the
other lacks counted in, and their numbers mostly agree: bulletins that say the same each week of other figures are no
versions of one another. Pairs to compare are found by the bands of MinHash signatures (Broder 1997; Leskovec,
Rajaraman and Ullman, "Mining of Massive Datasets", chapter 3), so that a new document is compared with few others.
`docs/library.md` has the figures.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from corpus.library import Library, bump_generation

if TYPE_CHECKING:
    from datasketch import MinHash

_SHINGLE_WORDS = 3
_FEWEST_SHINGLES = 40  # a text of a few sentences shares its phrases by chance
_ALIKE = 0.5
_FEWEST_NUMBERS = 3
_SHARED_NUMBERS = 0.6
_BANDS, _ROWS = 32, 4
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_AT_ONCE = 200
_SHOWN = " AND ".join(f"{end} NOT IN (SELECT document_id FROM hidden_documents)" for end in ("one", "other"))


def link(library: Library, document_id: str, text: str, version: str) -> None:
    """Notes which documents a new version of a document is a near duplicate of; ``version`` is its content's hash."""
    with library.writing() as connection:
        known = connection.execute("SELECT content_hash FROM signatures WHERE document_id = ?", (document_id,))
        if known.fetchone() == (version,):
            return
        bands = bands_of(text)
        connection.execute("DELETE FROM bands WHERE document_id = ?", (document_id,))
        connection.execute("DELETE FROM near_duplicates WHERE one = ?1 OR other = ?1", (document_id,))
        connection.execute("INSERT OR REPLACE INTO signatures VALUES (?, ?)", (document_id, version))
        pairs = [tuple(sorted((document_id, other))) for other in _near(connection, document_id, text, bands)]
        connection.executemany("INSERT INTO near_duplicates VALUES (?, ?)", pairs)
        connection.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", [(band, document_id) for band in bands])
        bump_generation(connection)


def link_missing(library: Library) -> None:
    """Links the documents that were stored before there were links, or beside them, as by an import."""
    while True:
        with library.writing() as connection:
            rows = connection.execute(
                "SELECT id, text, documents.content_hash FROM documents LEFT JOIN signatures ON document_id = id "
                "WHERE signatures.content_hash IS NOT documents.content_hash ORDER BY documents.rowid LIMIT ?",
                (_AT_ONCE,),
            ).fetchall()
            for row in rows:
                link(library, *row)
        if not rows:
            return


def groups(library: Library) -> dict[str, tuple[str, ...]]:
    """For each document that has near duplicates, all of its group, itself among them, oldest read first."""
    with library.reading() as connection:
        pairs = connection.execute(f"SELECT one, other FROM near_duplicates WHERE {_SHOWN}").fetchall()
        order = {}
        if pairs:
            rows = connection.execute(
                "SELECT id FROM documents WHERE id IN (SELECT one FROM near_duplicates UNION "
                "SELECT other FROM near_duplicates) ORDER BY rowid"
            )
            order = {document_id: place for place, (document_id,) in enumerate(rows)}
    return {member: group for group in _joined(pairs, order) for member in group}


def alike(one: str, other: str) -> bool:
    """Whether two texts are near duplicates."""
    shingles, others = _shingles(one), _shingles(other)
    if min(len(shingles), len(others)) < _FEWEST_SHINGLES:
        return False
    shared = len(shingles & others)
    return shared >= _ALIKE * (len(shingles) + len(others) - shared) and _numbers_agree(one, other)


def bands_of(text: str) -> list[int]:
    """The bands of a text's signature as 64-bit numbers, none for one too short to tell; near duplicates share one."""
    shingles = _shingles(text)
    if len(shingles) < _FEWEST_SHINGLES:
        return []
    signature = _hashes().copy()
    signature.update_batch([shingle.encode() for shingle in shingles])
    values = signature.hashvalues.astype("<u8")
    return [_number(band, values[band * _ROWS : (band + 1) * _ROWS].tobytes()) for band in range(_BANDS)]


def _near(connection: sqlite3.Connection, document_id: str, text: str, bands: Iterable[int]) -> Iterator[str]:
    found = dict.fromkeys(
        other
        for band in bands
        for (other,) in connection.execute("SELECT document_id FROM bands WHERE band = ?", (band,))
    )
    for other in found:
        row = connection.execute("SELECT text FROM documents WHERE id = ?", (other,)).fetchone()
        if other != document_id and alike(text, row[0]):
            yield other


def _joined(pairs: Iterable[tuple[str, str]], order: Mapping[str, int]) -> list[tuple[str, ...]]:
    """The groups that pairs make: whatever is linked, directly or through others."""
    group_of: dict[str, set[str]] = {}
    for one, other in pairs:
        merged = group_of.get(one, {one}) | group_of.get(other, {other})
        group_of.update(dict.fromkeys(merged, merged))
    unique = {id(group): group for group in group_of.values()}
    return [tuple(sorted(group, key=lambda member: order[member])) for group in unique.values()]


def _shingles(text: str) -> set[str]:
    words = [word.casefold() for word in _WORD.findall(text)]
    return {" ".join(words[first : first + _SHINGLE_WORDS]) for first in range(len(words) - _SHINGLE_WORDS + 1)}


def _numbers_agree(one: str, other: str) -> bool:
    """Whether most numbers of the text that has fewer stand in the other too."""
    numbers, others = set(_NUMBER.findall(one)), set(_NUMBER.findall(other))
    fewer = min(len(numbers), len(others))
    return fewer < _FEWEST_NUMBERS or len(numbers & others) >= _SHARED_NUMBERS * fewer


def _number(band: int, values: bytes) -> int:
    digest = hashlib.blake2b(values, digest_size=8, salt=band.to_bytes(2, "big")).digest()
    return int.from_bytes(digest, "big", signed=True)


@cache
def _hashes() -> MinHash:
    """A signature of nothing, whose hash functions all others share."""
    from datasketch import MinHash

    return MinHash(num_perm=_BANDS * _ROWS, seed=1)
