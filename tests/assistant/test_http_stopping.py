"""A client that goes while an answer is streamed: the server stops, and stores nothing half-made."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

from assistant.answerers.extractive import Extractive
from assistant.citations import AnswerText
from assistant.wiring import Wiring
from tests.assistant.conftest import OPENED
from tests.assistant.running import serving
from tests.assistant.test_http_conversations import until


class Slow:
    """An answerer that goes on writing for ten seconds, a piece every twentieth of one."""

    name = "slow"
    host: str | None = None

    def __init__(self) -> None:
        self.pieces = 0
        self.ended = threading.Event()

    def write(
        self, question: str, history: Any, evidence: Sequence[Any], text: AnswerText, dispute: Any
    ) -> Iterator[str]:
        try:
            yield from Extractive().write(question, history, evidence, text, dispute)
            for _ in range(200):
                time.sleep(0.05)
                self.pieces += 1
                yield " "
        finally:
            self.ended.set()


def test_an_answer_whose_reader_has_gone_is_no_longer_worked_on_nor_stored(steppe: Wiring) -> None:
    slow = Slow()
    steppe.__dict__["answerer"] = slow
    with serving(steppe) as client:
        with client.stream("POST", "/api/chat", json={"message": OPENED, "stream": True}) as response:
            lines = response.iter_lines()
            assert next(lines) == "event: passages"
            until(lambda: slow.pieces > 1)
        assert slow.ended.wait(2)
        assert slow.pieces < 100
        assert client.get("/api/conversations").json() == {"conversations": []}
