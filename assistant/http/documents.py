"""`/api/documents`: what the library holds."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from assistant.documents import listed, shown
from assistant.wiring import Wiring
from corpus.errors import NotFound

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
