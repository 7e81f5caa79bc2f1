"""Lines put together again: paragraphs over columns and pages, broken words mended, headings and table rows told."""

from __future__ import annotations

import itertools
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from corpus.cleaning import is_terminated
from corpus.readers.pdf.layout import Line

_MARKER = re.compile(r"^(?:[-–—•·▪●○◦‣*■□o\uf0b7\uf0a7\uf0d8]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])(?=\s|$)")
_BULLET = re.compile(r"^[-–—•·▪●○◦‣*■□\uf0b7\uf0a7\uf0d8](?=\s|$)")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_CUT = re.compile(r"[^\W_]-$")
_PITCH = 1.3
# Columns of one text are so alike in width; the end of a paragraph overleaf may be shorter.
_ALIKE = 0.6
_BIG = 1.08
_BIGGER = 1.25
_SMALL = 0.92
_HEADING_LENGTH = 200
_BOLD_LENGTH = 120


@dataclass(slots=True)
class Block:
    """A paragraph ("text"), a heading (with its level), an item or a table row: lines with the index of their page."""

    kind: str
    lines: list[tuple[int, Line]] = field(default_factory=list)
    level: int = 0

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells of a row."""
        return self.lines[0][1].cells


@dataclass(frozen=True, slots=True)
class Measures:
    """What is usual in a document: the size of its letters, whether it is bold, and its words."""

    size: float
    bold: bool
    words: Counter[str]


def measured(pages: Sequence[Sequence[Line]]) -> Measures:
    """The measures of a document's lines."""
    sizes: Counter[tuple[float, bool]] = Counter()
    words: Counter[str] = Counter()
    for page in pages:
        broken = False
        for line in page:
            text = line.text
            sizes[round(line.box.size * 2) / 2, line.box.bold] += len(text)
            whole = _WORD.findall(text.lower())
            # Halves of broken words are no words.
            words.update(whole[1 if broken else 0 : -1 if line.box.hyphen else None])
            broken = line.box.hyphen
    size, bold = sizes.most_common(1)[0][0] if sizes else (10.0, False)
    return Measures(size, bold, words)


def blocks_of(pages: Sequence[Sequence[Line]], usual: Measures) -> list[Block]:
    """The blocks of a document in reading order; notes at the foot of a column come after its text."""
    blocks: list[Block] = []
    for index, page in enumerate(pages):
        body, notes = _notes_apart([_one_cell(line) for line in page], usual)
        pitch = _usual_pitch(body)
        before = len(blocks)
        for line, neighbour in _with_neighbours(body):
            is_row = len(line.cells) > 2 or (len(line.cells) == 2 and neighbour)
            last = blocks[-1] if blocks else None
            if last and not is_row and last.kind == "text" and _goes_on(last, index, line, pitch, usual):
                last.lines.append((index, line))
            else:
                blocks.append(Block("row" if is_row and not _is_big(line, usual) else "text", [(index, line)]))
        noted: list[Block] = []
        for line in notes:
            if noted and _goes_on(noted[-1], index, line, _PITCH, usual):
                noted[-1].lines.append((index, line))
            else:
                noted.append(Block("text", [(index, line)]))
        # A paragraph that goes on overleaf stays behind the notes, so that it is whole and pages follow each other.
        place = len(blocks) - (1 if noted and len(blocks) > before and _is_open(blocks[-1]) else 0)
        blocks[place:place] = noted
    _tell_headings(blocks, usual)
    return blocks


def parts_of(block: Block, usual: Measures) -> list[tuple[int, str]]:
    """The text of a block as (page index, text) in parts that make it whole when put together as they are."""
    parts: list[tuple[int, str]] = []
    hyphen = False
    for index, line in block.lines:
        if parts:
            page, before = parts[-1]
            cut, joint = _joint(before, line.text, hyphen, usual)
            parts[-1] = (page, cut + joint)
        if parts and parts[-1][0] == index:
            parts[-1] = (index, parts[-1][1] + line.text)
        else:
            parts.append((index, line.text))
        hyphen = line.box.hyphen
    return parts


def _joint(before: str, after: str, hyphen: bool, usual: Measures) -> tuple[str, str]:
    """The text before a line's end as it stays, and what comes between it and the next line."""
    if not hyphen and not _CUT.search(before):
        return before, " "
    before = before.removesuffix("-")
    first, second = re.search(r"[^\W_]*$", before), re.match(r"[^\W_]*", after)
    start, end = (first[0].lower() if first else ""), (second[0].lower() if second else "")
    together = usual.words[start + end]
    compound = usual.words[f"{start}-{end}"]
    if compound or together:
        return before, "-" if compound > together else ""
    two = len(start) > 2 and len(end) > 2 and usual.words[start] and usual.words[end]
    return before, "-" if two or not after[:1].islower() or start[-1:].isdigit() else ""


