"""Wiring: settings to a running assistant. The one place that names concrete classes."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.conversations import Conversations, blank_removed_source
from assistant.settings import Settings
from corpus.library import Library
from index.settings import DEFAULT_MODEL

if TYPE_CHECKING:
    from assistant.check import Checker
    from assistant.engine import Assistant
    from index.build import Indexer
    from index.embedding import Embedder
    from index.retriever import Retriever
    from index.spellings import Spellings
    from index.store import Store


@dataclass
class Wiring:
    """The parts of one Footnote, each made when first asked for: listing documents loads no model."""

    settings: Settings
    lenders: tuple[Path, ...] = ()
    ready: threading.Event = field(default_factory=threading.Event)

    @cached_property
    def library(self) -> Library:
        """The library of the home."""
        return Library(self.settings.home, on_remove=blank_removed_source)

    @cached_property
    def conversations(self) -> Conversations:
        """Its conversations."""
        return Conversations(self.library)

    @cached_property
    def store(self) -> Store:
        """Its passages; holds the library to the index settings in force."""
        from index.store import Store

        store = Store(self.library)
        store.check(self.settings.index)
        return store

    @cached_property
    def embedder(self) -> Embedder:
        """The embedding model."""
        from index.embedding import Embedder

        return Embedder(self.settings.index.model)

    @cached_property
    def indexer(self) -> Indexer:
        """The writer of documents and passages."""
        from index.build import Indexer

        return Indexer(self.library, self.embedder, self.settings.index, self.lenders)

    def rebuild(self) -> None:
        """Cuts and embeds all documents anew with the index settings in force, whatever they were before.

        The model is tried first: one that cannot be loaded costs nothing.
        """
        from index.chunking import tiktoken_encoding
        from index.store import Store

        tiktoken_encoding(self.settings.index.encoding)
        self.embedder.embed([""])
        store = Store(self.library)
        store.reclaim(self.settings.index)
        self.indexer.fill_gaps()
        store.drop_unused_embeddings()

    @cached_property
    def retriever(self) -> Retriever:
        """Search over the library."""
        from index.retriever import Retriever

        return Retriever(self.store, self.embedder, self.spellings)

    @cached_property
    def spellings(self) -> Spellings:
        """The names that questions and claims are searched for."""
        from corpus.names import all_names
        from index.spellings import Spellings

        return Spellings(all_names(self.settings.home))

    @cached_property
    def checker(self) -> Checker:
        """The check of claims; it reads with the default model, on whose vectors it was fitted, whatever searches."""
        from assistant.check import Checker
        from index.embedding import Embedder

        embedder = self.embedder if self.settings.index.model == DEFAULT_MODEL else Embedder(DEFAULT_MODEL)
        return Checker(embedder, self.spellings)

    @cached_property
    def assistant(self) -> Assistant:
        """The assistant itself."""
        from assistant.about_library import AboutLibrary
        from assistant.engine import Assistant
        from assistant.replies import Replies

        return Assistant(
            self.retriever,
            self.conversations,
            Replies(AboutLibrary(self.library, self.spellings), self.conversations),
            threshold=self.settings.answer_threshold,
            fingerprint=self.settings.index.fingerprint,
            checker=self.checker,
        )

    def warm_up(self) -> None:
        """Loads the model, the index and the check's tables, so that no question waits for them."""
        from index.types import Query

        self.retriever.search(Query("ready"), 1)
        self.checker.check("All is ready now.", ["It is ready."])
        self.ready.set()


@contextmanager
def wired(settings: Settings, lenders: Sequence[Path] = ()) -> Iterator[Wiring]:
    """A Footnote for these settings; its library is closed at the end. ``lenders`` may lend stored vectors."""
    wiring = Wiring(settings, tuple(lenders))
    try:
        yield wiring
    finally:
        if "library" in wiring.__dict__:
            wiring.library.close()
