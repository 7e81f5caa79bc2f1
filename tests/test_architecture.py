"""The house rules that a machine can hold."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("corpus", "index", "assistant", "eval")
ONLY_IN = {
    "faiss": {"index/vectors.py", "eval/benchmarks/peer.py"},
    "torch": {
        "index/embedding.py",
        "assistant/reader.py",
        "assistant/reader_network.py",
        "eval/reader_examples.py",
        "eval/train_reader.py",
        "eval/train_ranking.py",
    },
    "sklearn": {"eval/boosted.py"},
    "safetensors": {"assistant/reader_network.py"},
    "sentence_transformers": {"index/embedding.py", "index/models.py"},
    "transformers": {"index/models.py"},
    "fastapi": {
        "assistant/http/app.py",
        "assistant/http/chat.py",
        "assistant/http/conversations.py",
        "assistant/http/documents.py",
        "assistant/http/facets.py",
        "assistant/http/feedback.py",
        "assistant/http/health.py",
        "assistant/http/suggestions.py",
        "assistant/http/uploads.py",
    },
    "feedparser": {"corpus/web/feeds.py"},
    "tiktoken": {"index/chunking.py"},
    "pypdfium2": {"corpus/readers/pdf/reader.py", "corpus/readers/pdf/runs.py"},
    "python_calamine": {"corpus/readers/xlsx.py"},
    "py3langid": {"corpus/languages.py"},
    "striprtf": {"corpus/readers/rtf.py"},
    "openai": {"assistant/answerers/chat_server.py"},
    "httpx2": {"assistant/answerers/chat_server.py"},
    "urllib3": {"corpus/web/client.py", "corpus/web/urls.py"},
    "xllamacpp": {"assistant/local_llm.py"},
    "datasketch": {"corpus/duplicates.py"},
    "watchfiles": {"assistant/watching.py"},
}
MOST_LINES = 300


def modules() -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted((ROOT / room).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """The top-level names that a module imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_imports_only_those_before_it(room: str) -> None:
    later = set(ROOMS[ROOMS.index(room) + 1 :])
    offenders = {str(path): imported(path) & later for path in (ROOT / room).rglob("*.py")}
    assert {path: names for path, names in offenders.items() if names} == {}


@pytest.mark.parametrize("library", ONLY_IN)
def test_heavy_libraries_are_imported_only_where_they_belong(library: str) -> None:
    users = {str(path.relative_to(ROOT)) for path in modules() if library in imported(path)}
    assert users <= ONLY_IN[library]


def test_no_module_is_longer_than_one_sitting() -> None:
    lengths = {str(path): len(path.read_text("utf-8").splitlines()) for path in modules()}
    assert {path: length for path, length in lengths.items() if length > MOST_LINES} == {}


def test_help_imports_nothing_heavy() -> None:
    heavy = sorted({*ONLY_IN, "numpy", "scipy", "pydantic", "lxml", "rich"})
    script = (
        "import sys; from assistant.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert result.stdout.splitlines()[-1] == "[]"


def test_reading_markdown_loads_no_parser_of_another_format() -> None:
    script = (
        "import sys; from corpus.readers import read\n"
        "read('a.md', b'# One'), read('a.txt', b'One')\n"
        "print([name for name in ('trafilatura', 'pypdfium2', 'python_calamine', 'striprtf') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert result.stdout.splitlines()[-1] == "[]"
