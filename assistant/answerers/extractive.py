"""The extractive answerer: the documents' own sentences, word for word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.citations import AnswerText
from assistant.disagreement import Dispute, with_both_sides
from assistant.evidence import select
from assistant.types import Evidence

NAME = "extractive"


def write(ranked: Sequence[Evidence], answer: AnswerText, dispute: Dispute | None = None) -> Iterator[str]:
    """Writes the best sentences into ``answer`` one by one, each citing itself; yields each piece of text added.

    Both sides of a disagreement are among them.
    """
    for evidence in with_both_sides(select(ranked), dispute):
        yield answer.add(evidence.quote, [evidence], attributed=dispute is not None and dispute.sets_apart(evidence))
