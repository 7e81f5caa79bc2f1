"""A text tells its language where nothing else does, if it is long enough."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.intake import find_sources, load, read_source
from corpus.languages import language_of
from corpus.types import Metadata
from tests.factories import write_files

ENGLISH = "The peacekeepers left the region in the spring, and their vehicles were loaded on trains in the city."
AZERBAIJANI = "Sülhməramlılar yazda bölgəni tərk etdilər və onların maşınları şəhərdə qatarlara yükləndi."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        (AZERBAIJANI, "az"),
        ("Миротворцы покинули регион весной, и их машины были погружены на поезда.", "ru"),
        ("Миротворці покинули регіон навесні, їхні машини завантажили на потяги.", "uk"),
        ("Türkiye Cumhurbaşkanı Ankara'da görüştü; sınır kapısı gelecek yıl açılacak.", "tr"),
        ("The last train left.", None),
        ("Russia; 1,960; Turkey; 60; 2020; 2021; 44; 12.5 %", None),
        ("", None),
    ],
)
def test_a_language_is_told_or_left_open(text: str, language: str | None) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("content", "given", "language"),
    [
        (ENGLISH, None, "en"),
        (f"---\nlanguage: az\n---\n{ENGLISH}", None, "az"),
        (f"---\nlanguage: az\n---\n{ENGLISH}", "tr", "tr"),
        ("Short.", None, None),
    ],
    ids=["of the text", "as written", "as given", "unknown"],
)
def test_what_is_said_of_the_language_goes_before_what_the_text_shows(
    tmp_path: Path, content: str, given: str | None, language: str | None
) -> None:
    write_files(tmp_path, {"note.md": content})
    (source,) = find_sources([tmp_path], Metadata(language=given))
    assert read_source(source, load(source)[0]).metadata.language == language
