"""Readers keep the words of a file and its build: headings, items, rows. What is not its text stays out."""

from __future__ import annotations

import pytest

from corpus.errors import ReadingError
from corpus.readers import READERS, read
from corpus.readers.html import read_html
from corpus.readers.markdown import read_markdown
from corpus.readers.plain import read_plain
from corpus.types import Extracted, Heading, Metadata, Span

LEFT = (
    "The peacekeepers left the region in the spring, and their vehicles were loaded on trains in the city of Barda. "
    "The agreement had been signed by three men."
)
STAYED = LEFT.replace("left", "had stayed in")
BREAKS_OFF = "the text breaks off in mid-sentence"


def md(text: str) -> Extracted:
    return read_markdown(text.encode())


def txt(text: str) -> Extracted:
    return read_plain(text.encode())


def web(article: str, head: str = "", attributes: str = ' lang="en"') -> bytes:
    """A page with this article between the things that stand on every page."""
    return (
        f"<!DOCTYPE html><html{attributes}><head>{head}<title>The last train</title><script>var a = 1;</script></head>"
        '<body><nav><a href="/">Home</a> <a href="/news">News</a></nav>'
        f"<article>{article}</article>"
        '<footer><p>All rights reserved. <a href="/privacy">Privacy</a></p></footer></body></html>'
    ).encode()


def article(middle: str) -> Extracted:
    """A page whose article has something between two paragraphs; its text is what came of that something."""
    extracted = read_html(web(f"<p>{LEFT}</p>{middle}<p>{STAYED}</p>"))
    before, between, after = extracted.text.partition(LEFT)[2].partition(STAYED)
    assert (between, after) == (STAYED, "")
    return Extracted(before.strip(), headings=extracted.headings, rows=extracted.rows)


def rows(extracted: Extracted) -> list[str]:
    return [extracted.text[row.start : row.end] for row in extracted.rows]


def headings(extracted: Extracted) -> list[tuple[str, int]]:
    return [(extracted.text[heading.start : heading.end], heading.level) for heading in extracted.headings]


# --- The table of readers


@pytest.mark.parametrize("ending", [".md", ".markdown", ".txt", ".text", ".html", ".htm", ".xhtml"])
@pytest.mark.parametrize("stem", ["notes", "NOTES.v2", "дом"])
def test_the_ending_of_the_name_picks_the_reader(stem: str, ending: str) -> None:
    assert read(stem + ending.upper(), LEFT.encode()).text == LEFT


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("film.mp4", "files of type '.mp4' are not read"),
        ("Makefile", "files without an ending are not read"),
        (".md", "files without an ending are not read"),
        ("notes.md~", "files of type '.md~' are not read"),
    ],
)
def test_a_type_that_is_not_read_is_skipped(name: str, message: str) -> None:
    with pytest.raises(ReadingError) as skipped:
        read(name, b"text")
    assert (skipped.value.message, skipped.value.skipped) == (message, True)
    assert ".html" in skipped.value.hint


@pytest.mark.parametrize("ending", READERS)
@pytest.mark.parametrize(
    "data", [b"", b" \n\t\r\n ", b"\xef\xbb\xbf", "\u200b\u00ad".encode(), b"\x00\x01" * 50, b"\x89PNG\0"]
)
def test_a_file_without_text_fails(ending: str, data: bytes) -> None:
    with pytest.raises(ReadingError) as failed:
        read("file" + ending, data)
    assert failed.value.message
    assert not failed.value.skipped


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("front.md", b"---\ntitle: Only this\n---\n"),
        ("rule.md", b"***\n\n<!-- nothing -->\n"),
        ("page.html", b"<html><head><title>T</title></head><body><script>var a</script></body></html>"),
        ("page.html", b"<!-- nothing -->"),
        ("page.html", b"<html><frameset><frame src='a'></frameset></html>"),
    ],
)
def test_a_file_that_is_all_wrapping_holds_no_text(name: str, data: bytes) -> None:
    with pytest.raises(ReadingError) as failed:
        read(name, data)
    assert not failed.value.skipped


