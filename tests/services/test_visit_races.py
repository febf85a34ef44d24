"""Fifty at once about one visit, on both databases: each step of a ticket is taken once, whoever
presses, and told by one event.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.counter.remarks import NOTES_MAX, Evidence
from queue_server.domain.office.devices.slip_orders import SlipOutcome
from queue_server.domain.office.office import Counter
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Ticket
from queue_server.services import upkeep
from queue_server.services.booking import booking, cancelling
from queue_server.services.counter import calling, remarks, serving, staffing, undoing
from queue_server.services.door import admission, arrival, own_steps
from queue_server.services.door.closing import close_some
from queue_server.services.places.ticket_ids import draw
from queue_server.services.reception import printing, reception
from queue_server.store import tables
from queue_server.store.access import devices as device_store
from queue_server.store.access.devices import Device
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction
from tests.services import ledger, stage
from tests.services.rush import CLIENTS, rush_commands

CODE = "o1"
KEY = (CODE, stage.TODAY)
NOW, SLOT = stage.at(9 * 60), stage.at(9 * 60 + 30)
DESK, CLERK = f"{CODE}-1", "ani"

Step = Callable[[Transaction, str, int], Any]


@pytest.fixture
def office(databases: list[Database]) -> list[Database]:
    """The databases of an office that everybody may enter."""
    stage.open_office(databases[0], stage.small_office(CODE, limit=None))
    return databases


def come(database: Database, **wanted: Any) -> Ticket:
    drawn = draw()
    return database.write(
        [KEY],
        lambda tx: arrival.issue_walk_in(tx, CODE, arrival.WalkIn("REK", **wanted), drawn, NOW),
    ).ticket


def book(database: Database) -> Ticket:
    wanted, drawn = (
        BookingRequest("REK", SLOT, Visitor("Siti", "7" * 64, "7777", "+628127")),
        draw(),
    )
    return database.write([KEY], lambda tx: booking.book(tx, CODE, wanted, drawn, NOW))


def do(database: Database, *steps: Callable[[Transaction], Any]) -> None:
    for step in steps:
        database.write([KEY], step)


def events(database: Database) -> Tally[str]:
    """The events of the day by type; everything stored adds up."""
    found = ledger.read(database, CODE)
    found.all_is_right()
    return Tally(event.type for event in found.events if event.date == stage.TODAY)


def test_one_booking_is_checked_in_once(office: list[Database]) -> None:
    ticket = book(office[0])
    got = rush_commands(
        office, [KEY], lambda tx, _: arrival.check_in(tx, ticket.id, NOW).ticket.number
    )
    assert Tally(got) == {"A001": 1, "already_checked_in": CLIENTS - 1}
    assert events(office[0])["checked_in"] == 1


def test_of_many_kiosks_one_gives_the_slip_and_the_others_a_copy(office: list[Database]) -> None:
    ticket = book(office[0])
    got = rush_commands(
        office, [KEY], lambda tx, _: arrival.check_in_or_repeat(tx, ticket.id, NOW).repeated
    )
    assert Tally(got) == {False: 1, True: CLIENTS - 1}
    assert events(office[0])["checked_in"] == 1


def test_a_number_on_paper_is_given_once(office: list[Database]) -> None:
    wanted = arrival.WalkIn("REK", roll=17)
    got = rush_commands(
        office,
        [KEY],
        lambda tx, _: arrival.issue_walk_in(tx, CODE, wanted, draw(), NOW).ticket.number,
    )
    assert Tally(got) == {"R017": 1, "number_used": CLIENTS - 1}
    assert events(office[0])["walked_in"] == 1


def test_a_slip_that_many_press_for_is_ordered_once(office: list[Database]) -> None:
    printer = Device("p1", "printer", "Front", CODE, "PAIRED", NOW, health={"printer": "ready"})
    office[0].write([], lambda tx: device_store.add(tx, printer))
    heard = {(CODE, printer.id): device_store.Heard(NOW)}
    office[0].write([], lambda tx: device_store.note_heard(tx, heard))
    ticket = come(office[0])
    got = rush_commands(
        office, [KEY], lambda tx, _: printing.order_slip(tx, CODE, ticket.id, CLERK, NOW).copy
    )
    assert Tally(got) == {1: CLIENTS}
    assert events(office[0])["slip_ordered"] == 1
    outcome = SlipOutcome.PRINTED
    rush_commands(
        office,
        [KEY],
        lambda tx, _: printing.note_outcome(tx, CODE, printer.id, ticket.id, 1, outcome, NOW),
    )
    assert events(office[0])["slip_reported"] == 1


def call(tx: Transaction) -> Any:
    return calling.call_next(tx, CODE, DESK, CLERK, NOW)


def start(id: str) -> Callable[[Transaction], Any]:
    return lambda tx: serving.start(tx, CODE, id, CLERK, NOW)


STEPS: dict[str, tuple[str, Step]] = {
    "start": ("called", lambda tx, id, _: serving.start(tx, CODE, id, CLERK, NOW)),
    "no_show": ("called", lambda tx, id, _: serving.no_show(tx, CODE, id, CLERK, NOW)),
    "park": ("called", lambda tx, id, _: serving.park(tx, CODE, id, CLERK, NOW)),
    "finish": ("serving", lambda tx, id, _: serving.finish(tx, CODE, id, CLERK, NOW)),
    "transfer": (
        "serving",
        lambda tx, id, _: serving.transfer(tx, CODE, id, CLERK, NOW, letter="C"),
    ),
    "resume": ("parked", lambda tx, id, _: serving.resume(tx, CODE, id, CLERK, NOW)),
    "return_late": ("missed", lambda tx, id, _: arrival.return_late(tx, id, CLERK, NOW)),
    "leave": ("waiting", lambda tx, id, _: admission.leave(tx, CODE, id, CLERK, NOW)),
    "call": (
        "waiting",
        lambda tx, id, place: calling.call(
            tx, CODE, id, f"{CODE}-{place % 3 + 1}", f"clerk-{place % 3}", NOW, "ill"
        ),
    ),
    "cancel": ("waiting", lambda tx, id, _: cancelling.cancel(tx, id, "holder", 0.5, NOW)),
    "make_urgent": (
        "waiting",
        lambda tx, id, _: reception.make_urgent(tx, CODE, id, "hospital", CLERK, NOW),
    ),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_once(office: list[Database], step: str) -> None:
    state, command = STEPS[step]
    ticket = come(office[0])
    if state != "waiting":
        do(office[0], call)
    if state == "serving":
        do(office[0], start(ticket.id))
    elif state == "parked":
        do(office[0], lambda tx: serving.park(tx, CODE, ticket.id, CLERK, NOW))
    elif state == "missed":
        do(office[0], lambda tx: serving.no_show(tx, CODE, ticket.id, CLERK, NOW))
    before = events(office[0])
    got = rush_commands(office, [KEY], lambda tx, place: command(tx, ticket.id, place))
    assert sum(not isinstance(each, str) for each in got) == 1
    assert sum((events(office[0]) - before - Tally(["counter_opened"])).values()) == 1


def test_all_ways_out_of_a_call_end_in_one(office: list[Database]) -> None:
    """Clerk and visitor press whatever they like: what was taken is a way through the table of
    states, and the log tells of all of it.
    """
    ticket = come(office[0])
    do(office[0], call)
    ways: tuple[Callable[[Transaction], Any], ...] = (
        start(ticket.id),
        lambda tx: serving.no_show(tx, CODE, ticket.id, CLERK, NOW),
        lambda tx: serving.park(tx, CODE, ticket.id, CLERK, NOW),
        lambda tx: serving.finish(tx, CODE, ticket.id, CLERK, NOW),
        lambda tx: admission.leave(tx, CODE, ticket.id, CLERK, NOW),
    )
    got = rush_commands(office, [KEY], lambda tx, place: ways[place % len(ways)](tx))
    taken = sum(not isinstance(each, str) for each in got)
    found = events(office[0])
    assert (
        1
        <= taken
        == sum(found[each] for each in ("started", "not_shown", "parked", "finished", "left"))
    )


def test_the_last_action_is_undone_once(office: list[Database]) -> None:
    ticket = come(office[0])
    do(office[0], call, start(ticket.id))
    got = rush_commands(
        office, [KEY], lambda tx, _: undoing.undo(tx, CODE, ticket.id, CLERK, NOW).state.value
    )
    assert Tally(got) == {"CALLED": 1, "nothing_to_undo": CLIENTS - 1}
    assert events(office[0])["undone"] == 1


def test_a_party_is_made_larger_once(office: list[Database]) -> None:
    ticket = come(office[0])
    got = rush_commands(
        office,
        [KEY],
        lambda tx, _: reception.change_party(tx, CODE, ticket.id, 3, CLERK, NOW).party_size,
    )
    assert got == [3] * CLIENTS
    assert events(office[0])["party_changed"] == 1


def test_a_ticket_has_no_more_notes_than_anybody_reads(office: list[Database]) -> None:
    ticket = come(office[0], urgent=True)

    def say(tx: Transaction, place: int) -> str:
        if place % 5 == 0:
            return remarks.check_evidence(tx, CODE, ticket.id, CLERK, Evidence.OK, NOW).id
        return remarks.write_note(
            tx, CODE, ticket.id, CLERK, f"catatan {place}", f"n{place}", NOW
        ).id

    got = rush_commands(office, [KEY], say)
    assert Tally(got) == {
        ticket.id: NOTES_MAX + CLIENTS // 5,
        "limit_reached": CLIENTS * 4 // 5 - NOTES_MAX,
    }
    assert len(list(stage.rows_of(office[0], tables.ticket_notes, CODE))) == NOTES_MAX
    assert events(office[0])["noted"] == NOTES_MAX


def test_a_counter_is_one_clerks(office: list[Database]) -> None:
    got = rush_commands(
        office,
        [KEY],
        lambda tx, place: staffing.open_counter(tx, CODE, DESK, f"clerk-{place}", NOW).id,
    )
    assert Tally(got) == {DESK: 1, "counter_taken": CLIENTS - 1}
    [row] = stage.rows_of(office[0], tables.counter_days, CODE)
    assert got.index(DESK) == int(row.clerk.removeprefix("clerk-"))
    rush_commands(
        office, [KEY], lambda tx, _: staffing.close_counter(tx, CODE, DESK, row.clerk, NOW)
    )
    assert events(office[0])["counter_opened"] == events(office[0])["counter_closed"] == 1


def test_a_counter_closes_or_calls(office: list[Database]) -> None:
    """Pressed at one moment, a call and the end of work leave no visitor at a closed counter."""
    come(office[0])
    do(office[0], lambda tx: staffing.open_counter(tx, CODE, DESK, CLERK, NOW))

    def press(tx: Transaction, place: int) -> Counter | Ticket | None:
        if place % 2:
            return staffing.take_break(tx, CODE, DESK, CLERK, "makan siang", NOW)
        return call(tx)  # type: ignore[no-any-return]  # a ticket or None

    rush_commands(office, [KEY], press)
    assert events(office[0])["called"] == 1


def test_a_missed_booking_is_missed_once(office: list[Database]) -> None:
    ticket, late = book(office[0]), stage.at(16 * 60)
    got = rush_commands(office, [KEY], lambda tx, _: upkeep.miss_slot(tx, ticket.id, late))
    assert sum(got) == 1
    assert events(office[0])["slot_missed"] == 1
    assert len(list(stage.rows_of(office[0], tables.no_shows, CODE))) == 1


def test_a_day_is_closed_once(office: list[Database]) -> None:
    tickets = [come(office[0]) for _ in range(7)]
    do(office[0], call, start(tickets[0].id))
    midnight = stage.at(24 * 60 + 5)
    got = rush_commands(office, [KEY], lambda tx, _: close_some(tx, CODE, stage.TODAY, midnight))
    assert sum(got) == 2, "its tickets, then its counter"
    found = events(office[0])
    assert (found["finished"], found["left"], found["counter_closed"]) == (1, 6, 1)


def test_the_first_number_of_a_day_that_nobody_has_prepared(databases: list[Database]) -> None:
    """No row of the day is there to be locked: fifty make it together, and still every number is
    given once.
    """
    stage.open_office(databases[0], stage.small_office(CODE, limit=None))
    day: date = stage.TODAY + timedelta(days=7)
    now: datetime = NOW + timedelta(days=7)

    def issue(tx: Transaction, place: int) -> str:
        return str(
            arrival.issue_walk_in(tx, CODE, arrival.WalkIn("REK"), drawn[place], now).ticket.number
        )

    drawn = [draw() for _ in range(CLIENTS)]
    got = rush_commands(databases, [(CODE, day)], issue)
    assert sorted(got) == [f"A{number:03d}" for number in range(1, CLIENTS + 1)]
    [row] = [
        each for each in stage.rows_of(databases[0], tables.office_days, CODE) if each.date == day
    ]
    assert row.seq == CLIENTS + 1, "one event for each, and one for the slots of that day"


def test_one_visitor_steps_away_once_and_is_back_once(office: list[Database]) -> None:
    ticket = come(office[0])
    got = rush_commands(
        office, [KEY], lambda tx, _: own_steps.step_away(tx, ticket.id, NOW).state.value
    )
    assert Tally(got) == {"WAITING": 1, "limit_reached": CLIENTS - 1}
    later = NOW + timedelta(minutes=1)
    back = rush_commands(
        office, [KEY], lambda tx, _: own_steps.come_back(tx, ticket.id, later).state.value
    )
    assert Tally(back) == {"WAITING": CLIENTS}
    told = events(office[0])
    assert (told["stepped_away"], told["came_back"]) == (1, 1)


def test_a_delay_is_told_once_and_leaving_ends_one_visit_once(office: list[Database]) -> None:
    booked, waiting = book(office[0]), come(office[0])
    rush_commands(office, [KEY], lambda tx, _: own_steps.tell_delay(tx, booked.id, 30, NOW))
    got = rush_commands(
        office, [KEY], lambda tx, _: own_steps.leave(tx, waiting.id, NOW).state.value
    )
    assert Tally(got) == {"LEFT": 1, "wrong_state": CLIENTS - 1}
    told = events(office[0])
    assert (told["delay_told"], told["left"]) == (1, 1)


def test_one_who_steps_away_while_being_called_is_either_away_or_called(
    office: list[Database],
) -> None:
    ticket = come(office[0])

    def press(tx: Transaction, client: int) -> str:
        if client % 2:
            return own_steps.step_away(tx, ticket.id, NOW).state.value
        called = calling.call_next(tx, CODE, DESK, CLERK, NOW)
        return "nobody" if called is None else called.state.value

    got = Tally(rush_commands(office, [KEY], press))
    told = events(office[0])
    assert told["called"] + told["stepped_away"] == 1
    assert got["CALLED"] == told["called"] and got["WAITING"] == told["stepped_away"]
