"""The whole way of a question: conversation, query, hits, evidence, answer."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.citations import AnswerText, citation_for
from assistant.conversations import Conversations, new_id
from assistant.evidence import rank_evidence
from assistant.follow_ups import as_query
from assistant.orders import telling
from assistant.ports import Answerer
from assistant.search import SearchResult, found_passage
from assistant.settings import MAX_QUESTION
from assistant.types import Answer, Event, Evidence, Exchange, Notice, PassagesFound, Reason, TextDelta
from corpus.cleaning import normalise
from corpus.errors import BadRequest
from index.filtering import check_filter
from index.retriever import Retriever
from index.types import Filter, Hit, Query

_HITS = 10
_MORE_HITS = 100  # looked through where some of the best give orders
_NEAREST = 3
_DECLINED = {
    "empty_library": "The library is empty. Add documents with `footnote index PATH`, then ask again.",
    "nothing_found": "Nothing in the documents has to do with this question.",
    "weak_match": "The documents do not seem to answer this question. The nearest they hold is shown.",
    "filtered_out": "No document passes the filters.",
}

_WEAK_LANGUAGE = Notice(
    "weak_language",
    "The embedding model hardly knows the language of this question, so documents were found mostly by their words. "
    "A multilingual model finds more: name one as `model` under [index] in config.toml, then run "
    "`footnote index --rebuild`.",
)


@dataclass(frozen=True, slots=True)
class _Found:
    """What retrieval brought for one question."""

    query: Query
    history: Sequence[Exchange]
    hits: Sequence[Hit]
    ranked: Sequence[Evidence]
    reason: Reason | None
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Trial:
    """An answer with all the evidence that was weighed for it, best first."""

    answer: Answer
    evidence: tuple[Evidence, ...]

    @property
    def confidence(self) -> float:
        """The score by which it was decided whether to answer."""
        return self.evidence[0].score if self.evidence else float("-inf")


class Assistant:
    """Answers questions from one library."""

    def __init__(
        self,
        retriever: Retriever,
        conversations: Conversations,
        answerer: Answerer,
        *,
        threshold: float,
        fingerprint: str,
    ) -> None:
        """``threshold`` is the evidence score from which a question is answered."""
        self.retriever = retriever
        self.conversations = conversations
        self._answerer = answerer
        self._threshold = threshold
        self._fingerprint = fingerprint

    def ask(self, question: str, conversation_id: str | None = None, wanted: Filter = Filter()) -> Answer:
        """The answer to a question, as a turn of a conversation: a new one, or that of ``conversation_id``.

        Raises:
            BadRequest: the question is blank or too long, or the filter has a value that can never match.
            NotFound: there is no such conversation.
        """
        for event in self.stream(question, conversation_id, wanted):
            if isinstance(event, Answer):
                return event
        raise RuntimeError("the stream ended without an answer")

    def stream(self, question: str, conversation_id: str | None = None, wanted: Filter = Filter()) -> Iterator[Event]:
        """The same step by step: the passages found, the text piece by piece, and the whole answer, which is stored.

        The question is checked before anything is yielded. Raises as `ask`.
        """
        question = check_question(question)
        check_filter(wanted)
        if conversation_id is None:
            return self._turn(question, new_id("c"), [], wanted)
        return self._turn(question, conversation_id, self.conversations.exchanges(conversation_id), wanted)

    def search(self, query: str, k: int, wanted: Filter = Filter()) -> SearchResult:
        """The best ``k`` passages for a query, best first.

        Raises:
            BadRequest: the query is blank or too long, or the filter has a value that can never match.
        """
        looked_for = as_query(check_question(query), [])
        hits = self.retriever.search(looked_for, k, wanted)
        return SearchResult(query, looked_for.searched_for, tuple(found_passage(hit) for hit in hits))

    def try_out(self, question: str, history: Sequence[Exchange], wanted: Filter = Filter()) -> Trial:
        """An answer in view of earlier exchanges, stored nowhere, with the evidence as ranked before deciding."""
        found = self._find(question, history, wanted)
        text = AnswerText()
        started = time.perf_counter()
        for _ in self._pieces(found, text):
            pass
        return Trial(self._answer(question, new_id("c"), found, text, started), tuple(found.ranked))

    def _turn(
        self, question: str, conversation_id: str, history: Sequence[Exchange], wanted: Filter
    ) -> Iterator[Event]:
        found = self._find(question, history, wanted)
        yield PassagesFound(tuple(found_passage(hit) for hit in found.hits))
        text = AnswerText()
        started = time.perf_counter()
        for piece in self._pieces(found, text):
            yield TextDelta(piece)
        answer = self._answer(question, conversation_id, found, text, started)
        self.conversations.append(answer)
        yield answer

    def _find(self, question: str, history: Sequence[Exchange], wanted: Filter) -> _Found:
        started = time.perf_counter()
        query = as_query(question, history)
        hits = self.retriever.search(query, _HITS, wanted)
        ranked = rank_evidence(self._telling(query, hits, wanted))
        reason = self._reason(ranked, wanted)
        return _Found(query, history, hits, ranked, reason, _milliseconds(started))

    def _telling(self, query: Query, hits: Sequence[Hit], wanted: Filter) -> Sequence[Hit]:
        """The hits without those that give orders, and the next best in their place; all where there is no other."""
        kept = telling(hits)
        if len(kept) < len(hits):
            kept = telling(self.retriever.search(query, _MORE_HITS, wanted))[:_HITS]
        return kept or hits

    def _reason(self, ranked: Sequence[Evidence], wanted: Filter) -> Reason | None:
        """Why there is no answer, or None if there is one."""
        if ranked:
            return None if ranked[0].score >= self._threshold else "weak_match"
        if not self.retriever.passage_count():
            return "empty_library"
        return "filtered_out" if wanted.active and not self.retriever.matches(wanted) else "nothing_found"

    def _notices(self, question: str, text: AnswerText) -> tuple[Notice, ...]:
        language = () if self.retriever.reads_well(question) else (_WEAK_LANGUAGE,)
        return (*language, *self._unsent(text), *text.notices)

    def _unsent(self, text: AnswerText) -> tuple[Notice, ...]:
        """Where an answerer sends text to a host: that this reply was made without it."""
        if self._answerer.host is None or text.answerer:
            return ()
        return (Notice("nothing_sent", f"Nothing was sent to {self._answerer.host} for this reply."),)

    def _pieces(self, found: _Found, text: AnswerText) -> Iterator[str]:
        if found.reason:
            text.text = _DECLINED[found.reason]
            yield text.text
        else:
            yield from self._answerer.write(found.query.text, found.history, found.ranked, text)

    def _answer(self, question: str, conversation_id: str, found: _Found, text: AnswerText, started: float) -> Answer:
        answer_ms = _milliseconds(started)
        return Answer(
            conversation_id=conversation_id,
            turn_id=new_id("t"),
            question=question,
            searched_for=found.query.searched_for,
            answerer=text.answerer or self._answerer.name,
            reply="declined" if found.reason else "answer",
            answered=found.reason is None,
            reason=found.reason,
            text=text.text,
            claims=tuple(text.claims),
            citations=tuple(text.citations),
            rejected=tuple(text.rejected),
            nearest=tuple(citation_for(evidence) for evidence in found.ranked[:_NEAREST]) if found.reason else (),
            notices=self._notices(question, text),
            timings={
                "retrieve_ms": round(found.milliseconds, 1),
                "answer_ms": round(answer_ms, 1),
                "total_ms": round(found.milliseconds + answer_ms, 1),
            },
            fingerprint=self._fingerprint,
        )


def check_question(question: str) -> str:
    """The question in clean Unicode, without outer space.

    Raises:
        BadRequest: it is blank or longer than `MAX_QUESTION` characters.
    """
    stripped = normalise(question).strip()
    if not stripped:
        raise BadRequest("the question is empty", "write what you want to know", "message")
    if len(stripped) > MAX_QUESTION:
        raise BadRequest(
            f"the question has {len(stripped):,} characters, more than {MAX_QUESTION:,}", "shorten it", "message"
        )
    return stripped


def _milliseconds(since: float) -> float:
    return (time.perf_counter() - since) * 1000
