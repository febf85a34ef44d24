"""What the public may know of offices, and switching their service mode."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ..domain.events import Event, EventType
from ..domain.office import Office, Service, ServiceMode, mode_of
from ..store import offices as office_store
from ..store.transaction import Transaction
from .views import local_time


@dataclass(frozen=True)
class OpeningView:
    """One stretch of opening time: weekday 0 (Monday) to 6, local wall clock HH:MM."""

    weekday: int
    opens: str
    closes: str


@dataclass(frozen=True)
class OfficeView:
    """An office as the public sees it. `limit` is the number of persons let inside, None for no limit."""

    office: str
    name: str
    address: str
    phone: str
    zone: str
    mode: str
    open: bool
    limit: int | None
    hours: tuple[OpeningView, ...]
    notice: Mapping[str, str]
    opens_at: str | None
    closes_at: str | None


@dataclass(frozen=True)
class ServiceView:
    """A service as the public sees it."""

    service: str
    stream: str
    name: Mapping[str, str]
    summary: Mapping[str, str]
    requirements: Mapping[str, str]
    channel: str
    minutes: int
    mode: str


def view_office(office: Office, now: datetime) -> OfficeView:
    """An office as the public sees it now."""
    opens, closes = office.next_opening(now), office.closes_at(now)
    is_open = office.is_open(now)
    return OfficeView(
        office=office.code, name=office.name, address=office.address, phone=office.phone, zone=office.zone,
        mode=office.mode.value, open=is_open, limit=office.people_limit,
        hours=tuple(
            OpeningView(each.weekday, each.opens.strftime("%H:%M"), each.closes.strftime("%H:%M")) for each in office.openings
        ),
        notice=office.notice, opens_at=None if is_open or opens is None else local_time(office, opens),
        closes_at=local_time(office, closes) if is_open and closes else None,
    )


def view_service(office: Office, service: Service) -> ServiceView:
    """A service as the public sees it now."""
    return ServiceView(
        service=service.code, stream=service.letter, name=service.name, summary=service.summary, requirements=service.requirements,
        channel=service.channel.value, minutes=service.minutes, mode=mode_of(office, service).value,
    )


def add_office(tx: Transaction, office: Office) -> None:
    """Add an office with all its settings."""
    office_store.add(tx, office)


def switch_mode(tx: Transaction, office: str, mode: ServiceMode, notice: Mapping[str, str], by: str, now: datetime) -> Office:
    """Change how far an office is open to visitors, with a public notice. The command must declare today."""
    before = tx.office(office)
    office_store.set_mode(tx, office, mode, dict(notice))
    facts = {"changed": {"mode": [before.mode.value, mode.value]}, "by": by}
    tx.record(Event(EventType.MODE_CHANGED, office, before.date_at(now), now, None, facts))
    return tx.office(office)
