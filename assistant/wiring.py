"""Wiring: settings to a running assistant. The one place that names concrete classes."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.blanking import blank_removed_source
from assistant.conversations import Conversations
from assistant.settings import Settings
from assistant.upload_files import erase_upload
from corpus.errors import BadRequest
from corpus.library import Library
from corpus.rehearsal import rehearsal
from index.settings import DEFAULT_MODEL

if TYPE_CHECKING:
    from assistant.answerers.chat_server import ServerAddress
    from assistant.check import Checker
    from assistant.engine import Assistant
    from assistant.ports import Answerer
    from assistant.ranking import Ranker
    from assistant.reader import AnswerReader
    from corpus.reading import Reader
    from index.build import Indexer
    from index.embedding import Embedder
    from index.retriever import Retriever
    from index.spellings import Spellings
    from index.store import Store


@dataclass
class Wiring:
    """The parts of one Footnote, each made when first asked for: listing documents loads no model.

    ``local_llm`` has a language model on this machine write the answers; it runs until `close`. ``rehearsing`` works
    on a library in memory that knows which documents the one in the home has, and leaves that one as it is.
    """

    settings: Settings
    lenders: tuple[Path, ...] = ()
    ready: threading.Event = field(default_factory=threading.Event)
    local_llm: bool = False
    rehearsing: bool = False
    _running: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def library(self) -> Library:
        """The library of the home."""
        if self.rehearsing:
            return rehearsal(self.settings.home)
        return Library(self.settings.home, on_remove=self._on_remove)

    def _on_remove(self, connection: sqlite3.Connection, document_id: str) -> None:
        blank_removed_source(connection, document_id)
        erase_upload(self.settings.home, connection, document_id)

    @cached_property
    def conversations(self) -> Conversations:
        """Its conversations."""
        return Conversations(self.library)

    @cached_property
    def store(self) -> Store:
        """Its passages; holds the library to the index settings in force."""
        from index.store import Store

        store = Store(self.library, self.settings.index)
        store.check(self.settings.index)
        return store

    @cached_property
    def embedder(self) -> Embedder:
        """The embedding model."""
        from index.embedding import Embedder

        return Embedder(self.settings.index.model)

    @cached_property
    def read_files(self) -> Reader:
        """What reads files: processes of their own, each file within the settings' limits.

        They start when this is first asked for, while this process goes on: asked for before the model, they are ready
        when it is.
        """
        from corpus.workers import Workers

        workers = Workers(self.settings.read_seconds, self.settings.read_megabytes)
        self._running.callback(workers.close)
        return workers.read

    @cached_property
    def indexer(self) -> Indexer:
        """The writer of documents and passages; it fetches from public addresses alone unless the settings say else."""
        from corpus.web.addresses import any_address, is_public
        from index.build import Indexer
        from index.rehearsing import Rehearsal

        made = Rehearsal if self.rehearsing else Indexer
        return made(
            self.library,
            self.embedder,
            self.settings.index,
            self.lenders,
            reader=lambda tasks: self.read_files(tasks),
            permitted=any_address if self.settings.allow_private else is_public,
        )

    def rebuild(self) -> None:
        """Cuts and embeds all documents anew with the index settings in force, whatever they were before.

        The model is tried first: one that cannot be loaded costs nothing.
        """
        from index.build import Indexer
        from index.chunking import tiktoken_encoding

        tiktoken_encoding(self.settings.index.encoding)
        self.embedder.embed([""])
        Indexer(self.library, self.embedder, self.settings.index, self.lenders, anew=True).rebuild()

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
        """The check of claims."""
        from assistant.check import Checker

        return Checker(self.default_embedder, self.spellings)

    @cached_property
    def ranker(self) -> Ranker:
        """The ranking of sentences, whatever model searches."""
        from assistant.ranking import Ranker

        return Ranker(self.answer_reader)

    @cached_property
    def answer_reader(self) -> AnswerReader:
        """What reads a question together with the passages found."""
        from assistant.reader import AnswerReader

        return AnswerReader()

    @cached_property
    def default_embedder(self) -> Embedder:
        """The default model, on whose vectors the check was fitted, whatever model searches."""
        from index.embedding import Embedder

        return self.embedder if self.settings.index.model == DEFAULT_MODEL else Embedder(DEFAULT_MODEL)

    @cached_property
    def answerer(self) -> Answerer:
        """Who writes the answers: the documents' own sentences, or a language model where it was switched on.

        Raises:
            BadRequest: a language model was switched on, but which one is not said.
            ModelUnavailable: what it takes is not installed, or it cannot be loaded.
        """
        from assistant.answerers.extractive import Extractive

        if self.settings.answerer == "extractive" and not self.local_llm:
            return Extractive()
        from assistant.answerers.chat_server import ChatServer
        from assistant.answerers.language_model import LanguageModel
        from assistant.answerers.prompt import PromptLimits
        from index.chunking import tiktoken_encoding

        settings = self.settings
        address = self._local_address() if self.local_llm else server_address(settings)
        server = ChatServer(address, seconds=settings.llm_seconds, answer_tokens=settings.llm_answer_tokens)
        encoding = tiktoken_encoding(settings.index.encoding)
        limits = PromptLimits(settings.llm_prompt_tokens, settings.llm_history_tokens)
        return LanguageModel(server, Extractive(), limits, lambda text: len(encoding.encode_ordinary(text)))

    def _local_address(self) -> ServerAddress:
        from assistant.local_llm import local_server

        return self._running.enter_context(local_server())

    @cached_property
    def fingerprint(self) -> str:
        """Names all that an answer depends on besides the documents: what searches, ranks and checks, who writes."""
        settings = self.settings
        named = f"llm {settings.llm_model}" if settings.answerer == "llm" else settings.answerer
        writer = "local llm" if self.local_llm else named
        models = f"{self.search_fingerprint} {self.ranker.fingerprint} {self.checker.fingerprint}"
        facts = f"{settings.answer_threshold} {writer} {models}"
        return f"{settings.index.fingerprint}-{hashlib.sha256(facts.encode()).hexdigest()[:8]}"

    @cached_property
    def search_fingerprint(self) -> str:
        """Names all that a search depends on besides the documents: the index, the names, how voices are weighed."""
        from index.fusion import QUESTION, TOPIC

        facts = f"{QUESTION} {TOPIC} {self.spellings.fingerprint}"
        return f"{self.settings.index.fingerprint}-{hashlib.sha256(facts.encode()).hexdigest()[:8]}"

    @cached_property
    def assistant(self) -> Assistant:
        """The assistant itself."""
        return self._assistant(self.answerer)

    @cached_property
    def silent(self) -> Assistant:
        """One without a language model, that sends nothing anywhere: for searches, and questions that nobody asked."""
        from assistant.answerers.extractive import Extractive

        return self._assistant(Extractive())

    def _assistant(self, answerer: Answerer) -> Assistant:
        from assistant.about_library import AboutLibrary
        from assistant.engine import Assistant
        from assistant.replies import Replies

        return Assistant(
            self.retriever,
            self.ranker,
            self.conversations,
            Replies(AboutLibrary(self.library, self.spellings), self.conversations),
            answerer,
            threshold=self.settings.answer_threshold,
            fingerprint=self.fingerprint,
            checker=self.checker,
        )

    def warm_up(self) -> None:
        """Loads the models, the index and the check's tables, so that no question waits for them."""
        from index.types import Query

        self.retriever.search(Query("ready"), 1)
        self.answer_reader.warm_up()
        self.checker.check("All is ready now.", ["It is ready."])
        self.ready.set()

    def close(self) -> None:
        """Stops what runs and closes the library."""
        self._running.close()
        if "library" in self.__dict__:
            self.library.close()


