"""What `antrean doctor` looks at: the settings, the machine, the whole database, what keeps
failing, and whether an office can work.

A check is a function of the `Patient` that returns a `Check`. `CHECKS` is the one list of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from queue_server.app import make_clock
from queue_server.causes import say_database_error
from queue_server.commands.administration import open_database
from queue_server.settings import Settings
from queue_server.starting import Finding, examine_start, is_in_the_way

from . import following, machine, reaching, ready
from .check import Check, Patient

CHECKS: tuple[Callable[[Patient], Check], ...] = (
    machine.check_write,
    machine.check_clock,
    machine.check_port,
    machine.check_redis,
    reaching.check_address,
    reaching.check_certificate,
    reaching.check_senders,
    reaching.check_mail_server,
    reaching.check_voice,
    following.check_relay,
    following.check_reactions,
    following.check_chain,
    following.check_log,
    following.check_messages,
    following.check_webhooks,
    ready.check_administrators,
    ready.check_offices,
    ready.check_devices,
    ready.check_kiosk_reports,
    ready.check_forgetting,
    machine.check_backups,
)

START_TO_DO = {
    "keys": "keep each key in its file, of hexadecimal digits, with mode 600",
    "disk": "free some space: old backups, journalctl --vacuum-size=200M, apt-get clean",
    "database": "see docs/operations.md, the server: what a fault of the start asks for",
    "schema": "antrean migrate after a backup, or the release that made the database",
    "nik key": "bring the NIK key of this database back from where its copy is kept",
}
"""Of what stops a start: the finding itself says it in detail."""

PORT = 8000


def examine(settings: Settings, port: int = PORT) -> dict[str, Any]:
    """Check everything that can be checked without a visitor. Each check has `name`, `ok`, `detail`
    and `to_do`.
    """
    findings = examine_start(settings)
    checks = [_check_of(each) for each in findings]
    if not any(map(is_in_the_way, findings)):
        try:
            with open_database(settings) as database:
                now = make_clock(settings.clock_offset_seconds)()
                patient = Patient(settings, database, now, port)
                checks += [each(patient) for each in CHECKS]
        except SQLAlchemyError as error:
            to_do = START_TO_DO["database"]
            checks.append(Check("database", False, say_database_error(error), to_do))
    return {"settings": settings.masked(), "checks": [asdict(each) for each in checks]}


def _check_of(finding: Finding) -> Check:
    to_do = "" if finding.ok else START_TO_DO[finding.name]
    return Check(finding.name, finding.ok, finding.detail, to_do)
