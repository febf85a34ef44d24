"""Who comes, as somebody has typed it: read in one way for pages, reception and API."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from queue_server.domain.errors import BadInput
from queue_server.domain.office.office import Office
from queue_server.domain.visit.identity import (
    Document,
    Identity,
    Need,
    Visitor,
    parse_name,
    parse_nik,
    parse_passport,
)
from queue_server.web.edge.contacts import parse_email, parse_phone
from queue_server.web.edge.context import context, now

T = TypeVar("T")
Faults = dict[str, BadInput]


def check_visitor(
    identify: Callable[[], Identity],
    name: str,
    phone: str | None,
    email: str | None,
    needs: Iterable[Need] = (),
    *,
    represented: bool = False,
    reminders: bool = False,
) -> tuple[Visitor | None, Faults]:
    """The visitor, or what is wrong by field, in the order of the forms. The number that `identify`
    reads goes no further than this function.
    """
    faults: Faults = {}

    def read(field: str, parse: Callable[[], T]) -> T | None:
        try:
            return parse()
        except BadInput as refused:
            faults[field] = refused
            return None

    known_as = read("name", lambda: parse_name(name))
    identity = read("nik", identify)
    mobile = read("phone", lambda: parse_phone(phone) if phone else None)
    address = read("email", lambda: parse_email(email) if email else None)
    if faults or known_as is None or identity is None:
        return None, faults
    return Visitor(
        known_as,
        identity.fingerprint(context().nik_key),
        identity.last4,
        mobile,
        address,
        identity.document,
        tuple(needs),
        represented,
        reminders,
    ), {}


def identify(office: Office, service: str, nik: str | None, passport: str | None) -> Identity:
    """The one number given, as the service takes it. Raises `UnknownService`; `BadInput` (field nik
    or passport; reason missing, not_taken, both, and as `parse_nik` and `parse_passport`).
    """
    kind = office.service(service).identity
    if passport is not None:
        if nik is not None or not kind.takes_passport:
            raise BadInput(field="passport", reason="both" if nik is not None else "not_taken")
        return Identity(Document.PASSPORT, parse_passport(passport))
    if nik is None or not kind.takes_nik:
        field = "nik" if kind.takes_nik else "passport"
        raise BadInput(field=field, reason="missing")
    synthetic = office.rules.booking.synthetic_niks
    return Identity(Document.NIK, parse_nik(nik, office.date_at(now()), synthetic=synthetic))


def read_visitor(
    identify: Callable[[], Identity],
    name: str,
    phone: str | None,
    email: str | None,
    needs: Iterable[Need] = (),
    *,
    represented: bool = False,
    reminders: bool = False,
) -> Visitor:
    """The visitor. Raises `BadInput` for the first field that is wrong, the NIK before all."""
    visitor, faults = check_visitor(
        identify, name, phone, email, needs, represented=represented, reminders=reminders
    )
    if visitor is None:
        raise faults.get("nik") or next(iter(faults.values()))
    return visitor
