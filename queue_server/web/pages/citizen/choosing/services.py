"""The services of an office as its pages list them: what each needs, and which ways lead to it
today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from queue_server.domain.booking.availability import kinds_offered, takes_bookings
from queue_server.domain.office.admission import next_visit_day
from queue_server.domain.office.office import Office, OnlineWay, Service, ServiceChannel
from queue_server.web.edge.context import context, now


@dataclass(frozen=True)
class ServiceChoice:
    """A service as the pages list it. `bookable` is false when it takes no visits at present.

    `online` is None where it needs a visit or the office has told no address. `primary` is the way
    to lead to first: "online", "book" or "urgent" (only urgent cases are served); None where nobody
    is served. `urgent` is whether an urgent case may come where a regular one may not, and
    `visits_on` from when regular ones may again, None when nobody knows yet.
    """

    code: str
    letter: str
    name: Any
    summary: Any
    requirements: Any
    channel: str
    minutes: int
    bookable: bool
    online: OnlineWay | None
    primary: str | None
    urgent: bool
    visits_on: date | None
    visit_url: str


def show_service(office: Office, service: Service, *, urgent: bool = False) -> ServiceChoice:
    """A service as it may be had today, for a regular or an urgent case."""
    bookable = bool(kinds_offered(office, service, now(), urgent=urgent))
    online = None if service.channel is ServiceChannel.MUST_COME else service.online
    only_urgent = not bookable and takes_bookings(office, service, now(), urgent=True)
    primary = "online" if online else "book" if bookable else "urgent" if only_urgent else None
    return ServiceChoice(
        service.code,
        service.letter,
        service.name,
        service.summary,
        service.requirements,
        service.channel.value,
        service.minutes,
        bookable,
        online,
        primary,
        only_urgent,
        None if bookable else next_visit_day(office, service, urgent=urgent, now=now()),
        visit_url(office, service.code),
    )


def visit_url(office: Office, code: str, people: int = 1) -> str:
    """Where whoever wants to come for a service goes on: first it is asked whether they must."""
    party = people if people > 1 else None
    return url_for("public.triage", office_code=office.code, service=code, party_size=party)


def list_services(office: Office, *, urgent: bool = False) -> list[ServiceChoice]:
    """The services of an office in its own order, as they may be booked for a regular or an urgent
    case.
    """
    return [show_service(office, each, urgent=urgent) for each in office.services]


def online_services(services: Sequence[ServiceChoice]) -> list[ServiceChoice]:
    """Those of an office's services that are had, or applied for, without a visit."""
    return [each for each in services if each.online is not None]


def first_services(office: Office, services: Sequence[ServiceChoice]) -> list[ServiceChoice]:
    """Those of an office's services for which most people come; none where all are seen at a glance
    anyway.
    """
    codes = context().most_used.list(context().database.read, office, office.date_at(now()))
    if len(codes) == len(services):
        return []
    by_code = {each.code: each for each in services}
    return [by_code[each] for each in codes]


def group_services(
    office: Office, services: Iterable[ServiceChoice]
) -> list[tuple[Mapping[str, str], list[ServiceChoice]]]:
    """Services by stream: its name and its services, each in the office's own order."""
    of_stream: dict[str, list[ServiceChoice]] = {}
    for each in services:
        of_stream.setdefault(each.letter, []).append(each)
    return [
        (stream.name, of_stream[stream.letter])
        for stream in office.streams
        if stream.letter in of_stream
    ]


def service_names(offices: Iterable[Office]) -> dict[str, Mapping[str, str]]:
    """Every service that some office has, by code, in the order in which the offices list them."""
    return {each.code: each.name for office in offices for each in office.services}
