"""What one person may book: how many live tickets, and how far ahead. Keeps brokers out and leaves
the walk-in lane open to all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from queue_server.domain.errors import LimitReached
from queue_server.domain.office.office import Office
from queue_server.domain.office.rules import Rules


@dataclass(frozen=True)
class LiveBooking:
    """A live ticket that may belong to the person who asks: same NIK fingerprint or same phone.
    `date` is the day of the visit, `people` the size of its party.
    """

    service: str
    same_nik: bool
    same_phone: bool
    date: date
    people: int = 1


@dataclass(frozen=True)
class PersonFacts:
    """What is known of the person who asks: the live bookings of their NIK and phone, and when they
    missed booked visits that still count.
    """

    live: Sequence[LiveBooking] = ()
    missed_at: Sequence[datetime] = ()


PERSON_RULES = frozenset(
    {"service", "office", "day", "phone", "no_shows", "waitlist", "waitlist_contact"}
)
"""Limits that tell something of a person: that they have a booking here, or missed one."""


def withhold_details(refused: LimitReached) -> LimitReached:
    """The one refusal for every limit of a person, for whoever may be a stranger; any other limit
    as it is.
    """
    return LimitReached(rule="person") if refused.facts.get("rule") in PERSON_RULES else refused


def admit_visit(
    office: Office,
    person: PersonFacts,
    service: str,
    slot: datetime,
    people: int,
    now: datetime,
    *,
    ahead: bool = True,
) -> None:
    """Refuse a party of `people` one visit too many of its person, or one too far `ahead` after
    missed visits.

    Raises `LimitReached` with `rule`, in this order: service, office, day, phone, no_shows.
    """
    admit_person(office.rules, service, office.date_at(slot), person.live, people)
    if ahead:
        admit_ahead(office, person, slot, now)


def admit_ahead(office: Office, person: PersonFacts, slot: datetime, now: datetime) -> None:
    """`admit_horizon` on the office's own clock, since the refusal names the day from which on this
    is over.
    """
    admit_horizon(office.rules, map(office.local, person.missed_at), slot, now)


def admit_person(
    rules: Rules, service: str, day: date, live: Iterable[LiveBooking], people: int = 1
) -> None:
    """Refuse a further booking above the office's limits per NIK, or one of a party above those per
    phone.

    On one phone persons count, so that it does not stand for a bus; its only party may be larger.

    Raises `LimitReached` with `rule`: service, office, day or phone.
    """
    held = list(live)
    of_person = [each for each in held if each.same_nik]
    if sum(each.service == service for each in of_person) >= rules.booking.per_service_max:
        raise LimitReached(rule="service", limit=rules.booking.per_service_max)
    if len(of_person) >= rules.booking.per_office_max:
        raise LimitReached(rule="office", limit=rules.booking.per_office_max)
    admit_day(rules, day, of_person)
    on_phone = sum(each.people for each in held if each.same_phone)
    if on_phone and on_phone + people > rules.booking.people_per_phone_max:
        raise LimitReached(rule="phone", limit=rules.booking.people_per_phone_max)


def admit_day(rules: Rules, day: date, live: Iterable[LiveBooking]) -> None:
    """Refuse one visit too many of a person on one day, where the office counts that. Raises
    `LimitReached` (rule `day`).
    """
    if rules.booking.per_day_max is not None:
        on_day = sum(each.same_nik and each.date == day for each in live)
        if on_day >= rules.booking.per_day_max:
            raise LimitReached(rule="day", limit=rules.booking.per_day_max)


def counted_since(rules: Rules, now: datetime) -> datetime:
    """From when on a missed visit still counts against its person."""
    return now - timedelta(days=rules.booking.no_show_days)


def admit_horizon(
    rules: Rules, missed_at: Iterable[datetime], starts_at: datetime, now: datetime
) -> None:
    """Refuse a booking far ahead to somebody who has missed `no_shows_max` booked visits within
    `no_show_days`.

    Times near by stay open to them, and so does the door. Raises `LimitReached` (rule `no_shows`)
    with `until`, the moment from which on few enough are counted, and `days`, how far ahead they
    may book meanwhile.
    """
    counted = sorted((each for each in missed_at if each > counted_since(rules, now)), reverse=True)
    if len(counted) < rules.booking.no_shows_max:
        return
    if starts_at - timedelta(days=rules.booking.no_show_horizon_days) > now:
        until = counted[rules.booking.no_shows_max - 1] + timedelta(days=rules.booking.no_show_days)
        raise LimitReached(
            rule="no_shows",
            limit=rules.booking.no_shows_max,
            days=rules.booking.no_show_horizon_days,
            until=until.isoformat(),
        )
