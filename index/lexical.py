"""Lexical search: words to terms, and BM25 over them.

BM25 as in Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009), with the never negative IDF of
Lucene. Scores are given as the share of the question's weight that a passage bears, so that they mean the same in
every collection.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import Stemmer
from numpy.typing import NDArray
from scipy import sparse

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_K1 = 0.9
_B = 0.4
_AROUND = 0.3  # a term that stands in a sentence's passage or title, against 1 in the sentence itself
STOP_WORDS = frozenset(
    "a about an and any are as at be been but by can could did do does for from had has have he her him his how i if "
    "in into is it its me my no nor not of on or our she should so such than that the their them then there these "
    "they this those to was we were what when where which who whom whose why will with would you your".split()
)


def terms_of(text: str) -> Counter[str]:
    """The terms of a text and how often each occurs: words folded, stemmed, stop words left out."""
    counts: Counter[str] = Counter()
    for word in _WORD.findall(text.lower()):
        if term := _term(word):
            counts[term] += 1
    return counts


@lru_cache(maxsize=200_000)
def _term(word: str) -> str:
    """The term of one lower-case word, or nothing for a stop word. Accents are folded, stems are English or Russian."""
    word = word.replace("’", "'").removesuffix("'s")
    if word in STOP_WORDS:
        return ""
    folded = "".join(
        character for character in unicodedata.normalize("NFKD", word) if not unicodedata.combining(character)
    )
    return str(_stemmer("russian" if re.search("[а-яё]", folded) else "english").stemWord(folded))


@lru_cache(maxsize=2)
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(language)


@dataclass(frozen=True, slots=True)
class LexicalIndex:
    """BM25 weights by term: ``weights`` is sparse float32 (passages, terms), ``idf`` float64 (terms,)."""

    weights: sparse.csc_matrix
    idf: NDArray[np.float64]

    @classmethod
    def build(cls, counts: sparse.csr_matrix) -> LexicalIndex:
        """From counts: sparse int32 (passages, terms)."""
        passages = counts.shape[0]
        lengths = np.asarray(counts.sum(axis=1), np.float64).ravel()
        present = np.bincount(counts.indices, minlength=counts.shape[1])
        idf = np.log1p((passages - present + 0.5) / (present + 0.5))
        mean = lengths.mean() if passages and lengths.any() else 1.0
        rows = np.repeat(np.arange(passages), np.diff(counts.indptr))
        frequency = counts.data.astype(np.float64)
        saturated = frequency / (frequency + _K1 * (1 - _B + _B * lengths[rows] / mean))
        weights = sparse.csr_matrix(
            ((idf[counts.indices] * saturated).astype(np.float32), counts.indices, counts.indptr), counts.shape
        )
        return cls(weights.tocsc(), idf)

    def idf_of(self, number: int | None) -> float:
        """How much a term tells: its IDF, or that of a word seen nowhere."""
        if number is None or number >= len(self.idf):
            return float(np.log1p(2 * self.weights.shape[0] + 1))
        return float(self.idf[number])

    def share(self, wanted: Wanted) -> NDArray[np.float32]:
        """The share of the wanted weight that each passage bears: float32 (passages,), 0 to 1."""
        scores = np.zeros(self.weights.shape[0], np.float32)
        for term, number in wanted.numbers.items():
            if number < self.weights.shape[1]:
                first, last = self.weights.indptr[number : number + 2]
                weight = np.float32(wanted.weights[term] / max(wanted.mass, 1e-12))
                scores[self.weights.indices[first:last]] += weight * self.weights.data[first:last]
        return scores


@dataclass(frozen=True, slots=True)
class Wanted:
    """The terms of a question: ``weights`` in it, ``numbers`` of those the library knows, ``idf`` of all.

    ``mass`` is the sum of weight times IDF, words that the library does not hold included: no passage bears those.
    """

    weights: Mapping[str, float]
    numbers: Mapping[str, int]
    idf: Mapping[str, float]
    mass: float

    @classmethod
    def of(cls, weights: Mapping[str, float], numbers: Mapping[str, int], index: LexicalIndex) -> Wanted:
        """Weighs a question's terms by an index."""
        idf = {term: index.idf_of(numbers.get(term)) for term in weights}
        return cls(weights, numbers, idf, sum(weight * idf[term] for term, weight in weights.items()))

    def share_of(self, text: str, around: Container[str] = ()) -> float:
        """The share of the wanted weight borne by a text, 0 to 1; terms that stand only ``around`` it count in part."""
        held = terms_of(text)
        borne = sum(
            weight * self.idf[term] * (1.0 if term in held else _AROUND if term in around else 0.0)
            for term, weight in self.weights.items()
        )
        return borne / self.mass if self.mass > 0 else 0.0
