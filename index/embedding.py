"""Embedding by sentence-transformers: one forward pass gives a passage's vector and those of its sentences.

A model that pools by the mean is read once for each passage: a sentence's vector is the mean over its own token
vectors, which have seen the whole passage ("late chunking", Günther et al. 2024, arXiv 2409.04701). Models that
pool otherwise embed the sentences apart.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.types import Span
from index.legibility import reads_well
from index.models import load_model
from index.settings import DEFAULT_MODEL
from index.types import Passage

Vectors = NDArray[np.float32]
_BATCH_TOKENS = 1024  # what two cores' caches hold; `docs/retrieval.md` has the figures
_FEW_LETTERS = 2000
_LEGIBLE_LETTERS = 1.9  # a token: below this a text counts as partly illegible
_WORDS_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text as a model reads it, its marks included.

    ``ids`` is int64 (tokens,), ``offsets`` int64 (tokens, 2), characters into the text, ``vectors`` float32
    (tokens, dimension), not of unit length.
    """

    ids: NDArray[np.int64]
    offsets: NDArray[np.int64]
    vectors: Vectors


class Embedder:
    """A model, loaded when first used. Safe to share between threads."""

    def __init__(self, name: str = DEFAULT_MODEL) -> None:
        """The packaged default by its name, or any sentence-transformers model by name or folder.

        Every other use raises ModelUnavailable if it cannot be loaded.
        """
        self.name = name
        self._lock = threading.RLock()
        self._word_tokens: dict[str, int] = {}

    @cached_property
    def model(self) -> Any:
        """The sentence-transformers model itself."""
        with self._lock:
            return load_model(self.name)

    @cached_property
    def window(self) -> int:
        """How many tokens the model reads, its own marks included; it ignores what lies beyond."""
        return int(self.model.max_seq_length or 512)

    @cached_property
    def dimension(self) -> int:
        """The dimension of its vectors."""
        return int(self.model.get_embedding_dimension())

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many of the model's own tokens each text has, its marks left out.

        Where tokens end at white space, each word is counted but once and remembered.
        """
        if not texts or not self.splits_at_space:
            return self._counted(texts)
        words = [text.split() for text in texts]
        with self._lock:
            new = list({word for row in words for word in row if word not in self._word_tokens})
            if len(self._word_tokens) + len(new) > _WORDS_REMEMBERED:
                self._word_tokens.clear()
                new = list({word for row in words for word in row})
            self._word_tokens.update(zip(new, self._counted(new), strict=True))
            return [sum(map(self._word_tokens.__getitem__, row)) for row in words]

    def _counted(self, texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        with self._lock:
            tokenizer = self.model.tokenizer
            if not tokenizer.is_fast:
                return [
                    len(ids) for ids in tokenizer(list(texts), add_special_tokens=False, verbose=False)["input_ids"]
                ]
            backend = tokenizer.backend_tokenizer  # without what its wrapper makes of the ids, a third quicker
            backend.no_truncation()
            backend.no_padding()
            return [len(one) for one in backend.encode_batch_fast(list(texts), add_special_tokens=False)]

    @cached_property
    def splits_at_space(self) -> bool:
        """Whether two texts with white space between them have the tokens of both and no other, as with BERT's."""
        with self._lock:
            tokenizer = self.model.tokenizer
            splitter = tokenizer.backend_tokenizer.pre_tokenizer if tokenizer.is_fast else None
        return type(splitter).__name__ == "BertPreTokenizer"

    def legibility(self, text: str) -> float:
        """How well the model's vocabulary knows a text's words: 1 for words and long pieces, 0 for single letters.

        A model meets a language that it was not made for letter by letter, and its vectors then say little.
        """
        letters = sum(character.isalnum() for character in text)
        with self._lock:
            tokenizer = self.model.tokenizer
            ids = tokenizer(text, add_special_tokens=False, truncation=True, max_length=self.window)["input_ids"]
            unknown = ids.count(tokenizer.unk_token_id)
        if not ids or not letters:
            return 1.0
        return float(np.clip((letters * (1 - unknown / len(ids)) / len(ids) - 1) / (_LEGIBLE_LETTERS - 1), 0, 1))

    def reads_well(self, text: str) -> bool:
        """Whether a text is in a language that the model's vocabulary was made for, as far as the text tells."""
        with self._lock:
            return reads_well(self.model.tokenizer, text)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions and other short texts: float32 (n, dimension), rows of unit length."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        with self._lock, _in_one_thread(texts):
            vectors = self.model.encode(
                list(texts), normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
            )
        return np.ascontiguousarray(vectors, np.float32)

    def read_tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """The tokens of short texts with the vectors of the model's last layer.

        All texts go through the model in batches of about one length; what lies beyond the window is left out.
        """
        import torch

        results: dict[int, Tokens] = {}
        with self._lock, torch.inference_mode():
            tokenizer, network = self.model.tokenizer, self.model[0].auto_model
            encoded = [
                tokenizer(text, truncation=True, max_length=self.window, return_offsets_mapping=True) for text in texts
            ]
            for batch in _batches([len(one["input_ids"]) for one in encoded]):
                inputs = tokenizer.pad(
                    [{"input_ids": encoded[number]["input_ids"]} for number in batch], return_tensors="pt"
                )
                vectors = network(**inputs).last_hidden_state.numpy()
                for place, number in enumerate(batch):
                    ids = np.asarray(encoded[number]["input_ids"])
                    offsets = np.asarray(encoded[number]["offset_mapping"])
                    results[number] = Tokens(ids, offsets, vectors[place, : len(ids)])
        return [results[number] for number in range(len(texts))]

    def embed_passages(self, passages: Sequence[Passage]) -> list[Vectors]:
        """For each passage float32 (1 + sentences, dimension), rows of unit length: the whole first."""
        if not _pools_by_mean(self.model):
            return [self._apart(passage) for passage in passages]
        counts = self.count_tokens([passage.embedded for passage in passages])
        results: list[Vectors] = [np.zeros((0, 0), np.float32)] * len(passages)
        for batch in _batches(counts):
            embedded = self._together([passages[number] for number in batch])
            for number, vectors in zip(batch, embedded, strict=True):
                results[number] = vectors
        return results

    def _together(self, passages: Sequence[Passage]) -> list[Vectors]:
        texts = [passage.embedded for passage in passages]
        with self._lock:
            encoded = self.model.tokenizer(
                texts, truncation=True, max_length=self.window, return_offsets_mapping=True, verbose=False
            )
            tokens = self.model.encode(
                texts,
                output_value="token_embeddings",
                batch_size=len(texts),
                convert_to_numpy=False,
                show_progress_bar=False,
            )
        offsets = encoded["offset_mapping"]
        return [
            _pool(vectors.numpy(), np.asarray(offset), passage)
            for vectors, offset, passage in zip(tokens, offsets, passages, strict=True)
        ]

    def _apart(self, passage: Passage) -> Vectors:
        sentences = [passage.text[span.start : span.end] for span in _relative(passage)]
        return self.embed([passage.embedded, *sentences])


