"""`footnote eval answers` and `footnote eval desk`: the fields of the contract, and figures that can be counted."""

from __future__ import annotations

from pathlib import Path

import pytest

import eval.commands
from assistant.settings import load_settings
from assistant.wiring import Wiring
from eval.question_sets import DESK_QUESTIONS
from eval.runner import answer_questions
from eval.types import Question
from tests.assistant.running import Json, copy_library, run
from tests.eval.sets import BRIDGE, HARVEST, LAKE, answers_set, question
from tests.factories import document, write_files

DOCUMENTS = {"bridge": BRIDGE, "harvest": HARVEST, "lake": LAKE}
FIELDS = {
    "evidence_hit@1",
    "evidence_hit@3",
    "evidence_hit@5",
    "answer_hit",
    "sentences_per_answer",
    "words_per_answer",
    "citation_precision",
    "false_abstentions",
    "false_answers",
    "abstention_auroc",
    "p50_ms",
    "p95_ms",
}
OPENED = "When was the bridge at Orsk opened?"
BREAD = "How do I bake sourdough bread?"


def evaluated(*arguments: object) -> Json:
    ran = run("eval", *arguments, "--json")
    assert (ran.code, ran.err) == (0, "")
    return ran.json


def answers(folder: Path, *questions: Json) -> Json:
    return evaluated("answers", answers_set(folder, DOCUMENTS, questions))


def test_figures_have_the_names_of_the_contract(tmp_path: Path) -> None:
    figures = answers(tmp_path / "set", question("q", OPENED, gold="bridge", answer="4 May 2019"))
    assert set(figures) >= FIELDS | {"questions", "answerable", "fingerprint"}
    assert (figures["questions"], figures["answerable"]) == (1, 1)
    assert 0 < figures["p50_ms"] <= figures["p95_ms"]


def test_right_answers_and_right_silence_score_full(tmp_path: Path) -> None:
    figures = answers(
        tmp_path / "set",
        question("q1", OPENED, gold="bridge", answer="4  MAY\n2019"),
        question("q2", "Why did the wheat harvest in Turgai fail?", gold="harvest", answer="because of drought"),
        question("q3", BREAD),
    )
    full = (
        "evidence_hit@1",
        "evidence_hit@3",
        "evidence_hit@5",
        "answer_hit",
        "citation_precision",
        "abstention_auroc",
    )
    assert {name: figures[name] for name in full} == dict.fromkeys(full, 1.0)
    assert (figures["false_abstentions"], figures["false_answers"]) == (0.0, 0.0)
    assert (figures["sentences_per_answer"], figures["words_per_answer"]) == (1.0, 9.5)


@pytest.mark.parametrize(("gold", "answer"), [("lake", "4 May 2019"), ("bridge", "5 May 2019")])
def test_hit_needs_a_gold_document_that_holds_a_gold_answer(tmp_path: Path, gold: str, answer: str) -> None:
    figures = answers(tmp_path / "set", question("q", OPENED, gold=gold, answer=answer))
    assert [figures[name] for name in ("evidence_hit@5", "answer_hit", "false_abstentions")] == [0.0, 0.0, 0.0]
    assert figures["citation_precision"] == (1.0 if gold == "bridge" else 0.0)


def test_declined_question_is_a_miss_though_its_evidence_hits(tmp_path: Path) -> None:
    figures = answers(tmp_path / "set", question("q", BREAD, gold="bridge", answer="4 May 2019"))
    assert (figures["answer_hit"], figures["false_abstentions"]) == (0.0, 1.0)
    assert figures["evidence_hit@5"] == 1.0
    assert (figures["sentences_per_answer"], figures["citation_precision"]) == (None, None)


def test_answered_unanswerable_question_is_a_false_answer(tmp_path: Path) -> None:
    figures = answers(tmp_path / "set", question("q1", OPENED), question("q2", BREAD))
    assert (figures["false_answers"], figures["answer_hit"], figures["abstention_auroc"]) == (0.5, None, None)


def test_history_of_a_question_is_taken_in(tmp_path: Path) -> None:
    asked = question("q", "And where was that?", gold="harvest", answer="Turgai")
    history = [{"role": "user", "content": "Which harvest failed because of drought?"}]
    alone, within = answers(tmp_path / "alone", asked), answers(tmp_path / "within", {**asked, "history": history})
    assert (alone["answer_hit"], within["answer_hit"], within["evidence_hit@1"]) == (0.0, 1.0, 1.0)


