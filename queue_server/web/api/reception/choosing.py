"""What staff choose for somebody who calls or stands there: a service by its words, a free time."""

from __future__ import annotations

from dataclasses import dataclass

from queue_server.domain import errors
from queue_server.domain.office.search import search_services
from queue_server.services.booking.availability import Question, list_availability
from queue_server.web.api.citizen.availability import Availability, view_availability
from queue_server.web.api.operations import operation
from queue_server.web.edge.access.principals import admit_office
from queue_server.web.edge.access.routes import AT_RECEPTION
from queue_server.web.edge.bodies.public import AvailabilityQuery
from queue_server.web.edge.bodies.reception import ServiceQuery
from queue_server.web.edge.context import context, find_office, now


@dataclass(frozen=True)
class ServicesFound:
    """The codes of the services that fit, the best first."""

    services: tuple[str, ...]


@operation(
    "GET",
    "/offices/{office}/reception/services",
    access=AT_RECEPTION,
    tag="reception",
    query=ServiceQuery,
    answers={200: ServicesFound},
    refusals=[errors.UnknownOffice],
)
def find_services(office: str, query: ServiceQuery) -> ServicesFound:
    """Find the services that somebody means, by the words in which people say it."""
    admit_office(office)
    fitting = search_services(find_office(office).services, query.q)
    return ServicesFound(tuple(each.code for each in fitting))


@operation(
    "GET",
    "/offices/{office}/reception/availability",
    access=AT_RECEPTION,
    tag="reception",
    query=AvailabilityQuery,
    answers={200: Availability},
    refusals=[errors.UnknownOffice, errors.UnknownService, errors.BadInput],
)
def show_times(office: str, query: AvailabilityQuery) -> Availability:
    """Show the times that staff may book: those of the citizens, and what is kept for walk-ins."""
    admit_office(office)
    the_office, moment = find_office(office), now()
    first = query.from_ or the_office.date_at(moment)
    asked = Question(query.service, first, query.days, query.party, query.urgent, query.visit)
    with context().database.read() as connection:
        days = list_availability(
            connection,
            the_office,
            asked.service,
            asked.first,
            asked.days,
            asked.party_size,
            moment,
            urgent=asked.urgent,
            by_staff=True,
            kind=asked.kind,
        )
    return view_availability(the_office, asked, days)
