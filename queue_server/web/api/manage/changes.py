"""What managers change: hours, limit and mode, each with a dry run, and the bookings that lost
their time by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Response

from queue_server.domain import errors
from queue_server.domain.booking.slots import parse_slot_id, slot_id
from queue_server.domain.office.changes import Change, HoursChange, LimitChange, ModeDecision
from queue_server.domain.office.hours import DayHours, Opening, Season
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.domain.office.office import Office
from queue_server.domain.visit.letters import Message, MessageChannel, choose_channel
from queue_server.domain.visit.ticket import Channel
from queue_server.services import upkeep
from queue_server.services.booking.stranded import Move, propose_moves
from queue_server.services.office import offices
from queue_server.services.office.changes import apply_change, preview_change
from queue_server.services.office.offices import OfficeView
from queue_server.services.places.ticket_ids import draw
from queue_server.services.shown import local_time
from queue_server.store.booking.stranded import list_visitors
from queue_server.store.visit import letters as message_store
from queue_server.web.api.operations import operation
from queue_server.web.api.paging import cut_page
from queue_server.web.api.performing import perform, read_key
from queue_server.web.edge.access.principals import admit_office
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.bodies.base import PageQuery
from queue_server.web.edge.bodies.office import HoursBody, LimitBody, ModeChangeBody, OpeningBody
from queue_server.web.edge.context import context, find_office, now, today_at
from queue_server.web.edge.long_work.zone_plans import find_limit

CHANGE_REFUSALS = (errors.UnknownOffice, errors.BadInput, errors.Changed)


@dataclass(frozen=True)
class DayPreview:
    """What a change does to one date: times and places for persons before and after, and how many
    bookings lose their time.
    """

    date: str
    slots_before: int
    slots_after: int
    people_before: int
    people_after: int
    stranded: int


@dataclass(frozen=True)
class StrandedPreview:
    """A booking that would lose its time, and how its holder would be told: EMAIL, PHONE (by the
    staff) or NONE.
    """

    ticket: str
    starts_at: str | None
    service: str
    party_size: int
    urgent: bool
    told_by: str


@dataclass(frozen=True)
class PreviewWarning:
    """What should be known before a change is made. `above_room_limit`: more may be inside than the
    room as described holds, which is `room_limit`.
    """

    code: str
    room_limit: int


@dataclass(frozen=True)
class ChangePreview:
    """A dry run. Nothing was changed; sent along with the change, `revision` makes sure that it
    meets what was looked at.
    """

    office: str
    revision: int
    days: tuple[DayPreview, ...]
    stranded: tuple[StrandedPreview, ...]
    warnings: tuple[PreviewWarning, ...] = ()


@dataclass(frozen=True)
class StrandedView:
    """A booking without a time. `state` is how far telling its holder has come, `slot` the nearest
    time free for it.
    """

    ticket: str
    code: str
    starts_at: str | None
    service: str
    party_size: int
    urgent: bool
    told_by: str
    state: str | None
    slot: str | None
    slot_starts_at: str | None


@dataclass(frozen=True)
class StrandedList:
    """Bookings without a time, by the time they lost. `next` is the cursor of a further page."""

    stranded: tuple[StrandedView, ...]
    next: str | None = None


def answer_change(
    office: str, change: Change, *, dry_run: bool, revision: int | None
) -> Response | ChangePreview:
    """The dry run of a change, or the office after it."""
    who, moment = admit_office(office), now()
    found = find_office(office)
    if dry_run:
        read_key()  # one that cannot be is refused here as well
        return _preview(office, change, moment)
    response = perform(
        [today_at(found)],
        lambda tx: offices.view_office(
            apply_change(tx, office, change, who.id, moment, revision), moment
        ),
    )
    upkeep.plan_office(context().database, office, moment)
    return response


def _preview(code: str, change: Change, moment: datetime) -> ChangePreview:
    with context().database.read() as connection:
        office = context().database.offices.get(connection, code)
        found = preview_change(connection, office, change, moment, find_limit)
        visitors = list_visitors(connection, code, [each.id for each in found.stranded])
    stranded = []
    for ticket in found.stranded:
        visitor = visitors.get(ticket.id)
        told_by = choose_channel(visitor.email, visitor.phone) if visitor else MessageChannel.NONE
        stranded.append(
            StrandedPreview(
                ticket.id,
                _local(office, ticket.slot),
                ticket.service,
                ticket.party_size,
                ticket.channel is Channel.URGENT,
                told_by.value,
            )
        )
    days = (
        DayPreview(
            day.date.isoformat(),
            day.slots_before,
            day.slots_after,
            day.people_before,
            day.people_after,
            len(day.stranded),
        )
        for day in found.days
    )
    warnings = (
        () if found.room_limit is None else (PreviewWarning("above_room_limit", found.room_limit),)
    )
    return ChangePreview(code, found.revision, tuple(days), tuple(stranded), warnings)


def _local(office: Office, moment: datetime | None) -> str | None:
    return None if moment is None else local_time(office, moment)


@operation(
    "POST",
    "/offices/{office}/mode",
    access=MANAGERS,
    tag="staff",
    body=ModeChangeBody,
    answers={200: OfficeView | ChangePreview},
    once=True,
    refusals=[*CHANGE_REFUSALS, errors.UnknownService],
)
def switch_mode(office: str, body: ModeChangeBody) -> Response | ChangePreview:
    """Switch how far the office is open to visitors, or with `dry_run` show what that would do."""
    who, moment = admit_office(office), now()
    period = ModePeriod(
        draw().id,
        ServiceMode(body.mode),
        body.starts_at or moment,
        moment,
        who.id,
        body.ends_at,
        body.service,
        body.review_on,
        {str(language): text for language, text in body.notice.items()},
    )
    return answer_change(office, ModeDecision(period), dry_run=body.dry_run, revision=body.revision)


@operation(
    "PUT",
    "/offices/{office}/hours",
    access=MANAGERS,
    tag="staff",
    body=HoursBody,
    answers={200: OfficeView | ChangePreview},
    refusals=CHANGE_REFUSALS,
)
def set_hours(office: str, body: HoursBody) -> Response | ChangePreview:
    """Replace the layers of hours that are given, or with `dry_run` show what that would do."""
    seasons = (
        None
        if body.seasons is None
        else tuple(
            Season(each.name, each.first, each.last, _openings(each.openings))
            for each in sorted(body.seasons, key=lambda one: one.first)
        )
    )
    days = {
        each.date: None
        if each.openings is None
        else DayHours(
            tuple((one.opens, one.closes) for one in each.openings),
            {str(language): text for language, text in each.reason.items()},
        )
        for each in body.days
    }
    change = HoursChange(None if body.week is None else _openings(body.week), seasons, days)
    return answer_change(office, change, dry_run=body.dry_run, revision=body.revision)


def _openings(given: list[OpeningBody]) -> tuple[Opening, ...]:
    return tuple(Opening(each.weekday, each.opens, each.closes) for each in given)


@operation(
    "POST",
    "/offices/{office}/limit",
    access=MANAGERS,
    tag="staff",
    body=LimitBody,
    answers={200: OfficeView | ChangePreview},
    once=True,
    refusals=CHANGE_REFUSALS,
)
def set_limit(office: str, body: LimitBody) -> Response | ChangePreview:
    """Change how many persons may be inside and how places are shared out, or with `dry_run` show
    what that would do.
    """
    admit_office(office)
    rules = find_office(office).rules
    change = LimitChange(
        body.limit,
        rules.booking.online_share if body.online_share is None else body.online_share,
        rules.booking.urgent_share if body.urgent_share is None else body.urgent_share,
        rules.booking.release_minutes if body.release_minutes is None else body.release_minutes,
    )
    return answer_change(office, change, dry_run=body.dry_run, revision=body.revision)


@operation(
    "GET",
    "/offices/{office}/stranded",
    access=MANAGERS,
    tag="staff",
    query=PageQuery,
    answers={200: StrandedList},
    refusals=[errors.UnknownOffice, errors.BadInput],
)
def list_stranded(office: str, query: PageQuery) -> StrandedList:
    """List the bookings whose time was withdrawn, with the nearest time free for each; no place is
    proposed twice on one page.
    """
    admit_office(office)
    found, moment = find_office(office), now()
    after = _read_place(query.cursor) if query.cursor else None
    with context().database.read() as connection:
        moves, further = cut_page(
            propose_moves(connection, found, moment, after=after), _place_in_order, query
        )
        told = message_store.list_newest(connection, found.code, [each.ticket.id for each in moves])
    return StrandedList(
        tuple(
            StrandedView(
                each.ticket.id,
                each.ticket.code,
                _local(found, each.ticket.slot),
                each.ticket.service,
                each.ticket.party_size,
                each.ticket.channel is Channel.URGENT,
                *_told(told.get(each.ticket.id)),
                slot_id(each.slot) if each.slot else None,
                _local(found, each.slot),
            )
            for each in moves
        ),
        further,
    )


def _place_in_order(each: Move) -> str:
    return f"{slot_id(each.ticket.slot or each.ticket.created_at)}.{each.ticket.id}"


def _read_place(cursor: str) -> tuple[datetime, str]:
    slot, _, ticket = cursor.partition(".")
    try:
        return parse_slot_id(slot), ticket
    except errors.BadInput:
        raise errors.BadInput(field="cursor", reason="format") from None


def _told(message: Message | None) -> tuple[str, str | None]:
    return (
        (MessageChannel.NONE.value, None)
        if message is None
        else (message.channel.value, message.state.value)
    )
