"""The command group `antrean audit`: whether the log is as it was when its chain was made."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, TextIO

import click

from .settings import with_settings

if TYPE_CHECKING:
    from queue_server.domain.audit.verification import Anchor, Fault
    from queue_server.services.audit.verifying import OfficeReport

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def audit() -> None:
    """The log of all that happened, and its proof.

    Example: antrean audit verify --office 3674
    """


@audit.command()
@click.option("--office", help="the office's code; left out, all offices")
@click.option("--from", "first", type=_DAY, help="the first day, as 2026-11-23")
@click.option("--to", "last", type=_DAY, help="the last day")
@click.option(
    "--anchor",
    type=click.File(encoding="utf-8"),
    help="what --json printed earlier, kept outside the database: its links must still be there",
)
@click.option("--json", "as_json", is_flag=True)
@with_settings
def verify(
    settings: Any,
    office: str | None,
    first: datetime | None,
    last: datetime | None,
    anchor: TextIO | None,
    as_json: bool,
) -> None:
    """Check the log against its chain of hashes, and name the first bad row of each day. Exit code
    1 if there is one.

    Example: antrean audit verify --office 3674 --from 2026-11-01 --to 2026-11-30
    """
    from queue_server.progress import show_progress
    from queue_server.services.audit.verifying import verify_office
    from queue_server.store.audit import log_rows
    from queue_server.store.writer.database import Database

    if first is not None and last is not None and first > last:
        raise click.UsageError("--from is later than --to.")
    anchors = [] if anchor is None else _read_anchors(anchor)
    days = (first and first.date(), last and last.date())
    database = Database(settings.database_url)
    reports = []
    try:
        with database.read() as connection, show_progress("Checking") as move:
            known = sorted({*log_rows.list_offices(connection), *(each.office for each in anchors)})
            if office is not None and office not in known:
                raise click.ClickException(f"There is no log of an office {office}.")
            offices = known if office is None else [office]
            for done, code in enumerate(offices):

                def tell(share: float, done: int = done) -> None:
                    move((done + share) / len(offices))

                reports.append(verify_office(connection, code, *days, anchors, tell))
    finally:
        database.close()
    _print(reports, as_json)
    sys.exit(1 if any(each.faults for each in reports) else 0)


def _read_anchors(file: TextIO) -> list[Anchor]:
    from queue_server.domain.audit.verification import Anchor

    try:
        return [
            Anchor(each["office"], each["number"], bytes.fromhex(each["hash"]))
            for each in json.load(file)["offices"]
            if each["number"]
        ]
    except (ValueError, KeyError, TypeError):
        raise click.UsageError(
            "--anchor needs a file with what antrean audit verify --json printed."
        ) from None


def _print(reports: Sequence[OfficeReport], as_json: bool) -> None:
    faults = [fault for each in reports for fault in each.faults]
    if as_json:
        told = {"ok": not faults, "offices": [asdict(each) for each in reports]}
        click.echo(json.dumps(told, indent=2))
        return
    for each in reports:
        waiting = f", {each.unchained} not chained yet" if each.unchained else ""
        click.echo(
            f"{each.office}: {each.events} events on {each.days} days{waiting}; link "
            f"{each.number} {each.hash or '-'}"
        )
        for fault in each.faults:
            click.echo(f"  FAIL {_say(fault)}")
    if not faults:
        click.echo("Every row is as it was when the chain was made.")


def _say(fault: Fault) -> str:
    row = f"{fault.date} event {fault.seq}"
    return {
        "changed": f"{row} was changed",
        "missing": f"{row} is missing",
        "swapped": f"{row} was swapped with event {fault.other}",
        "added": f"{row} was added",
        "hash_missing": f"{row}: its hash is missing",
        "link_changed": f"link {fault.number} of the chain ({row}) was changed",
        "link_missing": f"link {fault.number} of the chain is missing, or its noted head is wrong",
        "anchor_gone": f"link {fault.number} is not the noted one: the chain was made anew",
    }[fault.kind.value]
