"""The numbers of lists in DOCX, which Word counts and does not write."""

from __future__ import annotations

from collections import defaultdict

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BULLET = "-"


class Lists:
    """Counts the items of a document's lists; ``marker`` is asked once for each item, in their order."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._formats, self._starts = _levels(numbering)
        self._of_styles = _list_styles(styles)
        self._counts: defaultdict[str, list[int]] = defaultdict(lambda: [0] * 9)

    def marker(self, paragraph: etree._Element, style: str) -> str | None:
        """The bullet or number before a paragraph ("-", "3.", "b."), or None where it is no item."""
        own = _numbering(paragraph)
        found = own or self._of_styles.get(style)
        if found is None or found[0] == "0":
            return None
        number, level = found
        kind = self._formats.get((number, level), "bullet")
        counts = self._counts[number]
        counts[level] = counts[level] + 1 if counts[level] else self._starts.get((number, level), 1)
        counts[level + 1 :] = [0] * (8 - level)
        return _shown(counts[level], kind)


def _shown(count: int, kind: str) -> str:
    if kind == "decimal":
        return f"{count}."
    if kind in ("lowerLetter", "upperLetter") and 0 < count <= 26:
        return f"{chr(ord('a' if kind == 'lowerLetter' else 'A') + count - 1)}."
    return _BULLET


def _numbering(element: etree._Element) -> tuple[str, int] | None:
    """The list that an item or a style names, and its level there."""
    found = element.find(f"{_W}pPr/{_W}numPr")
    if found is None:
        return None
    number, level = _value(found, "numId"), _value(found, "ilvl") or "0"
    return (number, min(8, int(level))) if number and level.isdecimal() else None


def _levels(root: etree._Element | None) -> tuple[dict[tuple[str, int], str], dict[tuple[str, int], int]]:
    """How each level of each list is counted, and from which number."""
    formats: dict[tuple[str, int], str] = {}
    starts: dict[tuple[str, int], int] = {}
    if root is None:
        return formats, starts
    abstract = {one.get(f"{_W}abstractNumId"): one for one in root.iter(f"{_W}abstractNum")}
    for number in root.iter(f"{_W}num"):
        key, described = number.get(f"{_W}numId", ""), abstract.get(_value(number, "abstractNumId"))
        for level in described.iter(f"{_W}lvl") if described is not None else ():
            depth, start = level.get(f"{_W}ilvl", ""), _value(level, "start") or ""
            if depth.isdecimal() and int(depth) < 9:
                formats[key, int(depth)] = _value(level, "numFmt") or "bullet"
                starts[key, int(depth)] = int(start) if start.isdecimal() else 1
    return formats, starts


def _list_styles(root: etree._Element | None) -> dict[str, tuple[str, int]]:
    """The styles whose paragraphs are items, headings apart."""
    styles = root.iter(f"{_W}style") if root is not None else ()
    found = {style.get(f"{_W}styleId", ""): _numbering(style) for style in styles}
    return {key: numbering for key, numbering in found.items() if numbering}


def _value(element: etree._Element, name: str) -> str | None:
    child = element.find(f"{_W}{name}")
    value: str | None = child.get(f"{_W}val") if child is not None else None
    return value
