"""Follow-ups: a question and its conversation to the query that is searched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.types import Exchange
from index.lexical import terms_of
from index.types import Query

_POINTING = re.compile(
    r"\b(it|its|they|them|their|theirs|he|him|his|she|her|hers|this|that|these|those|there|here|one|ones|then|such|"
    r"others?|another|else|more|same|former|latter)\b",
    re.IGNORECASE,
)
_CONTINUING = re.compile(r"^\s*(and|but|so|or|also|what about|how about|why|how so|ok|okay|yes|no)\b", re.IGNORECASE)
# "Something else:", "ok, another question.", "leave the election." say nothing of what is asked; "turning to Georgia:"
# and "new question, on Georgia:" name it.
_SUBJECT = r"(?:questions?|matters?|topics?|subjects?|things?|points?|issues?)"
_TURNING = re.compile(
    r"^\s*(?:(?:ok|okay|and|now|so|right|well|but|then|thanks)\b,?\s+)*(?:"
    r"something\s+(?:else|different|new|unrelated)(?:\s+now)?|"
    r"(?:(?:a|an)\s+)?(?:another|other|different|new|separate|unrelated)\s+"
    rf"{_SUBJECT}(?P<named>,?\s+(?:on|about)\b[^:.]{{1,40}})?|"
    rf"(?:to\s+)?chang(?:e|ing)\s+(?:of\s+|the\s+)?{_SUBJECT}|"
    r"leave\s+[^:.?]{1,40}|(?:leaving|setting|putting)\s+[^:.?]{1,40}\s+aside|"
    r"(?P<turned>(?:turning|moving|switching)\s+(?:on\s+|over\s+)?to\s+[^:.?]{1,40}))"
    r"\s*[:.;\u2013\u2014-]\s+(?=\S+\s+\S)",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(r"\b(?:it|they|them|he|him|she|her)\b", re.IGNORECASE)
_ASKING = re.compile(
    r"\?|^\s*(is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|tell|explain|describe|list|"
    r"give|show|summari[sz]e|compare|name|find|i|please|thanks?|hi|hello|\w+n[’']t)\b|"
    r"\b(who|whom|whose|what|when|where|which|why|how|кто|что|кого|кому|чей|где|когда|куда|откуда|почему|зачем|как|"
    r"какой|какая|какие|какое|сколько|kim|ne|neden|nerede|hangi|nasıl|kaç|хто|що|де|коли|чому|як|скільки)\b",
    re.IGNORECASE,
)
_LEANING_WEIGHT = 0.5
_STANDING_WEIGHT = 0.25
_TURNS = 8
_REPLY_WORDS = 60
_TOPIC_TERMS = 8


def leans(question: str) -> bool:
    """Whether a question cannot be understood without what was said before it.

    It points back (a pronoun, "there", "others"), continues a sentence ("and …"), or has too few words of its own.
    """
    return leans_back(question) or len(terms_of(question)) <= 2


def leans_back(question: str) -> bool:
    """Whether a question points back by its words."""
    return bool(_POINTING.search(question) or _CONTINUING.search(question))


def in_conversation(question: str, history: Sequence[Exchange]) -> tuple[str, Sequence[Exchange]]:
    """A question without the words that turn to something else ("Something else: …"), and the exchanges, oldest first,
    since the conversation last turned: none if this question does.
    """
    if (turned := _turned(question)) is not None:
        return turned, []
    for number in reversed(range(len(history))):
        if (turned := _turned(history[number].question)) is not None:
            return question, [replace(history[number], question=turned), *history[number + 1 :]]
    return question, history


def _turned(question: str) -> str | None:
    """What is asked by a question that says it is on something else; None if it does not, or if it speaks of somebody
    all the same ("another thing: did he sign?").
    """
    said = _TURNING.match(question)
    named = said and (said["named"] or said["turned"])
    if not said or _OF_OTHERS.search(named or question):
        return None
    return question if named else question[said.end() :]


def is_topic(question: str) -> bool:
    """Whether a question is none, but a topic in a few words ("Kerch bridge attack")."""
    return not _ASKING.search(question) and not leans_back(question) and len(terms_of(question)) <= _TOPIC_TERMS


def as_query(question: str, history: Sequence[Exchange]) -> Query:
    """What to search for, given the exchanges before it, oldest first.

    A question that leans on them brings the earlier questions along with half its weight, and the opening of the last
    answer. One that stands alone still gets a hint from the questions (people rarely change the subject), too faint
    to drag it back: the weights were chosen on conversations of both sorts, see `docs/retrieval.md`. What was asked
    before the conversation turned to something else stays behind (`in_conversation`).
    """
    question, history = in_conversation(question, history)
    leaning = leans(question)
    return Query(
        question,
        tuple(exchange.question for exchange in history[-_TURNS:]),
        _LEANING_WEIGHT if leaning else _STANDING_WEIGHT,
        reply=opening(history[-1].answer) if history and leaning else "",
        topic=not history and is_topic(question),
    )


def opening(answer: str) -> str:
    """What of an answer the next question is searched with, where it leans on it."""
    return " ".join(answer.split()[:_REPLY_WORDS])
