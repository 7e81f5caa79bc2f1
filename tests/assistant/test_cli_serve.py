"""`footnote serve`: the address it listens on, and what keeps it from serving."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.assistant.running import FOOTNOTE, Json, run


@contextmanager
def started(home: Path) -> Iterator[tuple[Json, subprocess.Popen[str]]]:
    """A server as a process of its own, and the first JSON line that it prints."""
    command = [FOOTNOTE, "serve", "--port", "0", "--json", "--home", str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield json.loads(process.stdout.readline()), process
        finally:
            process.kill()


def test_server_says_where_it_listens_and_answers_there(home: Path) -> None:
    with started(home) as (first, process):
        assert list(first) == ["url"]
        assert first["url"].startswith("http://127.0.0.1:")
        assert httpx.get(f"{first['url']}/healthz", trust_env=False, timeout=60).json() == {"status": "ok"}
        assert process.poll() is None


def test_home_that_cannot_be_used_keeps_it_from_serving(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with started(tmp_path / "file") as (first, process):
        assert list(first) == ["error"]
        assert process.wait(60) == 1


@pytest.mark.parametrize("json_asked", [False, True])
def test_port_in_use_is_an_error_of_one_line(home: Path, json_asked: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = run("serve", "--port", port, "--home", home, *["--json"] * json_asked)
    assert ran.code == 1
    assert ran.complaint.startswith(f"cannot listen on 127.0.0.1:{port} (")
    assert "--port" in ran.complaint
    assert ran.json["error"]["code"] == "port_in_use" if json_asked else ran.out == ""


def test_address_of_another_machine_is_refused(home: Path) -> None:
    ran = run("serve", "--host", "192.0.2.1", "--port", "0", "--home", home)
    assert (ran.code, ran.out) == (1, "")
    assert "192.0.2.1" in ran.complaint
