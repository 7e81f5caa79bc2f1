"""Extraction: what Footnote keeps of web pages beside the bare extractor, against articles as people marked them."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trafilatura

from corpus.errors import BadRequest, ReadingError
from corpus.readers.html import read_html
from eval.measures import mean

_WORD = re.compile(r"\w+")
_SHINGLE = 4


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A saved web page and the text of its article."""

    id: str
    html: Path
    article: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """The F1 of one page: ours, and the bare extractor's."""

    id: str
    ours: float
    bare: float


def read_pages(folder: Path) -> list[SavedPage]:
    """The pages of an extraction set.

    Raises:
        BadRequest: the set is not there, or not in this layout.
    """
    file = folder / "ground-truth.json"
    try:
        truths = json.loads(file.read_text("utf-8"))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise BadRequest(f"{str(file)!r} cannot be opened ({reason})", "name a folder of pages") from error
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise BadRequest(f"{str(file)!r} is no JSON ({error})", "mend the file") from error
    if not isinstance(truths, dict):
        raise BadRequest(f"{str(file)!r} is no JSON object of pages", "mend the file")
    return [
        SavedPage(name, folder / "html" / f"{name}.html.gz", _article(file, name, truths[name]))
        for name in sorted(truths)
    ]


def extract_pages(pages: Iterable[SavedPage]) -> Iterator[Extraction]:
    """Reads each page both ways and compares with its article; a page that cannot be read has no words.

    Raises:
        BadRequest: a page's file is not there or no gzip.
    """
    for page in pages:
        data = _unpacked(page.html)
        try:
            ours = read_html(data).text
        except ReadingError:
            ours = ""
        bare = trafilatura.extract(data) or ""
        yield Extraction(page.id, shingle_f1(ours, page.article), shingle_f1(bare, page.article))


def extraction_figures(extractions: list[Extraction]) -> dict[str, float | int | None]:
    """The figures of an extraction set."""
    return {
        "pages": len(extractions),
        "f1": mean([one.ours for one in extractions]),
        "bare_f1": mean([one.bare for one in extractions]),
    }


def shingle_f1(found: str, wanted: str) -> float:
    """F1 over the multisets of four-word shingles; a text of fewer words is one shingle, and two without any agree."""
    first, second = _shingles(found), _shingles(wanted)
    if not first and not second:
        return 1.0
    return 2 * (first & second).total() / (first.total() + second.total())


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    if not words:
        return Counter()
    return Counter(tuple(words[start : start + _SHINGLE]) for start in range(max(1, len(words) - _SHINGLE + 1)))


def _article(file: Path, name: str, truth: Any) -> str:
    if not isinstance(truth, dict) or not isinstance(truth.get("articleBody"), str):
        raise BadRequest(f"{str(file)!r} gives no 'articleBody' for {name!r}", "mend the file")
    return str(truth["articleBody"])


def _unpacked(file: Path) -> bytes:
    try:
        return gzip.decompress(file.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise BadRequest(f"{str(file)!r} cannot be unpacked ({error})", "mend the set") from error
