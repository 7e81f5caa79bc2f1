"""The chat page: `/` and its files under `/web/`, as they lie in the package.

The page may load from this server alone and run no script or style that stands in markup; the headers here make the
browser hold it to that, whatever a document, a model or a user wrote.
"""

from __future__ import annotations

from pathlib import Path

from starlette.responses import FileResponse, Response
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


class PageFiles(StaticFiles):
    """The page's files, asked for anew each time (a revalidation costs nothing here, a stale module costs an error)."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file with the page's headers."""
        response = await super().get_response(path, scope)
        response.headers.update(_HEADERS)
        return response


def page() -> FileResponse:
    """The page itself."""
    return FileResponse(FOLDER / "index.html", headers=_HEADERS)