# --- Markdown


def test_markdown_becomes_plain_text_with_its_headings_rows_and_metadata() -> None:
    source = """---
title: Peacekeepers
date: 2024-06
---
# The *last* train

The [peacekeepers](https://example.org) **left**
in `spring`.

## Troops

| Country | Troops |
|---------|-------:|
| Russia  |  1,960 |
"""
    assert md(source) == Extracted(
        text="The last train\n\nThe peacekeepers left in spring.\n\nTroops\n\nCountry: Russia; Troops: 1,960",
        metadata=Metadata(title="The last train"),
        front_matter=Metadata(title="Peacekeepers", published="2024-06"),
        headings=(Heading(0, 14, 1), Heading(50, 56, 2)),
        rows=(Span(58, 88),),
    )


def test_markdown_without_front_matter_or_heading_has_no_title() -> None:
    assert md("The last train left.\n\nNobody stayed.") == Extracted("The last train left.\n\nNobody stayed.")


def test_only_a_heading_of_the_first_level_is_the_title() -> None:
    extracted = md("## Section\n\nText.\n\n# Title\n\n# Another\n\nSetext\n---\n")
    assert extracted.metadata == Metadata(title="Title")
    assert headings(extracted) == [("Section", 2), ("Title", 1), ("Another", 1), ("Setext", 2)]


def test_broken_front_matter_makes_the_document_partial() -> None:
    extracted = md("---\ntitle: [T\n---\nThe last train left.\n")
    assert extracted.text == "The last train left."
    assert extracted.partial is not None
    assert extracted.partial.startswith("the front matter is no YAML")


def test_front_matter_behind_a_byte_order_mark_and_windows_line_ends_is_read() -> None:
    extracted = md("\ufeff---\r\ntitle: T\r\n---\r\nThe last train left.\r\n")
    assert extracted == Extracted("The last train left.", front_matter=Metadata(title="T"))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("- one\n- two\n  goes on\n- three", "- one\n- two goes on\n- three"),
        ("Before:\n\n* one\n* two\n\nAfter.", "Before:\n\n- one\n- two\n\nAfter."),
        ("- one\n  - one a\n- two", "- one\n- one a\n- two"),
        ("> One said this.\n> It was true.\n>\n> Another did not.", "One said this. It was true.\n\nAnother did not."),
        ("```python\ndef f():\n    return 1\n```", "def f():\nreturn 1"),
        ("Text.\n\n    indented code", "Text.\n\nindented code"),
        ("- one\n- two\n\n```\ncode\n```", "- one\n- two\n\ncode"),
        ("One line  \nand one more", "One line and one more"),
        ("A ![map of the road](map.png) here", "A map of the road here"),
        ("&amp; &lt; \\*stars\\* <https://example.org>", "& < *stars* https://example.org"),
        ("One\n\n---\n\nTwo", "One\n\nTwo"),
        ("Some <b>bold</b> words", "Some bold words"),
        ("One.\n\n<div>Words in a <b>block</b>.</div>\n\nTwo.", "One.\n\nWords in a block.\n\nTwo."),
    ],
)
def test_the_blocks_of_markdown_become_lines(source: str, text: str) -> None:
    assert md(source).text == text


def test_a_row_names_the_column_of_each_cell_and_leaves_empty_cells_out() -> None:
    table = md("""
| Country | Troops | Note |
|---|---|---|
| Russia | 1,960 | a \\| b |
| Armenia | | **left** |
| | | |
| Note | 1 | Note |
""")
    assert rows(table) == [
        "Country: Russia; Troops: 1,960; Note: a | b",
        "Country: Armenia; Note: left",
        "Country: Note; Troops: 1; Note",
    ]
    assert table.text == "\n".join(rows(table))


