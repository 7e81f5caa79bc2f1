"""Citations: numbers for evidence, in order of appearance, and the check of each claim against what it cites."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.types import Citation, Claim, Evidence, Notice, Verdict

_BRACKETED_NUMBER = re.compile(r"\[(\d+)\]")


def citation_for(evidence: Evidence, number: int | None = None) -> Citation:
    """The citation of a piece of evidence."""
    hit, metadata = evidence.hit, evidence.hit.metadata
    return Citation(
        number=number,
        key=evidence_key(evidence),
        document_id=hit.document_id,
        content_hash=hit.content_hash,
        title=hit.title,
        outlet=metadata.outlet,
        author=metadata.author,
        published=metadata.published,
        kind=metadata.kind,
        language=metadata.language,
        url=metadata.url or (hit.place if hit.place and "://" in hit.place else None),
        path=hit.place if hit.place and "://" not in hit.place else None,
        page=None,
        heading=hit.heading,
        passage_id=hit.passage_id,
        quote=evidence.quote,
        start=evidence.span.start,
        end=evidence.span.end,
    )


def evidence_key(evidence: Evidence) -> str:
    """An opaque name for one stretch of one version of a document."""
    facts = f"{evidence.hit.document_id}\0{evidence.hit.content_hash}\0{evidence.span.start}\0{evidence.span.end}"
    return "e" + hashlib.sha256(facts.encode()).hexdigest()[:12]


@dataclass
class AnswerText:
    """An answer as it is written: sentence after sentence, each followed by the numbers of what it cites.

    ``answerer`` names who writes it, ``rejected`` holds keys that it gave and that no evidence bears.
    """

    text: str = ""
    claims: list[Claim] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    answerer: str = ""
    notices: list[Notice] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)

    def add(self, sentence: str, evidence: Sequence[Evidence]) -> str:
        """Adds a sentence that rests on ``evidence``; returns the piece of text that was added."""
        sentence = without_markers(sentence)
        return self._append(sentence, evidence, check_claim(sentence, [piece.quote for piece in evidence]))

    def add_checked(self, sentence: str, evidence: Sequence[Evidence]) -> str | None:
        """Adds a sentence unless ``evidence`` does not support it; returns the piece of text, or None if left out."""
        sentence = without_markers(sentence)
        checked = check_claim(sentence, [piece.quote for piece in evidence])
        return None if checked[1] == "unsupported" else self._append(sentence, evidence, checked)

    def _append(self, sentence: str, evidence: Sequence[Evidence], checked: tuple[float, Verdict]) -> str:
        numbers = tuple(dict.fromkeys(self._number(piece) for piece in evidence))
        start = len(self.text) + bool(self.text)
        piece = f"{' ' if self.text else ''}{sentence} {''.join(f'[{number}]' for number in numbers)}"
        self.text += piece
        self.claims.append(Claim(sentence, start, start + len(sentence), numbers, *checked))
        return piece

    def _number(self, evidence: Evidence) -> int:
        key = evidence_key(evidence)
        for citation in self.citations:
            if citation.key == key and citation.number is not None:
                return citation.number
        number = len(self.citations) + 1
        self.citations.append(citation_for(evidence, number))
        return number


def without_markers(quotation: str) -> str:
    """A quotation whose own bracketed numbers are in round brackets, so that they are not taken for markers."""
    return _BRACKETED_NUMBER.sub(r"(\1)", quotation)


def check_claim(claim: str, quotes: Sequence[str]) -> tuple[float, Verdict]:
    """How well quotations support a claim, 0 to 1, and the verdict: whether one of them holds it word for word."""
    held = any(claim in without_markers(quote) for quote in quotes)
    return (1.0, "supported") if held else (0.0, "unsupported")


def markers_in(text: str) -> Iterator[int]:
    """The numbers of all markers in an answer's text."""
    return (int(match[1]) for match in _BRACKETED_NUMBER.finditer(text))
