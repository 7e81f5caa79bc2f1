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
_NO_CHARSETS = frozenset({"unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined", "utf-7"})
# What browsers do too: a page that says Latin-1 means its superset, which has quotation marks and dashes.
_SUPERSETS = {"iso8859-1": "cp1252", "iso8859-9": "cp1254"}
_PLAUSIBLE = ["cp1252", "cp1251", "koi8_r"]
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
    if (text := _strictly(data, "utf-8")) is not None:
        return text
    if _almost_utf8(data):
        return data.decode("utf-8", errors="replace")
    charset = _charset(declared) if declared else None
    if charset and (text := _strictly(data, charset)) is not None:
        return text
    return data.decode(_guess(data), errors="replace")


def _guess(data: bytes) -> str:
    sample = data[:_GUESS_BYTES]
    best = from_bytes(sample, cp_isolation=_PLAUSIBLE).best() or from_bytes(sample).best()
    if best is None:
        raise ReadingError("the bytes are no text in any known encoding", "save the file as UTF-8")
    return best.encoding


def _charset(declared: str) -> str | None:
    """The codec for a declared name, if it is one that documents are written in."""
    try:
        name = codecs.lookup(declared).name
    except (LookupError, ValueError):
        return None
    return None if name in _NO_CHARSETS else _SUPERSETS.get(name, name)


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
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
