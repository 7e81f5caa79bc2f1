"""RTF: its text by striprtf, which knows no headings; read on as plain text."""

from __future__ import annotations

from striprtf.striprtf import rtf_to_text

from corpus.errors import ReadingError
from corpus.readers.plain import plain_to_text
from corpus.types import Extracted


def read_rtf(data: bytes) -> Extracted:
    """Reads a rich-text document.

    Raises:
        ReadingError: it is no RTF, or broken.
    """
    if not data.lstrip().startswith(b"{\\rtf"):
        raise ReadingError("it is no RTF, or one too broken to be read", "give it the ending of what it is")
    try:
        return plain_to_text(rtf_to_text(data.decode("latin-1"), errors="replace"))
    except (ValueError, IndexError, KeyError, LookupError, UnicodeError) as error:
        raise ReadingError(f"the RTF is broken ({error})", "save it again, as DOCX or text") from error
