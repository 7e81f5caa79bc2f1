"""`footnote eval retrieval`: figures, forms of a query, run files, rows that are equal or empty, reuse."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.settings import load_settings
from assistant.wiring import Wiring
from corpus.library import Library
from eval.question_sets import read_rows
from index.store import Store
from tests.assistant.running import Json, run
from tests.eval.sets import BRIDGE, HARVEST, LAKE, retrieval_set
from tests.factories import write_files

CORPUS = {"bridge": BRIDGE, "harvest": HARVEST, "lake": LAKE}
FIELDS = {"queries", "ndcg@10", "recall@5", "recall@10", "mrr@10", "p50_ms", "p95_ms"}


def evaluated(folder: Path, *arguments: object) -> Json:
    ran = run("eval", "retrieval", folder, "--json", *arguments)
    assert (ran.code, ran.err) == (0, "")
    return ran.json


def ranked(folder: Path, run_file: Path, *arguments: object) -> dict[str, list[str]]:
    """The rows of each query as the run file ranks them."""
    evaluated(folder, "--run", run_file, *arguments)
    rankings: dict[str, list[str]] = {}
    for line in run_file.read_text("utf-8").splitlines():
        query, zero, row, rank, score, name = line.split(" ")
        rankings.setdefault(query, []).append(row)
        assert (zero, rank, name) == ("Q0", str(len(rankings[query])), "footnote")
        assert float(score) < 10
    return rankings


@pytest.fixture
def steppe(tmp_path: Path) -> Path:
    """Two judged queries: one whose relevant row comes first, one whose only relevant row is the last of three."""
    return retrieval_set(
        tmp_path / "steppe",
        CORPUS,
        [
            {"_id": "q1", "text": "When was the bridge at Orsk opened?"},
            {"_id": "q2", "text": "When was the bridge at Orsk opened?"},
            {"_id": "unjudged", "text": "What about it?"},
        ],
        [("q1", "bridge", 1), ("q2", "harvest", 1), ("unasked", "lake", 1)],
    )


def test_figures_are_those_of_the_judged_queries(steppe: Path, tmp_path: Path) -> None:
    figures = evaluated(steppe)
    second = ranked(steppe, tmp_path / "run")["q2"].index("harvest") + 1
    assert set(figures) >= FIELDS
    assert second > 1
    assert figures["queries"] == 2
    assert figures["mrr@10"] == pytest.approx((1 + 1 / second) / 2, abs=1e-4)
    assert (figures["recall@5"], figures["recall@10"]) == (1.0, 1.0)
    assert figures["ndcg@10"] == pytest.approx((1 + {2: 0.6309, 3: 0.5}[second]) / 2, abs=1e-4)
    assert 0 < figures["p50_ms"] <= figures["p95_ms"]


def test_run_file_ranks_every_row_for_every_judged_query(steppe: Path, tmp_path: Path) -> None:
    rankings = ranked(steppe, tmp_path / "run")
    assert list(rankings) == ["q1", "q2"]
    assert {tuple(sorted(rows)) for rows in rankings.values()} == {("bridge", "harvest", "lake")}
    assert rankings["q1"][0] == "bridge"


def test_writing_a_run_file_changes_no_figure(tmp_path: Path) -> None:
    rows = {f"r{number:02}": BRIDGE for number in reversed(range(45))}
    folder = retrieval_set(tmp_path / "many", rows, [{"_id": "q", "text": "bridge at Orsk"}], [("q", "r05", 1)])
    plain, with_run = evaluated(folder), evaluated(folder, "--run", tmp_path / "run")
    assert {name: plain[name] for name in FIELDS if "_ms" not in name} == {
        name: with_run[name] for name in FIELDS if "_ms" not in name
    }


def test_run_against_itself_differs_by_nothing(steppe: Path, tmp_path: Path) -> None:
    evaluated(steppe, "--run", tmp_path / "run")
    assert evaluated(steppe, "--against", tmp_path / "run")["against"] == {
        "ndcg@10": [0.0, 0.0, 0.0],
        "recall@5": [0.0, 0.0, 0.0],
    }


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("strange Q0 row 1 0.5 other\n", "no query in common"),
        ("strange Q0 row first\n", "line 1"),
        (None, "does not exist"),
    ],
)
def test_run_that_cannot_be_compared_is_an_error_of_one_line(
    steppe: Path, tmp_path: Path, lines: str | None, said: str
) -> None:
    if lines:
        (tmp_path / "other").write_text(lines, "utf-8")
    ran = run("eval", "retrieval", steppe, "--against", tmp_path / "other", "--json")
    assert (ran.code, list(ran.json)) == (1, ["error"])
    assert said in ran.complaint


@pytest.mark.parametrize(("form", "first"), [("history", "bridge"), ("rewrite", "lake")])
def test_query_is_taken_with_its_history_or_rewritten(tmp_path: Path, form: str, first: str) -> None:
    history = [{"role": "user", "content": "Who built the bridge at Orsk?"}, {"role": "assistant", "content": "Wheat."}]
    query = {"_id": "q", "text": "And then?", "history": history, "rewrite": "When did the Aydar lake freeze?"}
    folder = retrieval_set(tmp_path / "set", CORPUS, [query], [("q", first, 1)])
    assert ranked(folder, tmp_path / "run", "--queries", form)["q"][0] == first


def test_text_form_is_the_last_turn_alone(tmp_path: Path) -> None:
    history = [{"role": "user", "content": "Who built the bridge at Orsk?"}]
    query = {"_id": "q", "text": "And then?", "history": history, "rewrite": "When did the Aydar lake freeze?"}
    bare = {"_id": "q", "text": "And then?"}
    runs = []
    for name, asked in (("full", query), ("bare", bare)):
        folder = retrieval_set(tmp_path / name, CORPUS, [asked], [("q", "lake", 1)])
        evaluated(folder, "--run", tmp_path / f"{name}.run", "--queries", "text")
        runs.append((tmp_path / f"{name}.run").read_text("utf-8"))
    assert runs[0] == runs[1]


def test_history_is_the_default(steppe: Path, tmp_path: Path) -> None:
    evaluated(steppe, "--run", tmp_path / "default")
    evaluated(steppe, "--run", tmp_path / "history", "--queries", "history")
    assert (tmp_path / "default").read_bytes() == (tmp_path / "history").read_bytes()


def test_query_without_a_rewrite_is_taken_as_it_is(steppe: Path, tmp_path: Path) -> None:
    evaluated(steppe, "--run", tmp_path / "text", "--queries", "text")
    evaluated(steppe, "--run", tmp_path / "rewrite", "--queries", "rewrite")
    assert (tmp_path / "text").read_bytes() == (tmp_path / "rewrite").read_bytes()


def test_equal_rows_are_never_merged_and_rank_by_id(tmp_path: Path) -> None:
    rows = {"c": BRIDGE, "z": LAKE, "a": BRIDGE, "b": BRIDGE}
    folder = retrieval_set(tmp_path / "set", rows, [{"_id": "q", "text": "bridge at Orsk"}], [("q", "b", 1)])
    assert ranked(folder, tmp_path / "run")["q"] == ["a", "b", "c", "z"]
    assert evaluated(folder)["mrr@10"] == 0.5


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("asked", ["bridge at Orsk", "When was it opened?"])
def test_equal_rows_rank_by_id_also_when_they_are_many(tmp_path: Path, asked: str, backwards: bool) -> None:
    names = sorted((f"r{number:03}" for number in range(45)), reverse=backwards)
    rows = dict.fromkeys(names, BRIDGE)
    folder = retrieval_set(tmp_path / "set", rows, [{"_id": "q", "text": asked}], [("q", "r003", 1)])
    assert ranked(folder, tmp_path / "run")["q"] == sorted(rows)
    assert evaluated(folder)["mrr@10"] == 0.25


def test_empty_row_is_not_ranked(tmp_path: Path) -> None:
    rows = {"empty": "", "blank": " \n ", **CORPUS}
    folder = retrieval_set(tmp_path / "set", rows, [{"_id": "q", "text": "bridge at Orsk"}], [("q", "bridge", 1)])
    assert sorted(ranked(folder, tmp_path / "run")["q"]) == ["bridge", "harvest", "lake"]


def test_row_that_is_cut_into_passages_ranks_once_by_its_best(tmp_path: Path) -> None:
    long = " ".join(f"In the year {year} nothing of note was told of that valley." for year in range(1900, 1990))
    rows = {"long": f"{long} The bridge at Orsk was opened on 4 May 2019. {long}", "harvest": HARVEST}
    query = {"_id": "q", "text": "When was the bridge at Orsk opened?"}
    folder = retrieval_set(tmp_path / "set", rows, [query], [("q", "long", 1)])
    assert ranked(folder, tmp_path / "run")["q"] == ["long", "harvest"]


def test_fewer_rows_than_k_and_no_judged_query(tmp_path: Path) -> None:
    folder = retrieval_set(tmp_path / "set", {"bridge": BRIDGE}, [{"_id": "q", "text": "bridge"}], [])
    figures = evaluated(folder)
    assert (figures["queries"], figures["ndcg@10"], figures["p50_ms"]) == (0, None, None)


def generations(home: Path) -> dict[str, int]:
    """How often each index of the home has been written to."""
    found = {}
    for folder in (home / "eval").iterdir():
        library = Library(folder)
        found[folder.name] = Store(library).generation()
        library.close()
    return found


def test_second_run_reuses_the_index(steppe: Path, home: Path) -> None:
    first = evaluated(steppe, "--home", home)
    written = generations(home)
    second = evaluated(steppe, "--home", home)
    assert generations(home) == written
    assert first["ndcg@10"] == second["ndcg@10"]


def test_index_is_named_by_corpus_and_fingerprint(steppe: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    evaluated(steppe, "--home", home)
    (first,) = generations(home)
    assert first.endswith(f"-{load_settings(home).index.fingerprint}")
    write_files(steppe, {"queries.jsonl": '{"_id": "q1", "text": "Which bridge?"}\n'})
    evaluated(steppe, "--home", home)
    assert list(generations(home)) == [first]
    (steppe / "corpus.jsonl").write_text('{"_id": "bridge", "title": "", "text": "Another bridge."}\n')
    evaluated(steppe, "--home", home)
    assert len(generations(home)) == 2
    monkeypatch.setenv("FOOTNOTE_INDEX__PASSAGE_TOKENS", "64")
    evaluated(steppe, "--home", home)
    assert len(generations(home)) == 3


def vectors_in(home: Path) -> dict[str, bytes]:
    """The stored vectors of a library, by their keys."""
    library = Library(home)
    with library.reading() as connection:
        stored = dict(connection.execute("SELECT key, vectors FROM embeddings").fetchall())
    library.close()
    return stored


def mark_vectors(home: Path) -> dict[str, bytes]:
    """Turns a library's stored vectors around, so that they can be told from vectors made anew; returns them."""
    library = Library(home)
    with library.writing() as connection:
        for key, vectors in connection.execute("SELECT key, vectors FROM embeddings").fetchall():
            turned = (-np.frombuffer(vectors, np.float16)).tobytes()
            connection.execute("UPDATE embeddings SET vectors = ? WHERE key = ?", (turned, key))
    library.close()
    return vectors_in(home)


