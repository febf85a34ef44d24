"""Offices with their streams, services, counters and hours: read whole, cached by revision."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from ..domain.errors import UnknownOffice
from ..domain.office import Counter, Office, Opening, Rules, Service, ServiceChannel, ServiceMode, Stream
from .compiled import Compiled
from .tables import closed_dates, counters, offices, openings, services, streams

if TYPE_CHECKING:
    from .transaction import Transaction

_REVISION = Compiled(sa.select(offices.c.revision).where(offices.c.code == sa.bindparam("code")))


class OfficeCache:
    """Offices by code. Settings change rarely and are read by every request, so only the revision is asked each time."""

    def __init__(self) -> None:
        self._known: dict[str, Office] = {}

    def get(self, connection: Connection, code: str) -> Office:
        """Raises `UnknownOffice`."""
        found = _REVISION.rows(connection, {"code": code})
        if not found:
            raise UnknownOffice(office=code)
        known = self._known.get(code)
        if known is None or known.revision != found[0].revision:
            known = _load(connection, code)
            self._known[code] = known
        return known


def _load(connection: Connection, code: str) -> Office:
    row = connection.execute(sa.select(offices).where(offices.c.code == code)).one()
    return Office(
        code=row.code, name=row.name, address=row.address, phone=row.phone, zone=row.zone, mode=ServiceMode(row.mode),
        people_limit=row.people_limit, rules=Rules(**row.rules), notice=row.notice,
        streams=tuple(
            Stream(each.letter, each.name)
            for each in connection.execute(sa.select(streams).where(streams.c.office == code).order_by(streams.c.position))
        ),
        services=tuple(
            Service(
                each.code, each.letter, each.name, each.summary, each.requirements, ServiceChannel(each.channel), each.minutes,
                ServiceMode(each.mode) if each.mode else None,
            )
            for each in connection.execute(sa.select(services).where(services.c.office == code).order_by(services.c.position))
        ),
        counters=tuple(
            Counter(each.id, each.name, tuple(each.letters))
            for each in connection.execute(sa.select(counters).where(counters.c.office == code).order_by(counters.c.position))
        ),
        openings=tuple(
            Opening(each.weekday, each.opens, each.closes)
            for each in connection.execute(
                sa.select(openings).where(openings.c.office == code).order_by(openings.c.weekday, openings.c.opens)
            )
        ),
        closed_dates=frozenset(connection.execute(sa.select(closed_dates.c.date).where(closed_dates.c.office == code)).scalars()),
        revision=row.revision,
    )


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
    close_dates(tx, office.code, sorted(office.closed_dates))


def _service_row(office: str, position: int, service: Service) -> dict[str, Any]:
    return {
        "office": office, "code": service.code, "position": position, "letter": service.letter, "name": dict(service.name),
        "summary": dict(service.summary), "requirements": dict(service.requirements), "channel": service.channel.value,
        "minutes": service.minutes, "mode": service.mode.value if service.mode else None,
    }


def close_dates(tx: Transaction, office: str, dates: Sequence[date]) -> None:
    """Close an office on dates that are not closed yet."""
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
