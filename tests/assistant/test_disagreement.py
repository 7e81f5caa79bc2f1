"""Disagreement: what counts as one, what only looks like one, and how both sides come into the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.amounts import Quantity, differ, quantities_of
from assistant.asked import asks_date, asks_for_thing, asks_how_both_hold, asks_number, asks_of_one, asks_what_it_is
from assistant.citations import AnswerText, citation_for
from assistant.disagreement import (
    Dispute,
    SideTold,
    as_disagreements,
    corrected,
    correction_notices,
    find_dispute,
    with_both_sides,
)
from assistant.statements import statements_of
from assistant.types import Evidence, Side
from corpus.types import Metadata, Span
from index.types import Hit, SentenceHit


def passage(
    *sentences: str, document: str = "d1", lexical: float = 0.5, side: float = 0.3, **metadata: str
) -> list[Evidence]:
    """The sentences of one passage as evidence, all equally good, and by the reader a ``side`` with that chance."""
    text = " ".join(sentences)
    spans, start = [], 0
    for sentence in sentences:
        spans.append(Span(start, start + len(sentence)))
        start += len(sentence) + 1
    hit = Hit(
        passage_id=f"p of {document}",
        document_id=document,
        content_hash="v1",
        metadata=Metadata(**metadata),
        title=f"Title of {document}",
        place=None,
        text=text,
        start=0,
        end=len(text),
        heading=None,
        score=1.0,
        parts={"passage": 0.5},
        sentences=tuple(SentenceHit(span, 0.6, lexical) for span in spans),
    )
    return [Evidence(hit, span, text[span.start : span.end], 0.9, side) for span in spans]


def values(question: str, evidence: Sequence[Evidence]) -> list[str]:
    """What the sides say, [] where nothing is found."""
    dispute = find_dispute(question, evidence)
    return [side.value for side in dispute.sides] if dispute else []


@pytest.mark.parametrize(
    ("question", "sentences", "sides"),
    [
        (
            "How many soldiers died at the bridge?",
            [
                "Orsk's army said that about 400 soldiers had been killed.",
                "Turgai's ministry put the dead soldiers at 63.",
            ],
            ["Orsk's army", "Turgai's ministry"],
        ),
        (
            "How many soldiers died at the bridge?",
            ["Orsk counted 400 dead soldiers at the bridge, while Turgai admitted 63 dead."],
            ["Orsk", "Turgai"],
        ),
        (
            "Who blew up the bridge?",
            [
                "Orsk said that Turgai had blown up the bridge.",
                "Turgai said that Orsk had destroyed the bridge itself.",
            ],
            ["Orsk", "Turgai"],
        ),
        (
            "Who blew up the bridge?",
            ["The fire broke out at night; Orsk blamed Turgai's shells, and Turgai blamed saboteurs out of Orsk."],
            ["Orsk", "Turgai"],
        ),
        (
            "Did Turgai shell the bridge?",
            ["Orsk accused Turgai of shelling the bridge.", "Turgai denied the charge."],
            ["Orsk", "Turgai"],
        ),
        (
            "Did Turgai shell the bridge?",
            ["Orsk's ministry said that a shell from Turgai had hit the bridge, and Turgai denied it."],
            ["Orsk's ministry", "Turgai"],
        ),
        (
            "Is there a campaign against the herdsmen?",
            [
                "Belova said that the campaign against the herdsmen hurt Orsk.",
                "Dairova said that there was no campaign at all against the herdsmen.",
            ],
            ["Belova", "Dairova"],
        ),
        (
            "Why did the army leave the valley?",
            [
                "Turgai described its departure from the valley as a gesture.",
                "Orsk described the same departure as a rout.",
            ],
            ["Turgai", "Orsk"],
        ),
        (
            "How many herdsmen stayed?",
            [
                "Officials gave different numbers.",
                "Minister Belova said that 1,000 had stayed.",
                "The mayor, Ivan Sokol, spoke of 1,500.",
            ],
            ["Minister Belova", "The mayor, Ivan Sokol"],
        ),
        (
            "Was the vote free?",
            ["Orsk's observers said that the vote offered no choice, whereas those of Turgai called it free."],
            ["Orsk's observers", "those of Turgai"],
        ),
    ],
)
def test_both_sides_are_found(question: str, sentences: list[str], sides: list[str]) -> None:
    found = values(question, passage(*sentences))
    assert len(found) == len(sides)
    assert [value for value, side in zip(found, sides, strict=True) if not value.startswith(side)] == []


@pytest.mark.parametrize(
    ("question", "sentences"),
    [
        ("How many soldiers died?", ["Orsk put its own dead at 400.", "Turgai admitted 63 dead soldiers."]),
        ("How many soldiers died?", ["Orsk said that 400 soldiers died.", "Turgai said that 400 soldiers had died."]),
        ("How many soldiers died?", ["Orsk said that about 400 soldiers died.", "Turgai counted 396 dead soldiers."]),
        ("How many soldiers died?", ["Orsk said that 400 soldiers died.", "Orsk's army put the dead soldiers at 63."]),
        ("How many soldiers died?", ["Orsk said that 400 soldiers died.", "Turgai said that 63 soldiers deserted."]),
        ("How many died in 2021?", ["Orsk counted 400 dead in 2021.", "Turgai counted 63 dead in 2022."]),
        (
            "How long is the fence?",
            ["Orsk said that the fence is 40 km long.", "Turgai said that the fence cost 9 roubles."],
        ),
        ("When was the bridge blown up?", ["Orsk said that Turgai blew up the bridge.", "Turgai denied the charge."]),
        ("Where is the bridge?", ["Orsk said that Turgai blew up the bridge.", "Turgai denied the charge."]),
        ("Which bank paid?", ["Orsk said that Turgai blew up the bridge.", "Turgai denied the charge."]),
        (
            "What did Orsk say about the bridge?",
            ["Orsk said that Turgai blew up the bridge.", "Turgai denied the charge."],
        ),
        ("Who said that the bridge was blown up?", ["Orsk said that Turgai blew up the bridge.", "Turgai denied it."]),
        (
            "Who blew up the bridge?",
            ["Orsk said that Turgai blew up the bridge.", "Belova reported snow in the hills."],
        ),
        ("Who blew up the bridge?", ["Turgai blew up the bridge.", "It was rebuilt in 2020."]),
        ("Who blew up the bridge?", []),
    ],
)
def test_what_only_looks_like_a_disagreement_is_none(question: str, sentences: list[str]) -> None:
    assert values(question, passage(*sentences) if sentences else []) == []


STEPPE = "The bridge at Orsk was opened by governor Belova on 4 May 2019 and cost 12 million roubles."
HERALD = "The bridge at Orsk was opened by governor Belova on 6 June 2019 and cost 15 million roubles."


@pytest.mark.parametrize("question", ["When was the bridge at Orsk opened?", "How much did the bridge at Orsk cost?"])
def test_outlets_that_differ_are_set_side_by_side_with_whose_they_are(question: str) -> None:
    one = passage(STEPPE, document="d1", outlet="Steppe Post", published="2019-05-04", kind="report")
    other = passage(HERALD, document="d2", outlet="Ural Herald", published="2019-06-07", kind="report")
    dispute = find_dispute(question, [*one, *other])
    assert dispute is not None
    assert [side.value for side in dispute.sides] == [
        f"Steppe Post, report, 4 May 2019: {STEPPE}",
        f"Ural Herald, report, 7 June 2019: {HERALD}",
    ]
    assert dispute.sets_apart(one[0])


def test_newer_piece_of_the_same_outlet_corrects_the_older() -> None:
    older = passage(STEPPE, document="d1", outlet="Steppe Post", published="2019-05-04")
    newer = passage(HERALD, document="d2", outlet="steppe post", published="2019-06-07")
    question = "How much did the bridge at Orsk cost?"
    kept, corrections = corrected(question, [*older, *newer])
    assert kept == newer
    [notice] = correction_notices(corrections, [citation_for(newer[0])])
    assert notice.code == "corrected"
    assert "4 May 2019" in notice.text
    assert correction_notices(corrections, [citation_for(passage("It froze.", document="d3")[0])]) == ()
    assert find_dispute(question, kept) is None


@pytest.mark.parametrize(
    ("question", "published"),
    [
        ("How much did the bridge at Orsk first cost?", "2019-06-07"),
        ("How much did the bridge at Orsk cost as of May 2019?", "2019-06-07"),
        ("How much did the bridge at Orsk cost?", "2019-05-04"),
        ("Who opened the bridge at Orsk?", "2019-06-07"),
    ],
)
def test_earlier_states_and_undated_orders_are_not_corrected(question: str, published: str) -> None:
    older = passage(STEPPE, document="d1", outlet="Steppe Post", published="2019-05-04")
    newer = passage(HERALD, document="d2", outlet="Steppe Post", published=published)
    assert corrected(question, [*older, *newer]) == ([*older, *newer], ())


@pytest.mark.parametrize(
    "other",
    [
        STEPPE.replace("12 million", "about 12 million"),
        "The bridge at Aydar was opened by mayor Dairova on 6 June 2021 and cost 15 million roubles.",
        "Fishermen crossed the bridge at Orsk 15 times.",
    ],
)
def test_documents_that_agree_or_speak_of_other_things_do_not_differ(other: str) -> None:
    evidence = [*passage(STEPPE, document="d1", outlet="A"), *passage(other, document="d2", outlet="B")]
    assert find_dispute("How much did the bridge at Orsk cost?", evidence) is None


def test_figures_of_another_year_than_is_asked_about_are_no_correction() -> None:
    said = "Turnout at the election in Orsk in {} was {} per cent, the commission counted."
    older = passage(said.format(2020, 45), document="d1", outlet="Steppe Post", published="2020-11-02")
    newer = passage(said.format(2024, 38), document="d2", outlet="Steppe Post", published="2024-10-27")
    question = "What was the turnout at the election in Orsk in 2020?"
    assert corrected(question, [*older, *newer]) == ([*older, *newer], ())
    of_others = passage(said.format(2024, 38), document="d2", outlet="Ural Herald", published="2024-10-27")
    assert find_dispute(question, [*older, *of_others]) is None
    held = "The election in Orsk was held by governor Belova on {}."
    older = passage(held.format("1 November 2020"), document="d1", outlet="Steppe Post", published="2020-11-02")
    newer = passage(held.format("26 October 2024"), document="d2", outlet="Steppe Post", published="2024-10-27")
    assert corrected("When was the 2020 election in Orsk held?", [*older, *newer]) == ([*older, *newer], ())


def test_figures_without_a_year_out_of_pieces_years_apart_are_of_two_things() -> None:
    said = "Turnout at the election in Orsk was {} per cent, the commission counted."
    older = passage(said.format(45), document="d1", outlet="Steppe Post", published="2020-11-02")
    newer = passage(said.format(38), document="d2", outlet="Steppe Post", published="2024-10-27")
    question = "What was the turnout at the election in Orsk?"
    assert corrected(question, [*older, *newer]) == ([*older, *newer], ())


def test_a_date_is_corrected_in_a_question_for_a_number_too() -> None:
    said = "The bridge at Orsk was opened by governor Belova on {}."
    older = passage(said.format("4 May 2019"), document="d1", outlet="Steppe Post", published="2019-05-04")
    newer = passage(said.format("5 May 2019"), document="d2", outlet="Steppe Post", published="2019-06-07")
    question = "When was the bridge at Orsk opened and how much did it cost?"
    assert corrected(question, [*older, *newer])[0] == newer


def test_what_leans_on_a_corrected_sentence_goes_with_it() -> None:
    older = passage(STEPPE, "It was paid for by Turgai.", document="d1", outlet="Steppe Post", published="2019-05-04")
    newer = passage(HERALD, document="d2", outlet="Steppe Post", published="2019-06-07")
    assert corrected("How much did the bridge at Orsk cost?", [*older, *newer])[0] == newer


def test_figures_of_a_new_year_may_be_of_the_last() -> None:
    said = "The fire at the mine near Orsk killed {} miners, governor Belova counted."
    older = passage(said.format(12), document="d1", outlet="Steppe Post", published="2019-12-30")
    newer = passage(said.format(15), document="d2", outlet="Steppe Post", published="2020-01-04")
    question = "How many miners did the 2019 fire at the mine near Orsk kill?"
    assert corrected(question, [*older, *newer])[0] == newer


def test_pieces_of_two_days_that_give_one_figure_do_not_correct_each_other() -> None:
    said = "The bridge at Orsk cost 12 million roubles, the ministry said on {}."
    older = passage(said.format("4 May 2019"), document="d1", outlet="Steppe Post", published="2019-05-04")
    newer = passage(said.format("6 June 2019"), document="d2", outlet="Steppe Post", published="2019-06-07")
    question = "When was the bridge at Orsk opened and how much did it cost?"
    assert corrected(question, [*older, *newer]) == ([*older, *newer], ())


def test_two_counts_of_one_party_without_a_name_are_no_disagreement() -> None:
    said = passage("The army said 12 soldiers died at Orsk.", "The army said 15 soldiers died at Orsk.")
    assert find_dispute("How many soldiers died at Orsk?", said) is None


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        ("on 4 May 2019", "on 14 May 2019", True),
        ("on May 4, 2019", "on May 5, 2019", True),
        ("on 4 May", "in May 2019", False),
        ("on 4 May", "in 2019", False),
    ],
)
def test_dates_of_outlets_differ_where_no_part_may_be_the_other(one: str, other: str, differs: bool) -> None:
    said = "The bridge at Orsk was opened by governor Belova {}."
    evidence = [
        *passage(said.format(one), document="d1", outlet="A"),
        *passage(said.format(other), document="d2", outlet="B"),
    ]
    assert bool(values("When was the bridge at Orsk opened?", evidence)) == differs


def test_a_when_that_opens_a_clause_does_not_hide_differing_figures() -> None:
    said = "Governor Belova said {} people died when the dam at Orsk collapsed on 4 May 2019."
    evidence = [
        *passage(said.format("52"), document="d1", outlet="A"),
        *passage(said.format("300"), document="d2", outlet="B"),
    ]
    assert len(values("How many people died when the dam at Orsk collapsed?", evidence)) == 2


def test_a_side_that_leans_on_the_sentence_before_brings_it_along() -> None:
    evidence = passage(
        "Governor Belova opened the bridge at Orsk.",
        "She said that the bridge had cost 12 million roubles.",
        "Turgai's ministry put the cost of the bridge at 15 million roubles.",
    )
    sides = (SideTold(evidence[1], "She: 12 million"), SideTold(evidence[2], "Turgai: 15 million"))
    assert with_both_sides(evidence[2:], Dispute("the cost", sides), evidence) == evidence


def test_a_side_stands_once_however_it_was_ranked() -> None:
    evidence = passage("Orsk said that 52 men died.", "Turgai said that 300 men died.")
    again = [replace(piece, score=0.4) for piece in evidence]
    dispute = Dispute("how many died", (SideTold(again[0], "52"), SideTold(again[1], "300")))
    assert with_both_sides(evidence, dispute, evidence) == again


def test_both_sides_stand_together_in_place_of_the_least() -> None:
    evidence = passage(
        "The bridge was old.",
        "It was grey.",
        "Orsk said that Turgai had blown up the bridge.",
        "Turgai said that Orsk had destroyed the bridge itself.",
    )
    dispute = find_dispute("Who blew up the bridge?", evidence)
    assert with_both_sides(evidence[:2], dispute, evidence) == [evidence[2], evidence[3], evidence[0]]
    assert with_both_sides([evidence[0], evidence[3]], dispute, evidence) == [evidence[2], evidence[3], evidence[0]]
    assert with_both_sides(evidence[:2], None, evidence) == evidence[:2]


def test_sides_have_the_numbers_of_their_citations() -> None:
    evidence = passage(
        "Orsk said that Turgai had blown up the bridge.", "Turgai said that Orsk had destroyed the bridge."
    )
    dispute = find_dispute("Who blew up the bridge?", evidence)
    written = AnswerText()
    written.add("Another.", passage("Another.", document="d2"))
    for side in evidence:
        written.add(side.quote, [side])
    (found,) = as_disagreements(dispute, written.citations)
    assert found.about == "Who blew up the bridge"
    assert found.sides == (
        Side(2, "Orsk: Turgai had blown up the bridge"),
        Side(3, "Turgai: Orsk had destroyed the bridge"),
    )
    assert as_disagreements(dispute, written.citations[:2]) == as_disagreements(None, written.citations) == ()


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Orsk said that it rained.", [("Orsk", "said")]),
        ("On 5 July 2025 Orsk's army said that it rained.", [("Orsk's army", "said")]),
        ("Three died, according to the mayor of Orsk.", [("the mayor of Orsk", "said")]),
        ("Orsk claimed 5, while Turgai admitted 3.", [("Orsk", "claimed"), ("Turgai", "admitted")]),
        ("The first official toll for Orsk was nine.", [("The first official toll", "")]),
        ("Residents also say that it rained.", [("Residents", "say")]),
        ("The dam gave way.", []),
        ("It said so.", []),
        ("The bridge was grey.", []),
        ("What was said of Orsk is wrong.", []),
    ],
)
def test_statements_are_attributed(sentence: str, said: list[tuple[str, str]]) -> None:
    assert [(statement.holder, statement.verb) for statement in statements_of(sentence)] == said


@pytest.mark.parametrize(
    ("text", "quantities"),
    [
        ("about 1,400 soldiers", [Quantity(1400, "", True)]),
        ("nine people on 4 May 2019", [Quantity(9, "", False)]),
        ("12.5 million roubles", [Quantity(12_500_000, "roubles", False)]),
        ("43 per cent", [Quantity(43, "%", False)]),
        ("sixteen men and sixty women", [Quantity(16, "", False), Quantity(60, "", False)]),
        ("twenty-five days", [Quantity(25, "days", False)]),
        ("two hundred and four", [Quantity(204, "", False)]),
        ("between two and three", [Quantity(2, "", False), Quantity(3, "", False)]),
        ("the tension over the fourth tent", []),
        ("another 3,000 men", []),
        ("in 2022", []),
    ],
)
def test_quantities_of_a_text(text: str, quantities: list[Quantity]) -> None:
    assert quantities_of(text) == quantities


@pytest.mark.parametrize(
    ("one", "other", "different"),
    [
        ("400 men", "63 men", True),
        ("400 men", "400 men", False),
        ("about 400 men", "410 men", False),
        ("400 men", "410 men", True),
        ("40 km", "40 roubles", False),
        ("40 km", "55 kilometres", True),
        ("40 kilometers", "40 kilometres", False),
        ("40 kilometres", "9 villages", False),
        ("40 bills", "50 bills", True),
        ("63 and then 89", "89", False),
        ("40 per cent", "60 men", False),
        ("", "5", False),
        ("sixteen men", "16 men", False),
        ("40 men in 2 days", "50 men in 2 days", True),
        ("40 km and 12 dollars", "55 km and 12 dollars", False),
        ("half a million men", "500,000 men", False),
        ("several hundred men", "300 men", False),
        ("more than a hundred men", "103 men", False),
        ("one of the two-day fights killed 40", "one of the two-day fights killed 50", True),
        ("52 men on May 4, 2019", "300 men on May 4, 2019", True),
    ],
)
def test_quantities_differ_where_they_measure_the_same(one: str, other: str, different: bool) -> None:
    assert differ(quantities_of(one), quantities_of(other)) is different


@pytest.mark.parametrize(
    ("sentence", "short"),
    [
        ("Orsk said on 5 May 2022 that it rained.", "Orsk: it rained"),
        ("On 5 May 2022 Turgai denied the charge.", "Turgai denied the charge"),
        ("Turgai put the dead at 63.", "Turgai put the dead at 63"),
        ("Three died, according to residents of Orsk.", "residents of Orsk: Three died"),
    ],
)
def test_statement_is_told_in_short_with_whose_it_is(sentence: str, short: str) -> None:
    assert [statement.in_short for statement in statements_of(sentence)] == [short]


@pytest.mark.parametrize(
    ("sentences", "sides"),
    [
        (["Accounts of the cause differ.", "Belova said that rain did it.", "Dairova said that ice did it."], 2),
        (["The two do not contradict each other.", "Belova blamed the rain.", "Dairova blamed the rain gauge."], 0),
        (["It was dark.", "Belova said that rain did it.", "Dairova said that ice did it."], 0),
    ],
)
def test_documents_announce_and_reconcile_accounts_themselves(sentences: list[str], sides: int) -> None:
    assert len(values("Why did the dam burst?", passage(*sentences))) == sides


def test_question_between_two_numbers_is_answered_by_these_alone() -> None:
    evidence = passage("Orsk said that 400 soldiers died.", "Turgai admitted 63 dead soldiers.")
    assert len(values("How many soldiers died, 400 or 63?", evidence)) == 2
    assert values("How many soldiers died, 400 or 90?", evidence) == []


def test_what_is_asked_for() -> None:
    assert asks_number("How many died?")
    assert asks_number("What was the final toll?")
    assert asks_date("In which year was it?")
    assert [
        q
        for q in (
            "Do you know when it was?",
            "In Orsk, when was it opened?",
            "OK, when was it opened?",
            "I wonder when it opened",
            "When was the bridge, which cost millions, opened?",
            "What happened, and when?",
        )
        if not asks_date(q)
    ] == []
    assert not asks_date("How many died when it fell?")
    assert not asks_number("Who died?")
    assert not asks_of_one("How many died according to each side?")
    assert [
        q
        for q in ("whose view is it?", "who argues that?", "what did Orsk say?", "how did Orsk defend it?")
        if not asks_of_one(q)
    ] == []
    assert not asks_of_one("How many of the men who fled the call-up settled there?")
    assert asks_for_thing("Which bank paid?")
    assert not asks_for_thing("Who was blamed when the bridge fell?")
    assert not asks_for_thing("When the bridge fell, who was blamed?")
    assert [
        q for q in ("Which side began?", "What sank it?", "Who did it?", "What happened?") if asks_for_thing(q)
    ] == []


def test_a_question_how_two_reports_go_together_is_answered_by_what_reconciles_them() -> None:
    assert asks_how_both_hold("Some date the fall to 2022 and others to 2025. How can both be so?")
    assert asks_how_both_hold("Do the two counts contradict each other?")
    assert not asks_how_both_hold("How could both bridges be destroyed in one night?")
    assert not asks_how_both_hold("How many people died?")


@pytest.mark.parametrize("question", ["What is TRIPP?", "Who is Mikheil Kavelashvili?", "what's the Middle Corridor"])
def test_accounts_of_it_are_no_answer_to_what_something_is(question: str) -> None:
    assert asks_what_it_is(question)
    assert find_dispute(question, passage("Orsk calls it a corridor.", "Turgai rejects the word corridor.")) is None


@pytest.mark.parametrize(
    "question", ["What is the cause of the fire?", "What is said of the bridge?", "Who blew it up?"]
)
def test_other_questions_do_not_ask_what_something_is(question: str) -> None:
    assert not asks_what_it_is(question)


DIED_TWICE = (
    "Prison officials said that Belov had died of heart failure.",
    "Relatives say that he was beaten to death.",
)


def test_sides_that_only_the_reader_sees_are_set_against_each_other() -> None:
    assert values("How did Belov die?", passage(*DIED_TWICE, side=0.3)) == []
    told = values("How did Belov die?", passage(*DIED_TWICE, side=0.6))
    assert told == ["Prison officials: Belov had died of heart failure", "Relatives: he was beaten to death"]


def test_a_sentence_without_a_speaker_is_a_side_as_it_stands() -> None:
    sentences = ("The ministry put the fire down to a short circuit.", "Traces of petrol lay in every room.")
    assert values("What caused the fire?", passage(*sentences, side=0.6))[1] == sentences[1]


def test_what_a_text_says_of_two_matters_in_its_own_words_is_no_disagreement_to_the_reader() -> None:
    sentences = ("The lake froze in November.", "The river froze in December.")
    assert values("How did the winter begin?", passage(*sentences, side=0.9)) == []
    assert values("Which prison did Belov die in?", passage(*DIED_TWICE, side=0.9)) == []


def test_what_one_party_says_twice_is_no_disagreement_even_if_the_reader_thinks_so() -> None:
    sentences = ("Orsk said that it had lost the bridge.", "Orsk later said that it had left the bridge.")
    assert values("Why did the army leave the bridge?", passage(*sentences, side=0.6)) == []


def test_sides_of_two_documents_are_not_the_readers_to_set_against_each_other() -> None:
    one, other = passage(DIED_TWICE[0], side=0.6), passage(DIED_TWICE[1], document="d2", side=0.6)
    assert values("How did Belov die?", [*one, *other]) == []


def test_what_rules_see_and_the_reader_rules_out_is_no_disagreement() -> None:
    sentences = (
        "Orsk said that Turgai had blown up the bridge.",
        "Turgai said that Orsk had destroyed the bridge itself.",
    )
    assert len(values("Who blew up the bridge?", passage(*sentences, side=0.3))) == 2
    assert values("Who blew up the bridge?", passage(*sentences, side=0.01)) == []


@pytest.mark.parametrize(
    "question",
    [
        "What did the relatives say?",
        "What is Orsk?",
        "Do 400 and 63 dead contradict each other, or how do they go together?",
    ],
)
def test_the_reader_sets_nothing_against_what_one_party_or_thing_is_asked_for(question: str) -> None:
    assert values(question, passage(*DIED_TWICE, side=0.9)) == []


def test_a_passage_that_reconciles_its_figures_is_taken_at_its_word_by_the_reader_too() -> None:
    sentences = (*DIED_TWICE, "The two reports do not contradict each other.")
    assert values("How did Belov die?", passage(*sentences, side=0.9)) == []


def test_one_sentence_in_two_passages_is_not_set_against_itself() -> None:
    [one], [other] = passage(DIED_TWICE[1], side=0.9), passage(DIED_TWICE[1], side=0.9)
    assert values("How did Belov die?", [one, other]) == []
