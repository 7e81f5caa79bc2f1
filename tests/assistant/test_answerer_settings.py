"""A language model is switched on by the user alone; until then, what lies in the environment sends nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answerers.chat_server import ServerAddress
from assistant.settings import CONFIG_FILE, load_settings
from assistant.wiring import Wiring, server_address
from corpus.errors import BadRequest, ModelUnavailable
from tests.assistant.conftest import BREAD, OPENED
from tests.assistant.model_server import Running, model_server, says
from tests.assistant.running import Json, broken_rules, error_of, events_of, run, serving
from tests.factories import wiring_at

SECRET = "sk-very-secret"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """A server that quotes the best sentence, named with a key in the environment, and not switched on."""
    with model_server(
        says(lambda asked: " ".join(f"{text} [{key}]" for key, text in [*asked.keys.items()][:1]))
    ) as running:
        monkeypatch.setenv("OPENAI_BASE_URL", running.url)
        monkeypatch.setenv("OPENAI_API_KEY", SECRET)
        monkeypatch.setenv("FOOTNOTE_LLM_MODEL", "scripted")
        yield running


def codes(answer: Json) -> list[str]:
    return [notice["code"] for notice in answer["notices"]]


def test_key_that_lies_in_the_environment_sends_nothing_anywhere(steppe: Wiring, server: Running) -> None:
    answer = run("ask", OPENED, "--json").json
    lines = run("chat", "--json", given=f"{OPENED}\n").out.splitlines()
    run("search", OPENED, "--json")
    run("doctor", "--json")
    with serving(wiring_at(steppe.settings.home, steppe.embedder)) as client:
        served = client.post("/api/chat", json={"message": OPENED}).json()
    assert server.asked == []
    assert {given["answerer"] for given in (answer, json.loads(lines[0]), served)} == {"extractive"}
    assert codes(answer) == codes(served) == []


@pytest.mark.parametrize("way", ["flag", "environment", "file"])
def test_flag_environment_and_file_switch_it_on(
    steppe: Wiring, server: Running, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    if way == "environment":
        monkeypatch.setenv("FOOTNOTE_ANSWERER", "llm")
    if way == "file":
        (steppe.settings.home / CONFIG_FILE).write_text('answerer = "llm"\n')
    answer = run("ask", OPENED, "--json", *["--answerer", "llm"] * (way == "flag")).json
    assert (answer["answerer"], len(server.asked), server.keys) == ("llm", 1, [f"Bearer {SECRET}"])
    assert answer["text"] == "The bridge at Orsk was opened on 4 May 2019 (12). [1]"
    assert codes(answer) == ["sent_to_host"]
    assert server.url.split("/")[2] in answer["notices"][0]["text"]


def test_flag_switches_off_what_the_environment_switches_on(
    steppe: Wiring, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_ANSWERER", "llm")
    assert run("ask", OPENED, "--answerer", "extractive", "--json").json["answerer"] == "extractive"
    assert server.asked == []


def test_declined_question_is_sent_nowhere_and_says_so(steppe: Wiring, server: Running) -> None:
    answer = run("ask", BREAD, "--answerer", "llm", "--json").json
    assert (answer["answered"], codes(answer), server.asked) == (False, ["nothing_sent"], [])


def test_terminal_shows_where_the_text_went(steppe: Wiring, server: Running) -> None:
    host = server.url.split("/")[2]
    assert host in run("ask", OPENED, "--answerer", "llm").out
    assert host in run("chat", "--answerer", "llm", given=f"{OPENED}\n").out


def test_server_streams_what_was_checked_and_follow_ups_bring_the_conversation(steppe: Wiring, server: Running) -> None:
    documents = {document.id: document for document in steppe.library.documents()}
    wiring = wiring_at(steppe.settings.home, steppe.embedder, answerer="llm")
    with serving(wiring) as client:
        events = events_of(client.post("/api/chat", json={"message": OPENED, "stream": True}))
        answer = events[-1][1]
        follow_up = {"message": "What did it cost?", "conversation_id": answer["conversation_id"]}
        client.post("/api/chat", json=follow_up)
    assert [name for name, _ in events] == ["passages", "delta", "answer"]
    assert "".join(data["text"] for name, data in events if name == "delta") == answer["text"]
    assert [item["asked earlier"] for item in server.last.data if "asked earlier" in item] == [OPENED]
    given = wiring.assistant.try_out(OPENED, []).answer
    assert broken_rules(given, documents) == []


@pytest.mark.parametrize(
    ("variables", "field", "remedy"),
    [
        ({}, "openai_base_url", "OPENAI_BASE_URL"),
        ({"OPENAI_BASE_URL": " "}, "openai_base_url", "OPENAI_BASE_URL"),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}, "llm_model", "FOOTNOTE_LLM_MODEL"),
        ({"OPENAI_API_KEY": SECRET}, "llm_model", "FOOTNOTE_LLM_MODEL"),
        ({"OPENAI_BASE_URL": "localhost", "FOOTNOTE_LLM_MODEL": "m"}, "openai_base_url", "http://"),
        ({"OPENAI_BASE_URL": "http://[::1", "FOOTNOTE_LLM_MODEL": "m"}, "openai_base_url", "http://"),
        ({"OPENAI_BASE_URL": "file:///etc/passwd", "FOOTNOTE_LLM_MODEL": "m"}, "openai_base_url", "http://"),
        ({"OPENAI_BASE_URL": "http://h:port/v1", "FOOTNOTE_LLM_MODEL": "m"}, "openai_base_url", "http://"),
    ],
)
def test_missing_configuration_is_one_line_with_its_remedy(
    steppe: Wiring, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], field: str, remedy: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    for command in (["ask", OPENED], ["serve", "--port", "0"]):
        ran = run(*command, "--answerer", "llm", "--json")
        assert (ran.code, ran.json["error"]["field"]) == (1, field)
        assert remedy in ran.complaint


def test_half_a_configuration_harms_nobody_who_did_not_switch_it_on(
    steppe: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "nonsense")
    assert run("ask", OPENED, "--json").json["answered"]


def test_key_is_masked_wherever_settings_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    settings = load_settings(tmp_path, answerer="llm", llm_model="m")
    shown = [repr(settings), str(settings), settings.model_dump_json(), repr(server_address(settings))]
    assert [text for text in shown if SECRET in text] == []
    assert server_address(settings).api_key == SECRET


def test_settings_file_configures_it_and_the_environment_goes_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ['answerer = "llm"', 'openai_base_url = "http://file:1/v1"', 'openai_api_key = "k"', 'llm_model = "one"']
    (tmp_path / CONFIG_FILE).write_text("\n".join(lines))
    assert server_address(load_settings(tmp_path)) == ServerAddress("http://file:1/v1", "one", "k")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://environment:2/v1")
    assert server_address(load_settings(tmp_path)).host == "environment:2"


def test_key_alone_means_openais_own_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    assert server_address(load_settings(tmp_path, llm_model="m")).host == "api.openai.com"


@pytest.mark.parametrize(
    ("url", "host", "by_proxy"),
    [
        ("http://127.0.0.1:11434/v1", "127.0.0.1:11434", False),
        ("https://localhost/v1", "localhost", False),
        ("http://[::1]:80/v1", "[::1]:80", False),
        ("https://user:pass@api.example.org/v1", "api.example.org", True),
        ("http://10.0.0.1:8000", "10.0.0.1:8000", False),
    ],
)
def test_host_is_named_without_what_is_nobodys_business_and_no_proxy_reads_along(
    url: str, host: str, by_proxy: bool
) -> None:
    address = ServerAddress(url, "m")
    assert (address.host, address.may_go_by_proxy) == (host, by_proxy)


@pytest.mark.parametrize(("name", "value"), [("answerer", "gpt"), ("llm_seconds", 0), ("llm_answer_tokens", 0)])
def test_settings_out_of_bounds_are_refused(tmp_path: Path, name: str, value: object) -> None:
    with pytest.raises(BadRequest, match=name):
        load_settings(tmp_path, **{name: value})


def test_client_that_is_not_installed_is_said_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "openai", None)
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    with pytest.raises(ModelUnavailable, match=r"\.\[llm\]"):
        _ = Wiring(load_settings(tmp_path, answerer="llm", llm_model="m")).answerer


def test_doctor_says_who_writes_the_answers(steppe: Wiring, server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_ANSWERER", "llm")
    checks = {check["name"]: check["detail"] for check in run("doctor", "--json").json["checks"]}
    assert checks["answerer"] == f"llm, text goes to {server.url.split('/')[2]}"
    assert server.asked == []


def test_local_and_extractive_together_are_wrong_usage() -> None:
    assert run("ask", OPENED, "--local-llm", "--answerer", "extractive").code == 2


def test_error_over_http_names_no_key(steppe: Wiring, server: Running) -> None:
    with serving(wiring_at(steppe.settings.home, steppe.embedder, answerer="llm")) as client:
        assert SECRET not in str(error_of(client.post("/api/chat", json={"message": ""}), 422))
