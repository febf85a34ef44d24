"""Free times of a service, at one office or the earliest of all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Response

from queue_server.domain import errors
from queue_server.domain.office.office import Office
from queue_server.services.booking import availability, earliest
from queue_server.services.booking.availability import AvailableDay, Question
from queue_server.services.shown import local_time
from queue_server.store.office import offices as office_store
from queue_server.web.api.answers import json_response, marked, not_modified, with_etag, write_json
from queue_server.web.api.operations import operation
from queue_server.web.api.paging import cut_page
from queue_server.web.edge.bodies.public import AvailabilityQuery, EarliestQuery
from queue_server.web.edge.context import context, find_office, now


@dataclass(frozen=True)
class SlotView:
    """A time and how many parties of the size asked for still fit."""

    slot: str
    starts_at: str
    ends_at: str
    free: int


@dataclass(frozen=True)
class DayView:
    """A local date and its times."""

    date: str
    free: int
    slots: tuple[SlotView, ...]


@dataclass(frozen=True)
class Availability:
    """Free times of a service, by day."""

    office: str
    service: str
    party: int
    days: tuple[DayView, ...]


@dataclass(frozen=True)
class EarliestView:
    """The first free time at one office; `slot` and the times are None where nothing is free up to
    its horizon.
    """

    office: str
    name: str
    slot: str | None
    starts_at: str | None
    ends_at: str | None


@dataclass(frozen=True)
class EarliestList:
    """The first free time at each office that has the service, the earliest first; offices without
    one at the end.

    `next` is the cursor of a further page.
    """

    service: str
    party: int
    offices: tuple[EarliestView, ...]
    next: str | None = None


@operation(
    "GET",
    "/offices/{office}/availability",
    access=None,
    tag="public",
    query=AvailabilityQuery,
    answers={200: Availability},
    refusals=[errors.UnknownOffice, errors.UnknownService, errors.BadInput],
)
def show_availability(office: str, query: AvailabilityQuery) -> Response:
    """Show the free times of a service, before any personal data is asked for."""
    the_office = find_office(office)
    service = the_office.service(query.service)
    first = query.from_ or the_office.date_at(now())
    with context().database.read() as connection:
        version = availability.availability_version(
            connection, the_office, first, query.days, now()
        )
        etag = f"{version}-{service.code}-{query.party}-{query.urgent}-{query.visit}"
        unchanged = not_modified(etag)
        if unchanged is not None:
            return unchanged
        asked = Question(service.code, first, query.days, query.party, query.urgent, query.visit)
        text = context().texts.get(
            (the_office.code, asked),
            etag,
            lambda: write_json(
                view_availability(
                    the_office,
                    asked,
                    context().free_times.list(connection, the_office, asked, now()),
                )
            ),
        )
    return marked(json_response(text, 200), etag)


def view_availability(
    office: Office, asked: Question, days: Iterable[AvailableDay]
) -> Availability:
    """What is told of the days asked for."""
    return Availability(
        office.code,
        asked.service,
        asked.party_size,
        tuple(
            DayView(
                each.date.isoformat(),
                each.free,
                tuple(
                    SlotView(
                        slot.id,
                        local_time(office, slot.starts_at),
                        local_time(office, slot.ends_at),
                        slot.free,
                    )
                    for slot in each.slots
                ),
            )
            for each in days
        ),
    )


@operation(
    "GET",
    "/earliest",
    access=None,
    tag="public",
    query=EarliestQuery,
    answers={200: EarliestList},
    refusals=[errors.UnknownService, errors.BadInput],
)
def show_earliest(query: EarliestQuery) -> Response | EarliestList:
    """Show the first free time of a service at each office."""
    with context().database.read() as connection:
        version = earliest.earliest_version(connection, now())
        etag = f"{version}-{query.service}-{query.party}-{query.cursor}-{query.limit}"
        unchanged = not_modified(etag)
        if unchanged is not None:
            return unchanged
        offices = [
            context().database.offices.get(connection, code)
            for code in office_store.all_codes(connection)
        ]
        times = earliest.list_earliest(connection, offices, query.service, query.party, now())
    page, after = cut_page(times, _place_in_order, query)
    views = tuple(
        EarliestView(
            each.office.code,
            each.office.name,
            each.slot.id if each.slot else None,
            local_time(each.office, each.slot.starts_at) if each.slot else None,
            local_time(each.office, each.slot.ends_at) if each.slot else None,
        )
        for each in page
    )
    return with_etag(EarliestList(query.service, query.party, views, after), etag)


def _place_in_order(each: earliest.Earliest) -> str:
    return f"{each.slot.id if each.slot else 'none'}.{each.office.code}"
