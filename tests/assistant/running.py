"""Runs Footnote as its users do: the command line, the server, and an answer's rules."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from click.testing import CliRunner

from assistant.cli import main
from assistant.http.app import create_app
from assistant.types import Answer
from assistant.wiring import Wiring
from corpus.schema import LIBRARY_FILE
from corpus.types import Document

Json = dict[str, Any]
FOOTNOTE = str(Path(sys.executable).with_name("footnote"))
_READY_SECONDS = 60.0


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Json:
        """The one JSON object on standard output; fails if there is anything else."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        assert self.out == self.out.strip() + "\n"
        return found

    @property
    def complaint(self) -> str:
        """The one line on standard error; fails if there is anything else."""
        (line,) = self.err.splitlines()
        assert line.startswith("footnote: ")
        return line.removeprefix("footnote: ")


def run(*arguments: object, given: str | None = None) -> Ran:
    """Runs `footnote` with these arguments and this on standard input. What it does not catch is raised."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], input=given, prog_name="footnote")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ran(result.exit_code, result.stdout, result.stderr)


@contextmanager
def serving(footnote: Wiring, ready: int = 200) -> Iterator[httpx.Client]:
    """A client of a real server over this Footnote, once its `/readyz` has this status."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(footnote), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with httpx.Client(base_url=url, trust_env=False, timeout=_READY_SECONDS) as client:
        until = time.monotonic() + _READY_SECONDS
        while client.get("/readyz").status_code != ready:
            assert time.monotonic() < until, f"/readyz does not become {ready}"
            time.sleep(0.02)
        yield client
    server.should_exit = True
    thread.join(_READY_SECONDS)


def error_of(response: httpx.Response, status: int) -> Json:
    """The error of a response; fails if it has another status or shape."""
    assert (response.status_code, list(response.json())) == (status, ["error"])
    error: Json = response.json()["error"]
    assert {"code", "message", "hint"} <= set(error) <= {"code", "message", "hint", "field"}
    assert all(isinstance(value, str) and value for value in error.values())
    return error


def events_of(response: httpx.Response) -> list[tuple[str, Json]]:
    """The server-sent events of a response: name and data."""
    assert response.headers["content-type"].startswith("text/event-stream")
    blocks = response.text.split("\n\n")
    assert blocks.pop() == ""
    events = []
    for block in blocks:
        name, data = block.split("\n")
        events.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return events


def copy_library(footnote: Wiring, home: Path) -> None:
    """Copies a library as it is into another home."""
    home.mkdir(parents=True, exist_ok=True)
    with footnote.library.reading() as connection, closing(sqlite3.connect(home / LIBRARY_FILE)) as copy:
        connection.backup(copy)


def overwrite_pages(footnote: Wiring) -> None:
    """Closes a library and overwrites all of its file but the first page."""
    footnote.library.close()
    file = footnote.settings.home / LIBRARY_FILE
    file.write_bytes(file.read_bytes()[:4096] + b"\xab" * (file.stat().st_size - 4096))


def said(answer: Answer) -> Answer:
    """An answer without what differs each time: ids and timings."""
    return replace(answer, conversation_id="", turn_id="", timings={})


def broken_rules(answer: Answer, documents: Mapping[str, Document]) -> list[str]:
    """Which rules of the contract an answer breaks."""
    rules = _rules_of_an_answer(answer) if answer.answered else _rules_of_a_declined_one(answer)
    shown = [(cited, documents[cited.document_id]) for cited in (*answer.citations, *answer.nearest)]
    rules |= {
        "a quotation is there": all(cited.quote.strip() for cited, _ in shown),
        "a quotation stands at its offsets": all(
            document.text[cited.start : cited.end] == cited.quote for cited, document in shown
        ),
        "a citation names the version": all(cited.content_hash == document.content_hash for cited, document in shown),
        "a citation says whose it is": all(
            (cited.title, cited.outlet, cited.published, cited.kind, cited.language)
            == (document.title, *_origin(document))
            for cited, document in shown
        ),
        "keys are unique": len({cited.key for cited, _ in shown}) == len(shown),
        "no key is rejected": answer.rejected == (),
    }
    return [rule for rule, holds in rules.items() if not holds]


def _origin(document: Document) -> tuple[str | None, ...]:
    metadata = document.metadata
    return metadata.outlet, metadata.published, metadata.kind, metadata.language


def _rules_of_an_answer(answer: Answer) -> dict[str, bool]:
    numbers = [cited.number for cited in answer.citations]
    used = [number for claim in answer.claims for number in claim.citations]
    quotes = {cited.number: re.sub(r"\[(\d+)\]", r"(\1)", cited.quote) for cited in answer.citations}
    written = (f"{claim.text} {''.join(f'[{n}]' for n in claim.citations)}" for claim in answer.claims)
    return {
        "it is an answer": (answer.reply, answer.reason, answer.nearest) == ("answer", None, ()),
        "there is a claim": bool(answer.claims),
        "every claim is cited": all(claim.citations for claim in answer.claims),
        "numbers count from 1": numbers == list(range(1, len(numbers) + 1)),
        "numbers are given in order of appearance": list(dict.fromkeys(used)) == numbers,
        "markers are numbers of citations": [int(n) for n in re.findall(r"\[(\d+)\]", answer.text)] == used,
        "claims stand at their offsets": all(answer.text[c.start : c.end] == c.text for c in answer.claims),
        "the text is claims with their numbers behind": answer.text == " ".join(written),
        "claims are word for word": all(
            _word_for_word(c.text, [quotes[n] for n in c.citations]) for c in answer.claims
        ),
        "claims are supported": {(c.support, c.verdict) for c in answer.claims} == {(1.0, "supported")},
    }


def _word_for_word(claim: str, quotes: list[str]) -> bool:
    """Whether a claim is a quotation, alone or with whose it is in front of it."""
    return claim in quotes or any(claim.endswith(f": {quote}") for quote in quotes)


def _rules_of_a_declined_one(answer: Answer) -> dict[str, bool]:
    return {
        "it is declined": answer.reply == "declined",
        "there is a reason": answer.reason in ("empty_library", "nothing_found", "weak_match", "filtered_out"),
        "the text says so": bool(answer.text.strip()) and "[" not in answer.text,
        "nothing is claimed or cited": (answer.claims, answer.citations) == ((), ()),
        "the nearest is shown": bool(answer.nearest) == (answer.reason == "weak_match"),
        "the nearest has no number": all(cited.number is None for cited in answer.nearest),
    }
