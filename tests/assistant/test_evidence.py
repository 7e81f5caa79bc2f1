"""Evidence: which of the ranked sentences make the answer."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.evidence import select
from assistant.types import Evidence
from corpus.types import Metadata, Span
from index.types import Hit, SentenceHit

WARSAW = "Poland's government in Warsaw closed two crossings with Belarus in 2023."
WARSAW_AGAIN = "In 2023 the government of Poland, in Warsaw, closed two Belarus crossings."
VILNIUS = "Lithuania shut four of its own roads to Minsk during the following summer."
RIGA = "Latvian guards stopped several hundred migrants near Daugavpils every month."
TALLINN = "Estonians finished their fence along the Narva river late in that decade."
IT = "It was reopened for lorries by decree after nine months of talks in Brussels."
SHORT = "Another point is trade."


def ranked(*passages: list[tuple[str, float]]) -> list[Evidence]:
    """The sentences of passages, each with its score, best first."""
    found: list[Evidence] = []
    for number, scored in enumerate(passages):
        hit, spans = _hit([sentence for sentence, _ in scored], f"p{number}")
        found += [Evidence(hit, span, quote, score) for span, (quote, score) in zip(spans, scored, strict=True)]
    return sorted(found, key=lambda evidence: -evidence.score)


def _hit(sentences: list[str], name: str) -> tuple[Hit, list[Span]]:
    text = " ".join(sentences)
    spans = [Span(100 + text.index(one), 100 + text.index(one) + len(one)) for one in sentences]
    hit = Hit(
        passage_id=name,
        document_id=f"of {name}",
        content_hash="v1",
        metadata=Metadata(),
        title="",
        place=None,
        text=text,
        start=100,
        end=100 + len(text),
        heading=None,
        score=1.0,
        sentences=tuple(SentenceHit(span, 0.0, 0.0) for span in spans),
    )
    return hit, spans


def quotes(chosen: Sequence[Evidence]) -> list[str]:
    return [evidence.quote for evidence in chosen]


def test_nothing_is_made_of_nothing() -> None:
    assert select([]) == []


def test_best_sentences_of_near_equal_score_make_the_answer() -> None:
    assert quotes(select(ranked([(WARSAW, 0.9), (VILNIUS, 0.85), (RIGA, 0.3)]))) == [WARSAW, VILNIUS]


def test_answer_has_at_most_three_sentences() -> None:
    assert quotes(select(ranked([(WARSAW, 0.9), (VILNIUS, 0.9), (RIGA, 0.9), (TALLINN, 0.9)]))) == [
        WARSAW,
        VILNIUS,
        RIGA,
    ]


def test_sentence_that_says_the_same_is_left_out() -> None:
    assert quotes(select(ranked([(WARSAW, 0.9)], [(WARSAW_AGAIN, 0.89), (VILNIUS, 0.88)]))) == [WARSAW, VILNIUS]


def test_short_sentence_brings_the_next_one_along() -> None:
    assert quotes(select(ranked([(SHORT, 0.9), (RIGA, 0.1), (VILNIUS, 0.2)]))) == [SHORT, RIGA]


def test_short_sentence_at_the_end_of_its_passage_stands_alone() -> None:
    assert quotes(select(ranked([(RIGA, 0.1), (SHORT, 0.9)], [(VILNIUS, 0.2)]))) == [SHORT]


def test_no_sentence_is_chosen_twice_and_followers_count() -> None:
    chosen = quotes(select(ranked([(SHORT, 0.9), (RIGA, 0.89), (VILNIUS, 0.88), (WARSAW, 0.87)])))
    assert len(chosen) == len(set(chosen)) == 3


def test_sentence_that_points_back_comes_after_the_one_before_it() -> None:
    assert quotes(select(ranked([(WARSAW, 0.1), (IT, 0.9), (RIGA, 0.2)]))) == [WARSAW, IT]


def test_sentence_that_points_back_comes_right_behind_what_it_points_to() -> None:
    chosen = quotes(select(ranked([(WARSAW, 0.9), (IT, 0.85)], [(VILNIUS, 0.88)])))
    assert chosen == [WARSAW, IT, VILNIUS]


def test_sentence_that_points_back_finds_the_one_before_it_unranked_too() -> None:
    evidence = [one for one in ranked([(WARSAW, 0.1), (IT, 0.9)]) if one.quote == IT]
    assert quotes(select(evidence)) == [WARSAW, IT]


def test_sentence_that_points_back_out_of_its_passage_stands_alone() -> None:
    assert quotes(select(ranked([(IT, 0.9), (RIGA, 0.2)]))) == [IT]
