"""Counting persons at the doors: readings of sensors, sensors that fall silent, and the count by
eye that sets them right.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from queue_server.domain.door.sensors import DoorCount, Reading, count_inside, count_reading
from queue_server.domain.door.sensors import recount as set_counts
from queue_server.domain.events import Event, EventType
from queue_server.domain.visit.occupancy import count_anew
from queue_server.domain.visit.office_day import OfficeDay
from queue_server.store.door import sensors as count_store
from queue_server.store.writer.transaction import Transaction

from .admission import admit_who_fit


def take_reading(
    tx: Transaction, office: str, sensor: str, reading: Reading, now: datetime
) -> tuple[OfficeDay, bool]:
    """Take a sensor's reading; the same again changes nothing. The command must declare today.

    A change of the sensors' sum is told by one event, and who now fits is let in. The flag tells
    whether the reading was a new one. Raises `BadReading`, `UnknownOffice`.
    """
    settings = tx.office(office)
    today = settings.date_at(now)
    previous = count_store.find_newest(tx, office, sensor, today)
    count = count_reading(sensor, reading, previous, today, settings.date_at(reading.at), now)
    if count != previous:
        count_store.put(tx, office, count, is_new=previous is None or previous.date != today)
        facts = {"sensor": sensor, "total_in": reading.total_in, "total_out": reading.total_out}
        _settle(tx, office, count_store.list_on(tx, office, today), facts, now)
    return tx.day(office, today), count != previous


def forget_silent_sensors(tx: Transaction, office: str, now: datetime) -> bool:
    """Leave out sensors that are no longer heard. The command must declare today. Tells whether
    anything changed.
    """
    today = tx.office(office).date_at(now)
    if tx.day(office, today).sensed is None:
        return False
    return _settle(tx, office, count_store.list_on(tx, office, today), {"reason": "silent"}, now)


def recount(
    tx: Transaction, office: str, persons: int, reason: str, by: str, now: datetime
) -> OfficeDay:
    """Set the number inside to what somebody has counted by eye, for the guard's count and the
    sensors' alike.

    Never below the persons whose tickets say that they are inside. The command must declare today.
    Raises `BadInput`.
    """
    settings = tx.office(office)
    today = settings.date_at(now)
    day = tx.day(office, today)
    occupancy = day.occupancy(settings.people_limit)
    correction, before = count_anew(occupancy, persons), occupancy.inside
    counts = count_store.list_on(tx, office, today)
    for each in set_counts(counts, persons):
        count_store.put(tx, office, each, is_new=False)
    tx.put_day(replace(tx.day(office, today), correction=correction))
    facts = {"delta": persons - before, "persons": persons, "reason": reason, "by": by}
    tx.record(Event(EventType.OCCUPANCY_CORRECTED, office, today, now, None, facts))
    if not _settle(tx, office, count_store.list_on(tx, office, today), {"reason": "recount"}, now):
        admit_who_fit(tx, office, today, now)
    return tx.day(office, today)


def _settle(
    tx: Transaction, office: str, counts: list[DoorCount], facts: dict[str, object], now: datetime
) -> bool:
    """Bring the day's sum in line with its sensors."""
    today = tx.office(office).date_at(now)
    day = tx.day(office, today)
    sensed = count_inside(counts, now)
    if sensed == day.sensed:
        return False
    tx.put_day(replace(day, sensed=sensed))
    tx.record(
        Event(
            EventType.DOOR_COUNTED,
            office,
            today,
            now,
            None,
            {**facts, "changed": {"sensed": [day.sensed, sensed]}},
        )
    )
    admit_who_fit(tx, office, today, now)
    return True
