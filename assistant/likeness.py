"""Likeness of a claim to what it cites, as figures: which of its words are borne, by what, and how near in meaning.

Each content word of a claim is aligned with the quotations' word that is nearest to it in the embedding model, as in
BERTScore (Zhang et al. 2020, arXiv 1904.09675).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.words import relation
from index.embedding import Tokens
from index.lexical import ordered_terms

_FIRST_WORD = 1995  # a token's number less this is its rank by frequency: the model's vocabulary is sorted so
_PIECE = 1.0  # what a further piece of a word tells: rare words are cut to pieces
_MARK = 2.0  # what single digits and letters tell
_ENOUGH = {"borne": 0.7, "cosine": 0.6, "likeness": 0.7}
_NO_NUMBERS = 0.8  # stands for the share of numbers borne where a claim has none
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reading:
    """The content words of a text: terms, how much each tells, and unit vectors float32 (words, dimension).

    ``mean`` is the unit vector of the whole text.
    """

    terms: tuple[str, ...]
    weights: Floats
    vectors: Floats
    mean: Floats

    @classmethod
    def of(cls, text: str, tokens: Tokens) -> Reading:
        """Reads a text by its tokens; words beyond the model's window are left out."""
        terms, weights, vectors = [], [], []
        starts, ends = tokens.offsets[:, 0], tokens.offsets[:, 1]
        for term, start, end in ordered_terms(text):
            inside = np.flatnonzero((starts < end) & (ends > start) & (ends > starts))
            if len(inside):
                terms.append(term)
                weights.append(_weight(int(tokens.ids[inside[0]]), len(inside)))
                vectors.append(tokens.vectors[inside].mean(axis=0))
        stacked = np.stack(vectors) if vectors else np.zeros((0, tokens.vectors.shape[1]), np.float32)
        return cls(tuple(terms), np.array(weights, np.float32), _unit(stacked), _unit(tokens.vectors.mean(axis=0)))


def _weight(token: int, pieces: int) -> float:
    """How much a word tells, by the rank of its first token, as the logarithm of a frequency (Zipf 1949) would."""
    rank = token - _FIRST_WORD
    return float(np.log(rank) if rank > 1 else _MARK) + _PIECE * (pieces - 1) + 0.1


def coverage(claim: Reading, texts: Sequence[frozenset[str]]) -> Floats:
    """The share of a claim's weight that the words of each text bear, as they stand: float32 (texts,)."""
    borne = np.array([[term in text for term in claim.terms] for text in texts], np.float32)
    whole = claim.weights.sum()
    shares = borne.reshape(len(texts), len(claim.terms)) @ claim.weights / max(whole, 1e-6)
    return np.asarray(shares, np.float32)


def figures_of(claim: Reading, sentences: Sequence[Reading]) -> dict[str, float]:
    """The figures of a claim against the sentences that may support it; none where either has no words."""
    said = {term for sentence in sentences for term in sentence.terms}
    if not claim.terms or not said:
        return {}
    nearest = (claim.vectors @ np.concatenate([one.vectors for one in sentences]).T).max(axis=1)
    missing = np.array([term not in said for term in claim.terms])
    numbers = np.array([term[0].isdigit() for term in claim.terms])
    related = [_relation(term, said) if lost else "" for term, lost in zip(claim.terms, missing, strict=True)]
    cosines = np.sort(np.array([float(claim.mean @ one.mean) for one in sentences]))[::-1]
    weights = claim.weights / claim.weights.sum()
    figures = {
        "borne": float(weights[~missing].sum()),
        "cosine": float(cosines[0]),
        "three_cosines": float(cosines[:3].mean()),
        "likeness": float((weights * nearest).sum()),
        "same": float(np.log1p(related.count("same"))),
        "kin": float(np.log1p(related.count("kin"))),
        "numbers_missing": float(np.log1p((missing & numbers).sum())),
        "numbers_borne": float((~missing & numbers).sum() / numbers.sum()) if numbers.any() else _NO_NUMBERS,
    }
    lacks = {f"lacks_{name}": max(0.0, enough - figures[name]) for name, enough in _ENOUGH.items()}
    return figures | lacks


def _relation(term: str, said: set[str]) -> str:
    relations = {relation(term, other) for other in said}
    return "same" if "same" in relations else "kin" if "kin" in relations else "none"


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)
