"""The people of a simulated day. All random decisions about them are drawn beforehand, for each
person from a generator of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from math import log, sqrt
from random import Random

from queue_server.demo.people import Guest, guests
from queue_server.domain.office.office import Office

from .scenarios import SERVICE_SHARES, Habits, Scenario


class Outcome(StrEnum):
    """The outcome for one person. Everybody has exactly one."""

    SERVED = "served"
    DIVERTED = "diverted"
    NO_PLACE = "no_place"
    REFUSED = "refused"
    STAYED_HOME = "stayed_home"
    CANCELLED = "cancelled"
    ABSENT = "absent"
    MISSED = "missed"
    LEFT = "left"
    SENT_HOME = "sent_home"


@dataclass(frozen=True)
class Person:
    """Somebody who wants one visit, and what they will do in each case.

    `wants_minute` is the minute of the office's open time, breaks left out, at which they would
    like to come; `lateness` is counted from the slot's start; `service_factor` times the planned
    minutes is how long they take at the counter.
    """

    guest: Guest
    service: str
    party_size: int
    urgent: bool
    priority: bool
    accepts_online: bool
    on_web: bool
    wants_minute: float
    tries_after: tuple[timedelta, ...]
    look_seconds: float
    form_minutes: float
    abandons: bool
    cancels_at: float | None
    moves_at: float | None
    absent: bool
    lateness: timedelta
    joins_waitlist: bool
    answers_after: timedelta | None
    comes_anyway: bool
    arrives_at: datetime
    returns_after: timedelta | None
    heard: bool
    patience: timedelta
    leaves_silently: bool
    steps_out: bool
    comes_back_after: timedelta | None
    service_factor: float
    transferred: bool
    parked: timedelta | None
    walk_seconds: float
    broker: bool = False


_PEAK_MINUTES = 150
_EARLIEST_MINUTES = 90
_TRYING = timedelta(days=13)


def make_people(
    office: Office,
    scenario: Scenario,
    count: int,
    opens: datetime,
    closes: datetime,
    open_minutes: float,
    seed: int,
) -> list[Person]:
    """The people of one day of an office."""
    return [
        _make(
            office,
            scenario,
            guest,
            Random(f"{seed}/{scenario.name}/{index}"),
            opens,
            closes,
            open_minutes,
        )
        for index, guest in enumerate(islice(guests(office.code), count))
    ]


def make_brokers(
    office: Office,
    scenario: Scenario,
    opens: datetime,
    closes: datetime,
    open_minutes: float,
    seed: int,
) -> list[list[Person]]:
    """For each broker, the made-up people to book for. All of one broker share a telephone."""
    made = []
    strangers = guests(f"{int(office.code[:2]):02d}99")
    for broker in range(scenario.brokers):
        chance = Random(f"{seed}/{scenario.name}/broker {broker}")
        phone = f"+62813{office.code}{broker:05d}"
        names = [replace(each, phone=phone) for each in islice(strangers, scenario.broker_tries)]
        made.append(
            [
                _make(office, scenario, each, chance, opens, closes, open_minutes, broker=True)
                for each in names
            ]
        )
    return made


def _make(
    office: Office,
    scenario: Scenario,
    guest: Guest,
    chance: Random,
    opens: datetime,
    closes: datetime,
    open_minutes: float,
    *,
    broker: bool = False,
) -> Person:
    habits = scenario.habits
    offered = [each.code for each in office.services]
    service = chance.choices(offered, [SERVICE_SHARES.get(code, 0.01) for code in offered])[0]

    def happens(share: float) -> bool:
        return chance.random() < share

    return Person(
        guest=guest,
        service=service,
        party_size=1
        if broker
        else chance.choices(range(1, len(habits.party_shares) + 1), habits.party_shares)[0],
        urgent=happens(habits.urgent_share),
        priority=happens(habits.priority_share),
        accepts_online=happens(habits.accepts_online_share),
        on_web=happens(habits.web_share),
        wants_minute=chance.triangular(0, open_minutes, open_minutes / 4),
        tries_after=_tries(habits, chance),
        look_seconds=chance.uniform(10, 60),
        form_minutes=_lognormal(chance, 4.0, 0.6),
        abandons=happens(habits.abandons_share),
        cancels_at=chance.random() if happens(habits.cancels_share) else None,
        moves_at=chance.random() if happens(habits.moves_share) else None,
        absent=happens(0.4 if broker else habits.absent_share),
        lateness=timedelta(
            minutes=chance.expovariate(1 / habits.late_minutes)
            if happens(habits.late_share)
            else chance.gauss(-8, 8)
        ),
        joins_waitlist=happens(habits.joins_waitlist_share),
        answers_after=timedelta(minutes=chance.expovariate(1 / 20))
        if happens(habits.answers_share)
        else None,
        comes_anyway=happens(habits.come_anyway_share),
        arrives_at=_arrival(habits, chance, opens, closes),
        returns_after=timedelta(minutes=chance.uniform(60, 180))
        if happens(habits.return_share)
        else None,
        heard=happens(scenario.heard_share),
        patience=timedelta(minutes=_lognormal(chance, habits.patience_minutes, 0.6)),
        leaves_silently=happens(habits.leaves_silently_share),
        steps_out=happens(habits.steps_out_share),
        comes_back_after=timedelta(minutes=chance.uniform(3, 25))
        if happens(habits.comes_back_share)
        else None,
        service_factor=_lognormal(chance, 1.0, habits.service_cv),
        transferred=happens(habits.transfer_share),
        parked=timedelta(minutes=chance.uniform(5, 20)) if happens(habits.park_share) else None,
        walk_seconds=chance.uniform(8, 40),
        broker=broker,
    )


def _tries(habits: Habits, chance: Random) -> tuple[timedelta, ...]:
    """When a person looks for a place, counted from the opening of the wanted slot."""
    at_release = chance.random() < habits.at_release_share
    tries = [
        timedelta(minutes=chance.expovariate(1 / 10)) if at_release else _TRYING * chance.random()
    ]
    while len(tries) < habits.tries_max:
        tries.append(tries[-1] + timedelta(hours=chance.expovariate(1 / 20)))
    return tuple(each for each in tries if each < _TRYING)


def _arrival(habits: Habits, chance: Random, opens: datetime, closes: datetime) -> datetime:
    """When a person without a booking comes: some before the doors open, most in the first two and
    a half hours.
    """
    kind = chance.random()
    if kind < habits.early_crowd_share:
        return opens - timedelta(minutes=chance.triangular(0, _EARLIEST_MINUTES, 0))
    if kind < habits.early_crowd_share + habits.peak_share:
        return opens + timedelta(minutes=chance.uniform(0, _PEAK_MINUTES))
    late = (closes - opens) / timedelta(minutes=1)
    return opens + timedelta(minutes=chance.triangular(_PEAK_MINUTES, late, _PEAK_MINUTES))


def _lognormal(chance: Random, mean: float, cv: float) -> float:
    """A lognormal time by its mean and coefficient of variation."""
    spread = log(1 + cv * cv)
    return chance.lognormvariate(log(mean) - spread / 2, sqrt(spread))
