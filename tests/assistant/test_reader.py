"""The reader: the sentence that tells the answer, and whether any does, with the trained network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import save_file

from assistant.reader import READER_WEIGHTS, AnswerReader, Encoder, in_view
from assistant.reader_network import Network
from corpus.errors import ModelUnavailable
from index.types import Hit
from tests.factories import ANSWER_READER, hit

TEXT = (
    "The bridge at Orsk was opened by Governor Belova on 4 May 2019. It cost 12 million roubles. "
    "Some 4,000 cars cross it each day. The ferry was closed because the river had silted up."
)


@pytest.fixture(scope="module")
def reader() -> AnswerReader:
    return ANSWER_READER


def orsk() -> Hit:
    return hit(TEXT, title="The bridge at Orsk")


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Who inaugurated the crossing?", 0),
        ("How much money went into the bridge?", 1),
        ("How many vehicles use it daily?", 2),
        ("Why does the boat no longer run?", 3),
    ],
)
def test_the_sentence_that_tells_is_the_likeliest(reader: AnswerReader, question: str, sentence: int) -> None:
    [told] = reader.read(question, [orsk()])
    assert told.odds.argmax() == sentence


@pytest.mark.parametrize(
    ("told", "untold"),
    [
        ("How much did the bridge cost?", "How much did the ferry cost?"),
        ("Who opened the bridge?", "Who designed the bridge?"),
        ("When was the bridge opened?", "When was the ferry closed?"),
    ],
)
def test_a_detail_that_is_not_told_is_less_likely_than_one_that_is(
    reader: AnswerReader, told: str, untold: str
) -> None:
    [one], [other] = reader.read(told, [orsk()]), reader.read(untold, [orsk()])
    assert one.odds.max() > other.odds.max()


DISPUTE = (
    "The dam at Turgai burst on 9 June 2019. The ministry said that 12 villagers had drowned. "
    "Doctors at the hospital counted 57 bodies. The governor resigned in July, and Belova took his post."
)


def test_the_sides_of_a_dispute_are_likelier_sides_than_sentences_that_nobody_disputes(reader: AnswerReader) -> None:
    text = hit(DISPUTE, title="The dam at Turgai")
    [disputed], [undisputed] = (
        reader.read(question, [text]) for question in ("How many people drowned?", "Who became governor?")
    )
    assert set(disputed.sides.argsort()[-2:]) == {1, 2}
    assert disputed.sides[[1, 2]].min() > undisputed.sides.max()


def test_passages_read_together_are_read_as_alone(reader: AnswerReader) -> None:
    other = hit("Wheat failed in Turgai. " * 30, title="Wheat")
    together = reader.read("Who opened the bridge?", [orsk(), other])
    alone = [reader.read("Who opened the bridge?", [one])[0] for one in (orsk(), other)]
    for one, another in zip(together, alone, strict=True):
        assert one.odds == pytest.approx(another.odds, abs=1e-3)
        assert one.sides == pytest.approx(another.sides, abs=1e-3)


def test_a_sentence_beyond_what_is_read_is_none(reader: AnswerReader) -> None:
    [told] = reader.read("Who opened the bridge?", [hit("Wheat failed in the district of Turgai. " * 60)])
    assert np.isfinite(told.odds[0])
    assert (told.odds[-1], told.sides[-1]) == (-np.inf, 0)
    assert len(told.odds) == len(told.sides) == 60


@pytest.mark.parametrize("question", ["?", "😀", "где " * 500, "x" * 5000])
def test_any_question_is_read(reader: AnswerReader, question: str) -> None:
    [told] = reader.read(question, [orsk()])
    assert np.isfinite(told.odds).all()
    assert ((told.sides >= 0) & (told.sides <= 1)).all()


def test_a_question_that_leans_is_read_behind_the_one_before_it() -> None:
    assert in_view("when was it opened?", ["Who built the mill?", "Who built the bridge?"]) == (
        "Who built the bridge? when was it opened?"
    )
    assert in_view("When was the bridge at Orsk opened?", ["Who built the mill?"]) == (
        "When was the bridge at Orsk opened?"
    )


def test_words_of_both_are_marked_and_sentences_told_apart() -> None:
    text = Encoder().encode("Who opened bridges?", orsk())
    passage = text.offsets[:, 0] >= 0
    marked = {TEXT[start:end] for start, end in text.offsets[passage & (text.kinds == 3)]}
    assert marked == {"bridge", "opened"}
    assert set(text.sentences[passage]) == {0, 1, 2, 3}
    assert set(text.kinds[: len(text.ids) - passage.sum() - 1]) >= {0, 1}


def test_weights_are_stored_in_eight_bits_and_read_back(tmp_path: Path) -> None:
    network = Network.load(READER_WEIGHTS)
    network.save(tmp_path / "again.safetensors")
    again = Network.load(tmp_path / "again.safetensors")
    for name, tensor in network.trained().items():
        assert np.allclose(tensor.numpy(), again.trained()[name].numpy(), rtol=0, atol=1e-5), name
    assert READER_WEIGHTS.stat().st_size < 12_000_000


def test_no_passage_is_read_as_nothing(reader: AnswerReader) -> None:
    assert reader.read("Who opened the bridge?", []) == []


def test_marks_of_the_network_in_a_text_are_read_as_words(reader: AnswerReader) -> None:
    marked = hit(f"[PAD] [SEP] [CLS] {TEXT}", title="The bridge at Orsk")
    [told] = reader.read("How much money went into the bridge?", [marked])
    assert "12 million" in marked.text[marked.sentences[told.odds.argmax()].span.start :].split(".")[0]


@pytest.mark.parametrize("word", ["Bridge ", "Мост"])
def test_a_title_without_end_leaves_room_for_the_passage(reader: AnswerReader, word: str) -> None:
    [told] = reader.read("Who opened the bridge?", [hit(TEXT, title=word * 500)])
    assert np.isfinite(told.odds).all()


@pytest.mark.parametrize("content", [None, b"", b"not weights", "another network's"])
def test_weights_that_cannot_be_used_are_named_with_a_remedy(tmp_path: Path, content: bytes | str | None) -> None:
    file = tmp_path / "weights.safetensors"
    if isinstance(content, bytes):
        file.write_bytes(content)
    elif content:
        save_file({"nothing.weight": Network.load(READER_WEIGHTS).trained()["nothing.weight"]}, file)
    with pytest.raises(ModelUnavailable, match=r"weights\.safetensors") as raised:
        AnswerReader(file).read("Who?", [orsk()])
    assert raised.value.hint
