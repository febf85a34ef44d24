"""Whether an office and a service take visitors at a moment: by mode and by opening hours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from queue_server.domain.errors import NotInService

from .modes import ServiceMode, period_at, stricter
from .office import Office, Service, ServiceChannel, VisitKind

DAYS_LOOKED_AT = 60


def mode_of(office: Office, service: Service, now: datetime) -> ServiceMode:
    """The stricter of the office's and the service's mode at a moment."""
    if not office.modes:
        return ServiceMode.NORMAL
    own = period_at(office.modes, service.code, now)
    return office.mode_at(now) if own is None else stricter(office.mode_at(now), own.mode)


def admit_service(
    office: Office,
    service: Service,
    *,
    urgent: bool,
    at: datetime,
    kind: VisitKind = VisitKind.OFFICE,
) -> None:
    """Refuse a visit at a moment whose mode does not serve it.

    Raises `NotInService` with `reason` "mode". ONLINE_FIRST refuses only non-urgent visits for
    services that can be had wholly online. Who is rung at home comes into no room, so a visit from
    there is refused only while the office is closed.
    """
    mode = mode_of(office, service, at)
    keeps_away = not urgent and not kind.is_remote
    refused = (
        mode is ServiceMode.CLOSED
        or (mode is ServiceMode.URGENT_ONLY and keeps_away)
        or (
            mode is ServiceMode.ONLINE_FIRST
            and service.channel is ServiceChannel.ONLINE
            and keeps_away
        )
    )
    if refused:
        raise NotInService(reason="mode", mode=mode.value, service=service.code)


def admits(
    office: Office,
    service: Service,
    *,
    urgent: bool,
    at: datetime,
    kind: VisitKind = VisitKind.OFFICE,
) -> bool:
    """Whether a visit at a moment is served in the mode that rules then."""
    if not office.modes:
        return True
    try:
        admit_service(office, service, urgent=urgent, at=at, kind=kind)
    except NotInService:
        return False
    return True


def next_admission(
    office: Office, service: Service, *, urgent: bool, now: datetime
) -> datetime | None:
    """When the mode next serves a visit: `now` itself if it does; None if no decision that is known
    today ends or begins so that it would.
    """
    # A mode can only change where a decision begins or ends.
    edges = {
        edge
        for each in office.modes
        for edge in (each.starts_at, each.ends_at)
        if edge is not None and edge > now
    }
    return next(
        (at for at in (now, *sorted(edges)) if admits(office, service, urgent=urgent, at=at)), None
    )


def next_visit_day(office: Office, service: Service, *, urgent: bool, now: datetime) -> date | None:
    """The first date on which the doors open and the mode serves a visit; None if none is known
    within the next `DAYS_LOOKED_AT`.
    """
    begins = next_admission(office, service, urgent=urgent, now=now)
    if begins is None:
        return None
    first = office.date_at(begins)
    for day in (first + timedelta(days=ahead) for ahead in range(DAYS_LOOKED_AT)):
        for stretch in office.openings_on(day):
            opens = max(datetime.combine(day, stretch.opens, office.tz), begins)
            if opens < datetime.combine(day, stretch.closes, office.tz) and admits(
                office, service, urgent=urgent, at=opens
            ):
                return day
    return None


def admit_hours(office: Office, now: datetime) -> None:
    """Refuse a visit while the doors are shut. Raises `NotInService` with `opens_at` and `reason`
    "hours", or "mode" within the hours.
    """
    if not office.is_open(now):
        opens, reason = (
            office.next_opening(now),
            "mode" if office._is_within_hours(now) else "hours",
        )
        raise NotInService(reason=reason, opens_at=opens.isoformat() if opens else None)


def takes_walk_ins(office: Office, service: Service, now: datetime) -> bool:
    """Whether somebody who stands there without a booking may have a number for a service now, as
    far as hours and mode say.
    """
    return office.is_open(now) and admits(office, service, urgent=False, at=now)


def refusal_of(guard: Callable[[], None]) -> str | None:
    """Why a guard takes nobody now; None if it does."""
    try:
        guard()
    except NotInService as refused:
        return str(refused.facts["reason"])
    return None
