"""Conversations as files: Markdown with footnotes and a list of sources, and JSON.

Text of documents and users is escaped, so that it stays text wherever the Markdown is shown.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from assistant.conversations import Conversation

Turn = Mapping[str, Any]

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~&$])")
_LINE_START = re.compile(r"^(\d*)([-+=.)])")
_NAME_LENGTH = 60
_CITED = ("title", "outlet", "author", "published", "kind")


def as_json_file(conversation: Conversation, turns: Sequence[Turn]) -> str:
    """The conversation as the API shows it."""
    return json.dumps({**asdict(conversation), "turns": list(turns)}, ensure_ascii=False, indent=2) + "\n"


def as_markdown(conversation: Conversation, turns: Sequence[Turn]) -> str:
    """Questions as headings, answers with footnotes that go on counting, and the sources cited."""
    notes: list[str] = []
    parts = [f"# {_line(conversation.title)}"]
    for turn in turns:
        parts.extend(_turn(turn, notes))
    parts.extend(notes)
    sources = _sources(turns)
    return "\n\n".join([*parts, *(["## Sources", "\n".join(sources)] if sources else [])]) + "\n"


def download_header(title: str, ending: str) -> str:
    """The Content-Disposition of a file named after a title, in ASCII and as it is."""
    kept = re.sub(r"[^\w .-]+", " ", title)[:_NAME_LENGTH]
    name = " ".join(kept.split()).strip(" .") or "conversation"
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().strip(" .") or "conversation"
    return f"attachment; filename=\"{plain}.{ending}\"; filename*=UTF-8''{quote(f'{name}.{ending}')}"


def _turn(turn: Turn, notes: list[str]) -> Iterator[str]:
    yield f"## {_line(turn['question'])}"
    before = len(notes)
    numbers = {cited["number"]: before + place for place, cited in enumerate(turn["citations"], 1)}
    notes.extend(f"[^{numbers[cited['number']]}]: {_cited(cited)}" for cited in turn["citations"])
    if turn["claims"]:
        yield " ".join(
            _line(claim["text"]) + "".join(f"[^{numbers[number]}]" for number in claim["citations"])
            for claim in turn["claims"]
        )
    else:
        yield "  \n".join(_line(line) for line in turn["text"].splitlines() if line.strip())
    for dispute in turn["disagreements"]:
        sides = "; ".join(f"{_line(side['value'])}[^{numbers[side['citation']]}]" for side in dispute["sides"])
        yield f"The sources differ about {_line(dispute['about'])}: {sides}."
    if turn["missing"]:
        yield f"Not answered: {'; '.join(map(_line, turn['missing']))}."
    if turn["nearest"]:
        yield "\n".join(["Nearest:", "", *(f"- {_cited(cited)}" for cited in turn["nearest"])])
    if turn["feedback"] and turn["feedback"]["correction"]:
        yield f"Correction: {_line(turn['feedback']['correction'])}"


def _cited(cited: Mapping[str, Any]) -> str:
    """A quotation with whose it is and where it stands."""
    where = [f"page {cited['page']}" if cited["page"] else "", cited["heading"]]
    return f"“{_line(cited['quote'])}” — {_line(', '.join(filter(None, [*map(cited.get, _CITED), *where])))}"


def _sources(turns: Sequence[Turn]) -> list[str]:
    """Each cited version of a document once, in order of appearance, with its address."""
    sources: dict[tuple[str, str], str] = {}
    for cited in (cited for turn in turns for cited in turn["citations"]):
        facts = _line(", ".join(filter(None, map(cited.get, _CITED))))
        address = cited["url"] or cited["path"]
        listed = f"- {facts}: {_line(address)}" if address else f"- {facts}"
        sources.setdefault((cited["document_id"], cited["content_hash"]), listed)
    return list(sources.values())


def _line(text: str) -> str:
    """Text on one line, with nothing in it that Markdown or HTML takes for markup."""
    one_line = " ".join(text.split())
    return _LINE_START.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", one_line))
