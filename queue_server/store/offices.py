"""Offices with their streams, services, counters and hours: added whole, changed with their revision."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from ..domain.office import Office, Service, ServiceMode
from .tables import closed_dates, counters, offices, openings, services, streams

if TYPE_CHECKING:
    from .transaction import Transaction

def all_codes(connection: Connection) -> Sequence[str]:
    """The codes of all offices, in order."""
    return connection.execute(sa.select(offices.c.code).order_by(offices.c.code)).scalars().all()


def add(tx: Transaction, office: Office) -> None:
    """Store a new office whole."""
    tx.insert(
        offices,
        {
            "code": office.code, "name": office.name, "address": office.address, "phone": office.phone, "zone": office.zone,
            "mode": office.mode.value, "people_limit": office.people_limit, "rules": asdict(office.rules), "notice": dict(office.notice),
            "revision": 1,
        },
    )
    for position, stream in enumerate(office.streams):
        tx.insert(streams, {"office": office.code, "letter": stream.letter, "position": position, "name": dict(stream.name)})
    for position, service in enumerate(office.services):
        tx.insert(services, _service_row(office.code, position, service))
    for position, counter in enumerate(office.counters):
        tx.insert(
            counters,
            {"id": counter.id, "office": office.code, "position": position, "name": counter.name, "letters": list(counter.letters)},
        )
    for opening in office.openings:
        tx.insert(openings, {"office": office.code, **asdict(opening)})
    _add_closed_dates(tx, office.code, sorted(office.closed_dates))


def _service_row(office: str, position: int, service: Service) -> dict[str, Any]:
    return {
        "office": office, "code": service.code, "position": position, "letter": service.letter, "name": dict(service.name),
        "summary": dict(service.summary), "requirements": dict(service.requirements), "channel": service.channel.value,
        "minutes": service.minutes, "mode": service.mode.value if service.mode else None,
    }


def close_dates(tx: Transaction, office: str, dates: Sequence[date]) -> None:
    """Close an office on dates that are not closed yet."""
    _add_closed_dates(tx, office, dates)
    tx.change(offices.update().where(offices.c.code == office).values(revision=offices.c.revision + 1))
    tx.forget_office(office)


def _add_closed_dates(tx: Transaction, office: str, dates: Sequence[date]) -> None:
    for day in dates:
        tx.insert(closed_dates, {"office": office, "date": day})


def set_mode(tx: Transaction, office: str, mode: ServiceMode, notice: dict[str, str]) -> None:
    """Switch an office's service mode and its public notice."""
    tx.change(
        offices.update().where(offices.c.code == office).values(mode=mode.value, notice=notice, revision=offices.c.revision + 1)
    )
    tx.forget_office(office)


def set_people_limit(tx: Transaction, office: str, limit: int | None) -> None:
    """Change how many persons an office lets inside."""
    tx.change(offices.update().where(offices.c.code == office).values(people_limit=limit, revision=offices.c.revision + 1))
    tx.forget_office(office)
