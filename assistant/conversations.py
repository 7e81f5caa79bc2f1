"""Conversations and their turns, kept in the library. A turn is stored as the answer that was given."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import sqlite3
import uuid
from dataclasses import dataclass
from typing import Any

from assistant.follow_ups import opening
from assistant.types import Answer, Exchange
from assistant.versions import VERSION_CODES
from corpus.errors import NotFound
from corpus.library import Library

_TITLE_LENGTH = 80
REMOVED = "[source removed]"
_OF_SOURCES = {*VERSION_CODES, "corrected"}  # notices that say something of the documents cited


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as listed: ``created`` and ``updated`` are ISO stamps in UTC, ``turns`` their number."""

    id: str
    title: str
    created: str
    updated: str
    turns: int


class Conversations:
    """The conversations of one library."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def all(self) -> list[Conversation]:
        """All conversations, the last used first."""
        with self._library.reading() as connection:
            rows = connection.execute(
                "SELECT id, title, created, updated, "
                "(SELECT count(*) FROM turns WHERE conversation_id = conversations.id) "
                "FROM conversations "
                "ORDER BY (SELECT max(rowid) FROM turns WHERE conversation_id = conversations.id) DESC"
            ).fetchall()
        return [Conversation(*row) for row in rows]

    def get(self, conversation_id: str) -> Conversation:
        """One conversation.

        Raises:
            NotFound: there is none with this id.
        """
        for conversation in self.all():
            if conversation.id == conversation_id:
                return conversation
        raise NotFound(f"no conversation {conversation_id!r}", "leave the id out to begin a new one")

    def turns(self, conversation_id: str) -> list[dict[str, Any]]:
        """The answers of a conversation in order, as JSON objects.

        Raises:
            NotFound: there is none with this id.
        """
        self.get(conversation_id)
        with self._library.reading() as connection:
            rows = connection.execute(
                "SELECT answer FROM turns WHERE conversation_id = ? ORDER BY number", (conversation_id,)
            ).fetchall()
        return [json.loads(answer) for (answer,) in rows]

    def exchanges(self, conversation_id: str) -> list[Exchange]:
        """What was asked of the documents and answered so far, oldest first; what needed no search is left out.

        Raises:
            NotFound: there is no conversation with this id.
        """
        return [
            Exchange(turn["question"], " ".join(claim["text"] for claim in turn["claims"]))
            for turn in self.turns(conversation_id)
            if turn["searched_for"]
        ]

    def append(self, answer: Answer) -> None:
        """Adds a turn; the first one opens the conversation and gives it its title."""
        now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
        cited = {(citation.document_id, citation.content_hash) for citation in (*answer.citations, *answer.nearest)}
        title = " ".join(answer.question.split())
        with self._library.writing() as connection:
            connection.execute(
                "INSERT INTO conversations VALUES (:id, :title, :now, :now) "
                "ON CONFLICT (id) DO UPDATE SET updated = :now",
                {"id": answer.conversation_id, "title": _shortened(title), "now": now},
            )
            connection.execute(
                "INSERT INTO turns VALUES (:id, :conversation, (SELECT coalesce(max(number), 0) + 1 FROM turns "
                "WHERE conversation_id = :conversation), :now, :answer)",
                {"id": answer.turn_id, "conversation": answer.conversation_id, "now": now, "answer": as_json(answer)},
            )
            connection.executemany(
                "INSERT INTO turn_sources VALUES (?, ?, ?)",
                [(answer.turn_id, document_id, version) for document_id, version in cited],
            )

    def delete(self, conversation_id: str) -> None:
        """Removes a conversation, its turns, and old versions of documents that nothing cites any more.

        Raises:
            NotFound: there is none with this id.
        """
        self.get(conversation_id)
        with self._library.writing() as connection:
            connection.execute("DELETE FROM conversations WHERE id = ?", (conversation_id,))
            connection.execute(
                "DELETE FROM versions WHERE NOT EXISTS (SELECT 1 FROM turn_sources AS cited "
                "WHERE cited.document_id = versions.document_id AND cited.content_hash = versions.content_hash)"
            )


def new_id(prefix: str) -> str:
    """A fresh opaque id."""
    return f"{prefix}{uuid.uuid4().hex[:16]}"


def as_json(answer: Answer) -> str:
    """An answer as the JSON text that users get."""
    return json.dumps(dataclasses.asdict(answer), ensure_ascii=False)


def blank_removed_source(connection: sqlite3.Connection, document_id: str) -> None:
    """Blanks what stored turns hold of a document that is being removed.

    A turn that quotes it, one that was searched for in view of such an answer, one that names it as a near duplicate,
    and a count of the library that gives its title.
    """
    (title,) = connection.execute("SELECT title FROM documents WHERE id = ?", (document_id,)).fetchone()
    rows = connection.execute(
        "SELECT id, conversation_id, answer FROM turns WHERE instr(answer, ?) "
        "OR (instr(answer, ?) AND json_extract(answer, '$.reply') = 'about_library')",
        (document_id, json.dumps(title or document_id, ensure_ascii=False)[1:-1]),
    ).fetchall()
    leant_on: list[tuple[str, str]] = []
    for turn_id, conversation_id, stored in rows:
        answer = json.loads(stored)
        said = opening(_claimed(answer))
        _store(connection, turn_id, _blanked(answer, document_id, title or document_id))
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


def _claimed(answer: dict[str, Any]) -> str:
    return " ".join(claim["text"] for claim in answer["claims"])


def _blanked(answer: dict[str, Any], document_id: str, title: str) -> dict[str, Any]:
    """An answer without the words of one document: quotes, claims that rest on it, and the text made of them."""
    gone = {citation["number"] for citation in answer["citations"] if citation["document_id"] == document_id}
    for citation in [*answer["citations"], *answer["nearest"]]:
        if document_id in citation["also_in"]:
            citation["also_in"].remove(document_id)
            answer["notices"] = [notice for notice in answer["notices"] if notice["code"] not in VERSION_CODES]
        if citation["document_id"] == document_id:
            citation.update(quote=REMOVED, title=REMOVED, heading=None, url=None, path=None, author=None)
    if answer["reply"] == "about_library":
        answer["text"] = answer["text"].replace(title, REMOVED)
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


def _shortened(title: str) -> str:
    return title if len(title) <= _TITLE_LENGTH else title[: _TITLE_LENGTH - 1].rstrip() + "…"
