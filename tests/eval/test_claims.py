"""`footnote eval claims`: the fields of the contract, and figures that can be counted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from eval.claims import Checked, auroc_by_domain, claim_figures
from tests.assistant.running import Json, run
from tests.eval.sets import BRIDGE, HARVEST, LAKE, lines
from tests.factories import write_files


def claims_set(folder: Path, rows: Sequence[Json]) -> Path:
    return write_files(folder, {"claims.jsonl": lines(rows)})


def row(claim: str, label: str | int, evidence: str = BRIDGE, **more: str) -> Json:
    return {"id": f"{claim} {label}", "claim": claim, "evidence": [evidence], "label": label, **more}


def evaluated(folder: Path) -> Json:
    ran = run("eval", "claims", folder, "--json")
    assert (ran.code, ran.err) == (0, "")
    return ran.json


def test_figures_have_the_names_of_the_contract(tmp_path: Path) -> None:
    figures = evaluated(claims_set(tmp_path, [row("It cost 12 million roubles.", 1), row("It cost 13 euros.", 0)]))
    assert set(figures) == {"claims", "auroc", "auroc_by_domain", "p50_ms", "fingerprint"}
    assert (figures["claims"], figures["auroc"], figures["auroc_by_domain"]) == (2, 1.0, {})
    assert figures["p50_ms"] > 0


def test_supported_and_one_are_positive_all_else_is_not(tmp_path: Path) -> None:
    true, false = "The bridge at Orsk was opened on 4 May 2019.", "The bridge at Perm was closed on 5 May 2018."
    labels: list[tuple[str, str | int]] = [
        (true, "supported"),
        (true, 1),
        (false, "partially_supported"),
        (false, "not_supported"),
        (false, 0),
    ]
    rows = [row(claim, label) for claim, label in labels]
    assert evaluated(claims_set(tmp_path, rows))["auroc"] == 1.0


def test_each_domain_has_a_figure_of_its_own(tmp_path: Path) -> None:
    rows = [
        row("The lake froze in November.", 1, LAKE, domain="lakes"),
        row("The lake froze in March.", 0, LAKE, domain="lakes"),
        row("The harvest failed because of drought.", 0, HARVEST, domain="fields"),
        row("The harvest failed because of frost.", 1, HARVEST, domain="fields"),
        row("Nothing froze.", 0, LAKE, domain="one-sided"),
    ]
    assert evaluated(claims_set(tmp_path, rows))["auroc_by_domain"] == {"lakes": 1.0, "fields": 0.0, "one-sided": None}


def test_set_without_claims_has_figures_over_nothing(tmp_path: Path) -> None:
    figures = evaluated(claims_set(tmp_path, []))
    assert (figures["claims"], figures["auroc"], figures["p50_ms"], figures["auroc_by_domain"]) == (0, None, None, {})


def test_claim_without_evidence_or_words_is_checked(tmp_path: Path) -> None:
    bare = {"id": "a", "claim": "It rained.", "evidence": [], "label": 0}
    assert evaluated(claims_set(tmp_path, [bare, row("", 0), row("…", 0, ""), row("It froze.", 1)]))["claims"] == 4


def test_table_is_printed_for_people(tmp_path: Path) -> None:
    ran = run("eval", "claims", claims_set(tmp_path, [row("It cost a lot.", 1, domain="bridges")]))
    assert (ran.code, ran.err) == (0, "")
    assert all(name in ran.out for name in ("claims", "auroc, bridges", "p50_ms"))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [('{"id": "a"}\n', "line 1: claim"), ("{\n", "line 1, is no JSON")],
)
def test_wrong_row_is_named(tmp_path: Path, content: str, complaint: str) -> None:
    ran = run("eval", "claims", write_files(tmp_path, {"claims.jsonl": content}))
    assert ran.code == 1
    assert complaint in ran.complaint


def test_missing_set_is_named(tmp_path: Path) -> None:
    assert "claims.jsonl' does not exist" in run("eval", "claims", tmp_path).complaint


def test_equal_scores_count_half() -> None:
    checked = [Checked(true, None, 0.5, "weak", 1.0) for true in (True, False)]
    assert claim_figures(checked) == {"claims": 2, "auroc": 0.5, "p50_ms": 1.0}
    assert auroc_by_domain(checked) == {}
