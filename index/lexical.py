"""Lexical search: words to terms, and BM25 over them.

BM25 as in Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009), with the never negative IDF of
Lucene. Scores are given as the share of the question's weight that a passage bears, so that they mean the same in
every collection.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import Stemmer
from numpy.typing import NDArray
from scipy import sparse

from corpus.types import Span

# A letter may carry marks (accents apart from their letter, vowel signs), which Python's \w leaves out.
_MARKS = "".join(chr(code) for code in range(0x300, 0x1E00) if unicodedata.category(chr(code)).startswith("M"))
_LETTERS = rf"[^\W_](?:[^\W_]|[{_MARKS}])*"
_WORD = re.compile(rf"{_LETTERS}(?:['’]{_LETTERS})?")
_CYRILLIC = re.compile("[а-яёіїєґў]")
_ACRONYM_MARK = "^"
_ACRONYM_LENGTH = range(2, 7)
_K1 = 0.9
_B = 0.4
_AROUND = 0.3  # a concept borne by a sentence's passage or title, against 1 by the sentence itself
_OTHER_SPELLING = 0.9  # another spelling of a name, against 1 for the question's own
STOP_WORDS = frozenset(
    "a about an and any are as at be been but by can could did do does for from had has have he her him his how i if "
    "in into is it its me my no nor not of on or our she should so such than that the their them then there these "
    "they this those to was we were what when where which who whom whose why will with would you your".split()
)


def terms_of(text: str) -> Counter[str]:
    """The terms of a text and how often each occurs: words folded, stemmed, stop words left out.

    A word in capitals alone (CSTO, TAP) counts as an acronym too, under a term of its own.
    """
    return Counter(term for term, _ in _placed_terms(text))


def terms_by_span(text: str, spans: Sequence[Span]) -> tuple[set[str], list[set[str]]]:
    """The terms of a text, and those of some stretches of it, in order and apart, in one pass."""
    whole: set[str] = set()
    parts: list[set[str]] = [set() for _ in spans]
    starts = [span.start for span in spans]
    for term, start in _placed_terms(text):
        whole.add(term)
        place = bisect_right(starts, start) - 1
        if place >= 0 and start < spans[place].end:
            parts[place].add(term)
    return whole, parts


def _placed_terms(text: str) -> Iterator[tuple[str, int]]:
    for term, start, end in ordered_terms(text):
        yield term, start
        word = text[start:end]
        if word.isupper() and len(word) in _ACRONYM_LENGTH:
            yield acronym_term(word), start


def ordered_terms(text: str) -> Iterator[tuple[str, int, int]]:
    """The terms of a text in order, each with the start and end of its word."""
    for match in _WORD.finditer(text):
        if term := _term(match[0].lower()):
            yield term, match.start(), match.end()


def acronym_term(word: str) -> str:
    """The term of an acronym as such, apart from the word that it may spell."""
    return _ACRONYM_MARK + word.lower()


@lru_cache(maxsize=200_000)
def _term(word: str) -> str:
    """The term of one lower-case word, or nothing for a stop word. Accents are folded, stems are English or Russian."""
    word = word.replace("’", "'").removesuffix("'s")
    if word in STOP_WORDS:
        return ""
    if _CYRILLIC.search(word):
        return str(_stemmer("russian").stemWord(word.replace("ё", "е")))
    folded = "".join(
        character for character in unicodedata.normalize("NFKD", word) if not unicodedata.combining(character)
    )
    return str(_stemmer("english").stemWord(folded))


@lru_cache(maxsize=2)
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(language)


@dataclass(frozen=True, slots=True)
class Concept:
    """Something that a question asks about: a term, or a name in any of its spellings, the question's own first.

    Each alternative is a set of terms that must all be there.
    """

    alternatives: tuple[frozenset[str], ...]
    weight: float = 1.0
    is_name: bool = False

    @property
    def terms(self) -> frozenset[str]:
        """All terms of all alternatives."""
        return frozenset().union(*self.alternatives)

    def borne_by(self, terms: Collection[str]) -> float:
        """1 for a text with these terms that bears the first alternative, a little less for another, 0 for none."""
        for number, needed in enumerate(self.alternatives):
            if all(term in terms for term in needed):
                return _OTHER_SPELLING if number else 1.0
        return 0.0


@dataclass(frozen=True, slots=True)
class LexicalIndex:
    """Saturated term counts: sparse float32 (texts, terms), values below 1. The texts are stretches of passages."""

    saturation: sparse.csc_matrix

    @classmethod
    def build(cls, counts: sparse.csr_matrix) -> LexicalIndex:
        """From counts: sparse int32 (passages, terms)."""
        lengths = np.asarray(counts.sum(axis=1), np.float64).ravel()
        mean = lengths.mean() if len(lengths) and lengths.any() else 1.0
        rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        frequency = counts.data.astype(np.float64)
        saturated = frequency / (frequency + _K1 * (1 - _B + _B * lengths[rows] / mean))
        matrix = sparse.csr_matrix((saturated.astype(np.float32), counts.indices, counts.indptr), counts.shape)
        return cls(matrix.tocsc())

    @property
    def bytes(self) -> int:
        """The memory that it takes."""
        return int(self.saturation.data.nbytes + self.saturation.indices.nbytes + self.saturation.indptr.nbytes)

    @property
    def passages(self) -> int:
        """How many passages are indexed."""
        return int(self.saturation.shape[0])

    def bearing(self, needed: Collection[int]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The rows that hold all of these terms, ascending, and for each the least saturation among them."""
        rows: NDArray[np.int32] | None = None
        values = np.zeros(0, np.float32)
        for number in needed:
            if number >= self.saturation.shape[1]:
                return np.zeros(0, np.int32), np.zeros(0, np.float32)
            first, last = self.saturation.indptr[number : number + 2]
            found, saturated = self.saturation.indices[first:last], self.saturation.data[first:last]
            if rows is None:
                rows, values = found, saturated
            else:
                rows, here, there = np.intersect1d(rows, found, assume_unique=True, return_indices=True)
                values = np.minimum(values[here], saturated[there])
        return (rows if rows is not None else np.zeros(0, np.int32)), values

    def idf(self, bearing: int) -> float:
        """How much a concept tells that so many passages bear."""
        return float(np.log1p((self.passages - bearing + 0.5) / (bearing + 0.5)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question's concepts over one index: what each tells, and the share of all that each passage bears.

    ``weights`` are the concepts' own weights times their IDF, ``numbers`` those of their terms that the library knows.
    ``shares`` is float32 (passages,), 0 to 1, by BM25; ``name_shares`` the same for names alone, borne or not, however
    often. The whole includes what no passage bears.
    """

    concepts: Sequence[Concept]
    numbers: Mapping[str, int]
    weights: Sequence[float]
    shares: NDArray[np.float32]
    name_shares: NDArray[np.float32]

    @classmethod
    def of(cls, concepts: Sequence[Concept], numbers: Mapping[str, int], index: LexicalIndex) -> Wanted:
        """Weighs concepts by an index."""
        weights: list[float] = []
        shares = np.zeros(index.passages, np.float32)
        names = np.zeros(index.passages, np.float32)
        for concept in concepts:
            rows, values = _borne(concept, numbers, index)
            weights.append(concept.weight * index.idf(len(rows)))
            shares[rows] += np.float32(weights[-1]) * values
            if concept.is_name:
                names[rows] += np.float32(weights[-1])
        mass = np.float32(max(sum(weights), 1e-12))
        return cls(concepts, numbers, weights, shares / mass, names / mass)

    def shares_in(self, counts: sparse.csr_matrix) -> NDArray[np.float32]:
        """The share of the whole that texts bear, whether once or often, by their counts of terms: sparse (texts,
        terms). float32 (texts,).
        """
        known = {number: column for column, number in enumerate(sorted(self.numbers.values()))}
        held = counts[:, list(known)].toarray() > 0
        shares = np.zeros(len(held), np.float32)
        for concept, weight in zip(self.concepts, self.weights, strict=True):
            borne = np.zeros(len(held), np.float32)
            for place, needed in enumerate(concept.alternatives):
                if all(term in self.numbers for term in needed):
                    whole = held[:, [known[self.numbers[term]] for term in needed]].all(axis=1)
                    borne = np.maximum(borne, whole * np.float32(_OTHER_SPELLING if place else 1.0))
            shares += np.float32(weight) * borne
        return shares / np.float32(max(sum(self.weights), 1e-12))

    def shares_of(self, texts: Sequence[Collection[str]], around: Collection[str]) -> list[float]:
        """The share of the whole that texts with these terms bear; what only stands ``around`` them counts in part."""
        mass = sum(self.weights)
        if mass <= 0:
            return [0.0] * len(texts)
        given = [_AROUND * concept.borne_by(around) for concept in self.concepts]
        weighted = list(zip(self.concepts, self.weights, given, strict=True))
        return [
            sum(weight * max(one.borne_by(terms), near) for one, weight, near in weighted) / mass for terms in texts
        ]


def best_rows(shares: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """The rows with the ``k`` greatest shares, in no order; those with a share of 0 are left out."""
    positive = np.flatnonzero(shares > 0)
    if len(positive) <= k:
        return positive
    return np.asarray(positive[np.argpartition(-shares[positive], k)[:k]], np.int64)


def _borne(
    concept: Concept, numbers: Mapping[str, int], index: LexicalIndex
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The rows that bear a concept under any spelling, and how strongly: the best of its spellings."""
    found: list[tuple[NDArray[np.int32], NDArray[np.float32]]] = []
    for place, needed in enumerate(concept.alternatives):
        if all(term in numbers for term in needed):
            rows, values = index.bearing([numbers[term] for term in needed])
            found.append((rows, values * np.float32(_OTHER_SPELLING if place else 1.0)))
    if len(found) == 1:
        return found[0]
    if not found:
        return np.zeros(0, np.int32), np.zeros(0, np.float32)
    best = np.zeros(index.passages, np.float32)
    for rows, values in found:
        best[rows] = np.maximum(best[rows], values)
    rows = np.flatnonzero(best).astype(np.int32)
    return rows, best[rows]
