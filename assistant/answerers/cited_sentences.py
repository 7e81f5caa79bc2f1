"""Reads what a language model writes: sentences, each followed by keys in brackets, as they come in pieces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus.cleaning import is_terminated
from index.sentences import split_sentences

_BRACKETS = re.compile(r"[\[【［]([^\[\]【】［］\n]{1,200})[\]】］]")
_OPEN = re.compile(r"\s*[\[【［][^\[\]【】［］\n]{0,200}$")
_KEY = re.compile(r"\w*\d\w*")
_LONGEST_KEY = 24
_THOUGHT = re.compile(r"\s*<think>(?:.*?</think>|.*$)", re.DOTALL)
_EMPHASIS = re.compile(r"\*\*|__|`|^#+\s*", re.MULTILINE)
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
        self._pending += without_hidden(piece)
        if "\n" in piece or any(mark in piece for mark in ".!?…。！？ "):
            *done, rest = self._split()
            if done and " " in rest[1].text.strip():
                self._pending = self._pending[rest[0] :]
                yield from (sentence for _, sentence in done)

    def close(self, *, whole: bool) -> Iterator[CitedSentence]:
        """What is left at the end. Where the text was broken off, a last sentence without its end is not given."""
        torn = not whole and bool(_OPEN.search(self._pending))
        *done, (_, last) = self._split()
        self._pending = ""
        yield from (sentence for _, sentence in done)
        if last.text and (whole or (is_terminated(last.text) and not torn)):
            yield last

    def _split(self) -> list[tuple[int, CitedSentence]]:
        """The sentences of what is pending, each with where it begins there; at least one, which may be empty."""
        plain, citations, origins = self._without_citations()
        spans = split_sentences(plain)
        if not spans:
            return [(len(self._pending), CitedSentence("", ()))]
        found = []
        for number, span in enumerate(spans):
            end = spans[number + 1].start if number + 1 < len(spans) else len(plain) + 1
            keys = [key for position, cited in citations for key in cited if span.start < position <= end]
            text = _SPACE_BEFORE_END.sub("", " ".join(plain[span.start : span.end].split()))
            found.append((origins[span.start], CitedSentence(text, tuple(dict.fromkeys(keys)))))
        return found

    def _without_citations(self) -> tuple[str, list[tuple[int, list[str]]], list[int]]:
        """The pending text without citations; where each stood and its keys; where each character came from."""
        plain: list[str] = []
        origins: list[int] = []
        citations: list[tuple[int, list[str]]] = []
        position = 0
        skipped = [match.span() for match in _THOUGHT.finditer(self._pending)]
        skipped += [match.span() for match in _EMPHASIS.finditer(self._pending)]
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
            words = [word.strip("^#.:") for word in re.split(r"[,;\s]+", match[1]) if word.strip("^#.:")]
            keys = [word for word in words if word in self._known or _looks_like_a_key(word)]
            if keys and (len(keys) == len(words) or self._known.intersection(keys)):
                yield match.start(), match.end(), keys


def without_hidden(text: str) -> str:
    """A text without characters that are not seen but read: zero-width, bidirectional, tags, controls."""
    return "".join(
        mark for mark in text if mark in "\n\t" or unicodedata.category(mark) not in ("Cf", "Cc", "Co", "Cn")
    )


def _looks_like_a_key(word: str) -> bool:
    return len(word) <= _LONGEST_KEY and bool(_KEY.fullmatch(word))
