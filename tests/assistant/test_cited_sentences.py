"""Reading what a model writes: sentences and their keys, in pieces of any size."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answerers.cited_sentences import CitedSentence, SentenceReader, without_hidden

KNOWN = ("a1b2c", "bdead", "c0ffe")


def read(text: str, size: int = 1000, *, whole: bool = True) -> list[tuple[str, tuple[str, ...]]]:
    reader = SentenceReader(KNOWN)
    found: list[CitedSentence] = []
    for start in range(0, len(text), size):
        found.extend(reader.feed(text[start : start + size]))
    found.extend(reader.close(whole=whole))
    return [(sentence.text, sentence.keys) for sentence in found]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It froze. [a1b2c]", [("It froze.", ("a1b2c",))]),
        ("It froze [a1b2c].", [("It froze.", ("a1b2c",))]),
        ("It froze.[a1b2c][bdead]", [("It froze.", ("a1b2c", "bdead"))]),
        ("It froze. [a1b2c, bdead]", [("It froze.", ("a1b2c", "bdead"))]),
        ("It froze [a1b2c] in May [bdead].", [("It froze in May.", ("a1b2c", "bdead"))]),
        ("It froze. [a1b2c] It thawed. [bdead]", [("It froze.", ("a1b2c",)), ("It thawed.", ("bdead",))]),
        ("It froze. It thawed. [bdead]", [("It froze.", ()), ("It thawed.", ("bdead",))]),
        ("- It froze. [a1b2c]\n- It thawed [bdead]", [("It froze.", ("a1b2c",)), ("It thawed", ("bdead",))]),
        ("**It froze.** [a1b2c]", [("It froze.", ("a1b2c",))]),
        ("It froze. [1] It thawed in May. [12]", [("It froze.", ("1",)), ("It thawed in May.", ("12",))]),
        ("It froze [sic]. [c0ffe]", [("It froze [sic].", ("c0ffe",))]),
        ("Dr. Belova came on 4 May 2019. [a1b2c]", [("Dr. Belova came on 4 May 2019.", ("a1b2c",))]),
        ("It cost 12.5 million. [a1b2c]", [("It cost 12.5 million.", ("a1b2c",))]),
        (
            "Озеро замёрзло. [a1b2c] Оно растаяло. [bdead]",
            [("Озеро замёрзло.", ("a1b2c",)), ("Оно растаяло.", ("bdead",))],
        ),
        ("It froze. [[a1b2c]] It thawed. [[bdead]]", [("It froze.", ("a1b2c",)), ("It thawed.", ("bdead",))]),
        (
            "It froze (a1b2c). It thawed in May (2019). [bdead]",
            [("It froze.", ("a1b2c",)), ("It thawed in May (2019).", ("bdead",))],
        ),
        (
            'She denied that "it froze. It thawed in May." [a1b2c]',
            [('She denied that "it froze. It thawed in May."', ("a1b2c",))],
        ),
        ("She denied that “it froze. It thawed.” [a1b2c]", [("She denied that “it froze. It thawed.”", ("a1b2c",))]),
        ("She did not say that\nit froze in May. [a1b2c]", [("She did not say that it froze in May.", ("a1b2c",))]),
        ("> It froze in May. [a1b2c]", [("It froze in May.", ("a1b2c",))]),
        ("| It froze in May. | [a1b2c] |", [("It froze in May.", ("a1b2c",))]),
        ("It froze in May¹. [a1b2c]", [("It froze in May.", ("a1b2c",))]),
        ("It covers 12 km² of 10⁶. [a1b2c]", [("It covers 12 km² of 10⁶.", ("a1b2c",))]),
        ("It froze.¹ [a1b2c] It thawed.² [bdead]", [("It froze.", ("a1b2c",)), ("It thawed.", ("bdead",))]),
        ("It froze [¹]. [a1b2c]", [("It froze.", ("a1b2c",))]),
        (
            "It froze. (a1b2c, bdead) It thawed in May. [bdead]",
            [("It froze.", ("a1b2c", "bdead")), ("It thawed in May.", ("bdead",))],
        ),
        ("It froze ([a1b2c]).", [("It froze.", ("a1b2c",))]),
        (
            "| It froze in May | [a1b2c] |\n|---|---|\n| It thawed in June | [bdead] |",
            [("It froze in May", ("a1b2c",)), ("It thawed in June", ("bdead",))],
        ),
        ("> 50 people died. [a1b2c]", [("> 50 people died.", ("a1b2c",))]),
        (
            "Sie sagte: „Es fror.“ [a1b2c] Es taute. [bdead]",
            [("Sie sagte: „Es fror.“", ("a1b2c",)), ("Es taute.", ("bdead",))],
        ),
        ('It is 6" long. [a1b2c] It thawed. [bdead]', [('It is 6" long.', ("a1b2c",)), ("It thawed.", ("bdead",))]),
        ("[k0000] It froze. [a1b2c]", [("It froze.", ("k0000", "a1b2c"))]),
        ("It \ud83dfroze. [a1b2c]", [("It froze.", ("a1b2c",))]),
        ("[k0000]", [("", ("k0000",))]),
        ("[a1b2c]", []),
        ("", []),
        ("\n\n \n", []),
    ],
)
def test_sentences_and_their_keys_are_the_same_in_pieces_of_any_size(
    text: str, sentences: list[tuple[str, tuple[str, ...]]], size: int
) -> None:
    assert read(text, size) == sentences


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("It froze. [a1b2c] It tha", [("It froze.", ("a1b2c",))]),
        ("It froze. [a1b2c", []),
        ("It froze. [", []),
        ("It froze [a1b2c]", []),
        ("It froze. [a1b2c]", [("It froze.", ("a1b2c",))]),
    ],
)
def test_torso_at_the_end_of_a_text_that_was_broken_off_is_not_given(
    text: str, left: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert read(text, whole=False) == left


def test_sentence_is_given_as_soon_as_another_has_begun() -> None:
    reader = SentenceReader(KNOWN)
    assert list(reader.feed("It froze. [a1b2c] It")) == []
    assert list(reader.feed(" thawed in ")) == [CitedSentence("It froze.", ("a1b2c",))]


def test_key_of_one_sentence_is_never_that_of_another() -> None:
    assert read("[bdead] It froze. [a1b2c] It thawed.") == [("It froze.", ("a1b2c",)), ("It thawed.", ())]


def test_hidden_characters_are_taken_out() -> None:
    assert without_hidden("a\u200bb\u202ec\u2066d\ufeffe\U000e0041f\x00g\u00adh") == "abcdefgh"
    assert read("It fr\u200boze. [a1\u200bb2c]") == [("It froze.", ("a1b2c",))]


@settings(deadline=None)
@given(st.text(st.sampled_from("ab1 .[]【】<>\n*think/[a1b2c]"), max_size=80), st.integers(1, 9), st.booleans())
def test_whatever_is_written_is_read_without_an_error_and_without_a_key_in_its_text(
    text: str, size: int, whole: bool
) -> None:
    for sentence, _ in read(text, size, whole=whole):
        assert "[a1b2c]" not in sentence
        assert "[1]" not in sentence
