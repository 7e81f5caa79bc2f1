"""Conversations and their turns, kept in the library. A turn is stored as the answer that was given.

A turn that was asked again with another wording is kept with those after it, but they are no part of the conversation.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
import sqlite3
import time
import uuid
from dataclasses import dataclass
from typing import Any

from assistant.blanking import blanked
from assistant.feedback import feedback_on
from assistant.types import Answer, Exchange
from corpus.cleaning import normalise
from corpus.errors import BadRequest, NotFound
from corpus.hiding import hidden
from corpus.library import Library

_TITLE_LENGTH = 80
_VISIBLE = "conversations.id NOT IN (SELECT conversation_id FROM hidden_conversations)"
_STANDING = "turns.id NOT IN (SELECT turn_id FROM replaced_turns)"


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

    def all(self, words: str = "") -> list[Conversation]:
        """All conversations, the last used first; with ``words`` those whose title and turns hold each of them."""
        with self._library.reading() as connection:
            rows = connection.execute(
                "SELECT id, title, created, updated, "
                f"(SELECT count(*) FROM turns WHERE conversation_id = conversations.id AND {_STANDING}) "
                f"FROM conversations WHERE {_VISIBLE} "
                "ORDER BY (SELECT max(rowid) FROM turns WHERE conversation_id = conversations.id) DESC"
            ).fetchall()
        conversations = [Conversation(*row) for row in rows]
        wanted = _folded(words).split()
        if not wanted:
            return conversations
        told = self._told()
        texts = {found.id: _folded(f"{found.title} {told.get(found.id, '')}") for found in conversations}
        return [found for found in conversations if all(word in texts[found.id] for word in wanted)]

    def get(self, conversation_id: str) -> Conversation:
        """One conversation.

        Raises:
            NotFound: there is none with this id.
        """
        for conversation in self.all():
            if conversation.id == conversation_id:
                return conversation
        raise NotFound(f"no conversation {conversation_id!r}", "leave the id out to begin a new one")

    def turns(self, conversation_id: str, before: str | None = None) -> list[dict[str, Any]]:
        """The answers of a conversation in order, as JSON objects; up to the turn ``before``, where one is given.

        What they quote of a document that is deleted, though not yet erased, is blanked.

        Raises:
            NotFound: there is no such conversation, or no such turn in it.
        """
        return [answer for answer, _ in self._stored(conversation_id, before)]

    def shown(self, conversation_id: str) -> list[dict[str, Any]]:
        """The same with when each was `created` and the `feedback` on it.

        Raises:
            NotFound: there is no such conversation.
        """
        feedback = feedback_on(self._library, conversation_id)
        return [
            {**answer, "created": created, "feedback": feedback.get(answer["turn_id"])}
            for answer, created in self._stored(conversation_id)
        ]

    def exchanges(self, conversation_id: str, before: str | None = None) -> list[Exchange]:
        """What was asked of the documents and answered so far, oldest first; what needed no search is left out.

        Raises:
            NotFound: there is no such conversation, or no such turn in it.
        """
        return [
            Exchange(turn["question"], " ".join(claim["text"] for claim in turn["claims"]))
            for turn in self.turns(conversation_id, before)
            if turn["searched_for"]
        ]

    def append(self, answer: Answer, replaces: str | None = None) -> None:
        """Adds a turn; the first one opens the conversation and gives it its title.

        The turn that it ``replaces`` and those after that leave the conversation.

        Raises:
            NotFound: the turn to be replaced has left the conversation meanwhile.
        """
        now = _now()
        cited = {(citation.document_id, citation.content_hash) for citation in (*answer.citations, *answer.nearest)}
        with self._library.writing() as connection:
            standing = self._standing(answer.conversation_id, replaces) if replaces else []
            connection.execute(
                "INSERT INTO conversations VALUES (:id, :title, :now, :now) "
                "ON CONFLICT (id) DO UPDATE SET updated = :now",
                {"id": answer.conversation_id, "title": _titled(answer.question), "now": now},
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
            if replaces:
                self._replace(connection, answer, standing, replaces)

    def rename(self, conversation_id: str, title: str) -> Conversation:
        """Gives a conversation another title, on one line.

        Raises:
            NotFound: there is none with this id.
            BadRequest: the title is blank.
        """
        self.get(conversation_id)
        one_line = " ".join(normalise(title).split())
        if not one_line:
            raise BadRequest("the title is empty", "write one", "title")
        with self._library.writing() as connection:
            connection.execute("UPDATE conversations SET title = ? WHERE id = ?", (one_line, conversation_id))
        return self.get(conversation_id)

    def hide(self, conversation_id: str, seconds: float) -> None:
        """Deletes a conversation with undo: it is gone at once, and may be erased ``seconds`` from now on.

        Raises:
            NotFound: there is none with this id.
        """
        self.get(conversation_id)
        with self._library.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO hidden_conversations VALUES (?, ?)", (conversation_id, time.time() + seconds)
            )

    def restore(self, conversation_id: str) -> Conversation:
        """Takes a deleted conversation back, while it is not erased.

        Raises:
            NotFound: there is none with this id.
        """
        with self._library.writing() as connection:
            wanted = conversation_id.encode("utf-8", "replace").decode()
            connection.execute("DELETE FROM hidden_conversations WHERE conversation_id = ?", (wanted,))
        return self.get(conversation_id)

    def erase_due(self) -> None:
        """Erases the deleted conversations whose time has come."""
        with self._library.writing() as connection:
            due = connection.execute(
                "SELECT conversation_id FROM hidden_conversations WHERE erase_at <= ?", (time.time(),)
            ).fetchall()
            for (conversation_id,) in due:
                _erase(connection, conversation_id)

    def delete(self, conversation_id: str) -> None:
        """Erases a conversation, its turns, and old versions of documents that nothing cites any more.

        Raises:
            NotFound: there is none with this id.
        """
        self.get(conversation_id)
        with self._library.writing() as connection:
            _erase(connection, conversation_id)

    def _stored(self, conversation_id: str, before: str | None = None) -> list[tuple[dict[str, Any], str]]:
        """Answers and when they were given."""
        self.get(conversation_id)
        with self._library.reading() as connection:
            rows = connection.execute(
                f"SELECT id, answer, created FROM turns WHERE conversation_id = ? AND {_STANDING} ORDER BY number",
                (conversation_id,),
            ).fetchall()
        if before is not None:
            number = _position([row[0] for row in rows], before)
            rows = rows[:number]
        gone = hidden(self._library)
        answers = [(json.loads(answer), created) for _, answer, created in rows]
        for answer, _ in answers:
            for document_id in {cited["document_id"] for cited in [*answer["citations"], *answer["nearest"]]} & gone:
                blanked(answer, document_id)
        return answers

    def _standing(self, conversation_id: str, turn_id: str) -> list[str]:
        """The ids of a conversation's turns in order. Raises NotFound if that one is none of them."""
        with self._library.reading() as connection:
            rows = connection.execute(
                f"SELECT id FROM turns WHERE conversation_id = ? AND {_STANDING} ORDER BY number", (conversation_id,)
            ).fetchall()
        turn_ids = [row[0] for row in rows]
        _position(turn_ids, turn_id)
        return turn_ids

    def _replace(self, connection: sqlite3.Connection, answer: Answer, standing: list[str], replaces: str) -> None:
        first = standing.index(replaces)
        if first == 0:  # the title is that of the first question, unless the user gave another
            (stored,) = connection.execute("SELECT answer FROM turns WHERE id = ?", (replaces,)).fetchone()
            connection.execute(
                "UPDATE conversations SET title = ? WHERE id = ? AND title = ?",
                (_titled(answer.question), answer.conversation_id, _titled(json.loads(stored)["question"])),
            )
        connection.executemany(
            "INSERT INTO replaced_turns VALUES (?, ?)", [(turn_id, answer.turn_id) for turn_id in standing[first:]]
        )

    def _told(self) -> dict[str, str]:
        """All questions and answers of each conversation."""
        told: dict[str, str] = {}
        with self._library.reading() as connection:
            rows = connection.execute(f"SELECT conversation_id FROM turns WHERE {_STANDING} GROUP BY 1").fetchall()
        for (conversation_id,) in rows:
            with contextlib.suppress(NotFound):  # deleted meanwhile
                turns = self.turns(conversation_id)
                told[conversation_id] = " ".join(f"{turn['question']} {turn['text']}" for turn in turns)
        return told


def new_id(prefix: str) -> str:
    """A fresh opaque id."""
    return f"{prefix}{uuid.uuid4().hex[:16]}"


def as_json(answer: Answer) -> str:
    """An answer as the JSON text that users get."""
    return json.dumps(dataclasses.asdict(answer), ensure_ascii=False)


def _erase(connection: sqlite3.Connection, conversation_id: str) -> None:
    connection.execute("DELETE FROM conversations WHERE id = ?", (conversation_id,))
    connection.execute(
        "DELETE FROM versions WHERE NOT EXISTS (SELECT 1 FROM turn_sources AS cited "
        "WHERE cited.document_id = versions.document_id AND cited.content_hash = versions.content_hash)"
    )


def _position(turn_ids: list[str], turn_id: str) -> int:
    if turn_id not in turn_ids:
        raise NotFound(f"no turn {turn_id!r} in the conversation", "name one of its turns", "replaces")
    return turn_ids.index(turn_id)


def _folded(text: str) -> str:
    return normalise(text).casefold()


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


def _titled(question: str) -> str:
    """The title that a first question gives."""
    title = " ".join(question.split())
    return title if len(title) <= _TITLE_LENGTH else f"{title[: _TITLE_LENGTH - 1].rstrip()}…"
