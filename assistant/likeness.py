"""Likeness of a claim to what it cites, as figures: which of its words are borne, by what, and how near in meaning.

Each content word of a claim is aligned with the quotations' word that is nearest to it in the embedding model, as in
BERTScore (Zhang et al. 2020, arXiv 1904.09675), in a low, a middle and the last layer: the low ones tell the word,
the last one the sense that its sentence gives it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.words import relation
from index.embedding import Tokens
from index.lexical import ordered_terms

LAYERS = (2, 4, 6)
_FIRST_WORD = 1995  # a token's number less this is its rank by frequency: the model's vocabulary is sorted so
_PIECE = 1.0  # what a further piece of a word tells: rare words are cut to pieces
_MARK = 2.0  # what single digits and letters tell
_WORST = 3
_ENOUGH = {"borne": 0.7, "best_sentence": 0.5, "cosine": 0.6, "likeness_6": 0.7}
_NO_NUMBERS = 0.8  # stands for the share of numbers borne where a claim has none
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reading:
    """The content words of a text: terms, how much each tells, and unit vectors float32 (layers, words, dimension).

    ``mean`` is the unit vector of the whole text.
    """

    terms: tuple[str, ...]
    capitals: NDArray[np.bool_]
    weights: Floats
    vectors: Floats
    mean: Floats

    @classmethod
    def of(cls, text: str, tokens: Tokens) -> Reading:
        """Reads a text by its tokens; words beyond the model's window are left out."""
        terms, capitals, weights, vectors = [], [], [], []
        starts, ends = tokens.offsets[:, 0], tokens.offsets[:, 1]
        for term, start, end in ordered_terms(text):
            inside = np.flatnonzero((starts < end) & (ends > start) & (ends > starts))
            if len(inside):
                terms.append(term)
                capitals.append(text[start].isupper())
                weights.append(_weight(int(tokens.ids[inside[0]]), len(inside)))
                vectors.append(tokens.vectors[:, inside].mean(axis=1))
        dimension = tokens.vectors.shape[2]
        stacked = np.stack(vectors, axis=1) if vectors else np.zeros((len(LAYERS), 0, dimension), np.float32)
        return cls(
            tuple(terms),
            np.array(capitals, bool),
            np.array(weights, np.float32),
            _unit(stacked),
            _unit(tokens.vectors[-1].mean(axis=0)),
        )


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


def figures_of(claim: Reading, sentences: Sequence[Reading], everywhere: Collection[str]) -> dict[str, float]:
    """The figures of a claim against the sentences that may support it; none where either has no words.

    ``everywhere`` are the terms of the whole of what is cited.
    """
    terms = [term for sentence in sentences for term in sentence.terms]
    if not claim.terms or not terms:
        return {}
    said = set(terms)
    sims = np.einsum("lid,ljd->lij", claim.vectors, np.concatenate([one.vectors for one in sentences], axis=1))
    nearest = sims.max(axis=2)
    missing = np.array([term not in said for term in claim.terms])
    related = [_relation(term, said) if lost else "" for term, lost in zip(claim.terms, missing, strict=True)]
    cosines = np.sort(np.array([float(claim.mean @ one.mean) for one in sentences]))[::-1]
    shares = np.sort(coverage(claim, [frozenset(one.terms) for one in sentences]))[::-1]
    weights = claim.weights / claim.weights.sum()
    figures = {
        "best_sentence": float(shares[0]),
        "three_sentences": float(shares[:3].mean()),
        "cosine": float(cosines[0]),
        "three_cosines": float(cosines[:3].mean()),
        "length": float(np.log1p(len(claim.terms))),
        **_words_figures(claim, weights, missing, np.array(related), nearest),
        **_sense_figures(claim, terms, weights, nearest, sims[-1]),
        **_everywhere_figures(claim, weights, everywhere),
        "together": _together(sims[1], sentences),
    }
    lacks = {f"lacks_{name}": max(0.0, enough - figures[name]) for name, enough in _ENOUGH.items()}
    return figures | lacks


def _words_figures(
    claim: Reading, weights: Floats, missing: NDArray[np.bool_], related: NDArray[np.str_], nearest: Floats
) -> dict[str, float]:
    """Figures of which words are borne as they stand, which by related ones, and how far off the others are."""
    numbers = np.array([term[0].isdigit() for term in claim.terms])
    lost = missing & (related == "none")
    distance = np.where(lost, 1 - nearest[1], 0)
    return {
        "borne": float(weights[~missing].sum()),
        "unexplained": float((weights * distance).sum()),
        "worst_unexplained": float((claim.weights * distance).max()),
        "missing": float(np.log1p(missing.sum())),
        "same": float(np.log1p((related == "same").sum())),
        "kin": float(np.log1p((related == "kin").sum())),
        "capitals_missing": float(np.log1p((missing & claim.capitals).sum())),
        "numbers_missing": float(np.log1p((missing & numbers).sum())),
        "numbers_borne": float((~missing & numbers).sum() / numbers.sum()) if numbers.any() else _NO_NUMBERS,
    }


def _sense_figures(
    claim: Reading, terms: Sequence[str], weights: Floats, nearest: Floats, last: Floats
) -> dict[str, float]:
    """Figures of likeness by layer, over all words and over the worst, and of the sense of those that are borne."""
    figures: dict[str, float] = {}
    for layer, values in zip(LAYERS, nearest, strict=True):
        figures[f"likeness_{layer}"] = float((weights * values).sum())
        figures[f"worst_{layer}"] = float(np.sort(values)[:_WORST].mean())
    alike = np.array(claim.terms)[:, None] == np.array(terms)[None, :]
    senses = np.where(alike, last, -1).max(axis=1)[alike.any(axis=1)]
    figures["sense"] = float(senses.mean()) if len(senses) else 0.0
    figures["worst_sense"] = float(np.sort(senses)[:_WORST].mean()) if len(senses) else 0.0
    return figures


def _everywhere_figures(claim: Reading, weights: Floats, everywhere: Collection[str]) -> dict[str, float]:
    missing = np.array([term not in everywhere for term in claim.terms])
    return {"borne_anywhere": float(weights[~missing].sum()), "missing_anywhere": float(np.log1p(missing.sum()))}


def _relation(term: str, said: set[str]) -> str:
    relations = {relation(term, other) for other in said}
    return "same" if "same" in relations else "kin" if "kin" in relations else "none"


def _together(middle: Floats, sentences: Sequence[Reading]) -> float:
    """The share of neighbouring words whose nearest words stand in one sentence."""
    owner = np.repeat(np.arange(len(sentences)), [len(one.terms) for one in sentences])
    places = owner[middle.argmax(axis=1)]
    return float((places[1:] == places[:-1]).mean()) if len(places) > 1 else 1.0


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)
