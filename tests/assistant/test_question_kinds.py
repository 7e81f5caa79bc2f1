"""Question kinds: what a question asks for, and which sentences hold something of that kind."""

from __future__ import annotations

import pytest

from assistant.question_kinds import KINDS, answers_kind, asked


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many tonnes of wheat did Turgai sell?", "count"),
        ("Сколько человек погибло?", "count"),
        ("what did it cost to build the bridge?", "money"),
        ("What share of the oil goes through the pipeline?", "share"),
        ("How long did the siege last?", "duration"),
        ("How high is Kilimanjaro?", "measure"),
        ("When was the bridge opened?", "when"),
        ("In which year did the war end?", "when"),
        ("Where does the railway begin?", "where"),
        ("which city hosted the talks?", "where"),
        ("Who opened the bridge?", "who"),
        ("Why did the harvest fail?", "why"),
        ("Did Armenia leave the treaty?", "yes or no"),
        ("How does the corridor work?", "how"),
        ("What is TRIPP?", "what"),
        ("", "what"),
    ],
)
def test_a_question_is_of_one_kind(question: str, kind: str) -> None:
    assert asked(question).kind == kind
    assert kind in KINDS


@pytest.mark.parametrize(
    ("question", "sentence", "holds"),
    [
        ("How many cars cross it?", "Some 4,000 cars cross the bridge each day.", True),
        ("How many cars cross it?", "Cars cross the bridge each day since 2019.", False),
        ("How many of the 12 left?", "The 12 stayed.", False),
        ("What did it cost?", "It cost 12 million roubles.", True),
        ("What did it cost?", "It was opened by 12 guests.", False),
        ("When was it opened?", "The bridge was opened on 4 May 2019.", True),
        ("When was it opened?", "The bridge was opened by the governor.", False),
        ("What happened in 2019, and when?", "It was opened in 2019.", False),
        ("Who opened the bridge at Orsk?", "Governor Belova cut the ribbon.", True),
        ("Who opened the bridge at Orsk?", "the bridge at Orsk was opened.", False),
        ("Why did it fail?", "It failed because of drought.", True),
        ("What share is exported?", "About 80% is exported.", True),
        ("How long did it last?", "It lasted nine months.", True),
        ("Did it fail?", "It failed.", True),
    ],
)
def test_a_sentence_holds_what_is_asked_for_or_not(question: str, sentence: str, holds: bool) -> None:
    assert answers_kind(asked(question), sentence) is holds


def test_what_the_conversation_named_is_no_answer() -> None:
    assert not answers_kind(asked("Who signed it?"), "then Belova signed it.", known={"belova"})
