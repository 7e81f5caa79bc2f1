"""What turns keep of a document that is gone: that it was cited, none of its words."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

REMOVED = "[source removed]"


def blank_removed_source(connection: sqlite3.Connection, document_id: str) -> None:
    """Blanks what stored turns quote of a document that is being removed."""
    rows = connection.execute(
        "SELECT turns.id, answer FROM turns JOIN turn_sources ON turn_id = turns.id "
        "WHERE document_id = ? GROUP BY turns.id",
        (document_id,),
    ).fetchall()
    for turn_id, answer in rows:
        left = json.dumps(blanked(json.loads(answer), document_id), ensure_ascii=False)
        connection.execute("UPDATE turns SET answer = ? WHERE id = ?", (left, turn_id))


def blanked(answer: dict[str, Any], document_id: str) -> dict[str, Any]:
    """An answer without the words of one document: quotes, claims that rest on it, and the text made of them."""
    gone = {citation["number"] for citation in answer["citations"] if citation["document_id"] == document_id}
    for citation in [*answer["citations"], *answer["nearest"]]:
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
    return answer
