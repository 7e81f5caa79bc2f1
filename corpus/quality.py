"""The gate for what was read: whether a text is words or rubbish, and reasons put together."""

from __future__ import annotations

import re

# What stands for letters that a font does not name: the replacement character, private use, unassigned signs.
_UNKNOWN = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]")
_MOST_UNKNOWN = 0.1
_FEW_LETTERS = 200
_BIG_FILE = 100_000


def unreadable(text: str) -> str | None:
    """Says how much of a text is no readable letters, where that is much."""
    letters = sum(not letter.isspace() for letter in text)
    unknown = len(_UNKNOWN.findall(text))
    if not letters or unknown <= _MOST_UNKNOWN * letters:
        return None
    return f"{unknown:,} of {letters:,} characters are unreadable"


def joined_reasons(*reasons: str | None) -> str | None:
    """The reasons that there are, as one."""
    return "; ".join(reason for reason in reasons if reason) or None


def scant(text: str, size: int, pictures: int = 0) -> str | None:
    """Says how little text there is where the size of the file, in bytes, or its pictures promise more."""
    letters = sum(letter.isalnum() for letter in text)
    if not text or letters >= _FEW_LETTERS or size < _BIG_FILE:
        return None
    what = f"{pictures:,} pictures and " if pictures > 1 else "a picture and " if pictures else ""
    return f"it holds {what}only {letters:,} letters of text in {size // 1000:,} kB"
