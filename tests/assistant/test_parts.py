"""Parts of a question, and which of them an answer leaves open."""

from __future__ import annotations

import pytest

from assistant.citations import citation_for
from assistant.parts import missing_parts, needed_whole, parts_of
from tests.assistant.test_disagreement import passage

OPENED = "The bridge at Orsk was opened on 4 May 2019."
COST = "It cost 12 million roubles."


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("When was it opened and how much did it cost?", ("When was it opened", "how much did it cost")),
        ("When was it opened, and who cut the ribbon?", ("When was it opened", "who cut the ribbon")),
        ("When did they leave? And where did they go?", ("When did they leave", "where did they go")),
        (
            "what is TRIPP, who runs it and when will it open?",
            ("what is TRIPP", "who runs it", "when will it open"),
        ),
        ("Hello! When was it opened and how much did it cost?", ("When was it opened", "how much did it cost")),
        ("Is Finland in NATO and is Sweden in the EU?", ("Is Finland in NATO", "is Sweden in the EU")),
        (
            "Who won the election, how many people voted in Orsk, Omsk and Tomsk, and when was it held?",
            ("Who won the election", "how many people voted in Orsk, Omsk and Tomsk", "when was it held"),
        ),
        ("Is the bridge open and are lorries let across?", ("Is the bridge open", "are lorries let across")),
        (
            "When did Armenia, which borders Iran, sign the treaty and who signed for it?",
            ("When did Armenia, which borders Iran, sign the treaty", "who signed for it"),
        ),
        ("Who won; by how much did she win?", ("Who won; by how much did she win",)),
        ("Was it opened in May and did Belova cut the ribbon?", ("Was it opened in May", "did Belova cut the ribbon")),
    ],
)
def test_question_for_two_things_is_split(question: str, parts: tuple[str, ...]) -> None:
    assert parts_of(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "Why did Armenia and Azerbaijan sign?",
        "How and why did it fall?",
        "Who said that and when?",
        "Who and what caused it?",
        "Did Russia say when and how it would leave?",
        "Which minister resigned after the shelling and the riots?",
        "Does anyone know and who was it?",
        "the border and who guards it",
        "When did Armenia, which borders Iran, sign the treaty?",
        "What did Lukashenko say to Putin, who was visiting Minsk?",
        "Who led the protest and was jailed?",
        "Which countries border the Caspian Sea and are members of the CSTO?",
        "Is it true that Armenia left the CSTO and has joined the EU?",
        "Kerch bridge attack",
        "???",
        "",
    ],
)
def test_question_for_one_thing_stays_whole(question: str) -> None:
    assert len(parts_of(question)) == 1


@pytest.mark.parametrize(
    ("parts", "sentences", "missing"),
    [
        (("When was it opened", "how much did it cost"), [OPENED], ("how much did it cost",)),
        (("When was it opened", "how much did it cost"), [COST], ("When was it opened",)),
        (("When was it opened", "how much did it cost"), [OPENED, COST], ()),
        (("When was it opened", "who designed it"), [OPENED], ("who designed it",)),
        (("When was it opened", "how much did it cost"), ["The lake froze."], ()),
        (("When was it opened", "how much did it cost"), [], ()),
        (("how many soldiers died", "who commanded"), ["Sixteen soldiers died at Orsk."], ("who commanded",)),
        (("When was Orsk annexed", "who annexed it"), ["Orsk was annexed in 1806."], ("who annexed it",)),
        (("who opened it", "how much did it cost"), ["Éva Şahin opened it."], ("how much did it cost",)),
    ],
)
def test_part_without_a_sentence_that_can_answer_it_is_missing(
    parts: tuple[str, ...], sentences: list[str], missing: tuple[str, ...]
) -> None:
    cited = [citation_for(evidence, 1) for evidence in passage(*sentences)] if sentences else []
    assert missing_parts({part: [] for part in parts}, cited) == missing


def test_sentence_that_is_like_a_part_in_other_words_answers_it() -> None:
    (evidence,) = passage("Twelve million roubles went into the bridge in 2019.")
    parts = ("When was it opened", "how much did it cost")
    assert missing_parts({parts[0]: [], parts[1]: [evidence.hit]}, [citation_for(evidence, 1)]) == (parts[0],)


def test_one_part_is_never_missing() -> None:
    assert missing_parts({}, [citation_for(passage(OPENED)[0], 1)]) == ()


def test_a_part_with_few_words_of_its_own_is_understood_by_the_whole() -> None:
    question = "When did the Makiivka strike happen and how many died?"
    when, how_many = parts_of(question)
    assert (needed_whole(when, question), needed_whole(how_many, question)) == (None, question)
    assert needed_whole("what is tripp", question) is needed_whole("who runs TRIPP", question) is None
