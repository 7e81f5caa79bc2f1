"""Questions in a language that the models do not read: answered by their words, or declined."""

from __future__ import annotations

import pytest

from assistant.by_words import FIGURES, figures_by_words
from assistant.sentence_rows import sentences_of_hits
from assistant.wiring import Wiring
from index.types import Query
from tests.factories import document

BRIDGE = (
    "Мост через Сылву открыла губернатор Белова 4 мая 2019 года. Строительство моста обошлось в 12 миллионов рублей. "
    "Паромную переправу закрыли, потому что река обмелела. Больницу в посёлке построила турецкая компания."
)
HARVEST = "Пшеница в Тургае погибла от засухи. Фермеры просят у министерства ссуды на семена."


@pytest.fixture
def russian(footnote: Wiring) -> Wiring:
    footnote.indexer.add_documents(
        [document(BRIDGE, title="Мост через Сылву"), document(HARVEST, "d2", title="Урожай в Тургае")]
    )
    return footnote


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Когда открыли мост через Сылву?", "4 мая 2019 года"),
        ("Во сколько обошлось строительство моста через Сылву?", "12 миллионов рублей"),
        ("Почему закрыли паромную переправу через Сылву?", "обмелела"),
        ("Какая компания построила больницу в посёлке?", "турецкая компания"),
    ],
)
def test_the_sentence_that_shares_the_words_of_a_question_comes_first(
    russian: Wiring, question: str, words: str
) -> None:
    answer = russian.assistant.try_out(question, []).answer
    assert words in (answer.citations or answer.nearest)[0].quote


def test_a_question_whose_words_stand_in_one_sentence_is_answered(russian: Wiring) -> None:
    answer = russian.assistant.try_out("Когда губернатор Белова открыла мост через Сылву?", []).answer
    assert answer.answered
    assert "4 мая 2019 года" in answer.citations[0].quote


@pytest.mark.parametrize(
    "question",
    [
        "Кто выиграл чемпионат мира по шахматам?",
        "Сколько жителей в Бишкеке?",
        "Türkiye'de seçimi kim kazandı?",
        "Wer hat im vergangenen Jahr die Wahl gewonnen?",
    ],
)
def test_what_no_document_speaks_of_is_declined(russian: Wiring, question: str) -> None:
    assert russian.assistant.try_out(question, []).answer.reason == "weak_match"


def test_words_that_begin_alike_are_shared_whatever_their_endings(russian: Wiring) -> None:
    rows = sentences_of_hits(russian.retriever.search(Query("О строительстве мостов")))
    figures = figures_by_words("О строительстве мостов", rows)
    shared = dict(zip((row.quote for row in rows), figures[:, FIGURES.index("shared")], strict=True))
    assert max(shared, key=lambda quote: shared[quote]).startswith("Строительство моста")
    assert figures.shape == (len(rows), 2 * len(FIGURES))
