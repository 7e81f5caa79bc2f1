"""Who may speak to the server: the Host and the Origin of a request."""

from __future__ import annotations

import httpx
import pytest

from assistant.wiring import Wiring
from tests.assistant.running import error_of, serving

LEFT = "When did the last Russian peacekeepers leave Karabakh?"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("127.0.0.1:8000", 200),
        ("localhost", 200),
        ("LOCALHOST:1", 200),
        ("[::1]:8000", 200),
        ("desk.example", 400),
        ("127.0.0.1.desk.example", 400),
        ("localhost.desk.example:8000", 400),
        ("127.0.0.1@desk.example", 400),
        ("desk.example:127.0.0.1", 400),
        ("[127.0.0.1", 400),
        ("0.0.0.0", 400),
        ("", 400),
    ],
)
def test_only_this_machines_own_names_are_answered_for(server: httpx.Client, host: str, status: int) -> None:
    for path in ("/healthz", "/api/documents", "/docs", "/nothing"):
        response = server.get(path, headers={"host": host})
        if status == 400:
            assert error_of(response, 400)["code"] == "wrong_host"
        else:
            assert response.status_code in (200, 404)


@pytest.mark.parametrize(
    "origin",
    [
        "http://desk.example",
        "null",
        "http://127.0.0.1",
        "http://localhost:1",
        "https://desk.example:8000",
        "nonsense",
        "http://[",
        "",
    ],
)
def test_requests_from_other_origins_are_refused(server: httpx.Client, origin: str) -> None:
    headers = {"origin": origin}
    assert error_of(server.post("/api/chat", json={"message": LEFT}, headers=headers), 403)["code"] == "wrong_origin"
    assert error_of(server.get("/api/conversations", headers=headers), 403)["code"] == "wrong_origin"


def test_requests_from_the_servers_own_origin_are_answered(server: httpx.Client) -> None:
    own = str(server.base_url).rstrip("/")
    assert server.get("/api/conversations", headers={"origin": own}).status_code == 200


def test_refused_request_asks_nothing(server: httpx.Client, own_desk: Wiring) -> None:
    before = own_desk.conversations.all()
    for headers in ({"host": "desk.example"}, {"origin": "http://desk.example"}):
        assert server.post("/api/chat", json={"message": LEFT}, headers=headers).is_client_error
    assert own_desk.conversations.all() == before


def test_hosts_that_the_user_allows_are_answered_for(footnote: Wiring) -> None:
    allowing = Wiring(footnote.settings.model_copy(update={"allowed_hosts": ("Desk.Example",)}))
    allowing.__dict__["embedder"] = footnote.embedder
    with serving(allowing) as client:
        assert client.get("/healthz", headers={"host": "desk.example:8000"}).status_code == 200
        assert client.get("/healthz", headers={"host": "other.example"}).status_code == 400
    allowing.library.close()
