"""Evidence: how sentences are ranked, and which of them make the answer."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.evidence import rank_evidence, select
from assistant.types import Evidence
from corpus.types import Metadata, Span
from index.types import Hit, SentenceHit

WARSAW = "Poland's government in Warsaw closed two crossings with Belarus in 2023."
WARSAW_AGAIN = "In 2023 the government of Poland, in Warsaw, closed two Belarus crossings."
VILNIUS = "Lithuania shut four of its own roads to Minsk during the following summer."
RIGA = "Latvian guards stopped several hundred migrants near Daugavpils every month."
TALLINN = "Estonians finished their fence along the Narva river late in that decade."
SHORT = "Another point is trade."


def hit(*scored: tuple[str, float], passage: float = 0.0, name: str = "p1") -> Hit:
    """A hit whose text is these sentences, each with its similarity."""
    sentences: list[SentenceHit] = []
    text = ""
    for sentence, similarity in scored:
        start = 100 + len(text)
        sentences.append(SentenceHit(Span(start, start + len(sentence)), similarity, 0.0))
        text += f"{sentence} "
    return Hit(
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
        parts={"sentence": 0.0, "passage": passage, "lexical": 0.0},
        sentences=tuple(sentences),
    )


def quotes(chosen: Sequence[Evidence]) -> list[str]:
    return [evidence.quote for evidence in chosen]


def test_sentences_of_all_hits_are_ranked_by_score() -> None:
    ranked = rank_evidence([hit((WARSAW, 0.5), (VILNIUS, 0.9)), hit((RIGA, 0.7), name="p2")])
    assert quotes(ranked) == [VILNIUS, RIGA, WARSAW]
    assert [evidence.score for evidence in ranked] == [0.9, 0.7, 0.5]


def test_sentence_of_a_likelier_passage_goes_first() -> None:
    ranked = rank_evidence([hit((WARSAW, 0.5)), hit((RIGA, 0.5), passage=0.4, name="p2")])
    assert quotes(ranked) == [RIGA, WARSAW]


def test_quotes_are_cut_out_at_the_offsets_of_the_document() -> None:
    ranked = rank_evidence([hit((WARSAW, 0.9), (VILNIUS, 0.8))])
    assert [(evidence.quote, evidence.span.start) for evidence in ranked] == [
        (WARSAW, 100),
        (VILNIUS, 101 + len(WARSAW)),
    ]


def test_nothing_is_made_of_nothing() -> None:
    assert (rank_evidence([]), select([])) == ([], [])


def test_best_sentences_of_near_equal_score_make_the_answer() -> None:
    ranked = rank_evidence([hit((WARSAW, 0.9), (VILNIUS, 0.85), (RIGA, 0.5))])
    assert quotes(select(ranked)) == [WARSAW, VILNIUS]


def test_answer_has_at_most_three_sentences() -> None:
    ranked = rank_evidence([hit((WARSAW, 0.9), (VILNIUS, 0.9), (RIGA, 0.9), (TALLINN, 0.9))])
    assert quotes(select(ranked)) == [WARSAW, VILNIUS, RIGA]


def test_sentence_that_says_the_same_is_left_out() -> None:
    ranked = rank_evidence([hit((WARSAW, 0.9)), hit((WARSAW_AGAIN, 0.89), (VILNIUS, 0.88), name="p2")])
    assert quotes(select(ranked)) == [WARSAW, VILNIUS]


def test_short_sentence_brings_the_next_one_along() -> None:
    ranked = rank_evidence([hit((SHORT, 0.9), (RIGA, 0.1), (VILNIUS, 0.2))])
    assert quotes(select(ranked)) == [SHORT, RIGA]


def test_short_sentence_at_the_end_of_its_passage_stands_alone() -> None:
    ranked = rank_evidence([hit((RIGA, 0.1), (SHORT, 0.9)), hit((VILNIUS, 0.2), name="p2")])
    assert quotes(select(ranked)) == [SHORT]


def test_no_sentence_is_chosen_twice_and_followers_count() -> None:
    ranked = rank_evidence([hit((SHORT, 0.9), (RIGA, 0.89), (VILNIUS, 0.88), (WARSAW, 0.87))])
    chosen = quotes(select(ranked))
    assert len(chosen) == len(set(chosen)) == 3