@pytest.mark.parametrize(
    "end",
    [
        "| Country | Troops stationed there in the year |\n|--|--|\n| The Republic of Armenia | three thousand men |",
        "# A heading of great length that stands at the end of the document all alone",
        "```\nsome_function(with_arguments, and_more_of_them, and_more_of_them, until_here)\n```",
        "- an item that is very long and has no full stop, as items in a list have none",
    ],
    ids=["table", "heading", "code", "item"],
)
def test_only_prose_breaks_off(end: str) -> None:
    assert md(f"Text.\n\n{end}\n").partial is None


def test_prose_that_stops_in_mid_sentence_is_partial() -> None:
    assert md(LEFT[:-9]).partial == BREAKS_OFF


# --- Plain text


def test_plain_text_is_unwrapped_and_loses_its_tail() -> None:
    source = """The last train

The peacekeepers left the region in the spring, and their vehicles
were loaded on trains in the city of Barda.

What came next

The agreement had been signed by three men, and it had ended a war
that had lasted forty-four days.

© 2024 Baku Post
Share
Latest news
"""
    left = (
        "The peacekeepers left the region in the spring, and their vehicles were loaded on trains in the city of Barda."
    )
    ended = "The agreement had been signed by three men, and it had ended a war that had lasted forty-four days."
    extracted = txt(source)
    assert extracted.text == f"The last train\n\n{left}\n\nWhat came next\n\n{ended}"
    assert extracted.metadata == Metadata(title="The last train", outlet="Baku Post")
    assert headings(extracted) == [("The last train", 1), ("What came next", 2)]
    assert extracted.partial is None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("The last train\n\n" + LEFT, "The last train"),
        ("The last train\n" + LEFT, "The last train"),
        ("The last train left.\n\n" + LEFT, None),
        (LEFT, None),
        ("The last train", None),
        (f"{LEFT[:-1]} {STAYED[:-1]}\n\n{LEFT}{STAYED}{LEFT}", None),
        (f"The last train of them all\n\nIt left.\n\n{LEFT}", None),
    ],
    ids=["blank line", "next line", "full stop", "prose", "alone", "long", "longer than what follows"],
)
def test_a_short_first_line_without_a_full_stop_is_the_title(text: str, title: str | None) -> None:
    assert txt(text).metadata.title == title


@pytest.mark.parametrize("lines", ["- the road is opened\n- the prisoners go home", "12 Hill Road\nYerevan\nArmenia"])
def test_items_and_short_lines_stay_lines(lines: str) -> None:
    assert txt(f"{LEFT}\n\n{lines}\n\n{STAYED}").text == f"{LEFT}\n\n{lines}\n\n{STAYED}"


def test_blocks_of_short_lines_that_the_source_sets_apart_stay_apart() -> None:
    text = f"{LEFT}\n\n- the road is opened\n- the prisoners go home\n\n12 Hill Road\nYerevan\nArmenia"
    assert txt(text).text == text


def test_a_text_that_breaks_off_is_partial() -> None:
    assert txt(f"{LEFT}\n\n{STAYED[:-9]}") == Extracted(f"{LEFT}\n\n{STAYED[:-9]}", partial=BREAKS_OFF)


def test_a_break_inside_the_wrapped_lines_is_no_break_off() -> None:
    assert txt("The peacekeepers left the region in the spring, and\nnobody has taken their place.\n").partial is None


def test_a_text_of_very_many_lines_takes_no_longer_than_its_length() -> None:
    count = 60_000
    assert len(txt(f"{'a' * 60}\n" * count).text) == 61 * count - 1
    assert txt("Short line\n" * count).text.count("\n") == count - 1


# --- HTML


def test_a_page_is_read_to_its_main_content_and_says_where_it_is_from() -> None:
    head = """<meta charset="utf-8">
        <meta property="article:published_time" content="2024-06-12T09:30:00+04:00">
        <meta property="og:site_name" content="Baku Post"><meta name="author" content="Leyla Aliyeva">
        <link rel="canonical" href="https://example.org/train">"""
    extracted = read_html(
        web(f"<h1>The last train</h1><p>{LEFT}</p><h2>Before</h2><p>{STAYED}</p>", head, ' lang="en-GB"')
    )
    assert extracted.text == f"The last train\n\n{LEFT}\n\nBefore\n\n{STAYED}"
    assert headings(extracted) == [("The last train", 1), ("Before", 2)]
    assert extracted.metadata == Metadata(
        title="The last train",
        outlet="Baku Post",
        author="Leyla Aliyeva",
        published="2024-06-12",
        language="en",
        url="https://example.org/train",
    )
    assert extracted.partial is None


