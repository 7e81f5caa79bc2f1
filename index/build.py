"""Indexing: sources to documents, passages and embeddings. The only writer of the library's documents.

Sources are read until they make a batch worth embedding; then each document is stored with its passages and their
embeddings in one transaction and reported. A process killed at any moment leaves whole documents only, among them
every one that was reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.absence import gone_places
from corpus.container_records import members_at, remember_container
from corpus.duplicates import link, link_missing
from corpus.hiding import restore
from corpus.intake import Source, desk_sources, place_exists
from corpus.library import Library
from corpus.reading import Reader, read_here
from corpus.types import Document, FileReport, State
from corpus.web.addresses import Permission, is_public
from corpus.web.visits import remember
from index.chunking import Chunker
from index.embedding import Embedder, Vectors, embedding_key
from index.incoming import Incoming, Prepared, ReadThrough, incoming
from index.rebuild import rebuild
from index.settings import IndexSettings
from index.store import Store, vector_bytes
from index.types import Passage

if TYPE_CHECKING:
    from corpus.web.visiting import Visitor

_BATCH_PASSAGES = 64


class Indexer:
    """Reads sources into one library."""

    def __init__(
        self,
        library: Library,
        embedder: Embedder,
        settings: IndexSettings,
        lenders: Sequence[Path] = (),
        reader: Reader = read_here,
        *,
        permitted: Permission = is_public,
        anew: bool = False,
    ) -> None:
        """Raises OtherIndex if the library's index was made with other settings, unless it is to be made ``anew``.

        ``lenders`` are the files of other libraries whose stored vectors may be taken over. ``reader`` reads the
        sources; the shipped desk, which is trusted, is read in this process. ``permitted`` says which addresses of the
        web may be asked.
        """
        self._reader = reader
        self._lenders = lenders
        self._library = library
        self._store = Store(library)
        self._embedder = embedder
        self._settings = settings
        self._permitted = permitted
        if not anew:
            self._store.check(settings)
        self.go_on: Callable[[], None] = lambda: None
        """Called before and while a group is embedded: what it raises ends the run, with nothing of it stored."""

    @cached_property
    def _chunker(self) -> Chunker:
        embedder = self._embedder
        return Chunker(self._settings, embedder.window, embedder.count_tokens, embedder.splits_at_space)

    def _cut(self, document: Document) -> list[Passage]:
        return self._chunker.cut(document)

    def index(self, sources: Iterable[Source]) -> Iterator[FileReport]:
        """Reads each source and yields its final state once it is stored, in the order of the sources.

        A file of many documents has a report for each. One bad source never stops the others.
        """
        yield from self._index(sources, self._reader)

    def _index(self, sources: Iterable[Source], reader: Reader) -> Iterator[FileReport]:
        self._catch_up()
        group: list[Incoming] = []
        passages = 0
        for item in incoming(self._visited(sources), self._library, reader, self._cut):
            group.append(item)
            passages += len(item.passages) if isinstance(item, Prepared) else 0
            if not passages or passages >= _BATCH_PASSAGES:
                yield from self._store_group(group)
                group, passages = [], 0
        yield from self._store_group(group)

    @cached_property
    def _visitor(self) -> Visitor:
        """What fetches URLs, imported once there are any."""
        from corpus.web.client import Client
        from corpus.web.visiting import Visitor

        return Visitor(self._library, Client(permitted=self._permitted))

    def _visited(self, sources: Iterable[Source]) -> Iterator[Source | FileReport]:
        """The sources, those of URLs fetched; reports of pages that there is nothing to read of."""
        seen: set[str] = set()
        for source in sources:
            yield from [source] if source.url is None else self._visitor.visit(source, seen)

    def index_desk(self) -> Iterator[FileReport]:
        """Brings the shipped desk up to date; briefs that are no longer shipped are removed."""
        sources = list(desk_sources())
        former = set(self._library.desk_places())
        yield from self._index(sources, read_here)
        for place in sorted(former - {source.place for source in sources}):
            known = self._library.at_place(place)
            if known:
                self._library.leave_place(place)
                yield FileReport(place, "removed", known[0])

    def remove_desk(self) -> list[FileReport]:
        """Removes the shipped desk."""
        reports = []
        for place in self._library.desk_places():
            known = self._library.at_place(place)
            self._library.leave_place(place)
            reports.append(FileReport(place, "removed", known[0] if known else None))
        return reports

    def prune(self, paths: Sequence[Path | str]) -> Iterator[FileReport]:
        """Forgets the places at and under these paths that are gone, and documents that have no other place."""
        for place in gone_places(self._library.user_places(), paths):
            known = self._library.at_place(place)
            if known:
                self._library.leave_place(place)
                yield FileReport(place, "removed", known[0])

    def add_documents(self, documents: Sequence[Document]) -> None:
        """Stores documents as they are, under their own ids, with their passages."""
        cut = [self._cut(document) for document in documents]
        vectors = self._embed([passage for passages in cut for passage in passages])
        with self._library.writing():
            for document, passages in zip(documents, cut, strict=True):
                self._put(document, passages, vectors)

    def fill_gaps(self) -> None:
        """Cuts and embeds those documents that have no passages, as after a change of settings."""
        for document_id in self._store.unindexed():
            self.add_documents([self._library.document(document_id)])

    def rebuild(self) -> None:
        """Cuts and embeds all documents anew with these settings, beside the index that serves. See `index.rebuild`."""
        rebuild(self._library, self._settings, self._cut, self._embed)

    def _catch_up(self) -> None:
        """Does for stored documents what was not done when they were stored."""
        self.fill_gaps()
        link_missing(self._library)

    def _link(self, document: Document) -> None:
        link(self._library, document.id, document.text, document.content_hash)

    def _store_group(self, group: Sequence[Incoming]) -> Iterator[FileReport]:
        vectors = self._embed([passage for item in group if isinstance(item, Prepared) for passage in item.passages])
        for item in group:
            if isinstance(item, FileReport):
                yield item
            elif isinstance(item, ReadThrough):
                yield from self._end(item)
            else:
                with self._library.writing():
                    report = self._settle(item, vectors)
                yield report

    def _end(self, container: ReadThrough) -> list[FileReport]:
        """Removes what is no longer in a container and remembers that this one was read to its end."""
        reports = []
        place = container.source.place
        with self._library.writing():
            for member, document_id in members_at(self._library, place):
                if member not in container.places:
                    self._library.leave_place(member)
                    reports.append(FileReport(member, "removed", document_id))
            remember_container(self._library, place, container.source_hash, container.unread)
        return reports

    def _settle(self, prepared: Prepared, vectors: dict[str, Vectors]) -> FileReport:
        """Decides which document the source is, and stores it. The rules of identity stand in `corpus.library`."""
        at_place = self._library.at_place(prepared.place)
        twin = self._library.with_content(prepared.document.content_hash)
        for document_id in {*(at_place or ())[:1], *([twin] if twin else ())}:
            restore(self._library, document_id)  # read again while it could be taken back, a document is taken back
        if at_place is None:
            return self._join(prepared, twin) if twin else self._add(prepared, vectors)
        known = self._library.document(at_place[0])
        if twin == known.id:
            same = _described(known) == _described(prepared.document)
            return self._update(prepared, known, "unchanged" if same else "updated", vectors)
        if twin or len(known.places) > 1:
            self._library.leave_place(prepared.place)
            return self._join(prepared, twin) if twin else self._add(prepared, vectors)
        return self._update(prepared, known, "updated", vectors)

    def _add(self, prepared: Prepared, vectors: dict[str, Vectors]) -> FileReport:
        document_id = self._library.new_id(prepared.place, prepared.document.content_hash)
        return self._write(prepared, document_id, "added", vectors)

    def _update(self, prepared: Prepared, known: Document, state: State, vectors: dict[str, Vectors]) -> FileReport:
        return self._write(prepared, known.id, state, vectors)

    def _write(self, prepared: Prepared, document_id: str, state: State, vectors: dict[str, Vectors]) -> FileReport:
        if prepared.document.reason and state != "unchanged":
            state = "partial"
        kept = self._library.document(document_id).state if state == "unchanged" else state
        stored = replace(prepared.document, id=document_id, state=kept)
        passages = [replace(passage, document_id=document_id) for passage in prepared.passages]
        self._put(stored, passages, vectors)
        self._put_place(prepared, document_id)
        self._link(stored)
        return FileReport(prepared.place, state, document_id, prepared.document.reason)

    def _join(self, prepared: Prepared, twin: str) -> FileReport:
        """The same content is known: the document moved here, or this is a copy."""
        document = self._library.document(twin)
        gone = [place for place in document.places if not place_exists(place)]
        for place in gone:
            self._library.drop_place(place)
        self._put_place(prepared, twin)
        if gone:
            return FileReport(prepared.place, "moved", twin, f"was at {gone[0]}")
        return FileReport(prepared.place, "duplicate", twin, f"the same content as {document.places[0]}")

    def _put_place(self, prepared: Prepared, document_id: str) -> None:
        source = prepared.read.source
        self._library.put_place(source.place, document_id, prepared.source_hash, desk=source.desk)
        remember(self._library, source)

    def _put(self, document: Document, passages: Sequence[Passage], vectors: dict[str, Vectors]) -> None:
        self._store.claim(self._settings)
        wanted = {embedding_key(passage): passage for passage in passages}
        self._store.put_embeddings(self._settings.model, {key: vectors[key] for key in wanted if key in vectors})
        # What was stored when the group was embedded may have gone with a document that it replaced since.
        self._store.put_embeddings(self._settings.model, self._embed(passages))
        self._library.put(document)
        self._store.replace_passages(document.id, self._settings.fingerprint, passages)

    def _embed(self, passages: Sequence[Passage]) -> dict[str, Vectors]:
        """Vectors by key for those passages that the library has none for."""
        wanted = {embedding_key(passage): passage for passage in passages}
        self._drop_known(wanted)
        for lender in self._lenders:
            if wanted:
                self._store.borrow_embeddings(lender, self._settings.model, wanted)
                self._drop_known(wanted)
        if not wanted:
            return {}
        embedded: dict[str, Vectors] = {}
        for first in range(0, len(wanted), _BATCH_PASSAGES):
            self.go_on()
            keys = list(wanted)[first : first + _BATCH_PASSAGES]
            embedded.update(zip(keys, self._embedder.embed_passages([wanted[key] for key in keys]), strict=True))
        self.go_on()
        return embedded

    def _drop_known(self, wanted: dict[str, Passage]) -> None:
        if wanted:
            sizes = {key: vector_bytes(passage, self._embedder.dimension) for key, passage in wanted.items()}
            for key in self._store.known_embeddings(self._settings.model, sizes):
                del wanted[key]


def _described(document: Document) -> tuple[object, ...]:
    return document.metadata, document.headings, document.rows, document.pages
