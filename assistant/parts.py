"""Parts: a question that asks for two things, and which of them an answer leaves open.

Splitting is conservative: a part opens with a question word or an auxiliary of its own ("When was it opened and how
much did it cost?"), or is a sentence of its own. "Why did Armenia and Azerbaijan sign?" stays one question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from assistant.asked import AUXILIARY, WORD, asks_what_it_is
from assistant.follow_ups import leans, leans_back
from assistant.question_kinds import DAY, MONTH, NUMBER, YEAR
from assistant.small_talk import without_greeting
from assistant.types import Citation
from index.lexical import terms_of
from index.types import Hit

_OPENING = rf"(?:{WORD}|at what|in which|on which|by whom|for how|since when|{AUXILIARY})"
_JOINT = re.compile(
    rf",? (?:and|but)(?: also| then)? (?={_OPENING}\b)|; (?={_OPENING}\b)|\? (?=\w)|, (?={WORD}\b)", re.IGNORECASE
)
_BY_COMMA = ", "  # may open a relative clause: a part only where another is joined by "and" as well
_BY_AND = re.compile(rf"\b(?:and|but)(?: also| then)? (?={_OPENING}\b)|\? (?=\w)", re.IGNORECASE)
_RELATIVE = re.compile(r"(?:which|who|whom|whose|where)\b", re.IGNORECASE)
_CLOSED_BY_COMMA = re.compile(rf"[^,;?]*, (?!(?:and|but|{WORD})\b)", re.IGNORECASE)  # "…, which borders it, sign …"
_GOES_ON = re.compile(  # a verb of the same subject: "… and has joined", no question
    r"(?:has|have|had|is|are|was|were) (?:(?:not|never|also|now|already|since) )?"
    r"(?!(?:any|some|no|every)thing\b|seven\b|women\b|men\b|children\b)(?:(?-i:[a-z])\w*(?:ed|en|ing)|won|lost|left|made|gone|become|begun|held|built|met)\b",
    re.IGNORECASE,
)
_OPENS_WITH_AUXILIARY = re.compile(rf"^(?:(?:and|but|so|then|ok|okay|well),? )*{AUXILIARY}\b", re.IGNORECASE)
_ASKS = re.compile(
    rf"^(?:(?:and|but|so|then|ok|okay|well),? )*(?:(?:in|at|on|by|for|since|from|to|of) )?{_OPENING}\b", re.IGNORECASE
)
_EMBEDDED = re.compile(
    r"\b(?:know|explain|tell|say|said|ask|asked|describe|show|decide|decided|depends?|understand) $", re.IGNORECASE
)
_WORDS = 2
_MOST_PARTS = 4
_LIKE = 0.5
_SHARE = 0.4
_LINK = re.compile(r"^(?:and|but|also|then)\b[, ]*", re.IGNORECASE)
_EMPTY = frozenset("mani much long far old big larg high happen much year month day date".split())

_ASKS_DATE = re.compile(
    r"^(?:since |until )?when\b|^(?:in |on |at )?(?:what|which) (?:year|month|day|date)\b", re.IGNORECASE
)
_ASKS_NUMBER = re.compile(r"^(?:for )?how (?:many|much|long|far|old|big|large|high)\b", re.IGNORECASE)
_ASKS_NAME = re.compile(r"^(?:by |to |for )?(?:who|whom)\b", re.IGNORECASE)
_RELATIVE_DATE = re.compile(
    r"\bago\b|\b(?:last|next|that|the same) (?:day|night|week|month|year|spring|summer|autumn|winter)\b", re.I
)
_PORTION = re.compile(r"\b(?:third|quarter|none|no)\b", re.IGNORECASE)
_NAME = re.compile(r"(?<=\s)[^\W\d_a-zа-яёіїєґ]")
_NO_NAME = frozenset("The It In On A An".split())


def parts_of(question: str) -> tuple[str, ...]:
    """The parts of a question in order, in its own words; the question alone if it asks for one thing."""
    pieces = list(_pieces(without_greeting(question)))
    if 1 < len(pieces) <= _MOST_PARTS and all(_stands(piece) for piece in pieces):
        return tuple(_LINK.sub("", piece) for piece in pieces)
    return (_bare(question),)


def needed_whole(part: str, question: str) -> str | None:
    """The question that a part cannot be understood without, if it cannot."""
    named = asks_what_it_is(part) or _NAME.search(part)
    return question if leans_back(part) or (leans(part) and not named) else None


def missing_parts(found: Mapping[str, Sequence[Hit]], cited: Sequence[Citation]) -> tuple[str, ...]:
    """The parts of a question for which no cited sentence can be the answer; never all of them.

    ``found`` has what retrieval brought for each part. A sentence can be the answer when it has the shape of what is
    asked for (a date, a number, a name) and either words of the part's own or is like it.
    """
    missing = open_parts(found, cited)
    return missing if len(missing) < len(found) else ()


def open_parts(found: Mapping[str, Sequence[Hit]], cited: Sequence[Citation]) -> tuple[str, ...]:
    """The same, all of them too."""
    return tuple(
        part
        for part, hits in found.items()
        if not any(_may_answer(part, _own_terms(part, found), hits, citation) for citation in cited)
    )


def _may_answer(part: str, own: set[str], hits: Sequence[Hit], citation: Citation) -> bool:
    if not _has_shape(part, citation.quote):
        return False
    borne = own & set(terms_of(citation.quote))
    return bool(borne and len(borne) >= _SHARE * len(own)) or _likeness(hits, citation) >= _LIKE


def _likeness(hits: Sequence[Hit], citation: Citation) -> float:
    """The cosine of a cited sentence to the part that the hits were found for; nothing if it was not found."""
    return max(
        (
            sentence.similarity
            for hit in hits
            if hit.document_id == citation.document_id
            for sentence in hit.sentences
            if sentence.span.start == citation.start
        ),
        default=0.0,
    )


def _stands(piece: str) -> bool:
    """Whether a piece is a question by itself: it opens as one, and does not break off at a question word."""
    words = piece.split()
    return bool(_ASKS.match(piece)) and len(words) >= _WORDS and not re.fullmatch(WORD, words[-1], re.IGNORECASE)


def _has_shape(part: str, quote: str) -> bool:
    """Whether a sentence holds the sort of thing that is asked for, where that can be told."""
    if _ASKS_DATE.search(part):
        return any(held.search(quote) for held in (YEAR, MONTH, DAY, _RELATIVE_DATE))
    if _ASKS_NUMBER.search(part):
        return any(held.search(quote) for held in (NUMBER, _PORTION))
    if _ASKS_NAME.search(part):
        first, *others = re.findall(r"[^\W\d_]\w+", quote) or [""]
        return any(word[0].isupper() for word in others) or (first[:1].isupper() and first not in _NO_NAME)
    return True


def _own_terms(part: str, parts: Iterable[str]) -> set[str]:
    """The terms of a part that no other part has."""
    return set(terms_of(part)) - {term for other in parts if other != part for term in terms_of(other)} - _EMPTY


def _pieces(question: str) -> Iterator[str]:
    """The question cut where another may begin, but not behind a verb that takes a question ("say what …")."""
    start = 0
    for match in _JOINT.finditer(question):
        if not _EMBEDDED.search(question[: match.start()] + " ") and _joins_questions(match, question):
            yield _bare(question[start : match.start()])
            start = match.end()
    yield _bare(question[start:])


def _joins_questions(joint: re.Match[str], question: str) -> bool:
    """Whether a joint is one of two questions, not of two verbs ("Who led and was jailed?") nor before a clause."""
    rest = question[joint.end() :]
    if joint[0] == _BY_COMMA:
        return bool(_BY_AND.search(rest)) and not (_RELATIVE.match(rest) and _CLOSED_BY_COMMA.match(rest))
    if joint[0].lstrip(", ")[:3].lower() in ("and", "but") and _OPENS_WITH_AUXILIARY.match(rest):
        return bool(_OPENS_WITH_AUXILIARY.match(question)) and not _GOES_ON.match(rest)
    return True


def _bare(piece: str) -> str:
    return piece.strip(" ?!.,;")
