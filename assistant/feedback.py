"""What the reader thinks of an answer: a thumb, a correction, or both, kept beside the turn."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from corpus.errors import NotFound
from corpus.library import Library

Rating = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Feedback:
    """Feedback on one turn; ``created`` is an ISO stamp in UTC, None where there is no feedback."""

    turn_id: str
    rating: Rating | None
    correction: str | None
    created: str | None


def give_feedback(library: Library, turn_id: str, rating: Rating | None, correction: str | None) -> Feedback:
    """Keeps feedback in the place of what was given before; neither rating nor correction takes it back.

    Raises:
        NotFound: there is no such turn, or it has left its conversation.
    """
    correction = (correction or "").strip() or None
    created = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
    with library.writing() as connection:
        standing = connection.execute(
            "SELECT 1 FROM turns WHERE id = ? AND id NOT IN (SELECT turn_id FROM replaced_turns) "
            "AND conversation_id NOT IN (SELECT conversation_id FROM hidden_conversations)",
            (turn_id.encode("utf-8", "replace").decode(),),
        ).fetchone()
        if not standing:
            raise NotFound(f"no turn {turn_id!r}", "see the turns of a conversation", "turn_id")
        connection.execute("DELETE FROM feedback WHERE turn_id = ?", (turn_id,))
        if rating is None and correction is None:
            return Feedback(turn_id, None, None, None)
        connection.execute("INSERT INTO feedback VALUES (?, ?, ?, ?)", (turn_id, rating, correction, created))
    return Feedback(turn_id, rating, correction, created)


def feedback_on(library: Library, conversation_id: str) -> dict[str, dict[str, str | None]]:
    """The feedback on the turns of a conversation, by turn: rating, correction and when it was given."""
    with library.reading() as connection:
        rows = connection.execute(
            "SELECT turn_id, rating, correction, feedback.created FROM feedback JOIN turns ON turns.id = turn_id "
            "WHERE conversation_id = ?",
            (conversation_id,),
        ).fetchall()
    return {turn: {"rating": rating, "correction": text, "created": at} for turn, rating, text, at in rows}
