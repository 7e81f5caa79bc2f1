"""Readers: one small module a format, each a function from bytes to text and metadata, and the table that picks one."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from pathlib import PurePath

from corpus.errors import ReadingError
from corpus.types import Extracted

Reader = Callable[[bytes], Extracted]


def _lazily(module: str, name: str) -> Reader:
    """A reader whose module, and the parser behind it, is loaded when the first such file is read."""

    def read_it(data: bytes) -> Extracted:
        extracted: Extracted = getattr(importlib.import_module(f"corpus.readers.{module}"), name)(data)
        return extracted

    return read_it


READERS: dict[str, Reader] = {
    ".csv": _lazily("csv_table", "read_csv"),
    ".docm": _lazily("docx", "read_docx"),
    ".docx": _lazily("docx", "read_docx"),
    ".epub": _lazily("epub", "read_epub"),
    ".htm": _lazily("html", "read_html"),
    ".html": _lazily("html", "read_html"),
    ".markdown": _lazily("markdown", "read_markdown"),
    ".md": _lazily("markdown", "read_markdown"),
    ".odt": _lazily("odt", "read_odt"),
    ".pdf": _lazily("pdf", "read_pdf"),
    ".pptx": _lazily("pptx", "read_pptx"),
    ".rtf": _lazily("rtf", "read_rtf"),
    ".text": _lazily("plain", "read_plain"),
    ".tsv": _lazily("csv_table", "read_csv"),
    ".txt": _lazily("plain", "read_plain"),
    ".xhtml": _lazily("html", "read_html"),
    ".xlsm": _lazily("xlsx", "read_xlsx"),
    ".xlsx": _lazily("xlsx", "read_xlsx"),
}
# Types that people have and that are not read, with what to do about it.
_REMEDIES = {
    ".doc": "save it as DOCX",
    ".dot": "save it as DOCX",
    ".msg": "save it as .eml",
    ".ppt": "save it as PPTX",
    ".pps": "save it as PPTX",
    ".xls": "save it as XLSX",
    ".ods": "save it as XLSX",
    ".odp": "save it as PPTX",
}


def check_type(name: str, others: Iterable[str] = ()) -> None:
    """Refuses names whose ending no reader takes; ``others`` are endings that are read otherwise.

    Raises:
        ReadingError: with ``skipped`` set.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix not in READERS:
        kind = f"files of type {suffix!r}" if suffix else "files without an ending"
        remedy = _REMEDIES.get(suffix) or f"read are {', '.join(sorted({*READERS, *others}))}"
        raise ReadingError(f"{kind} are not read", remedy, skipped=True)


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
