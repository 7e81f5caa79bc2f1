"""`footnote index`: files, folders, web pages and feeds into the library."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import chain
from pathlib import Path

import click

from assistant.cli.index_report import print_report, print_summary, shown
from assistant.cli.options import command_options, print_json, settings_with
from assistant.erasing import erase_deleted
from assistant.settings import Settings
from assistant.wiring import Wiring, wired
from corpus.containers.parts import RECORD_FIELDS
from corpus.errors import BadRequest
from corpus.intake import Source, desk_sources, field_map, find_sources
from corpus.readers.front_matter import metadata_from
from corpus.rehearsal import held
from corpus.types import METADATA_FIELDS, FileReport, IndexReport, Metadata
from corpus.web.urls import is_url

_DESK = "desk"


@click.command("index")
@click.argument("paths", metavar="[PATH|URL]...", nargs=-1, type=click.Path())
@click.option(
    "--meta", multiple=True, metavar="FIELD=VALUE", help=f"Metadata for all files: {', '.join(METADATA_FIELDS)}."
)
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="FIELD=NAME",
    help=f"What JSON records call their {', '.join(RECORD_FIELDS)}.",
)
@click.option("--desk/--no-desk", default=None, help="Take the shipped desk in, or leave it out from now on.")
@click.option(
    "--allow-private",
    is_flag=True,
    default=None,
    help="Fetch from private and loopback addresses too, such as those of your own network.",
)
@click.option("--rebuild", is_flag=True, help="Cut and embed all stored documents anew, with the present settings.")
@click.option("--prune", is_flag=True, help="Forget documents whose files under PATHS are gone.")
@click.option("--dry-run", is_flag=True, help="Say what would happen to each file, and change nothing.")
@click.option("--watch", is_flag=True, help="Stay, and read files under PATHS again as they change; Ctrl-C ends it.")
@command_options
def index_command(
    settings: Settings,
    as_json: bool,
    paths: tuple[str, ...],
    meta: tuple[str, ...],
    mapped: tuple[str, ...],
    desk: bool | None,
    allow_private: bool | None,
    rebuild: bool,
    prune: bool,
    dry_run: bool,
    watch: bool,
) -> None:
    """Read files, folders' files, and the pages and feeds at URLs into the library; with none given, the shipped desk.

    The desk stays out once it was left out or removed, until --desk asks for it.
    """
    _check_together(paths, prune=prune, dry_run=dry_run, watch=watch, rebuild=rebuild)
    given, fields = _metadata(meta), _fields(mapped)
    started = time.monotonic()
    settings = settings_with(settings, allow_private=allow_private)
    with wired(settings, rehearsing=dry_run) as footnote:
        erase_deleted(footnote.library, footnote.conversations)  # what a server had no time for any more
        sources = list(find_sources(paths, given, fields))
        if sources:
            _ = footnote.read_files  # what reads starts now, while the model loads
        if rebuild:
            footnote.rebuild()
        reports, total = _chosen(footnote, sources, desk, desk_alone=not paths and not rebuild)
        pruned = footnote.indexer.prune(paths) if prune else ()
        if watch:
            _watch(footnote, paths, given, fields, chain(reports, pruned), prune=prune, as_json=as_json)
            return
        files = tuple(shown(chain(reports, pruned), total, as_json))
        counts = held(settings.home) if dry_run else (footnote.library.count(), footnote.store.count())
        report = IndexReport(files, *counts, round(time.monotonic() - started, 2))
    failed = [file for file in files if file.state == "failed"]
    if as_json:
        print_json(asdict(report))
    else:
        print_summary(report)
    if failed:
        plural = "file" if len(failed) == 1 else "files"
        click.echo(f"footnote: {len(failed)} {plural} failed, first {failed[0].path!r}: {failed[0].reason}", err=True)
        sys.exit(1)


def _check_together(paths: tuple[str, ...], *, prune: bool, dry_run: bool, watch: bool, rebuild: bool) -> None:
    if (prune or watch) and not paths:
        raise click.UsageError(f"--{'prune' if prune else 'watch'} needs PATHS: it looks only under these")
    if dry_run and (watch or rebuild):
        raise click.UsageError(f"--dry-run and --{'watch' if watch else 'rebuild'} do not go together")


def _watch(
    footnote: Wiring,
    paths: tuple[str, ...],
    given: Metadata,
    fields: dict[str, str],
    first: Iterator[FileReport],
    *,
    prune: bool,
    as_json: bool,
) -> None:
    """Prints reports as they come, one line each, until Ctrl-C."""
    from assistant.watching import watch

    files = [Path(path) for path in paths if not is_url(path)]
    try:
        for report in watch(footnote.indexer, files, given, fields, prune=prune, first=first):
            if as_json:
                print_json(report)
            else:
                print_report(report)
    except KeyboardInterrupt:
        return


def _chosen(
    footnote: Wiring, sources: list[Source], desk: bool | None, *, desk_alone: bool
) -> tuple[Iterator[FileReport], int]:
    """The reports to come of what is to be read, and about how many."""
    if desk is not None:
        footnote.library.set_meta(_DESK, "in" if desk else "out")
    indexer = footnote.indexer
    briefs: Iterable[FileReport] = ()
    if desk is False:
        briefs = indexer.remove_desk()
    elif desk or (desk_alone and footnote.library.get_meta(_DESK) != "out"):
        briefs = indexer.index_desk()
    return chain(briefs, indexer.index(sources)), len(sources) + (len(list(desk_sources())) if briefs else 0)


def _metadata(pairs: tuple[str, ...]) -> Metadata:
    """The value of --meta.

    Raises:
        BadRequest: a pair is no FIELD=VALUE, its field is unknown, or its value cannot be used.
    """
    metadata, wrong = metadata_from(_pairs("--meta", "FIELD=VALUE", pairs, METADATA_FIELDS))
    if wrong:
        raise BadRequest(f"--meta has {wrong}", "a date is 2023, 2023-05 or 2023-05-17; see the docs for kinds")
    return metadata


def _fields(pairs: tuple[str, ...]) -> dict[str, str]:
    """The value of --map.

    Raises:
        BadRequest: a pair is no FIELD=NAME, or its field is unknown.
    """
    return field_map(_pairs("--map", "FIELD=NAME", pairs, RECORD_FIELDS))


def _pairs(option: str, form: str, pairs: tuple[str, ...], known: tuple[str, ...]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or name not in known:
            raise BadRequest(f"{option} {pair!r} cannot be used", f"write {form}, with one of {known}")
        fields[name] = value
    return fields
