"""Taking in what a kiosk gave without the server, one number at a time: each is a command of its
own, and reporting it again changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from queue_server.domain.booking import steps as booking_steps
from queue_server.domain.door import steps
from queue_server.domain.door.leases import Lease, Number, NumberState
from queue_server.domain.door.offline import (
    Conflict,
    ConflictReason,
    Report,
    find_remarks,
    judge_check_in,
    judge_lease,
    renumber,
    settle_time,
    tell_conflict,
    tell_seen,
    was_called,
)
from queue_server.domain.errors import (
    Changed,
    DomainError,
    KeyReused,
    UnknownCode,
    UnknownLease,
    UnknownService,
    UnknownTicket,
)
from queue_server.domain.events import Event
from queue_server.domain.office.office import Office
from queue_server.domain.visit.numbering import parse_code
from queue_server.domain.visit.step import Request
from queue_server.domain.visit.ticket import Channel, Origin, Ticket
from queue_server.domain.visit.transitions import TRANSITIONS, Action, State
from queue_server.protocol.leases import SyncResult
from queue_server.services.idempotency import Answer, do_once
from queue_server.services.places import leased, places
from queue_server.services.places.ticket_ids import draw
from queue_server.store import idempotency as answer_store
from queue_server.store.door import conflicts as conflict_store
from queue_server.store.door import leases as lease_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

from .admission import admit_who_fit

TRIES = 3
"""A booking may be moved to another day between the look at it and the lock of its day."""


@dataclass(frozen=True)
class Sender:
    """The kiosk that reports. `scope` is that of its keys: where answers to its requests are
    kept.
    """

    office: str
    device: str
    scope: str


@dataclass(frozen=True)
class Synced:
    """What became of a report: `number` is the one by which the visitor is called."""

    result: SyncResult
    reason: ConflictReason | None = None
    number: str | None = None


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
    taking = _Taking(tx, office, sender, lease, number, report, now)
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
    taking = _Taking(tx, tx.office(sender.office), sender, lease, number, report, now)
    return taking.conflict(ConflictReason.REFUSED)


@dataclass(frozen=True)
class _Taking:
    """One report while it is taken in."""

    tx: Transaction
    office: Office
    sender: Sender
    lease: Lease
    number: Number
    report: Report
    now: datetime

    @property
    def issued_at(self) -> datetime:
        return settle_time(self.report.issued_at, self.lease.granted_at, self.now)

    def conflict(self, reason: ConflictReason, ticket: Ticket | None = None) -> Synced:
        """Record what staff must look at. The number leads to `ticket`, whom it may be."""
        self._record(reason, ticket)
        lease_store.use_number(
            self.tx, self.office.code, self.number, None if ticket is None else ticket.id
        )
        called_by = None if ticket is None else ticket.number
        return Synced("conflict", reason, called_by or self.number.number)

    def _record(self, reason: ConflictReason, ticket: Ticket | None) -> None:
        conflict = Conflict(
            draw().id,
            self.office.code,
            self.lease.date,
            self.lease.id,
            self.lease.device,
            self.report.id,
            self.number.number,
            reason,
            None if ticket is None else ticket.id,
            self.report.facts,
            self.now,
        )
        conflict_store.add(self.tx, conflict)
        self.tx.record(tell_conflict(conflict))

    def walk_in(self) -> Synced:
        """Put a visitor into the queue who got a number at the door."""
        replaced = self._supersede()
        if isinstance(replaced, Synced):
            return replaced
        if replaced is not None:
            if replaced.slot is not None:
                return self.conflict(ConflictReason.KEY_USED, replaced)
            if was_called(replaced):
                return self.conflict(ConflictReason.ALREADY_CALLED, replaced)
            self._void(replaced)
        try:
            service = self.office.service(self.report.service or "")
        except UnknownService:
            return self.conflict(ConflictReason.UNKNOWN_SERVICE)
        remarks = find_remarks(self.office, service, self.report, self.issued_at)
        urgent = self.report.urgency is not None
        claim = places.take_at_door(
            self.tx,
            self.office,
            service.code,
            self.report.party_size,
            urgent=urgent,
            now=self.now,
            lease=self.lease,
        )
        if claim is None and not self.office.rules.door.walk_ins_beyond_places:
            people = self.report.party_size
            if leased.use_up(self.tx, self.lease, self.number.letter, people, self.now) < people:
                remarks.append(ConflictReason.BEYOND_PLACES)
        request = Request(
            self.number.id,
            self.number.code,
            self.office.code,
            self.lease.date,
            self.number.letter,
            service.code,
            Origin.OFFLINE_KIOSK,
            channel=Channel.URGENT if urgent else Channel.REGULAR,
            party_size=self.report.party_size,
            priority=self.report.priority,
            language=self.report.language,
            claim=claim,
        )
        ticket, event = steps.walk_in(
            request, self.office.rules, self.number.number, self._starts_inside(), self.issued_at
        )
        ticket_store.add(self.tx, ticket, self._told(event))
        return self._created(ticket, remarks)

    def check_in(self) -> Synced:
        """Note that a booked visitor came, under the number on the paper."""
        replaced = self._supersede()
        if isinstance(replaced, Synced):
            return replaced
        try:
            found = ticket_store.find_by_code(
                self.tx, parse_code(self.report.code or ""), self.office.code
            )
        except UnknownCode:
            return self.conflict(ConflictReason.UNKNOWN_CODE)
        reason = judge_check_in(found, self.lease.date)
        if reason is ConflictReason.ALREADY_CHECKED_IN and replaced == found:
            if was_called(found) or found.state is not State.WAITING:
                return self.conflict(ConflictReason.ALREADY_CALLED, found)
            after, event = renumber(found, self.number.number, self.now)
            return self._created(ticket_store.save(self.tx, found, after, event), [])
        if replaced is not None and replaced != found:
            return self.conflict(ConflictReason.KEY_USED, found)
        if reason is not None:
            return self.conflict(reason, found)
        booked = ticket_store.get(self.tx, found.id)
        after, event = steps.check_in(
            booked, self.office.rules, self.number.number, self._starts_inside(), self.issued_at
        )
        saved = ticket_store.save(self.tx, booked, after, self._told(event))
        remarks = find_remarks(
            self.office, None, replace(self.report, party_size=1), self.issued_at
        )
        return self._created(saved, remarks)

    def _created(self, ticket: Ticket, remarks: Sequence[ConflictReason]) -> Synced:
        lease_store.use_number(self.tx, self.office.code, self.number, ticket.id)
        for each in remarks:
            self._record(each, ticket)
        return Synced("created", remarks[0] if remarks else None, ticket.number)

    def _starts_inside(self) -> bool:
        """With a limit everybody starts outside, and comes in as others do."""
        return self.office.people_limit is None and self.tx.day(
            self.office.code, self.lease.date
        ).occupancy(None).fits(self.report.party_size)

    def _told(self, event: Event) -> Event:
        """The event of a number that was given a while ago: it happens to the queue now."""
        facts: Mapping[str, Any] = {
            "lease": self.lease.id,
            "issued_at": self.report.issued_at.isoformat(),
        }
        further = {"urgency": self.report.urgency} if self.report.urgency is not None else {}
        unsure = {} if self.report.clock_sure else {"clock_sure": False}
        return replace(event, at=self.now, facts={**event.facts, **facts, **further, **unsure})

    def _supersede(self) -> Ticket | Synced | None:
        """The ticket of the request in whose place this number was given, if that was answered at
        all. A request that comes late is refused from now on.
        """
        key = self.report.superseded_key
        if key is None:
            return None
        answer, by = answer_store.supersede(
            self.tx, self.sender.scope, key, self.report.id, self.now
        )
        if by != self.report.id:
            return self.conflict(ConflictReason.KEY_USED)
        id = _ticket_of(answer)
        if id is None:
            return None
        try:
            ticket = ticket_store.find(self.tx, id, self.office.code)
        except UnknownTicket:
            return None
        if ticket.date != self.lease.date:
            return self.conflict(ConflictReason.KEY_USED)
        return ticket

    def _void(self, ticket: Ticket) -> None:
        """Take an online number out of the queue that its visitor never saw."""
        if ticket.state not in TRANSITIONS[Action.CANCEL].sources:
            return
        after, event = booking_steps.cancel(ticket, self.now)
        facts = {**event.facts, "reason": "superseded", "replaced_by": self.number.number}
        ticket_store.save(self.tx, ticket, after, replace(event, facts=facts))
        places.give_back(self.tx, ticket.office, ticket.date, ticket.claim)


def _ticket_of(answer: Any) -> str | None:
    """The id of the ticket that an answer to a kiosk tells of."""
    if not isinstance(answer, dict) or "text" not in answer:
        return None
    told = json.loads(answer["text"])
    id = told.get("id") if isinstance(told, dict) else None
    return id if isinstance(id, str) else None


def note_seen(tx: Transaction, office: str, conflict: str, by: str, now: datetime) -> Conflict:
    """Note that staff have dealt with a conflict; the first one counts. Must declare its day.
    Raises `UnknownConflict`.
    """
    found = conflict_store.find(tx, office, conflict)
    if found.seen_at is None and conflict_store.mark_seen(tx, found, by, now):
        tx.record(tell_seen(found, by, now))
    return conflict_store.find(tx, office, conflict)
