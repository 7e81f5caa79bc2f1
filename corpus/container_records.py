"""What the library remembers of containers: that one was read to its end, and which of its members could not be.

A record goes with the first of the container's members that leaves the library, so that the next run reads it anew.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from corpus.containers.parts import MEMBER_MARK
from corpus.library import Library
from corpus.types import FileReport


def container_hash(library: Library, place: str) -> str | None:
    """The hash of a container that was read to its end, if this one was."""
    with library.reading() as connection:
        row = connection.execute("SELECT source_hash FROM containers WHERE place = ?", (place,)).fetchone()
    return row[0] if row else None


def remember_container(library: Library, place: str, source_hash: str, unread: Sequence[FileReport]) -> None:
    """Notes that a container was read to its end; ``unread`` are the reports of what could not be read in it."""
    told = json.dumps([[report.path, report.state, report.reason] for report in unread])
    with library.writing() as connection:
        connection.execute("INSERT OR REPLACE INTO containers VALUES (?, ?, ?)", (place, source_hash, told))


def unchanged_members(library: Library, place: str) -> list[FileReport] | None:
    """The reports for a container that has not changed: its members, and again what could not be read in it.

    None if it is not remembered any more, because another process removed a member meanwhile.
    """
    with library.reading_at_once() as connection:
        row = connection.execute("SELECT unread FROM containers WHERE place = ?", (place,)).fetchone()
        members = members_at(library, place)
    if row is None:
        return None
    unread = [FileReport(path, state, None, reason) for path, state, reason in json.loads(row[0])]
    return [*(FileReport(member, "unchanged", document_id) for member, document_id in members), *unread]


def members_at(library: Library, place: str) -> list[tuple[str, str]]:
    """The places in a container, and the container's own, with the ids of the documents read there, in their order."""
    start = place + MEMBER_MARK
    beyond = start[:-1] + chr(ord(start[-1]) + 1)
    with library.reading() as connection:
        return connection.execute(
            "SELECT place, document_id FROM places WHERE place = ? OR (place >= ? AND place < ?) ORDER BY rowid",
            (place, start, beyond),
        ).fetchall()
