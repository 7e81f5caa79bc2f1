"""A stored answer made shorter: its best claim, cited anew, and both sides where its sources disagree on it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from assistant.blanking import REMOVED
from assistant.citations import AnswerText
from assistant.evidence import opening_pronoun
from assistant.parts import open_parts, parts_of
from assistant.types import Citation, Claim, Disagreement, Notice, Side
from assistant.versions import VERSION_CODES
from index.types import Hit

_NONE: Mapping[str, Any] = {"citations": ()}
_REFERS = re.compile(r"\[(\d+)\] refers to")


def shortened(turn: Mapping[str, Any]) -> tuple[AnswerText, tuple[Disagreement, ...]]:
    """The best claim of a turn, as stored, with the other sides where it is one of a disagreement.

    Claims out of removed sources are passed over; without any other the text is empty.
    """
    claims = [claim for claim in turn["claims"] if claim["text"] != REMOVED]
    lead = claims[: _leading(claims, turn)]
    cited = {number for claim in lead for number in claim["citations"]}
    disagreements = [found for found in turn["disagreements"] if cited & {side["citation"] for side in found["sides"]}]
    sides = {side["citation"] for found in disagreements for side in found["sides"]}
    kept = [claim for claim in claims if claim in lead or sides & set(claim["citations"])]
    written, numbers = AnswerText(), _renumbered(kept)
    for claim in kept:
        _add(written, claim, numbers)
    written.citations.extend(_citation(cited, numbers) for cited in turn["citations"] if cited["number"] in numbers)
    written.citations.sort(key=lambda cited: cited.number or 0)
    written.notices.extend(_notices(turn["notices"], written.citations, numbers))
    told = (_disagreement(found, numbers) for found in disagreements)
    return written, tuple(found for found in told if len(found.sides) > 1)


def left_open(turn: Mapping[str, Any], citations: Sequence[Citation]) -> tuple[str, ...]:
    """The parts of a turn's question that it left open, and those that only what was cut off answered."""
    parts: dict[str, Sequence[Hit]] = dict.fromkeys(parts_of(turn["question"]), ())
    before = open_parts(parts, [Citation(**cited) for cited in turn["citations"]])
    cut = [part for part in open_parts(parts, citations) if part not in before]
    return tuple(dict.fromkeys([*turn["missing"], *cut]))


def _leading(claims: Sequence[Mapping[str, Any]], turn: Mapping[str, Any]) -> int:
    """How many claims make the best one: two where the second opens with a word for what the first says, and the first
    alone cannot be the answer, or is one of several.
    """
    cited = {citation["number"]: citation for citation in turn["citations"]}
    first, second = ([cited[number] for number in claim["citations"]] for claim in [*claims[:2], *[_NONE] * 2][:2])
    leans = first and second and first[0]["document_id"] == second[0]["document_id"]
    if not leans or not opening_pronoun(claims[1]["text"]) or len(parts_of(turn["question"])) > 1:
        return 1
    may_answer = not open_parts({turn["question"]: ()}, [Citation(**citation) for citation in first])
    return 1 if may_answer else 2


def _notices(
    stored: Sequence[Mapping[str, Any]], citations: Sequence[Citation], numbers: Mapping[int, int]
) -> Iterator[Notice]:
    """What was said of the sources that are still cited, under their new numbers."""
    for notice in stored:
        code, text = notice["code"], notice["text"]
        said = _REFERS.search(text)
        if code == "refers_back" and said and int(said[1]) in numbers:
            yield Notice(code, f"{text[: said.start(1)]}{numbers[int(said[1])]}{text[said.end(1) :]}")
        elif any(_is_of(code, text, cited) for cited in citations):
            yield Notice(code, text)


def _is_of(code: str, text: str, cited: Citation) -> bool:
    """Whether a notice is of a source: it names the title of a version, or the outlet of a correction."""
    named = {"corrected": cited.outlet, **dict.fromkeys(VERSION_CODES, f"“{cited.title}”")}.get(code)
    return bool(named) and str(named) in text


def _renumbered(claims: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    """New numbers for the citations of some claims, in order of appearance."""
    numbers: dict[int, int] = {}
    for claim in claims:
        for number in claim["citations"]:
            numbers.setdefault(number, len(numbers) + 1)
    return numbers


def _add(written: AnswerText, claim: Mapping[str, Any], numbers: Mapping[int, int]) -> None:
    start = len(written.text) + bool(written.text)
    cited = tuple(numbers[number] for number in claim["citations"])
    markers = "".join(f"[{number}]" for number in cited)
    written.text += f"{' ' if written.text else ''}{claim['text']} {markers}"
    end = start + len(claim["text"])
    written.claims.append(Claim(claim["text"], start, end, cited, claim["support"], claim["verdict"]))


def _citation(stored: Mapping[str, Any], numbers: Mapping[int, int]) -> Citation:
    citation = Citation(**{**stored, "also_in": tuple(stored["also_in"])})
    return replace(citation, number=numbers[stored["number"]])


def _disagreement(stored: Mapping[str, Any], numbers: Mapping[int, int]) -> Disagreement:
    sides = (Side(numbers[side["citation"]], side["value"]) for side in stored["sides"] if side["citation"] in numbers)
    return Disagreement(stored["about"], tuple(sides))
