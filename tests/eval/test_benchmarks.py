"""Benchmarks run on what the user has and print their figures; what those are depends on the machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.cli import main
from tests.factories import write_files

ROWS = [f"Passage {number} speaks of {thing} and its price." for number, thing in enumerate("gas wheat gold".split())]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A retrieval set of three rows."""
    rows = [json.dumps({"_id": f"r{number}", "title": "", "text": text}) for number, text in enumerate(ROWS)]
    queries = [json.dumps({"_id": "q", "text": "What does gas cost?", "history": []})]
    return write_files(tmp_path / "set", {"corpus.jsonl": "\n".join(rows), "queries.jsonl": "\n".join(queries)})


def bench(home: Path, *arguments: str) -> dict[str, float]:
    result = CliRunner().invoke(main, ["bench", *arguments, "--home", str(home), "--json"])
    assert result.exit_code == 0, result.output
    figures: dict[str, float] = json.loads(result.stdout)
    return figures


def test_encoding_is_measured_beside_the_peer(tmp_path: Path, folder: Path) -> None:
    figures = bench(tmp_path / "home", "encode", str(folder))
    assert figures["passages"] == 3
    assert figures["tokens"] > 3 * len("Passage speaks of and its price".split())
    ours, peers = figures["tokens_per_second"], figures["peer_tokens_per_second"]  # rounded to whole tokens
    assert (ours - 0.5) / (peers + 0.5) - 0.001 <= figures["ratio"] <= (ours + 0.5) / (peers - 0.5) + 0.001


def test_questions_are_measured_beside_the_peer(tmp_path: Path, folder: Path) -> None:
    figures = bench(tmp_path / "home", "query", str(folder))
    assert (figures["passages"], figures["questions"]) == (3, 1)
    assert min(figures[f"{name}_p50_ms"] for name in ("embedding", "search", "peer")) > 0


def test_vectors_are_measured_beside_an_exact_search(tmp_path: Path, folder: Path) -> None:
    figures = bench(tmp_path / "home", "query", str(folder), "--vectors", "1000")
    assert (figures["vectors"], figures["exact"], figures["recall@10"]) == (1000, True, 1.0)


def test_opening_is_measured(tmp_path: Path, folder: Path) -> None:
    figures = bench(tmp_path / "home", "open", str(folder))
    assert figures["passages"] == 3
    assert min(figures["first_question_seconds"], figures["next_question_seconds"]) > 0


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["bench", "query", str(tmp_path / "none")])
    assert result.exit_code == 2
    assert "none" in result.output
