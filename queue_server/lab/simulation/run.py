"""Runs a simulated day, from the opening of its first slot until the last visitor has left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from queue_server.demo import banten
from queue_server.demo.people import PROVINCE_ADMIN
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.services.office import offices as office_service
from queue_server.services.places import replanning
from queue_server.store.migrations import upgrade
from queue_server.store.office import offices as office_store
from queue_server.store.writer.database import Database

from .arrival import Door
from .counters import OVERTIME_MOST, Clerks
from .online import Web
from .people import make_brokers, make_people
from .report import Report, make_report
from .scenarios import MEAN_VISIT_MINUTES, NET_SHARE, Scenario
from .stage import Case, Stage

DECIDED_BEFORE = timedelta(hours=4)
"""How long before midnight a change of mode is decided."""

UPKEEP_EVERY = timedelta(minutes=5)
"""How often the upkeep runs on the day without a special reason. After an expiry it runs within a
minute.
"""

REVIEWED_AFTER = timedelta(days=7)


class NotSimulated(Exception):
    """The day cannot be simulated as requested; the message says why."""


def simulate(
    url: str,
    scenario: Scenario,
    office_code: str,
    seed: int,
    *,
    demand: float | None = None,
    day: date | None = None,
    step: Callable[[float], None] = lambda _share: None,
) -> Report:
    """Simulate one day in an empty database and report the results. The same arguments always give
    the same report.

    `demand` and `day` replace the scenario's own; `step` is called with the share of people whose
    day has ended. Raises `NotSimulated` for a database that is not empty, an unknown office, or a
    day on which the office is closed.
    """
    day = day or scenario.day
    demand = scenario.demand if demand is None else demand
    upgrade(url)
    database = Database(url)
    try:
        stage = _set_stage(database, scenario, office_code, day, seed)
        people = round(demand * visits_managed(stage))
        web = _fill_agenda(stage, people, seed)
        _play(stage, step)
        return make_report(stage, seed, demand, web)
    finally:
        database.close()


def visits_managed(stage: Stage) -> int:
    """How many visits an office can handle on its day."""
    return int(len(stage.office.counters) * stage.open_minutes * NET_SHARE / MEAN_VISIT_MINUTES)


def _set_stage(database: Database, scenario: Scenario, code: str, day: date, seed: int) -> Stage:
    with database.read() as connection:
        if office_store.all_codes(connection):
            raise NotSimulated("The database is not empty: a simulated day needs one of its own.")
    office = next((each for each in banten.offices((day.year,)) if each.code == code), None)
    if office is None:
        raise NotSimulated(f"There is no office {code}.")
    if not office.openings_on(day):
        raise NotSimulated(f"Office {code} is closed on {day}.")
    office = replace(
        office,
        rules=replace(
            office.rules,
            door=replace(office.rules.door, walk_ins_beyond_places=scenario.walk_ins_beyond_places),
        ),
    )
    database.write([], partial(office_service.add_office, office=office))
    stage = Stage(database, office, scenario, day, seed)
    planned_at = stage.opens - timedelta(days=office.rules.booking.horizon_days, hours=1)
    stage.write(partial(replanning.replan_day, office=code, day=day, now=planned_at), planned_at)
    return stage


def _fill_agenda(stage: Stage, people: int, seed: int) -> Web:
    """Schedule everything that starts by itself; the rest follows from it."""
    scenario = stage.scenario
    front = Door(stage)
    web = Web(stage, front)
    at = stage.midnight
    while at < stage.closes + OVERTIME_MOST:
        stage.at(at, stage.keep_up)
        at += UPKEEP_EVERY
    if scenario.mode is not ServiceMode.NORMAL:
        stage.at(stage.midnight - DECIDED_BEFORE, partial(_switch_mode, stage))
    Clerks(stage, front).expect()
    front.expect_strangers()
    for person in make_people(
        stage.office, scenario, people, stage.opens, stage.closes, stage.open_minutes, seed
    ):
        case = Case(person)
        stage.cases.append(case)
        web.expect(case)
    for bought in make_brokers(
        stage.office, scenario, stage.opens, stage.closes, stage.open_minutes, seed
    ):
        web.expect_broker([Case(each) for each in bought])
    return web


def _switch_mode(stage: Stage, now: datetime) -> None:
    period = ModePeriod(
        f"{stage.chance.getrandbits(64):016x}",
        stage.scenario.mode,
        stage.midnight,
        now,
        PROVINCE_ADMIN,
        review_on=stage.day + REVIEWED_AFTER,
    )
    code = stage.office.code
    switch = partial(office_service.switch_mode, office=code, period=period, now=now)
    stage.write(switch, now, days=[(code, stage.office.date_at(now))])
    stage.keep_up(now)


def _play(stage: Stage, step: Callable[[float], None]) -> None:
    """Carry out everything in order of time, then run the night's upkeep once more."""
    told = 0
    while (entry := stage.agenda.take()) is not None:
        moment, act = entry
        act(moment)
        told += 1
        if told % 500 == 0:
            step(1 - len(stage.agenda) / (len(stage.agenda) + told))
    stage.keep_up(stage.midnight + timedelta(days=1))
