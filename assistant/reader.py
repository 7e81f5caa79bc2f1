"""The reader: reads a question and a passage together and says how likely each sentence tells the answer.

What likeness cannot see, whether the very thing that is asked for is told, is learned from questions that were written
for training, half of which their text does not answer (`eval/train_reader.py`). `docs/answering.md` has the figures.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assistant.follow_ups import leans
from corpus.errors import ModelUnavailable
from index.legibility import reads_well
from index.lexical import ordered_terms, terms_of
from index.models import packaged_tokenizer
from index.types import Hit

if TYPE_CHECKING:
    from torch import Tensor

    from assistant.reader_network import Network

READER_WEIGHTS = Path(__file__).parent / "reader_weights.safetensors"
_QUESTION_TOKENS = 48  # the last ones, where there are more
_TOKENS = 256  # of question and passage together
_PREFIX = 240  # characters of title and heading
_PREFIX_TOKENS = 64  # of them: a Cyrillic letter is a token
_VERSION = 2  # of what the network is given
_BEGINS, _ENDS = 101, 102  # the model's marks before the first text and behind each
Numbers = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A question and a passage as the network takes them: int64 (tokens,) each.

    ``kinds`` is 0 for the question's tokens and 2 for the passage's, and one more where the word stands in both.
    ``sentences`` is a token's sentence in the hit, -1 for none. ``offsets``, int64 (tokens, 2), are characters of the
    hit's text, negative outside it.
    """

    ids: Numbers
    kinds: Numbers
    sentences: Numbers
    offsets: Numbers


@dataclass(frozen=True, slots=True)
class Told:
    """What a passage tells of a question, for each of its sentences: float32 (sentences,) each.

    ``odds``: how much likelier it tells the answer than that the passage does not, a logarithm. ``sides``: the chance
    that it is one side of a dispute over what is asked. `-inf` and 0 for a sentence beyond what the network reads.
    """

    odds: Floats
    sides: Floats


class AnswerReader:
    """The trained network, loaded when first used. Safe to share between threads."""

    def __init__(self, weights: Path = READER_WEIGHTS) -> None:
        self._weights = weights
        self._lock = threading.RLock()

    @cached_property
    def fingerprint(self) -> str:
        """Names the weights and what the network is given.

        Raises:
            ModelUnavailable: the weights are missing.
        """
        try:
            weights = self._weights.read_bytes()
        except OSError as error:
            raise ModelUnavailable(f"the reader's weights are missing ({error})", "install Footnote anew") from error
        return hashlib.sha256(f"{_VERSION}".encode() + weights).hexdigest()[:12]

    @cached_property
    def _network(self) -> Network:
        from assistant.reader_network import Network

        return Network.load(self._weights)

    @cached_property
    def _encoder(self) -> Encoder:
        return Encoder()

    def warm_up(self) -> None:
        """Loads the network.

        Raises:
            ModelUnavailable: it cannot be loaded.
        """
        with self._lock:
            self._network, self._encoder  # noqa: B018  (they load when first named)

    def reads_well(self, text: str) -> bool:
        """Whether a text is in a language that the network reads: English, and what its vocabulary shares with it.

        Raises:
            ModelUnavailable: the tokenizer cannot be loaded.
        """
        with self._lock:
            return reads_well(self._encoder.tokenizer, text)

    def read(self, question: str, hits: Sequence[Hit]) -> list[Told]:
        """What each hit tells of the question.

        Raises:
            ModelUnavailable: the network cannot be loaded.
        """
        import torch

        if not hits:
            return []
        with self._lock:
            texts, network = [self._encoder.encode(question, hit) for hit in hits], self._network
            with torch.inference_mode():
                read = network(*batch(texts))
            odds, sides = (read.told - read.nothing[:, None]).numpy(), read.sides.sigmoid().numpy()
        found = []
        for hit, text, own, side in zip(hits, texts, odds, sides, strict=True):
            seen = np.isin(np.arange(len(hit.sentences)), text.sentences)
            own, side = np.resize(own, len(seen)), np.resize(side, len(seen))
            found.append(Told(np.where(seen, own, -np.inf).astype(np.float32), np.where(seen, side, 0.0)))
        return found


