"""Uploads: files and URLs that a server was given, read one after another in a thread of its own."""

from __future__ import annotations

import datetime as dt
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from assistant.conversations import new_id
from assistant.upload_files import drop_upload, erase_forgotten, is_used, keep_upload
from assistant.wiring import Wiring
from corpus.errors import AlreadyDone, FootnoteError, NotFound
from corpus.intake import Source, find_sources, url_source
from corpus.types import FileReport

_REMEMBERED = 1000
_STOP_SECONDS = 10.0
_READ_WELL = ("added", "updated", "unchanged", "moved", "duplicate")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Upload:
    """One upload and how far it is: ``state`` is `waiting`, `reading`, `cancelled` or as of a file that was read.

    ``documents`` are the files in it, for a plain file the file itself; ``created`` is an ISO stamp in UTC.
    """

    id: str
    name: str
    created: str
    state: str = "waiting"
    document_id: str | None = None
    reason: str | None = None
    done: bool = False
    documents: tuple[FileReport, ...] = ()


class _Cancelled(Exception):
    """Raised into the indexer where it can stop with nothing stored."""


class Uploads:
    """The uploads of one server's life."""

    def __init__(self, footnote: Wiring) -> None:
        self._footnote = footnote
        self._lock = threading.Lock()
        self._uploads: dict[str, Upload] = {}
        self._waiting: queue.Queue[tuple[str, Path | None, Source] | None] = queue.Queue()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="uploads", daemon=True)

    def start(self) -> None:
        """Begins to read what is added."""
        self._thread.start()

    def stop(self) -> None:
        """Ends: what waits is dropped, what is being read is not stored."""
        self._stopped = True
        self._waiting.put(None)
        self._thread.join(_STOP_SECONDS)

    def add_file(self, name: str, content: BinaryIO) -> Upload:
        """Keeps a file and has it read.

        Raises:
            LibraryUnusable: it cannot be kept.
        """
        path = keep_upload(self._footnote.settings.home, name, content)
        (source,) = find_sources([path])
        return self._add(path.name, path, source)

    def add_url(self, url: str) -> Upload:
        """Has the page, document or feed at an address read."""
        source = url_source(url)
        return self._add(source.place, None, source)

    def all(self) -> list[Upload]:
        """All uploads, newest first."""
        with self._lock:
            return list(self._uploads.values())[::-1]

    def get(self, upload_id: str) -> Upload:
        """One upload.

        Raises:
            NotFound: there is none with this id.
        """
        with self._lock:
            if upload_id not in self._uploads:
                raise NotFound(f"no upload {upload_id!r}", "uploads are forgotten when the server stops")
            return self._uploads[upload_id]

    def cancel(self, upload_id: str) -> None:
        """Drops an upload that waits, and stops one that is being read.

        Raises:
            NotFound: there is none with this id.
            AlreadyDone: it has been read.
        """
        with self._lock:
            upload = self._uploads.get(upload_id)
            if upload and not upload.done:
                self._uploads[upload_id] = replace(upload, state="cancelled", done=True)
                return
        upload = self.get(upload_id)
        raise AlreadyDone(f"the upload {upload.name!r} is {upload.state} already", "delete its document instead")

    def _add(self, name: str, path: Path | None, source: Source) -> Upload:
        upload = Upload(new_id("u"), name, dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"))
        with self._lock:
            done = [number for number, known in self._uploads.items() if known.done]
            for number in done[: max(0, len(self._uploads) - _REMEMBERED)]:
                del self._uploads[number]
            self._uploads[upload.id] = upload
        self._waiting.put((upload.id, path, source))
        return upload

    def _run(self) -> None:
        self._tidily(self._erase_forgotten)
        while item := self._waiting.get():
            upload_id, path, source = item
            reports: list[FileReport] = []
            try:
                self._read(upload_id, source, reports)
            except _Cancelled:
                self._tidily(partial(self._take_back, reports))
            except FootnoteError as error:
                self._fail(upload_id, reports, str(error))
            except Exception:  # noqa: BLE001 - one upload never stops the others
                _log.exception("an upload could not be read")
                self._fail(upload_id, reports, "something went wrong inside Footnote: see the server's output")
            if path is not None:
                self._tidily(partial(self._drop_unused, path))

    def _read(self, upload_id: str, source: Source, reports: list[FileReport]) -> None:
        self._note(upload_id, state="reading")
        indexer = self._footnote.indexer
        indexer.go_on, before = partial(self._go_on, upload_id), indexer.go_on
        try:
            for report in indexer.index([source]):
                reports.append(report)
                self._note(upload_id, documents=tuple(reports))
        finally:
            indexer.go_on = before
        state, reason = _outcome(reports)
        document_ids = {report.document_id for report in reports}
        document_id = document_ids.pop() if len(document_ids) == 1 else None
        self._note(upload_id, state=state, reason=reason, document_id=document_id, done=True)

    def _go_on(self, upload_id: str) -> None:
        if self._stopped or self.get(upload_id).done:
            raise _Cancelled

    def _note(self, upload_id: str, **facts: object) -> None:
        """Notes how far an upload is, unless it was cancelled meanwhile."""
        with self._lock:
            upload = self._uploads[upload_id]
            if self._stopped or upload.done:
                raise _Cancelled
            self._uploads[upload_id] = replace(upload, **facts)  # type: ignore[arg-type]

    def _fail(self, upload_id: str, reports: Sequence[FileReport], reason: str) -> None:
        with self._lock:
            upload = self._uploads[upload_id]
            if not upload.done:
                self._uploads[upload_id] = replace(
                    upload, state="failed", reason=reason, documents=tuple(reports), done=True
                )

    def _take_back(self, reports: Sequence[FileReport]) -> None:
        """Forgets what was stored already of an upload that was cancelled."""
        for report in reports:
            if report.state in ("added", "partial", "duplicate"):
                self._footnote.library.leave_place(report.path)

    def _tidily(self, step: Callable[[], None]) -> None:
        """Takes a step whose failing must not keep other uploads from being read."""
        try:
            step()
        except (FootnoteError, OSError) as error:
            _log.error("footnote: what an upload left behind could not be erased: %s", error)

    def _erase_forgotten(self) -> None:
        with self._footnote.library.reading() as connection:
            erase_forgotten(self._footnote.settings.home, connection)

    def _drop_unused(self, path: Path) -> None:
        with self._footnote.library.reading() as connection:
            used = is_used(path, connection)
        if not used:
            drop_upload(path)


def _outcome(reports: Sequence[FileReport]) -> tuple[str, str | None]:
    """The state of an upload and its reason, from those of the files in it."""
    if not reports:
        return "failed", "there was nothing in it to read"
    if len(reports) == 1:
        return reports[0].state, reports[0].reason
    left = [report for report in reports if report.state not in _READ_WELL]
    if not left:
        states = {report.state for report in reports}
        return (states.pop() if len(states) == 1 else "added"), None
    reason = f"{len(left)} of {len(reports)} not read whole, first {left[0].path}: {left[0].reason}"
    return ("failed" if {report.state for report in reports} == {"failed"} else "partial"), reason
