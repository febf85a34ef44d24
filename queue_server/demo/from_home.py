"""The office of the demonstration that serves from home too: one more counter, at which a clerk
rings visitors or meets them by video.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.errors import SlotFull
from queue_server.domain.office.office import Counter, Office, VisitKind
from queue_server.domain.office.remote import RemoteChange, RemoteCounter, set_remote
from queue_server.domain.visit.identity import Visitor, fingerprint_nik
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking import availability, booking
from queue_server.services.counter import calling, remote, serving, staffing
from queue_server.services.places.ticket_ids import draw
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

from .morning import Scene
from .people import Guest

SERVICES: Mapping[str, tuple[VisitKind, ...]] = {
    "KK": (VisitKind.PHONE, VisitKind.VIDEO),
    "AKL": (VisitKind.PHONE, VisitKind.VIDEO),
    "SNK": (VisitKind.PHONE,),
    "PGD": (VisitKind.PHONE, VisitKind.VIDEO),
}
"""What can be had from home: where nobody has to sign or be photographed."""

MEETING = "https://temu.contoh.example/loket-rumah"
DAYS = 5
"""On so many days one visit is booked for each time."""

CALL = timedelta(minutes=6)


def serve_from_home(office: Office) -> Office:
    """The office with one more counter, worked from home."""
    counter = Counter(f"{office.code}-R", "Rumah", tuple(each.letter for each in office.streams))
    counters = {counter.id: RemoteCounter(MEETING)}
    return set_remote(
        replace(office, counters=(*office.counters, counter)), RemoteChange(SERVICES, counters)
    )


def book_calls(
    database: Database, office: Office, people: Iterator[Guest], key: bytes, at: datetime
) -> list[Ticket]:
    """Book calls and meetings of the coming days, at a moment. Returns them in order of time."""
    made: list[Ticket] = []
    wishes = cycle([(code, kind) for code, kinds in SERVICES.items() for kind in kinds])
    with database.read() as connection:
        days = availability.list_availability(
            connection, office, "KK", office.date_at(at), DAYS, 1, at, kind=VisitKind.PHONE
        )
    for day in days:
        for slot in [each for each in day.slots if each.free]:
            (code, kind), guest = next(wishes), next(people)
            visitor = Visitor(
                guest.name,
                fingerprint_nik(guest.nik, key),
                guest.nik[-4:],
                guest.phone,
                guest.email,
            )
            wanted = BookingRequest(code, slot.starts_at, visitor, kind=kind)
            command = partial(booking.book, office=office.code, wanted=wanted, draw=draw(), now=at)
            with suppress(SlotFull):
                made.append(database.write([(office.code, day.date)], command))
    return made


def ring_in_the_morning(
    office: Office, booked: Sequence[Ticket], begin: datetime, now: datetime
) -> Iterator[Scene]:
    """The counter at home is opened, and rings all of the morning but the last: that one waits for
    whoever tries the demonstration. Where nothing was due yet, the counter stays free for them.
    """
    counter = next(each for each in office.counters if each.remote)
    clerk = f"clerk-{office.code}-{len(office.counters)}"
    due = [each for each in booked if each.slot is not None and each.slot < now]
    if not due:
        return
    yield (
        begin,
        partial(
            staffing.open_counter, office=office.code, counter=counter.id, clerk=clerk, now=begin
        ),
    )
    for index, each in enumerate(due[:-1]):
        assert each.slot is not None, "only what has a time is due"
        at = max(each.slot, begin + CALL * index)
        if at + CALL < now:
            yield at, partial(_ring, office=office.code, counter=counter.id, clerk=clerk, at=at)


def _ring(tx: Transaction, office: str, counter: str, clerk: str, at: datetime) -> None:
    """One call from beginning to end, if somebody waits for it."""
    remote.join_due(tx, office, tx.office(office).date_at(at), at)
    called = calling.call_next(tx, office, counter, clerk, at)
    if called is not None:
        serving.start(tx, office, called.id, clerk, at + CALL / 6)
        serving.finish(tx, office, called.id, clerk, at + CALL * 5 / 6)
