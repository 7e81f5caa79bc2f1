"""Embedding: vectors of unit length that tell likeness, the same in any batch, under keys of their content."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import ModelUnavailable
from corpus.types import Span
from index.chunking import Chunker
from index.embedding import Embedder, embedding_key
from index.models import packaged_model
from index.settings import IndexSettings
from index.types import Passage
from tests.factories import document

TOLD = "The army left the town at dawn. Bread now costs two manats. The pipeline carries gas to Turkey."
ENDLESS = "and then he said that it rained " * 40


def passages_of(embedder: Embedder, text: str, title: str = "") -> list[Passage]:
    chunker = Chunker(IndexSettings(), embedder.window, embedder.count_tokens)
    return chunker.cut(document(text, title=title))


def model_folder(folder: Path, **pooling: bool) -> Path:
    """The packaged model in a folder of its own, with other pooling."""
    for file in packaged_model().rglob("*"):
        if file.is_file():
            link = folder / file.relative_to(packaged_model())
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(file)
    config = folder / "1_Pooling" / "config.json"
    settings = json.loads(config.read_text()) | pooling
    config.unlink()
    config.write_text(json.dumps(settings))
    return folder


def test_questions_become_rows_of_unit_length(embedder: Embedder) -> None:
    vectors = embedder.embed(["Who left?", "", "😀", "река", "x" * 10_000, ENDLESS])
    assert (vectors.dtype.name, vectors.shape) == ("float32", (6, embedder.dimension))
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_passages_become_a_row_for_the_whole_and_one_for_each_sentence(embedder: Embedder) -> None:
    passages = passages_of(embedder, TOLD, title="News") + passages_of(embedder, "😀") + passages_of(embedder, ENDLESS)
    vectors = embedder.embed_passages(passages)
    assert [rows.shape for rows in vectors] == [(1 + len(p.sentences), embedder.dimension) for p in passages]
    assert {rows.dtype for rows in vectors} == {np.dtype(np.float32)}
    np.testing.assert_allclose(np.linalg.norm(np.concatenate(vectors), axis=1), 1, atol=1e-5)


def test_nothing_to_embed_gives_nothing(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimension)
    assert embedder.embed_passages([]) == []
    assert embedder.count_tokens([]) == []


def test_a_sentences_vector_is_nearest_to_that_sentence(embedder: Embedder) -> None:
    [passage] = passages_of(embedder, TOLD)
    alone = embedder.embed([TOLD[span.start : span.end] for span in passage.sentences])
    likeness = embedder.embed_passages([passage])[0][1:] @ alone.T
    assert likeness.argmax(axis=0).tolist() == [0, 1, 2]
    assert likeness.argmax(axis=1).tolist() == [0, 1, 2]
    assert likeness.diagonal().min() > 0.5


def test_the_whole_passages_vector_is_that_of_its_text_behind_title_and_heading(embedder: Embedder) -> None:
    [passage] = passages_of(embedder, TOLD, title="News from the Caucasus")
    [whole] = embedder.embed([f"News from the Caucasus\n{TOLD}"])
    np.testing.assert_allclose(embedder.embed_passages([passage])[0][0], whole, atol=1e-3)


def test_a_sentence_behind_a_prefix_is_pooled_from_its_own_words(embedder: Embedder) -> None:
    [bare], [titled] = passages_of(embedder, TOLD), passages_of(embedder, TOLD, title="😀 Ереван, naïve news")
    rows = [embedder.embed_passages([passage])[0][1:] for passage in (bare, titled)]
    assert (rows[0] @ rows[1].T).argmax(axis=1).tolist() == [0, 1, 2]


def test_vectors_do_not_depend_on_what_else_is_in_the_batch(embedder: Embedder) -> None:
    texts = [TOLD, "😀", "It rained. It stopped.", ENDLESS, "Река течёт. Она глубока."]
    passages = [passage for text in texts for passage in passages_of(embedder, text)[:2]]
    together = embedder.embed_passages(passages)
    backwards = embedder.embed_passages(passages[::-1])[::-1]
    alone = [embedder.embed_passages([passage])[0] for passage in passages]
    for a, b, c in zip(together, backwards, alone, strict=True):
        np.testing.assert_allclose(a, c, atol=1e-3)
        np.testing.assert_allclose(b, c, atol=1e-3)


def test_the_models_own_tokens_are_counted_without_its_marks(embedder: Embedder) -> None:
    assert embedder.count_tokens(["", "peace", "The town fell.", "peace " * 1000]) == [0, 1, 4, 1000]


@pytest.mark.parametrize(
    "text", ["Don't  pay\t€4,500.50 (in 2019)!", "Qarabağ\u00a0FK–Чёрное море", "江南 x" * 9, "a\nb\r\n\n c"]
)
def test_words_counted_one_by_one_have_the_tokens_of_the_text(embedder: Embedder, text: str) -> None:
    for _ in range(2):  # the second time from memory
        assert embedder.count_tokens([text, "other words", text])[::2] == [len(_ids(embedder, text))] * 2


def _ids(embedder: Embedder, text: str) -> list[int]:
    return list(embedder.model.tokenizer(text, add_special_tokens=False)["input_ids"])


PASSAGE = Passage("d1", 10, 32, "It rained. It stopped.", "Weather", 6, (Span(10, 20), Span(21, 32)), "News\n")


@pytest.mark.parametrize(
    "other",
    [
        replace(PASSAGE, text="It rained. It snowed!!"),
        replace(PASSAGE, prefix="Newt\n"),
        replace(PASSAGE, prefix=""),
        replace(PASSAGE, sentences=(Span(10, 32),)),
        replace(PASSAGE, sentences=(Span(10, 20), Span(22, 32))),
        replace(PASSAGE, text="", prefix="News\nIt rained. It stopped."),
    ],
)
def test_another_text_prefix_or_cut_has_another_key(other: Passage) -> None:
    assert embedding_key(other) != embedding_key(PASSAGE)


def test_the_same_words_have_one_key_wherever_they_stand() -> None:
    elsewhere = replace(PASSAGE, document_id="d2", start=0, end=22, sentences=(Span(0, 10), Span(11, 22)))
    assert embedding_key(elsewhere) == embedding_key(PASSAGE)


def test_a_model_may_be_a_folder(embedder: Embedder, tmp_path: Path) -> None:
    same = Embedder(str(model_folder(tmp_path / "model")))
    [passage] = passages_of(embedder, TOLD)
    np.testing.assert_allclose(same.embed_passages([passage])[0], embedder.embed_passages([passage])[0], atol=1e-5)


def test_a_model_that_does_not_pool_by_the_mean_reads_its_sentences_apart(tmp_path: Path) -> None:
    pooling = {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}
    other = Embedder(str(model_folder(tmp_path / "model", **pooling)))
    [passage] = passages_of(other, TOLD)
    sentences = [TOLD[span.start : span.end] for span in passage.sentences]
    np.testing.assert_allclose(other.embed_passages([passage])[0], other.embed([TOLD, *sentences]), atol=1e-5)


@pytest.mark.parametrize("name", ["no/such-model", "/no/such/folder", "x y z!", ""])
def test_an_unknown_model_is_named_in_one_line(name: str) -> None:
    with pytest.raises(ModelUnavailable) as raised:
        Embedder(name).embed(["a question"])
    assert repr(name) in str(raised.value)
    assert "\n" not in str(raised.value)
    assert raised.value.hint


def test_an_empty_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        Embedder(str(tmp_path)).embed(["a question"])


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("config.json", b"{"),
        ("modules.json", b"["),
        ("modules.json", b'[{"idx": 0}]'),
        ("model.safetensors", b"no weights at all"),
        ("tokenizer.json", b"{}"),
    ],
)
def test_a_broken_model_is_unavailable(tmp_path: Path, file: str, content: bytes) -> None:
    folder = model_folder(tmp_path / "model")
    (folder / file).unlink()
    (folder / file).write_bytes(content)
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        Embedder(str(folder)).embed(["a question"])


def test_no_model_is_loaded_before_it_is_used() -> None:
    assert Embedder("no/such-model").name == "no/such-model"


@pytest.mark.parametrize(
    "text",
    [
        "When did the war end?",
        "Garabagh",
        "PKK",
        "TRIPP",
        "2020?",
        "😀",
        "Who was Qasym-Jomart Toqaev's father?",
        "who is irakli kobakhidze",
    ],
)
def test_english_is_read_well_whatever_names_stand_in_it(embedder: Embedder, text: str) -> None:
    assert embedder.reads_well(text)


@pytest.mark.parametrize(
    "text",
    [
        "Когда закончилась война в Карабахе?",
        "Karabağ savaşı ne zaman bitti?",
        "Qarabağ müharibəsi nə vaxt başa çatdı?",
        "ვინ არის საქართველოს პრეზიდენტი?",
        "Wann haben die beiden Präsidenten den Vertrag unterzeichnet?",
    ],
)
def test_a_language_that_the_model_takes_to_splinters_is_not_read_well(embedder: Embedder, text: str) -> None:
    assert not embedder.reads_well(text)


def test_tokens_come_with_their_places_and_their_vectors(embedder: Embedder) -> None:
    texts = ["The bridge opened.", "It was a long bridge over a wide river, they said.", ""]
    read = embedder.read_tokens(texts)
    assert [len(tokens.ids) for tokens in read] == [count + 2 for count in embedder.count_tokens(texts)]
    assert all(tokens.vectors.shape == (len(tokens.ids), embedder.dimension) for tokens in read)
    start, end = read[0].offsets[2]
    assert texts[0][start:end] == "bridge"
    assert embedder.read_tokens([]) == []


def test_the_mean_of_the_tokens_is_the_texts_vector(embedder: Embedder) -> None:
    text = "The bridge at Orsk was opened on 4 May 2019."
    mean = embedder.read_tokens([text])[0].vectors.mean(axis=0)
    assert np.allclose(mean / np.linalg.norm(mean), embedder.embed([text])[0], atol=1e-5)
