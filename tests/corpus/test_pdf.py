"""A PDF is read as a person reads it: column by column, page by page, without what runs along the edges."""

from __future__ import annotations

import re

import pytest
from reportlab.pdfgen.canvas import Canvas

from corpus.errors import ReadingError
from corpus.readers import read
from corpus.types import Extracted, page_at
from tests.corpus.makers import HEIGHT, Draw, lines, pdf, scanned, together, wrapped

FIRST = (
    "The peacekeepers left the region in the spring, and their vehicles were loaded on trains in the city of Barda. "
    "The agreement had been signed by three men in the night, and it ended a war that had lasted forty-four days. "
    "Nobody had expected that the road would be opened again so soon, and the shops along it were still closed."
)
SECOND = (
    "Grain prices rose by a fifth in the same month, said the ministry, which blamed the drought in the north. "
    "Traders in the port doubted it and spoke of a ban on exports that had been prepared in silence since the autumn. "
    "The minister denied it twice, and the ban was announced on the following Monday in the official gazette."
)
THIRD = (
    "The lake froze in November, earlier than in any year since the station was built on its southern shore in 1931. "
    "Fishermen crossed it on foot and sold their catch at the new market, where the price of pike fell to one euro."
)


def pages(*drawn: Draw, title: str = "", author: str = "") -> Extracted:
    return read("report.pdf", pdf(*drawn, title=title, author=author))


def words(text: str) -> str:
    return " ".join(text.split())


def test_wrapped_lines_become_paragraphs_with_their_page() -> None:
    extracted = pages(lines(wrapped(FIRST, 90)), lines(wrapped(SECOND, 90)))
    assert extracted.text == f"{FIRST}\n\n{SECOND}"
    assert [page.number for page in extracted.pages] == [1, 2]
    assert page_at(extracted.pages, extracted.text.index("Grain")) == 2
    assert page_at(extracted.pages, extracted.text.index("vehicles")) == 1


