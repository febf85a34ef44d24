"""What is counted for Prometheus. Labels hold no codes of tickets, no ids of persons and no names:
nothing smaller than an office.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from queue_server.services.backup import files
from queue_server.services.supervisor.figures import OfficeFigures, read_figures
from queue_server.settings import Settings
from queue_server.starting import measure_free_space
from queue_server.store import relays as relay_store
from queue_server.store.office import offices as office_store
from queue_server.store.writer.database import Database

REQUESTS = Counter("antrean_requests_total", "Requests answered", ["method", "status"])
SCREENS = Gauge("antrean_screens", "Connections on the live channel")

RELAY_LOOK_BACK = timedelta(days=2)

BY_OFFICE: dict[str, tuple[str, Callable[[OfficeFigures], float | None]]] = {
    "antrean_office_open": ("1 within opening hours", lambda each: float(each.is_open)),
    "antrean_people_inside": ("Persons inside", lambda each: each.inside),
    "antrean_people_limit": ("Persons who may be inside", lambda each: each.limit),
    "antrean_over_limit_seconds": (
        "Seconds of today with more inside than may be",
        lambda each: each.over_seconds,
    ),
    "antrean_waiting": ("Tickets that wait", lambda each: each.waiting),
    "antrean_outside": ("Parties that wait outside", lambda each: each.outside),
    "antrean_oldest_wait_seconds": (
        "How long the first of those who wait has waited",
        lambda each: each.oldest_wait_seconds,
    ),
    "antrean_counters_open": ("Counters that are open", lambda each: each.counters_open),
    "antrean_calls_today": ("Calls of today", lambda each: each.calls),
    "antrean_devices": ("Devices at work", lambda each: each.devices),
    "antrean_devices_silent": ("Devices that are not heard", lambda each: each.silent),
    "antrean_devices_in_trouble": ("Devices with a trouble", lambda each: each.in_trouble),
    "antrean_unforgotten_days": (
        "Days for which visitors are known longer than they may be",
        lambda each: each.unforgotten_days,
    ),
}
"""Gauges with the label `office`: help, and the value; None leaves an office out."""


@dataclass(frozen=True)
class State:
    """What the database says at one moment; None where it does not answer."""

    offices: tuple[OfficeFigures, ...]
    relay_lag_seconds: float


def render(settings: Settings, database: Database, now: datetime, ready: bool) -> bytes:
    """All metrics of this process and of the installation, for one scrape. Never raises for a
    database that is away: `antrean_database_up` is 0 then.
    """
    registry = CollectorRegistry()
    registry.register(_Once(_list_gauges(settings, _read(database, now), ready)))
    return generate_latest() + generate_latest(registry)


class _Once(Collector):
    """Gives values that have been read already."""

    def __init__(self, gauges: Iterable[Metric]) -> None:
        self._gauges = list(gauges)

    def collect(self) -> Iterable[Metric]:
        return self._gauges


def _read(database: Database, now: datetime) -> State | None:
    try:
        with database.read() as connection:
            codes = sorted(office_store.all_codes(connection))
            known = [database.offices.get(connection, each) for each in codes]
            oldest = relay_store.find_oldest_waiting(connection, (now - RELAY_LOOK_BACK).date())
            figures = tuple(read_figures(connection, each, now) for each in known)
    except SQLAlchemyError:
        return None
    lag = 0.0 if oldest is None else max((now - oldest).total_seconds(), 0.0)
    return State(figures, lag)


def _list_gauges(settings: Settings, state: State | None, ready: bool) -> Iterator[Metric]:
    yield GaugeMetricFamily("antrean_ready", "1 if visitors can be served", float(ready))
    yield GaugeMetricFamily(
        "antrean_database_up", "1 if the database answers", float(state is not None)
    )
    free = float(measure_free_space(settings)[0])
    yield GaugeMetricFamily("antrean_disk_free_bytes", "Room where the data is", free)
    newest = None if settings.backup_dir is None else files.find_newest(settings.backup_dir)
    if newest is not None:
        age = (datetime.now(UTC) - files.made_at(newest)).total_seconds()
        yield GaugeMetricFamily("antrean_backup_age_seconds", "Age of the newest backup", age)
    if state is None:
        return
    yield GaugeMetricFamily(
        "antrean_relay_lag_seconds",
        "How long the first event waits for what follows from it",
        state.relay_lag_seconds,
    )
    for name, (words, value_of) in BY_OFFICE.items():
        gauge = GaugeMetricFamily(name, words, labels=["office"])
        for each in state.offices:
            value = value_of(each)
            if value is not None:
                gauge.add_metric([each.office], value)
        yield gauge
