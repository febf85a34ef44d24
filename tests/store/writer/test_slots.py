"""A day's plan as it is stored, when the length of its slots changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.office.changes import RulesChange
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking import booking, cancelling
from queue_server.services.office.changes import apply_change
from queue_server.services.places.replanning import replan_day
from queue_server.services.places.ticket_ids import draw
from queue_server.store.visit import tickets
from queue_server.store.writer import slots
from queue_server.store.writer.database import Database
from tests.services import stage

CODE = "o1"
KEY = (CODE, stage.TODAY)
EARLY, NINE = stage.at(60), stage.at(9 * 60)


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    database = Database(migrated_url)
    stage.open_office(database, stage.small_office(CODE))
    yield database
    database.close()


def book(database: Database, service: str) -> Ticket:
    wanted = BookingRequest(service, NINE, Visitor("Ani", draw().id.rjust(64, "0")[:64], "0001"))
    return database.write([KEY], lambda tx: booking.book(tx, CODE, wanted, draw(), EARLY))


def plan_again(database: Database, minutes: int) -> None:
    database.write(
        [KEY],
        lambda tx: apply_change(
            tx, CODE, RulesChange({"booking.slot_minutes": minutes}), "manager", EARLY
        ),
    )
    database.write([KEY], lambda tx: replan_day(tx, CODE, stage.TODAY, EARLY))


@pytest.mark.parametrize(("length", "spans"), [(15, (3, 1)), (60, (1, 1))])
def test_slots_end_when_the_plan_says_and_visits_keep_their_time(
    database: Database, length: int, spans: tuple[int, int]
) -> None:
    visits = [book(database, service) for service in ("AKL", "REK")]
    plan_again(database, length)
    with database.read() as connection:
        plan = slots.load(connection, CODE, stage.TODAY)
        found = [tickets.find(connection, each.id) for each in visits]
    assert {slot.ends_at - slot.starts_at for slot in plan.slots} == {timedelta(minutes=length)}
    assert tuple(each.claim_span for each in found) == spans
    taken = [slot.people.taken_total for slot in plan.slots if slot.starts_at >= NINE]
    assert taken[: max(spans) + 1] == [
        sum(span > place for span in spans) for place in range(max(spans) + 1)
    ]
    told = [id for _, kind, id in stage.event_log(database, *KEY) if kind == "places_refitted"]
    assert told == [
        each.id for each, span in zip(visits, spans, strict=True) if span != each.claim_span
    ]
    for each in visits:
        database.write(
            [KEY],
            partial(
                cancelling.cancel,
                ticket=each.id,
                by="visitor",
                chance=0.0,
                now=NINE - timedelta(minutes=1),
            ),
        )
    with database.read() as connection:
        assert not any(
            slot.people.taken_total for slot in slots.load(connection, CODE, stage.TODAY).slots
        )
