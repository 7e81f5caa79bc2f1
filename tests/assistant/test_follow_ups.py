"""Follow-ups: which questions lean on what was said, and what is searched for them."""

from __future__ import annotations

import pytest

from assistant.follow_ups import as_query, in_conversation, leans
from assistant.types import Exchange
from index.types import Query


@pytest.mark.parametrize(
    "question",
    [
        "And when did they leave?",
        "and in Gyumri?",
        "What about the Azerbaijani side?",
        "how about Georgia in the years since then",
        "But why did Moscow wait until September?",
        "How many of them were Armenian citizens?",
        "Did he sign the trilateral statement in Moscow?",
        "What did their commander say about the shooting?",
        "Who else voted against the resolution in Tbilisi?",
        "Were the others released before the summit?",
        "Why?",
        "How many?",
        "ok, so who paid for the railway line?",
        "THEY left when the mandate had ended?",
        "???",
        "",
    ],
)
def test_question_leans_on_the_conversation(question: str) -> None:
    assert leans(question)


@pytest.mark.parametrize(
    "question",
    [
        "When did the last Russian peacekeepers leave Karabakh?",
        "Who commands the Russian base at Gyumri?",
        "What did Kazakhstan's parliament decide on nuclear power?",
        "Theyn Island treaties signed by Norway and Sweden",
        "Sandy Hermitage butter prices in Andorra",
    ],
)
def test_question_stands_alone(question: str) -> None:
    assert not leans(question)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Something else: which river feeds the canal?", "which river feeds the canal?"),
        ("ok, another matter: on which bridge do its guards stand?", "on which bridge do its guards stand?"),
        ("leave the election. who runs the other base?", "who runs the other base?"),
        ("Setting oil aside: when did that dam break?", "when did that dam break?"),
        ("Change of subject: why did the mine close?", "why did the mine close?"),
        ("Turning to Georgia: who else was tried?", "Turning to Georgia: who else was tried?"),
        ("New question, on wheat: who sold it?", "New question, on wheat: who sold it?"),
    ],
)
def test_question_on_something_else_leaves_the_conversation_behind(question: str, asked: str) -> None:
    built = Exchange("Who built the bridge at Orsk?", "The army built it.")
    assert in_conversation(question, [built]) == (asked, [])
    query = as_query(question, [built])
    assert (query.text, query.context, query.reply) == (asked, (), "")
    later = as_query("And who paid for it?", [built, Exchange(question, "The state."), Exchange("Is it old?", "No.")])
    assert (later.context, later.reply) == ((asked, "Is it old?"), "No.")


@pytest.mark.parametrize(
    "question",
    [
        "Another question about him: when was he tried?",
        "Leaving the union, what did they lose?",
        "Put simply: what did they agree?",
        "Set out briefly: why was that?",
        "Back to the treaty: what about its last part?",
        "One other thing: how many of them were there?",
        "And something else: did he sign?",
    ],
)
def test_question_that_only_seems_to_be_on_something_else_still_leans(question: str) -> None:
    history = [Exchange("Who built the bridge at Orsk?")]
    assert leans(question)
    assert in_conversation(question, history) == (question, history)


def test_first_question_is_searched_for_as_it_is() -> None:
    query = as_query("And when?", [])
    assert (query.text, query.context, query.searched_for) == ("And when?", (), "And when?")


def test_leaning_question_takes_more_of_the_conversation_along_than_one_that_stands() -> None:
    history = [Exchange("Who built the bridge at Orsk?")]
    leaning = as_query("And when was it opened?", history)
    standing = as_query("Which ministry sells wheat from Turgai?", history)
    assert leaning.context == standing.context == ("Who built the bridge at Orsk?",)
    assert 1 > leaning.context_weight > standing.context_weight > 0


def test_what_is_searched_for_names_the_conversation() -> None:
    query = as_query("And when was it opened?", [Exchange("Who built the bridge?"), Exchange("What did it cost?")])
    assert query.searched_for.startswith("And when was it opened?")
    assert "Who built the bridge?" in query.searched_for
    assert "What did it cost?" in query.searched_for


def test_a_follow_up_brings_the_opening_of_the_last_answer_along() -> None:
    history = [
        Exchange("Who opened it?", "Orlov did."),
        Exchange("And before?", "Governor Belova cut the ribbon. " * 40),
    ]
    query = as_query("Where was she born?", history)
    assert query.reply.startswith("Governor Belova cut the ribbon.")
    assert "Governor Belova" in query.searched_for
    assert len(query.reply) < len(history[-1].answer) / 2
    assert "Orlov" not in query.reply


def test_a_question_that_stands_alone_leaves_the_last_answer_behind() -> None:
    history = [Exchange("Who opened the bridge at Orsk?", "Governor Belova cut the ribbon.")]
    assert as_query("Which ministry sells wheat from Turgai?", history).reply == ""


def test_only_the_last_eight_questions_are_taken_along() -> None:
    history = [Exchange(f"question {number}") for number in range(20)]
    assert as_query("And then?", history).context == tuple(f"question {number}" for number in range(12, 20))


def test_same_conversation_gives_the_same_query() -> None:
    history = [Exchange("a"), Exchange("b", "c")]
    assert as_query("And then?", history) == as_query("And then?", tuple(history))
    assert isinstance(as_query("", []), Query)


@pytest.mark.parametrize(
    "topic", ["Zangezur corridor", "2020 Kyrgyzstani protests", "Kerch bridge attack, repairs", "Крымский мост"]
)
def test_a_few_words_that_ask_nothing_are_a_topic(topic: str) -> None:
    assert as_query(topic, []).topic
    assert not as_query(topic, [Exchange("What is said of the bridge?")]).topic


@pytest.mark.parametrize(
    "question",
    [
        "Who leads Georgia",
        "Is the corridor open",
        "the corridor?",
        "tell me about the corridor",
        "Когда открыли мост",
        "And the corridor",
        "The corridor that joins Nakhchivan to the rest of Azerbaijan through the south of Armenia was discussed",
    ],
)
def test_what_asks_or_tells_is_no_topic(question: str) -> None:
    assert not as_query(question, []).topic
