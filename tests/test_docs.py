"""The documentation runs: the README's commands work as they stand, and every command is documented."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from assistant.cli import main
from assistant.settings import Settings
from assistant.wiring import Wiring
from index.settings import IndexSettings
from tests.factories import write_files
from tests.web_server import Page, web_server

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
WEB = {  # what stands behind www.example.org in the examples
    "/report.html": Page("<p>It snowed all night.</p>"),
    "/feed.xml": Page(
        "<rss><channel><item><title>Snow</title><link>/snow.html</link></item></channel></rss>", "text/xml"
    ),
    "/snow.html": Page("<p>It snowed in the hills.</p>"),
}
EXAMPLES = [line[2:] for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL) for line in block.splitlines()]


def commands(group: click.Group, path: str = "footnote") -> Iterator[tuple[str, click.Command]]:
    with click.Context(group) as context:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            yield f"{path} {name}", command
            if isinstance(command, click.Group):
                yield from commands(command, f"{path} {name}")


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_readmes_commands_work_as_they_stand(
    example: str, desk: Wiring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "notes/one.md": "# One\n\nThe bridge opened in 2021.",
        "report.html": "<p>It rained.</p>",
        "archive.json": '[{"story": "It snowed.", "day": "2021-05-17"}]',
    }
    write_files(tmp_path, files)
    own = "https://" in example or any(name.split("/")[0] in example for name in files)
    home = tmp_path / "own-home" if own else desk.settings.home
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Wiring, "embedder", desk.embedder)
    with web_server(WEB) as server:
        program, *arguments = shlex.split(example.replace("https://www.example.org", server.url("")))
        result = CliRunner().invoke(main, arguments, env={"FOOTNOTE_HOME": str(home), "FOOTNOTE_ALLOW_PRIVATE": "1"})
    assert (program, result.exit_code, bool(result.output)) == ("footnote", 0, True), result.output


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 5


@pytest.mark.parametrize(
    ("name", "command"), list(commands(main)), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_command_and_option_has_help(name: str, command: click.Command) -> None:
    assert command.help
    options = [option for option in command.params if isinstance(option, click.Option)]
    assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize("name", [name for name, _ in commands(main) if name.count(" ") == 1])
def test_every_command_stands_in_the_readme(name: str) -> None:
    assert f"`{name}" in README


def test_every_setting_is_documented_with_its_default() -> None:
    table = (ROOT / "docs" / "settings.md").read_text("utf-8")
    fields = {name: field for name, field in Settings.model_fields.items() if name != "index"}
    fields |= {f"index.{name}": field for name, field in IndexSettings.model_fields.items()}
    documented = dict(re.findall(r"^\| `([\w.]+)` *\| `?([\w.,-]+)", table, re.MULTILINE))
    assert documented.keys() == fields.keys()
    plain = {name: field.default for name, field in fields.items() if type(field.default) in (int, float, str)}
    assert {name: documented[name] for name in plain} == {name: str(default) for name, default in plain.items()}


@pytest.mark.parametrize("path", sorted(re.findall(r"\]\(([\w/.-]+)\)", README)))
def test_links_of_the_readme_lead_somewhere(path: str) -> None:
    assert (ROOT / path).exists()
