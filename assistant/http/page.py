"""The chat page: `/` and its files under `/web/`, as they lie in the package.

The page may load from this server alone and run no script or style that stands in markup; the headers here make the
browser hold it to that, whatever a document, a model or a user wrote.
"""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent.parent / "web"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}

router = APIRouter(include_in_schema=False)


class PageFiles(StaticFiles):
    """The page's files, asked for anew each time (a revalidation costs nothing here, a stale module costs an error)."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file with the page's headers."""
        response = await super().get_response(path, scope)
        response.headers.update(_HEADERS)
        return response


@router.get("/")
def page(request: Request) -> FileResponse:
    """The page itself."""
    return FileResponse(FOLDER / "index.html", headers=_HEADERS)
