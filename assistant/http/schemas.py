"""The wire models: what requests may hold. Unknown fields are refused; answers are the assistant's own values."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from assistant.settings import MAX_QUESTION
from index.types import Filter


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


AnyOf = Annotated[
    list[str], BeforeValidator(_listed), Field(json_schema_extra={"description": "one value, or any of a list"})
]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION)]


class Filters(BaseModel):
    """Which documents may answer. Bounds are inclusive; a list means any of its values."""

    model_config = ConfigDict(extra="forbid")

    since: str | None = None
    until: str | None = None
    outlet: AnyOf = []
    kind: AnyOf = []
    language: AnyOf = []
    document_id: AnyOf = []

    def as_filter(self) -> Filter:
        """The same as the index knows it."""
        return Filter(
            self.since, self.until, tuple(self.outlet), tuple(self.kind), tuple(self.language), tuple(self.document_id)
        )


class ChatRequest(BaseModel):
    """A question, alone or within a conversation; with ``stream`` the answer comes as server-sent events.

    It may stand in the place of the conversation's turn that it ``replaces``, and of those after that.
    """

    model_config = ConfigDict(extra="forbid")

    message: Text
    conversation_id: str | None = None
    filters: Filters = Filters()
    stream: bool = False
    replaces: str | None = None


class SearchRequest(Filters):
    """What to search for, how many passages to give, and the filters."""

    q: Text
    k: Annotated[int, Field(ge=1, le=1000)] = 10


class UrlRequest(BaseModel):
    """The address of a page, a document or a feed."""

    model_config = ConfigDict(extra="forbid")

    url: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class ConversationsRequest(BaseModel):
    """Words that the conversations listed must hold, if any."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[str, StringConstraints(max_length=MAX_QUESTION)] = ""


class RenameRequest(BaseModel):
    """The new title of a conversation."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class ExportRequest(BaseModel):
    """In which format a conversation is exported."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["markdown", "json"] = "markdown"


class FeedbackRequest(BaseModel):
    """What the reader thinks of an answer; neither rating nor correction takes earlier feedback back."""

    model_config = ConfigDict(extra="forbid")

    turn_id: str
    rating: Literal["up", "down"] | None = None
    correction: Annotated[str, StringConstraints(max_length=MAX_QUESTION)] | None = None
