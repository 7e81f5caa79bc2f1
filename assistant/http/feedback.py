"""`POST /api/feedback`: thumbs and corrections."""

from __future__ import annotations

from fastapi import APIRouter, Request

from assistant.feedback import Feedback, give_feedback
from assistant.http.schemas import FeedbackRequest
from assistant.wiring import Wiring

router = APIRouter(prefix="/api/feedback", tags=["conversations"])


@router.post("")
def post_feedback(body: FeedbackRequest, request: Request) -> Feedback:
    """Keeps a rating, a correction or both for a turn, in the place of earlier feedback; neither takes it back."""
    footnote: Wiring = request.app.state.footnote
    return give_feedback(footnote.library, body.turn_id, body.rating, body.correction)
