"""Faults that can be named: what a claim says and no quotation bears."""

from __future__ import annotations

import pytest

from assistant.faults import faults_of
from assistant.words import opposites, relation
from corpus.names import shipped_names
from index.spellings import Spellings

NAMES = Spellings(shipped_names())


def kinds(claim: str, *quotes: str) -> set[str]:
    return {fault.kind for fault in faults_of(claim, quotes, NAMES)}


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Azerbaijan lost 2,908 soldiers.", "Azerbaijan lost 2 908 soldiers."),
        ("Azerbaijan lost about 2,900 soldiers.", "Azerbaijan lost 2,908 soldiers."),
        ("Azerbaijan lost nearly 3,000 soldiers.", "Azerbaijan lost 2,908 soldiers."),
        ("It took twelve days.", "It took 12 days."),
        ("It cost $1.5 million.", "It cost 1,500,000 dollars."),
        ("Turnout was 5%.", "Turnout was 5 per cent."),
        ("It took two attempts.", "Both attempts were needed."),
        ("He left in May 2024.", "He left on 8 May 2024."),
        ("He left on 8 May 2024.", "He left on May 8, 2024."),
        ("He left on 8 May 2024.", "In 2024 much changed. He left on 8 May."),
        ("It began in Kiev.", "It began in Kyiv."),
        ("It began in Garabagh.", "It began in Karabakh."),
        ("The Armenian minister spoke.", "The minister of Armenia spoke."),
        ("Ukrainian troops came.", "Troops came from Ukraine."),
        ("He did not leave.", "He didn't leave."),
        ("He never left Baku.", "He has never left Baku."),
        ("Exports rose.", "Exports rose; imports fell."),
        ("The gate stood open.", "The gate stood open, the door closed."),
        ("Harvests failed.", "Harvests failed because of drought."),
        ("Although it rained, he left.", "He left. It rained."),
        ("Farmers left.", "The growers left."),
        ("Half a million people fled.", "500,000 people fled."),
        ("500,000 people fled.", "Half a million people fled."),
        ("It cost $5 million.", "It cost $5M."),
        ("More than 2,900 soldiers died.", "2,908 soldiers died."),
        ("Fewer than 3,000 soldiers died.", "2,908 soldiers died."),
        ("No fewer than 2,900 soldiers died.", "2,908 soldiers died."),
        ("No more than 3,000 soldiers died.", "2,908 soldiers died."),
        ("Three goals fell in the first half.", "In the first half three goals fell."),
        ("Half of twelve bridges fell.", "Half of the 12 bridges fell."),
        ("The deal agreed by May was rejected.", "Theresa May agreed a deal, which was rejected."),
        ("The talks began in late March.", "The talks began on 2019-03-28."),
        ("Valery d’Estaing signed.", "Valery d'Estaing signed."),
        ("About 2,000 soldiers came.", "2000 soldiers came."),
        ("In 2023 per capita income rose.", "Per capita income rose in 2023."),
        ("The road has been closed since May.", "The road has been closed since 8 May."),
        ("", "He left."),
    ],
)
def test_what_a_quotation_bears_is_no_fault(claim: str, quote: str) -> None:
    assert kinds(claim, quote) == set()


@pytest.mark.parametrize(
    ("kind", "claim", "quote"),
    [
        ("name", "Brandstadt left on 8 May 2024.", "Okonjo left on 8 May 2024."),
        ("number", "Azerbaijan lost 2,980 soldiers.", "Azerbaijan lost 2,908 soldiers."),
        ("number", "Azerbaijan lost 3,000 soldiers.", "Azerbaijan lost 2,908 soldiers."),
        ("number", "It took thirteen days.", "It took 12 days."),
        ("number", "It cost 1.5 billion dollars.", "It cost 1.5 million dollars."),
        ("number", "About 64 men came.", "About 63 men came."),
        ("unit", "It is 12 miles long.", "It is 12 km long."),
        ("unit", "It cost 5 euros.", "It cost 5 dollars."),
        ("unit", "Turnout rose by 5%.", "Turnout rose by 5 voters."),
        ("date", "He left on 9 May 2024.", "He left on 8 May 2024."),
        ("date", "He left on 8 June 2024.", "He left on 8 May 2024."),
        ("date", "He left on 8 May 2023.", "He left on 8 May 2024."),
        ("date", "He left on 8 May 2024.", "He left in May 2024."),
        ("date", "He left in 2023.", "He left in 2024."),
        ("name", "Pashinyan spoke in Baku.", "Aliyev spoke in Baku."),
        ("name", "It began in Tbilisi.", "It began in Kyiv."),
        ("name", "The road to Orsk is open.", "The road to Omsk is open."),
        ("name", "The talks in Baku began on Monday.", "The talks in Baku began on Friday."),
        ("name", "Żurek signed the law.", "Kowalski signed the law."),
        ("date", "The road has been closed since May.", "The road has been closed since March."),
        ("number", "More than 3,000 soldiers died.", "2,908 soldiers died."),
        ("number", "Fewer than 2,900 soldiers died.", "2,908 soldiers died."),
        ("number", "No more than 2,900 soldiers died.", "2,908 soldiers died."),
        ("number", "The plant employs 1,990 people.", "The plant was built in 1990 by people."),
        ("name", "Valery d’Estaing signed.", "Valery d’Orleans signed."),
        ("number", "A million people fled.", "Half a million people fled."),
        ("negation", "He did not leave.", "He left."),
        ("negation", "The treaty was not signed.", "The treaty was signed."),
        ("negation", "The treaty was signed.", "The treaty was not signed."),
        ("negation", "The president never visited Baku.", "The president visited Baku."),
        ("opposite", "Exports decreased.", "Exports increased."),
        ("opposite", "They came after the war.", "They came before the war."),
        ("opposite", "Fewer people voted.", "More people voted."),
        ("opposite", "The minister denied it.", "The minister confirmed it."),
    ],
)
def test_what_no_quotation_bears_is_a_fault(kind: str, claim: str, quote: str) -> None:
    assert kind in kinds(claim, quote)


def test_quotations_bear_a_claim_together() -> None:
    assert kinds("He left Baku in 2024.", "He left Baku.", "That was in 2024.") == set()
    assert kinds("He left Baku in 2024.") == {"name", "date"}


def test_fault_points_at_its_place_in_the_claim() -> None:
    claim = "He left Baku on 9 May 2024."
    (fault,) = faults_of(claim, ["He left Baku on 8 May 2024."], NAMES)
    assert claim[fault.span.start : fault.span.end] == "9 May 2024"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("movi", "film", "same"), ("build", "construct", "same"), ("friend", "pal", "kin"), ("movi", "bridg", "none")],
)
def test_words_that_mean_the_same_are_known(one: str, other: str, expected: str) -> None:
    assert (relation(one, other), relation(other, one)) == (expected, expected)


def test_opposites_go_both_ways() -> None:
    assert "decreas" in opposites("increas")
    assert "increas" in opposites("decreas")
    assert opposites("bridg") == frozenset()
