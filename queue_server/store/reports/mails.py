"""The addresses that get reports by mail, as rows, and the lease by which one process sends."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.reports.mailing import ReportMail
from queue_server.domain.reports.period import Step
from queue_server.store.leases import Lease
from queue_server.store.tables import report_mails
from queue_server.store.writer.reader import Reader, ask
from queue_server.store.writer.transaction import Transaction

LEASE = Lease(report_mails, report_mails.c.due_at, report_mails.c.claims)


def _from_row(row: sa.Row[Any]) -> ReportMail:
    values = {each.name: getattr(row, each.name) for each in fields(ReportMail)}
    return ReportMail(**values | {"every": Step(row.every)})


def list_of_office(reader: Reader, office: str) -> list[ReportMail]:
    """An office's addresses, the oldest first."""
    statement = (
        sa.select(report_mails)
        .where(report_mails.c.office == office)
        .order_by(report_mails.c.made_at, report_mails.c.id)
    )
    return [_from_row(row) for row in ask(reader, statement, seeing=report_mails)]


def add(tx: Transaction, mail: ReportMail) -> None:
    """Store a new address."""
    values = {each.name: getattr(mail, each.name) for each in fields(ReportMail)}
    tx.insert(report_mails, values | {"every": mail.every.value})


def remove(tx: Transaction, office: str, id: str) -> bool:
    """Forget an address. False if the office has none of this id."""
    mine = (report_mails.c.id == id, report_mails.c.office == office)
    return tx.change(report_mails.delete().where(*mine)).rowcount == 1


def list_due(connection: Connection, now: datetime, most: int) -> list[ReportMail]:
    """What is to be sent now, the longest due first."""
    statement = (
        sa.select(report_mails)
        .where(report_mails.c.due_at <= now)
        .order_by(report_mails.c.due_at, report_mails.c.id)
        .limit(most)
    )
    return [_from_row(row) for row in connection.execute(statement)]


def claim(tx: Transaction, mail: ReportMail, now: datetime, until: datetime) -> bool:
    """Lease a report for sending. False if another process was faster."""
    row = sa.and_(report_mails.c.id == mail.id, report_mails.c.due_at == mail.due_at)
    return LEASE.claim(tx, row, mail.claims, now, until)


def settle(
    tx: Transaction,
    mail: ReportMail,
    *,
    due_at: datetime,
    is_over: bool,
    error: str | None,
    sent_at: datetime | None,
) -> None:
    """Note what became of a report. `mail` is as it was before it was claimed; `is_over`: this
    report is not tried again.
    """
    statement = report_mails.update().where(
        report_mails.c.id == mail.id, LEASE.is_held(mail.claims)
    )
    values: dict[str, Any] = {"due_at": due_at, "last_error": error}
    if is_over:
        values["claims"] = 0
    if sent_at is not None:
        values["last_sent_at"] = sent_at
    tx.change(statement.values(values))


def list_failing(connection: Connection) -> list[tuple[str, int]]:
    """How many reports have failed and are to be tried again, by why they failed last."""
    statement = (
        sa.select(report_mails.c.last_error, sa.func.count())
        .where(report_mails.c.claims > 0, report_mails.c.last_error.is_not(None))
        .group_by(report_mails.c.last_error)
        .order_by(report_mails.c.last_error)
    )
    return [(row[0], row[1]) for row in connection.execute(statement)]
