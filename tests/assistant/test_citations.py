"""Citations: numbers in order of appearance, keys, and the check of a claim against what it cites."""

from __future__ import annotations

import dataclasses

import pytest

from assistant.citations import AnswerText, check_claim, citation_for, evidence_key, markers_in, without_markers
from assistant.types import Claim, Evidence
from corpus.types import Metadata, Span
from index.types import Hit


def evidence(quote: str, start: int = 0, *, document: str = "d1", version: str = "v1", place: str = "/a") -> Evidence:
    """Evidence that quotes a document from ``start`` on."""
    hit = Hit(
        passage_id="p1",
        document_id=document,
        content_hash=version,
        metadata=Metadata(outlet="Steppe Post", author="Ivan Sokol", published="2023-05", kind="report", language="en"),
        title="A title",
        place=place,
        text=quote,
        start=start,
        end=start + len(quote),
        heading="A heading",
        score=1.0,
    )
    return Evidence(hit, Span(start, start + len(quote)), quote, 0.9)


def test_sentences_are_followed_by_their_numbers() -> None:
    text = AnswerText()
    pieces = [text.add("One.", [evidence("One.")]), text.add("Two.", [evidence("Two.", 5)])]
    assert pieces == ["One. [1]", " Two. [2]"]
    assert text.text == "One. [1] Two. [2]"
    assert text.claims == [Claim("One.", 0, 4, (1,), 1.0, "supported"), Claim("Two.", 9, 13, (2,), 1.0, "supported")]
    assert [(cited.number, cited.quote) for cited in text.citations] == [(1, "One."), (2, "Two.")]


def test_same_evidence_keeps_its_number() -> None:
    text = AnswerText()
    first, second = evidence("One."), evidence("Two.", 5)
    for sentence, pieces in (("One.", [first]), ("Two.", [second, first]), ("One.", [first, first])):
        text.add(sentence, pieces)
    assert text.text == "One. [1] Two. [2][1] One. [1]"
    assert [cited.number for cited in text.citations] == [1, 2]
    assert [claim.citations for claim in text.claims] == [(1,), (2, 1), (1,)]


@pytest.mark.parametrize(
    ("quotation", "shown"),
    [
        ("As he said [12].", "As he said (12)."),
        ("[1][2] both", "(1)(2) both"),
        ("[[3]]", "[(3)]"),
        ("[sic] and [12a] stay", "[sic] and [12a] stay"),
        ("(4) stays", "(4) stays"),
        ("[ 5 ] is no marker", "[ 5 ] is no marker"),
        ("", ""),
    ],
)
def test_bracketed_numbers_of_a_quotation_become_round(quotation: str, shown: str) -> None:
    assert without_markers(quotation) == shown
    assert list(markers_in(shown)) == []


def test_claim_with_bracketed_numbers_is_supported_and_its_quote_untouched() -> None:
    text = AnswerText()
    text.add("He left [12] in May.", [evidence("He left [12] in May.")])
    assert text.text == "He left (12) in May. [1]"
    assert text.claims == [Claim("He left (12) in May.", 0, 20, (1,), 1.0, "supported")]
    assert text.citations[0].quote == "He left [12] in May."
    assert list(markers_in(text.text)) == [1]


@pytest.mark.parametrize(
    ("claim", "quotes", "verdict"),
    [
        ("He left.", ["He left."], (1.0, "supported")),
        ("He left.", ["So it was. He left."], (1.0, "supported")),
        ("He left.", ["She came.", "He left."], (1.0, "supported")),
        ("He left.", ["He left in May."], (0.0, "unsupported")),
        ("He left.", ["He stayed."], (0.0, "unsupported")),
        ("He left.", [], (0.0, "unsupported")),
    ],
)
def test_claim_is_supported_by_a_quotation_that_holds_it(
    claim: str, quotes: list[str], verdict: tuple[float, str]
) -> None:
    assert check_claim(claim, quotes) == verdict


def test_offsets_of_claims_count_code_points() -> None:
    text = AnswerText()
    text.add("𝔄 cl𝔞im 🦊.", [evidence("𝔄 cl𝔞im 🦊.")])
    text.add("Второе.", [evidence("Второе.", 20)])
    assert [text.text[claim.start : claim.end] for claim in text.claims] == ["𝔄 cl𝔞im 🦊.", "Второе."]


def test_key_names_one_stretch_of_one_version_of_one_document() -> None:
    same = [evidence("One."), evidence("One.")]
    others = [
        evidence("One.", 1),
        evidence("One!?"),
        evidence("One.", document="d2"),
        evidence("One.", version="v2"),
    ]
    assert len({evidence_key(piece) for piece in same}) == 1
    assert len({evidence_key(piece) for piece in (*same, *others)}) == 5


def test_citation_says_whose_claim_it_is() -> None:
    piece = evidence("One.", 7)
    assert dataclasses.asdict(citation_for(piece, 3)) == {
        "number": 3,
        "key": evidence_key(piece),
        "document_id": "d1",
        "content_hash": "v1",
        "title": "A title",
        "outlet": "Steppe Post",
        "author": "Ivan Sokol",
        "published": "2023-05",
        "kind": "report",
        "language": "en",
        "url": None,
        "path": "/a",
        "page": None,
        "heading": "A heading",
        "passage_id": "p1",
        "quote": "One.",
        "start": 7,
        "end": 11,
        "also_in": (),
    }


def test_place_on_the_web_is_a_url_and_no_path() -> None:
    cited = citation_for(evidence("One.", place="https://example.org/a"))
    assert (cited.number, cited.url, cited.path) == (None, "https://example.org/a", None)
