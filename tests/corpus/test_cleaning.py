"""Cleaning leaves the words as they were and takes away only what is not theirs."""

from __future__ import annotations

import pytest

from corpus.cleaning import breaks_off, cut_tail, is_terminated, normalise, tidy, unwrap

SENTENCE = (
    "The peacekeepers left the region in the spring, and their vehicles were loaded on trains in the city of Barda."
)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("", ""),
        ("one\r\ntwo\rthree\u2028four\x0cfive", "one\ntwo\nthree\nfour\nfive"),
        ("a\u00a0b\u2009c\td  e", "a b c d e"),
        ("Kara\u00adbakh, Shu\u200bsha, \ufeffAgh\u2060dam", "Karabakh, Shusha, Aghdam"),
        ("a\x00b\x1bc\x9fd\ufffee", "abcde"),
        ("lone \ud800 half", "lone half"),
        ("\u202ealtered\u202c \u2066order\u2069", "altered order"),
        ("S\u0327us\u0327a cafe\u0301", "Şuşa café"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("“Quotes” – dashes… ½ ﬁ №", "“Quotes” – dashes… ½ ﬁ №"),
    ],
)
def test_normalise_leaves_one_kind_of_space_and_line_end_and_nothing_unseen(raw: str, clean: str) -> None:
    assert normalise(raw) == clean


@pytest.mark.parametrize(
    "text", ["one\r\ntwo\u00a0 three\u00ad", "a\u0301\u200b\ufeff  b", "a \u200b b", "e\u200b\u0301", ""]
)
def test_normalise_has_nothing_to_do_the_second_time(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_tidy_leaves_one_blank_line_between_blocks_and_none_around() -> None:
    assert tidy("\n\n  one  \n\n \n\ntwo\nthree \n\n") == "one\n\ntwo\nthree"
    assert tidy(" \n\n ") == ""


WRAPPED = """The peacekeepers left the region in the spring, and
their vehicles were loaded on trains in the city of
Barda.

The agreement had been signed by three men, and it ended
a war of forty-four days."""
HYPHENATED = """The peacekeepers left the region in the spring and their vehi-
cles were loaded on trains in the city of Barda, which lies on the
road."""
ITEMS = """What was agreed, in the order in which it was read to the press:
- the road is opened to all
- the prisoners go home
2. the maps are handed over"""
ADDRESS = """12 Hill Road
Yerevan
Armenia"""


@pytest.mark.parametrize(
    ("text", "unwrapped"),
    [
        (
            WRAPPED,
            "The peacekeepers left the region in the spring, and their vehicles were loaded on trains in the city of "
            "Barda.\n\nThe agreement had been signed by three men, and it ended a war of forty-four days.",
        ),
        (
            HYPHENATED,
            "The peacekeepers left the region in the spring and their vehicles were loaded on trains in the city of "
            "Barda, which lies on the road.",
        ),
        (ITEMS, ITEMS),
        (ADDRESS, ADDRESS),
        (f"{SENTENCE}\n{SENTENCE}", f"{SENTENCE}\n{SENTENCE}"),
        ("One line", "One line"),
        ("", ""),
    ],
    ids=["wrapped", "hyphenated", "items", "address", "one paragraph a line", "one line", "nothing"],
)
def test_lines_broken_at_a_width_are_joined_and_others_stay(text: str, unwrapped: str) -> None:
    assert unwrap(text) == unwrapped


def test_a_compound_broken_at_its_hyphen_keeps_it_before_a_capital() -> None:
    text = "The minister flew home by way of the capital of the Baden-\nWürttemberg region, and the talks went on."
    assert unwrap(text) == text.replace("\n", "")


@pytest.mark.parametrize(
    ("tail", "outlet"),
    [
        ("© 2024 Baku Post", "Baku Post"),
        ("(c) Baku Post", "Baku Post"),
        ("Copyright 2024 Baku Post", "Baku Post"),
        ("Copyright © 2024 Baku Post", "Baku Post"),
        ("© 2010-2024 Baku Post", "Baku Post"),
        ("© 2024 Baku Post. All rights reserved.", "Baku Post"),
        ("© 2024 News.az\nShare", "News.az"),
        ("© 2024 Baku Post™. All Rights Reserved | www.post.example", "Baku Post"),
        ("© Baku Post\n\nRead more\nShare this article\nLatest news", "Baku Post"),
    ],
)
def test_a_closing_copyright_mark_is_cut_with_what_trails_it(tail: str, outlet: str) -> None:
    assert cut_tail(f"{SENTENCE}\n\n{tail}") == (SENTENCE, outlet)


def test_a_copyright_mark_at_the_end_of_a_line_is_cut_from_it() -> None:
    assert cut_tail(f"{SENTENCE} © 2024 Baku Post") == (SENTENCE, "Baku Post")


@pytest.mark.parametrize(
    "text",
    [
        "",
        SENTENCE,
        f"The sign reads © 2019 Someone\n\n{SENTENCE}",
        f"{SENTENCE}\n\nThe parliament then turned to copyright law",
        f"{SENTENCE}\n\nCopyright protects authors",
        "The parties agree:\n(a) to open the road\n(b) to free the prisoners\n(c) to hand over the maps",
    ],
    ids=["nothing", "no mark", "prose behind it", "a law", "a headline", "the third point of a list"],
)
def test_a_text_without_a_closing_copyright_mark_stays_whole(text: str) -> None:
    assert cut_tail(text) == (text, None)


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("", False),
        (SENTENCE, False),
        (f"{SENTENCE[:-1]}:", False),
        (f"“{SENTENCE}”", False),
        ("Related articles", False),
        (SENTENCE[:-8], True),
    ],
)
def test_a_long_paragraph_without_an_end_breaks_off(text: str, broken: bool) -> None:
    assert breaks_off(text) is broken


@pytest.mark.parametrize("line", ["Done.", "Why?", "“Go!”", "He left…", "So:", "(She stayed.)", "完了。", "Done.  "])
def test_a_line_with_a_closing_mark_is_terminated(line: str) -> None:
    assert is_terminated(line)


@pytest.mark.parametrize("line", ["", "The talks", "The talks,", "1.5 million", "“The talks”"])
def test_a_line_without_a_closing_mark_is_not(line: str) -> None:
    assert not is_terminated(line)
