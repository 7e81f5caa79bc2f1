"""Names: a question in one spelling is borne by a passage in another."""

from __future__ import annotations

import pytest

from assistant.wiring import Wiring
from corpus.names import Name, Spelling
from index.spellings import Spellings
from index.types import Query
from tests.factories import document

KARABAKH = Name("karabakh", "place", (Spelling("Karabakh"), Spelling("Nagorno-Karabakh"), Spelling("Qarabağ")))
PIPELINE = Name("tap", "pipeline", (Spelling("Trans Adriatic Pipeline"), Spelling("TAP", exact=True)))
BAKU = Name("baku", "place", (Spelling("Baku"), Spelling("Баку")))
KIND = Spellings([KARABAKH, PIPELINE, BAKU])


def alternatives(text: str) -> list[int]:
    """How many spellings each concept of a text has."""
    return [len(concept.alternatives) for concept in KIND.concepts(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("the of", []),
        ("gas price", [1, 1]),
        ("Qarabağ", [2]),
        ("war in KARABAKH and in baku", [1, 2, 2]),
        ("gas of the Trans Adriatic Pipeline", [1, 2]),
        ("TAP gas", [2, 1]),
        ("tap gas", [1, 1]),
        ("Tap gas", [1, 1]),
    ],
)
def test_a_name_is_one_concept_and_any_other_word_one_of_its_own(text: str, expected: list[int]) -> None:
    assert alternatives(text) == expected


def test_a_names_own_spelling_comes_first() -> None:
    [concept] = KIND.concepts("Qarabağ")
    assert concept.alternatives[0] == frozenset({"qarabag"})
    assert (concept.borne_by({"qarabag"}), concept.borne_by({"baku"})) == (1.0, 0.0)
    assert 0 < concept.borne_by({"karabakh"}) < 1


def test_a_text_is_rewritten_in_the_spelling_that_is_used_most() -> None:
    used = {frozenset({"qarabag"}): 3, frozenset({"karabakh"}): 1}
    assert KIND.rewritten("Who left Karabakh?", lambda terms: used.get(terms, 0)) == "Who left Qarabağ?"
    assert KIND.rewritten("Who left Karabakh?", lambda terms: 0) == "Who left Karabakh?"
    assert KIND.rewritten("Who left?", lambda terms: 1) == "Who left?"


@pytest.mark.parametrize(
    ("spelling", "written"),
    [
        ("Garabagh", "The peacekeepers left Karabakh."),
        ("Qarabağ", "The peacekeepers left Karabakh."),
        ("QARABAĞ", "The peacekeepers left Karabakh."),
        ("Карабах", "The peacekeepers left Karabakh."),
        ("Zangezur corridor", "They spoke of the Zangazur corridor."),
        ("Turkey", "Türkiye opened the border."),
        ("Turkiye", "Turkey opened the border."),
        ("Kiev", "The talks were held in Kyiv."),
        ("Київ", "The talks were held in Kiev."),
    ],
)
def test_a_question_finds_a_name_under_any_spelling(footnote: Wiring, spelling: str, written: str) -> None:
    others = ["The peacekeepers left Georgia.", "They spoke of a railway.", "Iran opened a school.", "Talks were held."]
    footnote.indexer.add_documents([document(text, id=f"d{n}") for n, text in enumerate([*others, written])])
    [hit] = footnote.retriever.search(Query(f"What of {spelling}?"), 1)
    assert hit.text == written
    assert hit.parts["lexical"] > 0
    assert [sentence.lexical for sentence in hit.sentences] == [pytest.approx(0.9)]


def test_names_in_a_text_are_told_with_their_places() -> None:
    text = "War in Nagorno-Karabakh, talks in Баку."
    found = [(text[span.start : span.end], name) for span, name in KIND.names_in(text)]
    assert found == [("Nagorno-Karabakh", "karabakh"), ("Баку", "baku")]
    assert KIND.names_in("") == []
