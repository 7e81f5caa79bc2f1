"""Conversations: what is stored of them, their order and titles, and how they go."""

from __future__ import annotations

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.conversations import Conversations, as_json, new_id
from assistant.types import Exchange
from assistant.wiring import Wiring
from corpus.errors import NotFound
from corpus.library import Library
from tests.assistant.conftest import BREAD, OPENED


def test_new_library_has_no_conversations(footnote: Wiring) -> None:
    assert footnote.conversations.all() == []


def test_turns_are_stored_as_they_were_given_in_order(steppe: Wiring) -> None:
    first = steppe.assistant.ask(OPENED)
    second = steppe.assistant.ask(BREAD, first.conversation_id)
    assert second.conversation_id == first.conversation_id
    assert steppe.conversations.turns(first.conversation_id) == [json.loads(as_json(turn)) for turn in (first, second)]
    assert steppe.conversations.exchanges(first.conversation_id) == [
        Exchange(OPENED, " ".join(claim.text for claim in first.claims)),
        Exchange(BREAD),
    ]


def test_question_without_a_conversation_opens_one(steppe: Wiring) -> None:
    first, second = steppe.assistant.ask(OPENED), steppe.assistant.ask(OPENED)
    assert first.conversation_id != second.conversation_id
    assert first.turn_id != second.turn_id
    assert [conversation.turns for conversation in steppe.conversations.all()] == [1, 1]


def test_conversations_are_listed_last_used_first(steppe: Wiring) -> None:
    one, two, three = (steppe.assistant.ask(OPENED).conversation_id for _ in range(3))
    assert [conversation.id for conversation in steppe.conversations.all()] == [three, two, one]
    steppe.assistant.ask(BREAD, one)
    listed = steppe.conversations.all()
    assert [(conversation.id, conversation.turns) for conversation in listed] == [(one, 2), (three, 1), (two, 1)]
    assert steppe.conversations.get(one) == listed[0]


def test_conversations_of_one_moment_are_listed_last_used_first(footnote: Wiring) -> None:
    made = [footnote.assistant.ask(OPENED).conversation_id for _ in range(40)]
    assert [conversation.id for conversation in footnote.conversations.all()] == made[::-1]


def test_stamps_are_iso_in_utc(footnote: Wiring) -> None:
    before = dt.datetime.now(dt.UTC).replace(microsecond=0)
    footnote.assistant.ask(OPENED)
    (conversation,) = footnote.conversations.all()
    created = dt.datetime.fromisoformat(conversation.created)
    assert created.utcoffset() == dt.timedelta()
    assert before <= created <= dt.datetime.now(dt.UTC)
    assert conversation.updated == conversation.created


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("Who?", "Who?"),
        ("  Who\n\tcame,   and when? ", "Who came, and when?"),
        ("x" * 80, "x" * 80),
        ("x" * 81, "x" * 79 + "…"),
        ("x" * 78 + " and more", "x" * 78 + "…"),
        ("слово " * 20, "слово " * 13 + "с…"),
    ],
)
def test_title_is_the_first_question_on_one_line_of_at_most_80(footnote: Wiring, question: str, title: str) -> None:
    answer = footnote.assistant.ask(question)
    footnote.assistant.ask("Another question", answer.conversation_id)
    assert footnote.conversations.get(answer.conversation_id).title == title


def test_conversations_outlive_the_process(footnote: Wiring) -> None:
    answer = footnote.assistant.ask(OPENED)
    reopened = Library(footnote.settings.home)
    assert Conversations(reopened).turns(answer.conversation_id) == [json.loads(as_json(answer))]
    reopened.close()


def test_deleted_conversation_is_gone_and_others_stay(footnote: Wiring) -> None:
    one, two = (footnote.assistant.ask(OPENED).conversation_id for _ in range(2))
    footnote.conversations.delete(one)
    assert [conversation.id for conversation in footnote.conversations.all()] == [two]
    with footnote.library.reading() as connection:
        assert connection.execute("SELECT conversation_id FROM turns").fetchall() == [(two,)]


@pytest.mark.parametrize("unknown", ["nobody", "", "'; DROP TABLE turns; --", "разговор", "\udcff"])
def test_unknown_id_is_not_found(footnote: Wiring, unknown: str) -> None:
    kept = footnote.assistant.ask(OPENED).conversation_id
    conversations = footnote.conversations
    for way in (conversations.get, conversations.turns, conversations.exchanges, conversations.delete):
        with pytest.raises(NotFound):
            way(unknown)
    assert [conversation.id for conversation in conversations.all()] == [kept]


def test_turns_asked_at_once_are_all_kept(footnote: Wiring) -> None:
    conversation = footnote.assistant.ask("0").conversation_id
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: footnote.assistant.ask(str(number), conversation), range(1, 25)))
    asked = [exchange.question for exchange in footnote.conversations.exchanges(conversation)]
    assert sorted(asked, key=int) == [str(number) for number in range(25)]


def test_fresh_ids_are_opaque_and_differ() -> None:
    assert len({new_id("c") for _ in range(1000)}) == 1000
