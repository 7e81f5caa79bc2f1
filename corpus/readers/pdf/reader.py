"""From the bytes of a PDF to its text, headings, rows and pages."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pypdfium2 as pdfium

from corpus.blocks import TextBuilder
from corpus.cleaning import normalise
from corpus.dates import parse_published
from corpus.errors import ReadingError
from corpus.quality import joined_reasons, unreadable
from corpus.readers.pdf.furniture import without_furniture
from corpus.readers.pdf.layout import lines_of
from corpus.readers.pdf.paragraphs import Block, blocks_of, measured, parts_of
from corpus.readers.pdf.runs import RawPage, raw_page
from corpus.types import Extracted, Metadata, Page

# PDFium keeps one state for the whole process.
_ALONE = threading.Lock()
_MOST_PAGES = 5_000
# Ligatures, and the shapes that Arabic letters take in a word.
_SHAPES = re.compile("[\ufb00-\ufb06\ufb13-\ufb17\ufb50-\ufdff\ufe70-\ufefc]+")
_LEADERS = re.compile(r"(?:\s?[.…·_]){4,}\s*")
_DATE = re.compile(r"^(?:D:)?(\d{4})(\d{2})?(\d{2})?")
_NO_TITLE = re.compile(
    r"untitled|^microsoft (?:word|powerpoint|excel) - |^(?:document|slide|print|page|layout) ?\d*$|"
    r"\.(?:docx?|pptx?|xlsx?|indd|jpe?g|png|tiff?|pdf|rtf|odt|html?|qxd|pub|pmd|ai|dvi|tex)$|^https?:|\\|/|@",
    re.IGNORECASE,
)
_LINK = re.compile(r"[,;]?\s*\(?https?://\S+")
_NO_AUTHOR = re.compile(
    r"^(?:anonymous|unknown|user|admin(?:istrator)?|owner|root|author|default|windows user|pc|test|none)\d*$|"
    r"microsoft|adobe|^\S+\\|@",
    re.IGNORECASE,
)


def read_pdf(data: bytes) -> Extracted:
    """Reads a PDF; a page that is drawn on and holds no text makes it partial.

    Raises:
        ReadingError: the file asks for a password, is no PDF or is broken, or no page of it holds text.
    """
    with _ALONE, _opened(data) as document:
        count = len(document)
        raw = [_raw(document, number) for number in range(min(count, _MOST_PAGES))]
        told = _told(document)
    if not any(page.runs for page in raw):
        remedy = "recognise its text first (OCR)" if any(page.drawn for page in raw) else "its pages are empty"
        raise ReadingError(f"no page of it holds text (of {count:,})", remedy)
    cleared = without_furniture(raw)
    silent = sum(page.drawn and not page.runs for page in cleared)
    if not any(page.runs for page in cleared):
        cleared, silent = raw, sum(page.drawn and not page.runs for page in raw)
    builder, pages, title = _written(cleared)
    return Extracted(
        text=builder.text,
        metadata=Metadata(
            title=_title(told.get("Title")) or title,
            author=_author(told.get("Author")),
            published=_date(told.get("CreationDate")),
        ),
        headings=tuple(builder.headings),
        rows=tuple(builder.rows),
        pages=pages,
        partial=joined_reasons(
            f"{silent:,} of {count:,} pages hold no text" if silent else None,
            f"only the first {_MOST_PAGES:,} of {count:,} pages were read" if count > _MOST_PAGES else None,
            unreadable(builder.text),
            builder.partial,
        ),
    )


@contextmanager
def _opened(data: bytes) -> Iterator[pdfium.PdfDocument]:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise ReadingError("the PDF asks for a password", "save a copy without one") from error
        raise ReadingError("it is no PDF, or one too broken to be read", "save it again as PDF") from error
    try:
        yield document
    finally:
        document.close()


def _raw(document: pdfium.PdfDocument, number: int) -> RawPage:
    """The runs of a page; one that is too broken to be opened counts as drawn on and silent."""
    try:
        page = document[number]
        try:
            return raw_page(page)
        finally:
            page.close()
    except pdfium.PdfiumError:
        return RawPage((), 0, 0, drawn=True)


def _told(document: pdfium.PdfDocument) -> dict[str, str]:
    return {name: normalise(value).strip() for name, value in document.get_metadata_dict().items()}


def _written(raw: Sequence[RawPage]) -> tuple[TextBuilder, tuple[Page, ...], str | None]:
    """The text, where each page lies in it, and the words in the biggest letters of the first page that has any."""
    pages = [[*lines_of(page.runs), *lines_of(page.across, behind=True)] for page in raw]
    usual = measured(pages)
    builder = TextBuilder()
    starts: dict[int, int] = {}
    title: str | None = None
    for block in blocks_of(pages, usual):
        parts = [(index, _mended(text)) for index, text in parts_of(block, usual)]
        length = builder.length
        _add(block, "".join(text for _, text in parts), builder)
        if builder.length == length:
            continue
        place = builder.last.start
        for index, text in parts:
            starts.setdefault(index, min(place, builder.length))
            place += len(text)
        if title is None and block.kind == "heading" and block.level == 1 and min(starts) == parts[0][0]:
            title = _title(builder.text[builder.last.start : builder.length])
    order = sorted(starts)
    ends = [starts[index] for index in order[1:]] + [builder.length]
    spans = zip(order, ends, strict=True)
    return builder, tuple(Page(starts[index], end, index + 1) for index, end in spans), title


def _add(block: Block, text: str, builder: TextBuilder) -> None:
    if block.kind == "heading":
        builder.heading(text, block.level)
    elif block.kind == "row":
        builder.row([_mended(cell) for cell in block.cells])
    elif block.kind == "item":
        bullet, _, rest = text.partition(" ")
        builder.item(rest, "-" if rest else bullet)
    else:
        builder.paragraph(text)


def _mended(text: str) -> str:
    """Ligatures taken apart, dotted leaders made a space, spaces and signs as everywhere; the ends stay."""
    text = _SHAPES.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return normalise(_LEADERS.sub(" ", text) if ".." in text or ". ." in text or "__" in text else text)


def _title(value: str | None) -> str | None:
    """A title that somebody wrote: several words, mostly letters, not a file's name or a program's."""
    text = " ".join((value or "").split())
    worded = sum(map(str.isalpha, text)) > 0.6 * len(text)
    return text if " " in text and worded and not _NO_TITLE.search(text) else None


def _author(value: str | None) -> str | None:
    text = _LINK.sub("", " ".join((value or "").split()))
    return text if text and not _NO_AUTHOR.search(text) else None


def _date(value: str | None) -> str | None:
    """The day on which the file says it was made ("D:20240115093000Z")."""
    match = _DATE.match(value or "")
    return parse_published("-".join(part for part in match.groups() if part)) if match else None
