"""`footnote chat`: a conversation in the terminal, streamed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict

import click

from assistant.cli.options import answerer_options, command_options, error_body, filter_options, print_json
from assistant.cli.render import footnote_lines
from assistant.engine import Assistant
from assistant.settings import Settings
from assistant.types import Answer, Event, TextDelta
from assistant.wiring import wired
from corpus.errors import BadRequest
from index.filtering import check_filter
from index.types import Filter


@click.command("chat")
@click.option("--conversation", metavar="ID", help="Go on with this conversation.")
@filter_options
@command_options
@answerer_options
def chat_command(settings: Settings, as_json: bool, local_llm: bool, conversation: str | None, wanted: Filter) -> None:
    """Ask question after question, a line each; an empty line or end of input ends the conversation.

    With --json each answer is one line of JSON.
    """
    with wired(settings, local_llm=local_llm) as footnote:
        check_filter(wanted)
        if conversation is not None:
            footnote.conversations.get(conversation)
        footnote.warm_up()
        for question in _questions(as_json):
            try:
                conversation = _turn(footnote.assistant, question, conversation, wanted, as_json)
            except BadRequest as error:
                if as_json:
                    print_json({"error": error_body(error)})
                click.echo(f"footnote: {error}", err=True)


def _questions(as_json: bool) -> Iterator[str]:
    prompt = sys.stdin.isatty() and not as_json
    while True:
        if prompt:
            click.echo(click.style("? ", bold=True), nl=False)
        line = sys.stdin.readline()
        if not line.strip():
            return
        yield line.strip()


def _turn(assistant: Assistant, question: str, conversation: str | None, wanted: Filter, as_json: bool) -> str | None:
    for event in assistant.stream(question, conversation, wanted):
        if as_json and isinstance(event, Answer):
            print_json(asdict(event))
        elif not as_json:
            _show(event)
        if isinstance(event, Answer):
            conversation = event.conversation_id
    return conversation


def _show(event: Event) -> None:
    if isinstance(event, TextDelta):
        click.echo(event.text, nl=False)
        sys.stdout.flush()
    elif isinstance(event, Answer):
        click.echo()
        for line in footnote_lines(event):
            click.echo(line)
        click.echo()
