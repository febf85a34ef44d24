"""What range of waiting time is told: to a newcomer of a stream, or to one who waits."""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.office.office import Office
from queue_server.domain.visit.office_day import OfficeDay, minutes_at
from queue_server.domain.waits.estimate import QueueSight, expect_wait, see_queue, why_no_range
from queue_server.protocol.messages import WaitRange

from .last_told_waits import ShownWaits


def wait_range(
    office: Office,
    day: OfficeDay,
    letter: str,
    now: datetime,
    *,
    ahead: int | None = None,
    shown: ShownWaits | None = None,
    ticket: str | None = None,
) -> WaitRange | None:
    """The wait shown to somebody with `ahead` visitors before (None: a newcomer), or None where
    nothing can be promised.

    Nothing can while the day stands still. From what the office has learnt of its waits, and from
    planned minutes before it has learnt any. Reads nothing. With `shown`, what was last told of the
    stream or the ticket is kept while neither end has moved by a step.
    """
    sight = _see(office, day, letter, now, ahead)
    key = office.code, day.date.isoformat(), ticket or letter
    told = None if shown is None else shown.recall(key)
    expected = (
        None
        if day.paused is not None
        else expect_wait(office.waits, letter, sight, office.mean_minutes(letter), told)
    )
    if shown is not None:
        shown.keep(key, expected)
    return None if expected is None else WaitRange(expected.low, expected.high)


def why_no_wait(
    office: Office, day: OfficeDay, letter: str, now: datetime, *, ahead: int
) -> str | None:
    """Why `wait_range` gives no range: a `Pause` or a `NoRange`; None where it gives one."""
    if day.paused is not None:
        return day.paused.value
    reason = why_no_range(_see(office, day, letter, now, ahead))
    return None if reason is None else reason.value


def _see(
    office: Office, day: OfficeDay, letter: str, now: datetime, ahead: int | None
) -> QueueSight:
    stream = day.stream(letter)
    position = 1 + (stream.waiting if ahead is None else ahead)
    return see_queue(
        stream.pace,
        stream.waiting,
        minutes_at(now),
        position=position,
        line=max(position, stream.waiting),
        hour=office.local(now).hour,
        counters=day.counters_serving(office, letter),
    )
