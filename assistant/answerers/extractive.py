"""The extractive answerer: the documents' own sentences, word for word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.citations import AnswerText
from assistant.evidence import select
from assistant.types import Evidence

NAME = "extractive"


def write(ranked: Sequence[Evidence], answer: AnswerText) -> Iterator[str]:
    """Writes the best sentences into ``answer`` one by one, each citing itself; yields each piece of text added."""
    for evidence in select(ranked):
        yield answer.add(evidence.quote, [evidence])
