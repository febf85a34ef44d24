"""What the office's thresholds are compared with: the load of each stream, and the whole office."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from queue_server.domain.door.help_calls import HelpStage
from queue_server.domain.office.office import Office
from queue_server.domain.supervisor.alerts import StreamLoad, Watched, counters_needed
from queue_server.domain.visit.office_day import OfficeDay
from queue_server.store import clock_jumps
from queue_server.store.access import devices as device_store
from queue_server.store.counter import called
from queue_server.store.door import help_calls as help_store
from queue_server.store.door import leases as lease_store
from queue_server.store.supervisor import dashboard as dashboard_store
from queue_server.store.webhooks import endpoints as endpoint_store
from queue_server.store.writer import days as day_store

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def watch_office(connection: Connection, office: Office, now: datetime) -> Watched:
    """What the office's thresholds are compared with at a moment."""
    day = day_store.find(connection, office.code, office.date_at(now))
    waiting = day.waiting_here(office)
    oldest = dashboard_store.oldest_arrival(connection, office.code, day.date) if waiting else None
    last = next(iter(called.last_calls(connection, office.code, day.date, 1)), None)
    loads = load_streams(
        office, day, dashboard_store.count_since(connection, office.code, day.date, now - HOUR)
    )
    jump = clock_jumps.find_recent(connection, now)
    return Watched(
        at=now,
        waiting=waiting,
        oldest_since=oldest,
        inside=day.occupancy(office.people_limit).inside,
        limit=office.people_limit,
        outside=day.parties_outside,
        since_call=oldest if oldest is None or last is None else max(oldest, last.last_called_at),
        counters_open=day.counters_open_here(office),
        counters_needed=counters_needed(
            loads_here(office, loads), office.rules.alerts.target_minutes
        ),
        paused=day.paused is not None,
        evacuated=day.is_evacuated,
        clock_jump=None if jump is None else timedelta(seconds=jump.seconds),
        numbers_last_minute=dashboard_store.count_numbers(
            connection, office.code, day.date, now - MINUTE
        ),
        kiosks=device_store.count_paired(connection, office.code, "kiosk"),
        webhooks_stopped=endpoint_store.list_stopped(connection, office.code),
        help_unanswered={
            each.call.id: (each.device_name, each.call.asked_at)
            for each in help_store.list_open(connection, office.code)
            if each.call.stage_at(now) is HelpStage.UNANSWERED
        },
        contested=lease_store.list_contested(connection, office.code),
    )


def load_streams(
    office: Office, day: OfficeDay, hours: Mapping[str, dashboard_store.Hour]
) -> dict[str, StreamLoad]:
    """Who waits in each stream and how much work came in the last hour, by `hours`."""
    nothing = dashboard_store.Hour(0, 0)
    return {
        each.letter: StreamLoad(
            day.stream(each.letter).waiting,
            hours.get(each.letter, nothing).arrived,
            office.mean_minutes(each.letter),
        )
        for each in office.streams
    }


def loads_here(office: Office, loads: Mapping[str, StreamLoad]) -> list[StreamLoad]:
    """The loads of the streams of those who come to the office."""
    return [loads[each.letter] for each in office.streams_here]
