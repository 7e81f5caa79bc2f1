"""Who may speak to the server: Host and Origin are checked, so that no web page can reach it through a browser.

A page elsewhere could have its own name resolve to 127.0.0.1 ("DNS rebinding"); the Host header gives that away. It
could also post a form across origins; the Origin header gives that away.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOCAL = ("127.0.0.1", "localhost", "::1")
_MOST_BYTES = 1_000_000


class Guard:
    """ASGI middleware: answers requests for other hosts, from other origins, or of untoward size with an error."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str] = ()) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in (*_LOCAL, *hosts))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or answers it."""
        refusal = self._refusal(Headers(scope=scope)) if scope["type"] == "http" else None
        if refusal is None:
            await self._app(scope, _bounded(receive), send)
        else:
            await refusal(scope, receive, send)

    def _refusal(self, headers: Headers) -> JSONResponse | None:
        host = headers.get("host", "")
        if _name(host) not in self._hosts:
            hint = "use http://127.0.0.1, or name the host in FOOTNOTE_ALLOWED_HOSTS"
            return _error(400, "wrong_host", f"this server does not answer for the host {host!r}", hint)
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
            hint = "open the page from the same address as the API"
            return _error(403, "wrong_origin", f"requests from the origin {origin!r} are refused", hint)
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length) > _MOST_BYTES:
            return _error(
                413, "too_large", f"the body has {int(length):,} bytes, more than {_MOST_BYTES:,}", "send less"
            )
        return None


def _bounded(receive: Receive) -> Receive:
    """The same body, broken off as if the client had gone when it exceeds the bound without having said so."""
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return {"type": "http.disconnect"} if taken > _MOST_BYTES else message

    return bounded


def _name(host: str) -> str:
    """The host without its port, brackets of an IPv6 address removed."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _error(status: int, code: str, message: str, hint: str) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message, "hint": hint}}, status)