def test_two_columns_are_read_one_after_the_other_though_drawn_line_by_line() -> None:
    left, right = wrapped(FIRST, 42), wrapped(SECOND, 42)

    count = min(len(left), len(right))

    def columns(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        for number, (one, other) in enumerate(zip(left, right, strict=False)):
            canvas.drawString(60, HEIGHT - 150 - 13 * number, one)
            canvas.drawString(310, HEIGHT - 150 - 13 * number, other)

    extracted = pages(together(lines(["#The last train"], top=80), columns))
    assert extracted.text.split("\n\n") == ["The last train", " ".join(left[:count]), " ".join(right[:count])]


def test_notes_in_the_margin_are_no_part_of_the_lines_beside_them() -> None:
    def margin(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        canvas.drawString(40, HEIGHT - 156, "Net-zero")
        canvas.drawString(40, HEIGHT - 195, "by 2030")

    text = pages(together(margin, lines(wrapped(f"{FIRST} {SECOND}", 80), left=180, top=150))).text
    assert f"{FIRST} {SECOND}" in text.split("\n\n")


def test_a_table_of_short_cells_is_read_by_row() -> None:
    cells = [
        ("Country", "Troops", "Year"),
        ("Russia", "1,960", "2020"),
        ("Turkey", "60", "2021"),
        ("Iran", "0", "2022"),
    ]

    def table(canvas: Canvas) -> None:
        for number, row in enumerate(cells):
            for column, cell in enumerate(row):
                canvas.drawString(60 + 150 * column, HEIGHT - 300 - 14 * number, cell)

    extracted = pages(together(lines(wrapped(FIRST, 90)), table))
    rows = [extracted.text[row.start : row.end] for row in extracted.rows]
    assert rows == ["; ".join(row) for row in cells]


def test_broken_words_are_mended_and_compounds_keep_their_hyphen() -> None:
    text = [
        "The peacekeepers left the region in the spring, and their vehi-",
        "cles were loaded on trains. A well-known man, who is a well-",
        "known writer, saw the Baden-",
        "Baden express leave in 2020.",
    ]
    assert pages(lines(text)).text == (
        "The peacekeepers left the region in the spring, and their vehicles were loaded on trains. A well-known man, "
        "who is a well-known writer, saw the Baden-Baden express leave in 2020."
    )


def test_ligatures_are_taken_apart() -> None:
    from corpus.readers.pdf.reader import _mended

    assert _mended("e\ufb03cient \ufb01sh and o\ufb00er") == "efficient fish and offer"


def test_running_headers_footers_and_page_numbers_are_left_out() -> None:
    texts = [FIRST, SECOND, THIRD, FIRST.replace("left", "entered"), SECOND.replace("rose", "fell")]

    def furnished(number: int) -> Draw:
        return together(
            lines([f"Steppe Quarterly - Issue {number // 9}"], top=40),
            lines(wrapped(texts[number], 90)),
            lines([f"{number + 17}"], left=290, top=800),
        )

    extracted = pages(*map(furnished, range(5)))
    assert extracted.text == "\n\n".join(texts)


def test_headings_and_sentences_with_a_number_of_their_own_stay() -> None:
    numbers = range(1, 6)
    drawn = [
        lines([f"#Chapter {n}", f"In year {n} the harvest was {n}00 tonnes.", "", *wrapped(THIRD, 90)]) for n in numbers
    ]
    text = pages(*drawn).text
    assert [f"Chapter {n}" in text and f"harvest was {n}00 tonnes" in text for n in numbers] == [True] * 5


def test_a_number_that_counts_nothing_stays() -> None:
    body = together(lines(wrapped(FIRST, 90)), lines(["1931"], top=800), lines(["The end of the report."], top=815))
    assert "1931" in pages(body, lines(wrapped(SECOND, 90))).text


def test_a_paragraph_that_goes_on_overleaf_is_whole_and_lies_on_both_pages() -> None:
    text = wrapped(FIRST, 90)
    extracted = pages(lines(text[:2]), lines(text[2:]))
    assert extracted.text == FIRST
    first, second = extracted.pages
    assert (first.start, first.end, second.end) == (0, second.start, len(FIRST))
    assert extracted.text[second.start :].startswith(text[2])


def test_big_and_bold_lines_are_headings_and_the_biggest_on_the_first_page_the_title() -> None:
    extracted = pages(
        lines(["#The last train of all", "", *wrapped(FIRST, 90), "", "**What came next", "", *wrapped(SECOND, 90)])
    )
    heads = [(extracted.text[head.start : head.end], head.level) for head in extracted.headings]
    assert heads == [("The last train of all", 1), ("What came next", 2)]
    assert extracted.metadata.title == "The last train of all"


def test_items_are_items() -> None:
    text = [
        "Three points were agreed upon:",
        "",
        "\u2022 the road is opened",
        "\u2022 the prisoners go home",
        "",
        *wrapped(FIRST, 90),
    ]
    assert "- the road is opened\n- the prisoners go home" in pages(lines(text)).text


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_turned_page_is_read_as_if_it_were_not(turned: int) -> None:
    data = pdf(lines(wrapped(FIRST, 90)), lines(wrapped(SECOND, 90)), turned=turned)
    assert read("turned.pdf", data).text == f"{FIRST}\n\n{SECOND}"


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_text_that_runs_up_or_down_the_page_is_read_in_its_order(angle: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(300, 420)
        canvas.rotate(angle)
        for number, line in enumerate(wrapped(THIRD, 50)):
            canvas.drawString(-150, 60 - 13 * number, line)

    assert pages(draw).text == THIRD


def test_a_long_text_at_a_right_angle_is_read_after_the_rest_and_a_stamp_is_not() -> None:
    def sideways(text: str) -> Draw:
        def draw(canvas: Canvas) -> None:
            canvas.translate(500, 100)
            canvas.rotate(90)
            for number, line in enumerate(wrapped(text, 90)):
                canvas.drawString(0, -13 * number, line)

        return draw

    body = lines(wrapped(f"{FIRST} {SECOND}", 70))
    assert pages(together(body, sideways(THIRD))).text == f"{FIRST} {SECOND}\n\n{THIRD}"
    assert pages(together(body, sideways("printed 3 May 2021"))).text == f"{FIRST} {SECOND}"


def test_the_file_tells_title_author_and_day() -> None:
    extracted = pages(lines(wrapped(FIRST, 90)), title="Trains of the South", author="Leyla Aliyeva")
    assert (extracted.metadata.title, extracted.metadata.author) == ("Trains of the South", "Leyla Aliyeva")
    assert extracted.metadata.published == "2000-01-01"  # reportlab's day for files that shall always be the same


@pytest.mark.parametrize(
    ("title", "author"),
    [
        ("untitled", "anonymous"),
        ("Microsoft Word - draft 3", "user"),
        ("report.indd", "Administrator"),
        ("slug-of-it", ""),
    ],
)
def test_what_programs_write_is_no_title_and_no_author(title: str, author: str) -> None:
    metadata = pages(lines(wrapped(FIRST, 90)), title=title, author=author).metadata
    assert (metadata.title, metadata.author) == (None, None)


# --- What is no text


def test_scanned_pages_between_others_are_counted() -> None:
    extracted = pages(lines(wrapped(FIRST, 90)), scanned, lines(wrapped(SECOND, 90)), scanned)
    assert extracted.partial == "2 of 4 pages hold no text"
    assert [page.number for page in extracted.pages] == [1, 3]


def test_empty_pages_are_no_loss() -> None:
    assert pages(lines(wrapped(FIRST, 90)), lambda canvas: None).partial is None


def test_a_stamp_on_every_scanned_page_is_no_text_of_theirs() -> None:
    stamped = together(scanned, lines(["CONFIDENTIAL 0001"], top=30))
    extracted = pages(lines(wrapped(FIRST, 90)), stamped, stamped, stamped, stamped)
    assert extracted.partial == "4 of 5 pages hold no text"


@pytest.mark.parametrize(
    ("data", "message", "hint"),
    [
        (pdf(scanned, scanned), "no page of it holds text (of 2)", "OCR"),
        (pdf(lambda canvas: None), "no page of it holds text (of 1)", "empty"),
        (pdf(lines(["Secret."]), password="open"), "the PDF asks for a password", "without one"),
        (b"%PDF-1.7\n" + b"rubbish " * 50, "it is no PDF, or one too broken to be read", "again"),
        (b"\xff\xd8\xff\xe0" + b"\x01" * 500, "it is no PDF, or one too broken to be read", "again"),
    ],
    ids=["scan", "empty", "password", "rubbish", "picture"],
)
def test_a_pdf_without_text_fails_and_says_why(data: bytes, message: str, hint: str) -> None:
    with pytest.raises(ReadingError) as failed:
        read("file.pdf", data)
    assert failed.value.message == message
    assert hint in failed.value.hint
    assert not failed.value.skipped


@pytest.mark.parametrize("harm", ["xref", "startxref", "end"])
def test_a_broken_cross_reference_table_is_mended(harm: str) -> None:
    data = pdf(lines(wrapped(FIRST, 90)))
    broken = {
        "xref": re.sub(rb"\d{10} 00000 n", b"9999999999 00000 n", data),
        "startxref": re.sub(rb"startxref\n\d+", b"startxref\n7", data),
        "end": data[: data.rindex(b"xref")],
    }[harm]
    try:
        assert words(read("broken.pdf", broken).text) == FIRST
    except ReadingError as failed:
        assert failed.message  # noqa: PT017 - either is an end


def many_empty_pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(count))
    parts = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count %d/MediaBox[0 0 9 9]/Kids[%s]>>" % (count, kids)]
    parts += [b"<</Type/Page/Parent 2 0 R>>"] * count
    return (
        b"%PDF-1.4\n"
        + b"".join(b"%d 0 obj%sendobj\n" % (n, part) for n, part in enumerate(parts, 1))
        + (b"trailer<</Root 1 0 R/Size %d>>\n%%%%EOF" % (count + 3))
    )


def test_a_hundred_thousand_empty_pages_end() -> None:
    with pytest.raises(ReadingError, match="no page"):
        read("empty.pdf", many_empty_pages(100_000))


def test_a_page_strewn_with_words_is_read_in_time() -> None:
    def strewn(canvas: Canvas) -> None:
        for number in range(6_000):
            canvas.setFont("Helvetica", 3)
            canvas.drawString(30 + (number % 60) * 9, 830 - (number // 60) * 8, f"w{number % 9}")

    assert len(pages(strewn).text.split()) == 6_000
