"""Readers: one small module a format, each a function from bytes to text and metadata, and the table that picks one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import PurePath

from corpus.errors import ReadingError
from corpus.readers.html import read_html
from corpus.readers.markdown import read_markdown
from corpus.readers.plain import read_plain
from corpus.types import Extracted

Reader = Callable[[bytes], Extracted]

READERS: dict[str, Reader] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_plain,
    ".text": read_plain,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
}


def check_type(name: str, others: Iterable[str] = ()) -> None:
    """Refuses names whose ending no reader takes; ``others`` are endings that are read otherwise.

    Raises:
        ReadingError: with ``skipped`` set.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix not in READERS:
        kind = f"files of type {suffix!r}" if suffix else "files without an ending"
        raise ReadingError(f"{kind} are not read", f"read are {', '.join(sorted({*READERS, *others}))}", skipped=True)


def read(name: str, data: bytes) -> Extracted:
    """The text and metadata of a file, by the reader for its name's ending.

    Raises:
        ReadingError: the type is not read, or the file is empty, binary, broken or holds no text.
    """
    check_type(name)
    if not data:
        raise ReadingError("the file is empty", "nothing to read in it")
    extracted = READERS[PurePath(name).suffix.lower()](data)
    if not extracted.text.strip():
        raise ReadingError("the file holds no text", "nothing to read in it")
    return extracted