@pytest.mark.parametrize(
    ("said", "published"),
    [
        ('<meta property="article:published_time" content="2024-06-12">', "2024-06-12"),
        ('<meta property="article:published_time" content="2024-06-12T23:30:00-05:00">', "2024-06-13"),
        ('<meta name="date" content="2024-06">', "2024-06"),
        ("", None),
    ],
    ids=["a day", "the UTC day of a stamp", "a month", "nothing"],
)
def test_a_page_is_dated_as_it_says_itself(said: str, published: str | None) -> None:
    assert read_html(web(f"<p>{LEFT}</p>", said)).metadata.published == published


def test_a_big_page_with_hardly_any_text_is_partial() -> None:
    page = web(f"<p>{LEFT}</p><script>var app = '{'x' * 120_000}'</script>")
    assert read_html(page).partial == "it holds only 124 letters of text in 120 kB"


def test_a_year_in_the_text_is_no_date_of_the_page() -> None:
    page = web(f"<p>{LEFT} The war had ended in 2020.</p><p>© 2021 Baku Post</p>")
    assert read_html(page).metadata.published is None


@pytest.mark.parametrize(
    ("attributes", "language"),
    [(' lang="az"', "az"), (' lang="RU-ru"', "ru"), (' xml:lang="az"', "az"), (' lang=""', None), ("", None)],
)
def test_a_page_is_in_the_language_that_it_says(attributes: str, language: str | None) -> None:
    assert read_html(web(f"<p>{LEFT}</p>", attributes=attributes)).metadata.language == language


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<h3>Troops</h3>", "Troops"),
        ("<ul><li>one road</li><li>two roads</li></ul>", "- one road\n- two roads"),
        ("<ol><li>one road</li><li>two roads</li></ol>", "- one road\n- two roads"),
        (
            "<ul><li>one road<ul><li>to Barda</li></ul></li><li>two roads</li></ul>",
            "- one road\n- to Barda\n- two roads",
        ),
        ("<ul><li><p>One is here.</p><p>And more.</p></li></ul>", "- One is here. And more."),
        ("<blockquote><p>One said this.</p><p>Another did not.</p></blockquote>", "One said this.\n\nAnother did not."),
        ("<p>12 Hill Road<br>Yerevan<br/>Armenia</p>", "12 Hill Road Yerevan Armenia"),
        (
            "<p>Some <b>bold</b>, <a href='/x'>linked</a> and <i>slanted</i> words.</p>",
            "Some bold, linked and slanted words.",
        ),
        ("<p>Kara&shy;bakh&nbsp;&amp; Nakh&#x200b;chivan &#xD800;</p>", "Karabakh & Nakhchivan \ufffd"),
        ("<script>var b = 2;</script><style>p {}</style><!-- nothing -->", ""),
    ],
)
def test_the_blocks_of_a_page_become_lines(html: str, text: str) -> None:
    assert article(html).text == text


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            "<tr><th>Country</th><th>Troops</th></tr><tr><td>Russia</td><td>1,960</td></tr><tr><td>Turkey</td><td>60</td></tr>",
            ["Country: Russia; Troops: 1,960", "Country: Turkey; Troops: 60"],
        ),
        (
            "<thead><tr><th>Country</th><th>Troops</th></tr></thead><tbody><tr><th>Russia</th><td>60</td></tr></tbody>",
            ["Country: Russia; Troops: 60"],
        ),
        ("<tr><td>Russia</td><td>1,960</td></tr><tr><td>Turkey</td><td>60</td></tr>", ["Russia; 1,960", "Turkey; 60"]),
        (
            "<tr><th>Country</th><th>Cities</th></tr><tr><td>Armenia</td><td>Yerevan<br>Gyumri</td></tr>",
            ["Country: Armenia; Cities: Yerevan Gyumri"],
        ),
    ],
    ids=["head", "thead", "no head", "two lines in a cell"],
)
def test_the_rows_of_a_table_name_their_columns(table: str, expected: list[str]) -> None:
    extracted = read_html(web(f"<p>{LEFT}</p><table>{table}</table><p>{STAYED}</p>"))
    assert rows(extracted) == expected
    assert extracted.text == "\n\n".join([LEFT, "\n".join(expected), STAYED])


