"""A chat server whose every word is scripted, over real HTTP on 127.0.0.1: also the failures of a paid one."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from assistant.answerers.chat_server import ChatServer, ServerAddress
from assistant.answerers.extractive import Extractive
from assistant.answerers.language_model import LanguageModel
from assistant.answerers.prompt import PromptLimits
from index.chunking import tiktoken_encoding
from index.settings import IndexSettings

Json = dict[str, Any]
_DATA = re.compile(r"<<<DATA (\w+)>>>\n(.*)\n<<<END \1>>>", re.DOTALL)


@dataclass(frozen=True)
class Asked:
    """A request as the server got it."""

    body: Json
    headers: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def system(self) -> str:
        """The system message."""
        return str(self.body["messages"][0]["content"])

    @property
    def user(self) -> str:
        """The user message."""
        return str(self.body["messages"][1]["content"])

    @property
    def data(self) -> list[Json]:
        """The objects between the lines of the fence."""
        match = _DATA.search(self.user)
        assert match
        return [json.loads(line) for line in match[2].split("\n")]

    @property
    def keys(self) -> dict[str, str]:
        """The text of each sentence of evidence, by its key."""
        return {item["key"]: item["text"] for item in self.data if "key" in item}

    def key_of(self, part: str) -> str:
        """The key of the sentence that holds these words."""
        return next(key for key, text in self.keys.items() if part in text)


@dataclass(frozen=True)
class Reply:
    """What the server sends.

    ``promised`` is by how much its content length exceeds the truth, ``hold`` the seconds that it waits at the end,
    ``pings`` the times that it says nothing but that it is alive, twenty a second.
    """

    body: bytes
    status: int = 200
    kind: str = "text/event-stream"
    headers: Mapping[str, str] = field(default_factory=dict)
    promised: int = 0
    hold: float = 0
    pings: int = 0


Script = Callable[[Asked], Reply]


def chunks(text: str, finish: str | None = "stop", size: int = 7) -> bytes:
    """A text as the events of a stream, in pieces of ``size`` characters."""
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    deltas: list[tuple[Json, str | None]] = [({"content": piece}, None) for piece in pieces]
    choices = [
        {"index": 0, "delta": delta, "finish_reason": end}
        for delta, end in [*deltas, *([({}, finish)] if finish else [])]
    ]
    events = [{"object": "chat.completion.chunk", "choices": [choice]} for choice in choices]
    lines = [f"data: {json.dumps(event)}\n\n" for event in events]
    return "".join([*lines, *(["data: [DONE]\n\n"] if finish else [])]).encode()


def says(write: Callable[[Asked], str], finish: str | None = "stop", size: int = 7, **how: Any) -> Script:
    """A server whose model writes this."""
    return lambda asked: Reply(chunks(write(asked), finish, size), **how)


def replies(body: bytes | str, status: int = 200, **how: Any) -> Script:
    """A server that answers every request with these bytes."""
    return lambda asked: Reply(body.encode() if isinstance(body, str) else body, status, **how)


@dataclass
class Running:
    """A server that runs, and what it was asked."""

    url: str
    asked: list[Asked] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    @property
    def last(self) -> Asked:
        """The last request."""
        return self.asked[-1]

    def language_model(self, seconds: float = 20, answer_tokens: int = 200, **limits: int) -> LanguageModel:
        """The answerer over this server."""
        server = ChatServer(ServerAddress(self.url, "scripted"), seconds=seconds, answer_tokens=answer_tokens)
        bounds = PromptLimits(limits.get("prompt_tokens", 3000), limits.get("history_tokens", 600))
        return LanguageModel(server, Extractive(), bounds, count_tokens)


def count_tokens(text: str) -> int:
    """Tokens by the default encoding."""
    return len(tiktoken_encoding(IndexSettings().encoding).encode_ordinary(text))


@contextmanager
def model_server(script: Script) -> Iterator[Running]:
    """A server of this script on a free port of 127.0.0.1, stopped at the end."""
    stopped = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            running.asked.append(Asked(body, dict(self.headers)))
            running.keys.append(self.headers.get("Authorization", ""))
            self._send(script(running.last))

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.promised:
                self.send_header("Content-Length", str(len(reply.body) + reply.promised))
            self.end_headers()
            try:
                self.wfile.write(reply.body)
                self.wfile.flush()
                for _ in range(reply.pings):
                    stopped.wait(0.05)
                    self.wfile.write(b": still here\n\n")
                    self.wfile.flush()
            except OSError:
                return  # the client had enough
            stopped.wait(reply.hold)

        def log_message(self, format: str, *arguments: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running = Running(f"http://127.0.0.1:{server.server_address[1]}/v1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()
