"""`footnote index`: files, folders, web pages and feeds into the library."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import chain

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from assistant.cli.options import command_options, print_json, settings_with
from assistant.erasing import erase_deleted
from assistant.settings import Settings
from assistant.wiring import Wiring, wired
from corpus.errors import BadRequest
from corpus.intake import desk_sources, find_sources
from corpus.readers.front_matter import metadata_from
from corpus.types import METADATA_FIELDS, FileReport, IndexReport, Metadata

_QUIET = ("unchanged",)
_DESK = "desk"


@click.command("index")
@click.argument("paths", metavar="[PATH|URL]...", nargs=-1, type=click.Path())
@click.option(
    "--meta", multiple=True, metavar="FIELD=VALUE", help=f"Metadata for all files: {', '.join(METADATA_FIELDS)}."
)
@click.option("--desk/--no-desk", default=None, help="Take the shipped desk in, or leave it out from now on.")
@click.option(
    "--allow-private",
    is_flag=True,
    default=None,
    help="Fetch from private and loopback addresses too, such as those of your own network.",
)
@click.option("--rebuild", is_flag=True, help="Cut and embed all stored documents anew, with the present settings.")
@command_options
def index_command(
    settings: Settings,
    as_json: bool,
    paths: tuple[str, ...],
    meta: tuple[str, ...],
    desk: bool | None,
    allow_private: bool | None,
    rebuild: bool,
) -> None:
    """Read files, folders' files, and the pages and feeds at URLs into the library; with none given, the shipped desk.

    The desk stays out once it was left out or removed, until --desk asks for it.
    """
    given = _metadata(meta)
    started = time.monotonic()
    settings = settings_with(settings, allow_private=allow_private)
    with wired(settings) as footnote:
        erase_deleted(footnote.library, footnote.conversations)  # what a server had no time for any more
        if rebuild:
            footnote.rebuild()
        reports, total = _chosen(footnote, paths, given, desk, rebuild)
        files = tuple(_shown(reports, total, as_json))
        report = IndexReport(
            files, footnote.library.count(), footnote.store.count(), round(time.monotonic() - started, 2)
        )
    failed = [file for file in files if file.state == "failed"]
    if as_json:
        print_json(asdict(report))
    else:
        _print_summary(report)
    if failed:
        plural = "file" if len(failed) == 1 else "files"
        click.echo(f"footnote: {len(failed)} {plural} failed, first {failed[0].path!r}: {failed[0].reason}", err=True)
        sys.exit(1)


def _chosen(
    footnote: Wiring, paths: tuple[str, ...], given: Metadata, desk: bool | None, rebuild: bool
) -> tuple[Iterator[FileReport], int]:
    """The reports to come of what is to be read, and about how many."""
    if desk is not None:
        footnote.library.set_meta(_DESK, "in" if desk else "out")
    indexer, sources = footnote.indexer, list(find_sources(paths, given))
    briefs: Iterable[FileReport] = ()
    if desk is False:
        briefs = indexer.remove_desk()
    elif desk or (not paths and not rebuild and footnote.library.get_meta(_DESK) != "out"):
        briefs = indexer.index_desk()
    return chain(briefs, indexer.index(sources)), len(sources) + (len(list(desk_sources())) if briefs else 0)


def _metadata(pairs: tuple[str, ...]) -> Metadata:
    """The value of --meta.

    Raises:
        BadRequest: a pair is no FIELD=VALUE, its field is unknown, or its value cannot be used.
    """
    fields: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or name not in METADATA_FIELDS:
            raise BadRequest(f"--meta {pair!r} cannot be used", f"write FIELD=VALUE, with one of {METADATA_FIELDS}")
        fields[name] = value
    metadata, wrong = metadata_from(fields)
    if wrong:
        raise BadRequest(f"--meta has {wrong}", "a date is 2023, 2023-05 or 2023-05-17; see the docs for kinds")
    return metadata


def _shown(reports: Iterable[FileReport], total: int, as_json: bool) -> Iterator[FileReport]:
    """Passes reports on, showing progress on a terminal and each file that is not unchanged."""
    console = Console(stderr=True)
    columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("reading", total=total)
        for report in reports:
            progress.advance(task)
            if not as_json and report.state not in _QUIET:
                reason = f" ({report.reason})" if report.reason else ""
                click.echo(f"{report.state:>9}  {report.path}{reason}")
            yield report


def _print_summary(report: IndexReport) -> None:
    states: dict[str, int] = {}
    for file in report.files:
        states[file.state] = states.get(file.state, 0) + 1
    counted = ", ".join(f"{count} {state}" for state, count in sorted(states.items())) or "no files"
    click.echo(
        f"{counted}; the library holds {report.documents} documents in {report.passages} passages "
        f"({report.seconds:.1f} s)"
    )
