"""The command group `antrean incident`: closing access after a breach, and whom to tell."""

from __future__ import annotations

import json
from collections.abc import Set
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from queue_server.commands.settings import with_settings

_MOMENT = click.DateTime(["%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%z"])

WARNING = """\
Everybody is signed out, every program loses its access{more}, and the key of sign-ins and links
is replaced: webhooks need new secrets, and codes of apps stop working. Whoever has an app signs in
with a recovery code or a passkey, or an administrator resets the second factor. Start every server
anew afterwards: until then it goes on with the old key."""
MORE = {
    "devices": ", every kiosk, TV and printer has to be paired anew",
    "nik_key": ", no visitor is recognised again",
}
PASSWORDS = """\
New passwords: of {accounts} accounts {whose} the present one signs nobody in by itself any more.
Whoever has a passkey or a recovery code left shows that too, and chooses a new password before
anything else. The others, {helpless}, get one from a manager or an administrator, on the page of
the staff accounts or by `antrean user password NAME`."""
FACTORS = """\
Second factors: those of {with_factor} accounts {whose} are reset. Apps, passkeys and recovery codes
stop working, and managers and administrators are asked to add new ones."""
KNOWN_PASSWORDS = """\
Until then the password alone signs them in: whoever knows it could add a second factor of their
own. With --passwords nobody can."""
QUESTIONS = {
    "passwords": "May somebody know passwords, so that all need new ones?",
    "second_factors": "Are all second factors to be reset?",
}
KEPT_PASSWORDS = "Passwords stay as they are: change those that may be known."


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
    "--passwords", is_flag=True, help="nobody signs in with the present password alone any more"
)
@click.option("--second-factors", "factors", is_flag=True, help="reset all second factors")
@click.option(
    "--office",
    "offices",
    multiple=True,
    help="whose passwords and second factors; may be repeated; left out, those of all offices",
)
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
    passwords: bool,
    factors: bool,
    offices: tuple[str, ...],
    out: Path | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Close access and write down whose data were reachable. Stopped halfway, the same command goes
    on where it was, with the choices made at first.

    Ends all log-ins, revokes all tokens of programs, replaces the key of log-ins and links, lists
    the persons in a file that only its owner reads, and drafts the notice due within 3 × 24 hours.
    Without --yes it asks whether new passwords are needed and second factors are to be reset.

    Example: antrean incident start --since 2026-11-23T08:00+07:00 --passwords --out /root/incident
    """
    from queue_server.app import make_clock
    from queue_server.commands.administration import AdministrationError, open_database
    from queue_server.domain.errors import BadInput, UnknownOffice
    from queue_server.domain.privacy.incident import Step
    from queue_server.settings import BadSettings

    from .steps import count_people, find_open, run

    now = make_clock(settings.clock_offset_seconds)()
    noticed_at = now if noticed is None else noticed.astimezone(UTC)
    since_at = noticed_at - timedelta(days=1) if since is None else since.astimezone(UTC)
    flags = {
        Step.DEVICES: devices,
        Step.NIK_KEY: nik_key,
        Step.PASSWORDS: passwords,
        Step.SECOND_FACTORS: factors,
    }
    try:
        with open_database(settings) as database:
            known = find_open(database)
            if known:
                click.echo(f"Going on with the incident {known.id}.", err=True)
            elif not yes:
                for step, question in QUESTIONS.items():
                    flags[Step(step)] |= click.confirm(question, err=True)
            choices = frozenset(step for step, chosen in flags.items() if chosen)
            wanted, theirs = (known.choices, known.offices) if known else (choices, offices)
            _say_plan(count_people(database, theirs, wanted), theirs, wanted)
            if not yes:
                click.confirm("Close access now?", abort=True, err=True)
            try:
                told = run(settings, database, since_at, noticed_at, choices, out, now, offices)
            except BadInput as refused:
                which = "--since" if refused.facts["field"] == "since" else "--noticed"
                raise click.UsageError(f"{which} is too late: nothing was done.") from None
            except UnknownOffice as refused:
                raise click.UsageError(
                    f"There is no office {refused.facts['office']}: nothing was done."
                ) from None
    except (AdministrationError, BadSettings) as error:
        raise click.ClickException(f"Not all is done; run it again. {error}") from None
    except OSError as error:
        raise click.ClickException(
            f"Not all is done; run it again. {error.filename}: {error.strerror}"
        ) from None
    _print(told, as_json)


def _say_plan(people: Any, offices: tuple[str, ...], wanted: Set[str]) -> None:
    """What happens to whom: `wanted` are the steps that were chosen."""
    more = "".join(words for name, words in MORE.items() if name in wanted)
    facts = {**asdict(people), "whose": f"of {', '.join(offices)}" if offices else "of all offices"}
    lines = [WARNING.format(more=more)]
    if "passwords" in wanted:
        lines.append(PASSWORDS.format(**facts))
    if "second_factors" in wanted:
        lines.append(FACTORS.format(**facts))
        if "passwords" not in wanted:
            lines.append(KNOWN_PASSWORDS)
    if "passwords" not in wanted:
        lines.append(KEPT_PASSWORDS)
    click.echo("\n".join(lines), err=True)


def _print(told: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    click.echo(f"Incident {told['id']}")
    for step, counts in told["steps"].items():
        facts = ", ".join(f"{name} {value}" for name, value in counts.items())
        click.echo(f"  {step:14} {facts or 'done'}")
    for code, number in told["persons"].items():
        click.echo(f"  {code}: {number} entries with somebody's data")
    click.echo(f"List and drafts: {told['folder']}")
    click.echo(f"The notice is due by {told['notice_due_at']}.")
    click.echo("Now start every server anew.")
    if "passwords" not in told["steps"]:
        click.echo(KEPT_PASSWORDS)


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
