"""Watching: the files under some paths are read again as they change, each once it is quiet."""

from __future__ import annotations

import os
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import BadRequest
from corpus.intake import FOLDER_METADATA_FILE, Source, find_sources
from corpus.types import FileReport, Metadata
from index.build import Indexer

_QUIET_SECONDS = 0.8
_TICK_MILLISECONDS = 200

Stamp = tuple[int, int] | None  # size and time of change, nothing where there is no file


def watch(
    indexer: Indexer,
    paths: Sequence[Path],
    given: Metadata = Metadata(),
    fields: Mapping[str, str] | None = None,
    *,
    prune: bool = False,
    first: Iterator[FileReport],
) -> Generator[FileReport, None, None]:
    """The reports of ``first``, then one for each file whose content changes, until KeyboardInterrupt.

    Watching begins before ``first`` is read, so that no change between the two is missed. Deleted files are forgotten
    with ``prune`` alone.

    Raises:
        BadRequest: one of the paths is not there, or there is none.
    """
    from watchfiles import watch as changes_of

    missing = [str(path) for path in paths if not path.exists()]
    if missing or not paths:
        raise BadRequest(f"{missing[0]!r} does not exist" if missing else "nothing to watch", "name files or folders")
    roots = [Path(os.path.abspath(path)) for path in paths]
    pending = _Pending()
    started = False
    # An editor may put a new file in the place of the old one, which only the folder around it shows.
    for changes in changes_of(
        *{root if root.is_dir() else root.parent for root in roots},
        watch_filter=None,
        recursive=any(root.is_dir() for root in roots),
        debounce=_TICK_MILLISECONDS,
        step=_TICK_MILLISECONDS // 2,
        rust_timeout=_TICK_MILLISECONDS,
        yield_on_timeout=True,
    ):
        if not started:
            started = True
            yield from first
        for _, changed in changes:
            pending.note(Path(changed))
        quiet = pending.quiet()
        if quiet:
            reports = indexer.index(_sources(quiet, roots, given, fields))
            yield from (report for report in reports if report.state != "unchanged")
            if prune and any(not os.path.lexists(path) for path in quiet):
                yield from indexer.prune(paths)


@dataclass
class _Pending:
    """Paths that changed, with their stamps and when they were last seen to change."""

    _seen: dict[Path, tuple[Stamp, float]] = field(default_factory=dict)

    def note(self, path: Path) -> None:
        self._seen[path] = (_stamp(path), time.monotonic())

    def quiet(self) -> list[Path]:
        """Takes out those that have not changed for a while."""
        now = time.monotonic()
        for path, (stamp, _) in self._seen.items():
            if _stamp(path) != stamp:
                self.note(path)
        quiet = sorted(path for path, (_, since) in self._seen.items() if now - since >= _QUIET_SECONDS)
        for path in quiet:
            del self._seen[path]
        return quiet


def _sources(
    changed: Sequence[Path], roots: Sequence[Path], given: Metadata, fields: Mapping[str, str] | None
) -> Iterator[Source]:
    """What there is to read at changed paths, as a walk over the roots would find it."""
    there: list[Path] = []
    for path in changed:
        if _hidden(path, roots):
            continue
        beside = path.parent if path.name == FOLDER_METADATA_FILE else path
        if beside.exists():
            there.append(beside)
    return find_sources(there, given, fields)


def _hidden(path: Path, roots: Sequence[Path]) -> bool:
    """Whether a part of the path below the root that it lies under begins with a dot."""
    return all(
        not path.is_relative_to(root) or any(part.startswith(".") for part in path.relative_to(root).parts)
        for root in roots
    )


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
