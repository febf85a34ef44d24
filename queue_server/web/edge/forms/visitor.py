"""Who comes, as somebody has typed it: read in one way for pages, reception and API."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from queue_server.domain.errors import BadInput
from queue_server.domain.office.office import Office
from queue_server.domain.visit.identity import Visitor, fingerprint_nik, parse_name, parse_nik
from queue_server.web.edge.contacts import parse_email, parse_phone
from queue_server.web.edge.context import context, now

T = TypeVar("T")
Faults = dict[str, BadInput]


def check_visitor(
    office: Office,
    nik: str,
    name: str,
    phone: str | None,
    email: str | None,
    *,
    reminders: bool = False,
) -> tuple[Visitor | None, Faults]:
    """The visitor, or what is wrong by field, in the order of the forms. The NIK itself goes no
    further than this function.
    """
    today, synthetic = office.date_at(now()), office.rules.booking.synthetic_niks
    faults: Faults = {}

    def read(field: str, parse: Callable[[], T]) -> T | None:
        try:
            return parse()
        except BadInput as refused:
            faults[field] = refused
            return None

    known_as = read("name", lambda: parse_name(name))
    digits = read("nik", lambda: parse_nik(nik, today, synthetic=synthetic))
    mobile = read("phone", lambda: parse_phone(phone) if phone else None)
    address = read("email", lambda: parse_email(email) if email else None)
    if faults or known_as is None or digits is None:
        return None, faults
    fingerprint = fingerprint_nik(digits, context().nik_key)
    return Visitor(known_as, fingerprint, digits[-4:], mobile, address, reminders=reminders), {}


def read_visitor(
    office: Office,
    nik: str,
    name: str,
    phone: str | None,
    email: str | None,
    *,
    reminders: bool = False,
) -> Visitor:
    """The visitor. Raises `BadInput` for the first field that is wrong, the NIK before all."""
    visitor, faults = check_visitor(office, nik, name, phone, email, reminders=reminders)
    if visitor is None:
        raise faults.get("nik") or next(iter(faults.values()))
    return visitor
