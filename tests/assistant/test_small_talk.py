"""Small talk: what is, in four languages and with typos, and above all what is not."""

from __future__ import annotations

import pytest

from assistant.small_talk import small_talk, without_greeting
from eval.question_sets import DESK_QUESTIONS, read_questions

SAID = {
    "greeting": "hi|Hi there!|hello|helo|Hellooo!!|hey footnote|Good morning|good evening, everyone|How are you?|"
    "hi again|Привет!|Здравствуйте|Добрый день|Привіт|Доброго дня!|Merhaba|Selam!|İyi günler|GÜNAYDIN",
    "thanks": "thanks|Thank you very much!|ok thanks|thnaks|thanks a lot|no, thank you|great, thanks|"
    "thank you for your help|Hi, thanks!|Many thanks again|спасибо|Большое спасибо!|Дякую|Дуже дякую!|"
    "Teşekkürler|çok teşekkür ederim|sağ ol",
    "goodbye": "bye|Goodbye!|goodby|bye bye|see you later|That's all, thanks|have a nice day|ok, bye|До свидания|"
    "До побачення|hoşça kal|Görüşürüz",
    "abilities": "what can you do?|hello, what can you do|Help|help me please|Can you help me?|what can I ask you?|"
    "How do I use you?|what kind of questions can you answer?|Что ты умеешь?|Что вы умеете делать?|"
    "Що ви вмієте?|Neler yapabilirsiniz?|yardım",
    "identity": "who are you?|Hi, who are you?|What's your name?|are you a bot|Are you human?|tell me about yourself|"
    "Кто ты?|Кто вы такие?|Хто ви?|Kimsin?",
    "assent": "ok|Okay!|great|I see|Got it, good|понятно|добре|tamam",
    "shorter": "shorter please|Shorter!|in one sentence|In one sentence, please|Can you make it shorter?|"
    "could you please say that in one sentence?|make that a bit shorter please|Too long.|That's too long|"
    "tl;dr|Summarise that in one sentence, please|keep it brief|give me the short version|briefly|"
    "please shorten your answer|ok, shorter|короче|Покороче, пожалуйста|одним предложением|коротше|"
    "Daha kısa lütfen|tek cümleyle",
}
QUESTIONS = [
    "hi, who won the election in Moldova?",
    "Hello! When did they leave?",
    "thanks, and when did they leave?",
    "ok and then?",
    "ok, why?",
    "Why?",
    "and?",
    "???",
    "",
    "Who are you talking about?",
    "help for refugees",
    "what can you do about drought in Central Asia?",
    "What do you know about Moldova?",
    "In one sentence, who won in Moldova?",
    "in one sentence: what is TRIPP",
    "Summarise the Karabakh war in one sentence",
    "Was the queue at the border shorter in 2024?",
    "Good Friday agreement",
    "Bye-election in Georgia",
    "Thanksgiving",
    "What is this?",
    "How does it work?",
    "who made it",
    "Is it too long a border?",
    "hi-tech exports of Armenia",
    "Hey, what about Georgia",
    "yes",
    "Кто ты думаешь победил?",
    "спасибо, а кто победил?",
    "Merhaba, seçimi kim kazandı?",
    "Hello Kitty",
    "And tanks?",
    "Shooter?",
    "and how is it going there?",
    "mourning",
    "Приват",
    "great game in Central Asia",
    "the short war of 2020",
    "brief on Moldova",
]


@pytest.mark.parametrize(("talk", "message"), [(talk, said) for talk, line in SAID.items() for said in line.split("|")])
def test_small_talk_is_recognised(talk: str, message: str) -> None:
    found = small_talk(message)
    assert found is not None
    assert found.talk == talk


@pytest.mark.parametrize("message", QUESTIONS)
def test_what_may_be_a_question_is_no_small_talk(message: str) -> None:
    assert small_talk(message) is None


def test_long_message_is_no_small_talk_and_costs_nothing() -> None:
    assert small_talk("bye " * 2_400 + "x") is None
    assert small_talk("bye " * 2_400) is None


def test_no_question_of_the_desk_is_small_talk() -> None:
    assert [question.text for question in read_questions(DESK_QUESTIONS) if small_talk(question.text)] == []


@pytest.mark.parametrize(
    ("message", "language"), [("hello", "en"), ("спасибо", "ru"), ("привет", "ru"), ("дякую", "uk"), ("merhaba", "tr")]
)
def test_reply_is_in_the_language_of_the_message(message: str, language: str) -> None:
    found = small_talk(message)
    assert found is not None
    assert found.language == language
    assert found.reply


def test_what_one_can_ask_is_told_with_examples() -> None:
    found = small_talk("what can you do?")
    assert found is not None
    assert "which documents do you have on Moldova?" in found.reply


@pytest.mark.parametrize(
    ("message", "bare"),
    [
        ("Hi there, who won?", "who won?"),
        ("Hello, there! Who won?", "Who won?"),
        ("There was a fire; who set it?", "There was a fire; who set it?"),
        ("hi, who won?", "who won?"),
        ("Hello there! Which documents do you have, please?", "Which documents do you have"),
        ("Who won?", "Who won?"),
        ("thanks", "thanks"),
        ("Historic sites", "Historic sites"),
    ],
)
def test_greetings_around_a_question_are_taken_away(message: str, bare: str) -> None:
    assert without_greeting(message) == bare
