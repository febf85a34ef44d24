"""When a supervisor must be told: which of the office's thresholds are passed, and how many
counters the queue needs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from queue_server.domain.office.devices.troubles import Trouble, TroubleCode
from queue_server.domain.office.rules import Rules


class AlertKind(StrEnum):
    """What a supervisor is told of."""

    LONG_WAIT = "LONG_WAIT"
    FULL_OUTSIDE = "FULL_OUTSIDE"
    DEVICE_SILENT = "DEVICE_SILENT"
    NOBODY_CALLED = "NOBODY_CALLED"
    FEW_COUNTERS = "FEW_COUNTERS"
    PRINTER_TROUBLE = "PRINTER_TROUBLE"
    OVER_LIMIT = "OVER_LIMIT"
    CLOCK_JUMPED = "CLOCK_JUMPED"
    MANY_NUMBERS = "MANY_NUMBERS"
    WEBHOOK_STOPPED = "WEBHOOK_STOPPED"
    DEVICE_TROUBLE = "DEVICE_TROUBLE"
    HELP_UNANSWERED = "HELP_UNANSWERED"
    LEASE_CONTESTED = "LEASE_CONTESTED"
    EVACUATED = "EVACUATED"


DEVICE_KINDS = frozenset(
    {AlertKind.DEVICE_SILENT, AlertKind.PRINTER_TROUBLE, AlertKind.DEVICE_TROUBLE}
)
"""Alerts about a device. They follow its heartbeats, all others the office's thresholds."""

OFFICE_KINDS = frozenset(AlertKind) - DEVICE_KINDS

MAILED_KINDS = DEVICE_KINDS | {AlertKind.OVER_LIMIT, AlertKind.EVACUATED}
"""Alerts that are told by mail as well: people's safety and a door without numbers do not wait
until somebody looks at the supervisor dashboard.
"""


MAILED_AGAIN_AFTER = timedelta(minutes=30)
"""A count that goes up and down about the limit is one trouble, and not a letter each time."""


def mail_at(
    crossing: Crossing, rules: Rules, last_mailed: datetime | None, now: datetime
) -> datetime | None:
    """When somebody is told by mail of an alert raised now; None: not at all. `last_mailed`: when
    the last one of its kind and subject that was, was raised.

    A device that is not heard is often back before somebody reads a letter: it waits for the
    office's `silent_device_minutes`, and an alert that has ended by then is not told.
    """
    if crossing.kind not in MAILED_KINDS or rules.alerts.email is None:
        return None
    if last_mailed is not None and now - last_mailed < MAILED_AGAIN_AFTER:
        return None
    if crossing.kind is AlertKind.DEVICE_SILENT:
        return now + timedelta(minutes=rules.alerts.silent_device_minutes)
    return now


def is_letter_stale(kind: AlertKind) -> bool:
    """Whether a letter about an alert that is over is of no more use. That too many were inside the
    office wants to know all the same.
    """
    return kind in DEVICE_KINDS


@dataclass(frozen=True)
class Crossing:
    """One threshold that is passed now. `subject` tells several of one kind apart: a device, else
    empty.
    """

    kind: AlertKind
    subject: str = ""
    facts: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def key(self) -> tuple[AlertKind, str]:
        return self.kind, self.subject


@dataclass(frozen=True)
class StreamLoad:
    """A stream's work: who waits, who came in the last hour, and the planned minutes of one
    service.
    """

    waiting: int
    arrived_last_hour: int
    service_minutes: float


@dataclass(frozen=True)
class Watched:
    """What thresholds are compared with. `since_call`: the last call, or when the first of those
    waiting came, the later one; `numbers_last_minute` are those that `kiosks` gave,
    `webhooks_stopped` the host of each that was switched off because it failed, `contested` the
    name of each device of which a second installation asked for a lease, `help_unanswered` the
    kiosk of each call for help that nobody has answered in time, and since when it waits;
    `evacuated`: people were sent out, and not for practice.
    """

    at: datetime
    waiting: int
    oldest_since: datetime | None
    inside: int
    limit: int | None
    outside: int
    since_call: datetime | None
    counters_open: int
    counters_needed: int
    paused: bool = False
    evacuated: bool = False
    clock_jump: timedelta | None = None
    numbers_last_minute: int = 0
    kiosks: int = 1
    webhooks_stopped: Mapping[str, str] = field(default_factory=dict)
    help_unanswered: Mapping[str, tuple[str, datetime]] = field(default_factory=dict)
    contested: Mapping[str, str] = field(default_factory=dict)


