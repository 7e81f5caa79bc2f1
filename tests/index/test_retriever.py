"""Retrieval: the passages that bear a question come first, and no library and no question is too odd."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from assistant.wiring import Wiring
from corpus.types import Metadata, Span
from index.embedding import Embedder
from index.fusion import Weights
from index.types import Filter, Hit, Query
from tests.factories import document, wiring_at

TEXTS = {
    "gas": "The pipeline carries gas to Turkey. It was built in 2018.",
    "war": "The army left the town at dawn. Nobody saw it go.",
    "bread": "Bread costs two manats. Wheat comes from the north.",
    "vote": "Voters chose a new parliament. Turnout was low.",
    "flood": "The river rose after the rain. Two bridges fell.",
}


@pytest.fixture(scope="module")
def library(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wiring]:
    """Five documents of one passage each. Nothing writes to it."""
    footnote = wiring_at(tmp_path_factory.mktemp("retriever") / "home", embedder)
    footnote.indexer.add_documents(
        [
            document(text, id=name, title=f"News {number}", outlet="JAMnews")
            for number, (name, text) in enumerate(TEXTS.items())
        ]
    )
    yield footnote
    footnote.library.close()


def found(footnote: Wiring, question: str, k: int = 10, **context: object) -> list[str]:
    return [hit.document_id for hit in footnote.retriever.search(Query(question, **context), k)]  # type: ignore[arg-type]


def assert_exact(hits: list[Hit], texts: dict[str, str]) -> None:
    """Every offset points at the words that the hit shows."""
    for hit in hits:
        text = texts[hit.document_id]
        assert hit.text == text[hit.start : hit.end]
        assert all(hit.start <= sentence.span.start < sentence.span.end <= hit.end for sentence in hit.sentences)


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("Which country gets the gas?", "gas"),
        ("When did the soldiers withdraw?", "war"),
        ("What is the price of a loaf?", "bread"),
        ("Who won the election?", "vote"),
        ("Was there high water?", "flood"),
    ],
)
def test_the_passage_that_bears_a_question_comes_first(library: Wiring, question: str, best: str) -> None:
    assert found(library, question)[0] == best


def test_a_hit_says_what_was_found_and_why(library: Wiring) -> None:
    hit, *others = library.retriever.search(Query("Who carries gas to Turkey?"), 5)
    assert (hit.document_id, hit.title, hit.place, hit.heading) == ("gas", "News 0", None, None)
    assert hit.metadata == Metadata(title="News 0", outlet="JAMnews")
    assert (hit.text, hit.start, hit.end) == (TEXTS["gas"], 0, len(TEXTS["gas"]))
    assert [sentence.span for sentence in hit.sentences] == [Span(0, 35), Span(36, 57)]
    assert hit.sentences[0].similarity > hit.sentences[1].similarity
    assert hit.sentences[0].lexical > hit.sentences[1].lexical
    assert hit.parts["sentence"] == pytest.approx(hit.sentences[0].similarity, abs=1e-5)
    assert hit.ranks == {
        "sentence": 1,
        "pair": 1,
        "passage": 1,
        "substance": 1,
        "opening": 1,
        "stretch": 1,
        "lexical": 1,
        "names": 1,
    }
    assert len(others) == 4


def test_scores_fall_and_are_the_weighted_sum_of_their_parts(library: Wiring) -> None:
    hits = library.retriever.search(Query("gas and bread"), 5)
    weights = Weights()
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        total = sum(getattr(weights, voice) * part for voice, part in hit.parts.items())
        assert hit.score == pytest.approx(total, abs=1e-5)


def test_a_voice_that_did_not_find_a_passage_gives_it_no_rank(library: Wiring) -> None:
    hits = {hit.document_id: hit for hit in library.retriever.search(Query("gas"), 5)}
    assert hits["gas"].ranks["lexical"] == 1
    assert hits["bread"].parts["lexical"] == 0
    assert "lexical" not in hits["bread"].ranks


def test_the_same_search_gives_the_same_hits(library: Wiring) -> None:
    assert library.retriever.search(Query("What fell?")) == library.retriever.search(Query("What fell?"))


@pytest.mark.parametrize("k", [1, 2, 4])
def test_fewer_hits_are_the_first_of_more(library: Wiring, k: int) -> None:
    assert found(library, "What happened?", k) == found(library, "What happened?", 100)[:k]


@pytest.mark.parametrize(("k", "hits"), [(-1, 0), (0, 0), (5, 5), (6, 5), (1_000_000, 5)])
def test_no_more_are_found_than_there_are(library: Wiring, k: int, hits: int) -> None:
    assert len(found(library, "gas", k)) == hits


def test_an_earlier_question_tells_what_a_follow_up_is_about(library: Wiring) -> None:
    alone, leaning = "Where is it from?", ("What does bread cost?", "And wheat?")
    [hit] = library.retriever.search(Query(alone, leaning), 1)
    assert hit.document_id == "bread"
    assert hit.parts["lexical"] > 0
    assert all(hit.parts["lexical"] == 0 for hit in library.retriever.search(Query(alone), 5))


def test_a_reply_tells_what_a_follow_up_is_about(library: Wiring) -> None:
    assert found(library, "Where is it from?", 1, reply="Bread costs more since the harvest of wheat failed.") == [
        "bread"
    ]


def test_however_much_a_reply_says_the_question_counts_more(library: Wiring) -> None:
    long = "Bread costs more since wheat failed. " * 3 + " ".join(f"Baker{number} bakes." for number in range(40))
    assert found(library, "When did the army leave the town?", 1, reply=long) == ["war"]


def test_the_question_itself_counts_more_than_what_came_before(library: Wiring) -> None:
    assert found(library, "When did the army leave the town?", 1, context=("What does bread cost?",)) == ["war"]


def test_context_without_weight_changes_nothing(library: Wiring) -> None:
    leaning = found(library, "gas", context=("bread",), context_weight=0.0)
    assert leaning == found(library, "gas")


def test_a_query_says_in_words_what_is_searched_for() -> None:
    assert Query("When?").searched_for == "When?"
    assert Query("When?", ("Who left?", "Why?")).searched_for == "When? (in view of: Who left? · Why?)"


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("", id="nothing"),
        pytest.param(" \n\t ", id="space"),
        pytest.param("the of and", id="stop words"),
        pytest.param("?!…", id="punctuation"),
        pytest.param("zebra xylophone", id="unknown words"),
        pytest.param("😀👩‍👩‍👧", id="emoji"),
        pytest.param("Река поднялась?", id="Cyrillic"),
        pytest.param("वर्षा के बाद क्या हुआ?", id="another script"),
        pytest.param("雨の後に何が起きたか", id="a script without spaces"),
        pytest.param("مەن", id="a script from right to left"),
        pytest.param("What fell? " * 910, id="10,000 characters"),
        pytest.param("x" * 10_000, id="one word of 10,000 characters"),
        pytest.param("e\u0301\u0301\u0301 \u202e\u200b\x00", id="invisible characters"),
        pytest.param("\ud83d broken", id="half an emoji"),
        pytest.param("' OR 1=1; -- \" * % _", id="quotes"),
    ],
)
def test_any_question_can_be_searched(library: Wiring, question: str) -> None:
    for query in (Query(question), Query("What fell?", (question, question))):
        hits = library.retriever.search(query, 3)
        assert len(hits) == 3
        assert_exact(hits, TEXTS)


def test_an_empty_library_finds_nothing(footnote: Wiring) -> None:
    assert found(footnote, "gas") == []
    assert footnote.retriever.search(Query("gas"), 5, Filter(outlet=("A",))) == []
    assert (footnote.retriever.passage_count(), footnote.retriever.matches(Filter())) == (0, 0)


def test_a_passage_on_the_matter_goes_before_a_bare_heading(footnote: Wiring) -> None:
    told = (
        "A fire destroyed the grain elevator. Flames spread from the dryer to the silos. "
        "Firemen from Sunville fought the blaze all night."
    )
    footnote.indexer.add_documents([document("Sunville grain elevator fire", id="bare"), document(told, id="told")])
    assert found(footnote, "What burned in Sunville?") == ["told", "bare"]


def test_what_a_document_opens_with_counts_for_all_its_passages(footnote: Wiring) -> None:
    text = "Parking is allowed behind the station.\n\n" + "Bread costs two manats and wheat comes by train. " * 60
    footnote.indexer.add_documents([document(text)])
    hits = footnote.retriever.search(Query("Where may I park my car?"))
    opening = next(hit for hit in hits if hit.start == 0)
    assert len(hits) > 2
    assert [hit.parts["opening"] for hit in hits] == pytest.approx([opening.parts["passage"]] * len(hits), abs=1e-5)


def test_a_lone_passage_is_found_by_any_question(footnote: Wiring) -> None:
    footnote.indexer.add_documents([document("It rained.")])
    scores = {}
    for question in ("Did it rain?", "the of", "gold"):
        [hit] = footnote.retriever.search(Query(question))
        scores[question] = hit.score
    assert scores["Did it rain?"] > scores["gold"]
    assert footnote.retriever.passage_count() == 1


def test_a_thousand_equal_passages_are_found_in_their_order(footnote: Wiring) -> None:
    ids = [f"d{number:04}" for number in range(1000)]
    footnote.indexer.add_documents([document("Equal words stand here.", id=name) for name in ids])
    hits = footnote.retriever.search(Query("equal words"), 2000)
    assert [hit.document_id for hit in hits] == ids
    assert len({hit.passage_id for hit in hits}) == 1000
    assert {(hit.score, *set(hit.ranks.values())) for hit in hits} == {(hits[0].score, 1)}
    for k in (1, 301):
        assert found(footnote, "equal words", k) == ids[:k]


def test_a_filter_may_leave_one_or_none(library: Wiring) -> None:
    one = library.retriever.search(Query("What does bread cost?"), 5, Filter(document_id=("war",)))
    assert [hit.document_id for hit in one] == ["war"]
    assert one[0].ranks["passage"] == 1
    assert library.retriever.search(Query("bread"), 5, Filter(document_id=("no such",))) == []
    assert library.retriever.search(Query("bread"), 5, Filter(since="2020")) == []


def test_a_removed_document_is_found_no_more(footnote: Wiring) -> None:
    footnote.indexer.add_documents([document(text, id=name) for name, text in TEXTS.items()])
    assert found(footnote, "gas", 1) == ["gas"]
    footnote.library.remove("gas")
    assert set(found(footnote, "gas")) == set(TEXTS) - {"gas"}


def test_a_document_that_was_updated_is_found_by_its_new_words(footnote: Wiring) -> None:
    footnote.indexer.add_documents([document(text, id=name) for name, text in TEXTS.items()])
    footnote.indexer.add_documents([document("Gold was found in the hills.", id="gas")])
    [hit] = footnote.retriever.search(Query("gold"), 1)
    assert (hit.document_id, hit.text) == ("gas", "Gold was found in the hills.")
    assert sorted(found(footnote, "pipeline")) == sorted(TEXTS)


LONGER = "It snowed. Nobody came. The road was closed for a week."


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda footnote: footnote.library.remove("d1"), id="removed"),
        pytest.param(lambda footnote: footnote.indexer.add_documents([document(LONGER)]), id="updated"),
    ],
)
def test_a_search_is_not_disturbed_by_what_another_process_does_in_its_midst(
    footnote: Wiring, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, change: Callable[[Wiring], None]
) -> None:
    footnote.indexer.add_documents([document("It rained. The valley was green.")])
    other = wiring_at(footnote.settings.home, embedder)
    changes = iter([change])
    embed = embedder.embed

    def embed_while_the_library_changes(texts: list[str]) -> object:
        for pending in changes:
            pending(other)
        return embed(texts)

    monkeypatch.setattr(embedder, "embed", embed_while_the_library_changes)
    for hit in footnote.retriever.search(Query("What was the weather?")):
        assert hit.text in ("It rained. The valley was green.", LONGER)
        assert [hit.text[sentence.span.start : sentence.span.end] for sentence in hit.sentences] in (
            ["It rained.", "The valley was green."],
            ["It snowed.", "Nobody came.", "The road was closed for a week."],
        )
    other.library.close()


def test_a_pair_is_the_best_mean_of_two_sentences_in_a_row(footnote: Wiring) -> None:
    text = "Gas from the field goes to China. Its price was raised in May. Wheat is sown in spring."
    footnote.indexer.add_documents([document(text), document("Goats graze there. So do sheep.", "d2")])
    question = "When was the price of gas raised?"
    hits = {hit.document_id: hit for hit in footnote.retriever.search(Query(question))}
    vector = footnote.embedder.embed([question])[0]
    stored = footnote.store.load(footnote.embedder.name, footnote.embedder.dimension)
    for number, document_id in enumerate(stored.document_ids):
        sentences = stored.sentence_vectors[stored.sentence_rows[number] : stored.sentence_rows[number + 1]]
        sums = sentences[:-1].astype(np.float32) + sentences[1:].astype(np.float32)
        expected = (sums @ vector / np.linalg.norm(sums, axis=1)).max()
        assert hits[document_id].parts["pair"] == pytest.approx(expected, abs=1e-3)


def test_a_lone_sentence_is_its_own_pair(footnote: Wiring) -> None:
    footnote.indexer.add_documents([document("Gas from the field goes to China.")])
    [hit] = footnote.retriever.search(Query("Where does the gas go?"))
    assert hit.parts["pair"] == pytest.approx(hit.parts["sentence"], abs=1e-6)


def test_in_a_language_that_the_embedder_does_not_read_the_passage_with_the_words_is_first(footnote: Wiring) -> None:
    about = ("Мост через Сылву открыли в мае.", "Больницу построили шведы.", "Школу закрыл акимат района.")
    filler = "Зимой выпало много снега, и дорогу чистили три недели подряд, пока не кончилась соль. " * 3
    footnote.indexer.add_documents([document("\n\n".join(f"{one} {filler}" for one in about))])
    for question, wanted in zip(
        ["Когда открыли мост?", "Кто построил больницу?", "Кто закрыл школу?"], about, strict=True
    ):
        best = footnote.retriever.search(Query(question))[0]
        assert wanted in best.text
        assert best.ranks["own"] == 1
