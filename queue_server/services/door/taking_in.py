"""One number that a kiosk gave without the server, while it is taken in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from queue_server.domain.door import steps
from queue_server.domain.door.leases import Lease, Number
from queue_server.domain.door.offline import (
    Conflict,
    ConflictReason,
    Report,
    find_remarks,
    is_missed,
    judge_check_in,
    renumber,
    settle_time,
    tell_conflict,
    was_called,
)
from queue_server.domain.errors import UnknownCode, UnknownService, UnknownTicket
from queue_server.domain.events import Event
from queue_server.domain.office.office import Office
from queue_server.domain.visit.numbering import parse_code
from queue_server.domain.visit.step import Request
from queue_server.domain.visit.ticket import Channel, Origin, Ticket
from queue_server.domain.visit.transitions import State
from queue_server.protocol.leases import SyncResult
from queue_server.services.places import leased, places
from queue_server.services.places.no_shows import follow_no_show
from queue_server.services.places.ticket_ids import draw
from queue_server.store import idempotency as answer_store
from queue_server.store.door import conflicts as conflict_store
from queue_server.store.door import leases as lease_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction

from .withdrawing import find_ticket_id, void_unseen


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


@dataclass(frozen=True)
class Taking:
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
            facts = {"reason": "superseded", "replaced_by": self.number.number}
            void_unseen(self.tx, replaced, self.now, facts)
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
            visit = ticket_store.find_by_code(
                self.tx, parse_code(self.report.code or ""), self.office.code
            )
        except UnknownCode:
            return self.conflict(ConflictReason.UNKNOWN_CODE)
        reason = judge_check_in(visit, self.lease.date)
        if reason is ConflictReason.ALREADY_CHECKED_IN and replaced == visit:
            if was_called(visit) or visit.state is not State.WAITING:
                return self.conflict(ConflictReason.ALREADY_CALLED, visit)
            after, event = renumber(visit, self.number.number, self.now)
            return self._created(ticket_store.save(self.tx, visit, after, event), [])
        if replaced is not None and replaced != visit:
            return self.conflict(ConflictReason.KEY_USED, visit)
        if reason is not None:
            return self.conflict(reason, visit)
        booked = ticket_store.get(self.tx, visit.id)
        come = steps.return_late if is_missed(booked) else steps.check_in
        after, event = come(
            booked, self.office.rules, self.number.number, self._starts_inside(), self.issued_at
        )
        saved = ticket_store.save(self.tx, booked, after, self._told(event))
        follow_no_show(self.tx, booked, saved, self.now)
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
        id = find_ticket_id(answer)
        if id is None:
            return None
        try:
            ticket = ticket_store.find(self.tx, id, self.office.code)
        except UnknownTicket:
            return None
        if ticket.date != self.lease.date:
            return self.conflict(ConflictReason.KEY_USED)
        return ticket
