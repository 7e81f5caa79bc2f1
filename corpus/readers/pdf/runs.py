"""The words of a PDF page with their places, as PDFium finds them, in runs: one line, no wide gap."""

from __future__ import annotations

import ctypes
import math
import re
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pypdfium2 as pdfium
import pypdfium2.raw as c

# A gap of this many heights of the letters parts two runs; spaces in justified text are hardly ever as wide.
_GAP = 0.9
_ACROSS_LETTERS = 120
_WORD = re.compile(r"[^\s\x00\x02\ufffe]+")
# PDFium writes a line's end as "\r\n", and as U+FFFE or U+0002 where it ends in a hyphen.
_LINE = re.compile(r"[^\r\n\x02\ufffe]+[\x02\ufffe]?")
_BROKEN = ("\x02", "\ufffe")
# Letters of scripts that run from right to left.
_LEFTWARDS = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_BOLD = re.compile(r"bold|black|heavy|demi|medi(?!um)", re.IGNORECASE)


Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Run:
    """Words that stand together on a line. Points, ``top`` and ``bottom`` downwards, the text upright.

    ``size`` is the height of its letters' boxes. ``hyphen`` tells that its last word goes on in the next line.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    bold: bool = False
    hyphen: bool = False

    @property
    def middle(self) -> float:
        """Half way between top and bottom."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page's runs as the file draws them, its size as read, and whether anything is drawn on it.

    ``across`` is a longer text that stands at a right angle to the others, a wide table perhaps.
    """

    runs: tuple[Run, ...]
    width: float
    height: float
    drawn: bool
    across: tuple[Run, ...] = ()


def raw_page(page: pdfium.PdfPage) -> RawPage:
    """The runs of a page, turned so that most of its text is upright; short text across that, a stamp, is left out."""
    width, height = page.get_size()
    text_page = page.get_textpage()
    try:
        lines = list(_lines(text_page))
    finally:
        text_page.close()
    turns = Counter[int]()
    for _, turn, words in lines:
        turns[turn] += sum(len(word.text) for word in words)
    if not turns:
        return RawPage((), width, height, c.FPDFPage_CountObjects(page.raw) > 0)
    (main, _), *others = turns.most_common()
    left, top, right, bottom = _upright(_paper(page), main)
    across = next((turn for turn, letters in others if letters >= _ACROSS_LETTERS), None)
    return RawPage(
        tuple(_placed(page, lines, main)),
        right - left,
        bottom - top,
        drawn=True,
        across=() if across is None else tuple(_placed(page, lines, across)),
    )


def _placed(page: pdfium.PdfPage, lines: list[tuple[bool, int, list[_Word]]], turn: int) -> Iterator[Run]:
    """The runs that stand at ``turn`` quarters, measured from the page's corner as it is then."""
    left, top, _, _ = _upright(_paper(page), turn)
    for bold, turned, words in lines:
        for run in _runs(words, turn, bold) if turned == turn else ():
            yield replace(run, left=run.left - left, right=run.right - left, top=run.top - top, bottom=run.bottom - top)


def _paper(page: pdfium.PdfPage) -> Box:
    """The page's box in its own space; PDFium gives it as shown, turned."""
    left, bottom, right, top = page.get_bbox()
    if page.get_rotation() % 180:
        left, bottom, right, top = bottom, left, top, right
    return left, top, right, bottom


@dataclass(slots=True)
class _Word:
    text: str
    box: Box
    size: float
    hyphen: bool = False


