"""When a supervisor must be told: which of the office's thresholds are passed, and how many
counters the queue needs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from queue_server.domain.office.device_health import Hearing, PrinterCode, judge_hearing
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
    HELP_UNANSWERED = "HELP_UNANSWERED"
    LEASE_CONTESTED = "LEASE_CONTESTED"


MAILED_KINDS = frozenset({AlertKind.OVER_LIMIT})
"""Alerts that are told by mail as well: people's safety does not wait until somebody looks at the
supervisor dashboard.
"""


MAILED_AGAIN_AFTER = timedelta(minutes=30)
"""A count that goes up and down about the limit is one trouble, and not a letter each time."""


def is_mailed(kind: AlertKind, rules: Rules, last_mailed: datetime | None, now: datetime) -> bool:
    """Whether somebody is told of an alert by mail. `last_mailed`: when the last one of its kind
    that was, was raised.
    """
    if kind not in MAILED_KINDS or rules.alerts.email is None:
        return False
    return last_mailed is None or now - last_mailed >= MAILED_AGAIN_AFTER


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
    waiting came, the later one; `devices` are the paired ones with the moment each was heard last,
    `printers` how the printer of each is, by id; `numbers_last_minute` those that `kiosks` gave,
    `webhooks_stopped` the host of each that was switched off because it failed, `contested` the
    name of each device of which a second installation asked for a lease, `help_unanswered` the
    kiosk of each call for help that nobody has answered in time, and since when it waits.
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
    devices: Mapping[str, tuple[str, datetime]] = field(default_factory=dict)
    paused: bool = False
    printers: Mapping[str, tuple[str, PrinterCode]] = field(default_factory=dict)
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

    While everything stands still people wait because they must: only devices and the clock count,
    and more people inside than the limit allows.
    """
    crossings = [
        Crossing(
            AlertKind.DEVICE_SILENT, id, {"name": name, "minutes": _minutes(seen.at - heard_at)}
        )
        for id, (name, heard_at) in sorted(seen.devices.items())
        if judge_hearing(heard_at, seen.at, rules) is Hearing.SILENT
    ]
    crossings += [
        Crossing(AlertKind.PRINTER_TROUBLE, id, {"name": name, "code": code.value})
        for id, (name, code) in sorted(seen.printers.items())
        if code.is_in_trouble
    ]
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


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
