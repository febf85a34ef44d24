"""Reconstructs single waits from snapshots that only give a queue's length and the last number
called.

The method and its constants are those with which the training days were measured. The error is
about 2.5 minutes at each end.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from queue_server.domain.waits.estimate import QueueSight
from queue_server.domain.waits.learning import WaitRecord
from queue_server.domain.waits.pace import Pace, follow_busy, follow_calls, follow_first

from .snapshots import QueueDay, Snapshot

NUMBERED_LEAST = 20
FALLS_SHARE = 0.02
JUMP_MOST = 30
WAITING_PEAK_LEAST = 5
NUMBER_PEAK_LEAST = 30
SHRINK_SHARE = 0.08
SHRINK_TICKETS = 2
FIRST_SNAPSHOT = 3
WAITING_LEAST = 3
RATE_WINDOW_MINUTES = 60


@dataclass(frozen=True)
class RebuiltTicket:
    """A ticket with its wait, and what the other predictors need: the vendor's figure and the calls
    of the last hour.
    """

    date: str
    issued_at: int
    called_at: int
    record: WaitRecord
    vendor_minutes: int
    window_calls: int
    window_minutes: int


def rebuild_days(
    snapshots: Mapping[QueueDay, Sequence[Snapshot]],
) -> dict[str, list[RebuiltTicket]]:
    """Rebuilt tickets by date, dates in order, each in the order in which the tickets were
    called.
    """
    by_day: dict[str, list[RebuiltTicket]] = {}
    for (queue, day), series in snapshots.items():
        numbered = [each for each in series if each.number is not None]
        if _is_sound(series, numbered):
            tickets = _rebuild(queue, day, numbered)
            if tickets:
                by_day.setdefault(day, []).extend(tickets)
    return {
        day: sorted(
            by_day[day], key=lambda each: (each.called_at, each.issued_at, each.record.stream)
        )
        for day in sorted(by_day)
    }


def _is_sound(series: Sequence[Snapshot], numbered: Sequence[Snapshot]) -> bool:
    """Whether a queue-day was busy and its numbers increase, as they do if only one queue issues
    them.
    """
    if len(numbered) < NUMBERED_LEAST:
        return False
    numbers = [each.number or 0 for each in numbered]
    steps = [after - before for before, after in pairwise(numbers)]
    return (
        sum(step < 0 for step in steps) <= FALLS_SHARE * len(steps)
        and max(steps) <= JUMP_MOST
        and max(each.waiting for each in series) >= WAITING_PEAK_LEAST
        and max(numbers) >= NUMBER_PEAK_LEAST
    )


@dataclass(frozen=True)
class _Counts:
    """Tickets issued and called so far at each snapshot; both never fall."""

    issued: Sequence[int]
    called: Sequence[int]


def _count(series: Sequence[Snapshot]) -> _Counts | None:
    """The counts at each snapshot. None if issued tickets seem to vanish too often for the two
    counts to belong to one queue.
    """
    issued: list[int] = []
    called: list[int] = []
    number = most_issued = most_called = shrunk = before = 0
    for index, each in enumerate(series):
        number = max(number, each.number or 0)
        total = number + each.waiting
        shrunk += index > 0 and before - total > SHRINK_TICKETS
        before = total
        most_issued = max(most_issued, total)
        most_called = max(most_called, number, most_issued - each.waiting)
        issued.append(most_issued)
        called.append(most_called)
    return None if shrunk > SHRINK_SHARE * (len(series) - 1) else _Counts(issued, called)


def _rebuild(queue: str, day: str, series: Sequence[Snapshot]) -> list[RebuiltTicket]:
    counts = _count(series)
    if counts is None:
        return []
    minutes = [each.minute for each in series]
    rebuilt: list[RebuiltTicket] = []
    pace = Pace(at=minutes[0], since=minutes[0])
    for index, each in enumerate(series):
        last = counts.called[index]
        last_wait = (
            minutes[bisect_left(counts.called, last)] - minutes[bisect_left(counts.issued, last)]
        )
        if index > 0:
            pace = _follow(
                pace, series[index - 1 : index + 1], last - counts.called[index - 1], last_wait
            )
        if (
            index < FIRST_SNAPSHOT
            or each.waiting < WAITING_LEAST
            or counts.issued[index] <= counts.issued[index - 1]
        ):
            continue
        reached = bisect_left(counts.called, counts.issued[index])
        if reached == len(series):
            continue
        window = bisect_left(minutes, each.minute - RATE_WINDOW_MINUTES)
        sight = QueueSight(
            position=each.waiting,
            line=each.waiting,
            hour=each.minute // 60,
            calls=pace.calls,
            busy_minutes=pace.busy_minutes,
            last_wait=last_wait,
            silent_minutes=pace.silent_minutes(each.minute),
        )
        wait = (minutes[reached] + minutes[reached - 1]) / 2 - each.minute
        rebuilt.append(
            RebuiltTicket(
                day,
                each.minute,
                minutes[reached],
                WaitRecord(queue, sight, wait),
                each.vendor_minutes,
                last - counts.called[window],
                each.minute - minutes[window],
            )
        )
    return rebuilt


def _follow(pace: Pace, pair: Sequence[Snapshot], calls: int, last_wait: int) -> Pace:
    """The pace at the second of two snapshots; calls between them are assumed to have been made
    half way.
    """
    before, after = pair
    if calls:
        called = follow_calls(pace, (before.minute + after.minute) / 2, last_wait, calls)
        return follow_busy(called, after.minute)
    return follow_busy(pace, after.minute) if before.waiting else follow_first(pace, after.minute)
