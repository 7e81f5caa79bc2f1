"""`/healthz` is the process; `/readyz` is 200 once a question can be answered."""

from __future__ import annotations

import logging

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from assistant.suggestions import Suggestions
from assistant.wiring import Wiring
from corpus.errors import FootnoteError

router = APIRouter(tags=["health"])
_log = logging.getLogger(__name__)


def warm_up(footnote: Wiring, suggestions: Suggestions) -> None:
    """Makes ready for questions, then looks for some; a failure is logged, and `/readyz` stays 503."""
    try:
        footnote.warm_up()
        suggestions.start()
    except FootnoteError as error:
        _log.error("footnote: %s", error)


@router.get("/healthz")
def healthz() -> dict[str, str]:
    """Answers as long as the process does."""
    return {"status": "ok"}


@router.get("/readyz")
def readyz(request: Request) -> JSONResponse:
    """200 once a question can be answered, 503 before."""
    footnote: Wiring = request.app.state.footnote
    if footnote.ready.is_set():
        return JSONResponse({"status": "ready"})
    hint = "try again in a few seconds; if it stays so, run `footnote doctor`"
    return JSONResponse({"error": {"code": "not_ready", "message": "the model is not loaded yet", "hint": hint}}, 503)
