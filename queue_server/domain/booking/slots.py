"""When visitors can be given a time: slots cut from opening hours, safe across clock changes, and
what each one offers.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor

from queue_server.domain.errors import BadInput, SlotPassed, SlotTooFar, UnknownSlot
from queue_server.domain.office.office import Office, Service
from queue_server.domain.office.settings.quotas import limit_visits

SLOT_FORMAT = "%Y%m%dT%H%MZ"
NO_LIMIT_PEOPLE = 10_000
"""Persons per slot where an office has no crowd control: its counters alone bound the bookings."""


def slot_id(starts_at: datetime) -> str:
    """A slot's name inside its office: its start in UTC, so it has one meaning even in the doubled
    hour of autumn.
    """
    at = starts_at.astimezone(UTC)
    # As SLOT_FORMAT; written out, because a list of times has hundreds and strftime is slow.
    return f"{at.year:04}{at.month:02}{at.day:02}T{at.hour:02}{at.minute:02}Z"


def parse_slot_id(text: str) -> datetime:
    """Raises `BadInput` for anything but `YYYYMMDDTHHMMZ` in the years 2000 to 2199."""
    try:
        starts_at = datetime.strptime(text, SLOT_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        raise BadInput(field="slot", reason="format") from None
    # strptime also reads 2026323T0900Z, and a year at the calendar's end cannot be moved into the
    # office's zone.
    if slot_id(starts_at) != text or not 2000 <= starts_at.year < 2200:
        raise BadInput(field="slot", reason="format")
    return starts_at


def cut_slots(office: Office, day: date) -> Iterator[tuple[datetime, datetime]]:
    """Cut one local date's openings into slots, as aware UTC (start, end).

    The wall clock fixes where an opening starts and ends; between them real minutes are counted, so
    a slot that the clock change skips does not exist and a doubled hour yields slots twice. A rest
    shorter than a slot is not used.
    """
    length = timedelta(minutes=office.rules.booking.slot_minutes)
    for opening in office.openings_on(day):
        start = datetime.combine(day, opening.opens, office.tz).astimezone(UTC)
        end = datetime.combine(day, opening.closes, office.tz).astimezone(UTC)
        while start + length <= end:
            yield start, start + length
            start += length


def span_of(office: Office, service: Service) -> int:
    """How many slots a visit for a service takes, one after another."""
    return ceil(service.minutes / office.rules.booking.slot_minutes)


def share_people(office: Office) -> tuple[int, int, int]:
    """Persons that each pool (online, walk-in, urgent) may send into one slot. Their sum is the
    room's limit, and none is below 0.

    Online and urgent shares are rounded down; what is left is for walk-ins, who cannot choose
    another day so easily. Shares of more than 1 together leave urgent visits what online ones
    leave.
    """
    people = NO_LIMIT_PEOPLE if office.people_limit is None else office.people_limit
    online = floor(people * _exact(office.rules.booking.online_share))
    urgent = min(people - online, floor(people * _exact(office.rules.booking.urgent_share)))
    return online, people - online - urgent, urgent


def visits_per_slot(office: Office, letter: str) -> Fraction:
    """Visits of one stream that its counters are planned to have under way in one slot, on average.

    A counter that serves several streams counts for each in equal parts, and all by the office's
    utilisation. A visit longer than a slot is under way in each that it spans, so that a counter
    has one of an hour in each of four quarters. A quota of the stream bounds them all.
    """
    visits = _visits_per_slot(
        tuple(len(each.letters) for each in office.counters if letter in each.letters),
        tuple(_spans_of(office, letter)),
        office.rules.booking.slot_minutes * _exact(office.rules.booking.utilisation),
        office.mean_minutes(letter),
    )
    return limit_visits(office, letter, visits)


# All slots of many days ask for the same few numbers, and fractions are slow to compute with.
@lru_cache(maxsize=1024)
def _visits_per_slot(
    letters_of_counters: tuple[int, ...],
    spans: tuple[int, ...],
    used_minutes: Fraction,
    mean_minutes: float,
) -> Fraction:
    counters = sum((Fraction(1, letters) for letters in letters_of_counters), Fraction(0))
    visits = counters * used_minutes / _exact(mean_minutes)
    return visits * Fraction(sum(spans), len(spans))


def _spans_of(office: Office, letter: str) -> list[int]:
    """The spans of a stream's services; one slot for a stream that has none of its own."""
    return [span_of(office, each) for each in office.services_of(letter)] or [1]


def share_visits(office: Office, letter: str, position: int) -> tuple[int, int, int]:
    """Visits of one stream that each pool may send into the slot at this position of the day,
    counted from 0.

    Fractions of a visit are carried over from slot to slot, so that 1.4 visits a slot make 2, 1, 2,
    1, 1. Where visits span several slots, as many have the same shares one after another: a place
    in one slot alone would be of no use. A day's shares are right to one visit for online and
    walk-in; urgent ones, at most two too few, may use those of their way in besides.
    """
    visits, cycle = visits_per_slot(office, letter), position // max(_spans_of(office, letter))
    rules = office.rules.booking
    # Nobody comes to the door for a call, so what is kept for walk-ins elsewhere is offered ahead.
    online = 1 - rules.urgent_share if letter == office.remote_letter else rules.online_share
    before, after = (
        _share_out(ceil(visits * cycles), online, rules.urgent_share)
        for cycles in (cycle, cycle + 1)
    )
    return after[0] - before[0], after[1] - before[1], after[2] - before[2]


@lru_cache(maxsize=1024)
def _share_out(visits: int, online_share: float, urgent_share: float) -> tuple[int, int, int]:
    """The first so many visits of a day by pool. Each count can only grow with `visits`: urgent
    ones come out of what online leaves.
    """
    online = ceil(visits * _exact(online_share))
    rest = visits - online
    left = 1 - _exact(online_share)
    urgent = min(rest, floor(rest * _exact(urgent_share) / left)) if rest else 0
    return online, rest - urgent, urgent


@lru_cache(maxsize=1024)
def _exact(share: float) -> Fraction:
    """A share as it was written: 0.6 is 3/5 and not the nearest binary fraction."""
    return Fraction(str(share))


def admit_slot(office: Office, starts_at: datetime, horizon_days: int, now: datetime) -> None:
    """Refuse a slot outside opening hours, that has begun, or is not open for booking yet.

    Slots outside the hours are left where the hours were changed after somebody had come for them;
    nobody else is to be given one. Raises `UnknownSlot`, `SlotPassed`, `SlotTooFar`.
    """
    local = office.local(starts_at)
    if not any(
        each.opens <= local.time() < each.closes for each in office.openings_on(local.date())
    ):
        raise UnknownSlot(slot=slot_id(starts_at))
    if starts_at <= now:
        raise SlotPassed(slot=slot_id(starts_at))
    opens_at = starts_at - timedelta(days=horizon_days)
    if opens_at > now:
        raise SlotTooFar(slot=slot_id(starts_at), opens_at=office.local(opens_at).isoformat())


def is_open_for_booking(office: Office, starts_at: datetime, now: datetime) -> bool:
    """Whether a slot may be booked now, full or not; see `admit_slot`."""
    try:
        admit_slot(office, starts_at, office.rules.booking.horizon_days, now)
    except (UnknownSlot, SlotPassed, SlotTooFar):
        return False
    return True
