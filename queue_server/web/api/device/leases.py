"""What keeps a kiosk going without the server: its lease, and the report of what it gave."""

from __future__ import annotations

from functools import partial

from flask import Response

from queue_server.domain import errors
from queue_server.domain.door.offline import Report
from queue_server.domain.errors import LeaseElsewhere, UnknownLease
from queue_server.protocol.leases import Lease, SyncAnswer, SyncOutcome, Withdrawal
from queue_server.services.door import leasing, syncing
from queue_server.services.door.lease_view import view_lease
from queue_server.services.door.taking_in import Sender
from queue_server.services.door.withdrawing import withdraw
from queue_server.store.door import leases as lease_store
from queue_server.store.writer.transaction import Transaction
from queue_server.web.api.operations import operation
from queue_server.web.api.performing import digest_request, perform, perform_kept, read_key, scope
from queue_server.web.edge.access.principals import current
from queue_server.web.edge.access.routes import KIOSKS
from queue_server.web.edge.bodies.leases import LeaseBody, SyncBody, SyncItemBody, WithdrawalBody
from queue_server.web.edge.context import context, find_office, now, today_at


@operation(
    "POST",
    "/leases",
    access=KIOSKS,
    tag="device",
    body=LeaseBody,
    answers={201: Lease},
    once=True,
    refusals=[errors.BadInput, errors.UnknownStream, errors.LeaseElsewhere, errors.Superseded],
)
def grant_lease(body: LeaseBody) -> tuple[Lease, int]:
    """Give a kiosk its lease for today or the next open day, filled up to the numbers it wants."""
    who, moment = current(), now()
    office = find_office(who.office or "")
    day = body.date or office.date_at(moment)

    def command(tx: Transaction) -> dict[str, str]:
        lease = leasing.grant(
            tx, office.code, who.device or "", body.installation, body.streams, day, moment
        )
        return {"lease": lease.id}

    try:
        kept = perform_kept([(office.code, day)], command)
    except LeaseElsewhere:
        contest = partial(
            leasing.note_contest,
            office=office.code,
            device=who.device or "",
            installation=body.installation,
            now=moment,
        )
        context().database.write([today_at(office)], contest)
        raise
    return _show(kept["lease"]), 201


@operation(
    "GET",
    "/leases/{lease}",
    access=KIOSKS,
    tag="device",
    answers={200: Lease},
    refusals=[errors.UnknownLease],
)
def show_lease(lease: str) -> Lease:
    """Show a kiosk its lease with the settings and bookings of now."""
    return _show(lease)


def _show(id: str) -> Lease:
    who, parts = current(), context()
    office = find_office(who.office or "")
    with parts.database.read() as connection:
        lease = lease_store.find(connection, id, office.code)
        if lease.device != who.device:
            raise UnknownLease(lease=id)
        return view_lease(
            connection, office, lease, parts.secret_key, parts.settings.public_url, now()
        )


@operation(
    "POST",
    "/sync/tickets",
    access=KIOSKS,
    tag="device",
    body=SyncBody,
    answers={200: SyncAnswer},
    once=True,
)
def sync_tickets(body: SyncBody) -> SyncAnswer:
    """Take in what a kiosk gave without the server; sent again, the rest of it."""
    who = current()
    reports = [_read_report(each) for each in body.items]
    sender = Sender(who.office or "", who.device or "", scope())
    done = syncing.sync_each(
        context().database, sender, reports, read_key(), digest_request(), now()
    )
    return SyncAnswer(
        tuple(
            SyncOutcome(
                report.id,
                each.result,
                None if each.reason is None else each.reason.value,
                each.number,
            )
            for report, each in zip(reports, done, strict=True)
        )
    )


@operation(
    "POST",
    "/sync/withdrawals",
    access=KIOSKS,
    tag="device",
    body=WithdrawalBody,
    answers={200: Withdrawal},
)
def withdraw_requests(body: WithdrawalBody) -> Response:
    """Take back the walk-ins that a kiosk asked for under these keys, because their visitors left
    before the answer came; sent again, nothing more happens.
    """
    office, asked, moment = find_office(current().office or ""), scope(), now()

    def command(tx: Transaction) -> Withdrawal:
        taken = [withdraw(tx, office.code, asked, key, moment) for key in dict.fromkeys(body.keys)]
        return Withdrawal(sum(taken))

    return perform([today_at(office)], command)


def _read_report(item: SyncItemBody) -> Report:
    return Report(
        item.id,
        item.lease,
        item.number,
        item.issued_at,
        item.service,
        item.code,
        item.party_size,
        item.priority is not None,
        item.urgency,
        item.language,
        item.clock_sure,
        item.superseded_key,
    )
