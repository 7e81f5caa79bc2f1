"""What commands share: the options for home, JSON and filters, and how an error ends a command."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import click

from assistant.settings import Settings, load_settings
from corpus.errors import FootnoteError
from corpus.types import KINDS
from index.types import Filter

_INTERRUPTED = 128 + 2  # how a shell tells that Ctrl-C (signal 2) ended a command
Command = TypeVar("Command", bound=Callable[..., Any])


def command_options(command: Command) -> Command:
    """Adds --home, --json and --debug, and ends the command with one line when Footnote raises an error.

    The command gets ``settings`` and ``as_json`` in their place.
    """

    @click.option("--home", type=click.Path(path_type=Path), help="The library's folder. [env: FOOTNOTE_HOME]")
    @click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
    @click.option("--debug", is_flag=True, help="Show a traceback when something goes wrong.")
    @functools.wraps(command)
    def wrapped(home: Path | None, as_json: bool, debug: bool, **arguments: Any) -> None:
        try:
            command(settings=load_settings(home), as_json=as_json, **arguments)
        except FootnoteError as error:
            if debug:
                raise
            fail(error, as_json)
        except BrokenPipeError:
            _leave_broken_pipe()
        except KeyboardInterrupt:
            click.echo("footnote: stopped; what was done is kept, and the same command goes on from there", err=True)
            sys.exit(_INTERRUPTED)

    return wrapped  # type: ignore[return-value]


def fail(error: FootnoteError, as_json: bool) -> None:
    """Ends the command: one line on standard error, the error as JSON on standard output where JSON is asked."""
    if as_json:
        print_json({"error": error_body(error)})
    click.echo(f"footnote: {' '.join(str(error).split())}", err=True)
    sys.exit(1)


def error_body(error: FootnoteError) -> dict[str, str]:
    """An error as JSON: code, message, hint, and the field at fault where there is one."""
    body = {"code": error.code, "message": error.message, "hint": error.hint}
    return {**body, "field": error.field} if error.field else body


def print_json(value: Any) -> None:
    """One JSON value on one line of standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, default=_plain))


def filter_options(command: Command) -> Command:
    """Adds the filters; the command gets them as ``wanted``."""

    @click.option("--since", metavar="DATE", help="Only documents of this day or later.")
    @click.option("--until", metavar="DATE", help="Only documents of this day or earlier.")
    @click.option("--outlet", multiple=True, help="Only this outlet; may be given more than once.")
    @click.option("--kind", multiple=True, help=f"Only this kind ({', '.join(KINDS)}); may be given more than once.")
    @click.option("--language", multiple=True, help="Only this language (en, ru, …); may be given more than once.")
    @click.option("--document", multiple=True, metavar="ID", help="Only this document; may be given more than once.")
    @functools.wraps(command)
    def wrapped(
        since: str | None,
        until: str | None,
        outlet: tuple[str, ...],
        kind: tuple[str, ...],
        language: tuple[str, ...],
        document: tuple[str, ...],
        **arguments: Any,
    ) -> None:
        command(wanted=Filter(since, until, outlet, kind, language, document), **arguments)

    return wrapped  # type: ignore[return-value]


def answerer_options(command: Command) -> Command:
    """Adds --answerer and --local-llm; the command gets ``local_llm``, and ``settings`` with the answerer laid over."""

    @click.option(
        "--answerer",
        type=click.Choice(["extractive", "llm"]),
        help="Who writes the answers: the documents' own sentences, or a language model.  [default: extractive]",
    )
    @click.option("--local-llm", is_flag=True, help="Start a small language model on this machine and have it write.")
    @functools.wraps(command)
    def wrapped(settings: Settings, answerer: str | None, local_llm: bool, **arguments: Any) -> None:
        if local_llm and answerer == "extractive":
            raise click.UsageError("--local-llm is a language model: leave out --answerer extractive")
        chosen = settings_with(settings, answerer="llm" if local_llm else answerer)
        command(settings=chosen, local_llm=local_llm, **arguments)

    return wrapped  # type: ignore[return-value]


def settings_with(settings: Settings, **flags: Any) -> Settings:
    """The settings with flags laid over them; ``flags`` that are None were not given.

    Raises:
        BadRequest: a flag is out of bounds.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    checked = load_settings(settings.home, **given)
    return settings.model_copy(update={name: getattr(checked, name) for name in given})


def _plain(value: Any) -> Any:
    return asdict(value) if hasattr(value, "__dataclass_fields__") else str(value)


def _leave_broken_pipe() -> None:
    """The reader of our output went away: nothing more can be said, and Python's own flush must not complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(1)
