"""Bookings that look like one hand behind many names: the groups, and voiding what a manager has
judged, after a dry run."""

from __future__ import annotations

from dataclasses import dataclass

from queue_server.domain import errors
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking import anomalies as anomaly_groups
from queue_server.services.bulk import Step
from queue_server.web.api.operations import operation
from queue_server.web.edge.access.principals import admit_office
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.bodies.bulk import VoidBody
from queue_server.web.edge.context import context, find_office, now

from .stranded import BulkView, find_known, plan_each, see_to


@dataclass(frozen=True)
class GroupView:
    """Bookings that share a browser, phone, e-mail address, network address or network. `niks`
    counts the persons they name."""

    common: str
    bookings: int
    people: int
    niks: int
    tickets: tuple[str, ...]


@dataclass(frozen=True)
class AnomaliesView:
    """The groups worth a look, the largest first. A group is a question and no verdict."""

    office: str
    groups: tuple[GroupView, ...]


@operation(
    "GET",
    "/offices/{office}/anomalies",
    access=MANAGERS,
    tag="staff",
    answers={200: AnomaliesView},
    refusals=[errors.UnknownOffice],
)
def list_anomalies(office: str) -> AnomaliesView:
    """List bookings to come that look like one hand behind many names."""
    admit_office(office)
    the_office = find_office(office)
    with context().database.read() as connection:
        groups = anomaly_groups.list_groups(connection, the_office, now())
    views = (
        GroupView(each.common.value, len(each.tickets), each.people, each.niks, each.tickets)
        for each in groups
    )
    return AnomaliesView(office, tuple(views))


@operation(
    "POST",
    "/offices/{office}/anomalies/void",
    access=MANAGERS,
    tag="staff",
    body=VoidBody,
    answers={200: BulkView},
    once=True,
    refusals=[errors.UnknownOffice, errors.BadInput],
)
def void_bookings(office: str, body: VoidBody) -> BulkView:
    """Cancel bookings and end holds together, and tell their holders."""
    who, the_office, moment = admit_office(office), find_office(office), now()
    known = find_known(office, body.tickets)

    def plan(ticket: Ticket) -> Step:
        return anomaly_groups.plan_void(the_office, ticket, who.id, body.reason, moment)

    steps = plan_each(body.tickets, known, plan)
    return see_to(office, steps, dry_run=body.dry_run, otherwise="not_to_come")
