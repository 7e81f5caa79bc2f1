"""What containers are made of: members as an opener finds them, and parts as they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from corpus.errors import ReadingError
from corpus.types import Extracted, Metadata, State

MEMBER_MARK = "!/"
CONTAINER_TYPES = frozenset({".eml", ".json", ".jsonl", ".mbox", ".ndjson", ".zip"})
RECORD_FIELDS = ("title", "text", "date", "url", "outlet", "author", "language", "kind")
_MEGABYTE = 1_000_000
_MOST_UNPACKED = 1000 * _MEGABYTE


@dataclass(frozen=True, slots=True)
class Part:
    """One document of a source, or why there is none.

    ``name`` is the member's name in the source, empty for the source itself. Where nothing was ``extracted``, ``state``
    and ``reason`` say why; a part without a name that failed means that the source was not read to its end.
    ``metadata`` is the document's, settled; ``source_hash`` names all that decided how the source was read.
    """

    name: str
    extracted: Extracted | None = None
    metadata: Metadata = Metadata()
    state: State | None = None
    reason: str | None = None
    source_hash: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a container: its name there, and how to get its bytes.

    ``type`` is a name whose ending tells how these are read, where the member's own name does not.
    """

    name: str
    load: Callable[[], bytes]
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A document that a container holds without a file of its own: a record, the message itself."""

    name: str
    read: Callable[[], Extracted]


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be said of a container as a whole: why not all of it was read."""

    reason: str


@dataclass(slots=True)
class Opening:
    """What openers share on the way through one source: the names of record fields, how much may be unpacked yet."""

    fields: Mapping[str, str] = field(default_factory=dict)
    unpacked_left: int = _MOST_UNPACKED

    def unpack(self, size: int) -> None:
        """Takes ``size`` bytes from what may be unpacked.

        Raises:
            ReadingError: that is more than is left.
        """
        if size > self.unpacked_left:
            raise ReadingError(
                f"it would unpack to {size // _MEGABYTE} MB, and {self.unpacked_left // _MEGABYTE} MB are left of the "
                f"{_MOST_UNPACKED // _MEGABYTE} MB for one file",
                "if you trust it, unpack it and index the folder",
            )
        self.unpacked_left -= size


Found = Member | Text | Note
Opener = Callable[[bytes, Opening], Iterator[Found]]


def is_container(name: str) -> bool:
    """Whether a file of this name holds many documents."""
    return PurePath(name).suffix.lower() in CONTAINER_TYPES
