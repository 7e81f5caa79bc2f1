"""`GET /api/facets`: what the documents can be filtered by."""

from __future__ import annotations

from fastapi import APIRouter, Request

from assistant.facets import Facets, facets_of
from assistant.wiring import Wiring

router = APIRouter(prefix="/api/facets", tags=["documents"])


@router.get("")
def show_facets(request: Request) -> Facets:
    """Outlets, kinds and languages with the number of documents of each, and the period that the documents span."""
    footnote: Wiring = request.app.state.footnote
    return facets_of(footnote.library.documents())
