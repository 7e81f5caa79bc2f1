"""Sheets, delimited tables, books and rich text."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from openpyxl import Workbook

from corpus.errors import ReadingError
from corpus.readers import read
from corpus.types import Extracted, Metadata
from tests.corpus.makers import epub, package, part_replaced

LEFT = "The peacekeepers left the region in the spring, and their vehicles were loaded on trains."


def rows(extracted: Extracted) -> list[str]:
    return [extracted.text[row.start : row.end] for row in extracted.rows]


def headings(extracted: Extracted) -> list[tuple[str, int]]:
    return [(extracted.text[heading.start : heading.end], heading.level) for heading in extracted.headings]


def workbook(**sheets: list[list[object]]) -> bytes:
    made = Workbook()
    made.remove(made.active)
    for name, cells in sheets.items():
        sheet = made.create_sheet(name)
        for row in cells:
            sheet.append(row)
    file = io.BytesIO()
    made.properties.title, made.properties.creator = "Troops", "Leyla Aliyeva"
    made.properties.created = dt.datetime(2024, 5, 17)
    made.save(file)
    return file.getvalue()


def table(text: str, name: str = "table.csv") -> Extracted:
    return read(name, text.encode())


# --- XLSX


def test_rows_of_a_workbook_name_their_columns_below_the_name_of_their_sheet() -> None:
    data = workbook(
        Troops=[["Country", "Troops", "Since"], ["Russia", 1960, dt.datetime(2020, 11, 10)], ["Turkey", 60.5, None]],
        Empty=[],
        Notes=[[LEFT]],
    )
    extracted = read("troops.xlsx", data)
    assert extracted.text == (
        f"Troops\n\nCountry: Russia; Troops: 1960; Since: 2020-11-10\nCountry: Turkey; Troops: 60.5\n\nNotes\n\n{LEFT}"
    )
    assert headings(extracted) == [("Troops", 1), ("Notes", 1)]
    assert extracted.metadata == Metadata(title="Troops", author="Leyla Aliyeva", published="2024-05-17")


def test_tables_below_each_other_have_their_own_columns() -> None:
    data = workbook(
        S=[
            ["Title of all", None],
            ["Country", "Troops"],
            ["Russia", 1],
            [],
            ["City", "People"],
            ["Barda", 2],
            [],
            ["Ganja", 3],
        ]
    )
    assert rows(read("two.xlsx", data)) == [
        "Country: Russia; Troops: 1",
        "City: Barda; People: 2",
        "City: Ganja; People: 3",
    ]


@pytest.mark.parametrize("data", [workbook(A=[], B=[[None, ""]]), workbook(A=[])])
def test_a_workbook_without_text_fails(data: bytes) -> None:
    with pytest.raises(ReadingError, match="none of its sheets holds text"):
        read("empty.xlsx", data)


def test_a_sheet_with_cells_at_its_far_corners_is_refused_before_it_fills_the_memory() -> None:
    far = b'<c r="XFD1048576"><v>1</v></c></row></sheetData>'
    harmed = part_replaced(
        workbook(S=[["a", 1]]), "xl/worksheets/sheet1.xml",
        lambda part: part.replace(b"</sheetData>", b'<row r="1048576">' + far),
    )  # fmt: skip
    with pytest.raises(ReadingError, match="spans 16,384 columns and 1,048,576 rows"):
        read("far.xlsx", harmed)


def test_a_part_that_says_it_is_smaller_than_it_is_is_refused() -> None:
    data = bytearray(workbook(S=[["Country", "Troops"], *[[f"Country {number}", number] for number in range(500)]]))
    name = b"xl/worksheets/sheet1.xml"
    entry = data.rindex(name) - 46
    assert data[entry : entry + 4] == b"PK\x01\x02"
    data[entry + 24 : entry + 28] = (99).to_bytes(4, "little")
    with pytest.raises(ReadingError, match=r"sheet1.xml' is broken"):
        read("lying.xlsx", bytes(data))


# --- CSV and TSV


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    source = "\n".join(delimiter.join(row) for row in (["Country", "Troops"], ["Russia", "1960"], ["Turkey", "60"]))
    assert rows(table(source)) == ["Country: Russia; Troops: 1960", "Country: Turkey; Troops: 60"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('Name,Said\nLeyla,"One, two\nthree"', ["Name: Leyla; Said: One, two three"]),
        ("1,2\n3,4", ["1; 2", "3; 4"]),
        ("Name;Price\nA;1,5\nB;2,5", ["Name: A; Price: 1,5", "Name: B; Price: 2,5"]),
        ("sep=|\nName|Price\nA|1", ["Name: A; Price: 1"]),
        ("Name,Price\nA,1,more\nB", ["Name: A; Price: 1; more", "Name: B"]),
        ("Only one column\nA\nB", ["Only one column: A", "Only one column: B"]),
        ("Name,Note\r\nA,\r\n,\r\nB,x\r\n", ["Name: A", "Name: B; Note: x"]),
    ],
    ids=["quoted", "numbers", "decimal commas", "told", "ragged", "one column", "empty cells"],
)
def test_rows_of_delimited_text(source: str, expected: list[str]) -> None:
    assert rows(table(source)) == expected


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1251"])
def test_a_table_is_decoded(encoding: str) -> None:
    source = "Страна;Город\nАзербайджан;Барда и его окрестности\nАрмения;Гюмри и Ереван, столица страны"
    extracted = read("table.csv", source.encode(encoding))
    assert rows(extracted)[0] == "Страна: Азербайджан; Город: Барда и его окрестности"


def test_a_quotation_mark_without_its_pair_is_said() -> None:
    with pytest.raises(ReadingError, match="cannot be read"):
        table('a,b\n"' + "x" * 2_000_000)


# --- EPUB

CHAPTERS = {
    "one.xhtml": f"<h2>The first</h2><p>{LEFT}</p><ul><li>one road</li><li>two<br/>roads</li></ul>",
    "two.xhtml": "<p>It froze.</p><table><tr><th>City</th><th>People</th></tr><tr><td>Barda</td><td>9</td></tr>"
    "</table>",
    "late.xhtml": "<script>var a</script><div>One <b>bold</b> word.<p>And more.</p></div>",
}


def book(*spine: str) -> bytes:
    told = (
        "<dc:title>Trains</dc:title><dc:creator>Leyla Aliyeva</dc:creator><dc:date>2024-05-17</dc:date>"
        "<dc:language>en-GB</dc:language><dc:publisher>Steppe Press</dc:publisher>"
    )
    return epub(CHAPTERS, spine, {"one.xhtml": "Not shown", "two.xhtml": "The second"}, told)


def test_chapters_come_in_the_order_of_the_spine_behind_their_headings() -> None:
    extracted = read("trains.epub", book("late.xhtml", "one.xhtml", "two.xhtml"))
    assert extracted.text == (
        f"One bold word.\n\nAnd more.\n\nThe first\n\n{LEFT}\n\n- one road\n- two roads\n\nThe second\n\nIt froze.\n\n"
        "City: Barda; People: 9"
    )
    assert headings(extracted) == [("The first", 2), ("The second", 1)]
    assert extracted.metadata == Metadata(
        title="Trains", author="Leyla Aliyeva", published="2024-05-17", language="en", outlet="Steppe Press"
    )


def test_elements_closed_in_their_opening_tag_hold_nothing() -> None:
    chapter = {"one.xhtml": f'<script src="a.js"/><a id="top"/><p>{LEFT}</p><p class="space"/>'}
    assert read("trains.epub", epub(chapter, ["one.xhtml"], {})).text == LEFT


def test_a_missing_chapter_is_counted() -> None:
    whole = book("one.xhtml", "two.xhtml")
    harmed = part_replaced(whole, "OEBPS/book.opf", lambda part: part.replace(b'href="two', b'href="no'))
    assert read("trains.epub", harmed).partial == "1 of 2 chapters cannot be read"


def test_a_chapter_that_is_nested_too_deeply_is_counted() -> None:
    deep = {**CHAPTERS, "two.xhtml": "<div>" * 5_000 + "lost"}
    assert read("trains.epub", epub(deep, ["one.xhtml", "two.xhtml"], {})).partial == "1 of 2 chapters cannot be read"


def test_a_table_within_a_table_is_read_once() -> None:
    inner = "<table><tr><td>inner</td></tr></table>"
    chapter = {"one.xhtml": f"<p>{LEFT}</p><table><tr><td>outer {inner}</td><td>9</td></tr></table>"}
    assert rows(read("trains.epub", epub(chapter, ["one.xhtml"], {}))) == ["outer inner; 9"]


def test_a_copy_protected_book_fails() -> None:
    locked = '<e xmlns:x="http://www.w3.org/2001/04/xmlenc#"><x:CipherReference URI="OEBPS/one.xhtml"/></e>'
    parts = {"META-INF/encryption.xml": locked}
    with zipfile.ZipFile(io.BytesIO(book("one.xhtml"))) as archive:
        parts |= {name: archive.read(name).decode() for name in archive.namelist()}
    with pytest.raises(ReadingError, match="copy-protected"):
        read("trains.epub", package(parts))


# --- RTF


def test_rich_text_becomes_plain_text() -> None:
    source = (
        rb"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0 Arial;}}{\*\generator X;}\b The last train\b0\par\par "
        rb"A\u287 ?dam and \'c1\'e0\'f0\'e4\'e0 were left in May, and nobody came.\par}"
    )
    extracted = read("note.rtf", source)
    assert extracted.text == "The last train\n\nAğdam and Барда were left in May, and nobody came."
    assert extracted.metadata.title == "The last train"


def test_what_is_no_rich_text_fails() -> None:
    with pytest.raises(ReadingError, match="no RTF"):
        read("note.rtf", b"plain text")