def test_second_run_gives_the_same_figures(tmp_path: Path) -> None:
    folder = answers_set(tmp_path / "set", DOCUMENTS, [question("q", OPENED, gold="bridge", answer="4 May 2019")])
    first, second = evaluated("answers", folder), evaluated("answers", folder)
    assert {name: first[name] for name in first if "_ms" not in name} == {
        name: second[name] for name in second if "_ms" not in name
    }


def test_set_without_questions_has_figures_over_nothing(tmp_path: Path) -> None:
    figures = answers(tmp_path / "set")
    assert (figures["questions"], {figures[name] for name in FIELDS}) == (0, {None})


def test_table_is_printed_for_people(tmp_path: Path) -> None:
    folder = answers_set(tmp_path / "set", DOCUMENTS, [question("q", OPENED, gold="bridge", answer="4 May 2019")])
    ran = run("eval", "answers", folder)
    assert (ran.code, ran.err) == (0, "")
    assert all(name in ran.out for name in FIELDS)


def test_outcome_counts_what_was_cited(footnote: Wiring) -> None:
    footnote.indexer.add_documents([document(BRIDGE, "bridge"), document(LAKE, "lake")])
    asked = Question("q", OPENED, (), ("4 May 2019",), ("bridge",), answerable=True)
    (outcome,) = answer_questions(footnote.assistant, [asked], str)
    assert (outcome.hit_rank, outcome.answered, outcome.answer_hit) == (1, True, True)
    assert (outcome.quotes, outcome.words, outcome.right_citations) == (1, 10, 1)
    assert outcome.confidence > footnote.settings.answer_threshold
    assert footnote.conversations.all() == []


@pytest.fixture
def desk_home(desk: Wiring, home: Path) -> Path:
    """A home in which the desk's own index for evaluation stands already."""
    copy_library(desk, home / "eval" / f"desk-{load_settings(home).index.fingerprint}")
    return home


@pytest.fixture
def few_questions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight training and six test questions in place of all the desk's."""
    rows = DESK_QUESTIONS.read_text("utf-8").splitlines(keepends=True)
    sample = [*rows[:8], *[row for row in rows if '"split": "test"' in row][:6]]
    write_files(tmp_path, {"few.jsonl": "".join(sample)})
    monkeypatch.setattr(eval.commands, "DESK_QUESTIONS", tmp_path / "few.jsonl")


def test_desk_prints_the_same_fields_over_all_and_by_slice(desk_home: Path, few_questions: None) -> None:
    figures = evaluated("desk", "--home", desk_home, "--split", "all")
    assert set(figures) >= FIELDS | {"questions", "slices", "fingerprint"}
    assert figures["questions"] == 14
    assert all(set(part) >= FIELDS | {"questions"} for part in figures["slices"].values())
    assert sum(part["questions"] for part in figures["slices"].values()) == 14
    assert {"number", "follow-up", "unanswerable"} <= set(figures["slices"])


@pytest.mark.parametrize(("arguments", "asked"), [([], 6), (["--split", "test"], 6), (["--split", "training"], 8)])
def test_desk_asks_the_test_questions_unless_told(
    desk_home: Path, few_questions: None, arguments: list[str], asked: int
) -> None:
    assert evaluated("desk", "--home", desk_home, *arguments)["questions"] == asked


def test_desk_is_evaluated_on_the_shipped_briefs_alone(desk_home: Path, few_questions: None) -> None:
    folder = write_files(desk_home.parent / "own", {"bridge.md": BRIDGE})
    run("index", folder, "--home", desk_home)
    evaluated("desk", "--home", desk_home)
    assert [source["title"] for source in run("sources", "list", "--home", desk_home, "--json").json["documents"]] == [
        "bridge.md"
    ]


def test_desk_prints_a_table_for_people(desk_home: Path, few_questions: None) -> None:
    ran = run("eval", "desk", "--home", desk_home, "--split", "all")
    assert (ran.code, ran.err) == (0, "")
    assert all(name in ran.out for name in ("desk, all questions", "follow-up", "unanswerable"))
