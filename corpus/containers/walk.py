"""The walk through one source: every document in it, containers within containers opened on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import PurePath
from typing import TypeVar

from corpus.containers.mail import open_mailbox, open_message
from corpus.containers.parts import MEMBER_MARK, Member, Note, Opener, Opening, Part, Text, is_container
from corpus.containers.records import open_json, open_json_lines
from corpus.containers.zips import open_zip
from corpus.errors import ReadingError
from corpus.readers import check_type, read
from corpus.types import Extracted

CONTAINERS: dict[str, Opener] = {
    ".eml": open_message,
    ".json": open_json,
    ".jsonl": open_json_lines,
    ".mbox": open_mailbox,
    ".ndjson": open_json_lines,
    ".zip": open_zip,
}
Result = TypeVar("Result")
_DEEPEST = 4  # containers within containers
_MOST_CHARACTERS = 20_000_000


def check_readable(name: str) -> None:
    """Refuses names whose ending neither a reader nor an opener takes.

    Raises:
        ReadingError: with ``skipped`` set.
    """
    if not is_container(name):
        check_type(name, CONTAINERS)


class Walk:
    """One walk through a source, or what is left of it after the first ``done`` parts.

    ``lost`` says why the part after these cannot be read: an earlier walk ended there, and the process with it. Where
    another walk was lost at the same place, it was in ``opening`` the container around that part.
    """

    def __init__(
        self, fields: Mapping[str, str], done: int = 0, lost: str | None = None, *, opening: bool = False
    ) -> None:
        self._opening = Opening(fields)
        self._done = done
        self._lost = lost
        self._lost_opening = opening
        self._number = 0

    def parts(self, name: str, data: bytes) -> Iterator[Part]:
        """The documents of a file: itself, or what it holds, in order. What cannot be read fails for itself alone."""
        if is_container(name):
            yield from self._open(name, data, "", depth=0)
        else:
            yield from self._leaf("", partial(read, name, data))

    def _open(self, name: str, data: bytes, inside: str, depth: int) -> Iterator[Part]:
        """The parts of a container that is called ``inside`` within the source; empty for the source itself."""
        names: set[str] = set()
        members = CONTAINERS[PurePath(name).suffix.lower()](data, self._opening)
        # An opener works when it is asked for its next member, and may fail then.
        while (member := _attempt(inside, partial(next, members, None))) is not None:
            if isinstance(member, Part):
                yield from self._told(member)
                return
            if isinstance(member, Note):
                yield from self._told(Part(inside, state="partial", reason=member.reason))
                continue
            place = _place(inside, _distinct(member.name, names))
            if isinstance(member, Text):
                yield from self._leaf(place, member.read)
            else:
                yield from self._member(member, place, depth)

    def _member(self, member: Member, place: str, depth: int) -> Iterator[Part]:
        kind = member.type or member.name
        if not is_container(kind):
            yield from self._leaf(place, partial(_read_member, member))
        elif self._lost_opening and self._is_lost():
            yield from self._told(_failed(place, self._lost))
        elif depth == _DEEPEST:
            yield from self._told(
                _failed(place, "it lies too deep, in containers within containers: unpack them first")
            )
        else:
            data = _attempt(place, member.load)
            if isinstance(data, bytes):
                yield from self._open(kind, data, place, depth + 1)
            elif isinstance(data, Part):
                yield from self._told(data)

    def _leaf(self, place: str, reading: Callable[[], Extracted]) -> Iterator[Part]:
        if self._is_lost():
            yield from self._told(_failed(place, self._lost))
        elif self._number < self._done:
            self._number += 1
        else:
            read_now = _attempt(place, lambda: _bounded(reading()))
            yield from self._told(read_now if isinstance(read_now, Part) else Part(place, read_now))

    def _is_lost(self) -> bool:
        return self._lost is not None and self._number == self._done

    def _told(self, part: Part) -> Iterator[Part]:
        """The part, unless an earlier walk told it."""
        self._number += 1
        if self._number > self._done:
            yield part


def _attempt(place: str, step: Callable[[], Result]) -> Result | Part:
    """The result of a step, or the part that says why it failed: parsers of hostile files raise whatever they like."""
    try:
        return step()
    except ReadingError as error:
        return Part(place, state="skipped" if error.skipped else "failed", reason=str(error))
    except MemoryError:
        return _failed(place, "there is not enough memory to read it: split it, or raise the setting read_megabytes")
    except RecursionError:
        return _failed(place, "it is nested too deeply to be read: save its text instead")
    except Exception as error:  # noqa: BLE001 - the file fails, the run goes on
        said = " ".join(str(error).split())[:200]
        return _failed(place, f"it cannot be parsed ({type(error).__name__}{': ' if said else ''}{said})")


def _failed(place: str, reason: str | None) -> Part:
    return Part(place, state="failed", reason=reason)


def _read_member(member: Member) -> Extracted:
    check_readable(member.type or member.name)
    return read(member.type or member.name, member.load())


def _bounded(extracted: Extracted) -> Extracted:
    if not extracted.text.strip():
        raise ReadingError("it holds no text", "nothing to read in it")
    if len(extracted.text) > _MOST_CHARACTERS:
        millions = f"{len(extracted.text) / 1e6:.0f} million characters"
        raise ReadingError(f"its text has {millions}, more than {_MOST_CHARACTERS // 1_000_000} million", "split it")
    return extracted


def _distinct(name: str, names: set[str]) -> str:
    """The name as it can be stored, and told from those of the members before."""
    storable = name.encode("utf-8", "backslashreplace").decode()
    distinct, number = storable, 1
    while distinct in names:
        number += 1
        distinct = f"{storable} ({number})"
    names.add(distinct)
    return distinct


def _place(inside: str, name: str) -> str:
    return f"{inside}{MEMBER_MARK}{name}" if inside and name else inside or name
