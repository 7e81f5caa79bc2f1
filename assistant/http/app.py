"""The HTTP application: routes, errors as JSON, and the check of where requests come from."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

import fastapi_offline
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from assistant.cli.options import error_body
from assistant.erasing import Eraser
from assistant.http import chat, conversations, documents, facets, feedback, health, suggestions, uploads
from assistant.http.guard import Guard
from assistant.http.page import PageFiles, page
from assistant.suggestions import Suggestions
from assistant.uploads import Uploads
from assistant.wiring import Wiring
from corpus.errors import AlreadyDone, BadRequest, FootnoteError, LibraryError, ModelUnavailable, NotFound

_STATUS: dict[type[FootnoteError], int] = {
    NotFound: 404,
    AlreadyDone: 409,
    BadRequest: 422,
    LibraryError: 503,
    ModelUnavailable: 503,
}
_NO_JSON = {"code": "invalid_request", "message": "the body is no JSON", "hint": "send a JSON object", "field": "body"}
_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 422: "invalid_request"}


def create_app(footnote: Wiring) -> FastAPI:
    """The application over one Footnote. The model is loaded in the background once it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.eraser = Eraser(footnote.library, footnote.conversations)
        app.state.eraser.start()
        app.state.uploads = Uploads(footnote)
        app.state.uploads.start()
        app.state.suggestions = Suggestions(footnote)
        threading.Thread(target=health.warm_up, args=(footnote, app.state.suggestions), daemon=True).start()
        yield
        app.state.suggestions.stop()
        app.state.uploads.stop()
        app.state.eraser.stop()

    app: FastAPI = fastapi_offline.FastAPIOffline(
        title="Footnote",
        summary="Ask your documents a question; every sentence of the answer carries a footnote.",
        version=version("footnote"),
        lifespan=lifespan,
        redoc_url=None,
    )
    app.state.footnote = footnote
    for resource in (chat, documents, uploads, facets, conversations, feedback, suggestions, health):
        app.include_router(resource.router)
    app.add_api_route("/", page, include_in_schema=False)
    app.mount("/web", PageFiles(), name="web")
    app.add_middleware(
        Guard,
        hosts=(footnote.settings.host, *footnote.settings.allowed_hosts),
        upload_bytes=footnote.settings.upload_megabytes * 1_000_000,
    )
    app.add_exception_handler(FootnoteError, _footnote_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)
    return app


def _error(status: int, body: dict[str, str]) -> JSONResponse:
    return JSONResponse({"error": body}, status)


async def _footnote_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, FootnoteError)
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500)
    return _error(status, error_body(error))


async def _invalid_request(request: Request, error: Exception) -> JSONResponse:
    """The first thing wrong with a request, with the name of its field."""
    assert isinstance(error, RequestValidationError)
    problem = error.errors()[0]
    if problem["type"] == "json_invalid":
        return _error(422, _NO_JSON)
    path = [str(part) for part in problem["loc"] if part not in ("body", "query", "path")]
    field = ".".join(path) or "body"
    hint = "the fields of each request stand in /docs"
    return _error(
        422, {"code": "invalid_request", "message": f"{field}: {problem['msg']}", "hint": hint, "field": field}
    )


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == 400:  # FastAPI's word for a body that it cannot even decode
        return _error(422, _NO_JSON)
    code = _CODES.get(error.status_code, "http_error")
    hint = "the API is described in /docs"
    return _error(error.status_code, {"code": code, "message": str(error.detail), "hint": hint})


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    hint = "see the server's output; `footnote doctor` checks the installation"
    return _error(500, {"code": "internal", "message": "something went wrong inside Footnote", "hint": hint})
