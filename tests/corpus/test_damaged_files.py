"""Whatever is broken in a file, reading it ends in text or in a reason."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator

import pytest

from corpus.errors import ReadingError
from corpus.readers import read
from tests.corpus.makers import lines, odt, part_replaced, pdf
from tests.corpus.test_office import slides, word_document
from tests.corpus.test_sheets_and_books import book, workbook

TEXT = "The peacekeepers left the region in the spring, and their vehicles were loaded on trains."
FILES = {
    "a.pdf": pdf(lines([TEXT] * 9)),
    "a.docx": word_document(),
    "a.pptx": slides(),
    "a.odt": odt(f"<text:p>{TEXT}</text:p>" * 9),
    "a.xlsx": workbook(S=[["Country", "Troops"], *[["Russia", number] for number in range(50)]]),
    "a.epub": book("one.xhtml", "two.xhtml"),
    "a.rtf": rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}} " + TEXT.encode() + rb"\par Kara\u269 ?e \'c1.\par}",
    "a.csv": "\n".join(f'"{TEXT}",{number}' for number in range(20)).encode(),
    "a.html": f"<html lang='en'><body><article><p>{TEXT}</p><table><tr><td>1</td></tr></table></article>".encode(),
}

PACKAGES = ["a.docx", "a.pptx", "a.odt", "a.xlsx", "a.epub"]


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The file cut short, with bytes changed, a stretch doubled, lost or made zero."""
    start, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    kind = chance.randrange(5)
    if kind == 0:
        return data[:start]
    if kind == 1:
        return data[:start] + data[end:]
    if kind == 2:
        return data[:end] + data[start:]
    if kind == 3:
        return data[:start] + bytes(min(end - start, 64)) + data[min(end, start + 64) :]
    changed = bytearray(data)
    for _ in range(chance.randrange(1, 12)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def damages(name: str, count: int) -> Iterator[bytes]:
    chance = random.Random(name)
    for _ in range(count):
        yield damaged(FILES[name], chance)


def damages_within(name: str, count: int) -> Iterator[bytes]:
    """A package of which one part is damaged, which no checksum of the zip tells."""
    chance = random.Random(name)
    with zipfile.ZipFile(io.BytesIO(FILES[name])) as archive:
        parts = [part for part in archive.namelist() if part.endswith((".xml", ".rels", ".opf", ".xhtml", ".ncx"))]
    for _ in range(count):
        yield part_replaced(FILES[name], chance.choice(parts), lambda part: damaged(part, chance))


def check(name: str, files: Iterator[bytes]) -> None:
    for data in files:
        try:
            extracted = read(name, data)
        except ReadingError as failed:
            assert failed.message  # noqa: PT017 - one of two ends
            continue
        ends = [(heading.start, heading.end) for heading in extracted.headings]
        ends += [(row.start, row.end) for row in extracted.rows]
        ends += [(page.start, page.end) for page in extracted.pages]
        assert extracted.text.strip()
        assert all(0 <= start <= end <= len(extracted.text) for start, end in ends)


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_ends_in_text_or_in_a_reason(name: str) -> None:
    check(name, damages(name, 25))


@pytest.mark.soak
@pytest.mark.parametrize("name", FILES)
def test_many_damaged_files_do(name: str) -> None:
    check(name, damages(name, 2_000))


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_with_a_damaged_part_ends_in_text_or_in_a_reason(name: str) -> None:
    check(name, damages_within(name, 20))


@pytest.mark.soak
@pytest.mark.parametrize("name", PACKAGES)
def test_many_packages_with_a_damaged_part_do(name: str) -> None:
    check(name, damages_within(name, 1_000))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("other", FILES)
def test_a_file_under_another_ending_ends_in_text_or_in_a_reason(name: str, other: str) -> None:
    try:
        assert read(name, FILES[other]).text.strip()
    except ReadingError as failed:
        assert not failed.skipped  # noqa: PT017 - one of two ends
