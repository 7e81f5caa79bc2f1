"""What the tests of this room share: the command line with the model that is loaded already."""

from __future__ import annotations

import pytest

from assistant.wiring import Wiring
from index.embedding import Embedder


@pytest.fixture(autouse=True)
def _one_model(monkeypatch: pytest.MonkeyPatch, embedder: Embedder) -> None:
    """Commands take the real model that is loaded already."""
    monkeypatch.setattr(Wiring, "embedder", embedder)
