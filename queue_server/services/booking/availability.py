"""Which times are free at an office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.engine import Connection

from queue_server.domain.booking.availability import AvailableSlot, letter_for, offer_slots
from queue_server.domain.errors import BadInput
from queue_server.domain.office.office import Office
from queue_server.domain.visit.occupancy import admit_party_size
from queue_server.store.writer import slots as slot_store

MOST_DAYS = 31


@dataclass(frozen=True)
class AvailableDay:
    """A local date and its slots that can be booked or are full."""

    date: date
    slots: tuple[AvailableSlot, ...]

    @property
    def free(self) -> int:
        return sum(slot.free for slot in self.slots)


def list_availability(
    connection: Connection,
    office: Office,
    service: str,
    first: date,
    days: int,
    party_size: int,
    now: datetime,
    *,
    urgent: bool = False,
) -> list[AvailableDay]:
    """Days and what `offer_slots` offers, in one query. Raises `UnknownService`, `BadInput`."""
    admit_party_size(party_size, office.largest_party)
    if not 1 <= days <= MOST_DAYS:
        raise BadInput(field="days", reason="range", low=1, high=MOST_DAYS)
    wanted = office.service(service)
    letter = letter_for(office, service, urgent=urgent)
    available = []
    for plan in slot_store.list_of_stream(
        connection, office.code, letter, first, first + timedelta(days=days - 1)
    ):
        slots = tuple(offer_slots(plan, office, wanted, party_size, now, urgent=urgent))
        if slots:
            available.append(AvailableDay(plan.date, slots))
    return available


def availability_version(
    connection: Connection, office: Office, first: date, days: int, now: datetime
) -> str:
    """A mark that changes whenever `list_availability` may answer differently. Two cheap
    look-ups.
    """
    revision, events = slot_store.version(
        connection, office.code, first, first + timedelta(days=days - 1)
    )
    step = int(now.timestamp()) // 60
    return f"{revision}-{events}-{step}"


def nearest_free(
    days: Sequence[AvailableDay], wanted: datetime, count: int = 3
) -> list[AvailableSlot]:
    """The free slots nearest to a wanted time, in order of time."""
    free = [slot for day in days for slot in day.slots if slot.free > 0]
    nearest = sorted(free, key=lambda slot: abs(slot.starts_at - wanted))[:count]
    return sorted(nearest, key=lambda slot: slot.starts_at)
