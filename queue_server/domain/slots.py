"""When visitors can be given a time: slots cut from opening hours, safe across clock changes, and who may take one."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import floor

from .errors import BadInput, SlotFull, SlotPassed, SlotTooFar
from .office import Office

SLOT_FORMAT = "%Y%m%dT%H%MZ"


@dataclass(frozen=True)
class Slot:
    """One stretch of time in an office. `people` and `places` are the numbers offered, `taken` those given away.

    `people` counts persons in the room for the whole office, `places` counts visits of one stream.
    Invariants: 0 <= people_taken <= people; 0 <= places_taken <= places.
    """

    starts_at: datetime
    ends_at: datetime
    people: int
    people_taken: int = 0
    places: int = 0
    places_taken: int = 0

    @property
    def id(self) -> str:
        return slot_id(self.starts_at)

    def free(self, party_size: int = 1) -> int:
        """How many more parties of this size fit."""
        return max(0, min((self.people - self.people_taken) // party_size, self.places - self.places_taken))


def slot_id(starts_at: datetime) -> str:
    """A slot's name inside its office: its start in UTC, so it has one meaning even in the doubled hour of autumn."""
    return starts_at.astimezone(UTC).strftime(SLOT_FORMAT)


def parse_slot_id(text: str) -> datetime:
    """Raises `BadInput` for anything but `YYYYMMDDTHHMMZ` in the years 2000 to 2199."""
    try:
        starts_at = datetime.strptime(text, SLOT_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        raise BadInput(field="slot", reason="format") from None
    # strptime also reads 2026323T0900Z, and a year at the calendar's end cannot be moved into the office's zone.
    if slot_id(starts_at) != text or not 2000 <= starts_at.year < 2200:
        raise BadInput(field="slot", reason="format")
    return starts_at


def cut_slots(office: Office, day: date) -> Iterator[tuple[datetime, datetime]]:
    """Cut one local date's openings into slots, as aware UTC (start, end).

    The wall clock fixes where an opening starts and ends; between them real minutes are counted, so a slot that the
    clock change skips does not exist and a doubled hour yields slots twice. A rest shorter than a slot is not used.
    """
    length = timedelta(minutes=office.rules.slot_minutes)
    for opening in office.openings_on(day):
        start = datetime.combine(day, opening.opens, office.tz).astimezone(UTC)
        end = datetime.combine(day, opening.closes, office.tz).astimezone(UTC)
        while start + length <= end:
            yield start, start + length
            start += length


def people_places(office: Office) -> int:
    """Persons that may book one slot: the online share of the room limit.

    Offices without crowd control are bounded by their counters alone; a large number stands for "no limit".
    """
    if office.people_limit is None:
        return 10_000
    return floor(office.people_limit * office.rules.online_share + 1e-9)


def stream_places(office: Office, letter: str) -> int:
    """Visits of one stream that can be booked into one slot: the online share of what its counters can serve.

    A counter that serves several streams counts for each in equal parts. At least 1 where any counter serves the stream.
    """
    counters = sum(1 / len(each.letters) for each in office.counters if letter in each.letters)
    if counters == 0:
        return 0
    visits = counters * office.rules.slot_minutes / office.mean_minutes(letter)
    return max(1, floor(visits * office.rules.online_share + 1e-9))


def admit_booking(office: Office, slot: Slot, party_size: int, now: datetime) -> None:
    """Refuse a slot that has begun, is not open yet, or lacks room.

    Raises `SlotPassed`, `SlotTooFar`, `SlotFull`.
    """
    if slot.starts_at <= now:
        raise SlotPassed(slot=slot.id)
    opens_at = slot.starts_at - timedelta(days=office.rules.horizon_days)
    if opens_at > now:
        raise SlotTooFar(slot=slot.id, opens_at=office.local(opens_at).isoformat())
    if slot.free(party_size) < 1:
        raise SlotFull(slot=slot.id, free=slot.free())
