"""A web server on 127.0.0.1 whose every answer is scripted, the ill-behaved ones too."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Page:
    """What the server sends for a path.

    ``piece`` is sent ``pieces`` times after the body, ``pause`` seconds apart. Without ``length`` such a body ends with
    the connection. ``raw`` stands in place of everything.
    """

    body: bytes | str = b""
    kind: str | None = HTML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    piece: bytes = b""
    pieces: int = 0
    pause: float = 0
    length: int | None = None
    raw: bytes = b""


Script = MutableMapping[str, Any]  # a Page for each path, or a function of the request's headers that makes one


@dataclass
class Running:
    """A server that runs: where, what it answers with, and what it was asked."""

    host: str
    pages: Script
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    scheme: str = "http"

    def url(self, path: str = "/", host: str | None = None) -> str:
        """The address of a path."""
        return f"{self.scheme}://{host or '127.0.0.1'}:{self.host.rsplit(':')[-1]}{path}"


def moved(to: str, status: int = 302) -> Page:
    """A redirect."""
    return Page(status=status, headers={"Location": to})


@contextmanager
def web_server(pages: Script, tls: ssl.SSLContext | None = None) -> Iterator[Running]:
    """A server of these pages on a free port of 127.0.0.1, stopped at the end."""
    stopped = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            running.asked.append(self.path)
            running.headers.append({name.lower(): value for name, value in self.headers.items()})
            page = running.pages.get(self.path, Page("no such page", status=404))
            try:
                self._send(page(running.headers[-1]) if callable(page) else page)
            except OSError:
                return  # the client had enough

        def _send(self, page: Page) -> None:
            if page.raw:
                self.wfile.write(page.raw)
            else:
                self._begin(page)
            for _ in range(page.pieces):
                if stopped.wait(page.pause) or not self.wfile.write(page.piece):
                    return
                self.wfile.flush()

        def _begin(self, page: Page) -> None:
            self.send_response(page.status)
            if page.kind is not None:
                self.send_header("Content-Type", page.kind)
            body = page.body.encode() if isinstance(page.body, str) else page.body
            if not page.pieces or page.length is not None:
                self.send_header("Content-Length", str(len(body) if page.length is None else page.length))
            for name, value in page.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()

        def log_message(self, format: str, *arguments: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    running = Running(f"127.0.0.1:{server.server_address[1]}", pages, scheme="https" if tls else "http")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()
