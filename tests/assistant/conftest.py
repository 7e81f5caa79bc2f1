"""What the tests of this room share: a small library that may be written to, a server over the desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assistant.wiring import Wiring
from index.embedding import Embedder
from tests.assistant.running import copy_library, serving
from tests.factories import index_paths, wiring_at, write_files

BRIDGE = """---
title: The bridge at Orsk
outlet: Steppe Post
author: Ivan Sokol
published: 2023-05-17
language: en
kind: report
---
The bridge at Orsk was opened on 4 May 2019 [12]. It cost 12 million roubles. Governor Belova cut the ribbon.

## Traffic

Some 4,000 cars cross the bridge at Orsk each day.
"""
HARVEST = """---
title: A lost harvest
outlet: Ural Herald
published: 2024-02
language: en
kind: opinion
---
The wheat harvest in Turgai failed because of drought. Farmers blame the ministry for seed that came too late.
"""
LAKE = "The Aydar lake froze in November. Fishermen lost forty nets under its ice.\n"
OPENED = "When was the bridge at Orsk opened?"
BREAD = "How do I bake sourdough bread?"


@pytest.fixture
def one_model(monkeypatch: pytest.MonkeyPatch, embedder: Embedder) -> None:
    """Commands take the real model that is loaded already."""
    monkeypatch.setattr(Wiring, "embedder", embedder)


@pytest.fixture
def steppe(footnote: Wiring, one_model: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Wiring:
    """A Footnote over three small documents, the one without metadata last; commands take its home."""
    files = write_files(tmp_path / "files", {"bridge.md": BRIDGE, "harvest.md": HARVEST, "lake.txt": LAKE})
    index_paths(footnote, files)
    monkeypatch.setenv("FOOTNOTE_HOME", str(footnote.settings.home))
    return footnote


@pytest.fixture(scope="session")
def own_desk(desk: Wiring, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wiring]:
    """A copy of the desk, in which turns may be stored."""
    home = tmp_path_factory.mktemp("own") / "home"
    copy_library(desk, home)
    wiring = wiring_at(home, embedder)
    yield wiring
    wiring.library.close()


@pytest.fixture(scope="session")
def server(own_desk: Wiring) -> Iterator[httpx.Client]:
    """A client of a server over the desk."""
    with serving(own_desk) as client:
        yield client
