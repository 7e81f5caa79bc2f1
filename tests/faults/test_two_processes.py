"""Two processes that write the same library at once: one waits for the other, and neither doubles anything."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from index.embedding import Embedder
from tests.factories import wiring_at
from tests.faults.test_kills import COMMAND, assert_sound, contents, indexed, write_folder


@pytest.mark.soak
def test_two_processes_may_read_the_same_folder_at_once(tmp_path: Path, embedder: Embedder) -> None:
    folder = write_folder(tmp_path / "in", 32)
    command = [*COMMAND, str(folder), "--json", "--home", str(tmp_path / "home")]
    root = Path(__file__).parents[2]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) for _ in range(2)]
    results = [json.loads(process.communicate()[0]) for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert all(len(result["files"]) == 32 for result in results)
    footnote = wiring_at(tmp_path / "home", embedder)
    assert_sound(footnote)
    assert contents(footnote) == indexed(tmp_path / "other", folder, embedder)
    footnote.library.close()
