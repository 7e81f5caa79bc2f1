"""What comes in: sources, read by a reader here or in worker processes, as documents cut into passages."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from corpus.container_records import container_hash, unchanged_members
from corpus.containers.parts import Part, is_container
from corpus.hiding import restore
from corpus.intake import Read, Source
from corpus.library import Library, content_hash
from corpus.reading import Reader, Task
from corpus.types import Document, FileReport, State
from corpus.web.visits import remember
from index.types import Passage

Cut = Callable[[Document], list[Passage]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that was read and cut; its id is not settled yet."""

    read: Read
    source_hash: str
    document: Document
    passages: list[Passage]

    @property
    def place(self) -> str:
        """Where it was read."""
        return self.read.source.place


@dataclass(frozen=True, slots=True)
class ReadThrough:
    """A container that was read to its end: the places of what it holds, and what could not be read."""

    source: Source
    source_hash: str
    places: frozenset[str]
    unread: tuple[FileReport, ...]


Incoming = Prepared | FileReport | ReadThrough


def incoming(sources: Iterable[Source | FileReport], library: Library, reader: Reader, cut: Cut) -> Iterator[Incoming]:
    """What each source gives, in the order of the sources: documents, reports of what is none, ends of containers.

    Reports among the sources, of pages that there is nothing to read of, are passed on as soon as they come.
    """
    again: list[Source] = []
    reports: deque[FileReport] = deque()
    for task, parts in reader(_tasks(sources, library, reports)):
        while reports:
            yield reports.popleft()
        container = is_container(task.source.path.name)
        found = _container(task.source, parts, library, cut) if container else _file(task.source, parts, library, cut)
        for item in found:
            if isinstance(item, Source):
                again.append(item)
            else:
                yield item
    yield from reports
    if again:
        yield from incoming(again, library, reader, cut)


def _tasks(sources: Iterable[Source | FileReport], library: Library, reports: deque[FileReport]) -> Iterator[Task]:
    for source in sources:
        if isinstance(source, FileReport):
            reports.append(source)
        elif is_container(source.path.name):
            yield Task(source, container_hash(library, source.place))
        else:
            known = library.at_place(source.place)
            yield Task(source, known[1] if known else None)


def _file(source: Source, parts: Iterable[Part], library: Library, cut: Cut) -> Iterator[Incoming | Source]:
    """What a file of one document gives; the source itself where it must be read after all.

    That is where it has not changed, but another process removed the document meanwhile.
    """
    for part in parts:
        if part.state == "unchanged":
            known = library.at_place(source.place)
            if known:
                remember(library, source)
            yield _as_before(library, FileReport(source.place, "unchanged", known[0])) if known else source
        else:
            yield _told(source, part, cut)


def _container(source: Source, parts: Iterable[Part], library: Library, cut: Cut) -> Iterator[Incoming | Source]:
    """What a container gives; the source itself where it must be read after all."""
    places: set[str] = set()
    unread: list[FileReport] = []
    source_hash, whole, documents = "", True, 0
    for part in parts:
        if part.state == "unchanged":
            reports = unchanged_members(library, source.place)
            yield from [source] if reports is None else [_as_before(library, report) for report in reports]
            return
        told = _told(source.member(part.name), part, cut)
        if isinstance(told, FileReport):
            unread.append(told)
            whole = whole and (bool(part.name) or told.state != "failed")
        else:
            documents += 1
        places.add(told.path if isinstance(told, FileReport) else told.place)
        source_hash = part.source_hash
        yield told
    if documents and whole:
        yield ReadThrough(source, source_hash, frozenset(places), tuple(unread))
    elif not documents and source.place not in places:
        yield _nothing_in(source, unread)


def _as_before(library: Library, report: FileReport) -> FileReport:
    """The report of what has not changed; a document that was deleted, but not yet erased, is taken back by it."""
    back = report.document_id is not None and restore(library, report.document_id)
    return replace(report, state="added") if back else report


def _told(source: Source, part: Part, cut: Cut) -> Prepared | FileReport:
    """What a part is: a document, or a report."""
    if part.extracted is None:
        return FileReport(source.place, part.state or "failed", reason=part.reason)
    read = Read(source, part.extracted, part.metadata)
    document = _document(read)
    return Prepared(read, part.source_hash, document, cut(document))


def _document(read: Read) -> Document:
    extracted = read.extracted
    return Document(
        id="",
        text=extracted.text,
        content_hash=content_hash(extracted.text),
        metadata=read.metadata,
        headings=extracted.headings,
        rows=extracted.rows,
        pages=extracted.pages,
        reason=extracted.partial,
    )


def _nothing_in(source: Source, unread: list[FileReport]) -> FileReport:
    """The report of a container in which there is no document."""
    if not unread:
        return FileReport(source.place, "failed", reason="there is nothing in it: nothing to read")
    state: State = "failed" if any(report.state == "failed" for report in unread) else "skipped"
    members = "member" if len(unread) == 1 else "members"
    return FileReport(source.place, state, reason=f"nothing in it is read: see its {len(unread)} {members}")
