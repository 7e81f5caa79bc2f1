"""Reading: one source to its parts, in this process. `corpus.workers` does the same in others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from corpus.containers.parts import Part
from corpus.errors import ReadingError
from corpus.intake import Source, load, settled
from corpus.web.content import part_of_content


@dataclass(frozen=True, slots=True)
class Task:
    """A source to read. One whose hash is ``known`` has not changed since it was read, and is not read again."""

    source: Source
    known: str | None = None


Reading = Iterator[tuple[Task, Iterator[Part]]]
# How tasks become parts, in the order of the tasks. The parts of one are to be taken before the next is asked for.
Reader = Callable[[Iterable[Task]], Reading]


def read_here(tasks: Iterable[Task]) -> Reading:
    """Reads in this process, without limits: for what is trusted."""
    for task in tasks:
        yield task, parts_of(task)


def parts_of(task: Task, done: int = 0, lost: str | None = None, *, opening: bool = False) -> Iterator[Part]:
    """The parts of one source, or those that are left of it: see `corpus.containers.walk.Walk`.

    A source that has not changed is one part in the state `unchanged`.
    """
    from corpus.containers.walk import Walk

    try:
        data, source_hash = load(task.source)
    except ReadingError as error:
        yield Part("", state="skipped" if error.skipped else "failed", reason=str(error))
        return
    except MemoryError:
        yield Part("", state="failed", reason="the file is too large for the setting read_megabytes: split it")
        return
    if source_hash == task.known:
        yield Part("", state="unchanged", source_hash=source_hash)
        return
    walk = Walk(dict(task.source.fields), done, lost, opening=opening)
    for part in walk.parts(task.source.path.name, data):
        if task.source.content is not None:
            part = part_of_content(part, task.source.content)
        yield replace(_with_metadata(task.source, part), source_hash=source_hash)


def _with_metadata(source: Source, part: Part) -> Part:
    if part.extracted is None:
        return part
    try:
        return replace(part, metadata=settled(source, part.extracted))
    except OSError as error:  # the model that tells languages unpacks itself into a temporary file
        reason = f"its language cannot be told ({error.strerror}): make room for temporary files"
        return Part(part.name, state="failed", reason=reason)