def test_vectors_of_the_homes_library_are_taken_over(steppe: Path, footnote: Wiring) -> None:
    home = footnote.settings.home
    footnote.indexer.add_documents(read_rows(steppe)[:2])
    marked = mark_vectors(home)
    evaluated(steppe, "--home", home)
    (made,) = (vectors_in(folder) for folder in (home / "eval").iterdir())
    assert {key: made[key] for key in marked} == marked
    assert len(made) == 3


def test_vectors_of_an_earlier_index_are_taken_over(steppe: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    evaluated(steppe, "--home", home)
    (earlier,) = (home / "eval").iterdir()
    marked = mark_vectors(earlier)
    monkeypatch.setenv("FOOTNOTE_INDEX__PASSAGE_TOKENS", "64")
    evaluated(steppe, "--home", home)
    (later,) = (folder for folder in (home / "eval").iterdir() if folder != earlier)
    assert vectors_in(later) == marked


def test_library_of_the_home_is_left_alone(steppe: Path, home: Path) -> None:
    evaluated(steppe, "--home", home)
    assert run("sources", "list", "--home", home, "--json").json == {"documents": []}


def test_table_is_printed_for_people(steppe: Path) -> None:
    ran = run("eval", "retrieval", steppe)
    assert (ran.code, ran.err) == (0, "")
    assert all(name in ran.out for name in FIELDS)


def test_run_file_that_cannot_be_written_is_an_error_of_one_line(steppe: Path, tmp_path: Path) -> None:
    ran = run("eval", "retrieval", steppe, "--run", tmp_path / "nowhere" / "run", "--json")
    assert (ran.code, list(ran.json)) == (1, ["error"])
    assert "nowhere" in ran.complaint
