"""Bytes to text: byte-order marks, declared encodings, and a guess where neither holds."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

from corpus.errors import ReadingError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GUESS_BYTES = 200_000


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of ``data``: by its byte-order mark, as UTF-8, as declared, or by the most plausible guess.

    UTF-8 goes before what is declared: other text is hardly ever valid UTF-8, while wrong declarations are common.

    Raises:
        ReadingError: the bytes are no text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding) or data.decode(encoding, errors="replace")
    if _looks_binary(data):
        return _wide(data)
    for plain in ("utf-8", declared):
        if plain and (text := _strictly(data, plain)) is not None:
            return text
    if _almost_utf8(data):
        return data.decode("utf-8", errors="replace")
    best = from_bytes(data[:_GUESS_BYTES]).best()
    if best is None:
        raise ReadingError("the bytes are no text in any known encoding", "save the file as UTF-8")
    return data.decode(best.encoding, errors="replace")


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _looks_binary(data: bytes) -> bool:
    return b"\0" in data[:8192]


def _wide(data: bytes) -> str:
    """UTF-16 without a mark shows as a zero in every other byte; anything else with zeros is binary."""
    sample = data[:8192]
    zeros = sample[0::2].count(0), sample[1::2].count(0)
    half = max(1, len(sample) // 2)
    encoding = "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    if max(zeros) > 0.4 * half and min(zeros) < 0.1 * half and (text := _strictly(data, encoding)) is not None:
        return text
    raise ReadingError("the file is binary, not text", "remove it, or convert it to text, Markdown or HTML")


def _almost_utf8(data: bytes) -> bool:
    """A few broken bytes in a long UTF-8 text are damage, not another encoding."""
    broken = data.decode("utf-8", errors="replace").count("�")
    multibyte = sum(1 for byte in data[:_GUESS_BYTES] if byte >= 0xC0)
    return broken * 20 < multibyte
