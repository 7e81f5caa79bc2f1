"""`footnote ask` and `footnote search`: one question, one result."""

from __future__ import annotations

from dataclasses import asdict

import click

from assistant.cli.options import answerer_options, command_options, filter_options, print_json
from assistant.cli.render import answer_lines, hit_lines
from assistant.settings import Settings
from assistant.wiring import wired
from index.types import Filter


@click.command("ask")
@click.argument("question")
@click.option("--conversation", metavar="ID", help="Ask within this conversation.")
@filter_options
@command_options
@answerer_options
def ask_command(
    settings: Settings, as_json: bool, local_llm: bool, question: str, conversation: str | None, wanted: Filter
) -> None:
    """Answer QUESTION with sentences of the documents, each with its footnote."""
    with wired(settings, local_llm=local_llm) as footnote:
        footnote.warm_up()
        answer = footnote.assistant.ask(question, conversation, wanted)
    if as_json:
        print_json(asdict(answer))
        return
    for line in answer_lines(answer):
        click.echo(line)
    click.echo(f"\nFollow up with: footnote ask --conversation {answer.conversation_id} …", err=True)


@click.command("search")
@click.argument("query")
@click.option("-k", "count", type=click.IntRange(1, 1000), default=10, show_default=True, help="How many passages.")
@filter_options
@command_options
def search_command(settings: Settings, as_json: bool, query: str, count: int, wanted: Filter) -> None:
    """Find the passages that have most to do with QUERY."""
    with wired(settings) as footnote:
        result = footnote.silent.search(query, count, wanted)
    if as_json:
        print_json(result)
        return
    for line in hit_lines(result.hits):
        click.echo(line)
    if not result.hits:
        click.echo("Nothing was found.")
