"""The language-model answerer: a model writes, the program checks every sentence and gives every number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.answerers.chat_server import ChatServer
from assistant.answerers.cited_sentences import CitedSentence, SentenceReader
from assistant.answerers.prompt import Prompt, PromptLimits, TokenCount, write_prompt
from assistant.citations import AnswerText, evidence_key
from assistant.disagreement import Dispute, sets_apart, side_in_full
from assistant.ports import Answerer
from assistant.types import Evidence, Exchange, Notice
from corpus.errors import ServerFailed

NAME = "llm"
_ACTIVE = re.compile(r"https?:|www\.|\]\(|!\[|\b(?:javascript|data):|<[a-z/!|]|[{}]|^\s*\"\w+\"\s*:", re.IGNORECASE)
_FEWEST_WORDS = 3
_FEWEST_CHARACTERS = 12
_MOST_CITED = 4  # sentences that one may rest on


@dataclass
class _Written:
    """How a model's sentences fared; ``added`` are those that were, without whose they are."""

    dispute: Dispute | None
    added: set[str] = field(default_factory=set)
    unsupported: int = 0
    uncited: int = 0


class LanguageModel:
    """Has a model on a chat server write from the evidence. Implements `Answerer`.

    No sentence is sent on before it is checked; one that its evidence does not support, or that cites nothing that was
    shown, is left out. Where nothing is left, or the server fails before anything is, ``fallback`` writes the answer.
    A side of a disagreement that the model leaves out is quoted behind what it wrote.
    """

    name = NAME

    def __init__(self, server: ChatServer, fallback: Answerer, limits: PromptLimits, count: TokenCount) -> None:
        """``count`` gives the number of tokens of a text."""
        self._server = server
        self._fallback = fallback
        self._limits = limits
        self._count = count

    @property
    def host(self) -> str:
        """The host that questions and evidence go to."""
        return self._server.host

    def write(
        self,
        question: str,
        history: Sequence[Exchange],
        ranked: Sequence[Evidence],
        answer: AnswerText,
        dispute: Dispute | None = None,
    ) -> Iterator[str]:
        """Writes into ``answer`` what the model says and the evidence supports; yields each piece once checked."""
        if not ranked:
            return
        answer.answerer = NAME
        written = _Written(dispute)
        try:
            prompt = write_prompt(question, history, _sides_first(ranked, dispute), self._limits, self._count)
            answer.notices.append(_sent(self.host))
            yield from self._checked(prompt, answer, written)
        except ServerFailed as failure:
            answer.notices.append(_failed(self.host, failure))
        answer.notices.extend(_left_out(written))
        if answer.claims:
            yield from _sides_left_out(answer, dispute, ranked)
        else:
            answer.notices.append(_INSTEAD)
            yield from self._fallback.write(question, history, ranked, answer, dispute)

    def _checked(self, prompt: Prompt, answer: AnswerText, written: _Written) -> Iterator[str]:
        reader = SentenceReader(prompt.shown)
        try:
            for piece in self._server.stream(prompt.messages):
                for sentence in reader.feed(piece):
                    yield from _add(sentence, prompt, answer, written)
        except ServerFailed:
            for sentence in reader.close(whole=False):
                yield from _add(sentence, prompt, answer, written)
            raise
        for sentence in reader.close(whole=True):
            yield from _add(sentence, prompt, answer, written)


def _add(sentence: CitedSentence, prompt: Prompt, answer: AnswerText, written: _Written) -> Iterator[str]:
    """Adds a sentence if it is one, cites what was shown and is supported by it."""
    unknown = [key for key in sentence.keys if key not in prompt.shown and key not in answer.rejected]
    answer.rejected.extend(unknown)
    evidence = [prompt.shown[key] for key in sentence.keys if key in prompt.shown][:_MOST_CITED]
    if not sentence.text or sentence.text in written.added:
        return
    if not evidence:
        written.uncited += sentence.text.strip(" .") != "NONE"
        return
    attributed = sets_apart(written.dispute, evidence)
    clean = _is_sentence(sentence.text) and not any(key in sentence.text for key in prompt.shown)
    piece = answer.add_checked(sentence.text, evidence, attributed=attributed) if clean else None
    if piece is None:
        written.unsupported += 1
    else:
        written.added.add(sentence.text)
        yield piece


def _sides_first(ranked: Sequence[Evidence], dispute: Dispute | None) -> list[Evidence]:
    """The evidence with both sides of a disagreement at its head, so that the model sees them."""
    sides = {evidence_key(side.evidence): side.evidence for side in dispute.sides} if dispute else {}
    return [*sides.values(), *(piece for piece in ranked if evidence_key(piece) not in sides)]


def _sides_left_out(answer: AnswerText, dispute: Dispute | None, ranked: Sequence[Evidence]) -> Iterator[str]:
    """Quotes the sides of a disagreement that what was written does not cite."""
    for side in dispute.sides if dispute else ():
        if _is_cited(side.evidence, answer):
            continue
        if _SIDE_ADDED not in answer.notices:
            answer.notices.append(_SIDE_ADDED)
        for piece in side_in_full(side, ranked):
            if not _is_cited(piece, answer):
                yield answer.quote(piece, attributed=sets_apart(dispute, [piece]))


def _is_cited(piece: Evidence, answer: AnswerText) -> bool:
    return evidence_key(piece) in {citation.key for citation in answer.citations}


def _is_sentence(text: str) -> bool:
    """Whether a text can be checked at all: a whole sentence, and nothing in it that a page might follow or load."""
    long_enough = len(text.split()) >= _FEWEST_WORDS or len(text) >= _FEWEST_CHARACTERS
    return long_enough and not _ACTIVE.search(text)


_INSTEAD = Notice(
    "extractive_instead", "The answer is made of the documents' own sentences, without the language model."
)
_SIDE_ADDED = Notice(
    "side_added", "The sources differ on this: what the language model left out of it is quoted from the documents."
)


def _sent(host: str) -> Notice:
    return Notice(
        "sent_to_host",
        f"A language model is switched on: the question, the conversation and the sentences found went to {host}.",
    )


def _failed(host: str, failure: ServerFailed) -> Notice:
    return Notice("model_failed", f"The language model at {host} {failure.message}; {failure.hint}.")


def _left_out(written: _Written) -> Iterator[Notice]:
    if written.unsupported:
        text = _counted(
            written.unsupported,
            "was left out, because what it cites does not hold it",
            "were left out, because what they cite does not hold them",
        )
        yield Notice("unsupported_dropped", text)
    if written.uncited:
        text = _counted(
            written.uncited, "was left out, because it cites nothing", "were left out, because they cite nothing"
        )
        yield Notice("uncited_dropped", text)


def _counted(number: int, one: str, many: str) -> str:
    return (
        f"One sentence of the language model {one}."
        if number == 1
        else f"{number} sentences of the language model {many}."
    )
