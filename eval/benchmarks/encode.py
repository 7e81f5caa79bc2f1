"""`footnote bench encode`: tokens of text a second, beside sentence-transformers' default."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from assistant.settings import Settings
from corpus.types import Document
from eval.benchmarks.measured import documents_of, empty_footnote, timed
from index.chunking import Chunker
from index.embedding import Embedder, Vectors
from index.types import Passage

_ROUNDS = 10


class _Watched(Embedder):
    """An embedder that counts the seconds spent on passages."""

    seconds = 0.0

    def embed_passages(self, passages: Sequence[Passage]) -> list[Vectors]:
        """As `Embedder.embed_passages`."""
        made: list[list[Vectors]] = []
        self.seconds += timed(lambda: made.append(super(_Watched, self).embed_passages(passages)))
        return made[0]


def encode_figures(settings: Settings, folder: Path | None, wanted: int) -> dict[str, float | int]:
    """Encodes the first ``wanted`` passages in turns, ours and the peer's, then indexes their documents as a whole.

    Ours also makes the vectors of all sentences; the peer makes one vector a passage. A passage's tokens are the
    model's own, of its whole text under its title.
    """
    embedder = _Watched(settings.index.model)
    chunker = Chunker(settings.index, embedder.window, embedder.count_tokens, embedder.splits_at_space)
    passages: list[Passage] = []
    documents: list[Document] = []
    for document in documents_of(settings, folder):
        if len(passages) >= wanted:
            break
        documents.append(document)
        passages.extend(chunker.cut(document))
    passages = passages[:wanted]
    tokens = sum(embedder.count_tokens([passage.embedded for passage in passages]))
    model = embedder.model
    model.encode(["ready"], show_progress_bar=False)
    ours: list[float] = []
    peer: list[float] = []
    for part in np.array_split(np.arange(len(passages)), min(_ROUNDS, len(passages))):
        batch = [passages[number] for number in part]
        texts = [passage.embedded for passage in batch]
        ours.append(timed(embedder.embed_passages, batch))
        peer.append(timed(partial(model.encode, show_progress_bar=False), texts))
    with tempfile.TemporaryDirectory() as home, empty_footnote(settings, Path(home)) as footnote:
        footnote.embedder = embedder
        embedder.seconds = 0.0
        whole = timed(lambda: footnote.indexer.add_documents(documents))
    return {
        "passages": len(passages),
        "tokens": tokens,
        "tokens_per_second": round(tokens / sum(ours)),
        "peer_tokens_per_second": round(tokens / sum(peer)),
        "ratio": round(sum(peer) / sum(ours), 3),
        "ratio_median": round(float(np.median(np.array(peer) / np.array(ours))), 3),
        "indexing_seconds": round(whole, 2),
        "besides_encoding": round(whole / embedder.seconds - 1, 4) if embedder.seconds else 0.0,
    }
