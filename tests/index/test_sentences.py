"""Sentences: one span for each sentence, table row and list item, exactly where it stands."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.readers.markdown import markdown_to_text
from corpus.types import Document, Heading, Span
from index.sentences import sentences_of, split_sentences
from tests.factories import document


def quoted(source: Document) -> list[str]:
    return [source.text[span.start : span.end] for span in sentences_of(source)]


def from_markdown(source: str) -> Document:
    extracted = markdown_to_text(source)
    return Document("d1", extracted.text, "h", headings=extracted.headings, rows=extracted.rows)


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["Mr. Smith met Gen. Petrov in St. Petersburg.", "They spoke."]),
        ("en", ["The U.S. Senate voted on Jan. 5.", "No. 5 was left."]),
        ("en", ["Prices rose 3.5 percent vs. 2020, e.g. in Baku.", "Wages fell."]),
        ("en", ["V. V. Putin spoke (see Art. 9).", "Dr. Aliyev, Ph.D., did not."]),
        ("en", ["It left at 5 p.m. on Monday.", "The Sept. 19 assault lasted a day."]),
        ("en", ['He said: "We will stay."', "Then he left."]),
        ("en", ["Wait... what?", "Yes!", "No."]),
        ("en", ["See https://example.com/a.b?c=d.", "It is over.[3]", "Nothing else."]),
        ("ru", ["Договор подписан 10 ноября 2020 г. в Москве.", "А. С. Пушкин писал.", "Он в силе!"]),
        ("ru", ["Цена 5 млн руб. за штуку.", "Площадь 5 тыс. кв. км.", "Население растёт."]),
        ("uk", ["Військо пішло.", "Чи надовго?"]),
        ("az", ["Qoşun getdi.", "Bəs sonra?"]),
        ("hy", ["Բարև։", "Ինչպե՞ս ես։"]),
        ("ka", ["გამარჯობა.", "როგორ ხარ?"]),
        ("ar", ["يوم جيد.", "كيف حالك؟"]),
        ("fa", ["ای ایران.", "خوب است؟"]),
        ("hi", ["यह वाक्य है।", "यह दूसरा है।"]),
    ],
)
def test_prose_is_cut_after_each_sentence_and_nowhere_else(language: str, sentences: list[str]) -> None:
    assert quoted(document(" ".join(sentences), language=language)) == sentences


@pytest.mark.parametrize(
    ("language", "sentences"),
    [("zh", ["他来了。", "她走了！", "真的吗？"]), ("ja", ["これは文です。", "次の文です。"])],
)
def test_scripts_without_spaces_are_cut_too(language: str, sentences: list[str]) -> None:
    assert quoted(document("".join(sentences), language=language)) == sentences


@pytest.mark.parametrize("language", ["xx", "EN", "en-US", "zz_ZZ", "no language", "\n", "😀"])
def test_an_unknown_language_is_cut_like_any_other(language: str) -> None:
    assert quoted(document("It rained. It stopped.", language=language)) == ["It rained.", "It stopped."]


@pytest.mark.parametrize("marker", ["- ", "* ", "• ", "– ", "1. ", "12) ", "  - "])
def test_a_list_item_is_quoted_without_its_marker(marker: str) -> None:
    assert quoted(document(f"{marker}Bread and salt\n{marker}Water")) == ["Bread and salt", "Water"]


def test_a_number_that_opens_a_sentence_is_no_marker() -> None:
    assert quoted(document("3.5 million people left.\n2020 was a year of war.")) == [
        "3.5 million people left.",
        "2020 was a year of war.",
    ]


def test_a_table_row_is_quoted_whole_whatever_stands_in_it() -> None:
    table = from_markdown("| Name | Note |\n|--|--|\n| Mr. X. | He came. He left! |\n| - 1. | ? |\n\nThe end. Really.")
    assert quoted(table) == ["Name: Mr. X.; Note: He came. He left!", "Name: - 1.; Note: ?", "The end.", "Really."]


def test_headings_are_no_sentences() -> None:
    article = from_markdown("# The end. Really.\n\nIt began.\n\n## 2020\n\nIt began.")
    assert quoted(article) == ["It began.", "It began."]


def test_a_line_equal_to_a_heading_is_still_a_sentence() -> None:
    assert quoted(document("Peace\n\nPeace", headings=[Heading(0, 5, 1)])) == ["Peace"]


@pytest.mark.parametrize("text", ["", " ", "\n\n \n", "***\n---\n...", "—", "😀 👍"])
def test_what_has_no_letter_and_no_digit_has_no_sentence(text: str) -> None:
    assert sentences_of(document(text)) == []


def test_outer_space_is_left_out_and_offsets_count_code_points() -> None:
    assert split_sentences("  😀 Один.  Два. \n\n  Три  ") == [Span(2, 9), Span(11, 15), Span(20, 23)]


@given(st.text(alphabet=st.sampled_from("abАЯ5 .!?\n-*•()\"'…。😀\u0301\u00a0"), max_size=200))
def test_in_any_text_sentences_are_in_order_and_hold_every_letter(text: str) -> None:
    spans = split_sentences(text)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    pieces = [text[span.start : span.end] for span in spans]
    assert all(piece and piece == piece.strip() and "\n" not in piece for piece in pieces)
    assert [c for piece in pieces for c in piece if c.isalpha()] == [c for c in text if c.isalpha()]
