"""Who may speak to the server: Host and Origin are checked, so that no web page can reach it through a browser.

A page elsewhere could have its own name resolve to 127.0.0.1 ("DNS rebinding"); the Host header gives that away. It
could also post a form across origins; the Origin header gives that away.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOCAL = ("127.0.0.1", "localhost", "::1")
_MOST_BYTES = 1_000_000
_UPLOADS = "/api/documents"


class Guard:
    """ASGI middleware: answers requests for other hosts, from other origins, or of untoward size with an error.

    A form with uploads may have ``upload_bytes``, and as much on top as any other body for what stands around them.
    """

    def __init__(self, app: ASGIApp, hosts: Sequence[str] = (), upload_bytes: int = 0) -> None:
        self._upload_bytes = upload_bytes
        self._app = app
        self._hosts = frozenset(host.lower() for host in (*_LOCAL, *hosts))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or answers it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        form = headers.get("content-type", "").lower().startswith("multipart/form-data")
        most = _MOST_BYTES + (self._upload_bytes if form and scope["path"] == _UPLOADS else 0)
        refusal = self._refusal(headers, most)
        if refusal is None:
            refusal = await self._bounded(scope, receive, send, most)
        if refusal is not None:
            await refusal(scope, receive, send)

    async def _bounded(self, scope: Scope, receive: Receive, send: Send, most: int) -> JSONResponse | None:
        """Passes a request on; a body that exceeds the bound without having said so is broken off and refused."""
        taken = 0

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            return {"type": "http.disconnect"} if taken > most else message

        async def unless_refused(message: Message) -> None:
            if taken <= most:
                await send(message)

        try:
            await self._app(scope, bounded, unless_refused)
        except ClientDisconnect:
            if taken <= most:
                raise
        return _too_large(taken, most) if taken > most else None

    def _refusal(self, headers: Headers, most: int) -> JSONResponse | None:
        host = headers.get("host", "")
        if not host or _name(host) not in self._hosts:
            hint = "use http://127.0.0.1, or name the host in FOOTNOTE_ALLOWED_HOSTS"
            return _error(400, "wrong_host", f"this server does not answer for the host {host!r}", hint)
        origin = headers.get("origin")
        if origin is not None and _netloc(origin) != host.lower():
            hint = "open the page from the same address as the API"
            return _error(403, "wrong_origin", f"requests from the origin {origin!r} are refused", hint)
        length = headers.get("content-length", "0")
        return _too_large(int(length), most) if length.isdigit() and int(length) > most else None


def _too_large(length: int, most: int) -> JSONResponse:
    hint = "send files one by one, or raise FOOTNOTE_UPLOAD_MEGABYTES" if most > _MOST_BYTES else "send less"
    return _error(413, "too_large", f"the body has {length:,} bytes or more, {most:,} are allowed", hint)


def _name(host: str) -> str:
    """The host without its port, brackets of an IPv6 address removed."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _error(status: int, code: str, message: str, hint: str) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message, "hint": hint}}, status)