def work_of(load: StreamLoad, target_minutes: int) -> float:
    """Counters that a stream would keep busy, as a fraction: `(waiting / target + arrivals per
    minute) * service minutes`.

    The fluid approximation of a queue: the offered load (Erlang: arrival rate times service time)
    plus the backlog's work spread over the time in which it shall be done. Chance is left out, so
    it is the least that can do, never a comfortable number.
    """
    return (load.waiting / target_minutes + load.arrived_last_hour / 60) * load.service_minutes


def counters_needed(loads: Sequence[StreamLoad], target_minutes: int) -> int:
    """The smallest number of counters that serves those waiting and those who come, at the last
    hour's rate, within the target.
    """
    # Sums of fractions such as 0.1 overshoot by a hair, which must not cost a counter.
    return math.ceil(sum(work_of(each, target_minutes) for each in loads) - 1e-9)


def find_crossings(seen: Watched, rules: Rules) -> list[Crossing]:
    """Every threshold that is passed.

    While everything stands still people wait because they must: only the clock and webhooks count,
    and more people inside than the limit allows.
    """
    crossings = []
    if seen.evacuated:
        crossings.append(Crossing(AlertKind.EVACUATED))
    if seen.limit is not None and seen.inside > seen.limit:
        facts = {"inside": seen.inside, "limit": seen.limit, "outside": seen.outside}
        crossings.append(Crossing(AlertKind.OVER_LIMIT, facts=facts))
    if seen.clock_jump is not None:
        crossings.append(
            Crossing(AlertKind.CLOCK_JUMPED, facts={"minutes": _minutes(abs(seen.clock_jump))})
        )
    crossings += [
        Crossing(AlertKind.WEBHOOK_STOPPED, id, {"name": host})
        for id, host in sorted(seen.webhooks_stopped.items())
    ]
    crossings += [
        Crossing(
            AlertKind.HELP_UNANSWERED, id, {"name": name, "minutes": _minutes(seen.at - asked_at)}
        )
        for id, (name, asked_at) in sorted(seen.help_unanswered.items())
    ]
    crossings += [
        Crossing(AlertKind.LEASE_CONTESTED, id, {"name": name})
        for id, name in sorted(seen.contested.items())
    ]
    if seen.paused:
        return crossings
    if seen.numbers_last_minute > rules.alerts.kiosk_numbers_per_minute * max(1, seen.kiosks):
        crossings.append(
            Crossing(
                AlertKind.MANY_NUMBERS,
                facts={"numbers": seen.numbers_last_minute, "kiosks": seen.kiosks},
            )
        )
    if seen.oldest_since is not None and seen.at - seen.oldest_since > timedelta(
        minutes=rules.alerts.longest_wait_minutes
    ):
        crossings.append(
            Crossing(AlertKind.LONG_WAIT, facts={"minutes": _minutes(seen.at - seen.oldest_since)})
        )
    if seen.inside == seen.limit and seen.outside > rules.alerts.outside_parties:
        facts = {"inside": seen.inside, "limit": seen.limit, "outside": seen.outside}
        crossings.append(Crossing(AlertKind.FULL_OUTSIDE, facts=facts))
    is_idle = seen.since_call is not None and seen.at - seen.since_call >= timedelta(
        minutes=rules.alerts.uncalled_minutes
    )
    if seen.waiting > 0 and is_idle and seen.since_call is not None:
        crossings.append(
            Crossing(
                AlertKind.NOBODY_CALLED,
                facts={"minutes": _minutes(seen.at - seen.since_call), "waiting": seen.waiting},
            )
        )
    if seen.counters_needed > seen.counters_open:
        crossings.append(
            Crossing(
                AlertKind.FEW_COUNTERS,
                facts={"needed": seen.counters_needed, "open": seen.counters_open},
            )
        )
    return crossings


def find_device_crossings(devices: Mapping[str, tuple[str, Sequence[Trouble]]]) -> list[Crossing]:
    """An alert for each trouble of each device, given by id with its name. They count in a
    standstill too: whoever waits outside still needs a number.
    """
    return [
        Crossing(
            _kind_of(trouble.code),
            id if trouble.code is TroubleCode.SILENT else f"{id}:{trouble.code.value}",
            {"name": name, "code": trouble.code.value, "left": trouble.left},
        )
        for id, (name, troubles) in sorted(devices.items())
        for trouble in troubles
    ]


def _kind_of(code: TroubleCode) -> AlertKind:
    if code is TroubleCode.SILENT:
        return AlertKind.DEVICE_SILENT
    return AlertKind.PRINTER_TROUBLE if code.is_of_printer else AlertKind.DEVICE_TROUBLE


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
