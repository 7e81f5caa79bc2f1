"""`GET /api/suggestions`: questions to begin with."""

from __future__ import annotations

from fastapi import APIRouter, Request

from assistant.suggestions import Suggestion, Suggestions

router = APIRouter(prefix="/api/suggestions", tags=["questions"])


@router.get("")
def list_suggestions(request: Request) -> dict[str, tuple[Suggestion, ...]]:
    """Up to three questions that the library answers, each from another document; none from an empty library.

    They are looked for while the server starts and after the library has changed: until they are found there are fewer.
    """
    suggestions: Suggestions = request.app.state.suggestions
    return {"suggestions": suggestions.get()}
