"""What all tests share: no network but loopback, no settings of the user's, one loaded model, one indexed desk."""

from __future__ import annotations

import os
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from assistant.check import Checker
from assistant.settings import load_settings
from assistant.wiring import Wiring
from corpus.intake import desk_sources
from corpus.names import shipped_names
from index.embedding import Embedder
from index.spellings import Spellings
from tests.factories import wiring_at

os.environ["HF_HUB_OFFLINE"] = "1"
_connect = socket.socket.connect


def _connect_to_loopback_only(self: socket.socket, address: Any) -> None:
    if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
        raise AssertionError(f"a test reached for the network: {address!r}")
    _connect(self, address)


@pytest.fixture(autouse=True)
def _sealed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(socket.socket, "connect", _connect_to_loopback_only)
    for name in list(os.environ):
        if name.startswith(("FOOTNOTE_", "OPENAI_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("FOOTNOTE_HOME", str(tmp_path / "default-home"))


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The real default model, loaded once."""
    return Embedder()


@pytest.fixture(scope="session")
def checker(embedder: Embedder) -> Checker:
    """The real check of claims over the shipped names."""
    return Checker(embedder, Spellings(shipped_names()))


@pytest.fixture
def footnote(tmp_path: Path, embedder: Embedder) -> Iterator[Wiring]:
    """A Footnote over an empty library of its own."""
    wiring = wiring_at(tmp_path / "home", embedder)
    yield wiring
    wiring.library.close()


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Wiring]:
    """A Footnote over the shipped desk. Tests that write to it use `footnote` instead.

    Of several processes that run tests the first indexes it, and each takes a copy.
    """
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shipped-desk"
    try:
        shared.mkdir()
    except FileExistsError:
        _wait_for(shared / "whole")
    else:
        threads = torch.get_num_threads()
        torch.set_num_threads(os.cpu_count() or 1)  # the other processes wait meanwhile
        wiring = wiring_at(shared / "home", embedder)
        reports = list(wiring.indexer.index(desk_sources()))
        assert {report.state for report in reports} == {"added"}
        wiring.library.close()
        torch.set_num_threads(threads)
        (shared / "whole").touch()
    own = base / "desk"
    shutil.copytree(shared / "home", own)
    wiring = wiring_at(own, embedder)
    yield wiring
    wiring.library.close()


def _wait_for(file: Path) -> None:
    for _ in range(3000):
        if file.exists():
            return
        time.sleep(0.1)
    raise TimeoutError(f"{file} does not come")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder for a library that does not exist yet."""
    return load_settings(tmp_path / "home").home
