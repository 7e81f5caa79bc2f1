"""Rehearsing an indexing run: the same decisions over a library in memory (`corpus.rehearsal`), nothing kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.types import Document
from index.build import Indexer
from index.embedding import Vectors
from index.types import Passage


class Rehearsal(Indexer):
    """Says what would become of each source: nothing is cut, embedded or linked."""

    def _catch_up(self) -> None:
        pass

    def _cut(self, document: Document) -> list[Passage]:
        return []

    def _put(self, document: Document, passages: Sequence[Passage], vectors: dict[str, Vectors]) -> None:
        self._library.put(replace(document, text=""))

    def _link(self, document: Document) -> None:
        pass
