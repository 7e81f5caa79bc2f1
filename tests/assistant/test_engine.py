"""The engine: from a question to a cited answer, or to why there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.settings import MAX_QUESTION
from assistant.types import Answer, PassagesFound, TextDelta
from assistant.wiring import Wiring
from corpus.errors import BadRequest, NotFound
from corpus.types import Span
from eval.question_sets import DESK_QUESTIONS, read_questions
from index.embedding import Embedder
from index.filtering import admits
from index.sentences import sentences_of
from index.types import Filter
from tests.assistant.conftest import BREAD, OPENED
from tests.assistant.running import broken_rules, said
from tests.factories import document, index_paths, wiring_at, write_files

DESK = read_questions(DESK_QUESTIONS)[::4]  # one in four, so that the suite stays quick


@pytest.fixture(scope="module")
def asked(desk: Wiring) -> dict[str, Answer]:
    """The answer to each of the desk's questions, by the question's id."""
    ask = desk.assistant.try_out
    return {question.id: ask(question.text, question.history, question.filter).answer for question in DESK}


def test_every_answer_on_the_desk_keeps_the_rules(desk: Wiring, asked: dict[str, Answer]) -> None:
    documents = {document.id: document for document in desk.library.documents()}
    broken = {name: broken_rules(answer, documents) for name, answer in asked.items()}
    assert {name: rules for name, rules in broken.items() if rules} == {}
    assert {answer.reply for answer in asked.values()} == {"answer", "declined"}


def test_every_quotation_on_the_desk_is_one_whole_sentence(desk: Wiring, asked: dict[str, Answer]) -> None:
    sentences = {document.id: set(sentences_of(document)) for document in desk.library.documents()}
    shown = [cited for answer in asked.values() for cited in (*answer.citations, *answer.nearest)]
    torn = [cited.quote for cited in shown if Span(cited.start, cited.end) not in sentences[cited.document_id]]
    assert torn == []


def test_filters_hold_for_every_quotation_on_the_desk(desk: Wiring, asked: dict[str, Answer]) -> None:
    documents = {document.id: document for document in desk.library.documents()}
    filtered = [question for question in DESK if question.filter.active]
    outside = [
        (question.id, cited.title)
        for question in filtered
        for cited in (*asked[question.id].citations, *asked[question.id].nearest)
        if not admits(question.filter, documents[cited.document_id])
    ]
    assert (bool(filtered), outside) == (True, [])


def test_a_part_that_nothing_is_told_of_does_not_sink_the_other(desk: Wiring) -> None:
    question = "When did the last Russian peacekeepers leave Karabakh, and who painted their barracks?"
    answer = desk.assistant.try_out(question, []).answer
    assert "12 June 2024" in answer.citations[0].quote
    assert answer.missing == ("who painted their barracks",)


def test_each_part_brings_its_best_sentence(desk: Wiring) -> None:
    question = "What is TRIPP, and when did the last Russian peacekeepers leave Karabakh?"
    quotes = [citation.quote for citation in desk.assistant.try_out(question, []).answer.citations]
    assert any("12 June 2024" in quote for quote in quotes)
    assert any("TRIPP" in quote for quote in quotes)


def test_follow_up_keeps_the_topic(own_desk: Wiring) -> None:
    first = own_desk.assistant.ask("When was the airport at Makhachkala stormed?")
    second = own_desk.assistant.ask("And why did they come?", first.conversation_id)
    alone = own_desk.assistant.ask("And why did they come?")
    assert "Telegram" in second.text
    assert "Makhachkala" in second.searched_for
    assert "Telegram" not in alone.text
    assert alone.searched_for == "And why did they come?"


def test_answer_is_the_documents_own_sentence(steppe: Wiring, tmp_path: Path) -> None:
    answer = steppe.assistant.ask(OPENED)
    (cited,) = answer.citations
    assert answer.text == "The bridge at Orsk was opened on 4 May 2019 (12). [1]"
    assert (cited.quote, cited.start, cited.end) == ("The bridge at Orsk was opened on 4 May 2019 [12].", 0, 49)
    assert (cited.title, cited.outlet, cited.author) == ("The bridge at Orsk", "Steppe Post", "Ivan Sokol")
    assert (cited.published, cited.kind, cited.language) == ("2023-05-17", "report", "en")
    assert (cited.path, cited.url) == (str(tmp_path / "files" / "bridge.md"), None)
    assert answer.fingerprint == steppe.fingerprint


def test_fingerprint_follows_what_an_answer_depends_on(steppe: Wiring, embedder: Embedder) -> None:
    bolder = wiring_at(steppe.settings.home, embedder, answer_threshold=0.1)
    assert bolder.fingerprint != steppe.fingerprint
    assert bolder.fingerprint.startswith(bolder.settings.index.fingerprint)
    bolder.library.close()


def test_a_pronoun_is_explained_where_its_sentence_opens_a_passage(tmp_path: Path, embedder: Embedder) -> None:
    before = (
        "The ferry across the Aydar lake was ordered in Tashkent by the provincial ministry of transport and roads."
    )
    quote = "It was launched on 4 May 2019 by Governor Belova, who broke a bottle of Uzbek wine on its bow."
    footnote = wiring_at(tmp_path / "home", embedder, index={"passage_tokens": 32})
    index_paths(footnote, write_files(tmp_path / "in", {"ferry.txt": f"{before} {quote}\n"}))
    answer = footnote.assistant.ask("When was it launched by Governor Belova?")
    assert [cited.quote for cited in answer.citations] == [quote]
    assert [(notice.code, notice.text) for notice in answer.notices] == [
        ("refers_back", f"“It” in [1] refers to what stands before it: “{before}”")
    ]
    footnote.library.close()


def test_bracketed_numbers_of_a_quotation_are_shown_in_round_brackets(steppe: Wiring) -> None:
    answer = steppe.assistant.ask(OPENED)
    documents = {document.id: document for document in steppe.library.documents()}
    assert "2019 (12)." in answer.text
    assert "2019 [12]." in answer.citations[0].quote
    assert broken_rules(answer, documents) == []


def test_heading_of_a_quotation_is_named(steppe: Wiring) -> None:
    assert steppe.assistant.ask("How many cars cross the bridge at Orsk each day?").citations[0].heading == "Traffic"


def test_unknown_metadata_is_none(steppe: Wiring) -> None:
    (cited, *_) = steppe.assistant.ask("When did the Aydar lake freeze?").citations
    assert (cited.title, cited.outlet, cited.author, cited.published, cited.kind) == (
        "lake.txt",
        None,
        None,
        None,
        None,
    )


def test_timings_are_given_in_milliseconds(steppe: Wiring) -> None:
    timings = steppe.assistant.ask(OPENED).timings
    assert set(timings) == {"retrieve_ms", "answer_ms", "total_ms"}
    assert timings["total_ms"] == pytest.approx(timings["retrieve_ms"] + timings["answer_ms"], abs=0.16)
    assert timings["retrieve_ms"] > 0


@pytest.mark.parametrize(
    ("question", "wanted", "reason"),
    [
        (BREAD, Filter(), "weak_match"),
        (OPENED, Filter(until="2018"), "filtered_out"),
        (OPENED, Filter(outlet=("Nobody",)), "filtered_out"),
        (OPENED, Filter(document_id=("unknown",)), "filtered_out"),
        (OPENED, Filter(since="2024", until="2023"), "filtered_out"),
        (OPENED, Filter(kind=("report",), outlet=("Ural Herald",)), "filtered_out"),
        ("???", Filter(), "weak_match"),
    ],
)
def test_declined_question_has_its_reason(steppe: Wiring, question: str, wanted: Filter, reason: str) -> None:
    answer = steppe.assistant.ask(question, wanted=wanted)
    documents = {document.id: document for document in steppe.library.documents()}
    assert answer.reason == reason
    assert broken_rules(answer, documents) == []


@pytest.mark.parametrize("wanted", [Filter(), Filter(since="2020")])
def test_empty_library_declines_every_question(footnote: Wiring, wanted: Filter) -> None:
    answer = footnote.assistant.ask(OPENED, wanted=wanted)
    assert (answer.answered, answer.reply, answer.reason) == (False, "declined", "empty_library")
    assert "footnote index" in answer.text
    assert answer.nearest == ()


def test_document_without_passages_gives_nothing_found(steppe: Wiring) -> None:
    steppe.library.put(document("Stored, but not indexed.", "d0"))
    answer = steppe.assistant.ask(OPENED, wanted=Filter(document_id=("d0",)))
    assert (answer.reason, answer.nearest) == ("nothing_found", ())


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        (Filter(outlet=("steppe post",)), {"The bridge at Orsk"}),
        (Filter(outlet=("Steppe Post", "Ural Herald")), {"The bridge at Orsk", "A lost harvest"}),
        (Filter(kind=("opinion",)), {"A lost harvest"}),
        (Filter(since="2023-05-17", until="2023-05-17"), {"The bridge at Orsk"}),
        (Filter(since="2024-02-20"), {"A lost harvest"}),
        (Filter(language=("en",)), {"The bridge at Orsk", "A lost harvest"}),
        (Filter(language=("ru",)), set()),
        (Filter(), {"The bridge at Orsk", "A lost harvest", "lake.txt"}),
    ],
)
def test_only_documents_that_pass_the_filters_are_found(steppe: Wiring, wanted: Filter, titles: set[str]) -> None:
    assert {hit.title for hit in steppe.assistant.search("the bridge", 100, wanted).hits} == titles


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Filter(since="soon"), "since"),
        (Filter(until="2023-13"), "until"),
        (Filter(until=""), "until"),
        (Filter(kind=("rumour",)), "kind"),
        (Filter(kind=("report", "")), "kind"),
    ],
)
def test_filter_that_can_never_match_is_refused(footnote: Wiring, wanted: Filter, field: str) -> None:
    with pytest.raises(BadRequest) as refused:
        footnote.assistant.ask(OPENED, wanted=wanted)
    assert refused.value.field == field
    assert footnote.conversations.all() == []


@pytest.mark.parametrize("question", ["", "  \t\n ", "\u3000", "x" * (MAX_QUESTION + 1)])
def test_blank_and_over_long_questions_are_refused(footnote: Wiring, question: str) -> None:
    for way in (footnote.assistant.ask, footnote.assistant.stream, lambda text: footnote.assistant.search(text, 1)):
        with pytest.raises(BadRequest) as refused:
            way(question)
        assert refused.value.field == "message"
    assert footnote.conversations.all() == []


def test_half_a_character_in_a_question_is_passed_over(steppe: Wiring) -> None:
    assert steppe.assistant.ask(f"{OPENED} \udcff").question == OPENED
    with pytest.raises(BadRequest):
        steppe.assistant.ask("\ud800")


def test_longest_question_and_outer_space_are_taken(steppe: Wiring) -> None:
    longest = f"{OPENED} " * (MAX_QUESTION // (len(OPENED) + 1))
    assert steppe.assistant.ask(longest.ljust(MAX_QUESTION + 5)).question == longest.strip()


@pytest.mark.parametrize("unknown", ["nobody", "c'; --", "разговор", ""])
def test_unknown_conversation_is_not_found(footnote: Wiring, unknown: str) -> None:
    for way in (footnote.assistant.ask, footnote.assistant.stream):
        with pytest.raises(NotFound):
            way(OPENED, unknown)
    assert footnote.conversations.all() == []


@pytest.mark.parametrize(
    ("question", "wanted"), [(OPENED, Filter()), (BREAD, Filter()), (OPENED, Filter(until="2018"))]
)
def test_streaming_gives_the_same_answer_as_asking(steppe: Wiring, question: str, wanted: Filter) -> None:
    found, *deltas, answer = steppe.assistant.stream(question, wanted=wanted)
    asked = steppe.assistant.ask(question, wanted=wanted)
    assert isinstance(found, PassagesFound)
    assert isinstance(answer, Answer)
    assert said(answer) == said(asked)
    assert "".join(delta.text for delta in deltas if isinstance(delta, TextDelta)) == answer.text
    assert {type(delta) for delta in deltas} == {TextDelta}


def test_passages_streamed_are_those_of_a_search(steppe: Wiring) -> None:
    found, *_ = steppe.assistant.stream(OPENED)
    assert found == PassagesFound(steppe.assistant.search(OPENED, 10).hits)


def test_stream_that_is_not_read_to_its_end_stores_no_turn(steppe: Wiring) -> None:
    events = steppe.assistant.stream(OPENED)
    next(events)
    del events
    assert steppe.conversations.all() == []


def test_passages_found_lie_at_their_offsets(desk: Wiring) -> None:
    result = desk.assistant.search("peacekeepers in Karabakh", 1000)
    texts = {document.id: document.text for document in desk.library.documents()}
    assert [hit for hit in result.hits if texts[hit.document_id][hit.start : hit.end] != hit.text] == []
    assert [hit.score for hit in result.hits] == sorted((hit.score for hit in result.hits), reverse=True)
    assert len({hit.passage_id for hit in result.hits}) == len(result.hits) > 10
    assert {name for hit in result.hits for name in hit.ranks} <= {
        "sentence",
        "pair",
        "substance",
        "passage",
        "stretch",
        "opening",
        "lexical",
        "names",
        "time",
    }


@pytest.mark.parametrize(("count", "found"), [(1, 1), (2, 2), (1000, 4)])
def test_search_gives_as_many_passages_as_there_are(steppe: Wiring, count: int, found: int) -> None:
    assert len(steppe.assistant.search("the bridge", count).hits) == found


def test_asking_twice_gives_the_same_answer(steppe: Wiring) -> None:
    assert said(steppe.assistant.ask(OPENED)) == said(steppe.assistant.ask(OPENED))


def test_trying_out_stores_nothing(steppe: Wiring) -> None:
    trial = steppe.assistant.try_out(OPENED, [])
    assert said(trial.answer) == said(steppe.assistant.ask(OPENED))
    assert len(steppe.conversations.all()) == 1
    scores = [evidence.score for evidence in trial.ranked.evidence]
    assert scores == sorted(scores, reverse=True)
    assert 0 <= trial.ranked.confidence <= 1


def test_what_another_footnote_indexes_is_found_at_once(steppe: Wiring) -> None:
    assert steppe.assistant.ask("Who won the chess cup?").reason == "weak_match"
    other = Wiring(steppe.settings)
    other.indexer.add_documents([document("Murat Askarov won the chess cup in Almaty.", "chess")])
    other.library.close()
    assert steppe.assistant.ask("Who won the chess cup?").citations[0].document_id == "chess"


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Когда открыли мост через реку?", "Мост через реку открыли в мае."),
        ("Köprü ne zaman açıldı?", "Irmağın üzerindeki köprü mayıs ayında açıldı."),
    ],
)
def test_a_language_that_the_embedder_hardly_knows_is_found_by_its_words_and_said(
    footnote: Wiring, tmp_path: Path, question: str, words: str
) -> None:
    others = {f"{number}.md": f"The bridge number {number} was opened in May." for number in range(20)}
    files = write_files(tmp_path / "files", {"own.md": words, **others})
    index_paths(footnote, files)
    answer = footnote.assistant.try_out(question, []).answer
    shown = answer.citations or answer.nearest
    assert shown[0].quote == words
    assert [notice.code for notice in answer.notices] == ["weak_language"]
    assert "model" in answer.notices[0].text
    assert "--rebuild" in answer.notices[0].text


def test_an_english_question_needs_no_notice_about_its_language(steppe: Wiring) -> None:
    assert steppe.assistant.try_out(OPENED, []).answer.notices == ()
