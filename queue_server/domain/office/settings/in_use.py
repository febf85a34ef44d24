"""What of an office is in use now, so that it cannot be taken away under somebody's feet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from queue_server.domain.errors import BadInput, StillInUse
from queue_server.domain.office.office import Office


@dataclass(frozen=True)
class LiveVisits:
    """Visits of one service in one stream that are not over. `here` have come today, `booked` hold
    a booking or a place for today or later, `wishes` wait for a place.
    """

    service: str
    letter: str
    here: int = 0
    booked: int = 0
    wishes: int = 0


@dataclass(frozen=True)
class InUse:
    """Everything in use. `at_counters` are the ids of the counters that are open, on break, or have
    a visitor; `leased` the letters of which a kiosk may give numbers without the server.
    """

    visits: tuple[LiveVisits, ...] = ()
    at_counters: frozenset[str] = frozenset()
    leased: frozenset[str] = frozenset()


def admit_not_in_use(before: Office, after: Office, in_use: InUse) -> None:
    """Refuse to take away a service or stream that somebody waits or has booked for, a stream of
    which a kiosk holds numbers, a counter at which somebody works, and the time zone in which
    bookings stand. Nor does such a counter go from the office to somebody's home, or back.

    Raises `StillInUse`, which says how many, and `BadInput` (counter_ and its id) for the last.
    """
    codes = {each.code for each in after.services}
    for service in before.services:
        if service.code not in codes:
            _admit_none(
                "service",
                service.code,
                (each for each in in_use.visits if each.service == service.code),
            )
    letters = {each.letter for each in after.streams}
    for stream in before.streams:
        if stream.letter not in letters:
            _admit_none(
                "stream",
                stream.letter,
                (each for each in in_use.visits if each.letter == stream.letter),
            )
            if stream.letter in in_use.leased:
                raise StillInUse(kind="lease", name=stream.letter)
    kept = {each.id: each for each in after.counters}
    for counter in before.counters:
        if counter.id not in in_use.at_counters:
            continue
        if counter.id not in kept:
            raise StillInUse(kind="counter", name=counter.name)
        if kept[counter.id].remote is not counter.remote:
            field = f"counter_{counter.id}"
            raise BadInput(field=field, reason="counter_open", counter=counter.name)
    if before.zone != after.zone:
        _admit_none("zone", before.zone, in_use.visits)


def _admit_none(kind: str, name: str, visits: Iterable[LiveVisits]) -> None:
    live = list(visits)
    here, booked, wishes = (
        sum(getattr(each, field) for each in live) for field in ("here", "booked", "wishes")
    )
    if here or booked or wishes:
        raise StillInUse(kind=kind, name=name, here=here, booked=booked, wishes=wishes)