@contextmanager
def _in_one_thread(texts: Sequence[str]) -> Iterator[None]:
    """For a few short texts: threads that wait for one another cost more than they bring, and at times far more."""
    import torch

    threads = torch.get_num_threads()
    few = sum(map(len, texts)) <= _FEW_LETTERS
    if few:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        if few:
            torch.set_num_threads(threads)


def embedding_key(passage: Passage) -> str:
    """Names what is embedded: the text with its prefix, and where its sentences lie in it."""
    spans = ",".join(f"{span.start}-{span.end}" for span in _relative(passage))
    return hashlib.sha256(f"{spans}\0{passage.prefix}\0{passage.text}".encode()).hexdigest()[:32]


def _relative(passage: Passage) -> list[Span]:
    return [Span(span.start - passage.start, span.end - passage.start) for span in passage.sentences]


def _pool(tokens: Vectors, offsets: NDArray[np.int64], passage: Passage) -> Vectors:
    """Means over all tokens and over those of each sentence, by the tokens' offsets into the embedded text."""
    rows = [tokens.mean(axis=0)]
    shift = len(passage.prefix)
    starts, ends = offsets[:, 0], offsets[:, 1]
    for span in _relative(passage):
        inside = (starts < shift + span.end) & (ends > shift + span.start) & (ends > starts)
        rows.append(tokens[inside].mean(axis=0) if inside.any() else rows[0])
    matrix = np.stack(rows).astype(np.float32)
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.maximum(lengths, 1e-12), np.float32)


def _batches(counts: Sequence[int]) -> list[list[int]]:
    """Positions in batches of texts of about one length, so that little is spent on padding."""
    order = sorted(range(len(counts)), key=lambda number: -counts[number])
    batches: list[list[int]] = []
    longest = 0
    for number in order:
        if batches and (len(batches[-1]) + 1) * longest <= _BATCH_TOKENS:
            batches[-1].append(number)
        else:
            batches.append([number])
            longest = counts[number] + 2
    return batches


def _pools_by_mean(model: Any) -> bool:
    from sentence_transformers.sentence_transformer.modules import Pooling

    pooling = [module for module in model if isinstance(module, Pooling)]
    return len(pooling) == 1 and pooling[0].pooling_mode in ("mean", ("mean",), ["mean"])
