"""`footnote eval extraction`: the fields of the contract, and figures that can be counted."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from eval.extraction import shingle_f1
from tests.assistant.running import run
from tests.factories import write_files

ARTICLE = (
    "The peacekeepers left the region in the spring, and their vehicles were loaded on trains in the city of Barda. "
    "The agreement had been signed by three men, and it ended a war that had lasted forty-four days."
)


def extraction_set(folder: Path, articles: dict[str, str]) -> Path:
    page = f"<html><body><nav>Home News</nav><article><h1>Trains</h1><p>{ARTICLE}</p></article></body></html>"
    truth = json.dumps({name: {"articleBody": text} for name, text in articles.items()})
    pages: dict[str, str | bytes] = {f"html/{name}.html.gz": gzip.compress(page.encode()) for name in articles}
    return write_files(folder, {"ground-truth.json": truth, **pages})


def test_figures_have_the_names_of_the_contract(tmp_path: Path) -> None:
    ran = run(
        "eval", "extraction", extraction_set(tmp_path, {"a": f"Trains {ARTICLE}", "b": "Something else."}), "--json"
    )
    assert (ran.code, ran.err) == (0, "")
    assert ran.json == {"pages": 2, "f1": 0.5, "bare_f1": 0.5}


def test_table_is_printed_for_people(tmp_path: Path) -> None:
    ran = run("eval", "extraction", extraction_set(tmp_path, {"a": ARTICLE}))
    assert (ran.code, ran.err) == (0, "")
    assert "bare_f1" in ran.out


@pytest.mark.parametrize(
    ("found", "wanted", "f1"),
    [
        ("a b c d e", "a b c d e", 1.0),
        ("A b c d", "a b c d", 0.0),
        ("a b c d e", "a b c d x", 0.5),
        ("a b c d a b c d", "a b c d", 2 / 6),
        ("a, b. c - d!", "a b c d", 1.0),
        ("a b", "a b", 1.0),
        ("", "", 1.0),
        ("", "a b c d", 0.0),
    ],
)
def test_f1_is_over_the_multisets_of_four_words(found: str, wanted: str, f1: float) -> None:
    assert shingle_f1(found, wanted) == pytest.approx(f1)


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({}, "cannot be opened"),
        ({"ground-truth.json": "{"}, "is no JSON"),
        ({"ground-truth.json": "[]"}, "no JSON object"),
        ({"ground-truth.json": '{"a": {}}'}, "no 'articleBody' for 'a'"),
        ({"ground-truth.json": '{"a": {"articleBody": ""}}'}, "cannot be unpacked"),
        ({"ground-truth.json": '{"a": {"articleBody": ""}}', "html/a.html.gz": "text"}, "cannot be unpacked"),
    ],
)
def test_a_broken_set_is_named(tmp_path: Path, files: dict[str, str], complaint: str) -> None:
    ran = run("eval", "extraction", write_files(tmp_path, files), "--json")
    assert ran.code == 1
    assert complaint in ran.complaint
