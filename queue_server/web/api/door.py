"""What the door asks: its picture, a ticket shown there, how many are inside, stopping it, and what
a counting sensor says.
"""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from flask import Response

from queue_server.domain import errors
from queue_server.domain.door.sensors import Reading
from queue_server.domain.errors import BadReading
from queue_server.services.access.sessions import Role
from queue_server.services.door import admission, sensors
from queue_server.services.screens.door import GuardDoor, view_guard_door
from queue_server.services.screens.door_ticket import DoorTicket, view_door_ticket
from queue_server.services.shown import local_time
from queue_server.store.access import devices as device_store
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.access.principals import admit_office, current
from queue_server.web.edge.access.routes import AT_DOOR
from queue_server.web.edge.bodies.door import (
    AdmissionsBody,
    DoorCountBody,
    OccupancyBody,
    RecountBody,
    ShownQuery,
)
from queue_server.web.edge.context import context, find_office, now, today_at

from .operations import operation
from .performing import perform
from .references import find_shown

log = structlog.get_logger()


@dataclass(frozen=True)
class OccupancyView:
    """Persons inside after a correction."""

    office: str
    inside: int
    limit: int | None


@dataclass(frozen=True)
class AdmissionsView:
    """Whether people are let in."""

    office: str
    admitting: bool


@dataclass(frozen=True)
class DoorCountView:
    """A reading that was taken. `sensed` is what all sensors of the office make of it."""

    office: str
    total_in: int
    total_out: int
    at: str
    sensed: int | None


@operation(
    "GET",
    "/offices/{office}/door",
    access=AT_DOOR,
    tag="door",
    answers={200: GuardDoor},
    refusals=[errors.UnknownOffice],
)
def show_door(office: str) -> GuardDoor:
    """Show persons inside, who may come in, and why nobody does."""
    admit_office(office)
    the_office = find_office(office)
    with context().database.read() as connection:
        return view_guard_door(connection, the_office, now(), context().build)


@operation(
    "GET",
    "/offices/{office}/door/ticket",
    access=AT_DOOR,
    tag="door",
    query=ShownQuery,
    answers={200: DoorTicket},
    refusals=[errors.UnknownOffice, errors.UnknownCode, errors.UnknownTicket],
)
def show_door_ticket(office: str, query: ShownQuery) -> DoorTicket:
    """Tell whether the party of a ticket may come in; the ticket is named by its code, its link or
    today's number.
    """
    admit_office(office)
    the_office = find_office(office)
    ticket = find_shown(the_office, query.shown)
    with context().database.read() as connection:
        return view_door_ticket(connection, the_office, ticket, now())


@operation(
    "POST",
    "/offices/{office}/occupancy",
    access=AT_DOOR,
    tag="door",
    body=OccupancyBody,
    answers={200: OccupancyView},
    once=True,
    refusals=[errors.UnknownOffice, errors.BadInput, errors.FewerWithoutTicket],
)
def correct_occupancy(office: str, body: OccupancyBody) -> Response:
    """Add or take persons inside whom no ticket accounts for. Who has a ticket leaves by the
    ticket, and never by this.
    """
    who, the_office, moment = admit_office(office), find_office(office), now()

    def command(tx: Transaction) -> OccupancyView:
        day = admission.correct_occupancy(tx, office, body.delta, body.reason, who.id, moment)
        limit = tx.office(office).people_limit
        return OccupancyView(office, day.occupancy(limit).inside, limit)

    return perform([today_at(the_office)], command)


@operation(
    "POST",
    "/offices/{office}/occupancy/recount",
    access=AT_DOOR,
    tag="door",
    body=RecountBody,
    answers={200: OccupancyView},
    once=True,
    refusals=[errors.UnknownOffice, errors.BadInput],
)
def recount_occupancy(office: str, body: RecountBody) -> Response:
    """Set the number inside to what somebody has counted by eye; sensors go on from there."""
    who, the_office, moment = admit_office(office), find_office(office), now()

    def command(tx: Transaction) -> OccupancyView:
        day = sensors.recount(tx, office, body.persons, body.reason, who.id, moment)
        limit = tx.office(office).people_limit
        return OccupancyView(office, day.occupancy(limit).inside, limit)

    return perform([today_at(the_office)], command)


@operation(
    "POST",
    "/offices/{office}/admissions",
    access=AT_DOOR,
    tag="door",
    body=AdmissionsBody,
    answers={200: AdmissionsView},
    once=True,
    refusals=[errors.UnknownOffice, errors.Paused],
)
def set_admissions(office: str, body: AdmissionsBody) -> Response:
    """Stop letting people in, or go on."""
    who, the_office, moment = admit_office(office), find_office(office), now()

    def command(tx: Transaction) -> AdmissionsView:
        day = admission.set_admitting(tx, office, body.admitting, body.reason, who.id, moment)
        return AdmissionsView(office, day.admitting)

    return perform([today_at(the_office)], command)


@operation(
    "POST",
    "/offices/{office}/door-counts",
    access=frozenset({Role.SENSOR}),
    tag="door",
    body=DoorCountBody,
    answers={200: DoorCountView},
    once=True,
    refusals=[errors.UnknownOffice, errors.BadReading],
)
def count_at_door(office: str, body: DoorCountBody) -> Response:
    """Take the totals of a counting sensor; the same reading again changes nothing."""
    admit_office(office)
    the_office, moment, who = find_office(office), now(), current()
    reading = Reading(body.total_in, body.total_out, body.at)

    def command(tx: Transaction) -> DoorCountView:
        day, is_new = sensors.take_reading(tx, office, who.id, reading, moment)
        if who.device is not None and is_new:
            device_store.update(tx, who.office, who.device, seen_at=moment)
        return DoorCountView(
            office,
            body.total_in,
            body.total_out,
            local_time(tx.office(office), body.at),
            day.sensed,
        )

    try:
        return perform([today_at(the_office)], command)
    except BadReading as refused:
        log.warning("bad_reading", office=office, sensor=who.id, **refused.facts)
        raise
