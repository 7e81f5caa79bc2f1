"""Replies without retrieval: small talk, what the library holds, and the last answer made shorter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.about_library import AboutLibrary
from assistant.citations import AnswerText
from assistant.conversations import Conversations
from assistant.shortened import left_open, shortened
from assistant.small_talk import SmallTalk, small_talk
from assistant.types import Disagreement, Reply
from index.types import Filter


@dataclass(frozen=True, slots=True)
class Ready:
    """A reply that needs no search: its sort and its text, with the claims and citations where it is an answer.

    ``missing`` are the parts of the question that the answer leaves open.
    """

    reply: Reply
    written: AnswerText
    disagreements: tuple[Disagreement, ...] = ()
    missing: tuple[str, ...] = ()


class Replies:
    """Recognises what needs no search, within milliseconds and without a model."""

    def __init__(self, about_library: AboutLibrary, conversations: Conversations) -> None:
        self._about_library = about_library
        self._conversations = conversations

    def to(self, message: str, conversation_id: str | None, wanted: Filter, before: str | None = None) -> Ready | None:
        """The reply to a message, in place of the turn ``before``, or None if it is a question to the documents.

        Raises:
            NotFound: there is no such conversation, or no such turn in it.
        """
        if talk := small_talk(message):
            return (
                self._shorter(talk, conversation_id, before)
                if talk.talk == "shorter"
                else _said("small_talk", talk.reply)
            )
        told = self._about_library.reply(message, wanted)
        return _said("about_library", told) if told else None

    def _shorter(self, talk: SmallTalk, conversation_id: str | None, before: str | None) -> Ready:
        turns = self._conversations.turns(conversation_id, before) if conversation_id is not None else []
        turn = _last_answer(turns)
        written, disagreements = shortened(turn) if turn else (AnswerText(), ())
        if turn is None or not written.claims:
            return _said("small_talk", talk.reply)
        return Ready("answer", written, disagreements, left_open(turn, written.citations))


def _last_answer(turns: list[dict[str, Any]]) -> Mapping[str, Any] | None:
    """The last turn, past small talk and counting, if it is an answer."""
    asked = [turn for turn in turns if turn["reply"] in ("answer", "declined")]
    return asked[-1] if asked and asked[-1]["answered"] else None


def _said(reply: Reply, text: str) -> Ready:
    return Ready(reply, AnswerText(text))
