"""What the home screen offers without the server: tiles close before a visitor touches them."""

from __future__ import annotations

from datetime import datetime

from queue_server.protocol.leases import Lease, LeasedService
from queue_server.protocol.messages import OfficeOffer, ServiceOffer

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
    """The office's offer by the lease. Nobody knows how many wait, so nothing is said of it.

    Raises `LeaseRefused` if nothing at all can be given.
    """
    admitted, now = admit_kiosk(lease, standing)
    closed = _refusal_of_hours(admitted, now)
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
        limit=admitted.limit,
        party_max=admitted.party_max,
        streams=admitted.streams,
    )


def _refusal_of_hours(lease: Lease, now: datetime) -> str | None:
    try:
        admit_hours(lease, now)
    except LeaseRefused:
        return "hours"
    return None


def _offer_service(
    lease: Lease, standing: Standing, service: LeasedService, closed: str | None
) -> ServiceOffer:
    reason = closed
    if reason is None:
        try:
            stream = admit_service(lease, service, urgent=False)
            admit_party(lease, standing, stream, 1)
            admit_number(standing, stream)
        except LeaseRefused as refused:
            reason = str(refused.facts.get("reason", refused.code))
    return ServiceOffer(
        code=service.code,
        letter=service.stream,
        name=service.name,
        summary=service.summary,
        minutes=service.minutes,
        channel=service.channel,
        open=reason is None,
        reason=reason,
        urgent_open=closed is None and service.urgent_reason is None,
    )
