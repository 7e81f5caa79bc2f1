"""The command line: a file a command group, each loaded only when it is called."""

from __future__ import annotations

import importlib
from importlib.metadata import entry_points

import click

_COMMANDS = {
    "index": "assistant.cli.index:index_command",
    "ask": "assistant.cli.ask:ask_command",
    "chat": "assistant.cli.chat:chat_command",
    "search": "assistant.cli.ask:search_command",
    "sources": "assistant.cli.sources:sources_group",
    "serve": "assistant.cli.serve:serve_command",
    "doctor": "assistant.cli.doctor:doctor_command",
}
_SHORT_HELP = {
    "index": "Read files, folders, web pages and feeds into the library; with none given, the shipped desk.",
    "ask": "Answer one question.",
    "chat": "Hold a conversation in the terminal.",
    "search": "Find passages, without an answer.",
    "sources": "List, show, remove, export or import what the library holds.",
    "serve": "Serve the HTTP API.",
    "doctor": "Check the installation and the library.",
    "bench": "Measure speed and scale beside a plain script.",
    "eval": "Measure answers and retrieval on question sets.",
}
_ENTRY_POINTS = "footnote.commands"


class _LazyGroup(click.Group):
    """Imports a command when it is called, so that `footnote --help` is immediate."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*_COMMANDS, *sorted(point.name for point in entry_points(group=_ENTRY_POINTS))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in _COMMANDS:
            module, name = _COMMANDS[cmd_name].split(":")
            command: click.Command = getattr(importlib.import_module(module), name)
            return command
        for point in entry_points(group=_ENTRY_POINTS, name=cmd_name):
            loaded: click.Command = point.load()
            return loaded
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, _SHORT_HELP.get(name, "")) for name in self.list_commands(ctx)])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="footnote")
def main() -> None:
    """Ask your documents a question; every sentence of the answer carries a footnote that you can check."""
