"""The command group `antrean incident`: closing access after a breach, and whom to tell."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from queue_server.commands.settings import with_settings

_MOMENT = click.DateTime(["%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%z"])

WARNING = """\
Everybody is signed out, every program loses its access{more}, and the key of sign-ins and links
is replaced: webhooks need new secrets. Start every server anew afterwards: until then it goes on
with the old key. Change the passwords that may be known, too."""
MORE = {
    "devices": ", every kiosk, TV and printer has to be paired anew",
    "nik_key": ", no visitor is recognised again",
}


@click.group()
def incident() -> None:
    """Somebody may have seen personal data: close access, and find out whom to tell.

    Example: antrean incident start --since 2026-11-23T08:00+07:00
    """


@incident.command("start")
@click.option("--since", type=_MOMENT, help="from when data may have been reachable, with offset")
@click.option("--noticed", type=_MOMENT, help="when it was noticed; left out, now")
@click.option("--devices", is_flag=True, help="cut off kiosks, TVs, printers and sensors too")
@click.option("--nik-key", "nik_key", is_flag=True, help="replace the key of the fingerprints too")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="the folder for the list and the drafts; left out, incident-ID here",
)
@click.option("--yes", is_flag=True, help="do not ask")
@click.option("--json", "as_json", is_flag=True)
@with_settings
def start(
    settings: Any,
    since: datetime | None,
    noticed: datetime | None,
    devices: bool,
    nik_key: bool,
    out: Path | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Close access and write down whose data were reachable. Stopped halfway, the same command goes
    on where it was, with the choices made at first.

    Ends all log-ins, revokes all tokens of programs, replaces the key of log-ins and links, lists
    the persons in a file that only its owner reads, and drafts the notice due within 3 × 24 hours.

    Example: antrean incident start --since 2026-11-23T08:00+07:00 --out /root/incident
    """
    from queue_server.app import make_clock
    from queue_server.commands.administration import AdministrationError, open_database
    from queue_server.domain.errors import BadInput
    from queue_server.domain.privacy.incident import Step
    from queue_server.settings import BadSettings

    from .steps import find_open, run

    now = make_clock(settings.clock_offset_seconds)()
    noticed_at = now if noticed is None else noticed.astimezone(UTC)
    since_at = noticed_at - timedelta(days=1) if since is None else since.astimezone(UTC)
    choices = frozenset(
        step for step, chosen in ((Step.DEVICES, devices), (Step.NIK_KEY, nik_key)) if chosen
    )
    try:
        with open_database(settings) as database:
            known = find_open(database)
            wanted = known.choices if known else choices
            if known:
                click.echo(f"Going on with the incident {known.id}.", err=True)
            more = "".join(words for name, words in MORE.items() if Step(name) in wanted)
            click.echo(WARNING.format(more=more), err=True)
            if not yes:
                click.confirm("Close access now?", abort=True, err=True)
            try:
                told = run(settings, database, since_at, noticed_at, choices, out, now)
            except BadInput as refused:
                which = "--since" if refused.facts["field"] == "since" else "--noticed"
                raise click.UsageError(f"{which} is too late: nothing was done.") from None
    except (AdministrationError, BadSettings) as error:
        raise click.ClickException(f"Not all is done; run it again. {error}") from None
    except OSError as error:
        raise click.ClickException(
            f"Not all is done; run it again. {error.filename}: {error.strerror}"
        ) from None
    _print(told, as_json)


def _print(told: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    click.echo(f"Incident {told['id']}")
    for step, counts in told["steps"].items():
        facts = ", ".join(f"{name} {value}" for name, value in counts.items())
        click.echo(f"  {step:12} {facts or 'done'}")
    for code, number in told["persons"].items():
        click.echo(f"  {code}: {number} entries with somebody's data")
    click.echo(f"List and drafts: {told['folder']}")
    click.echo(f"The notice is due by {told['notice_due_at']}.")
    click.echo("Now start every server anew, and change the passwords that may be known.")


@incident.command("list")
@click.option("--json", "as_json", is_flag=True)
@with_settings
def list_incidents(settings: Any, as_json: bool) -> None:
    """List incidents, the newest first, and whether all was done.

    Example: antrean incident list
    """
    from queue_server.commands.administration import open_database

    from .steps import tell_all

    with open_database(settings) as database:
        told = tell_all(database)
    if as_json:
        click.echo(json.dumps(told, indent=2))
        return
    if not told:
        click.echo("There was no incident.")
    for each in told:
        state = "done" if each["ended_at"] else "not done: run antrean incident start"
        click.echo(f"{each['id']}  {each['started_at']}  due {each['notice_due_at']}  {state}")
