"""Giving away the places of the demonstration's offices, by the bookings of invented people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial
from itertools import cycle

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.booking.slots import share_people
from queue_server.domain.errors import SlotFull
from queue_server.domain.office.office import Office
from queue_server.domain.visit.identity import Visitor, fingerprint_nik
from queue_server.domain.visit.step import Draw
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking import availability, booking
from queue_server.services.places.ticket_ids import draw
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

from .people import Guest
from .scenarios import Scenario

BOOKED_BEFORE = timedelta(days=1)
"""How long before this morning the bookings are made."""

URGENT_EVERY = 5
"""Every so many free times of a day an urgent case has booked."""


def book(
    database: Database,
    office: Office,
    scenario: Scenario,
    key: bytes,
    now: datetime,
    booked_at: datetime | None,
    people: Iterator[Guest],
) -> list[Ticket]:
    """Give away the scenario's share of the places of every slot. Returns the bookings for today,
    in order of time. They are made at `booked_at`, by default as late as they can be.
    """
    crowd = scenario.crowd(office.code)
    today = office.date_at(now)
    of_today: list[Ticket] = []
    for ahead in range(office.rules.booking.horizon_days):
        share = crowd.share_of_later if ahead else crowd.share_of_today
        at = booked_at or (now if ahead else now - BOOKED_BEFORE)
        booked = book_day(
            database, office, scenario, today + timedelta(days=ahead), share, people, key, at
        )
        of_today += booked if not ahead else []
    return sorted(of_today, key=lambda each: (each.slot or now, each.id))


def book_day(
    database: Database,
    office: Office,
    scenario: Scenario,
    day: date,
    share: float,
    people: Iterator[Guest],
    key: bytes,
    at: datetime,
) -> list[Ticket]:
    """Give away a share of the places of one day that are free at a moment."""
    made: list[Ticket] = []
    # Visits that take two slots leave single ones behind: a day that is to be full is gone over
    # once more with short visits.
    for longest in (None,) if share < 1 else (None, office.rules.booking.slot_minutes):
        requests = (
            _requests(database, office, day, share, people, key, at, longest) if share > 0 else []
        )
        if share > 0 and scenario.urgent_services:
            requests += _urgent_requests(database, office, scenario, day, people, key, at)
        wanted = [(each, draw()) for each in sorted(requests, key=lambda each: each.slot)]
        if wanted:
            made += database.write(
                [(office.code, day)], partial(_book_all, office=office.code, wanted=wanted, now=at)
            )
    return made


def _book_all(
    tx: Transaction, office: str, wanted: Sequence[tuple[BookingRequest, Draw]], now: datetime
) -> list[Ticket]:
    """Book one after another; who asks for a slot that a longer visit before has filled up goes
    away.
    """
    booked = []
    for request, drawn in wanted:
        with suppress(SlotFull):
            booked.append(booking.book(tx, office, request, drawn, now))
    return booked


def _requests(
    database: Database,
    office: Office,
    day: date,
    share: float,
    people: Iterator[Guest],
    key: bytes,
    now: datetime,
    longest: int | None,
) -> list[BookingRequest]:
    """Bookings for a share of the places that can be booked on a day, in order of time; for no
    service of more than `longest` minutes.
    """
    requests: list[BookingRequest] = []
    room: dict[datetime, int] = {}
    online = share_people(office)[0]
    with database.read() as connection:
        for stream in office.streams:
            codes = [
                each.code
                for each in office.services
                if each.letter == stream.letter and (longest is None or each.minutes <= longest)
            ]
            if not codes:
                continue
            services = cycle(codes)
            owed = 0.0
            for available in availability.list_availability(
                connection, office, next(services), day, 1, 1, now
            ):
                for slot in available.slots:
                    owed += slot.free * share
                    left = room.setdefault(slot.starts_at, online)
                    booked = min(int(owed), slot.free, left)
                    owed -= booked
                    room[slot.starts_at] = left - booked
                    requests += [
                        _request(next(services), slot.starts_at, next(people), key)
                        for _ in range(booked)
                    ]
    return sorted(requests, key=lambda each: each.slot)


def _urgent_requests(
    database: Database,
    office: Office,
    scenario: Scenario,
    day: date,
    people: Iterator[Guest],
    key: bytes,
    now: datetime,
) -> list[BookingRequest]:
    """Urgent bookings now and then through the day."""
    services = cycle(sorted(scenario.urgent_services))
    with database.read() as connection:
        days = availability.list_availability(
            connection, office, next(services), day, 1, 1, now, urgent=True
        )
    free = [slot for each in days for slot in each.slots if slot.free]
    return [
        _request(next(services), slot.starts_at, next(people), key, urgent=True)
        for slot in free[::URGENT_EVERY]
    ]


def _request(
    service: str, slot: datetime, guest: Guest, key: bytes, *, urgent: bool = False
) -> BookingRequest:
    visitor = Visitor(
        guest.name, fingerprint_nik(guest.nik, key), guest.nik[-4:], guest.phone, guest.email
    )
    return BookingRequest(service, slot, visitor, urgent=urgent)
