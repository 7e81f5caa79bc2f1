"""Server-sent events: an answer's events on the wire, always ending with `answer` or `error`."""

from __future__ import annotations

import json
import logging
from collections.abc import Generator, Iterator
from dataclasses import asdict
from typing import Any

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from assistant.cli.options import error_body
from assistant.types import Answer, Event, PassagesFound, TextDelta
from corpus.errors import FootnoteError

_log = logging.getLogger(__name__)


class EventStream(StreamingResponse):
    """An answer's events as a response. Once the client has gone, the work on them ends at the next event."""

    def __init__(self, events: Iterator[Event]) -> None:
        self._lines = event_stream(events)
        super().__init__(
            self._lines,
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the events, and lets go of what makes them."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._lines.close()


def event_stream(events: Iterator[Event]) -> Generator[str, None, None]:
    """The events as text/event-stream; an error becomes the last event."""
    try:
        for event in events:
            yield _event(*_named(event))
    except FootnoteError as error:
        yield _event("error", {"error": error_body(error)})
    except Exception:  # noqa: BLE001 - the stream must end with an event, whatever went wrong
        _log.exception("a streamed answer failed")
        body = {"code": "internal", "message": "something went wrong inside Footnote", "hint": "ask again"}
        yield _event("error", {"error": body})


def _named(event: Event) -> tuple[str, dict[str, Any]]:
    if isinstance(event, PassagesFound):
        return "passages", asdict(event)
    if isinstance(event, TextDelta):
        return "delta", asdict(event)
    assert isinstance(event, Answer)
    return "answer", asdict(event)


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
