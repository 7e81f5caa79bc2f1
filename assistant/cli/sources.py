"""`footnote sources`: what the library holds."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli.options import command_options, print_json
from assistant.cli.render import source_line
from assistant.documents import listed, shown
from assistant.settings import Settings
from assistant.wiring import wired


@click.group("sources")
def sources_group() -> None:
    """List, show, remove, export or import what the library holds."""


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


@sources_group.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@command_options
def export_command(settings: Settings, as_json: bool, file: Path) -> None:
    """Write all documents, passages and vectors to FILE, for another library; conversations stay here."""
    from index.exporting import export_library

    with wired(settings) as footnote:
        manifest = export_library(footnote.library, settings.index, file)
    if as_json:
        print_json({"file": str(file.absolute()), "documents": manifest.documents, "passages": manifest.passages})
    else:
        click.echo(f"{manifest.documents} documents in {manifest.passages} passages are in {file}")


@sources_group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@command_options
def import_command(settings: Settings, as_json: bool, file: Path) -> None:
    """Read what another library exported to FILE, without running the model: all of it or nothing."""
    from index.importing import import_library
    from index.store import Store

    with wired(settings) as footnote:
        files = import_library(footnote.library, settings.index, file)
        documents, passages = footnote.library.count(), Store(footnote.library).count()
    if as_json:
        print_json({"files": files, "documents": documents, "passages": passages})
        return
    added = sum(report.state == "added" for report in files)
    click.echo(
        f"{added} added, {len(files) - added} known already; the library holds {documents} documents in "
        f"{passages} passages"
    )