def in_view(question: str, earlier: Sequence[str]) -> str:
    """What is read: the question, behind the one before it where it cannot be understood alone."""
    return f"{earlier[-1]} {question}" if earlier and leans(question) else question


class Encoder:
    """Makes the network's input."""

    def __init__(self) -> None:
        self.tokenizer: Any = packaged_tokenizer()

    def encode(self, question: str, hit: Hit) -> Encoded:
        """The question and the hit's passage under its title and heading."""
        prefix = prefix_of(hit)
        passage = f"{prefix}{hit.text}"
        asked, asked_at = self._tokens(question)
        asked, asked_at = asked[-_QUESTION_TOKENS:], asked_at[-_QUESTION_TOKENS:]
        told, told_at = self._tokens(passage)
        kept = np.r_[: min(_PREFIX_TOKENS, outside := int((told_at[:, 0] < len(prefix)).sum())), outside : len(told)]
        told, told_at = told[kept][: _TOKENS - len(asked)], told_at[kept][: _TOKENS - len(asked)]
        asked_kinds = _shared(question, asked_at, terms_of(passage))
        told_kinds = 2 + _shared(passage, told_at, terms_of(question))
        offsets = np.full((len(asked) + len(told) + 3, 2), -1, np.int64)
        offsets[len(asked) + 2 : -1] = told_at - len(prefix)
        sentences = np.full(len(offsets), -1, np.int64)
        for number, span in enumerate(hit.sentences):
            start, end = span.span.start - hit.start, span.span.end - hit.start
            sentences[(offsets[:, 0] >= start) & (offsets[:, 1] <= end) & (offsets[:, 1] > offsets[:, 0])] = number
        return Encoded(
            np.concatenate([[_BEGINS], asked, [_ENDS], told, [_ENDS]]),
            np.concatenate([[0], asked_kinds, [0], told_kinds, [2]]),
            sentences,
            offsets,
        )

    def _tokens(self, text: str) -> tuple[Numbers, Numbers]:
        found = self.tokenizer(
            text, add_special_tokens=False, split_special_tokens=True, return_offsets_mapping=True, verbose=False
        )
        return np.array(found["input_ids"], np.int64), np.array(found["offset_mapping"], np.int64).reshape(-1, 2)


def batch(texts: Sequence[Encoded]) -> tuple[Tensor, Tensor, Tensor, Tensor, int]:
    """Several texts for one pass of the network, padded to the longest."""
    import torch

    longest = max(len(text.ids) for text in texts)
    count = max(1, *(int(text.sentences.max()) + 1 for text in texts))

    def padded(rows: list[Numbers], by: int) -> Tensor:
        return torch.from_numpy(np.stack([np.pad(row, (0, longest - len(row)), constant_values=by) for row in rows]))

    ids, kinds = padded([text.ids for text in texts], 0), padded([text.kinds for text in texts], 0)
    mask = padded([np.ones_like(text.ids) for text in texts], 0).bool()
    return ids, kinds, mask, padded([text.sentences for text in texts], -1), count


def prefix_of(hit: Hit) -> str:
    """Title and heading, each on a line and not longer than a passage can spare."""
    lines = dict.fromkeys(line[: _PREFIX // 2] for line in (hit.title, hit.heading) if line)
    return "".join(f"{line}\n" for line in lines)


def _shared(text: str, offsets: Numbers, others: Collection[str]) -> Numbers:
    """1 for each token of a word whose term is among others', else 0."""
    shared = np.zeros(len(offsets), np.int64)
    for term, start, end in ordered_terms(text):
        if term in others:
            shared[(offsets[:, 0] < end) & (offsets[:, 1] > start)] = 1
    return shared
