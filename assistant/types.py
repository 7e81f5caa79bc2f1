"""The values of the assistant room. `Answer` and what it holds have the shape of the JSON that users get.

All are frozen. Offsets of claims count code points into the answer's text, those of citations into the document's;
ends are exclusive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from assistant.search import FoundPassage
from corpus.types import Span
from index.types import Hit, SentenceHit

Reply = Literal["answer", "declined", "about_library", "small_talk"]
Reason = Literal["empty_library", "nothing_found", "weak_match", "filtered_out"]
Verdict = Literal["supported", "weak", "unsupported"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier question of a conversation and what was answered, without footnotes; nothing where it was declined."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence, or one row of a table, of a found passage, and how well it answers.

    ``score``, the chance that it answers, ranks evidence. ``side`` is the chance that it is one side of a dispute over
    what is asked, 0 where it was not read.
    """

    hit: Hit
    span: Span
    quote: str
    score: float
    side: float = 0.0

    @property
    def found(self) -> SentenceHit:
        """The sentence as retrieval found it; likeness and words are 0 where it is none of the passage's own."""
        nothing = SentenceHit(self.span, 0.0, 0.0)
        return next((sentence for sentence in self.hit.sentences if sentence.span == self.span), nothing)


@dataclass(frozen=True, slots=True)
class Citation:
    """A number in an answer and the evidence behind it: ``document.text[start:end] == quote``.

    ``number`` is None for what is shown as nearest to a declined question.
    """

    number: int | None
    key: str
    document_id: str
    content_hash: str
    title: str
    outlet: str | None
    author: str | None
    published: str | None
    kind: str | None
    language: str | None
    url: str | None
    path: str | None
    page: int | None
    heading: str | None
    passage_id: str
    quote: str
    start: int
    end: int
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer: ``answer.text[start:end] == text``; the numbers stand behind it."""

    text: str
    start: int
    end: int
    citations: tuple[int, ...]
    support: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a disagreement: the citation that holds it and its value."""

    citation: int
    value: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What the sources differ about, and the sides."""

    about: str
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the program says of an answer in its own words."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One turn: a question and its cited answer, or why there is none."""

    conversation_id: str
    turn_id: str
    question: str
    searched_for: str
    answerer: str
    reply: Reply
    answered: bool
    reason: Reason | None
    text: str
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    rejected: tuple[str, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    missing: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    nearest: tuple[Citation, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class PassagesFound:
    """Streamed first: the hits that the answer is made from."""

    hits: tuple[FoundPassage, ...]


@dataclass(frozen=True, slots=True)
class TextDelta:
    """Streamed next: a further piece of the answer's text."""

    text: str


Event = PassagesFound | TextDelta | Answer
