"""The results of a simulated day: figures with definitions, as text, CSV and JSON. Nothing in it
depends on the real clock.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil
from typing import Any

from queue_server.domain.booking.places import DayPlan
from queue_server.store.writer import slots as slot_store

from .online import Web
from .people import Outcome
from .stage import Stage
from .tally import Sample


@dataclass(frozen=True)
class Hour:
    """One hour of the day by the office's clock: most persons inside, most parties outside, visits
    served.
    """

    hour: str
    max_inside: int
    max_outside: int
    served: int


@dataclass(frozen=True)
class Report:
    """Counts are visits, except `limit`, `max_inside` (persons) and `people` (all who wanted a
    visit). DEFINITIONS explains each figure.
    """

    scenario: str
    seed: int
    demand: float
    offices: tuple[str, ...]
    date: str
    limit: int | None
    max_inside: int
    minutes_above: float
    people: int
    places: int
    booked: int
    walk_ins: int
    admitted: int
    held_outside: int
    diverted: int
    refused: int
    served: int
    no_place: int
    stayed_home: int
    cancelled: int
    absent: int
    missed: int
    left: int
    sent_home: int
    stranded: int
    waitlisted: int
    from_waitlist: int
    broker_bookings: int
    broker_refusals: int
    corrections: int
    max_outside: int
    wait_booked_median: float | None
    wait_booked_p90: float | None
    wait_walk_in_median: float | None
    wait_walk_in_p90: float | None
    last_left: str
    commands: int
    hours: tuple[Hour, ...]
    course: tuple[Sample, ...]
    opens_at: datetime
    closes_at: datetime
    breaks: tuple[tuple[datetime, datetime], ...]
    exceeded: bool

    @property
    def exit_code(self) -> int:
        """1 if there were ever more persons inside than the limit allows, else 0."""
        return 1 if self.exceeded else 0


DEFINITIONS = {
    "limit": "persons that may be inside",
    "max_inside": "most persons inside at any moment, by the office's own record after every "
    "command",
    "minutes_above": "minutes with more inside than the limit",
    "people": "people who wanted a visit on this day, bookings of brokers included",
    "places": "visits that the day's slots offer",
    "booked": "visits booked ahead, cancelled ones included",
    "walk_ins": "numbers given at the door without a booking",
    "admitted": "visits that came inside",
    "held_outside": "visits that had to wait outside first, because the room was full",
    "diverted": "were told that it can be done online, at home or at the door, and do so",
    "refused": "were turned away at the door: no place left, or not served in this mode",
    "served": "visits served to the end",
    "no_place": "found no place online and stayed away",
    "stayed_home": "knew or were told that they would not be served",
    "cancelled": "cancelled their booking",
    "absent": "had booked and did not come while the office was open",
    "missed": "were called and were not there",
    "left": "said that they would wait no longer",
    "sent_home": "still waited when the office stopped",
    "stranded": "bookings whose slot the office withdrew",
    "waitlisted": "joined the waitlist",
    "from_waitlist": "got a place from it, counted as booked too",
    "broker_bookings": "bookings that brokers got under made-up NIKs",
    "broker_refusals": "attempts of brokers stopped by the limits per person and telephone",
    "corrections": "changes of the count by the guard, for people without a ticket",
    "max_outside": "most parties waiting outside with a number",
    "wait_booked_median": "minutes from check-in to the call, half of the booked waited less",
    "wait_booked_p90": "the same, nine of ten",
    "wait_walk_in_median": "minutes from number to call, half of the walk-ins waited less",
    "wait_walk_in_p90": "the same, nine of ten",
    "last_left": "when the last visitor left, by the office's clock",
    "commands": "commands run against the database",
}
"""What every figure counts, in the order of the report."""


def make_report(stage: Stage, seed: int, demand: float, web: Web) -> Report:
    """Compute the figures when the day is over. Every person must have an outcome."""
    tally = stage.tally
    outcomes = dict.fromkeys(Outcome, 0)
    for case in stage.cases:
        assert case.outcome is not None, f"{case.person} has come to no end"
        outcomes[case.outcome] += 1
    with stage.database.read() as connection:
        plan = slot_store.load(connection, stage.office.code, stage.day)
    booked, walked = tally.waits(tally.booked), tally.waits(tally.walked_in)
    course = tuple(each for each in tally.samples if each.at >= stage.opens - timedelta(minutes=30))
    return Report(
        scenario=stage.scenario.name,
        seed=seed,
        demand=demand,
        offices=(stage.office.code,),
        date=stage.day.isoformat(),
        limit=stage.office.people_limit,
        max_inside=tally.max_inside,
        minutes_above=round(tally.above / timedelta(minutes=1), 2),
        people=len(stage.cases),
        places=_visits_offered(plan),
        booked=len(tally.booked),
        walk_ins=len(tally.walked_in),
        admitted=len(tally.admitted),
        held_outside=len(tally.held_outside),
        served=len(tally.served),
        diverted=outcomes[Outcome.DIVERTED],
        refused=outcomes[Outcome.REFUSED],
        no_place=outcomes[Outcome.NO_PLACE],
        stayed_home=outcomes[Outcome.STAYED_HOME],
        cancelled=outcomes[Outcome.CANCELLED],
        absent=outcomes[Outcome.ABSENT],
        missed=outcomes[Outcome.MISSED],
        left=outcomes[Outcome.LEFT],
        sent_home=outcomes[Outcome.SENT_HOME],
        stranded=len(tally.stranded),
        broker_bookings=sum(case.person.broker for case in stage.cases),
        broker_refusals=web.limited,
        waitlisted=web.waiting_list.joined,
        from_waitlist=web.waiting_list.placed,
        corrections=tally.corrections,
        max_outside=max((each.outside for each in course), default=0),
        wait_booked_median=_quantile(booked, 0.5),
        wait_booked_p90=_quantile(booked, 0.9),
        wait_walk_in_median=_quantile(walked, 0.5),
        wait_walk_in_p90=_quantile(walked, 0.9),
        last_left=_last_left(stage),
        commands=stage.commands,
        hours=tuple(_hours(stage, course)),
        course=course,
        opens_at=stage.office.local(stage.opens),
        closes_at=stage.office.local(stage.closes),
        breaks=tuple((earlier[1], later[0]) for earlier, later in pairwise(stage.stretches)),
        exceeded=tally.ever_above,
    )


def _visits_offered(plan: DayPlan) -> int:
    return sum(places.total for slot in plan.slots for places in slot.streams.values())


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    """The smallest value that at least this share of the values does not exceed; None for no
    values.
    """
    return round(ordered[max(0, ceil(share * len(ordered)) - 1)], 1) if ordered else None


def _last_left(stage: Stage) -> str:
    """When the room became empty for the last time, HH:MM; empty if nobody ever came in."""
    samples = stage.tally.samples
    filled = [index for index, each in enumerate(samples) if each.inside > 0]
    if not filled:
        return ""
    last = samples[min(filled[-1] + 1, len(samples) - 1)]
    return stage.office.local(last.at).strftime("%H:%M")


def _hours(stage: Stage, course: Sequence[Sample]) -> Iterator[Hour]:
    """The hours from the opening to the last sample. A state that lasts from an earlier hour counts
    too.
    """
    if not course:
        return
    start = stage.office.local(stage.opens).replace(minute=0, second=0, microsecond=0)
    before = Sample(start, 0, 0, 0)
    while start <= course[-1].at:
        end = start + timedelta(hours=1)
        within = [each for each in course if start <= each.at < end]
        seen = [before, *within]
        last = seen[-1]
        yield Hour(
            f"{start:%H:%M}",
            max(each.inside for each in seen),
            max(each.outside for each in seen),
            last.served - before.served,
        )
        start, before = end, last


def as_json(report: Report) -> str:
    """All figures and the hours as one object."""
    return json.dumps(
        {**_figures(report), "hours": [asdict(each) for each in report.hours]}, indent=2
    )


def as_csv(report: Report) -> str:
    """A line of names and a line of figures; several offices in one field are joined by a blank."""
    names = _figures(report)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerow(
        [" ".join(value) if isinstance(value, list) else value for value in names.values()]
    )
    return out.getvalue().rstrip("\n")


def _figures(report: Report) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "scenario": report.scenario,
        "seed": report.seed,
        "demand": report.demand,
        "offices": list(report.offices),
        "date": report.date,
    }
    return figures | {name: getattr(report, name) for name in DEFINITIONS}


def as_text(report: Report) -> str:
    """The figures with what they mean, and the hours as a table."""
    limit = "no limit" if report.limit is None else f"limit {report.limit}"
    verdict = (
        f"EXCEEDED for {report.minutes_above} minutes" if report.exceeded else "never exceeded"
    )
    lines = [
        (
            f"{report.scenario}: office {', '.join(report.offices)} on {report.date}, demand x "
            f"{report.demand:g}, seed {report.seed}"
        ),
        f"At most {report.max_inside} persons inside, {limit}: {verdict}.",
        "",
    ]
    lines += [
        f"  {name:20} {_plain(getattr(report, name)):>8}  {meaning}"
        for name, meaning in DEFINITIONS.items()
    ]
    lines += ["", "  hour    most inside   most outside   served"]
    lines += [
        f"  {each.hour}   {each.max_inside:11}   {each.max_outside:12}   {each.served:6}"
        for each in report.hours
    ]
    return "\n".join(lines)


def _plain(value: Any) -> str:
    return "-" if value is None else str(value)
