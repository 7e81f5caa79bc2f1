"""The whole way of a question: conversation, query, hits, evidence, answer."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.across import Correction
from assistant.check import Checker
from assistant.citations import AnswerText, citation_for
from assistant.conversations import Conversations, new_id
from assistant.disagreement import Dispute, as_disagreements, corrected, correction_notices, first_dispute
from assistant.follow_ups import as_query, in_conversation
from assistant.notices import DECLINED, WEAK_LANGUAGE, nothing_sent
from assistant.orders import telling
from assistant.parts import missing_parts, needed_whole, parts_of
from assistant.ports import Answerer
from assistant.ranking import Ranked, Ranker, with_parts
from assistant.replies import Ready, Replies
from assistant.search import SearchResult, found_passage
from assistant.settings import MAX_QUESTION
from assistant.types import Answer, Event, Exchange, Notice, PassagesFound, Reason, TextDelta
from assistant.versions import version_notices
from corpus.cleaning import normalise
from corpus.errors import BadRequest
from index.filtering import check_filter
from index.retriever import Retriever
from index.types import Filter, Hit, Query

_HITS = 10
_MORE_HITS = 100  # looked through where some of the best give orders
_NEAREST = 3
_DISPUTED = 0.5  # the share of the threshold that will do where sources say different things on what was asked


@dataclass(frozen=True, slots=True)
class _Found:
    """What retrieval brought for one question."""

    query: Query
    history: Sequence[Exchange]
    hits: Sequence[Hit]
    ranked: Ranked
    corrections: tuple[Correction, ...]
    reason: Reason | None
    dispute: Dispute | None
    parts: Mapping[str, Sequence[Hit]]
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Trial:
    """An answer with all the evidence that was weighed for it, best first."""

    answer: Answer
    ranked: Ranked


class Assistant:
    """Answers questions from one library."""

    def __init__(
        self,
        retriever: Retriever,
        ranker: Ranker,
        conversations: Conversations,
        replies: Replies,
        answerer: Answerer,
        *,
        threshold: float,
        fingerprint: str,
        checker: Checker | None = None,
    ) -> None:
        """``threshold`` is the chance from which a question is answered; see `AnswerText` for ``checker``."""
        self.retriever = retriever
        self._ranker = ranker
        self.conversations = conversations
        self._replies = replies
        self._answerer = answerer
        self._threshold = threshold
        self._fingerprint = fingerprint
        self._checker = checker

    def ask(
        self,
        question: str,
        conversation_id: str | None = None,
        wanted: Filter = Filter(),
        replaces: str | None = None,
    ) -> Answer:
        """The answer to a question, as a turn of a conversation: a new one, or that of ``conversation_id``.

        It may stand in the place of the turn that it ``replaces`` and of those after that.

        Raises:
            BadRequest: the question is blank or too long, or the filter has a value that can never match.
            NotFound: there is no such conversation, or no such turn in it.
        """
        for event in self.stream(question, conversation_id, wanted, replaces):
            if isinstance(event, Answer):
                return event
        raise RuntimeError("the stream ended without an answer")

    def stream(
        self,
        question: str,
        conversation_id: str | None = None,
        wanted: Filter = Filter(),
        replaces: str | None = None,
    ) -> Iterator[Event]:
        """The same step by step: the passages found, the text piece by piece, and the whole answer, which is stored.

        The question is checked before anything is yielded. Raises as `ask`.
        """
        question = check_question(question)
        check_filter(wanted)
        if replaces is not None and conversation_id is None:
            raise BadRequest("a turn is replaced within its conversation", "name it", "conversation_id")
        history = [] if conversation_id is None else self.conversations.exchanges(conversation_id, replaces)
        ready = self._replies.to(question, conversation_id, wanted, replaces)
        own = conversation_id or new_id("c")
        answers = self._reply_turn(question, own, ready) if ready else self._turn(question, own, history, wanted)
        return self._stored(answers, conversation_id, replaces)

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
        ready = self._replies.to(question, None, wanted)
        if ready:
            return Trial(self._reply(question, new_id("c"), ready), Ranked())
        found = self._find(question, history, wanted)
        text = AnswerText(checker=self._checker)
        started = time.perf_counter()
        for _ in self._pieces(found, text):
            pass
        return Trial(self._answer(question, new_id("c"), found, text, started), found.ranked)

    def _turn(
        self, question: str, conversation_id: str, history: Sequence[Exchange], wanted: Filter
    ) -> Iterator[Event]:
        found = self._find(question, history, wanted)
        yield PassagesFound(tuple(found_passage(hit) for hit in found.hits))
        text = AnswerText(checker=self._checker)
        started = time.perf_counter()
        for piece in self._pieces(found, text):
            yield TextDelta(piece)
        yield self._answer(question, conversation_id, found, text, started)

    def _reply_turn(self, question: str, conversation_id: str, ready: Ready) -> Iterator[Event]:
        answer = self._reply(question, conversation_id, ready)
        yield PassagesFound(())
        yield TextDelta(answer.text)
        yield answer

    def _stored(self, events: Iterator[Event], continues: str | None, replaces: str | None) -> Iterator[Event]:
        """Passes events on; the answer is stored first. Who stops listening before leaves nothing behind."""
        for event in events:
            if isinstance(event, Answer):
                if continues is not None:
                    self.conversations.get(continues)  # one deleted meanwhile is not begun anew
                self.conversations.append(event, replaces)
            yield event

    def _reply(self, question: str, conversation_id: str, ready: Ready) -> Answer:
        """A reply without retrieval as an answer; what was searched for is nothing."""
        return Answer(
            conversation_id=conversation_id,
            turn_id=new_id("t"),
            question=question,
            searched_for="",
            answerer=self._answerer.name,
            reply=ready.reply,
            answered=ready.reply == "answer",
            reason=None,
            text=ready.written.text,
            claims=tuple(ready.written.claims),
            citations=tuple(ready.written.citations),
            disagreements=ready.disagreements,
            missing=ready.missing,
            notices=(*ready.written.notices, *self._unsent(ready.written)),
            timings=dict.fromkeys(("retrieve_ms", "answer_ms", "total_ms"), 0.0),
            fingerprint=self._fingerprint,
        )

    def _find(self, question: str, history: Sequence[Exchange], wanted: Filter) -> _Found:
        started = time.perf_counter()
        question, history = in_conversation(question, history)
        query = as_query(question, history)
        hits = self._hits(query, wanted)
        whole = self._ranker.rank(question, hits, history)
        parts = self._parts(question, query.context, wanted)
        read = {one: self._ranker.rank(one, parts[one], history, needed_whole(one, question)) for one in parts}
        answering = {part: one for part, one in read.items() if one.confidence >= self._threshold}
        ranked = with_parts(whole, tuple(answering.values()))
        kept, corrections = corrected(question, ranked.evidence)
        ranked = replace(ranked, evidence=tuple(kept))
        likely = ranked.confidence >= self._threshold * _DISPUTED
        asked = [(part, corrected(part, one.evidence)[0]) for part, one in answering.items()]
        asked = asked or [(question, kept)]
        dispute = first_dispute(asked) if likely else None
        reason = None if dispute else self._reason(ranked, wanted)
        shown = tuple({hit.passage_id: hit for some in (hits, *parts.values()) for hit in some}.values())
        open_to = {} if reason else parts
        return _Found(query, history, shown, ranked, corrections, reason, dispute, open_to, _milliseconds(started))

    def _hits(self, query: Query, wanted: Filter) -> Sequence[Hit]:
        """The best hits without those that give orders, the next best in their place; all where there is no other."""
        hits = self.retriever.search(query, _HITS, wanted)
        kept = telling(hits)
        if len(kept) < len(hits):
            kept = telling(self.retriever.search(query, _MORE_HITS, wanted))[:_HITS]
        return kept or hits

    def _parts(self, question: str, context: Sequence[str], wanted: Filter) -> dict[str, Sequence[Hit]]:
        """What is found for each part of a question that asks for several things; nothing for one that asks for one."""
        if len(parts := parts_of(question)) == 1:
            return {}
        queries = [Query(part, (*context, question) if needed_whole(part, question) else ()) for part in parts]
        return {query.text: self._hits(query, wanted) for query in queries}

    def _reason(self, ranked: Ranked, wanted: Filter) -> Reason | None:
        """Why there is no answer, or None if there is one."""
        if ranked.evidence:
            return None if ranked.confidence >= self._threshold else "weak_match"
        if not self.retriever.passage_count():
            return "empty_library"
        return "filtered_out" if wanted.active and not self.retriever.matches(wanted) else "nothing_found"

    def _notices(self, question: str, found: _Found, text: AnswerText) -> tuple[Notice, ...]:
        language = () if self.retriever.reads_well(question) else (WEAK_LANGUAGE,)
        corrections = correction_notices(found.corrections, text.citations)
        versions = version_notices(text.citations, found.hits)
        return (*language, *corrections, *versions, *self._unsent(text), *text.notices)

    def _unsent(self, text: AnswerText) -> tuple[Notice, ...]:
        """Where an answerer sends text to a host: that this reply was made without it."""
        return (nothing_sent(self._answerer.host),) if self._answerer.host and not text.answerer else ()

    def _pieces(self, found: _Found, text: AnswerText) -> Iterator[str]:
        if found.reason:
            text.text = DECLINED[found.reason]
            yield text.text
        else:
            yield from self._answerer.write(found.query.text, found.history, found.ranked.evidence, text, found.dispute)

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
            disagreements=as_disagreements(found.dispute, text.citations),
            missing=missing_parts(found.parts, text.citations),
            nearest=tuple(map(citation_for, found.ranked.evidence[:_NEAREST])) if found.reason else (),
            notices=self._notices(question, found, text),
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
    if not (stripped := normalise(question).strip()):
        raise BadRequest("the question is empty", "write what you want to know", "message")
    if len(stripped) > MAX_QUESTION:
        raise BadRequest(
            f"the question has {len(stripped):,} characters, more than {MAX_QUESTION:,}", "shorten it", "message"
        )
    return stripped


def _milliseconds(since: float) -> float:
    return (time.perf_counter() - since) * 1000
