"""The guarded client: what a URL names, in bounded time and size, from addresses that may be asked.

Each hop of a redirect is checked anew, and the address that was checked is the one that is connected to, so that a name
which resolves otherwise a moment later leads nowhere else. No proxy, no cookies, no credentials.
"""

from __future__ import annotations

import http.client
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from socket import SHUT_RDWR, socket
from typing import TYPE_CHECKING

import certifi
import urllib3

from corpus.errors import NotFetched
from corpus.web.addresses import Permission, Resolver, is_public, permitted_addresses, system_addresses
from corpus.web.urls import joined, normal_url

if TYPE_CHECKING:
    from urllib3.connection import HTTPConnection
    from urllib3.response import HTTPResponse
    from urllib3.util import Url

_REDIRECTS = (301, 302, 303, 307, 308)
_ENCODINGS = ("", "identity", "gzip", "x-gzip", "deflate")
_PIECE = 65536
_MOST_KEPT = 1000  # characters
_FROM_BROWSER = "save the page from the browser and index the file"
_LATER = "try again later"
_REMEDIES = {401: _FROM_BROWSER, 403: _FROM_BROWSER, 429: _LATER, 451: _FROM_BROWSER}
_HEADERS = {
    "User-Agent": f"Footnote/{version('footnote')}",
    "Accept": "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, */*;q=0.8",
    "Accept-Encoding": "gzip, deflate",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one URL: seconds to connect, of silence, and in all; bytes after decompression; redirects."""

    connect_seconds: float = 10
    silent_seconds: float = 20
    total_seconds: float = 120
    most_bytes: int = 50_000_000
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave with a page, to ask it later whether the page has changed."""

    url: str
    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """What a server sent: where from in the end, of what type, under what name. No ``body``: it has not changed."""

    url: str
    content_type: str
    disposition: str
    validators: Validators
    body: bytes | None


def accept_all(response: Response) -> None:
    """Takes a response whatever it is."""


class Client:
    """Asks for URLs, one at a time.

    ``permitted`` says which addresses may be asked, ``resolve`` which ones a host has, ``tls`` which certificates are
    trusted.
    """

    def __init__(
        self,
        *,
        permitted: Permission = is_public,
        resolve: Resolver = system_addresses,
        limits: Limits = Limits(),
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._permitted = permitted
        self._resolve = resolve
        self._limits = limits
        self._given_tls = tls

    def get(
        self, url: str, known: Validators | None = None, accept: Callable[[Response], None] = accept_all
    ) -> Response:
        """What a URL names. With ``known``, a page that has not changed since comes without a body.

        ``accept`` sees the response before its body is read, and may raise.

        Raises:
            NotFetched: it cannot be had; the message names the cause.
        """
        deadline = time.monotonic() + self._limits.total_seconds
        visited: list[str] = []
        url = normal_url(url)
        while len(visited) <= self._limits.redirects:
            visited.append(url)
            answer = self._hop(url, known, accept, deadline)
            if isinstance(answer, Response):
                return answer
            url = answer
            if url in visited:
                raise NotFetched("it redirects in a circle", _FROM_BROWSER)
        raise NotFetched(f"it redirects more than {self._limits.redirects} times", "index the address it ends at")

    def _hop(
        self, url: str, known: Validators | None, accept: Callable[[Response], None], deadline: float
    ) -> Response | str:
        """The response of one address, or the URL that it sends us to."""
        parts = urllib3.util.parse_url(url)
        with _translated(parts, self._limits), closing(self._connected(parts, deadline)) as connection:
            assert connection.sock is not None
            with _cut_off(connection.sock, deadline), closing(_ask(connection, parts, known)) as response:
                if response.status in _REDIRECTS:
                    return joined(url, _location(response))
                return self._answered(url, response, known, accept)

    def _connected(self, parts: Url, deadline: float) -> HTTPConnection:
        """A connection to the first permitted address that takes one."""
        host = (parts.host or "").strip("[]")
        left = min(self._limits.connect_seconds, deadline - time.monotonic())
        addresses = permitted_addresses(host, self._resolve, self._permitted, left)
        failure: Exception = TimeoutError()
        for address in addresses:
            left = min(self._limits.connect_seconds, deadline - time.monotonic())
            if left <= 0:
                break
            connection = self._connection(parts, host, address, left)
            try:
                connection.connect()
            except (OSError, urllib3.exceptions.HTTPError, ValueError) as error:
                connection.close()
                failure = error
                continue
            connection.timeout = self._limits.silent_seconds
            return connection
        raise failure

    def _connection(self, parts: Url, host: str, address: str, seconds: float) -> HTTPConnection:
        if parts.scheme == "http":
            return urllib3.connection.HTTPConnection(address, parts.port or 80, timeout=seconds)
        return urllib3.connection.HTTPSConnection(
            address, parts.port or 443, timeout=seconds, ssl_context=self._tls, server_hostname=host
        )

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """Certificates that the system trusts, and certifi's where the system has none."""
        if self._given_tls is not None:
            return self._given_tls
        context = ssl.create_default_context()
        context.load_verify_locations(certifi.where())
        return context

    def _answered(
        self, url: str, response: HTTPResponse, known: Validators | None, accept: Callable[[Response], None]
    ) -> Response:
        headers = response.headers
        validators = Validators(url, _kept(headers.get("ETag")), _kept(headers.get("Last-Modified")))
        kind = headers.get("Content-Type", "")
        answer = Response(url, kind, _text(headers.get("Content-Disposition", "")), validators, None)
        if response.status == 304 and known is not None and known.url == url:
            return answer
        if response.status != 200:
            raise _refusal(response.status)
        accept(answer)
        return Response(url, kind, answer.disposition, validators, self._body(response))

    def _body(self, response: HTTPResponse) -> bytes:
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        if encoding not in _ENCODINGS:
            raise NotFetched(f"it is packed as {encoding[:40]!r}, which is not read", _FROM_BROWSER)
        most = self._limits.most_bytes
        promised = response.headers.get("Content-Length", "")
        body = bytearray()
        if not (promised.isascii() and promised.isdigit() and len(promised) < 20 and int(promised) > most):
            while len(body) <= most and (piece := response.read(_PIECE)):
                body += piece
            if len(body) <= most:
                return bytes(body)
        raise NotFetched(f"it has more than {most / 1e6:g} MB", "save what you need of it and index the file")


def _ask(connection: HTTPConnection, parts: Url, known: Validators | None) -> HTTPResponse:
    headers = {**_HEADERS, "Host": parts.netloc or ""}
    if known is not None and known.url == parts.url:
        conditions = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
        headers.update({name: value for name, value in conditions.items() if value})
    connection.request("GET", parts.request_uri, headers=headers, preload_content=False)
    return connection.getresponse()


def _location(response: HTTPResponse) -> str:
    """Where a redirect leads; servers send other than ASCII as UTF-8, although it is read as Latin-1."""
    location = _text(response.headers.get("Location", ""))
    if not location:
        raise NotFetched(f"it redirects (status {response.status}) but does not say where", _FROM_BROWSER)
    return location


def _kept(header: str | None) -> str | None:
    """A header that is kept and sent back, if it is fit for that."""
    return header if header and header.isascii() and header.isprintable() and len(header) <= _MOST_KEPT else None


def _text(header: str) -> str:
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


def _refusal(status: int) -> NotFetched:
    phrase = http.client.responses.get(status, "no usual status")
    remedy = _REMEDIES.get(status, _LATER if status >= 500 else "check the address")
    return NotFetched(f"the server answered with status {status} ({phrase})", remedy, status=status)


@contextmanager
def _cut_off(sock: socket, deadline: float) -> Iterator[None]:
    """Shuts a connection at the deadline, whatever its server is doing, and raises TimeoutError then."""
    late = threading.Event()

    def cut() -> None:
        late.set()
        with suppress(OSError):  # closed already
            socket.shutdown(sock, SHUT_RDWR)  # below the TLS layer, which another thread may be reading from

    timer = threading.Timer(max(deadline - time.monotonic(), 0), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except Exception as error:
        if late.is_set():
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()
    if late.is_set():  # a body without a length ends where the connection does
        raise TimeoutError


@contextmanager
def _translated(parts: Url, limits: Limits) -> Iterator[None]:
    """Makes the errors of sockets, TLS and HTTP ours."""
    host = parts.host
    try:
        yield
    except urllib3.exceptions.NewConnectionError as error:  # one of time-outs, to urllib3
        raise NotFetched(f"{host!r} takes no connection", "check the address and the connection") from error
    except (TimeoutError, urllib3.exceptions.TimeoutError) as error:
        raise NotFetched(
            f"{host!r} took too long ({limits.connect_seconds:g} s to connect, {limits.silent_seconds:g} s of silence, "
            f"{limits.total_seconds:g} s in all are waited)",
            _LATER,
        ) from error
    except (ssl.SSLError, urllib3.exceptions.SSLError) as error:
        reason = getattr(error, "verify_message", None) or getattr(error, "reason", None) or str(error)
        raise NotFetched(
            f"no secure connection to {host!r} ({str(reason).lower().replace('_', ' ')})",
            f"check the address and this machine's clock, or {_FROM_BROWSER}",
        ) from error
    except urllib3.exceptions.DecodeError as error:
        raise NotFetched("it is packed in a way that cannot be unpacked", _FROM_BROWSER) from error
    except (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError, ValueError) as error:
        raise NotFetched(f"{host!r} broke the connection off, or does not speak HTTP", _LATER) from error
