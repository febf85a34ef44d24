"""What the home screen offers without the server: tiles close before a visitor touches them."""

from __future__ import annotations

from datetime import datetime

from queue_server.protocol.leases import Lease, LeasedService
from queue_server.protocol.messages import OfficeOffer, OpenHours, ServiceOffer

from .rules import (
    LeaseRefused,
    Standing,
    admit_hours,
    admit_kiosk,
    admit_number,
    admit_party,
    admit_service,
)


def offer_from_lease(lease: Lease | None, standing: Standing) -> OfficeOffer:
    """The office's offer by the lease. Nobody knows how many wait or are inside, so nothing is said
    of either: `waiting` is -1, and `limit` None.

    Raises `LeaseRefused` if nothing at all can be given.
    """
    admitted, now = admit_kiosk(lease, standing)
    closed, opens_at = _look_at_hours(admitted, now)
    return OfficeOffer(
        office=admitted.office,
        name=admitted.office_name,
        zone=admitted.zone,
        mode=admitted.mode,
        open=closed is None,
        now=now.isoformat(),
        services=tuple(
            _offer_service(admitted, standing, each, closed) for each in admitted.services
        ),
        reason=closed,
        party_max=admitted.party_max,
        hours=tuple(
            OpenHours(each.opens_at[11:16], each.closes_at[11:16]) for each in admitted.periods
        ),
        opens_at=opens_at,
        streams=admitted.streams,
        languages=admitted.languages,
    )


def _look_at_hours(lease: Lease, now: datetime) -> tuple[str | None, str | None]:
    """Why the office is closed and when it opens again that day; None for both while it is open."""
    try:
        admit_hours(lease, now)
    except LeaseRefused as refused:
        return "hours", refused.facts.get("opens_at")
    return None, None


def _offer_service(
    lease: Lease, standing: Standing, service: LeasedService, closed: str | None
) -> ServiceOffer:
    reason = closed or _why_none(lease, standing, service, urgent=False)
    return ServiceOffer(
        code=service.code,
        letter=service.stream,
        name=service.name,
        summary=service.summary,
        minutes=service.minutes,
        channel=service.channel,
        open=reason is None,
        reason=reason,
        waiting=-1,
        urgent_open=closed is None and _why_none(lease, standing, service, urgent=True) is None,
    )


def _why_none(
    lease: Lease, standing: Standing, service: LeasedService, *, urgent: bool
) -> str | None:
    """Why one person gets no number; None for one who does."""
    try:
        stream = admit_service(lease, service, urgent=urgent)
        admit_party(lease, standing, stream, 1)
        admit_number(standing, stream)
    except LeaseRefused as refused:
        return str(refused.facts.get("reason", refused.code))
    return None
