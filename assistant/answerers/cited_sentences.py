"""Reads what a language model writes: sentences, each followed by keys in brackets, as they come in pieces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.cleaning import is_terminated
from corpus.types import Span
from index.sentences import split_sentences

_INSIDE = r"[^\[\]【】［］\n]"
_BRACKETS = re.compile(rf"\[\[(?P<double>{_INSIDE}{{1,200}})\]\]|[\[【［](?P<single>{_INSIDE}{{1,200}})[\]】］]")
_ROUND = re.compile(r"\(([^()\[\]\n]{1,200})\)")
_OPEN = re.compile(
    rf"\s*(?:\[\[{_INSIDE}{{0,200}}\]?|[\[【［]{_INSIDE}{{0,200}}|\((?:\w*\d\w*[,;\s]+){{0,6}}\w{{0,24}})$"
)
_KEY = re.compile(r"\w*\d\w*")
_LONGEST_KEY = 24
_THOUGHT = re.compile(r"\s*<think>(?:.*?</think>|.*$)", re.DOTALL)
_RAISED = "⁰¹²³⁴-⁹"
_CIRCLED = "①-⓿❶-➓"
# Marks of Markdown and tables, and what looks like a number of ours; "10⁶" and "km²" are none.
_MARKUP = re.compile(
    rf"\*\*|__|`|^#+[ \t]*|^[ \t]*>(?![ \t]*\d)[ \t]*|^[ \t|:-]{{3,}}$|[ \t]*\||[ \t]*[\[(][{_RAISED}{_CIRCLED}]+[\])]|"
    rf"(?<=[.!?…”\"»)])[{_RAISED}]+(?=\s|$)|(?<=[^\W\d_])[⁰¹⁴-⁹]+(?=[\s.,;:!?…]|$)|[ \t]*[{_CIRCLED}]+",
    re.MULTILINE,
)
_BROKEN_LINE = re.compile(r"(?<=[\w,;-])\n(?=[^\W\d_A-ZА-ЯЁІЇЄ])")
_PAIRS = (("“", "”"), ("«", "»"), ("(", ")"))
_EMPTY = re.compile(r"\s*\(\s*\)")
_SPACE_BEFORE_END = re.compile(r"\s+(?=[.,;:!?…](?:\s|$))")


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence without its keys, and the keys that stood in or behind it, each once, in order."""

    text: str
    keys: tuple[str, ...]


class BrokenOff(Exception):
    """Raised by a stream of pieces that ends before its writer was done; the last sentence may be a torso."""


