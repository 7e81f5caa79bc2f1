"""`footnote bench`: joins the command line through the entry-point group `footnote.commands`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from assistant.cli.options import command_options, print_json
from assistant.settings import Settings
from eval.benchmarks.encode import encode_figures
from eval.benchmarks.opening import open_figures
from eval.benchmarks.query import query_figures, scale_figures
from eval.report import print_figures

_FOLDER = click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True), required=False)


@click.group("bench")
def bench_group() -> None:
    """Measure speed and scale beside a plain script.

    FOLDER is a retrieval set as `footnote eval retrieval` takes it; without one the shipped desk is used.
    """


@bench_group.command("encode")
@_FOLDER
@click.option("--passages", type=click.IntRange(1), default=2000, show_default=True, help="How many to encode.")
@command_options
def encode_command(settings: Settings, as_json: bool, folder: Path | None, passages: int) -> None:
    """Tokens of text encoded in a second, and what indexing takes besides."""
    _print("encode", encode_figures(settings, folder, passages), as_json)


@bench_group.command("query")
@_FOLDER
@click.option("--questions", type=click.IntRange(1), default=200, show_default=True, help="How many to ask.")
@click.option("--vectors", type=click.IntRange(1000), help="Search so many synthetic ones instead.")
@command_options
def query_command(settings: Settings, as_json: bool, folder: Path | None, questions: int, vectors: int | None) -> None:
    """A question's time on top of its embedding."""
    figures = (
        scale_figures(settings, folder, vectors, questions) if vectors else query_figures(settings, folder, questions)
    )
    _print("query", figures, as_json)


@bench_group.command("open")
@_FOLDER
@command_options
def open_command(settings: Settings, as_json: bool, folder: Path | None) -> None:
    """From a library on disk to the first question answered, imports and the model apart."""
    _print("open", open_figures(settings, folder), as_json)


def _print(name: str, figures: Mapping[str, float | int], as_json: bool) -> None:
    if as_json:
        print_json(dict(figures))
    else:
        print_figures(f"bench {name}", {"figures": figures})
