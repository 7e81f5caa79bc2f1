"""Shortened answers: what a stored turn keeps when its first claim alone is given."""

from __future__ import annotations

import json
from typing import Any

from assistant.citations import citation_for
from assistant.conversations import as_json
from assistant.shortened import left_open, shortened
from assistant.types import Answer, Claim, Notice
from tests.assistant.test_disagreement import passage

SENTENCES = ("It first carried traffic across the river in May 2019.", "Belova designed the bridge at Orsk.")
QUESTION = "When was the bridge at Orsk opened and who designed it?"


def turn(*notices: Notice, missing: tuple[str, ...] = (), sentences: tuple[str, ...] = SENTENCES) -> dict[str, Any]:
    """A stored turn of two claims, each citing a sentence of its own."""
    cited = [citation_for(piece, number) for number, piece in enumerate(passage(*sentences), 1)]
    text = " ".join(f"{sentence} [{number}]" for number, sentence in enumerate(sentences, 1))
    starts = [text.index(sentence) for sentence in sentences]
    answer = Answer(
        conversation_id="c",
        turn_id="t",
        question=QUESTION,
        searched_for=QUESTION,
        answerer="extractive",
        reply="answer",
        answered=True,
        reason=None,
        text=text,
        claims=tuple(
            Claim(sentence, start, start + len(sentence), (number,), 1.0, "supported")
            for number, (sentence, start) in enumerate(zip(sentences, starts, strict=True), 1)
        ),
        citations=tuple(cited),
        missing=missing,
        notices=notices,
        timings={},
        fingerprint="f",
    )
    stored: dict[str, Any] = json.loads(as_json(answer))
    return stored


def test_part_that_only_what_was_cut_off_answered_is_left_open() -> None:
    written, _ = shortened(turn())
    assert written.text == f"{SENTENCES[0]} [1]"
    assert left_open(turn(), written.citations) == ("who designed it",)
    assert left_open(turn(missing=("why",)), written.citations) == ("why", "who designed it")


def test_a_claim_that_opens_with_it_comes_with_the_one_before() -> None:
    sentences = ("Belova designed the bridge at Orsk.", "It first carried traffic across the river in May 2019.")
    written, _ = shortened({**turn(sentences=sentences), "question": "When did the bridge at Orsk open?"})
    assert [claim.text for claim in written.claims] == list(sentences)


def test_the_claim_that_answers_stands_alone() -> None:
    sentences = ("The bridge at Orsk was opened on 4 May 2019.", "It cost 12 million roubles.")
    written, _ = shortened({**turn(sentences=sentences), "question": "When was the bridge at Orsk opened?"})
    assert [claim.text for claim in written.claims] == [sentences[0]]


def test_notices_stay_with_what_is_still_cited() -> None:
    refers = "“It” in [{}] refers to what stands before it: “See [4].”"
    stored = turn(
        Notice("refers_back", refers.format(1)),
        Notice("refers_back", refers.format(2)),
        Notice("newer_version", "“Title of d1” is the newest of 2 versions: an older one words it differently."),
        Notice("older_version", "“Something else” is an older version: a newer one words it differently."),
        Notice("sent_to_host", "It went to a.example."),
    )
    written, _ = shortened(stored)
    assert written.notices == [Notice("refers_back", refers.format(1)), Notice(*stored["notices"][2].values())]
