"""What a kiosk may offer."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy.engine import Connection

from queue_server.domain.office.admission import admit_hours, admit_service, refusal_of
from queue_server.domain.office.office import Office
from queue_server.protocol.messages import OfficeOffer, ServiceOffer
from queue_server.services.shown import local_time

from .day import read_day
from .last_told_waits import ShownWaits
from .waits import wait_range


def view_offer(
    connection: Connection, office: Office, now: datetime, shown: ShownWaits | None = None
) -> OfficeOffer:
    """What a kiosk may hand out now, with the reason where it may not. `shown` is what was told of
    waits before.
    """
    day = read_day(connection, office, now)
    services = []
    for service in office.services:
        reason = refusal_of(partial(admit_service, office, service, urgent=False, at=now))
        services.append(
            ServiceOffer(
                code=service.code,
                letter=service.letter,
                name=dict(service.name),
                summary=dict(service.summary),
                minutes=service.minutes,
                channel=service.channel.value,
                open=reason is None,
                reason=reason,
                waiting=day.stream(service.letter).waiting,
                wait=wait_range(office, day, service.letter, now, shown=shown),
            )
        )
    occupancy = day.occupancy(office.people_limit)
    reason = "paused" if day.paused is not None else refusal_of(partial(admit_hours, office, now))
    return OfficeOffer(
        office=office.code,
        name=office.name,
        zone=office.zone,
        mode=office.mode_at(now).value,
        open=reason is None,
        now=local_time(office, now),
        services=tuple(services),
        reason=reason,
        inside=occupancy.inside,
        limit=occupancy.limit,
        over=occupancy.over,
        paused=None if day.paused is None else day.paused.value,
        drill=day.drill,
        party_max=office.largest_kiosk_party,
    )
