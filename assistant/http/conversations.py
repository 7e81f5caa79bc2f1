"""`/api/conversations`: earlier conversations and their turns."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from assistant.conversations import Conversation
from assistant.export import as_json_file, as_markdown, download_header
from assistant.http.schemas import ConversationsRequest, ExportRequest, RenameRequest
from assistant.wiring import Wiring

router = APIRouter(prefix="/api/conversations", tags=["conversations"])


@router.get("")
def list_conversations(
    query: Annotated[ConversationsRequest, Query()], request: Request
) -> dict[str, list[Conversation]]:
    """All conversations, the last used first; `turns` is their number. `q` searches titles, questions and answers."""
    footnote: Wiring = request.app.state.footnote
    return {"conversations": footnote.conversations.all(query.q)}


@router.get("/{conversation_id}")
def show_conversation(conversation_id: str, request: Request) -> dict[str, Any]:
    """One conversation with its answers in order, each with when it was `created` and the `feedback` on it."""
    footnote: Wiring = request.app.state.footnote
    conversation = footnote.conversations.get(conversation_id)
    return {**asdict(conversation), "turns": footnote.conversations.shown(conversation_id)}


@router.patch("/{conversation_id}")
def rename_conversation(conversation_id: str, body: RenameRequest, request: Request) -> Conversation:
    """Gives a conversation another title."""
    footnote: Wiring = request.app.state.footnote
    return footnote.conversations.rename(conversation_id, body.title)


@router.delete("/{conversation_id}", status_code=204)
def delete_conversation(conversation_id: str, request: Request) -> None:
    """Deletes a conversation: it is gone at once, and erased ten seconds later, unless it is restored before."""
    footnote: Wiring = request.app.state.footnote
    footnote.conversations.hide(conversation_id, footnote.settings.undo_seconds)
    request.app.state.eraser.wake()


@router.post("/{conversation_id}/restore")
def restore_conversation(conversation_id: str, request: Request) -> Conversation:
    """Takes a deleted conversation back."""
    footnote: Wiring = request.app.state.footnote
    return footnote.conversations.restore(conversation_id)


@router.get(
    "/{conversation_id}/export",
    response_class=Response,
    responses={200: {"content": {"text/markdown": {}, "application/json": {}}, "description": "The file."}},
)
def export_conversation(conversation_id: str, query: Annotated[ExportRequest, Query()], request: Request) -> Response:
    """A conversation as a file: Markdown with footnotes and a list of sources, or JSON."""
    footnote: Wiring = request.app.state.footnote
    conversation = footnote.conversations.get(conversation_id)
    turns = footnote.conversations.shown(conversation_id)
    if query.format == "json":
        content, media_type, ending = as_json_file(conversation, turns), "application/json", "json"
    else:
        content, media_type, ending = as_markdown(conversation, turns), "text/markdown; charset=utf-8", "md"
    header = {"Content-Disposition": download_header(conversation.title, ending)}
    return Response(content, media_type=media_type, headers=header)
