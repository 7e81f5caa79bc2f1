"""The values of the index room: passages, queries, filters and hits. All are frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from corpus.cleaning import normalise
from corpus.types import Document, Metadata, Page, Span

Relation = Literal["older", "newer", "same"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one document that is searched: ``document.text[start:end] == text``.

    ``sentences`` are spans into the document's text, one for each sentence, table row or list item, in order.
    ``tokens`` counts by the settings' tiktoken encoding. ``prefix`` (title and heading) is embedded with the
    text, but not quoted.
    """

    document_id: str
    start: int
    end: int
    text: str
    heading: str | None
    tokens: int
    sentences: tuple[Span, ...]
    prefix: str = ""

    @property
    def embedded(self) -> str:
        """The text that is searched: the passage under its title and heading."""
        return f"{self.prefix}{self.text}"


@dataclass(frozen=True, slots=True)
class Query:
    """What retrieval looks for: the question itself and the earlier questions that it leans on, oldest first.

    ``context_weight`` is what the context counts against the question's own 1. ``reply`` is what was answered last,
    where the question leans on it. A ``topic`` is no question: it wants all that is on it.
    """

    text: str
    context: tuple[str, ...] = ()
    context_weight: float = 0.5
    reply: str = ""
    topic: bool = False

    @property
    def searched_for(self) -> str:
        """The query in words, as shown to the user."""
        leant_on = [*self.context, self.reply] if self.reply else self.context
        return f"{self.text} (in view of: {' · '.join(leant_on)})" if leant_on else self.text

    def cleaned(self) -> Query:
        """The same in the Unicode that documents are stored in."""
        context = tuple(normalise(text) for text in self.context)
        return replace(self, text=normalise(self.text), context=context, reply=normalise(self.reply))


@dataclass(frozen=True, slots=True)
class Filter:
    """Which documents may answer. Each field given must hold; a tuple means any of its values.

    ``since`` and ``until`` are ISO days, inclusive. A document with a partial date is in when that date may lie
    inside; one without a date is outside any bound.
    """

    since: str | None = None
    until: str | None = None
    outlet: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    document_id: tuple[str, ...] = ()

    @property
    def active(self) -> bool:
        """Whether anything is asked of the documents at all."""
        return self != Filter()


@dataclass(frozen=True, slots=True)
class SentenceHit:
    """A sentence of a hit; ``similarity`` to the query is a cosine, ``lexical`` the share of the query's weighted words
    that it holds, 0 to 1.
    """

    span: Span
    similarity: float
    lexical: float


@dataclass(frozen=True, slots=True)
class Linked:
    """A near duplicate of a found document, and what it is to that one by date or, undated, by the order read."""

    document: Document
    relation: Relation


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, its score and what the score is made of.

    ``score`` is the sum of ``parts``, each times its weight: likeness of the best sentence (``sentence``), of the best
    two in a row (``pair``), of the best three (``substance``), of the whole (``passage``), of its stretch of the
    document (``stretch``) and of the passage that opens the document (``opening``), the share of the question's
    weighted words that the stretch holds (``lexical``), the same for names under any spelling, however often
    (``names``), in a language that the embedder does not read the share that the passage itself holds (``own``), and
    for a topic how near in time to the best hits it was published (``time``). ``ranks`` is the
    passage's rank by each voice alone, 1 the best, absent where that voice did not find it. ``pages`` are those of the
    document's that it touches, ``before`` the sentence that stands before it there. ``linked`` are the document's near
    duplicates, which are not returned themselves.
    """

    passage_id: str
    document_id: str
    content_hash: str
    metadata: Metadata
    title: str
    place: str | None
    text: str
    start: int
    end: int
    heading: str | None
    score: float
    pages: tuple[Page, ...] = ()
    before: str = ""
    parts: Mapping[str, float] = field(default_factory=dict)
    ranks: Mapping[str, int] = field(default_factory=dict)
    sentences: tuple[SentenceHit, ...] = ()
    linked: tuple[Linked, ...] = ()

    def words_at(self, span: Span) -> str:
        """What stands at a span of the document that lies within the passage."""
        return self.text[span.start - self.start : span.end - self.start]

    @property
    def also_in(self) -> tuple[str, ...]:
        """The ids of the document's near duplicates, newest first."""
        return tuple(linked.document.id for linked in self.linked)
