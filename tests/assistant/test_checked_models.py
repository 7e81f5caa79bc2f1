"""What a model writes under the real check: lies are left out, paraphrases go through, opinions stay opinions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.check import Checker
from assistant.citations import AnswerText
from assistant.types import Evidence
from assistant.wiring import Wiring
from tests.assistant.conftest import OPENED
from tests.assistant.model_server import Asked, Running, Script, model_server, says
from tests.assistant.test_disagreement import passage
from tests.factories import evidence, wiring_at

TREATY = "Pashinyan and Aliyev initialled the treaty in Washington on 8 August 2025."
TOLL = "Azerbaijan's military prosecutor put the number of the country's dead servicemen at 2,908 in July 2022."
EXPORTS = "Moldova exported 14 per cent more wine to Romania in 2024 than in the year before."
BORDER = "The border between Armenia and Turkey is closed to trade."
RANKED = [
    evidence(text, name, score)
    for text, name, score in (
        (TREATY, "treaty", 0.9),
        (TOLL, "toll", 0.8),
        (EXPORTS, "wine", 0.7),
        (BORDER, "border", 0.3),
    )
]
BY_KEY = {"{treaty}": TREATY, "{toll}": TOLL, "{wine}": EXPORTS, "{border}": BORDER}


def model(text: str) -> Script:
    """A model that writes this, the keys of sentences in the place of their names in braces."""

    def write(asked: Asked) -> str:
        keys = {quote: key for key, quote in asked.keys.items()}
        result = text
        for name, quote in BY_KEY.items():
            result = result.replace(name, keys.get(quote, "k99"))
        return result

    return says(write)


def answer_of(text: str, checker: Checker, ranked: Sequence[Evidence] = RANKED) -> AnswerText:
    """What is shown when a model writes this from evidence."""
    answer = AnswerText(checker=checker)
    with model_server(model(text)) as server:
        assert "".join(server.language_model().write("What happened?", [], ranked, answer)) == answer.text
    return answer


LIES = [
    ("another day", "Pashinyan and Aliyev initialled the treaty in Washington on 9 August 2025.", "treaty"),
    ("an invented clause", "Moldova exported 14 per cent more wine to Romania and its minister fled abroad.", "wine"),
    ("another year", "In 2024 Pashinyan and Aliyev initialled the treaty in Washington.", "treaty"),
    ("another month", "Pashinyan and Aliyev initialled the treaty in Washington in July 2025.", "treaty"),
    ("another place", "Pashinyan and Aliyev initialled the treaty in Moscow on 8 August 2025.", "treaty"),
    ("another person", "Pashinyan and Putin initialled the treaty in Washington on 8 August 2025.", "treaty"),
    ("never", "Pashinyan and Aliyev never initialled the treaty in Washington.", "treaty"),
    ("did not", "Pashinyan and Aliyev did not initial the treaty in Washington on 8 August 2025.", "treaty"),
    ("another number", "Azerbaijan's military prosecutor counted 2,809 dead servicemen in July 2022.", "toll"),
    ("another magnitude", "Azerbaijan's military prosecutor counted 2.9 million dead servicemen.", "toll"),
    (
        "another country",
        "Armenia's military prosecutor put the number of dead servicemen at 2,908.",
        "toll",
    ),
    ("another share", "Moldova exported 40 per cent more wine to Romania in 2024 than in the year before.", "wine"),
    ("another unit", "Moldova exported 14 million more bottles of wine to Romania in 2024.", "wine"),
    ("the opposite", "Moldova exported 14 per cent less wine to Romania in 2024 than in the year before.", "wine"),
    ("not closed", "The border between Armenia and Turkey is not closed to trade.", "border"),
    ("open", "The border between Armenia and Turkey is open to trade.", "border"),
    ("another source's", TREATY, "wine"),
    ("made up", "The harvest in Turgai failed because of drought.", "treaty"),
]


@pytest.mark.parametrize(("lie", "cited"), [lie[1:] for lie in LIES], ids=[lie[0] for lie in LIES])
def test_altered_sentence_is_left_out_and_told(checker: Checker, lie: str, cited: str) -> None:
    honest = next(name for name in ("border", "treaty") if name != cited)
    quote = BY_KEY[f"{{{honest}}}"]
    answer = answer_of(f"{lie} [{{{cited}}}] {quote} [{{{honest}}}]", checker)
    assert answer.text == f"{quote} [1]"
    assert [notice.code for notice in answer.notices] == ["sent_to_host", "unsupported_dropped"]


@pytest.mark.parametrize(("lie", "cited"), [lie[1:] for lie in LIES], ids=[lie[0] for lie in LIES])
def test_altered_sentence_alone_ends_in_the_documents_own_sentences(checker: Checker, lie: str, cited: str) -> None:
    answer = answer_of(f"{lie} [{{{cited}}}]", checker)
    assert answer.answerer == "extractive"
    assert answer.text.startswith(TREATY)


@pytest.mark.parametrize(("lie", "cited"), [lie[1:] for lie in LIES[:15]], ids=[lie[0] for lie in LIES[:15]])
def test_altered_sentence_is_not_saved_by_citing_everything(checker: Checker, lie: str, cited: str) -> None:
    answer = answer_of(f"{lie} [{{{cited}}}][{{treaty}}][{{toll}}][{{wine}}][{{border}}]", checker)
    assert lie not in answer.text


@pytest.mark.parametrize(
    "mixed",
    [
        "Moldova exported more wine and initialled the treaty in Washington on 8 August 2025.",
        "Moldova exported more wine, and it initialled the treaty in Washington on 8 August 2025.",
        "Pashinyan and Aliyev initialled the treaty in 2024, and Moldova exported more wine to Romania in 2024.",
        "In 2024 Pashinyan and Aliyev initialled the treaty in Washington.",
    ],
)
def test_sentence_that_mixes_two_sources_is_left_out(checker: Checker, mixed: str) -> None:
    assert mixed not in answer_of(f"{mixed} [{{wine}}][{{treaty}}]", checker).text


def test_sentence_of_two_clauses_cites_what_bears_them(checker: Checker) -> None:
    first = "Pashinyan and Aliyev initialled the treaty in Washington"
    both = f"{first}, while the border between Armenia and Turkey is closed."
    answer = answer_of(f"{both} [{{treaty}}][{{wine}}][{{border}}]", checker)
    assert (answer.text, answer.claims[0].verdict) == (f"{both} [1][2]", "supported")
    assert [cited.document_id for cited in answer.citations] == ["treaty", "border"]


def test_not_between_two_clauses_is_not_lost(checker: Checker) -> None:
    quote = "Groups of the displaced said that the right to go home is theirs and not the government's to give up."
    said = [evidence(quote, "displaced"), evidence(BORDER, "border")]
    assert AnswerText(checker=checker).add_checked(quote.replace(" not", ""), said) is None


def test_source_that_does_not_bear_a_sentence_is_not_cited(checker: Checker) -> None:
    answer = answer_of(f"{TREATY} [{{wine}}][{{treaty}}][{{toll}}]", checker)
    assert [cited.document_id for cited in answer.citations] == ["treaty"]


def test_question_does_not_bear_that_it_is_so(checker: Checker) -> None:
    asked = evidence("Will Armenia leave the pact of Orsk?", "headline")
    answer = AnswerText(checker=checker)
    assert answer.add_checked("Armenia will leave the pact of Orsk.", [asked]) is None
    assert (
        answer.add_checked("Armenia will leave the pact of Orsk.", [evidence(f"“{asked.quote}”", "headline")]) is None
    )
    assert answer.add_checked(asked.quote, [asked]) == f"{asked.quote} [1]"


def test_both_is_read_with_the_sentence_before(checker: Checker) -> None:
    first, second = passage("Ivanov and Petrov were arrested in Orsk.", "Both were released in May.")
    sentence = "Ivanov and Petrov were released in May."
    assert AnswerText(checker=checker).add_checked(sentence, [first, second]) == f"{sentence} [1][2]"


def test_pronoun_is_read_with_the_sentence_before(checker: Checker) -> None:
    first, second = passage("The bridge at Orsk was opened in May 2019.", "It cost 12 million roubles.")
    answer = AnswerText(checker=checker)
    sentence = "The bridge at Orsk cost 12 million roubles."
    assert answer.add_checked(sentence, [first, second]) == f"{sentence} [1][2]"
    assert answer.add_checked(sentence.replace("12", "2019"), [first, second]) is None


@pytest.mark.parametrize(
    ("true", "cited"),
    [
        ("On August 8, 2025 Pashinyan and Aliyev initialled the treaty in Washington.", "treaty"),
        ("Moldova exported 14% more wine to Romania in 2024 than in the year before.", "wine"),
        ("The border between Armenia and Türkiye is closed to trade.", "border"),
    ],
)
def test_sentence_in_other_words_is_supported_and_goes_through(checker: Checker, true: str, cited: str) -> None:
    answer = answer_of(f"{true} [{{{cited}}}]", checker)
    assert (answer.text, answer.answerer) == (f"{true} [1]", "llm")
    (claim,) = answer.claims
    assert claim.verdict == "supported"
    assert claim.support < 1


BLAMED = evidence(BORDER, "opinion", outlet="Ural Herald", kind="opinion", published="2024-02")
REPORTED = evidence("Trade does not cross the border.", "report", outlet="Steppe Post", kind="report")
CONFIRMED = evidence(f"{BORDER} It has been so since 1993.", "other", outlet="Steppe Post", kind="report")
TURKIYE = "The border between Armenia and Türkiye is closed to trade."


@pytest.mark.parametrize(
    ("cited", "opening"),
    [
        ([BLAMED], "Ural Herald, opinion, February 2024: "),
        ([BLAMED, REPORTED], "Ural Herald, opinion, February 2024: "),
        ([CONFIRMED, BLAMED], ""),
        ([CONFIRMED], ""),
    ],
)
def test_models_sentence_that_rests_on_an_opinion_is_given_as_such(
    checker: Checker, cited: list[Evidence], opening: str
) -> None:
    answer = AnswerText(checker=checker)
    with model_server(says(lambda asked: f"{TURKIYE} {''.join(f'[{key}]' for key in asked.keys)} " * 2)) as server:
        list(server.language_model().write("Is the border closed?", [], cited, answer))
    (claim,) = answer.claims
    assert claim.text == f"{opening}{TURKIYE}"
    assert answer.text[claim.start : claim.end] == claim.text
    assert claim.verdict == "supported"


def test_lie_about_an_opinion_is_no_opinion(checker: Checker) -> None:
    answer = AnswerText(checker=checker)
    with model_server(says(lambda asked: f"The border with Georgia is closed. [{next(iter(asked.keys))}]")) as server:
        list(server.language_model().write("Is the border closed?", [], [BLAMED], answer))
    assert [claim.text for claim in answer.claims] == [f"Ural Herald, opinion, February 2024: {BORDER}"]


@contextmanager
def served(footnote: Wiring, script: Script) -> Iterator[tuple[Wiring, Running]]:
    """The same library, answered from by a scripted model."""
    with model_server(script) as server:
        named = {"answerer": "llm", "openai_base_url": server.url, "llm_model": "scripted"}
        wiring = wiring_at(Path(footnote.settings.home), footnote.embedder, **named)
        yield wiring, server
        wiring.library.close()


def test_assistant_checks_a_models_sentences_with_the_real_check(steppe: Wiring) -> None:
    def write(asked: Asked) -> str:
        key = asked.key_of("2019")
        return f"On May 4, 2019 the bridge at Orsk was opened. [{key}] It was opened on 5 May 2019. [{key}]"

    with served(steppe, says(write)) as (footnote, _):
        answer = footnote.assistant.ask(OPENED)
    assert [(claim.text, claim.verdict) for claim in answer.claims] == [
        ("On May 4, 2019 the bridge at Orsk was opened.", "supported")
    ]
    assert "unsupported_dropped" in [notice.code for notice in answer.notices]


@pytest.mark.parametrize("message", ["hello", "how many documents do you have?", "shorter please"])
def test_reply_without_retrieval_sends_nothing_and_says_so(steppe: Wiring, message: str) -> None:
    with served(steppe, says(lambda asked: f"Yes. [{next(iter(asked.keys))}]")) as (footnote, server):
        first = footnote.assistant.ask(OPENED)
        sent = len(server.asked)
        answer = footnote.assistant.ask(message, first.conversation_id)
    assert len(server.asked) == sent == 1
    assert [notice.code for notice in answer.notices] == ["nothing_sent"]
