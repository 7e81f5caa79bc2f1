"""Names in a question, under whatever spelling, and what a passage must hold to bear them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from corpus.names import Name, Spelling
from corpus.types import Span
from index.lexical import Concept, acronym_term, ordered_terms

_Pattern = tuple[tuple[str, ...], int, Spelling]


@dataclass(frozen=True, slots=True)
class _Mention:
    """A name in a text: where, which, and in which spelling; ``first`` and ``last`` count terms, end exclusive."""

    start: int
    end: int
    first: int
    last: int
    name: int
    spelling: Spelling


class Spellings:
    """Finds the names of a gazetteer in questions."""

    def __init__(self, names: Sequence[Name]) -> None:
        self._names = names
        self._by_first_term: dict[str, list[_Pattern]] = {}
        for number, name in enumerate(names):
            for spelling in name.spellings:
                terms = tuple(term for term, _, _ in ordered_terms(spelling.text))
                if terms:
                    self._by_first_term.setdefault(terms[0], []).append((terms, number, spelling))
        for patterns in self._by_first_term.values():
            patterns.sort(key=lambda pattern: -len(pattern[0]))

    @cached_property
    def fingerprint(self) -> str:
        """Names the names and their spellings."""
        return hashlib.sha256(repr(self._names).encode()).hexdigest()[:12]

    def concepts(self, text: str) -> list[Concept]:
        """What a text asks about: its names, each under all spellings with its own first, and its other terms."""
        terms = list(ordered_terms(text))
        concepts: list[Concept] = []
        done = 0
        for mention in self._mentions(text):
            concepts.extend(Concept((frozenset({term}),)) for term, _, _ in terms[done : mention.first])
            concepts.append(Concept(self._alternatives(mention), is_name=True))
            done = mention.last
        concepts.extend(Concept((frozenset({term}),)) for term, _, _ in terms[done:])
        return concepts

    def names_in(self, text: str) -> list[tuple[Span, str]]:
        """The names in a text from left to right, each with its id in the gazetteer."""
        return [(Span(mention.start, mention.end), self._names[mention.name].id) for mention in self._mentions(text)]

    def rewritten(self, text: str, frequency: Callable[[frozenset[str]], int]) -> str:
        """The text with each name in the spelling that the library uses most; ``frequency`` counts passages."""
        parts: list[str] = []
        done = 0
        for mention in self._mentions(text):
            best = max(
                (mention.spelling, *self._names[mention.name].spellings),
                key=lambda spelling: frequency(_needed(spelling)),
            )
            if frequency(_needed(best)) > 0:
                parts.append(text[done : mention.start] + best.text)
                done = mention.end
        return "".join(parts) + text[done:]

    def _alternatives(self, mention: _Mention) -> tuple[frozenset[str], ...]:
        """The mention's own spelling first; then the others, without those that hold another one and say no more."""
        own = _needed(mention.spelling)
        others = {_needed(spelling) for spelling in self._names[mention.name].spellings} - {own, frozenset()}
        least = (other for other in others if not any(smaller < other for smaller in (*others, own)))
        return own, *sorted(least, key=sorted)

    def _mentions(self, text: str) -> Iterator[_Mention]:
        """The names in a text from left to right, the longest where several begin."""
        terms = list(ordered_terms(text))
        position = 0
        while position < len(terms):
            found = self._at(text, terms, position)
            if found:
                yield found
            position = found.last if found else position + 1

    def _at(self, text: str, terms: Sequence[tuple[str, int, int]], first: int) -> _Mention | None:
        """The longest name that begins with a term; among equals one that is written just so."""
        found: list[_Mention] = []
        for pattern, name, spelling in self._by_first_term.get(terms[first][0], ()):
            last = first + len(pattern)
            if tuple(term for term, _, _ in terms[first:last]) != pattern:
                continue
            start, end = terms[first][1], terms[last - 1][2]
            if not spelling.exact or text[start:end] == spelling.text:
                found.append(_Mention(start, end, first, last, name, spelling))
        return max(found, key=lambda mention: (mention.last, _written(text, mention)), default=None)


def _needed(spelling: Spelling) -> frozenset[str]:
    """The terms that a passage must hold to bear a spelling; where capitals count, an acronym's own term."""
    if spelling.exact and spelling.text.isupper():
        return frozenset({acronym_term(spelling.text)})
    return frozenset(term for term, _, _ in ordered_terms(spelling.text))


def _written(text: str, mention: _Mention) -> bool:
    return text[mention.start : mention.end].casefold() == mention.spelling.text.casefold()
