"""The command group `antrean privacy`: the nightly purge by hand, and one person's data."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from queue_server.commands.settings import with_settings

if TYPE_CHECKING:
    from queue_server.services.privacy.person import Sought

_BY = click.Choice(["number", "phone", "code"])


@click.group()
def privacy() -> None:
    """Personal data: the purge and its proof, and what is held of one person.

    Example: antrean privacy purge --json
    """


@privacy.command()
@click.option("--json", "as_json", is_flag=True)
@with_settings
def purge(settings: Any, as_json: bool) -> None:
    """Delete now what has to go, and print the proof of the last finished night of each office. A
    server does it every night by itself; again it changes nothing. Exit code 1 if it did not come
    to its end, or a proof was changed.

    Example: antrean privacy purge --json
    """
    from .acts import purge_now

    told = purge_now(settings)
    is_good = all(each["finished"] and each["proof_holds"] for each in told["offices"])
    if as_json:
        click.echo(json.dumps(told, indent=2))
        sys.exit(not is_good)
    for each in told["offices"]:
        night = each["nights"][-1] if each["nights"] else None
        state = (
            "finished" if each["finished"] else "NOT finished: somebody is in the way, try again"
        )
        click.echo(f"{each['office']}: {state}")
        if night is not None:
            click.echo(f"  {night['night']}: {night['deleted']} rows, digest {night['digest']}")
            for row in night["rows"]:
                click.echo(
                    f"    {row['kind']:12} {row['rows']:6}  until {row['until']}  {row['rule']}"
                )
        if not each["proof_holds"]:
            click.echo(f"  FAIL the proof of {each['broken']} was changed")
    sys.exit(not is_good)


@privacy.command()
@click.option("--office", required=True, help="the office's code")
@click.option("--by", type=_BY, default="number", show_default=True)
@with_settings
def export(settings: Any, office: str, by: str) -> None:
    """Print as JSON what an office holds of one person. The number or code is asked for, or read
    from standard input: on the command line others would see it. The look is in the log.

    Example: antrean privacy export --office 3674 --by phone < number.txt
    """
    from .acts import export_person

    told = _act(lambda sought: export_person(settings, office, sought), settings, office, by)
    click.echo(json.dumps(told, indent=2, ensure_ascii=False))


@privacy.command()
@click.option("--office", required=True, help="the office's code")
@click.option("--by", type=_BY, default="number", show_default=True)
@click.option("--cancel", is_flag=True, help="cancel the person's visits ahead first")
@click.option("--yes", is_flag=True, help="do not ask")
@with_settings
def erase(settings: Any, office: str, by: str, cancel: bool, yes: bool) -> None:
    """Erase what an office holds of one person, and print a receipt. The number or code is asked
    for, or read from standard input.

    Example: antrean privacy erase --office 3674 --by code --cancel
    """
    from .acts import erase_person

    def run(sought: Sought) -> dict[str, Any]:
        if not yes:
            click.confirm("Erase this person's data for good?", abort=True, err=True)
        return erase_person(settings, office, sought, cancelling=cancel)

    click.echo(json.dumps(_act(run, settings, office, by), indent=2))


def _act(run: Any, settings: Any, office: str, by: str) -> Any:
    """Read who is meant, and act. What is not possible ends with exit code 1 and the reason."""
    from queue_server.commands.administration import AdministrationError

    from .acts import Refused, read_sought

    typed = (
        click.prompt("Number or code", hide_input=True, err=True)
        if sys.stdin.isatty()
        else sys.stdin.readline()
    )
    try:
        return run(read_sought(settings, office, by, typed.strip()))
    except (AdministrationError, Refused) as error:
        raise click.ClickException(str(error)) from None
