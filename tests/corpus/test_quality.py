"""The gate says what is missing or unreadable, with counts, and is silent otherwise."""

from __future__ import annotations

import pytest

from corpus.quality import joined_reasons, scant, unreadable

TEXT = "The last train left in the spring."


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (TEXT, None),
        ("", None),
        (TEXT + "\ufffd", None),
        ("\ufffd\ue001\uf0b7 abc", "3 of 6 characters are unreadable"),
    ],
)
def test_characters_that_no_font_names_are_counted(text: str, reason: str | None) -> None:
    assert unreadable(text) == reason


@pytest.mark.parametrize(
    ("text", "size", "pictures", "reason"),
    [
        (TEXT, 2_000, 0, None),
        (TEXT * 20, 2_000_000, 9, None),
        (TEXT, 2_000_000, 0, "it holds only 27 letters of text in 2,000 kB"),
        (TEXT, 2_000_000, 1, "it holds a picture and only 27 letters of text in 2,000 kB"),
        (TEXT, 2_000_000, 3, "it holds 3 pictures and only 27 letters of text in 2,000 kB"),
    ],
)
def test_a_big_file_with_little_text_is_told(text: str, size: int, pictures: int, reason: str | None) -> None:
    assert scant(text, size, pictures) == reason


def test_reasons_are_put_together() -> None:
    assert joined_reasons(None, "one", None, "two") == "one; two"
    assert joined_reasons(None) is None
