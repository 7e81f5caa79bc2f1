"""`POST /api/documents` and `/api/uploads`: files and URLs into the library, and how far they are."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from assistant.http.schemas import UrlRequest
from assistant.uploads import Upload, Uploads
from corpus.errors import BadRequest

router = APIRouter(prefix="/api", tags=["documents"])

_MOST_FILES = 1000
_BODY = {
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {"file": {"type": "array", "items": {"type": "string", "format": "binary"}}},
                "required": ["file"],
            }
        },
        "application/json": {"schema": UrlRequest.model_json_schema()},
    },
    "required": True,
}


@router.post("/documents", status_code=202, openapi_extra={"requestBody": _BODY})
async def add_documents(request: Request) -> dict[str, list[Upload]]:
    """Takes files (a form with parts named `file`) or a `url` in, to be read one after another."""
    uploads: Uploads = request.app.state.uploads
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        wanted = _url_request(await request.body())
        return {"uploads": [await run_in_threadpool(uploads.add_url, wanted.url)]}
    try:
        form = await request.form(max_files=_MOST_FILES, max_fields=1)
    except HTTPException as error:
        raise BadRequest(f"the form cannot be read ({error.detail})", "send files as parts named 'file'") from error
    try:
        files = [_file(name, part) for name, part in form.multi_items()]
        if not files:
            raise BadRequest("the form has no file", "send files as parts named 'file'", "file")
        return {"uploads": [await run_in_threadpool(uploads.add_file, name, part.file) for name, part in files]}
    finally:
        await form.close()


@router.get("/uploads")
def list_uploads(request: Request) -> dict[str, list[Upload]]:
    """The uploads since the server started, newest first."""
    uploads: Uploads = request.app.state.uploads
    return {"uploads": uploads.all()}


@router.get("/uploads/{upload_id}")
def show_upload(upload_id: str, request: Request) -> Upload:
    """One upload: `waiting`, `reading`, `cancelled`, or the state in which it ended."""
    uploads: Uploads = request.app.state.uploads
    return uploads.get(upload_id)


@router.delete("/uploads/{upload_id}", status_code=204)
def cancel_upload(upload_id: str, request: Request) -> None:
    """Cancels an upload that waits or is being read; nothing of it is kept. One that is done is 409."""
    uploads: Uploads = request.app.state.uploads
    uploads.cancel(upload_id)


def _url_request(body: bytes) -> UrlRequest:
    try:
        return UrlRequest.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error


def _file(name: str, part: Any) -> tuple[str, UploadFile]:
    if name != "file" or not isinstance(part, UploadFile):
        raise BadRequest(f"the form has a part {name!r} that is no file", "send files as parts named 'file'", name)
    return part.filename or "", part
