"""The command `antrean`. Every part is imported only by the command that needs it, so a kiosk box
needs no server.
"""

from __future__ import annotations

import gc
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from .commands.access import device, token, user
from .commands.agents import browser, display, kiosk, patch, printer
from .commands.audit import audit
from .commands.backup import backup, restore
from .commands.nik_key import nik_key
from .commands.office import office
from .commands.privacy.incident import incident
from .commands.privacy.persons import privacy
from .commands.report import report
from .commands.settings import WronglySet, reporting_the_database, with_settings
from .commands.voice import voice
from .lab.policies.command import policies
from .lab.simulation.command import simulate
from .lab.wait_evaluation.command import waits


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="antrean", prog_name="antrean")
def main() -> None:
    """Antrean: appointments, queue and crowd control for public offices.

    Example: antrean demo
    """


main.add_command(user)
main.add_command(token)
main.add_command(device)
main.add_command(audit)
main.add_command(backup)
main.add_command(restore)
main.add_command(nik_key)
main.add_command(office)
main.add_command(privacy)
main.add_command(incident)
main.add_command(report)
main.add_command(kiosk)
main.add_command(browser)
main.add_command(display)
main.add_command(printer)
main.add_command(voice)
main.add_command(simulate)
main.add_command(policies)
main.add_command(waits)


@main.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var/demo"),
    show_default=True,
)
@click.option("--port", type=click.IntRange(1, 65_500), default=8000, show_default=True)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="a loopback address; the demo's passwords are printed",
)
@click.option(
    "--scenario",
    type=click.Choice(["normal", "urgent-only", "full"]),
    show_default="normal",
    help="what empty data is filled with; data filled with another one is refused",
)
@click.option(
    "--now",
    type=click.DateTime(["%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%z"]),
    help="the demo clock's start, with offset",
)
@click.option("--limits", is_flag=True, help="limit the rate of requests from loopback too")
def demo(
    data: Path, port: int, host: str, scenario: str | None, now: datetime | None, limits: bool
) -> None:
    """Run the whole demonstration on this machine.

    Example: antrean demo --data var/urgent --scenario urgent-only
    """
    from .demo.errors import StageError
    from .demo.stage import run_stage

    try:
        sys.exit(run_stage(data, host, port, scenario, now, limits=limits))
    except StageError as error:
        raise click.UsageError(str(error)) from None


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65_535), default=8000, show_default=True)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="more than 1 needs PostgreSQL and Redis",
)
@click.option("--share-port", is_flag=True, hidden=True)
def serve(host: str, port: int, workers: int, share_port: bool) -> None:
    """Run the server. An empty database gets its tables, and while there is no administrator a code
    for the set-up page is printed; a database of another release is migrated first, with antrean
    migrate.

    Example: ANTREAN_DATABASE_URL=sqlite:////var/lib/antrean/antrean.db antrean serve --port 8000
    """
    patch()
    # What is loaded at the start stays; the server collects what did not once it has answered.
    gc.disable()
    from .settings import BadSettings, load_settings

    try:
        settings = load_settings().served_at(port)
    except BadSettings as error:
        raise WronglySet(str(error)) from None
    if workers > 1:
        missing = [
            name
            for name, given in (
                (
                    "PostgreSQL (ANTREAN_DATABASE_URL)",
                    not settings.database_url.startswith("sqlite"),
                ),
                ("Redis (ANTREAN_REDIS_URL)", settings.redis_url is not None),
            )
            if not given
        ]
        if missing:
            raise click.UsageError(f"{workers} workers need {' and '.join(missing)}.")
    from .nik_key import WrongNikKey
    from .starting import CannotStart, admit_start, offer_set_up

    try:
        admit_start(settings, lambda text: click.echo(text, err=True))
        # Of several processes the one that starts the others draws the code for all.
        if not share_port:
            offer_set_up(settings, lambda text: click.echo(text, err=True), datetime.now(UTC))
        if workers > 1:
            from .serving.workers import serve_with_workers

            sys.exit(serve_with_workers(host, port, workers))
        from .serving.server import serve as serve_until_stopped

        with reporting_the_database():
            serve_until_stopped(settings, host, port, share_port=share_port)
    except BadSettings as error:
        raise WronglySet(str(error)) from None
    except (CannotStart, WrongNikKey) as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"Cannot serve on {host}:{port}: {error}") from None


@main.command()
@with_settings
def migrate(settings: Any) -> None:
    """Bring the database to this release's schema.

    Example: antrean migrate
    """
    from .settings import BadSettings
    from .starting import CannotStart
    from .starting import migrate as bring_up_to_date

    try:
        bring_up_to_date(settings, datetime.now(UTC))
    except BadSettings as error:
        raise WronglySet(str(error)) from None
    except CannotStart as error:
        raise click.ClickException(str(error)) from None
    click.echo("The database is up to date.")


@main.group()
def seed() -> None:
    """Fill an empty database.

    Example: antrean seed banten --access access.json
    """


@seed.command("banten")
@click.option(
    "--scenario",
    type=click.Choice(["normal", "urgent-only", "full"]),
    default="normal",
    show_default=True,
)
@click.option(
    "--access",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="file for log-ins and tokens",
)
@with_settings
def seed_banten(settings: Any, scenario: str, access: Path) -> None:
    """Fill an empty database with the eight offices of Banten and invented people.

    Example: antrean seed banten --access access.json
    """
    from .demo.data import fill_empty
    from .demo.errors import StageError

    try:
        fill_empty(settings, scenario, access)
    except StageError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Filled. Log-ins and tokens are in {access}.")


@main.command()
@click.option("--json", "as_json", is_flag=True)
@click.option(
    "--port",
    type=click.IntRange(1, 65_535),
    default=8000,
    show_default=True,
    help="of the server on this machine",
)
@with_settings
def doctor(settings: Any, as_json: bool, port: int) -> None:
    """Check the settings, the machine, the whole database, what keeps failing, and whether offices
    can work; says what to do about each fault. Exit code 1 if anything needs attention.

    Example: antrean doctor --json
    """
    from .commands.doctor import examine

    report = examine(settings, port)
    if as_json:
        click.echo(json.dumps(report, indent=2))
    else:
        for name, value in report["settings"].items():
            click.echo(f"  {name} = {value}")
        for check in report["checks"]:
            click.echo(f"{'ok  ' if check['ok'] else 'FAIL'} {check['name']}: {check['detail']}")
            if check["to_do"]:
                click.echo(f"     -> {check['to_do']}")
    sys.exit(0 if all(check["ok"] for check in report["checks"]) else 1)
