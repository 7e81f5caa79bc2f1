"""The tail of an e-mail that is not its author's: the message replied to, and the signature."""

from __future__ import annotations

import re

from lxml import etree, html

_ORIGINAL = re.compile(
    r"^\s*-{2,}\s*(?:original message|ursprüngliche nachricht|message d['’]origine|mensaje original|messaggio originale"
    r"|исходное сообщение|orijinal mesaj)\s*-{2,}\s*$",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"^\s*(?:-{2,}\s*)?(?:begin )?(?:forwarded message|weitergeleitete nachricht|message transféré|mensaje reenviado"
    r"|пересланное сообщение|пересылаемое сообщение)\b",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"^\s*\*?(?:from|sent|date|to|cc|subject|von|gesendet|datum|an|betreff|de|envoyé|à|objet|от|отправлено|дата|кому|тема)"
    r"\*?\s*:\s*\S",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"(?:\bwrote|\bschrieb\b.*|\ba écrit|\bescribió|\bha scritto|писал\S*|пишет|yazdı)\s*:\s*$", re.IGNORECASE
)
_SIGNATURE = re.compile(r"^-- ?$")
_SENT_FROM = re.compile(
    r"^\s*(?:sent from my|get outlook for|von meinem \w+ gesendet|отправлено с)\b.{0,40}$", re.IGNORECASE
)
_HEADERS_IN_ROW = 3
_INTRODUCTION_LINES = 4
_SIGNATURE_LINES = 15
_QUOTES = " | ".join(
    (
        "//blockquote[@type='cite']",
        "//div[contains(@class, 'moz-cite-prefix')]",
        "//div[contains(@class, 'gmail_signature')]",
        "//div[contains(@class, 'gmail_quote')]",
        "//div[contains(@class, 'yahoo_quoted')]",
        "//div[@id='appendonsend']",
        "//div[@id='divRplyFwdMsg']",
        "//div[@id='divRplyFwdMsg']/following-sibling::*",
    )
)


def own_words(text: str) -> str:
    """The text of a message without the quoted tail and the signature.

    What was forwarded stays, quotes between the lines of an answer stay, and a message that is nothing but a quote is
    kept whole: it is all that there is to read.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    own = _without_signature(_without_tail(lines))
    return "\n".join(own) if any(line.strip() for line in own) else text


def own_markup(source: str) -> str:
    """The same for the HTML of a message, by the marks that mail programs leave around what they quote."""
    try:
        page = html.document_fromstring(source.encode("utf-8", "replace"), html.HTMLParser(encoding="utf-8"))
    except (etree.LxmlError, ValueError):
        return source
    for quote in page.xpath(_QUOTES):
        if quote.getparent() is not None and not _FORWARDED.match("".join(quote.itertext()).strip()):
            quote.drop_tree()
    if not "".join(page.itertext()).strip():
        return source
    return str(html.tostring(page, encoding="unicode"))


def _without_tail(lines: list[str]) -> list[str]:
    """Cuts at what opens the message replied to, a mark or a block of headers, else what is quoted by > at the end."""
    for number, line in enumerate(lines):
        if _FORWARDED.match(line):
            return lines
        block = [_HEADER.match(other) for other in lines[number : number + _HEADERS_IN_ROW]]
        if _ORIGINAL.match(line) or (len(block) == _HEADERS_IN_ROW and all(block)):
            return lines[:number]
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith(">")):
        end -= 1
    if not any(line.lstrip().startswith(">") for line in lines[end:]):
        return lines
    return lines[: _introduction(lines, end)]


def _introduction(lines: list[str], end: int) -> int:
    """Where "On Monday, Anna wrote:" before a quote begins, or ``end`` where there is none."""
    start = end
    while start and end - start < _INTRODUCTION_LINES and lines[start - 1].strip():
        start -= 1
    for first in range(end - 1, start - 1, -1):
        joined = " ".join(lines[first:end])
        opens = first == start or re.match(r"\s*(?:On|Am|Le|El|Il)\b|\s*\d", lines[first])
        if _WROTE.search(joined) and opens:
            return first
    return end


def _without_signature(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    if end and _SENT_FROM.match(lines[end - 1]):
        return lines[: end - 1]
    for number in range(end - 1, max(-1, end - 1 - _SIGNATURE_LINES), -1):
        if _SIGNATURE.match(lines[number]):
            return lines[:number]
    return lines[:end]
