"""Index settings: whatever shapes the index is in its fingerprint, and what cannot be used is refused."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from corpus.errors import FootnoteError
from index.chunking import Chunker
from index.embedding import Embedder
from index.settings import IndexSettings
from tests.factories import document


def test_equal_settings_have_one_fingerprint() -> None:
    assert IndexSettings().fingerprint == IndexSettings(passage_tokens=180).fingerprint


@pytest.mark.parametrize("other", [{"model": "other"}, {"encoding": "o200k_base"}, {"passage_tokens": 181}])
def test_every_setting_is_in_the_fingerprint(other: dict[str, Any]) -> None:
    assert IndexSettings(**other).fingerprint != IndexSettings().fingerprint


@pytest.mark.parametrize(
    "wrong", [{"passage_tokens": 31}, {"passage_tokens": 2049}, {"passage_tokens": "many"}, {"tokens": 180}]
)
def test_unknown_names_and_values_out_of_bounds_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        IndexSettings(**wrong)


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        IndexSettings().passage_tokens = 64  # type: ignore[misc]


def test_an_unknown_encoding_is_named_in_one_line(embedder: Embedder) -> None:
    chunker = Chunker(IndexSettings(encoding="no-such"), embedder.window, embedder.count_tokens)
    with pytest.raises(FootnoteError, match="no-such") as raised:
        chunker.cut(document("It rained."))
    assert "\n" not in str(raised.value)
