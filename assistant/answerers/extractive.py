"""The extractive answerer: the documents' own sentences, word for word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.citations import AnswerText
from assistant.disagreement import Dispute, sets_apart, with_both_sides
from assistant.evidence import select
from assistant.types import Evidence, Exchange

NAME = "extractive"


class Extractive:
    """Quotes the best sentences, each citing itself. Implements `Answerer`; nothing leaves the process."""

    name = NAME
    host = None

    def write(
        self,
        question: str,
        history: Sequence[Exchange],
        ranked: Sequence[Evidence],
        answer: AnswerText,
        dispute: Dispute | None = None,
    ) -> Iterator[str]:
        """Writes the best sentences into ``answer`` one by one, both sides of a disagreement among them."""
        answer.answerer = NAME
        for evidence in with_both_sides(select(ranked), dispute, ranked):
            yield answer.quote(evidence, attributed=sets_apart(dispute, [evidence]))
