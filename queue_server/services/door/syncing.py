"""Taking in what a kiosk gave without the server, one number at a time: each is a command of its
own, and reporting it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from queue_server.domain.door.leases import Lease, Number, NumberState
from queue_server.domain.door.offline import (
    Conflict,
    ConflictReason,
    Report,
    judge_lease,
    tell_seen,
)
from queue_server.domain.errors import Changed, DomainError, KeyReused, UnknownLease
from queue_server.services.idempotency import Answer, do_once
from queue_server.store.door import conflicts as conflict_store
from queue_server.store.door import leases as lease_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

from .admission import admit_who_fit
from .taking_in import Sender, Synced, Taking

TRIES = 3
"""A booking may be moved to another day between the look at it and the lock of its day."""


def sync_each(
    database: Database,
    sender: Sender,
    reports: Sequence[Report],
    key: str | None,
    request: str,
    now: datetime,
) -> list[Synced]:
    """Take reports in, one after the other, each once under the key and its own id.

    A request that was cut off half-way is simply sent again. Raises `KeyReused`.
    """
    return [_sync_once(database, sender, each, key, request, now) for each in reports]


def _sync_once(
    database: Database, sender: Sender, report: Report, key: str | None, request: str, now: datetime
) -> Synced:
    with database.read() as connection:
        days = lease_store.dates_of(connection, sender.office, [report.lease])
        if report.lease not in days:
            return Synced("conflict", ConflictReason.UNKNOWN_NUMBER)

    def once(command: partial[Synced]) -> Synced:
        def answer(tx: Transaction) -> Answer:
            done = command(tx)
            reason = None if done.reason is None else done.reason.value
            return {"result": done.result, "reason": reason, "number": done.number}

        kept: Answer = database.write(
            [days[report.lease]],
            partial(
                do_once,
                scope=sender.scope,
                key=None if key is None else f"{key}/{report.id}",
                request=request,
                command=answer,
                now=now,
            ),
        )
        reason = None if kept["reason"] is None else ConflictReason(kept["reason"])
        return Synced(kept["result"], reason, kept["number"])

    for _ in range(TRIES):
        try:
            return once(partial(sync, sender=sender, report=report, now=now))
        except KeyReused:
            raise
        except Changed:
            continue
        except DomainError:
            break
    # A rule that nobody thought of must not keep a number out that is on somebody's paper.
    return once(partial(_refuse, sender=sender, report=report, now=now))


def sync(tx: Transaction, sender: Sender, report: Report, now: datetime) -> Synced:
    """Take one report in. Must declare the day of its lease."""
    office = tx.office(sender.office)
    lease, number = _find(tx, sender, report)
    reason = judge_lease(lease, number, report, sender.device, office.date_at(now))
    if lease is None or number is None or reason is ConflictReason.UNKNOWN_NUMBER:
        return Synced("conflict", ConflictReason.UNKNOWN_NUMBER)
    known = conflict_store.list_of_item(tx, sender.office, report.id)
    if number.state is NumberState.USED or known:
        return Synced("duplicate", known[0].reason if known else None, _called_by(tx, number))
    now = tx.time_on(sender.office, lease.date, now)
    taking = Taking(tx, office, sender, lease, number, report, now)
    if reason is not None:
        return taking.conflict(reason)
    done = taking.check_in() if report.code is not None else taking.walk_in()
    admit_who_fit(tx, office.code, lease.date, now)
    return done


def _find(tx: Transaction, sender: Sender, report: Report) -> tuple[Lease | None, Number | None]:
    try:
        lease = lease_store.find(tx, report.lease, sender.office)
    except UnknownLease:
        return None, None
    return lease, lease_store.find_number(tx, sender.office, report.id)


def _called_by(tx: Transaction, number: Number) -> str:
    if number.ticket is None:
        return number.number
    return ticket_store.find(tx, number.ticket).number or number.number


def _refuse(tx: Transaction, sender: Sender, report: Report, now: datetime) -> Synced:
    lease, number = _find(tx, sender, report)
    if lease is None or number is None or lease.device != sender.device:
        return Synced("conflict", ConflictReason.UNKNOWN_NUMBER)
    taking = Taking(tx, tx.office(sender.office), sender, lease, number, report, now)
    return taking.conflict(ConflictReason.REFUSED)


def note_seen(tx: Transaction, office: str, conflict: str, by: str, now: datetime) -> Conflict:
    """Note that staff have dealt with a conflict; the first one counts. Must declare its day.
    Raises `UnknownConflict`.
    """
    recorded = conflict_store.find(tx, office, conflict)
    if recorded.seen_at is None and conflict_store.mark_seen(tx, recorded, by, now):
        tx.record(tell_seen(recorded, by, now))
    return conflict_store.find(tx, office, conflict)
