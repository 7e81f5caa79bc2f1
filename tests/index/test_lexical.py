"""Lexical search: words that are the same word become one term, and a share says how much of a question is borne."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.wiring import Wiring
from index.lexical import STOP_WORDS, terms_of
from index.types import Query
from tests.factories import document


def lexical_shares(footnote: Wiring, question: str) -> dict[str, float]:
    """The share of the question that each document bears."""
    return {hit.document_id: hit.parts["lexical"] for hit in footnote.retriever.search(Query(question), 100)}


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("run runs running", id="English forms"),
        pytest.param("peacekeeper peacekeepers Peacekeeper's peacekeeper’s", id="the genitive, with either apostrophe"),
        pytest.param("naïve naive Naïve", id="accents"),
        pytest.param("Qarabağ qarabag", id="a Turkic letter"),
        pytest.param("İstanbul istanbul Istanbul", id="the dotted capital I"),
        pytest.param("Łódź łódź", id="capitals"),
        pytest.param("re\u0301sume\u0301 résumé resume", id="composed and decomposed accents"),
        pytest.param("ﬁre fire", id="a ligature"),
        pytest.param("ёлка елка Ёлка", id="ё and е"),
        pytest.param("река реки реку рекой", id="Russian nouns"),
        pytest.param("российский российская российского российских", id="Russian adjectives in -ский"),
        pytest.param("война войны войну войной", id="a Russian noun in -ой"),
        pytest.param("первый первого первая первые", id="Russian adjectives in -ый"),
        pytest.param("Нагорный нагорного Нагорном", id="a Russian name that is an adjective"),
        pytest.param("Σίσυφος ΣΊΣΥΦΟΣ", id="Greek capitals"),
    ],
)
def test_forms_of_one_word_are_one_term(words: str) -> None:
    assert len({frozenset(terms_of(word)) for word in words.split()}) == 1, terms_of(words)
    assert all(sum(terms_of(word).values()) == 1 for word in words.split())


@pytest.mark.parametrize("pair", ["peace piece", "gas goose", "Иран Ирак", "2020 2021", "мир мера", "gold cold"])
def test_different_words_are_different_terms(pair: str) -> None:
    first, second = pair.split()
    assert not set(terms_of(first)) & set(terms_of(second))


@pytest.mark.parametrize("text", ["", " \n", "?!… — * _ __", "😀 👩‍👩‍👧", " ".join(STOP_WORDS)])
def test_without_words_that_tell_something_there_are_no_terms(text: str) -> None:
    assert not terms_of(text)


def test_terms_are_counted() -> None:
    assert terms_of("The river, the rivers and a town over the river_bank") == {
        "river": 3,
        "town": 1,
        "over": 1,
        "bank": 1,
    }


@settings(deadline=None)
@given(st.text(max_size=80))
def test_the_terms_of_any_text_add_up(text: str) -> None:
    terms = terms_of(text)
    assert all(term and count > 0 for term, count in terms.items())
    assert terms_of(f"{text} {text}") == terms + terms


@pytest.fixture
def rivers(footnote: Wiring) -> Wiring:
    """Four documents about water."""
    texts = ["The river floods the valley.", "The river is long.", "A lake lies in the valley.", "Nothing happened."]
    footnote.indexer.add_documents([document(text, id=f"d{number}") for number, text in enumerate(texts)])
    return footnote


def test_a_share_grows_with_the_words_that_a_passage_holds(rivers: Wiring) -> None:
    shares = lexical_shares(rivers, "Which river floods the valley?")
    assert 1 > shares["d0"] > shares["d2"] > shares["d3"] == 0
    assert shares["d0"] > shares["d1"] > 0


@pytest.mark.parametrize("question", ["river", "river river river", "river RIVERS lake", "the valley " * 50])
def test_a_share_lies_between_0_and_1(rivers: Wiring, question: str) -> None:
    shares = lexical_shares(rivers, question)
    assert set(shares) == {"d0", "d1", "d2", "d3"}
    assert all(0 <= share < 1 for share in shares.values())
    assert max(shares.values()) > 0


def test_words_that_the_library_does_not_hold_lower_the_share(rivers: Wiring) -> None:
    known, unknown = lexical_shares(rivers, "river"), lexical_shares(rivers, "river zebra")
    assert 0 < unknown["d1"] < known["d1"] / 1.5


def test_a_rare_word_tells_more_than_a_common_one(rivers: Wiring) -> None:
    shares = lexical_shares(rivers, "long valley")
    assert shares["d1"] > shares["d2"]


def test_a_long_passage_bears_a_word_less_than_a_short_one(footnote: Wiring) -> None:
    long = "It tells of towns and roads and bread. " * 3 + "A zebra came."
    footnote.indexer.add_documents([document("A zebra came.", id="short"), document(long, id="long")])
    shares = lexical_shares(footnote, "zebra")
    assert shares["short"] > shares["long"] > 0


@pytest.mark.parametrize("question", ["the of and", "", "?!", "😀"])
def test_a_question_without_words_is_borne_by_nothing(rivers: Wiring, question: str) -> None:
    assert set(lexical_shares(rivers, question).values()) == {0.0}


def test_title_and_heading_count_as_words_of_a_passage(footnote: Wiring) -> None:
    titled, bare = document("It rose.", id="d1", title="The price of gas"), document("It rose.", id="d2")
    footnote.indexer.add_documents([titled, bare])
    shares = lexical_shares(footnote, "gas price")
    assert shares["d1"] > shares["d2"] == 0


def test_a_word_that_stands_beside_a_sentence_counts_in_part(footnote: Wiring) -> None:
    footnote.indexer.add_documents([document("The river is long. It floods.", title="Valley")])
    [hit] = footnote.retriever.search(Query("Does the river flood?"))
    first, second = (sentence.lexical for sentence in hit.sentences)
    assert 0 < first < 1
    assert 0 < second < 1
    [whole] = footnote.retriever.search(Query("long river"))
    assert [sentence.lexical for sentence in whole.sentences] == [1.0, pytest.approx(0.3)]


def test_words_of_removed_documents_count_no_more(rivers: Wiring) -> None:
    before = lexical_shares(rivers, "river lake")["d0"]
    rivers.library.remove("d2")
    rivers.indexer.add_documents([document("Something else happened.", id="d4")])
    assert lexical_shares(rivers, "river lake")["d0"] == pytest.approx(lexical_shares(rivers, "river zebra")["d0"])
    assert lexical_shares(rivers, "river lake")["d0"] < before
