"""Other index settings: refused with the command that mends it, and what that command does."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.cli import main
from assistant.wiring import Wiring
from corpus.errors import ModelUnavailable, OtherIndex
from index.embedding import Embedder, Vectors
from index.store import Store
from index.types import Passage, Query
from tests.factories import index_paths, wiring_at, write_files
from tests.index.test_embedding import model_folder

STORY = "\n\n".join(f"On day {day} the river rose by {day + 1} inches and the town waited." for day in range(30))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """The home of a library of two documents, made with the default settings."""
    folder = tmp_path_factory.mktemp("rebuild")
    footnote = wiring_at(folder / "home", embedder)
    index_paths(footnote, write_files(folder / "in", {"a.md": STORY, "b.md": "The army left the town."}))
    footnote.library.close()
    return folder / "home"


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    """A copy of it to write to."""
    return shutil.copytree(made, tmp_path / "home")


@pytest.fixture
def shorter(home: Path, embedder: Embedder) -> Iterator[Wiring]:
    """The same library, opened for shorter passages."""
    footnote = wiring_at(home, embedder, index={"passage_tokens": 64})
    yield footnote
    footnote.library.close()


def facts(footnote: Wiring) -> list[tuple[str, str, str]]:
    return [(one.id, one.content_hash, one.text) for one in footnote.library.documents()]


def lengths(footnote: Wiring) -> list[int]:
    with footnote.library.reading() as connection:
        return [tokens for (tokens,) in connection.execute("SELECT tokens FROM passages")]


def models(footnote: Wiring) -> set[str]:
    with footnote.library.reading() as connection:
        return {model for (model,) in connection.execute("SELECT DISTINCT model FROM embeddings")}


@pytest.mark.parametrize("part", ["store", "indexer", "retriever", "assistant"])
def test_other_settings_are_refused_with_the_command_that_mends_it(shorter: Wiring, part: str) -> None:
    with pytest.raises(OtherIndex, match="footnote index --rebuild") as raised:
        getattr(shorter, part)
    assert "\n" not in str(raised.value)


def test_a_refusal_says_which_setting_differs(shorter: Wiring) -> None:
    with pytest.raises(OtherIndex) as raised:
        _ = shorter.store
    assert "passage" in str(raised.value)


def test_documents_can_be_listed_and_removed_under_other_settings(shorter: Wiring) -> None:
    first, _ = shorter.library.documents()
    shorter.library.remove(first.id)
    assert shorter.library.count() == 1


def test_a_rebuild_cuts_all_documents_anew_and_changes_none(shorter: Wiring, embedder: Embedder) -> None:
    before = facts(shorter)
    assert max(lengths(shorter)) > 64
    shorter.rebuild()
    assert facts(shorter) == before
    assert 0 < max(lengths(shorter)) <= 64
    assert (shorter.store.unindexed(), shorter.store.without_embedding()) == ([], 0)
    [hit] = shorter.retriever.search(Query("the army left the town"), 1)
    assert hit.text == "The army left the town."


def test_after_a_rebuild_the_former_settings_are_the_others(shorter: Wiring, home: Path, embedder: Embedder) -> None:
    shorter.rebuild()
    former = wiring_at(home, embedder)
    with pytest.raises(OtherIndex):
        _ = former.store
    former.library.close()


def test_a_rebuild_with_the_same_settings_runs_no_model(
    home: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse_to_read(passages: list[Passage]) -> list[Vectors]:
        assert passages == []
        return []

    monkeypatch.setattr(embedder, "embed_passages", refuse_to_read)
    footnote = wiring_at(home, embedder)
    before = footnote.store.spans()
    footnote.rebuild()
    assert sorted(footnote.store.spans()) == sorted(before)
    footnote.library.close()


def test_nothing_of_the_former_cut_outlives_its_documents(shorter: Wiring) -> None:
    shorter.rebuild()
    for document in shorter.library.documents():
        shorter.library.remove(document.id)
    assert (models(shorter), lengths(shorter)) == (set(), [])


def test_a_rebuild_that_was_interrupted_is_completed_by_the_next_run(shorter: Wiring) -> None:
    Store(shorter.library).reclaim(shorter.settings.index)
    assert len(shorter.store.unindexed()) == 2
    assert list(shorter.indexer.index([])) == []
    assert (shorter.store.unindexed(), shorter.store.without_embedding()) == ([], 0)


def test_another_model_takes_the_place_of_the_first(home: Path, tmp_path: Path) -> None:
    name = str(model_folder(tmp_path / "model", pooling_mode_cls_token=True, pooling_mode_mean_tokens=False))
    footnote = wiring_at(home, Embedder(name), index={"model": name})
    with pytest.raises(OtherIndex, match="all-MiniLM-L6-v2"):
        _ = footnote.store
    footnote.rebuild()
    assert models(footnote) == {name}
    assert footnote.store.without_embedding() == 0
    assert footnote.retriever.search(Query("The army left the town."), 1)[0].text == "The army left the town."
    footnote.library.close()


def test_a_rebuild_that_cannot_begin_destroys_nothing(home: Path, embedder: Embedder) -> None:
    wrong = wiring_at(home, Embedder("no/such-model"), index={"model": "no/such-model"})
    with pytest.raises(ModelUnavailable):
        wrong.rebuild()
    wrong.library.close()
    footnote = wiring_at(home, embedder)
    assert footnote.store.unindexed() == []
    footnote.library.close()


def test_the_command_that_mends_it_brings_in_no_other_document(
    home: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("corpus.intake.DESK", write_files(tmp_path / "desk", {"brief.md": "A brief."}))
    monkeypatch.setattr("index.embedding.Embedder", lambda name: embedder)
    monkeypatch.setenv("FOOTNOTE_INDEX__PASSAGE_TOKENS", "64")
    result = CliRunner().invoke(main, ["index", "--rebuild", "--home", str(home)])
    assert result.exit_code == 0, result.output
    footnote = wiring_at(home, embedder, index={"passage_tokens": 64})
    assert (footnote.library.count(), footnote.store.unindexed()) == (2, [])
    footnote.library.close()
