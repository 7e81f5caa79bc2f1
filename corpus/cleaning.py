"""Cleaning: pure, named passes from decoded text to the text that is stored and quoted.

The stored text has one block a line (a paragraph, a heading, a list item, a table row), blank lines between blocks
that the source sets apart, and no markup.
"""

from __future__ import annotations

import itertools
import re
import unicodedata

_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]")
_INVISIBLE = re.compile(r"[\u00ad\u200b\u2060\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
_ODD_SPACES = re.compile(r"[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_SPACES = re.compile(r" {2,}")
_BLANKS = re.compile(r"\n{3,}")
_HYPHEN_BREAK = re.compile(r"(?<=[^\W\d_])-$")
_TERMINATED = re.compile(r"[.!?…:;।。！？]['\"’”»)\]]*$")
_ITEM = re.compile(r"^\s*(?:[-*•–·▪]|\d{1,3}[.)])\s+")
# "©", "(c) 2024" or "Copyright 2024" anywhere in a line, or "(c) Name" as a line of its own.
_YEARS = r"\d{4}(?:\s*[-–]\s*\d{4})?"
_COPYRIGHT = re.compile(
    rf"(?:(?:^|\s)(?:(?:copyright\s*)?©\s*(?:{_YEARS})?|(?:copyright|\(c\))\s*{_YEARS})|^\(c\)(?=\s+(?-i:[A-Z])))"
    r"[\s,]*(?P<name>\w[^\n©]{1,60}?)(?:[.,]?\s+all rights reserved)?\.?\s*$",
    re.IGNORECASE,
)
_RIGHTS = re.compile(r"[™®]?[.,|]?\s+(?:all rights\b|\|)", re.IGNORECASE)
_WRAP_WIDTH = 100
_TAIL_LINE = 60
_TAIL_WORDS = 5


def normalise(text: str) -> str:
    """Unicode NFC, one kind of line end and of space; nothing invisible, no control characters."""
    text = _LINE_ENDS.sub("\n", text)
    text = _CONTROL.sub("", _INVISIBLE.sub("", text))
    text = _SPACES.sub(" ", _ODD_SPACES.sub(" ", text))
    return unicodedata.normalize("NFC", text)


def tidy(text: str) -> str:
    """No space at line ends, at most one blank line in a row, none at either end."""
    lines = (line.strip() for line in text.split("\n"))
    return _BLANKS.sub("\n\n", "\n".join(lines)).strip()


def unwrap(text: str) -> str:
    """Joins lines that were broken at a fixed width, paragraph by paragraph; other lines stay."""
    return "\n\n".join(_unwrap_block(block) for block in re.split(r"\n\s*\n", text))


def _unwrap_block(block: str) -> str:
    lines = block.split("\n")
    widest = max(len(line) for line in lines)
    if len(lines) < 2 or widest > _WRAP_WIDTH:
        return block
    # Pieces are put together once, at the end: a long text is one paragraph of very many lines.
    joined = [[lines[0]]]
    for before, line in itertools.pairwise(lines):
        if _ITEM.match(line) or not _was_broken(before, line, widest):
            joined.append([line])
        elif _HYPHEN_BREAK.search(before):
            joined[-1][-1] = before[:-1] if line[:1].islower() else before
            joined[-1].append(line)
        else:
            joined[-1] += [" ", line]
    return "\n".join("".join(pieces) for pieces in joined)


def _was_broken(before: str, line: str, widest: int) -> bool:
    """Whether the first word of ``line`` would not have fitted at the end of ``before``."""
    first_word = line.split(" ", 1)[0]
    full = widest >= 40 and len(before) + 1 + len(first_word) > widest
    return full or (line[:1].islower() and len(before) * 2 > widest)


def cut_tail(text: str) -> tuple[str, str | None]:
    """The text without a closing copyright mark and what trails it, and the name that the mark gives.

    Only a mark followed by nothing but short lines (names, links, widgets) counts: a © inside an article stays.
    """
    lines = text.split("\n")
    for number, line in enumerate(lines):
        match = _COPYRIGHT.search(line)
        if match and all(_is_tail(rest) for rest in lines[number + 1 :]):
            kept = [*lines[:number], line[: match.start()]]
            return "\n".join(kept).rstrip(), _RIGHTS.split(match["name"])[0].strip()
    return text, None


def _is_tail(line: str) -> bool:
    return len(line) <= _TAIL_LINE and (not _TERMINATED.search(line) or len(line.split()) <= _TAIL_WORDS)


def breaks_off(paragraph: str) -> bool:
    """Whether a document's last paragraph looks like prose that stops in mid-sentence."""
    return len(paragraph) > _TAIL_LINE and not is_terminated(paragraph)


def is_terminated(line: str) -> bool:
    """Whether a line ends as a sentence does."""
    return bool(_TERMINATED.search(line.rstrip()))
