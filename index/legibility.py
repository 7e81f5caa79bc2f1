"""Whether a model reads a text's language, as far as its vocabulary tells."""

from __future__ import annotations

import re
from typing import Any

from index.lexical import STOP_WORDS

_SPLINTER_LETTERS = 2.6  # a token
_SPLINTERED_SHARE = 0.4  # of a text's words
_ENGLISH_SHARE = 0.25  # of a text's words
_WORDS_TRIED = 100
_FEW_WORDS = 4
_WORD = re.compile(r"[^\W\d_]+")


def reads_well(tokenizer: Any, text: str) -> bool:
    """Whether a text is in a language that a tokenizer's vocabulary was made for.

    In others many words fall to splinters, or some do and none of several is a plain English word such as "the" or
    "who"; "who is irakli kobakhidze" is English. What opens with a capital may be a name and does not count as
    splintered.
    """
    words = _WORD.findall(text)[:_WORDS_TRIED]
    tried = [word for word in words if not word[0].isupper()]
    if not tried:
        return True
    pieces = tokenizer(tried, add_special_tokens=False)["input_ids"]
    unknown = tokenizer.unk_token_id
    splintered = sum(
        unknown in ids or (len(ids) > 1 and len(word) / len(ids) < _SPLINTER_LETTERS)
        for word, ids in zip(tried, pieces, strict=True)
    )
    english = sum(word.lower() in STOP_WORDS for word in words) / len(words)
    if splintered / len(tried) >= _SPLINTERED_SHARE:
        return english >= _ENGLISH_SHARE
    return not splintered or english > 0 or len(words) < _FEW_WORDS
