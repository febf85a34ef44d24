"""How many live tickets one person may hold. Keeps brokers out and leaves the walk-in lane open to all."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .errors import LimitReached
from .office import Rules


@dataclass(frozen=True)
class LiveBooking:
    """A live ticket that may belong to the person who asks: same NIK fingerprint or same phone."""

    service: str
    same_nik: bool
    same_phone: bool


def admit_person(rules: Rules, service: str, live: Iterable[LiveBooking]) -> None:
    """Refuse a further booking above the office's limits per NIK and phone.

    Raises `LimitReached` with `rule`: service, office or phone.
    """
    held = list(live)
    of_person = [each for each in held if each.same_nik]
    if sum(each.service == service for each in of_person) >= rules.bookings_per_service:
        raise LimitReached(rule="service", limit=rules.bookings_per_service)
    if len(of_person) >= rules.bookings_per_office:
        raise LimitReached(rule="office", limit=rules.bookings_per_office)
    if sum(each.same_phone for each in held) >= rules.bookings_per_phone:
        raise LimitReached(rule="phone", limit=rules.bookings_per_phone)
