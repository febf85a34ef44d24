"""A ticket as the clerks see it, with why it is next or not yet, and what was noted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_server.domain.counter.reasons import Reason
from queue_server.domain.counter.steps import missed_from, recall_opens_at
from queue_server.domain.office.office import Office, VisitKind
from queue_server.domain.visit.service_time import service_target
from queue_server.domain.visit.ticket import Ticket, is_away
from queue_server.services.shown import _local_or_none, local_time, service_of
from queue_server.store.counter.notes import Note


@dataclass(frozen=True)
class WhyView:
    """Why a waiting visitor is next or not yet; `code` is a `Why`. `counts` is the time that
    counts; `rival` the ticket compared with.
    """

    code: str
    counts: str
    ahead: int
    counters: tuple[str, ...]
    rival: str | None
    rival_turn: str | None
    wanted: str | None


@dataclass(frozen=True)
class NoteView:
    """A clerk's note on a ticket, for the staff of its office alone."""

    at: str
    clerk: str
    text: str


@dataclass(frozen=True)
class TargetView:
    """The `minutes` planned for a visit that is served; it takes longer from `longer_from` on, and
    whether it still goes on is asked from `asked_from` on.
    """

    minutes: int
    longer_from: str
    asked_from: str


@dataclass(frozen=True)
class QueuedTicket:
    """A ticket as the clerks see it. `turn_basis` and `credit_minutes` explain the turn time, `why`
    the position in the line.

    One who is called may be called again from `recall_at` on, and after the last call be taken as
    not come from `missed_from` on. `evidence` is what was found of an urgent case's proof; None
    while nobody has looked. It and `notes` come with the queue alone. `wanted` is the counter or
    the clerk to whom the visitor was sent on; `away_until` is set while one who waits has stepped
    away; one who was and waits is offered to the counters
    `offered_to`, of those with somebody at them. None: to all that serve the stream. `visit` is the
    kind of visit. While it is served, `target` says for how long that is planned.
    """

    id: str
    number: str
    status: str
    stream: str
    service: str
    service_name: Mapping[str, str]
    origin: str
    channel: str
    place: str | None
    party_size: int
    priority: bool
    language: str
    arrived_at: str
    turn_time: str
    turn_basis: str
    credit_minutes: int
    waited_minutes: int
    calls: int
    starts_at: str | None = None
    called_at: str | None = None
    started_at: str | None = None
    counter: str | None = None
    clerk: str | None = None
    recall_at: str | None = None
    missed_from: str | None = None
    why: WhyView | None = None
    evidence: str | None = None
    notes: tuple[NoteView, ...] = ()
    wanted: str | None = None
    offered_to: tuple[str, ...] | None = None
    away_until: str | None = None
    needs: tuple[str, ...] = ()
    represented: bool = False
    visit: str = VisitKind.OFFICE.value
    target: TargetView | None = None


def view_queued(
    office: Office,
    ticket: Ticket,
    now: datetime,
    reason: Reason | None = None,
    offered_to: tuple[str, ...] | None = None,
) -> QueuedTicket:
    """A ticket of a visitor who has come, as the clerks see it."""
    arrived_at = ticket.arrived_at or ticket.created_at
    turn_time = ticket.turn_time or arrived_at
    until = ticket.called_at or now
    return QueuedTicket(
        id=ticket.id,
        number=ticket.number or "",
        status=ticket.state.value,
        stream=ticket.letter,
        service=ticket.service,
        service_name=service_of(office, ticket.service).name,
        origin=ticket.origin.value,
        channel=ticket.channel.value,
        place=ticket.place.value if ticket.place else None,
        party_size=ticket.party_size,
        priority=ticket.priority,
        language=ticket.language,
        arrived_at=local_time(office, arrived_at),
        turn_time=local_time(office, turn_time),
        turn_basis=ticket.turn_basis.value if ticket.turn_basis else "arrival",
        credit_minutes=ticket.credit_minutes,
        waited_minutes=max(0, int((until - arrived_at).total_seconds() // 60)),
        calls=ticket.calls,
        starts_at=_local_or_none(office, ticket.slot),
        called_at=_local_or_none(office, ticket.called_at),
        started_at=_local_or_none(office, ticket.started_at),
        counter=ticket.counter,
        clerk=ticket.clerk,
        recall_at=_from(office, recall_opens_at(ticket, office.rules)),
        missed_from=_from(office, missed_from(ticket, office.rules)),
        why=None if reason is None else _view_why(office, reason),
        wanted=ticket.wanted_counter or ticket.wanted_clerk,
        offered_to=offered_to,
        away_until=_local_or_none(office, ticket.away_until) if is_away(ticket, now) else None,
        visit=ticket.kind.value,
        target=view_target(office, ticket),
    )


def view_target(office: Office, ticket: Ticket) -> TargetView | None:
    """How long a visit is planned to be served; None while it is not, and for a service that was
    withdrawn.
    """
    service = next((each for each in office.services if each.code == ticket.service), None)
    target = None if service is None else service_target(ticket, service.minutes)
    if target is None:
        return None
    return TargetView(
        target.minutes,
        local_time(office, _whole_second(target.longer_from)),
        local_time(office, _whole_second(target.asked_from)),
    )


def view_note(office: Office, note: Note) -> NoteView:
    """A clerk's note as colleagues of the office see it."""
    return NoteView(local_time(office, note.at), note.clerk, note.text)


def _whole_second(moment: datetime) -> datetime:
    """The next whole second: what may be done from then on must not be shown a part of a second too
    early.
    """
    return moment + timedelta(microseconds=-moment.microsecond % 1_000_000)


def _from(office: Office, moment: datetime | None) -> str | None:
    return None if moment is None else local_time(office, _whole_second(moment))


def _view_why(office: Office, reason: Reason) -> WhyView:
    rival = reason.rival
    return WhyView(
        reason.why.value,
        local_time(office, reason.counts),
        reason.ahead,
        reason.counters,
        rival.number if rival else None,
        local_time(office, rival.turn_time) if rival else None,
        reason.wanted,
    )
