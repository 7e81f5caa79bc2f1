"""The command line as a whole: help, JSON, exit codes, and how an error is told."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from assistant.cli import main
from assistant.wiring import Wiring
from corpus.errors import NotFound
from tests.assistant.conftest import BREAD, OPENED
from tests.assistant.running import FOOTNOTE, overwrite_pages, run

COMMANDS = [
    "ask",
    "bench encode",
    "bench open",
    "bench query",
    "chat",
    "doctor",
    "eval alterations",
    "eval answers",
    "eval claims",
    "eval desk",
    "eval extraction",
    "eval retrieval",
    "index",
    "search",
    "serve",
    "sources export",
    "sources import",
    "sources list",
    "sources remove",
    "sources show",
]


def leaves(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """All commands that do something, by their full names."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from leaves(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def test_these_are_the_commands() -> None:
    assert sorted(name for name, _ in leaves(main)) == COMMANDS


@pytest.mark.parametrize("command", ["", "eval", "sources", *COMMANDS])
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_every_command_has_help(command: str, flag: str) -> None:
    ran = run(*command.split(), flag)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: footnote {command}".rstrip())


def test_every_command_and_option_is_explained_and_takes_home_and_json() -> None:
    for name, command in leaves(main):
        options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
        assert {"--home", "--json", "--debug"} <= {option for known in options for option in known.opts}, name
        assert command.help, name
        assert [option.name for option in options if not option.help] == [], name


def test_help_of_the_whole_lists_every_command_with_a_word_on_it() -> None:
    listed = re.findall(r"^  (\w+)  +\w.*", run("--help").out.partition("Commands:\n")[2], re.MULTILINE)
    assert sorted(listed) == sorted({name.split()[0] for name in COMMANDS})


def test_version_is_printed() -> None:
    assert run("--version").out.startswith("footnote, version ")


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [
        (["index"], {"files", "documents", "passages", "seconds"}),
        (["ask", OPENED], {"text", "citations", "answered"}),
        (["ask", BREAD], {"text", "nearest", "answered"}),
        (["ask", OPENED, "--until", "2018"], {"text", "reason", "answered"}),
        (["search", OPENED], {"query", "searched_for", "hits"}),
        (["sources", "list"], {"documents"}),
        (["doctor"], {"healthy", "checks"}),
    ],
)
def test_json_is_one_object_and_nothing_else(
    steppe: Wiring, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str], keys: set[str]
) -> None:
    files = [tmp_path / "files"] if arguments == ["index"] else []
    ran = run(*arguments, *files, "--json")
    assert (ran.code, ran.err) == (0, "")
    assert keys <= set(ran.json)


@pytest.mark.parametrize(
    ("arguments", "code", "names"),
    [
        (["ask", " "], "bad_request", "empty"),
        (["ask", "x" * 10_001], "bad_request", "10,001"),
        (["ask", "x", "--conversation", "nobody"], "not_found", "'nobody'"),
        (["ask", "x", "--since", "soon"], "bad_request", "'soon'"),
        (["ask", "x", "--until", "2023-02-30"], "bad_request", "'2023-02-30'"),
        (["ask", "x", "--kind", "rumour"], "bad_request", "'rumour'"),
        (["chat", "--conversation", "nobody"], "not_found", "'nobody'"),
        (["chat", "--since", "soon"], "bad_request", "'soon'"),
        (["search", ""], "bad_request", "empty"),
        (["search", "x", "--since", "soon"], "bad_request", "'soon'"),
        (["sources", "show", "nothing"], "not_found", "'nothing'"),
        (["sources", "remove", "nothing"], "not_found", "'nothing'"),
        (["index", "--meta", "colour=red"], "bad_request", "'colour=red'"),
        (["index", "--meta", "kind=rumour"], "bad_request", "rumour"),
        (["index", "--meta", "outlet"], "bad_request", "'outlet'"),
        (["serve", "--port", "65536"], "bad_request", "'port'"),
        (["eval", "answers", "nowhere"], "bad_request", "nowhere"),
        (["eval", "retrieval", "nowhere"], "bad_request", "nowhere"),
    ],
)
def test_error_is_one_line_and_one_json_object_and_exit_code_1(
    one_model: None, arguments: list[str], code: str, names: str
) -> None:
    plain = run(*arguments, given="a question\n")
    told = run(*arguments, "--json", given="a question\n")
    assert (plain.code, plain.out, told.code) == (1, "", 1)
    assert names in plain.complaint
    assert told.complaint == plain.complaint
    error = told.json["error"]
    assert plain.complaint == f"{error['message']}: {error['hint']}"
    assert (error["code"], bool(error["hint"])) == (code, True)


def test_stray_byte_in_an_id_is_an_unknown_id(steppe: Wiring) -> None:
    ran = run("sources", "show", "\udce9")
    assert (ran.code, ran.out) == (1, "")
    assert ran.complaint


@pytest.mark.parametrize("command", ["ask", "search"])
def test_stray_byte_in_a_question_is_passed_over(steppe: Wiring, command: str) -> None:
    assert run(command, "When was the bridge\udce9 opened?").code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["ask"],
        ["ask", "two", "questions"],
        ["ask", "x", "--nonsense"],
        ["search", "x", "-k", "0"],
        ["search", "x", "-k", "1001"],
        ["search", "x", "-k", "many"],
        ["sources", "show"],
        ["sources", "remove"],
        ["sources", "nonsense"],
        ["serve", "--port", "eighty"],
        ["eval", "desk", "--split", "nonsense"],
        ["eval", "retrieval", "x", "--queries", "nonsense"],
    ],
)
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Usage: ")


