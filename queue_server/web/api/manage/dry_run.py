"""A change of an office: its dry run, or the change itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import Response

from queue_server.domain import errors
from queue_server.domain.messages.message import MessageChannel
from queue_server.domain.messages.owed import choose_channel
from queue_server.domain.office.changes import Change
from queue_server.domain.office.office import Office
from queue_server.domain.visit.ticket import Channel
from queue_server.services import upkeep
from queue_server.services.office import offices
from queue_server.services.office.changes import apply_change, preview_change
from queue_server.services.shown import local_time
from queue_server.store.booking.stranded import list_visitors
from queue_server.web.api.performing import perform, read_key
from queue_server.web.edge.access.principals import admit_office
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


def answer_change(
    office: str,
    change: Change,
    *,
    dry_run: bool,
    revision: int | None,
    view: Callable[[Office], object] | None = None,
) -> Response | ChangePreview:
    """The dry run of a change, or the office after it, in the `view` given or as the public sees
    it.
    """
    who, moment = admit_office(office), now()
    the_office, show = find_office(office), view or partial(offices.view_office, now=moment)
    if dry_run:
        read_key()  # one that cannot be is refused here as well
        return _preview(office, change, moment)
    response = perform(
        [today_at(the_office)],
        lambda tx: show(apply_change(tx, office, change, who.id, moment, revision)),
    )
    upkeep.plan_office(context().database, office, moment)
    return response


def _preview(code: str, change: Change, moment: datetime) -> ChangePreview:
    with context().database.read() as connection:
        office = context().database.offices.get(connection, code)
        preview = preview_change(connection, office, change, moment, find_limit)
        visitors = list_visitors(connection, code, [each.id for each in preview.stranded])
    stranded = []
    for ticket in preview.stranded:
        visitor = visitors.get(ticket.id)
        told_by = choose_channel(visitor.email, visitor.phone) if visitor else MessageChannel.NONE
        stranded.append(
            StrandedPreview(
                ticket.id,
                local_or_none(office, ticket.slot),
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
        for day in preview.days
    )
    warnings = (
        ()
        if preview.room_limit is None
        else (PreviewWarning("above_room_limit", preview.room_limit),)
    )
    return ChangePreview(code, preview.revision, tuple(days), tuple(stranded), warnings)


def local_or_none(office: Office, moment: datetime | None) -> str | None:
    return None if moment is None else local_time(office, moment)
