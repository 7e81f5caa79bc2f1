"""`/api/documents`: what the library holds."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from assistant.documents import listed, shown
from assistant.wiring import Wiring
from corpus.errors import NotFound
from corpus.hiding import hide, restore

router = APIRouter(prefix="/api/documents", tags=["documents"])


@router.get("")
def list_documents(request: Request) -> dict[str, list[dict[str, Any]]]:
    """All documents, by title."""
    footnote: Wiring = request.app.state.footnote
    return {"documents": [listed(document) for document in footnote.library.documents()]}


@router.get("/{document_id}")
def show_document(document_id: str, request: Request, content_hash: str | None = None) -> dict[str, Any]:
    """One document with its text; with `content_hash`, the text of that version, as long as a turn cites it."""
    footnote: Wiring = request.app.state.footnote
    document = footnote.library.document(document_id)
    if content_hash in (None, document.content_hash):
        return shown(document)
    text = footnote.library.version(document_id, content_hash or "")
    if text is None:
        raise NotFound(
            f"document {document_id!r} has no version {content_hash!r}", "leave content_hash out", "content_hash"
        )
    return {**shown(document), "text": text, "content_hash": content_hash, "headings": [], "pages": []}


@router.delete("/{document_id}", status_code=204)
def delete_document(document_id: str, request: Request) -> None:
    """Deletes a document: gone from lists, search and answers at once, and erased ten seconds later with all it held.

    Until then it can be restored.
    """
    footnote: Wiring = request.app.state.footnote
    hide(footnote.library, document_id, footnote.settings.undo_seconds)
    request.app.state.eraser.wake()


@router.post("/{document_id}/restore")
def restore_document(document_id: str, request: Request) -> dict[str, Any]:
    """Takes a deleted document back."""
    footnote: Wiring = request.app.state.footnote
    restore(footnote.library, document_id)
    return listed(footnote.library.document(document_id))
