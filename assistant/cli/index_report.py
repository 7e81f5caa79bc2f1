"""What `footnote index` shows: each file's final state, progress on a terminal, and the counts at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import get_args

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from corpus.containers.parts import MEMBER_MARK
from corpus.types import FileReport, IndexReport, State


class _Rate(ProgressColumn):
    """Files a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.1f} files/s" if speed else "")


def shown(reports: Iterable[FileReport], total: int, as_json: bool) -> Iterator[FileReport]:
    """Passes reports on and prints each; ``total`` files are to come, of which some may hold many documents."""
    console = Console(stderr=True)
    columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    files: set[str] = set()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("reading", total=total)
        for report in reports:
            files.add(report.path.partition(MEMBER_MARK)[0])
            progress.update(task, completed=min(len(files), total))
            if not as_json:
                print_report(report)
            yield report


def print_report(report: FileReport) -> None:
    """One file's final state, on one line."""
    reason = f" ({report.reason})" if report.reason else ""
    click.echo(_on_one_line(f"{report.state:>9}  {report.path}{reason}"))


def print_summary(report: IndexReport) -> None:
    """How many files ended in each state, and what the library holds now."""
    counts = Counter(file.state for file in report.files)
    click.echo()
    for state in get_args(State):
        if counts[state]:
            click.echo(f"{state:>9}  {counts[state]:>6}")
    click.echo(f"{'in all':>9}  {counts.total():>6}")
    click.echo(
        f"\nthe library holds {report.documents} documents in {report.passages} passages ({report.seconds:.1f} s)"
    )


def _on_one_line(text: str) -> str:
    """Names may hold line ends and whatever else a terminal obeys; these are shown as escapes."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape", "replace").decode() for one in text)
