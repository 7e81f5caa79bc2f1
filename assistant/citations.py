"""Citations: numbers for evidence, in order of appearance, and the check of each claim against what it cites."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.attribution import attributions
from assistant.bearing import borne
from assistant.evidence import opening_pronoun
from assistant.notices import refers_back
from assistant.types import Citation, Claim, Evidence, Notice, Verdict
from corpus.types import page_at
from index.sentences import split_sentences

if TYPE_CHECKING:
    from assistant.check import Checker

_PAIRS = (("“", "”"), ("«", "»"), ("(", ")"), ("[", "]"))
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
        page=page_at(hit.pages, evidence.span.start),
        heading=hit.heading,
        passage_id=hit.passage_id,
        quote=evidence.quote,
        start=evidence.span.start,
        end=evidence.span.end,
        also_in=hit.also_in,
    )


def evidence_key(evidence: Evidence) -> str:
    """An opaque name for one stretch of one version of a document."""
    facts = f"{evidence.hit.document_id}\0{evidence.hit.content_hash}\0{evidence.span.start}\0{evidence.span.end}"
    return "e" + hashlib.sha256(facts.encode()).hexdigest()[:12]


@dataclass
class AnswerText:
    """An answer as it is written: sentence after sentence, each followed by the numbers of what it cites.

    Without a ``checker`` only what stands in the evidence word for word counts as supported. ``answerer`` names who
    writes it, ``rejected`` holds keys that it gave and that no evidence bears.
    """

    text: str = ""
    claims: list[Claim] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    answerer: str = ""
    notices: list[Notice] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)
    checker: Checker | None = None

    def add(self, sentence: str, evidence: Sequence[Evidence], *, attributed: bool = False) -> str:
        """Adds a sentence that rests on ``evidence``; returns the piece of text that was added.

        Where the kind of the source calls for it, or ``attributed`` does, the claim opens with whose it is; checked is
        the sentence alone.
        """
        sentence = without_markers(sentence)
        return self._append(sentence, evidence, self._check(sentence, evidence), attributed=attributed)

    def quote(self, evidence: Evidence, *, attributed: bool = False) -> str:
        """Adds a sentence of a document as it stands; a notice says what a word like "It" refers to where it opens its
        passage. Returns the piece of text that was added.
        """
        piece = self.add(evidence.quote, [evidence], attributed=attributed)
        opening, hit = opening_pronoun(evidence.quote), evidence.hit
        if opening and hit.before and evidence.span.start == hit.sentences[0].span.start:
            self.notices.append(refers_back(self.claims[-1].citations[0], opening, hit.before))
        return piece

    def add_checked(self, sentence: str, evidence: Sequence[Evidence], *, attributed: bool = False) -> str | None:
        """Adds a sentence with those of ``evidence`` that bear it; returns the piece of text, None where none does."""
        sentence = without_markers(sentence)
        found = borne(sentence, evidence, self._check)
        if found is None:
            return None
        bearing, checked = found
        return self._append(sentence, bearing, checked, attributed=attributed)

    def _check(self, sentence: str, evidence: Sequence[Evidence]) -> tuple[float, Verdict]:
        return check_claim(sentence, [piece.quote for piece in evidence], self.checker)

    def _append(
        self, sentence: str, evidence: Sequence[Evidence], checked: tuple[float, Verdict], *, attributed: bool
    ) -> str:
        numbers = tuple(dict.fromkeys(self._number(piece) for piece in evidence))
        if whose := self._whose(sentence, evidence, attributed=attributed):
            sentence = f"{without_markers(whose)}: {sentence}"
        start = len(self.text) + bool(self.text)
        piece = f"{' ' if self.text else ''}{sentence} {''.join(f'[{number}]' for number in numbers)}"
        self.text += piece
        self.claims.append(Claim(sentence, start, start + len(sentence), numbers, *checked))
        return piece

    def _whose(self, sentence: str, evidence: Sequence[Evidence], *, attributed: bool) -> str:
        """Whose a sentence is; an opinion's that stands beside other sources, unless these bear it alone."""
        others = [piece for piece in evidence if piece.hit.metadata.kind != "opinion"]
        opinions = [piece for piece in evidence if piece.hit.metadata.kind == "opinion"]
        if not attributed and opinions and others:
            return "" if self._check(sentence, others)[1] == "supported" else attributions(opinions)
        return attributions(evidence, always=attributed)

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


def check_claim(claim: str, quotes: Sequence[str], checker: Checker | None = None) -> tuple[float, Verdict]:
    """How well quotations support a claim, 0 to 1, and the verdict.

    What stands in one of them as it is, whole sentences and word for word, is supported; anything else the checker
    judges, and without one it is not.
    """
    cleaned = [without_markers(quote) for quote in quotes]
    if checker:
        return checker.check(claim, cleaned)
    return (1.0, "supported") if any(stands_whole_in(claim, quote) for quote in cleaned) else (0.0, "unsupported")


def stands_in(claim: str, quote: str) -> bool:
    """Whether a claim stands in a quotation word for word, no word or number cut."""
    return next(_places(claim, quote), None) is not None


def stands_whole_in(claim: str, quote: str) -> bool:
    """The same, with nothing left off its sentences: "Orsk shelled it" is not what "Turgai denied that Orsk …" says.

    Nor does it begin within a quotation or bracket of the quote. Only a last full stop may be missing.
    """
    claim, quote = claim.strip(), quote.strip()
    if claim in (quote, quote.removesuffix(".")) or claim not in quote:
        return bool(claim) and claim in quote
    sentences = split_sentences(quote)
    starts, ends = {span.start for span in sentences}, {span.end for span in sentences}
    return any(
        start in starts and not _is_open(quote[:start]) and {end, end + (quote[end : end + 1] == ".")} & ends
        for start in _places(claim, quote)
        for end in [start + len(claim)]
    )


def _is_open(before: str) -> bool:
    """Whether a text ends within a quotation or bracket."""
    counted = any(before.count(one) > before.count(other) for one, other in _PAIRS) or before.count('"') % 2
    return bool(counted) or before.rfind("‘") > before.rfind("’")


def _places(claim: str, quote: str) -> Iterator[int]:
    """Where a claim begins in a quotation that holds it."""
    if claim.strip():
        left = r"(?<!\w)(?<!\d[.,])" if claim[0].isdigit() else r"(?<!\w)" if claim[0].isalpha() else ""
        right = r"(?!\w|[.,]\d)" if claim[-1].isdigit() else r"(?!\w)" if claim[-1].isalnum() else ""
        if claim[-2:-1].isdigit() and claim[-1] in ".,":
            right = r"(?!\d)"
        yield from (match.start() for match in re.finditer(left + re.escape(claim) + right, quote))


def markers_in(text: str) -> Iterator[int]:
    """The numbers of all markers in an answer's text."""
    return (int(match[1]) for match in _BRACKETED_NUMBER.finditer(text))
