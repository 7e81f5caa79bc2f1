"""`/api/conversations`: earlier conversations and their turns."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request

from assistant.wiring import Wiring

router = APIRouter(prefix="/api/conversations", tags=["conversations"])


@router.get("")
def list_conversations(request: Request) -> dict[str, list[dict[str, Any]]]:
    """All conversations, the last used first; `turns` is their number."""
    footnote: Wiring = request.app.state.footnote
    return {"conversations": [asdict(conversation) for conversation in footnote.conversations.all()]}


@router.get("/{conversation_id}")
def show_conversation(conversation_id: str, request: Request) -> dict[str, Any]:
    """One conversation with its answers in order."""
    footnote: Wiring = request.app.state.footnote
    conversation = footnote.conversations.get(conversation_id)
    return {**asdict(conversation), "turns": footnote.conversations.turns(conversation_id)}


@router.delete("/{conversation_id}", status_code=204)
def delete_conversation(conversation_id: str, request: Request) -> None:
    """Deletes a conversation and its turns."""
    footnote: Wiring = request.app.state.footnote
    footnote.conversations.delete(conversation_id)
