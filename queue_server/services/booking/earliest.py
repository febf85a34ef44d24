"""The earliest time at each office: for whoever may go to any of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from queue_server.domain.booking.availability import AvailableSlot, offer_slots
from queue_server.domain.booking.places import DayPlan
from queue_server.domain.errors import BadInput, UnknownService
from queue_server.domain.office.office import Office, Service
from queue_server.store.writer import slots as slot_store

ONE_DAY = timedelta(days=1)
NEAR = timedelta(days=2)
"""How far ahead of today the near days reach."""


@dataclass(frozen=True)
class Earliest:
    """An office and its first free time; None where nothing is free up to its horizon."""

    office: Office
    slot: AvailableSlot | None


def list_earliest(
    connection: Connection, offices: Sequence[Office], service: str, party_size: int, now: datetime
) -> list[Earliest]:
    """The first free time of a service at each office that has it, the earliest first, offices
    without one at the end.

    One query over all offices for the near days, and a second for the rest if some office is full
    so long. Raises `UnknownService` if no office has it, `BadInput` for a party that no office
    takes.
    """
    having = {
        office.code: (office, wanted)
        for office in offices
        for wanted in office.services
        if wanted.code == service
    }
    if not having:
        raise UnknownService(service=service)
    fitting = {
        code: pair for code, pair in having.items() if 1 <= party_size <= pair[0].largest_party
    }
    if not fitting:
        largest = max(office.largest_party for office, _ in having.values())
        raise BadInput(field="party_size", reason="range", low=1, high=largest)
    today = min(office.date_at(now) for office, _ in fitting.values())
    last = max(
        office.date_at(now) + timedelta(days=office.rules.booking.horizon_days)
        for office, _ in fitting.values()
    )
    first: dict[str, AvailableSlot] = {}
    for begin, end in ((today, today + NEAR), (today + NEAR + ONE_DAY, last)):
        # Most often the near days are enough for every office, and the others need not be read.
        if begin <= end and len(first) < len(fitting):
            for plan in slot_store.list_of_service(connection, service, begin, min(end, last)):
                if plan.office in fitting and plan.office not in first:
                    slot = _first_free(*fitting[plan.office], plan, party_size, now)
                    if slot is not None:
                        first[plan.office] = slot
    offered = [Earliest(office, first.get(code)) for code, (office, _) in fitting.items()]
    return sorted(
        offered,
        key=lambda each: (
            each.slot is None,
            each.slot.starts_at if each.slot else now,
            each.office.code,
        ),
    )


def earliest_version(connection: Connection, now: datetime) -> str:
    """A mark that changes whenever `list_earliest` may answer differently."""
    revision, events = slot_store.version_of_all(connection, (now - timedelta(days=1)).date())
    return f"{revision}-{events}-{int(now.timestamp()) // 60}"


def _first_free(
    office: Office, service: Service, plan: DayPlan, party_size: int, now: datetime
) -> AvailableSlot | None:
    offered = offer_slots(plan, office, service, party_size, now, urgent=False)
    return next((slot for slot in offered if slot.free > 0), None)
