"""Other index settings: refused with the command that mends it, and what that command does."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.cli import main
from assistant.wiring import Wiring
from corpus.errors import ModelUnavailable, OtherIndex
from index.embedding import Embedder, Vectors
from index.types import Passage, Query
from tests.assistant.test_cli_doctor import checks, wrong
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


def ranked(footnote: Wiring, query: Query) -> list[tuple[str, float]]:
    """What a search finds, its scores without the last digits, in which one text embedded twice may differ."""
    return [(hit.passage_id, round(hit.score, 4)) for hit in footnote.retriever.search(query)]


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


class Stopped(Exception):
    """What ends a rebuild in the middle."""


def stop_after(embedder: Embedder, monkeypatch: pytest.MonkeyPatch, batches: int) -> list[int]:
    """Has the model fail once it has read so many batches; returns how many passages each had."""
    embed = embedder.embed_passages
    sizes: list[int] = []

    def embed_or_stop(passages: Sequence[Passage]) -> list[Vectors]:
        if passages and len(sizes) == batches:
            raise Stopped
        sizes.extend([len(passages)] if passages else [])
        return embed(passages)

    monkeypatch.setattr(embedder, "embed_passages", embed_or_stop)
    return sizes


@pytest.fixture
def long(home: Path, embedder: Embedder, tmp_path: Path) -> Path:
    """A home whose rebuild takes more than one batch."""
    footnote = wiring_at(home, embedder)
    index_paths(footnote, write_files(tmp_path / "more", {f"{n}.md": f"Story {n}.\n\n{STORY}" for n in range(12)}))
    footnote.library.close()
    return home


def test_the_old_index_serves_until_the_new_one_is_whole(
    long: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    served, other = wiring_at(long, embedder), wiring_at(long, embedder, index={"passage_tokens": 64})
    question = Query("How did the river rise on day 7?")
    before, spans = ranked(served, question), served.store.spans()
    with monkeypatch.context() as patched:
        stop_after(embedder, patched, 1)
        with pytest.raises(Stopped):
            other.rebuild()
    assert (ranked(served, question), served.store.spans()) == (before, spans)
    assert wrong(checks("--home", long)) == []
    other.library.close()
    served.library.close()


def test_a_rebuild_goes_on_where_another_was_stopped(
    long: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copytree(long, tmp_path / "other")
    footnote, whole = (wiring_at(home, embedder, index={"passage_tokens": 64}) for home in (long, tmp_path / "other"))
    with monkeypatch.context() as patched:
        first = stop_after(embedder, patched, 1)
        with pytest.raises(Stopped):
            footnote.rebuild()
    with monkeypatch.context() as patched:
        rest = stop_after(embedder, patched, 99)
        footnote.rebuild()
    with monkeypatch.context() as patched:
        at_once = stop_after(embedder, patched, 99)
        whole.rebuild()
    assert sum(first) + sum(rest) == sum(at_once)
    assert footnote.store.spans() == whole.store.spans()
    assert ranked(footnote, Query("day 7")) == ranked(whole, Query("day 7"))
    footnote.library.close()
    whole.library.close()


def test_what_changes_during_a_rebuild_is_taken_in(long: Path, embedder: Embedder, tmp_path: Path) -> None:
    live = wiring_at(long, embedder)
    footnote = wiring_at(long, embedder, index={"passage_tokens": 64})
    embed = embedder.embed_passages
    gone, *_ = (one for one in live.library.documents() if one.places[0].endswith("0.md"))

    def change_meanwhile(passages: Sequence[Passage]) -> list[Vectors]:
        if passages and live.library.document_if_any(gone.id):
            live.library.remove(gone.id)
            new = {"new.md": "The mayor resigned.", "1.md": "Story 1 was taken back."}
            index_paths(live, write_files(tmp_path / "more", new))
        return embed(passages)

    footnote.embedder.__dict__["embed_passages"] = change_meanwhile
    try:
        footnote.rebuild()
    finally:
        del footnote.embedder.__dict__["embed_passages"]
    assert (footnote.store.unindexed(), footnote.store.without_embedding(), max(lengths(footnote)) <= 64) == (
        [],
        0,
        True,
    )
    found = {hit.text for text in ("mayor", "taken back") for hit in footnote.retriever.search(Query(text), 1)}
    assert found == {"The mayor resigned.", "Story 1 was taken back."}
    assert footnote.library.document_if_any(gone.id) is not None  # the file is still there, and was read again
    live.library.close()
    footnote.library.close()


def test_a_rebuild_with_yet_other_settings_clears_away_what_was_begun(
    long: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        stop_after(embedder, patched, 1)
        begun = wiring_at(long, embedder, index={"passage_tokens": 64})
        with pytest.raises(Stopped):
            begun.rebuild()
        begun.library.close()
    footnote = wiring_at(long, embedder, index={"passage_tokens": 96})
    footnote.rebuild()
    assert 64 < max(lengths(footnote)) <= 96
    with footnote.library.reading() as connection:
        for table in ("rebuilt_passages", "rebuilt_terms", "rebuilt_documents"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
        used = {key for (key,) in connection.execute("SELECT embedding_key FROM passages")}
        assert {key for (key,) in connection.execute("SELECT key FROM embeddings")} == used
    footnote.library.close()


def test_a_document_removed_after_a_rebuild_was_begun_leaves_nothing(
    long: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        stop_after(embedder, patched, 1)
        begun = wiring_at(long, embedder, index={"passage_tokens": 64})
        with pytest.raises(Stopped):
            begun.rebuild()
    for document in begun.library.documents():
        begun.library.remove(document.id)
    with begun.library.reading() as connection:
        for table in ("embeddings", "terms", "rebuilt_terms", "rebuilt_passages", "rebuilt_documents"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    begun.library.close()


def test_a_server_says_that_its_index_was_rebuilt_with_other_settings(home: Path, embedder: Embedder) -> None:
    serving, other = wiring_at(home, embedder), wiring_at(home, embedder, index={"passage_tokens": 64})
    assert serving.retriever.search(Query("river"))
    other.rebuild()
    with pytest.raises(OtherIndex, match="server"):
        serving.retriever.search(Query("river"))
    other.library.close()
    back = wiring_at(home, embedder)
    back.rebuild()
    assert serving.retriever.search(Query("river"))
    back.library.close()
    serving.library.close()


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
