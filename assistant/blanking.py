"""What turns keep of a document that is gone: that it was cited, none of its words."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from assistant.follow_ups import opening
from assistant.versions import VERSION_CODES

REMOVED = "[source removed]"
_OF_SOURCES = {*VERSION_CODES, "corrected", "refers_back"}  # notices that say something of the documents cited


def blank_removed_source(connection: sqlite3.Connection, document_id: str) -> None:
    """Blanks what stored turns hold of a document that is being removed.

    A turn that quotes it, one that was searched for in view of such an answer, one that names it as a near duplicate
    or as what was said before a correction, and a count of the library that gives its title.
    """
    (title,) = connection.execute("SELECT title FROM documents WHERE id = ?", (document_id,)).fetchone()
    rows = connection.execute(
        "SELECT id, conversation_id, answer FROM turns WHERE instr(answer, ?) "
        "OR (instr(answer, ?) AND (json_extract(answer, '$.reply') = 'about_library' OR instr(answer, ?)))",
        (document_id, json.dumps(title or document_id, ensure_ascii=False)[1:-1], '"corrected"'),
    ).fetchall()
    leant_on: list[tuple[str, str]] = []
    for turn_id, conversation_id, stored in rows:
        answer = json.loads(stored)
        said = opening(_claimed(answer))
        blanked(answer, document_id)
        if answer["reply"] == "about_library":
            answer["text"] = answer["text"].replace(title or document_id, REMOVED)
        answer["notices"] = [one for one in answer["notices"] if not _names_older(one, title or document_id)]
        _store(connection, turn_id, answer)
        if said != opening(_claimed(answer)):
            leant_on.append((conversation_id, said))
    for conversation_id, said in leant_on:
        _blank_leaning(connection, conversation_id, said)


def _blank_leaning(connection: sqlite3.Connection, conversation_id: str, said: str) -> None:
    """Takes the words of an answer out of what later questions were searched with."""
    rows = connection.execute("SELECT id, answer FROM turns WHERE conversation_id = ?", (conversation_id,)).fetchall()
    for turn_id, stored in rows:
        answer = json.loads(stored)
        if said in answer["searched_for"]:
            answer["searched_for"] = answer["searched_for"].replace(said, REMOVED)
            _store(connection, turn_id, answer)


def _store(connection: sqlite3.Connection, turn_id: str, answer: dict[str, Any]) -> None:
    connection.execute("UPDATE turns SET answer = ? WHERE id = ?", (json.dumps(answer, ensure_ascii=False), turn_id))


def _names_older(notice: dict[str, Any], title: str) -> bool:
    """Whether a notice says that another piece corrects the one of this title."""
    return notice["code"] == "corrected" and f"“{title}”" in notice["text"]


def _claimed(answer: dict[str, Any]) -> str:
    return " ".join(claim["text"] for claim in answer["claims"])


def blanked(answer: dict[str, Any], document_id: str) -> dict[str, Any]:
    """An answer without the words of one document: quotes, claims that rest on it, and the text made of them."""
    gone = {citation["number"] for citation in answer["citations"] if citation["document_id"] == document_id}
    for citation in [*answer["citations"], *answer["nearest"]]:
        if document_id in citation["also_in"]:
            citation["also_in"] = [other for other in citation["also_in"] if other != document_id]
            answer["notices"] = [notice for notice in answer["notices"] if notice["code"] not in VERSION_CODES]
        if citation["document_id"] == document_id:
            citation.update(quote=REMOVED, title=REMOVED, heading=None, url=None, path=None, author=None)
    if gone:
        text = ""
        for claim in answer["claims"]:
            claim["text"] = REMOVED if gone & set(claim["citations"]) else claim["text"]
            claim["start"] = len(text) + bool(text)
            claim["end"] = claim["start"] + len(claim["text"])
            markers = "".join(f"[{number}]" for number in claim["citations"])
            text += f"{' ' if text else ''}{claim['text']} {markers}"
        answer["text"] = text
        for disagreement in answer["disagreements"]:
            for side in disagreement["sides"]:
                side["value"] = REMOVED if side["citation"] in gone else side["value"]
        answer["notices"] = [notice for notice in answer["notices"] if notice["code"] not in _OF_SOURCES]
    return answer