def _lines(text_page: pdfium.PdfTextPage) -> Iterator[tuple[bool, int, list[_Word]]]:
    """Each line as PDFium sees it: whether bold, its quarter turns clockwise, and its words.

    Boxes and angles are in the page's own space: how the page is turned when shown does not matter.
    """
    count = c.FPDFText_CountChars(text_page.raw)
    if count <= 0:
        return
    buffer = (ctypes.c_ushort * (count + 1))()
    units = c.FPDFText_GetText(text_page.raw, 0, count, buffer) - 1
    text = "".join(map(chr, array("H", bytes(buffer)[: 2 * max(0, units)])))
    box = c.FS_RECTF()
    fonts: dict[bytes, bool] = {}
    for line in _LINE.finditer(text):
        words = [
            _Word(_joined(word[0]), *found)
            for word in _WORD.finditer(line[0])
            if (found := _box(text_page, line.start() + word.start(), line.start() + word.end() - 1, box))
        ]
        if not words:
            continue
        words[-1].hyphen = line[0].endswith(_BROKEN)
        ends = [found.start() + line.start() for found in _WORD.finditer(line[0])]
        first, last = (c.FPDFText_GetCharIndexFromTextIndex(text_page.raw, place) for place in (ends[0], ends[-1]))
        turn = c.FPDFText_GetCharAngle(text_page.raw, first) / (math.pi / 2)
        if abs(turn - round(turn)) > 0.1:
            continue  # a watermark or a label set askew
        yield all(_is_bold(text_page, index, fonts) for index in (first, last)), round(turn) % 4, words


def _is_bold(text_page: pdfium.PdfTextPage, index: int, fonts: dict[bytes, bool]) -> bool:
    name = ctypes.create_string_buffer(128)
    c.FPDFText_GetFontInfo(text_page.raw, index, name, 128, None)
    if name.value not in fonts:
        fonts[name.value] = bool(_BOLD.search(name.value.decode("latin-1")))
    return fonts[name.value]


def _box(text_page: pdfium.PdfTextPage, first: int, last: int, box: c.FS_RECTF) -> tuple[Box, float] | None:
    """The box of a word by its first and last letter (left, top, right, bottom, in the page's own space) and the size
    of its type.
    """
    corners = []
    for unit in (last, first):
        index = c.FPDFText_GetCharIndexFromTextIndex(text_page.raw, unit)
        if index < 0 or not c.FPDFText_GetLooseCharBox(text_page.raw, index, box):
            return None
        corners.append((box.left, box.top, box.right, box.bottom))
    (l1, t1, r1, b1), (l2, t2, r2, b2) = corners
    matrix = c.FS_MATRIX()
    c.FPDFText_GetMatrix(text_page.raw, index, matrix)
    size = c.FPDFText_GetFontSize(text_page.raw, index) * math.hypot(matrix.c, matrix.d)
    return (min(l1, l2), max(t1, t2), max(r1, r2), min(b1, b2)), size or t2 - b2


def _joined(units: str) -> str:
    """Halves of characters beyond the first 65,536 put together."""
    if not any("\ud800" <= unit <= "\udfff" for unit in units):
        return units
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _runs(words: list[_Word], turn: int, bold: bool) -> Iterator[Run]:
    """The words of a line in runs; what PDFium takes for one line may be several."""
    together: list[_Word] = []
    boxes: list[Box] = []
    for word in words:
        box = _upright(word.box, turn)
        if boxes and not _follows(boxes[-1], box, bool(_LEFTWARDS.search(word.text))):
            yield _run(together, boxes, bold)
            together, boxes = [], []
        together.append(word)
        boxes.append(box)
    yield _run(together, boxes, bold)


def _follows(before: Box, box: Box, leftwards: bool) -> bool:
    """Whether a word stands on the line of the one before it, and near."""
    height = min(before[3] - before[1], box[3] - box[1])
    if abs((before[1] + before[3]) - (box[1] + box[3])) > 1.2 * height:
        return False
    gap = before[0] - box[2] if leftwards else box[0] - before[2]
    return -height < gap <= _GAP * max(height, before[3] - before[1], box[3] - box[1])


def _run(words: list[_Word], boxes: list[Box], bold: bool) -> Run:
    size = max(words, key=lambda word: len(word.text)).size
    return Run(
        " ".join(word.text for word in words),
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
        size,
        bold,
        words[-1].hyphen,
    )


def _upright(box: Box, turn: int) -> Box:
    """A box of text that runs at ``turn`` quarters, as left, top, right, bottom of upright text, downwards."""
    left, top, right, bottom = box
    if turn == 0:
        return left, -top, right, -bottom
    if turn == 1:
        return -top, -right, -bottom, -left
    if turn == 2:
        return -right, bottom, -left, top
    return bottom, left, top, right
