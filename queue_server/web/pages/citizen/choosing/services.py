"""The services of an office as its pages list them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from queue_server.domain.booking.availability import takes_bookings
from queue_server.domain.office.office import Office
from queue_server.web.edge.context import now


@dataclass(frozen=True)
class ServiceChoice:
    """A service as the pages list it; `bookable` is false when it takes no visits at present."""

    code: str
    name: Any
    summary: Any
    requirements: Any
    channel: str
    minutes: int
    bookable: bool


def list_services(office: Office, *, urgent: bool = False) -> list[ServiceChoice]:
    """The services of an office in its own order, as they may be booked for a regular or an urgent
    case.
    """
    return [
        ServiceChoice(
            each.code,
            each.name,
            each.summary,
            each.requirements,
            each.channel.value,
            each.minutes,
            takes_bookings(office, each, now(), urgent=urgent),
        )
        for each in office.services
    ]


def service_names(offices: Iterable[Office]) -> dict[str, Mapping[str, str]]:
    """Every service that some office has, by code, in the order in which the offices list them."""
    return {each.code: each.name for office in offices for each in office.services}
