"""`POST /api/chat` and `GET /api/search`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from assistant.http.schemas import ChatRequest, SearchRequest
from assistant.http.sse import EventStream
from assistant.search import SearchResult
from assistant.types import Answer
from assistant.wiring import Wiring

router = APIRouter(prefix="/api", tags=["questions"])


@router.post(
    "/chat",
    response_model=Answer,
    responses={200: {"content": {"text/event-stream": {}}, "description": "The answer, or its events when streamed."}},
)
def chat(body: ChatRequest, request: Request) -> Answer | StreamingResponse:
    """Answers a question with cited sentences, and stores the turn.

    With `stream` true: server-sent events `passages` (`{"hits"}`), `delta` (`{"text"}`), `answer` (the whole object)
    or `error`.
    """
    footnote: Wiring = request.app.state.footnote
    wanted = body.filters.as_filter()
    if not body.stream:
        return footnote.assistant.ask(body.message, body.conversation_id, wanted, body.replaces)
    events = footnote.assistant.stream(body.message, body.conversation_id, wanted, body.replaces)
    return EventStream(events)


@router.get("/search")
def search(query: Annotated[SearchRequest, Query()], request: Request) -> SearchResult:
    """Passages with their scores, best first, without an answer."""
    footnote: Wiring = request.app.state.footnote
    return footnote.silent.search(query.q, query.k, query.as_filter())