@contextmanager
def wired(
    settings: Settings, lenders: Sequence[Path] = (), *, local_llm: bool = False, rehearsing: bool = False
) -> Iterator[Wiring]:
    """A Footnote for these settings, closed at the end. ``lenders`` may lend stored vectors."""
    wiring = Wiring(settings, tuple(lenders), local_llm=local_llm, rehearsing=rehearsing)
    try:
        yield wiring
    finally:
        wiring.close()


def server_address(settings: Settings) -> ServerAddress:
    """The language model's server that the settings name.

    Raises:
        BadRequest: they do not say which server or which model, or the address is none.
    """
    from assistant.answerers.chat_server import OPENAI_URL, ServerAddress

    key = settings.openai_api_key.get_secret_value().strip() if settings.openai_api_key else ""
    url = (settings.openai_base_url or "").strip()
    if not url and not key:
        raise BadRequest(
            "a language model is switched on, but no server is named",
            "set OPENAI_BASE_URL (or OPENAI_API_KEY for OpenAI's own), or leave --answerer llm out",
            "openai_base_url",
        )
    if not settings.llm_model:
        raise BadRequest(
            "a language model is switched on, but none is named",
            "set FOOTNOTE_LLM_MODEL to a model of the server",
            "llm_model",
        )
    address = ServerAddress(url or OPENAI_URL, settings.llm_model, **({"api_key": key} if key else {}))
    _ = address.host  # an address that is none is said before anything is sent
    return address
