"""Play the hour before the demonstration opens: visitors come, counters open, some are served, the
rest wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle, islice

from queue_server.domain.office.modes import ServiceMode
from queue_server.domain.office.office import Office
from queue_server.domain.visit.step import Draw
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.counter import calling, serving, staffing
from queue_server.services.door import arrival
from queue_server.services.places.ticket_ids import draw
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

from .scenarios import Crowd, Scenario

LONGEST = timedelta(minutes=55)
STAYS_AWAY = 7
"""Every so many booked visitors one does not come."""

PRIORITY = 8
FAMILY = 6
"""Every so many walk-ins one has priority, or comes with somebody."""

Scene = tuple[datetime, Callable[[Transaction], object]]


def play_morning(
    database: Database,
    office: Office,
    scenario: Scenario,
    booked: Sequence[Ticket],
    now: datetime,
    besides: Callable[[datetime], Iterable[Scene]] = lambda _begin: (),
) -> None:
    """Play what happened from the opening until `now`, at most an hour, and `besides` what else
    happened from when on it is played. On a closed day nothing happened.
    """
    stretches = office.openings_on(office.date_at(now))
    if not stretches or not office.is_open(now):
        return
    opened = datetime.combine(office.date_at(now), stretches[0].opens, office.tz).astimezone(
        now.tzinfo
    )
    begin = max(opened, now - LONGEST)
    crowd = scenario.crowd(office.code)
    scenes = [
        *_opening(office, crowd, begin),
        *_arrivals(office, scenario, booked, begin, now),
        *_service(office, crowd, begin, now),
        *besides(begin),
    ]
    days = [(office.code, office.date_at(now))]
    for _, act in sorted(scenes, key=lambda scene: scene[0]):
        database.write(days, act)


def _staffed(office: Office, crowd: Crowd) -> list[tuple[str, str]]:
    """The counters that are open and their clerks: those that serve every stream first, so that
    nobody waits in vain.

    The first counter comes last: it stays free for whoever tries the demonstration.
    """
    order = sorted(
        enumerate((each for each in office.counters if not each.remote), start=1),
        key=lambda each: (each[0] == 1, -len(each[1].letters), each[0]),
    )
    return [
        (counter.id, f"clerk-{office.code}-{index}")
        for index, counter in order[: crowd.open_counters]
    ]


def _opening(office: Office, crowd: Crowd, begin: datetime) -> Iterator[Scene]:
    for counter, clerk in _staffed(office, crowd):
        yield (
            begin,
            partial(
                staffing.open_counter, office=office.code, counter=counter, clerk=clerk, now=begin
            ),
        )


def _arrivals(
    office: Office, scenario: Scenario, booked: Sequence[Ticket], begin: datetime, now: datetime
) -> Iterator[Scene]:
    """Booked visitors five minutes before their time, and walk-ins evenly until there are as many
    as the scenario wants.
    """
    crowd = scenario.crowd(office.code)
    came = 0
    for index, ticket in enumerate(booked, start=1):
        at = max(begin, ticket.slot - timedelta(minutes=5)) if ticket.slot else begin
        if at < now and index % STAYS_AWAY:
            came += 1
            yield at, partial(arrival.check_in, ticket=ticket.id, now=at)
    wanted = max(crowd.waiting // 2, crowd.served + crowd.called + crowd.waiting - came)
    for index, (walk_in, drawn) in enumerate(islice(_walk_ins(office, scenario), wanted)):
        at = begin + (now - begin) * index / wanted
        yield (
            at,
            partial(arrival.issue_walk_in, office=office.code, wanted=walk_in, draw=drawn, now=at),
        )


def _walk_ins(office: Office, scenario: Scenario) -> Iterator[tuple[arrival.WalkIn, Draw]]:
    urgent = scenario.mode is ServiceMode.URGENT_ONLY
    services = [
        each.code for each in office.services if not urgent or each.code in scenario.urgent_services
    ]
    for index, service in enumerate(cycle(services), start=1):
        yield (
            arrival.WalkIn(
                service,
                party_size=1 + (index % FAMILY == 0),
                priority=index % PRIORITY == 0,
                urgent=urgent,
            ),
            draw(),
        )


def _service(office: Office, crowd: Crowd, begin: datetime, now: datetime) -> Iterator[Scene]:
    """Counters call in rounds: all but the last call of each are served to the end, and half of the
    last have begun.
    """
    staffed = _staffed(office, crowd)
    if not staffed:
        return
    calls = crowd.served + crowd.called
    rounds = -(-calls // len(staffed))
    length = (now - begin) / (rounds + 1)
    for index in range(calls):
        round_number, position = divmod(index, len(staffed))
        called_at = begin + length * (round_number + 1) + length * position / (2 * len(staffed))
        last = index >= calls - crowd.called
        yield (
            called_at,
            partial(
                _serve,
                office=office.code,
                staffed=staffed[position],
                called_at=called_at,
                starts=not last or index % 2 == 0,
                ends=not last,
                length=length,
            ),
        )


def _serve(
    tx: Transaction,
    office: str,
    staffed: tuple[str, str],
    called_at: datetime,
    starts: bool,
    ends: bool,
    length: timedelta,
) -> None:
    """One visit, if somebody waits whom this counter serves: called, begun, ended before the
    counter's next call.
    """
    counter_id, clerk = staffed
    called = calling.call_next(tx, office, counter_id, clerk, called_at)
    if called is None:
        return
    if starts:
        serving.start(tx, office, called.id, clerk, called_at + length / 20)
    if ends:
        serving.finish(tx, office, called.id, clerk, called_at + length / 3)