def _one_cell(line: Line) -> Line:
    """A bullet or number that stands apart belongs to its line."""
    if len(line.cells) == 2 and _MARKER.match(line.cells[0]) and len(line.cells[0]) <= 5:
        return replace(line, cells=(" ".join(line.cells),))
    return line


def _notes_apart(lines: Sequence[Line], usual: Measures) -> tuple[list[Line], list[Line]]:
    """The lines of a page, and those of smaller print at the foot of its columns."""
    body: list[Line] = []
    notes: list[Line] = []
    for column in dict.fromkeys(line.column for line in lines):
        part = [line for line in lines if line.column == column]
        end = len(part)
        while end and part[end - 1].box.size < _SMALL * usual.size and len(part[end - 1].cells) == 1:
            end -= 1
        end = end or len(part)
        body += part[:end]
        notes += part[end:]
    return body, notes


def _with_neighbours(lines: Sequence[Line]) -> Iterator[tuple[Line, bool]]:
    """Each line, and whether one next to it has cells too."""
    for number, line in enumerate(lines):
        near = [*lines[max(0, number - 1) : number], *lines[number + 1 : number + 2]]
        yield line, any(len(other.cells) > 1 for other in near)


def _usual_pitch(lines: Sequence[Line]) -> float:
    """How far apart the lines of a page are, in heights of their letters."""
    pitches = [
        (after.box.top - before.box.top) / after.box.size
        for before, after in itertools.pairwise(lines)
        if before.column == after.column and abs(before.box.size - after.box.size) < 0.5 and after.box.size > 0
    ]
    pitches = [pitch for pitch in pitches if 0.7 < pitch < 3]
    return statistics.median_low(pitches) if pitches else _PITCH


def _goes_on(block: Block, index: int, line: Line, pitch: float, usual: Measures) -> bool:
    """Whether a line belongs to the paragraph before it."""
    page, last = block.lines[-1]
    size = max(last.box.size, 0.1)
    text, after = last.text, line.text
    if (last.box.hyphen or _CUT.search(text)) and after[:1].isalpha() and index - page < 2 and not last.box.bold:
        return True
    if abs(last.box.size - line.box.size) > 0.1 * size or last.box.bold != line.box.bold:
        return False
    if _MARKER.match(after) and (_BULLET.match(after) or is_terminated(text) or _MARKER.match(block.lines[0][1].text)):
        return False
    ended = is_terminated(text)
    full = last.box.right > last.right - 2.5 * size
    if page != index or last.column != line.column or line.box.top < last.box.top:
        widths = sorted((last.right - last.left, line.right - line.left))
        small = after[:1].islower()
        if ended or _is_big(last, usual) or not (widths[0] > _ALIKE * widths[1] or (small and page != index)):
            return False
        return small or full
    if line.box.top - last.box.top > _PITCH * pitch * size:
        return False
    first_word = len(after.split(" ", 1)[0]) * line.box.size * 0.45
    fitted = last.box.right + first_word + 0.5 * size < last.right
    indented = line.box.left - last.box.left
    if ended:
        return not fitted and abs(indented) < 0.8 * size
    short = last.box.right - last.left < 0.6 * (last.right - last.left)
    return after[:1].islower() or not (fitted and (short or _is_big(last, usual)))


def _is_open(block: Block) -> bool:
    return block.kind == "text" and not is_terminated(block.lines[-1][1].text)


def _is_big(line: Line, usual: Measures) -> bool:
    return line.box.size > _BIG * usual.size


def _tell_headings(blocks: list[Block], usual: Measures) -> None:
    """Makes headings of short blocks in bigger letters, or in bold where the text is not."""
    sizes: set[float] = set()
    for block in blocks:
        lines = [line for _, line in block.lines]
        length = sum(len(line.text) for line in lines)
        words = any(letter.isalpha() for line in lines for letter in line.text)
        if block.kind == "row" or not words:
            continue
        ended = is_terminated(lines[-1].text) and lines[0].box.size < _BIGGER * usual.size
        big = all(_is_big(line, usual) for line in lines) and length <= _HEADING_LENGTH and not ended
        bold = all(line.box.bold for line in lines) and not usual.bold and length <= _BOLD_LENGTH
        if big or (bold and not is_terminated(lines[-1].text) and not _BULLET.match(lines[0].text)):
            block.kind = "heading"
            sizes.add(round(lines[0].box.size))
        elif _BULLET.match(lines[0].text):
            block.kind = "item"
    ranks = {size: rank for rank, size in enumerate(sorted(sizes, reverse=True), 1)}
    for block in blocks:
        if block.kind == "heading":
            block.level = min(6, ranks[round(block.lines[0][1].box.size)])
