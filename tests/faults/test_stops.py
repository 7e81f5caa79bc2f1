"""Ctrl-C and a full disk stop a run with one line; what was reported stays, and the next run goes on."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import time
from pathlib import Path

import pytest

from index.embedding import Embedder
from tests.factories import index_paths, states, wiring_at
from tests.faults.test_kills import COMMAND, LINE, assert_sound, write_folder

ROOT = Path(__file__).parents[2]


def test_ctrl_c_stops_a_run_with_one_line_and_leaves_no_process(tmp_path: Path, embedder: Embedder) -> None:
    folder = write_folder(tmp_path / "in", 12)
    process = subprocess.Popen(
        [*COMMAND, str(folder), "--home", str(tmp_path / "home")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a background job of a shell ignores it
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (
        130,
        "footnote: stopped; what was done is kept, and the same command goes on from there\n",
    )
    for _ in range(100):
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            break
        time.sleep(0.05)
    else:
        pytest.fail("a process of the run is still there")
    footnote = wiring_at(tmp_path / "home", embedder)
    assert_sound(footnote)
    reported = [match["path"] for line in (first, *out.splitlines(True)) if (match := LINE.fullmatch(line))]
    again = states(index_paths(footnote, folder))
    assert {again[Path(path).name] for path in reported} == {"unchanged"}
    assert len(again) == 12
    footnote.library.close()


def test_a_full_disk_stops_a_run_with_one_line_and_the_library_stays_sound(tmp_path: Path, embedder: Embedder) -> None:
    folder = write_folder(tmp_path / "in", 12)

    def small_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    command = [*COMMAND, str(folder), "--json", "--meta", "language=en", "--home", str(tmp_path / "home")]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, preexec_fn=small_disk)
    assert ran.returncode == 1
    assert json.loads(ran.stdout)["error"]["code"] == "library_unusable"
    [line] = ran.stderr.splitlines()
    assert line.startswith(f"footnote: the library in {str(tmp_path / 'home')!r} cannot be used")
    assert "if it is full or locked, try again later" in line
    footnote = wiring_at(tmp_path / "home", embedder)
    assert_sound(footnote)
    assert len(index_paths(footnote, folder, language="en")) == 12
    assert_sound(footnote)
    footnote.library.close()
