"""Office documents are read as their programs show them: what is deleted, hidden or on every page stays out."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from docx import Document as Docx
from PIL import Image
from pptx import Presentation
from pptx.util import Inches

from corpus.errors import ReadingError
from corpus.readers import read
from corpus.types import Extracted, Metadata, page_at
from tests.corpus.makers import bare_docx, odt, package, part_replaced

LEFT = "The peacekeepers left the region in the spring, and their vehicles were loaded on trains."
ROAD = "The road was opened on the same day."


def rows(extracted: Extracted) -> list[str]:
    return [extracted.text[row.start : row.end] for row in extracted.rows]


def headings(extracted: Extracted) -> list[tuple[str, int]]:
    return [(extracted.text[heading.start : heading.end], heading.level) for heading in extracted.headings]


def saved(made: object) -> bytes:
    file = io.BytesIO()
    made.save(file)  # type: ignore[attr-defined]
    return file.getvalue()


def docx(body: str) -> Extracted:
    return read("note.docx", bare_docx(body))


def p(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


# --- DOCX


def word_document() -> bytes:
    made = Docx()
    made.core_properties.title = "Trains of the South"
    made.core_properties.author = "Leyla Aliyeva"
    made.core_properties.created = dt.datetime(2024, 5, 17, 9, 30)
    made.sections[0].header.paragraphs[0].text = "Steppe Quarterly, confidential"
    made.sections[0].footer.paragraphs[0].text = "Page 1 of 9"
    made.add_heading("The last train", 1)
    made.add_paragraph(LEFT)
    made.add_heading("What was agreed", 2)
    made.add_paragraph("the road is opened", style="List Bullet")
    made.add_paragraph("the prisoners go home", style="List Number")
    made.add_paragraph("the maps are handed over", style="List Number")
    table = made.add_table(rows=3, cols=2)
    for row, cells in zip(table.rows, [("Country", "Troops"), ("Russia", "1,960"), ("Turkey", "60")], strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    made.add_paragraph(ROAD)
    return saved(made)


def test_docx_keeps_headings_items_and_rows_and_leaves_headers_out() -> None:
    extracted = read("trains.docx", word_document())
    assert extracted.text == (
        f"The last train\n\n{LEFT}\n\nWhat was agreed\n\n- the road is opened\n1. the prisoners go home\n"
        "2. the maps are handed over\n\n"
        f"Country: Russia; Troops: 1,960\nCountry: Turkey; Troops: 60\n\n{ROAD}"
    )
    assert headings(extracted) == [("The last train", 1), ("What was agreed", 2)]
    assert rows(extracted) == ["Country: Russia; Troops: 1,960", "Country: Turkey; Troops: 60"]
    assert extracted.metadata == Metadata(title="Trains of the South", author="Leyla Aliyeva", published="2024-05-17")
    assert extracted.partial is None


def test_what_python_docx_itself_writes_is_no_author_and_no_date() -> None:
    made = Docx()
    made.add_paragraph(LEFT)
    assert read("plain.docx", saved(made)).metadata == Metadata()


def test_docx_without_a_title_is_called_by_its_first_top_heading() -> None:
    made = Docx()
    made.add_paragraph(LEFT)
    made.add_heading("The last train", 0)
    assert read("plain.docx", saved(made)).metadata.title == "The last train"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<w:p><w:r><w:t>He </w:t></w:r><w:del><w:r><w:delText>never </w:delText></w:r></w:del><w:ins><w:r>"
         "<w:t>often </w:t></w:r></w:ins><w:r><w:t>came.</w:t></w:r></w:p>", "He often came."),
        ("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>Secret. </w:t></w:r><w:r><w:t>Open.</w:t></w:r></w:p>", "Open."),
        ('<w:p><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>Open.</w:t></w:r></w:p>', "Open."),
        ("<w:p><w:r><w:t>One</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t><w:noBreakHyphen/><w:t>four.</w:t></w:r></w:p>",
         "One two three-four."),
        ("<w:p><w:hyperlink><w:r><w:t>A link.</w:t></w:r></w:hyperlink></w:p>", "A link."),
        (f"<w:sdt><w:sdtContent>{p('In a control.')}</w:sdtContent></w:sdt>", "In a control."),
        ("<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>Text.</w:t></w:r></w:p>", "Text."),
        (f"<w:p><w:r><w:t>Around.</w:t><w:pict><w:txbxContent>{p('In a box.')}</w:txbxContent></w:pict></w:r></w:p>",
         "Around.\n\nIn a box."),
        (f"<w:tbl><w:tr><w:tc>{p('only one row')}</w:tc><w:tc>{p('of cells')}</w:tc></w:tr></w:tbl>",
         "only one row; of cells"),
    ],
    ids=["tracked", "hidden", "shown", "breaks", "link", "control", "field", "box", "row"],
)  # fmt: skip
def test_words_of_docx_are_those_that_are_shown(body: str, text: str) -> None:
    assert docx(body).text == text


def test_cells_that_span_rows_are_repeated_and_those_that_span_columns_are_not() -> None:
    def tc(text: str, more: str = "") -> str:
        return f"<w:tc><w:tcPr>{more}</w:tcPr>{p(text)}</w:tc>"

    down, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    table = (
        f"<w:tbl><w:tr>{tc('Year')}{tc('Country')}{tc('Troops')}</w:tr><w:tr>{tc('2020', down)}{tc('Russia')}"
        f"{tc('1,960')}</w:tr><w:tr>{tc('', on)}{tc('Turkey')}{tc('60')}</w:tr><w:tr>"
        + tc("none", '<w:gridSpan w:val="2"/>')
        + f"{tc('0')}</w:tr></w:tbl>"
    )
    assert rows(docx(table)) == [
        "Year: 2020; Country: Russia; Troops: 1,960",
        "Year: 2020; Country: Turkey; Troops: 60",
        "Year: none; Troops: 0",
    ]


# --- PPTX


def slides() -> bytes:
    made = Presentation()
    made.core_properties.author = "Leyla Aliyeva"
    for title, points in (("The last train", ["It left in May.", "Nobody saw it."]), ("Grain", ["Prices rose."])):
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = "\n".join(points)
    slide.notes_slide.notes_text_frame.text = "Say that the ministry doubted it."
    made.slides.add_slide(made.slide_layouts[6])
    slide = made.slides.add_slide(made.slide_layouts[5])
    slide.shapes.title.text = "Troops"
    table = slide.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(4), Inches(1)).table
    for number, text in enumerate(["Country", "Number", "Russia", "1,960"]):
        table.cell(number // 2, number % 2).text = text
    return saved(made)


def test_each_slide_is_a_page_behind_its_title_with_its_notes_and_tables() -> None:
    extracted = read("talk.pptx", slides())
    assert extracted.text == (
        "The last train\n\n- It left in May.\n- Nobody saw it.\n\nGrain\n\nPrices rose.\n\n"
        "Say that the ministry doubted it.\n\nTroops\n\nCountry: Russia; Number: 1,960"
    )
    assert [page.number for page in extracted.pages] == [1, 2, 4]
    assert [page_at(extracted.pages, extracted.text.index(word)) for word in ("Nobody", "ministry", "1,960")] == [
        1,
        2,
        4,
    ]
    assert headings(extracted) == [("The last train", 1), ("Grain", 1), ("Troops", 1)]
    assert (extracted.metadata.title, extracted.metadata.author) == ("The last train", "Leyla Aliyeva")


def test_a_slide_that_is_a_picture_is_counted() -> None:
    made = Presentation()
    for _ in range(2):
        made.slides.add_slide(made.slide_layouts[5]).shapes.title.text = "Words"
    picture = made.slides.add_slide(made.slide_layouts[6])
    png = io.BytesIO()
    Image.new("RGB", (9, 9)).save(png, "PNG")
    picture.shapes.add_picture(png, 0, 0, Inches(1), Inches(1))
    assert read("talk.pptx", saved(made)).partial == "1 of 3 slides hold no text"


def test_a_presentation_without_text_fails() -> None:
    made = Presentation()
    made.slides.add_slide(made.slide_layouts[6])
    with pytest.raises(ReadingError, match="no slide of it holds text"):
        read("talk.pptx", saved(made))


# --- ODT


def test_odt_keeps_headings_items_rows_and_notes() -> None:
    body = (
        '<text:tracked-changes><text:p>Deleted.</text:p></text:tracked-changes><text:h text:outline-level="2">The '
        f"last train</text:h><text:p>{LEFT}<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>Seen by two.</text:p></text:note-body></text:note></text:p><text:list><text:list-item>"
        "<text:p>the<text:s/>road"
        "</text:p></text:list-item></text:list><table:table><table:table-row><table:table-cell><text:p>Country</text:p>"
        "</table:table-cell><table:table-cell><text:p>Troops</text:p></table:table-cell></table:table-row><table:table-row>"
        '<table:table-cell table:number-columns-repeated="2"><text:p>60</text:p></table:table-cell></table:table-row>'
        "</table:table>"
    )
    meta = "<dc:title>Trains</dc:title><meta:initial-creator>Leyla Aliyeva</meta:initial-creator><meta:creation-date>"
    extracted = read(
        "trains.odt", odt(body, f"{meta}2024-05-17T09:30:00.5</meta:creation-date><dc:language>az-AZ</dc:language>")
    )
    assert extracted.text == f"The last train\n\n{LEFT}\n\n- the road\n\nCountry: 60; Troops: 60\n\n- Seen by two."
    assert headings(extracted) == [("The last train", 2)]
    assert extracted.metadata == Metadata(title="Trains", author="Leyla Aliyeva", published="2024-05-17", language="az")


# --- What is no office document

ENTITY = '<!DOCTYPE w [<!ENTITY secret SYSTEM "file:///etc/hostname"><!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
LAUGHS = (
    "<!DOCTYPE w [<!ENTITY l0 'ha'>" + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10)) + "]>"
)
OFFICE = [".docx", ".pptx", ".odt", ".xlsx", ".epub"]


@pytest.mark.parametrize("ending", OFFICE)
@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xff\xd8\xff\xe0" + b"\x01" * 500, "but a JPEG picture"),
        (b"%PDF-1.7 rubbish", "but a PDF"),
        (b"PK\x03\x04" + b"rubbish" * 9, "too broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "asks for a password, or is of an old binary format"),
        (package({"other.txt": "text"}), ""),
        (package({"bomb.xml": b"0" * 301_000_000}), "unpacks to 301 MB"),
    ],
    ids=["jpeg", "pdf", "broken", "encrypted", "other zip", "bomb"],
)
def test_what_is_no_office_document_fails_and_says_what_it_is(ending: str, data: bytes, message: str) -> None:
    with pytest.raises(ReadingError) as failed:
        read("file" + ending, data)
    assert message in failed.value.message
    assert not failed.value.skipped


def test_entities_in_a_part_stand_for_nothing() -> None:
    body = "<w:p><w:r><w:t>Before &secret;&b; after.</w:t></w:r></w:p>"
    assert read("note.docx", bare_docx(body, ENTITY)).text in ("Before after.", "Before  after.", "Before")


def test_a_billion_laughs_is_a_short_text_or_an_error() -> None:
    try:
        text = read("note.docx", bare_docx(f"{p(LEFT)}<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>", LAUGHS)).text
    except ReadingError:
        return
    assert len(text) < 2 * len(LEFT)


def test_a_part_that_is_no_xml_is_named() -> None:
    broken = part_replaced(word_document(), "word/document.xml", lambda part: part[: len(part) // 2])
    with pytest.raises(ReadingError, match=r"word/document.xml"):
        read("note.docx", broken)


@pytest.mark.parametrize(("ending", "remedy"), [(".doc", "DOCX"), (".ppt", "PPTX"), (".xls", "XLSX"), (".msg", ".eml")])
def test_old_binary_formats_are_skipped_with_a_remedy(ending: str, remedy: str) -> None:
    with pytest.raises(ReadingError) as skipped:
        read("old" + ending, b"\xd0\xcf\x11\xe0")
    assert skipped.value.skipped
    assert remedy in skipped.value.hint
