"""The altered desk sentences: enough of them, always the same, each changed in one thing; and how the check fares."""

from __future__ import annotations

from collections import Counter

import pytest

import eval.commands
from eval.alterations import Pair, pairs
from eval.claims import Checked, pair_figures, pair_kinds
from tests.assistant.running import run

FALSE_KINDS = {"number", "date", "name", "not"}
TRUE_KINDS = {"verbatim", "spelling", "number format", "percent sign", "date format", "dropped clause"}


@pytest.fixture(scope="module")
def made() -> list[Pair]:
    return pairs()


def test_there_are_at_least_four_hundred_of_each_sort(made: list[Pair]) -> None:
    counts = Counter(pair.true for pair in made)
    assert counts[False] >= 400
    assert counts[True] >= 400


def test_all_kinds_are_there(made: list[Pair]) -> None:
    assert {pair.kind for pair in made if not pair.true} == FALSE_KINDS
    assert {pair.kind for pair in made if pair.true} == TRUE_KINDS


def test_same_seed_makes_the_same_pairs(made: list[Pair]) -> None:
    assert pairs() == made
    assert pairs(seed=2) != made


def test_altered_ones_stand_in_no_quotation(made: list[Pair]) -> None:
    assert [pair for pair in made if not pair.true and any(pair.claim in quote for quote in pair.quotes)] == []


def test_only_verbatim_ones_are_the_sentence_itself(made: list[Pair]) -> None:
    assert {pair.kind for pair in made if pair.claim == pair.quotes[0]} == {"verbatim"}


def test_some_cite_one_sentence_and_some_two(made: list[Pair]) -> None:
    assert {len(pair.quotes) for pair in made} == {1, 2}


def test_altered_is_caught_only_as_unsupported_and_true_blamed_unless_supported() -> None:
    verdicts = [(False, "unsupported"), (False, "weak"), (True, "supported"), (True, "weak")]
    checked = [Checked(true, "name", 0.5, verdict, 1.0) for true, verdict in verdicts]  # type: ignore[arg-type]
    figures = pair_figures(checked)
    assert {name: figures[name] for name in ("altered", "true", "caught", "blamed")} == {
        "altered": 2,
        "true": 2,
        "caught": 0.5,
        "blamed": 0.5,
    }
    assert pair_kinds(checked) == {"name": {"pairs": 4, "supported": 0.25, "weak": 0.5, "unsupported": 0.25}}


def test_the_check_catches_the_altered_and_blames_hardly_any_true_one(monkeypatch: pytest.MonkeyPatch) -> None:
    few = pairs(per_kind=20)
    monkeypatch.setattr(eval.commands, "pairs", lambda: few)
    ran = run("eval", "alterations", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert set(ran.json) >= {"altered", "true", "caught", "blamed", "p50_ms", "p95_ms", "kinds", "fingerprint"}
    assert (ran.json["altered"], ran.json["true"]) == (80, 120)
    assert ran.json["caught"] >= 0.95
    assert ran.json["blamed"] <= 0.03


def test_table_is_printed_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    few = pairs(per_kind=2)
    monkeypatch.setattr(eval.commands, "pairs", lambda: few)
    ran = run("eval", "alterations")
    assert (ran.code, ran.err) == (0, "")
    assert all(name in ran.out for name in ("caught", "dropped clause", "unsupported"))
