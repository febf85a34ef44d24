"""What stands beside the reception's work: who is expected, the queue, the printers."""

from __future__ import annotations

from dataclasses import dataclass

from queue_server.domain import errors
from queue_server.domain.booking.slots import parse_slot_id
from queue_server.services.reception import overview
from queue_server.services.reception.overview import ExpectedVisit, ReceptionOverview
from queue_server.web.api.operations import operation
from queue_server.web.edge.access.principals import admit_office
from queue_server.web.edge.access.routes import AT_RECEPTION
from queue_server.web.edge.bodies.reception import ExpectedQuery
from queue_server.web.edge.context import context, find_office, now


@dataclass(frozen=True)
class ExpectedVisits:
    """The bookings of one time, all of them: a slot has few places."""

    visits: tuple[ExpectedVisit, ...]


@operation(
    "GET",
    "/offices/{office}/reception/overview",
    access=AT_RECEPTION,
    tag="reception",
    answers={200: ReceptionOverview},
    refusals=[errors.UnknownOffice],
)
def show_overview(office: str) -> ReceptionOverview:
    """Show who is expected, the queue and the printers, in figures."""
    admit_office(office)
    the_office = find_office(office)
    with context().database.read() as connection:
        return overview.view_overview(
            connection, the_office, now(), context().build, context().live.shown
        )


@operation(
    "GET",
    "/offices/{office}/reception/expected",
    access=AT_RECEPTION,
    tag="reception",
    query=ExpectedQuery,
    answers={200: ExpectedVisits},
    refusals=[errors.UnknownOffice, errors.UnknownSlot],
)
def list_expected(office: str, query: ExpectedQuery) -> ExpectedVisits:
    """List the bookings of one time of today with who has come, without names: a name is seen when
    one visit is opened.
    """
    admit_office(office)
    the_office, slot = find_office(office), parse_slot_id(query.slot)
    with context().database.read() as connection:
        return ExpectedVisits(overview.list_expected(connection, the_office, slot, now()))