@pytest.mark.parametrize("question", [BREAD, OPENED])
def test_declined_question_exits_0(footnote: Wiring, one_model: None, question: str) -> None:
    assert run("ask", question).code == 0


COMMANDS_WITH_A_HOME = [
    ["index"],
    ["ask", "x"],
    ["chat"],
    ["search", "x"],
    ["sources", "list"],
    ["sources", "show", "x"],
    ["sources", "remove", "x"],
    ["eval", "desk"],
]


@pytest.mark.parametrize("arguments", COMMANDS_WITH_A_HOME)
@pytest.mark.parametrize("inside", ["", "/home"])
def test_home_that_cannot_be_used_is_named(one_model: None, tmp_path: Path, arguments: list[str], inside: str) -> None:
    (tmp_path / "file").write_text("no folder")
    ran = run(*arguments, "--home", f"{tmp_path}/file{inside}", "--json", given="x\n")
    assert (ran.code, ran.json["error"]["code"]) == (1, "library_unusable")
    assert f"{tmp_path}/file" in ran.complaint
    assert "--home" in ran.complaint


@pytest.mark.parametrize("arguments", COMMANDS_WITH_A_HOME[:-1])
def test_file_that_is_no_library_is_named(one_model: None, home: Path, arguments: list[str]) -> None:
    home.mkdir()
    (home / "library.sqlite").write_text("no library at all, only words, and more than a few of them\n" * 100)
    ran = run(*arguments, "--home", home, "--json", given="x\n")
    assert (ran.code, ran.json["error"]["code"]) == (1, "library_unusable")
    assert str(home) in ran.complaint


@pytest.mark.parametrize("arguments", [["ask", "x"], ["sources", "list"]])
def test_library_that_is_damaged_inside_is_an_error_of_one_line(steppe: Wiring, arguments: list[str]) -> None:
    overwrite_pages(steppe)
    ran = run(*arguments, "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "library_unusable")
    assert ran.complaint


@pytest.mark.parametrize(
    ("setting", "value"), [("FOOTNOTE_INDEX__MODEL", "another"), ("FOOTNOTE_INDEX__PASSAGE_TOKENS", "100")]
)
def test_index_of_other_settings_is_refused_with_the_command_that_mends_it(
    steppe: Wiring, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, setting: str, value: str
) -> None:
    monkeypatch.setenv(setting, value)
    for arguments in (["ask", "x"], ["chat"], ["search", "x"], ["index", tmp_path / "files"]):
        ran = run(*arguments, "--json", given="x\n")
        assert (ran.code, ran.json["error"]["code"]) == (1, "other_index")
        assert "footnote index --rebuild" in ran.complaint


def test_listing_and_removing_need_no_model_and_no_matching_index(
    steppe: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_INDEX__MODEL", "another")
    first = run("sources", "list", "--json").json["documents"][0]
    assert run("sources", "show", first["id"], "--json").json["id"] == first["id"]
    assert run("sources", "remove", first["id"]).code == 0


@pytest.mark.parametrize(
    ("content", "names"), [("prot = 1", "'prot'"), ("port = ", "no TOML"), ("port = -1", "'port'")]
)
def test_config_file_that_cannot_be_used_stops_every_command(home: Path, content: str, names: str) -> None:
    home.mkdir()
    (home / "config.toml").write_text(content)
    for arguments in [*COMMANDS_WITH_A_HOME, ["doctor"], ["serve"]]:
        ran = run(*arguments, "--home", home, "--json")
        assert (ran.code, ran.json["error"]["code"]) == (1, "bad_request")
        assert names in ran.complaint
        assert "config.toml" in ran.complaint


def test_debug_shows_where_an_error_came_from(footnote: Wiring) -> None:
    with pytest.raises(NotFound):
        run("sources", "show", "nothing", "--debug")


def test_home_is_taken_from_the_flag_or_the_environment(
    steppe: Wiring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_environment = run("sources", "list", "--json").json
    by_flag = run("sources", "list", "--json", "--home", tmp_path / "other").json
    assert (len(by_environment["documents"]), by_flag) == (3, {"documents": []})
    monkeypatch.setenv("FOOTNOTE_HOME", str(tmp_path / "other"))
    assert run("sources", "list", "--json", "--home", steppe.settings.home).json == by_environment


def footnote_process(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([FOOTNOTE, *arguments], capture_output=True, text=True, timeout=120, check=False)


def test_installed_command_answers_with_json_on_a_pipe(steppe: Wiring) -> None:
    done = footnote_process("ask", OPENED, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["text"] == "The bridge at Orsk was opened on 4 May 2019 (12). [1]"
    assert done.stdout.count("\n") == 1


def test_installed_command_tells_an_error_without_a_traceback(tmp_path: Path) -> None:
    done = footnote_process("sources", "show", "nothing", "--json", "--home", str(tmp_path / "home"))
    assert (done.returncode, list(json.loads(done.stdout))) == (1, ["error"])
    assert done.stderr == "footnote: no document 'nothing' in the library: see `footnote sources list`\n"


def test_reader_that_goes_away_is_no_error(steppe: Wiring) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [FOOTNOTE, "sources", "list"], stdout=writing, stderr=subprocess.PIPE, check=False, timeout=60
    )
    os.close(writing)
    assert done.stderr == b""
