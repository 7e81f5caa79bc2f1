"""`footnote sources`: what the library holds."""

from __future__ import annotations

import click

from assistant.cli.options import command_options, print_json
from assistant.cli.render import source_line
from assistant.documents import listed, shown
from assistant.settings import Settings
from assistant.wiring import wired


@click.group("sources")
def sources_group() -> None:
    """List, show or remove what the library holds."""


@sources_group.command("list")
@command_options
def list_command(settings: Settings, as_json: bool) -> None:
    """List all documents."""
    with wired(settings) as footnote:
        documents = footnote.library.documents()
    if as_json:
        print_json({"documents": [listed(document) for document in documents]})
        return
    for document in documents:
        metadata = document.metadata
        click.echo(f"{document.id}  {source_line(document.title, metadata.outlet, metadata.published, metadata.kind)}")
    click.echo(f"{len(documents)} documents")


@sources_group.command("show")
@click.argument("document_id", metavar="ID")
@command_options
def show_command(settings: Settings, as_json: bool, document_id: str) -> None:
    """Show one document with its text."""
    with wired(settings) as footnote:
        document = footnote.library.document(document_id)
    if as_json:
        print_json(shown(document))
        return
    for name, value in listed(document).items():
        if value:
            click.echo(f"{name}: {', '.join(value) if isinstance(value, tuple) else value}")
    click.echo(f"\n{document.text}")


@sources_group.command("remove")
@click.argument("document_ids", metavar="ID…", nargs=-1)
@click.option("--desk", is_flag=True, help="Remove the shipped desk, and leave it out from now on.")
@command_options
def remove_command(settings: Settings, as_json: bool, document_ids: tuple[str, ...], desk: bool) -> None:
    """Remove documents: their text, passages and vectors, and what stored conversations quote of them."""
    if not document_ids and not desk:
        raise click.UsageError("name the documents to remove, or --desk")
    with wired(settings) as footnote:
        removed = list(dict.fromkeys(document_ids))
        for document_id in removed:
            footnote.library.document(document_id)
        for document_id in removed:
            footnote.library.remove(document_id)
        if desk:
            footnote.library.set_meta("desk", "out")
            removed.extend(report.document_id or report.path for report in footnote.indexer.remove_desk())
        left = footnote.library.count()
    if as_json:
        print_json({"removed": removed, "documents": left})
    else:
        click.echo(f"{len(removed)} removed; the library holds {left} documents")
