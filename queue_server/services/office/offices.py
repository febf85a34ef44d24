"""What the public may know of offices, and switching their service mode."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from queue_server.domain.errors import BadInput
from queue_server.domain.events import EventType
from queue_server.domain.office.admission import mode_of
from queue_server.domain.office.changes import admit_period
from queue_server.domain.office.hours import Opening
from queue_server.domain.office.modes import ModePeriod, period_at
from queue_server.domain.office.office import Office, Service
from queue_server.services.door.admission import admit_who_fit
from queue_server.services.setting_history import record_change
from queue_server.services.shown import local_time
from queue_server.store.office import modes as mode_store
from queue_server.store.office import offices as office_store
from queue_server.store.writer.transaction import Transaction

from .description_views import LocationView, OnlineView, view_location, view_online


@dataclass(frozen=True)
class OpeningView:
    """One stretch of opening time: weekday 0 (Monday) to 6, local wall clock HH:MM."""

    weekday: int
    opens: str
    closes: str


@dataclass(frozen=True)
class SeasonView:
    """Other weekly hours from a first to a last date."""

    name: str
    first: str
    last: str
    hours: tuple[OpeningView, ...]


@dataclass(frozen=True)
class DayHoursView:
    """A coming date with hours of its own: stretches as HH:MM pairs, closed without any, and
    why.
    """

    date: str
    hours: tuple[tuple[str, str], ...]
    reason: Mapping[str, str]


@dataclass(frozen=True)
class OfficeView:
    """An office as the public sees it. `limit` is the number of persons let inside, None for no
    limit.

    `days` are those of the coming two months. `mode_until` and `review_on` belong to the decision
    that rules now.
    """

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
    mode_until: str | None = None
    review_on: str | None = None
    seasons: tuple[SeasonView, ...] = ()
    days: tuple[DayHoursView, ...] = ()
    location: LocationView | None = None


DAYS_TOLD = timedelta(days=60)


@dataclass(frozen=True)
class ServiceView:
    """A service as the public sees it.

    `mode` is how far it is open now, by its own decision and the office's. `notice`, `mode_until`
    and `review_on` belong to its own.
    """

    service: str
    stream: str
    name: Mapping[str, str]
    summary: Mapping[str, str]
    requirements: Mapping[str, str]
    channel: str
    minutes: int
    mode: str
    notice: Mapping[str, str] = field(default_factory=dict)
    mode_until: str | None = None
    review_on: str | None = None
    online: OnlineView | None = None
    search_words: tuple[str, ...] = ()


def view_office(office: Office, now: datetime) -> OfficeView:
    """An office as the public sees it now."""
    opens, closes = office.next_opening(now), office.closes_at(now)
    is_open = office.is_open(now)
    period, today = office.mode_period(now), office.date_at(now)
    return OfficeView(
        office=office.code,
        name=office.name,
        address=office.address,
        phone=office.phone,
        zone=office.zone,
        mode=office.mode_at(now).value,
        open=is_open,
        limit=office.people_limit,
        hours=_view_openings(office.hours.week),
        notice={} if period is None else period.notice,
        opens_at=None if is_open or opens is None else local_time(office, opens),
        closes_at=local_time(office, closes) if is_open and closes else None,
        mode_until=local_time(office, period.ends_at) if period and period.ends_at else None,
        review_on=period.review_on.isoformat() if period and period.review_on else None,
        seasons=tuple(
            SeasonView(
                each.name,
                each.first.isoformat(),
                each.last.isoformat(),
                _view_openings(each.openings),
            )
            for each in office.hours.seasons
            if each.last >= today
        ),
        days=tuple(
            DayHoursView(
                day.isoformat(),
                tuple((f"{opens:%H:%M}", f"{closes:%H:%M}") for opens, closes in own.openings),
                own.reason,
            )
            for day, own in sorted(office.hours.days.items())
            if today <= day <= today + DAYS_TOLD
        ),
        location=view_location(office.location),
    )


def _view_openings(openings: Iterable[Opening]) -> tuple[OpeningView, ...]:
    return tuple(
        OpeningView(each.weekday, f"{each.opens:%H:%M}", f"{each.closes:%H:%M}")
        for each in openings
    )


def view_service(office: Office, service: Service, now: datetime) -> ServiceView:
    """A service as the public sees it now."""
    own = period_at(office.modes, service.code, now)
    return ServiceView(
        service=service.code,
        stream=service.letter,
        name=service.name,
        summary=service.summary,
        requirements=service.requirements,
        channel=service.channel.value,
        minutes=service.minutes,
        mode=mode_of(office, service, now).value,
        notice={} if own is None else own.notice,
        mode_until=local_time(office, own.ends_at) if own and own.ends_at else None,
        review_on=own.review_on.isoformat() if own and own.review_on else None,
        online=view_online(service.online),
        search_words=service.search_words,
    )


def add_office(tx: Transaction, office: Office) -> None:
    """Add an office with all its settings."""
    office_store.add(tx, office)


def switch_mode(tx: Transaction, office: str, period: ModePeriod, now: datetime) -> Office:
    """Decide how far an office or one of its services is open to visitors. The command must declare
    today.

    Raises `UnknownOffice`, `UnknownService`, and `BadInput` for a decision that can never hold.
    """
    before = tx.office(office)
    admit_period(before, period, now)
    mode_store.add(tx, office, period)
    facts = {
        "period": period.id,
        "mode": period.mode.value,
        "service": period.service,
        "starts_at": period.starts_at.isoformat(),
        "ends_at": period.ends_at.isoformat() if period.ends_at else None,
        "by": period.decided_by,
    }
    return record_change(tx, before, EventType.MODE_CHANGED, facts, now)


def set_people_limit(
    tx: Transaction,
    office: str,
    limit: int | None,
    by: str,
    now: datetime,
    undoes: int | None = None,
) -> Office:
    """Change how many persons may be inside. Nobody is sent out; nobody comes in until there is
    room. Must declare today. `undoes` as in `record_change`.

    Raises `UnknownOffice`, `BadInput` for a limit below 1.
    """
    before = tx.office(office)
    if limit is not None and limit < 1:
        raise BadInput(field="limit", reason="range", low=1)
    office_store.save(tx, before, replace(before, people_limit=limit))
    facts = {"changed": {"limit": [before.people_limit, limit]}, "by": by}
    record_change(tx, before, EventType.LIMIT_CHANGED, facts, now, undoes)
    admit_who_fit(tx, office, before.date_at(now), now)
    return tx.office(office)
