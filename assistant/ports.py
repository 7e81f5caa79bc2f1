"""The seams of the assistant: what may be exchanged for something else, each with its contract.

`tests/contracts/test_answerers.py` holds every implementation to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from assistant.citations import AnswerText
from assistant.disagreement import Dispute
from assistant.types import Evidence, Exchange


class Answerer(Protocol):
    """Writes an answer from evidence that was found good enough to answer with.

    ``write`` adds sentences to ``answer`` and yields each piece of text as it is added, so that the pieces together are
    the answer's text. Every sentence cites evidence out of ``ranked``, and none whose check says `unsupported` is
    added. From evidence it writes at least one sentence, from none it writes nothing. ``history`` is oldest first.
    Where the evidence is in ``dispute``, both sides are cited.

    What goes wrong outside the program (a server that is down, nonsense that a model writes) is never raised: it ends
    in a good answer all the same and is told in ``answer.notices``. ``answer.answerer`` names who wrote the text in
    the end, ``answer.rejected`` holds keys that stand for no evidence shown.
    """

    @property
    def name(self) -> str:
        """The name by which settings choose it."""

    @property
    def host(self) -> str | None:
        """The host that text is sent to, None if it stays in this process."""

    def write(
        self,
        question: str,
        history: Sequence[Exchange],
        ranked: Sequence[Evidence],
        answer: AnswerText,
        dispute: Dispute | None = None,
    ) -> Iterator[str]:
        """Writes into ``answer``; yields each piece of text that was added."""
