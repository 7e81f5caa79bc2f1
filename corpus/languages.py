"""The language of a text that does not say it, by py3langid, whose model is in the package."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

# Beyond these a text's language is told surely enough: letters in words, and the chance that the model gives.
_FEWEST_LETTERS = 40
_CHANCE = 0.97
_SAMPLE = 20_000
_WORDS = re.compile(r"[^\W\d_]{2,}")


def language_of(text: str) -> str | None:
    """The ISO 639-1 code of a text's main language, or None where it is too short or too mixed to tell."""
    words = " ".join(_WORDS.findall(text[:_SAMPLE]))
    if len(words) < _FEWEST_LETTERS:
        return None
    code, chance = _model().classify(words)
    return code if len(code) == 2 and chance >= _CHANCE else None


@cache
def _model() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # half a second: only where a text needs it

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