def test_a_page_that_ends_with_a_table_does_not_break_off() -> None:
    cell = "a cell of many words and no full stop, as the cells of a table have none"
    table = f"<table><tr><th>Country</th><th>Troops</th></tr><tr><td>Russia</td><td>{cell}</td></tr></table>"
    assert read_html(web(f"<p>{LEFT}</p>{table}")).partial is None


RUSSIAN = (
    "Миротворцы покинули регион весной, и их машины были погружены на поезда в городе Барда. "
    "Соглашение подписали три человека в ночь на десятое ноября, и оно завершило войну."
)


@pytest.mark.parametrize(
    ("declaration", "encoding"),
    [
        ('<meta charset="utf-8">', "utf-8"),
        ('<meta charset="windows-1251">', "cp1251"),
        ("<META CHARSET=KOI8-R>", "koi8-r"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">', "cp1251"),
        ("", "utf-8"),
        ("", "cp1251"),
        ("", "utf-16"),
        ('<meta charset="windows-1251">', "utf-8"),
        ('<meta charset="windows-1251">', "utf-16"),
        ('<meta charset="utf-8">', "cp1251"),
        ('<meta charset="nonsense">', "cp1251"),
        ('<meta charset="base64">', "cp1251"),
        ('<meta charset="undefined">', "cp1251"),
    ],
)
def test_a_page_is_decoded_whatever_it_declares(declaration: str, encoding: str) -> None:
    page = web(f"<p>{RUSSIAN}</p>", declaration).decode().encode(encoding)
    assert read_html(page).text == RUSSIAN


def test_an_xml_declaration_counts() -> None:
    turkish = (
        "Türkiye Cumhurbaşkanı Ankara'da görüştü; sınır kapısı açılacak. İki ülke arasındaki ilişkiler geçen yıl "
        "yeniden başladı ve büyükelçiler atandı; şimdi demiryolu konuşuluyor."
    )
    page = b'<?xml version="1.0" encoding="windows-1254"?>' + web(f"<p>{turkish}</p>").decode().encode("cp1254")
    assert read_html(page).text == turkish


def test_a_page_without_main_content_is_taken_whole() -> None:
    page = b"<head><title>T</title></head><script>var a</script><div>One line.</div>\n<div>And one more.</div>"
    assert read_html(page) == Extracted("One line.\n\nAnd one more.", metadata=Metadata(title="T"))


@pytest.mark.parametrize(
    ("junk", "text"),
    [
        (b"no tags at all", "no tags at all"),
        (b"<p>One <b>two <i>three", "One two three"),
        (b"</div></p><p>One</div>", "One"),
        (b"<p>1 < 2 & 3 > 2</p>", "1 < 2 & 3 > 2"),
    ],
)
def test_junk_is_read_as_a_browser_would(junk: bytes, text: str) -> None:
    assert read_html(junk).text == text


@pytest.mark.parametrize("depth", [50, 300, 20_000])
def test_a_deeply_nested_page_is_read_or_refused_but_not_cut(depth: int) -> None:
    page = f"<html><body><p>{LEFT}</p>{'<div>' * depth}<p>{STAYED}</p>{'</div>' * depth}</body></html>"
    try:
        text = read_html(page.encode()).text
    except ReadingError:
        return
    assert (LEFT in text, STAYED in text) == (True, True)
