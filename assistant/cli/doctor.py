"""`footnote doctor`: checks of the installation and the library."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from assistant.cli.options import command_options, print_json
from assistant.doctor import examine
from assistant.settings import Settings


@click.command("doctor")
@command_options
def doctor_command(settings: Settings, as_json: bool) -> None:
    """Check the installation and the library; exit code 1 if anything is wrong."""
    checks = examine(settings)
    healthy = all(check.verdict == "ok" for check in checks)
    if as_json:
        print_json({"healthy": healthy, "checks": [asdict(check) for check in checks]})
    else:
        for check in checks:
            remedy = f": {check.remedy}" if check.remedy else ""
            click.echo(f"{check.verdict:>5}  {check.name} ({check.detail}){remedy}")
    if not healthy:
        sys.exit(1)