class SentenceReader:
    """Takes pieces of text and gives whole sentences.

    ``known`` are the keys that were shown. A bracket is a citation when it holds one of them, or nothing but what looks
    like a key; so a number in brackets is a key that nobody showed, and never part of a sentence.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._known = frozenset(known)
        self._pending = ""

    def feed(self, piece: str) -> Iterator[CitedSentence]:
        """The sentences that are complete now that ``piece`` has come: those after which another has begun."""
        self._pending = _BROKEN_LINE.sub(" ", self._pending + without_hidden(piece))
        if "\n" in piece or any(mark in piece for mark in ".!?…。！？ "):
            *done, rest = self._split(at_end=False)
            if done and " " in rest[1].text.strip():
                self._pending = self._pending[rest[0] :]
                yield from (sentence for _, sentence in done)

    def close(self, *, whole: bool) -> Iterator[CitedSentence]:
        """What is left at the end. Where the text was broken off, a last sentence without its end is not given."""
        torn = not whole and bool(_OPEN.search(self._pending))
        *done, (_, last) = self._split(at_end=True)
        self._pending = ""
        yield from (sentence for _, sentence in done)
        given = whole or (is_terminated(last.text) and not torn)
        if given if last.text else not self._known.issuperset(last.keys):
            yield last

    def _split(self, *, at_end: bool) -> list[tuple[int, CitedSentence]]:
        """The sentences of what is pending, each with where it begins there; at least one, which may be empty.

        Of keys before the first, those that nobody showed are told with it.
        """
        plain, citations, origins = self._without_citations()
        spans = _whole(plain, split_sentences(plain), at_end=at_end)
        if not spans:
            keys = [key for _, cited in citations for key in cited]
            return [(len(self._pending), CitedSentence("", tuple(dict.fromkeys(keys))))]
        found = []
        for number, span in enumerate(spans):
            end = spans[number + 1].start if number + 1 < len(spans) else len(plain) + 1
            keys = [key for position, cited in citations for key in cited if span.start < position <= end]
            if number == 0:
                early = [key for position, cited in citations for key in cited if position <= span.start]
                keys = [*(key for key in early if key not in self._known), *keys]
            text = _EMPTY.sub("", " ".join(plain[span.start : span.end].split()))
            text = _SPACE_BEFORE_END.sub("", text)
            found.append((origins[span.start], CitedSentence(text, tuple(dict.fromkeys(keys)))))
        return found

    def _without_citations(self) -> tuple[str, list[tuple[int, list[str]]], list[int]]:
        """The pending text without citations; where each stood and its keys; where each character came from."""
        plain: list[str] = []
        origins: list[int] = []
        citations: list[tuple[int, list[str]]] = []
        position = 0
        skipped = [match.span() for match in _THOUGHT.finditer(self._pending)]
        skipped += [match.span() for match in _MARKUP.finditer(self._pending)]
        skipped += [match.span() for match in _OPEN.finditer(self._pending)]
        for start, end, keys in sorted([*self._citations(), *((*span, []) for span in skipped)]):
            if start < position:
                continue
            plain.extend(self._pending[position:start])
            origins.extend(range(position, start))
            citations.append((len(plain), keys))
            position = end
        plain.extend(self._pending[position:])
        origins.extend(range(position, len(self._pending)))
        return "".join(plain), citations, origins

    def _citations(self) -> Iterator[tuple[int, int, list[str]]]:
        for match in _BRACKETS.finditer(self._pending):
            words = _words(match["single"] or match["double"])
            keys = [word for word in words if word in self._known or _looks_like_a_key(word)]
            if keys and (len(keys) == len(words) or self._known.intersection(keys)):
                yield match.start(), match.end(), keys
        for match in _ROUND.finditer(self._pending):
            words = _words(match[1])
            if self._known.intersection(words) and all(
                word in self._known or _looks_like_a_key(word) for word in words
            ):
                yield match.start(), match.end(), words


def without_hidden(text: str) -> str:
    """A text without characters that are not seen but read: zero-width, bidirectional, tags, controls; and without
    halves of characters.
    """
    return "".join(
        mark for mark in text if mark in "\n\t" or unicodedata.category(mark) not in ("Cf", "Cc", "Co", "Cn", "Cs")
    )


def _words(cited: str) -> list[str]:
    return [word.strip("^#.:") for word in re.split(r"[,;\s]+", cited) if word.strip("^#.:")]


def _whole(text: str, spans: Sequence[Span], *, at_end: bool) -> list[Span]:
    """Sentences, those of one quotation or bracket together: torn apart, what is quoted would seem to be said.

    A mark that is not closed within its paragraph is none, which is known once the paragraph or the text has ended.
    """
    found: list[Span] = []
    rest = list(spans)
    while rest:
        closed = next((n for n, span in enumerate(rest, 1) if not _is_open(text[rest[0].start : span.end])), None)
        count = closed or (1 if at_end else len(rest))
        if "\n\n" in text[rest[0].start : rest[count - 1].end]:
            count = 1
        found.append(Span(rest[0].start, rest[count - 1].end))
        del rest[:count]
    return found


def _is_open(text: str) -> bool:
    """Whether a quotation or bracket is open at the end of a text; „ is closed by “, as in German and Ukrainian."""
    low = text.count("„")
    if low:
        return low > text.count("“") + text.count("”")
    return text.count('"') % 2 == 1 or any(text.count(one) > text.count(other) for one, other in _PAIRS)


def _looks_like_a_key(word: str) -> bool:
    return len(word) <= _LONGEST_KEY and bool(_KEY.fullmatch(word))
