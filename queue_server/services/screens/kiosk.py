"""What a kiosk may offer."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy.engine import Connection

from queue_server.domain.errors import DayFull
from queue_server.domain.office.admission import (
    admit_hours,
    admit_service,
    admits,
    mode_of,
    next_visit_day,
    refusal_of,
)
from queue_server.domain.office.office import Office
from queue_server.domain.office.settings.quotas import is_walk_in_quota_used
from queue_server.domain.visit.office_day import OfficeDay
from queue_server.protocol.messages import OfficeOffer, ServiceOffer, WaitRange
from queue_server.services.shown import _local_or_none, hours_today, local_time
from queue_server.services.triage.advising import guide_version
from queue_server.store.visit import tickets as ticket_store

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
    given = {
        each.letter: ticket_store.count_walk_ins(connection, office.code, day.date, each.letter)
        for each in office.streams
        if each.walk_in_quota is not None
    }
    services = []
    for service in office.services:
        reason = refusal_of(partial(admit_service, office, service, urgent=False, at=now))
        numbers = given.get(service.letter, 0)
        if reason is None and is_walk_in_quota_used(office, service.letter, numbers):
            reason = DayFull.code
        next_day = next_visit_day(office, service, urgent=False, now=now) if reason else None
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
                mode=mode_of(office, service, now).value,
                urgent_open=admits(office, service, urgent=True, at=now),
                next_day=None if next_day is None else next_day.isoformat(),
            )
        )
    occupancy = day.occupancy(office.people_limit)
    full, period = not occupancy.fits(1), office.mode_period(now)
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
        hours=hours_today(office, now),
        opens_at=None if reason is None else _local_or_none(office, office.next_opening(now)),
        mode_until=None if period is None else _local_or_none(office, period.ends_at),
        notice={} if period is None else dict(period.notice),
        full=full,
        outside_wait=_usual_wait(office, day, now, shown) if full else None,
        streams={each.letter: dict(each.name) for each in office.streams_here},
        guide=guide_version(office, now),
        languages=office.languages,
    )


def _usual_wait(
    office: Office, day: OfficeDay, now: datetime, shown: ShownWaits | None
) -> WaitRange | None:
    """The wait in the stream in which most people wait: what most of those who come now will see.
    Nobody waits outside for longer than until the call.
    """
    letter = max(
        (each.letter for each in office.streams_here),
        key=lambda each: day.stream(each).waiting,
        default=None,
    )
    return None if letter is None else wait_range(office, day, letter, now, shown=shown)
