"""A crowded front desk: eight clerks call while sixty-four clients draw numbers, on both databases.

Nobody is called twice, nobody is lost, and sampled calls are found right again from the log alone.
"""

from __future__ import annotations

import threading
from collections import Counter as Tally
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from random import Random

import pytest

from queue_server.domain.office.office import Counter
from queue_server.services.counter import call_log, calling, serving
from queue_server.services.door import arrival
from queue_server.services.places.ticket_ids import draw
from queue_server.store import tables
from queue_server.store.writer.database import Database
from tests.services import ledger, stage

CLERKS, CLIENTS = 8, 64
DAY = [("o1", stage.TODAY)]
LETTERS = ("A", "C", "AC", "A", "C", "AC", "AC", "AC")
"""Clerks differ in what they may serve, as they do in an office."""


class Crowd:
    """What the threads share: the minute of the simulated day, which grows with every act, and how
    many numbers are still to draw.
    """

    def __init__(self, tickets: int) -> None:
        self._lock = threading.Lock()
        self._acts = 0
        self._left = tickets
        self.drawn: list[str] = []
        self.called: list[str] = []

    def now(self, span: float = 300) -> float:
        """A minute of the day, later than all before; the whole crowd stays within opening
        hours.
        """
        with self._lock:
            self._acts += 1
            return 8 * 60 + span * (1 - 1 / (1 + self._acts / 20_000))

    def take(self) -> bool:
        with self._lock:
            self._left -= 1
            return self._left >= 0


def visit(database: Database, crowd: Crowd, place: int) -> None:
    """A kiosk or a phone: one visitor after the other, some with priority, some with company."""
    random = Random(place)
    while crowd.take():
        wanted = arrival.WalkIn(
            random.choice(["REK", "IKD", "CTK"]),
            party_size=random.choice([1, 1, 2]),
            priority=random.random() < 0.15,
        )
        drawn, now = draw(), stage.at(crowd.now())
        arrived = database.write(
            DAY,
            lambda tx, drawn=drawn, now=now, wanted=wanted: arrival.issue_walk_in(
                tx, "o1", wanted, drawn, now
            ),
        )
        crowd.drawn.append(arrived.ticket.id)


def serve(database: Database, crowd: Crowd, place: int, all_drawn: threading.Event) -> None:
    """A clerk who presses Next until nobody is left whom this counter may serve; one visitor in
    thirty does not come.
    """
    random, desk, clerk = Random(1000 + place), f"o1-{place}", f"clerk-{place}"
    while True:
        nobody_comes_any_more = all_drawn.is_set()
        now = stage.at(crowd.now())
        called = database.write(
            DAY, lambda tx, now=now: calling.call_next(tx, "o1", desk, clerk, now)
        )
        if called is None:
            if nobody_comes_any_more:
                return
            continue
        crowd.called.append(called.id)
        steps = [serving.no_show] if random.random() < 1 / 30 else [serving.start, serving.finish]
        for step in steps:
            now = stage.at(crowd.now())
            database.write(
                DAY, lambda tx, step=step, id=called.id, now=now: step(tx, "o1", id, clerk, now)
            )


@pytest.mark.parametrize(
    ("tickets", "sampled"),
    [(500, 100), pytest.param(10_000, 1_000, marks=[pytest.mark.slow, pytest.mark.timeout(1800)])],
)
def test_eight_clerks_and_sixty_four_clients(
    database: Database, tickets: int, sampled: int
) -> None:
    office = stage.small_office("o1", limit=None)
    desks = tuple(
        Counter(f"o1-{place}", str(place), tuple(letters)) for place, letters in enumerate(LETTERS)
    )
    stage.open_office(database, replace(office, counters=desks))
    crowd, all_drawn = Crowd(tickets), threading.Event()

    with ThreadPoolExecutor(CLERKS + CLIENTS) as pool:
        clerks = [pool.submit(serve, database, crowd, place, all_drawn) for place in range(CLERKS)]
        clients = [pool.submit(visit, database, crowd, place) for place in range(CLIENTS)]
        for each in clients:
            each.result()
        all_drawn.set()
        for each in clerks:
            each.result()

    assert len(crowd.drawn) == len(set(crowd.drawn)) == tickets
    assert not [id for id, times in Tally(crowd.called).items() if times > 1], "called twice"
    assert set(crowd.called) == set(crowd.drawn), "lost"
    states = Tally(row.state for row in stage.rows_of(database, tables.tickets, "o1"))
    assert set(states) <= {"SERVED", "NO_SHOW"} and states.total() == tickets
    ledger.read(database, "o1").all_is_right()

    calls = [each.seq for each in ledger.read(database, "o1").events if each.type == "called"]
    assert len(calls) == tickets
    some = set(Random(7).sample(calls, sampled))
    with database.read() as connection:
        explained = call_log.explain_day(
            connection, database.offices.get(connection, "o1"), stage.TODAY, some
        )
    assert {each.seq for each in explained} == some
    assert [each for each in explained if not each.in_order] == []
    assert max(each.waiting for each in explained) > 10, "a crowd was there to choose from"
