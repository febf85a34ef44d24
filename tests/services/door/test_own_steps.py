"""What visitors do themselves on the day: come later, step away, be back, leave. On both
databases.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from queue_server.domain.counter.reasons import Why
from queue_server.domain.errors import BadInput, LimitReached, Paused, TooLate, WrongState
from queue_server.domain.visit.office_day import Pause
from queue_server.domain.visit.ticket import Place, Ticket, is_away
from queue_server.domain.visit.transitions import State
from queue_server.services import upkeep
from queue_server.services.door import admission, closing, own_steps
from queue_server.services.screens.door import view_guard_door
from queue_server.services.screens.tickets import TicketView, view_ticket
from queue_server.services.supervisor import supervision
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer import days
from queue_server.store.writer.database import Database
from tests.services import ledger, stage
from tests.services.front_desk import FrontDesk, front_desk

BY = "budi"


@pytest.fixture
def desk(shared_database: Database) -> FrontDesk:
    return front_desk(shared_database, limit=3)


def take(desk: FrontDesk, step: Callable[..., Ticket], ticket: Ticket, **more: Any) -> Ticket:
    now = stage.at(desk.minute)
    return desk.database.write(
        [(desk.code, stage.TODAY)], lambda tx: step(tx, ticket.id, now=now, **more)
    )


def read(desk: FrontDesk, ticket: Ticket) -> Ticket:
    with desk.database.read() as connection:
        return ticket_store.find(connection, ticket.id)


def see(desk: FrontDesk, ticket: Ticket) -> TicketView:
    with desk.database.read() as connection:
        office = desk.database.offices.get(connection, desk.code)
        day = days.find(connection, desk.code, stage.TODAY)
        found = ticket_store.find(connection, ticket.id)
        return view_ticket(connection, office, day, found, "", stage.at(desk.minute))


def events(desk: FrontDesk) -> list[str]:
    found = ledger.read(desk.database, desk.code)
    found.all_is_right()
    return [event.type for event in found.events if event.date == stage.TODAY]


def test_who_is_away_is_passed_over_and_stands_first_again_afterwards(desk: FrontDesk) -> None:
    desk.open("3")
    first, second, third = (desk.come() for _ in range(3))
    take(desk, own_steps.step_away, first)
    assert desk.reasons()[first.id].why is Why.AWAY
    assert desk.reasons()[second.id].why is not Why.AWAY
    assert desk.next("3") == second.id, "who waits is not kept waiting"
    desk.pass_by(15)
    assert desk.next("3") == first.id, "the turn time is kept"
    assert desk.next("3") == third.id
    assert events(desk).count("stepped_away") == 1


def test_nobody_is_called_while_the_only_one_is_away(desk: FrontDesk) -> None:
    only = desk.come()
    take(desk, own_steps.step_away, only)
    assert desk.next("3") is None
    take(desk, own_steps.come_back, only)
    assert desk.next("3") == only.id


def test_stepping_away_frees_the_room_and_coming_back_follows_the_door(desk: FrontDesk) -> None:
    inside = [desk.come() for _ in range(3)]
    waiting = desk.come()
    assert read(desk, waiting).place is Place.OUTSIDE
    take(desk, own_steps.step_away, inside[0])
    assert read(desk, waiting).place is Place.INSIDE, "the place goes to the next"
    back = take(desk, own_steps.come_back, inside[0])
    assert back.place is Place.OUTSIDE, "the room is full again"
    desk.do(admission.leave, inside[1].id, BY)
    assert read(desk, inside[0]).place is Place.INSIDE
    assert not is_away(read(desk, inside[0]), stage.at(desk.minute))


def test_who_is_away_keeps_no_door_shut(desk: FrontDesk) -> None:
    desk.come(party_size=2)
    large, single = desk.come(party_size=2), desk.come()
    assert read(desk, single).place is Place.OUTSIDE, "behind the party of two"
    take(desk, own_steps.step_away, large)
    assert read(desk, single).place is Place.INSIDE
    assert read(desk, desk.come()).place is Place.OUTSIDE, "the room is full"


def test_when_the_time_is_over_the_upkeep_lets_them_in(desk: FrontDesk) -> None:
    first = desk.come()
    take(desk, own_steps.step_away, first)
    closing.settle_doors(desk.database, stage.at(desk.minute))
    assert read(desk, first).place is Place.OUTSIDE
    desk.pass_by(15)
    closing.settle_doors(desk.database, stage.at(desk.minute))
    assert read(desk, first).place is Place.INSIDE


def test_the_guard_is_shown_no_one_who_is_away_as_the_next(desk: FrontDesk) -> None:
    first = desk.come()
    for _ in range(3):
        desk.come()
    take(desk, own_steps.step_away, first)
    last = desk.come()
    with desk.database.read() as connection:
        office = desk.database.offices.get(connection, desk.code)
        door = view_guard_door(connection, office, stage.at(desk.minute), "build")
    assert [each.id for each in door.next] == [last.id]


def test_let_in_by_hand_before_others_whose_turn_is_later_needs_no_reason(desk: FrontDesk) -> None:
    first, *others = (desk.come() for _ in range(3))
    take(desk, own_steps.step_away, first)
    family = desk.come(party_size=2)
    assert read(desk, family).place is Place.OUTSIDE
    back = desk.do(admission.admit, first.id, BY)
    assert back.place is Place.INSIDE and not is_away(back, stage.at(desk.minute))
    assert "let_past" not in events(desk)
    later = desk.come()
    desk.do(admission.leave, others[0].id, BY)
    with pytest.raises(BadInput):
        desk.do(admission.admit, later.id, BY)


def test_a_clerk_may_call_who_is_away_with_a_reason(desk: FrontDesk) -> None:
    first, _ = desk.come(), desk.come()
    take(desk, own_steps.step_away, first)
    called = desk.call(first, "3", reason="continues")
    assert called.state is State.CALLED and called.away_until == stage.at(desk.minute)


def test_a_visitor_sent_on_may_step_away_too(desk: FrontDesk) -> None:
    desk.open("2")
    served = desk.come()
    desk.serve("3")
    sent = desk.send_on(served, "3", letter="C", service="CTK", counter=desk.at("2"))
    take(desk, own_steps.step_away, sent)
    assert desk.next("2") is None
    desk.pass_by(15)
    assert desk.next("2") == sent.id


def test_twice_is_once(desk: FrontDesk) -> None:
    first = desk.come()
    take(desk, own_steps.step_away, first)
    with pytest.raises(LimitReached):
        take(desk, own_steps.step_away, first)
    take(desk, own_steps.come_back, first)
    take(desk, own_steps.come_back, first)
    with pytest.raises(LimitReached):
        take(desk, own_steps.step_away, first)
    assert [each for each in events(desk) if each in ("stepped_away", "came_back")] == [
        "stepped_away",
        "came_back",
    ]


def test_leaving_ends_the_visit_and_lets_the_next_in(desk: FrontDesk) -> None:
    inside = [desk.come() for _ in range(3)]
    waiting = desk.come()
    left = take(desk, own_steps.leave, inside[0])
    assert left.state is State.LEFT and left.claim is None
    assert read(desk, waiting).place is Place.INSIDE
    with pytest.raises(WrongState):
        take(desk, own_steps.leave, inside[0])


def test_in_an_evacuation_nothing_of_this_is_possible(desk: FrontDesk) -> None:
    waiting, booked = desk.come(), desk.book(11 * 60)
    desk.do(supervision.pause, Pause.EVACUATION, "", BY)
    for step, ticket, more in (
        (own_steps.step_away, waiting, {}),
        (own_steps.leave, waiting, {}),
        (own_steps.tell_delay, booked, {"minutes": 15}),
    ):
        with pytest.raises(Paused):
            take(desk, step, ticket, **more)
    desk.do(supervision.resume, "beres", BY)


def test_a_delay_is_told_once_however_often_it_is_said(desk: FrontDesk) -> None:
    booked = desk.book(10 * 60)
    for _ in range(2):
        assert take(desk, own_steps.tell_delay, booked, minutes=30).delay_minutes == 30
    assert take(desk, own_steps.tell_delay, booked, minutes=60).delay_minutes == 60
    assert events(desk).count("delay_told") == 2
    assert see(desk, booked).delay_minutes == 60
    with pytest.raises(LimitReached):
        take(desk, own_steps.tell_delay, booked, minutes=61)


def test_a_delay_gives_no_turn_away_from_others(desk: FrontDesk) -> None:
    late, prompt = desk.book(9 * 60 + 30), desk.book(10 * 60)
    take(desk, own_steps.tell_delay, late, minutes=60)
    desk.pass_by(50)
    late, prompt = desk.check_in(late), desk.check_in(prompt)
    assert late.turn_time == stage.at(desk.minute), "late past the grace: the time of check-in"
    assert prompt.turn_time == stage.at(10 * 60)
    assert desk.next("3") == late.id
    assert see(desk, late).delay_minutes is None


def test_a_visit_is_not_missed_before_the_time_that_was_told(desk: FrontDesk) -> None:
    last = 14 * 60 + 30
    booked = desk.book(last)
    desk.minute = last
    take(desk, own_steps.tell_delay, booked, minutes=15)
    with pytest.raises(TooLate):
        take(desk, own_steps.tell_delay, booked, minutes=30)
    day = [(desk.code, stage.TODAY)]

    def miss() -> int:
        now = stage.at(desk.minute)
        return desk.database.write(day, lambda tx: upkeep.miss_slot(tx, booked.id, now))

    desk.minute = last + 15
    assert miss() == 0
    desk.minute = last + 16
    assert miss() == 1


def test_the_page_is_told_when_to_be_there_or_why_not(desk: FrontDesk) -> None:
    booked = desk.book(10 * 60)
    assert str(see(desk, booked).be_there_at).startswith("2026-11-23T09:30"), "check-in opens"
    take(desk, own_steps.tell_delay, booked, minutes=30)
    assert str(see(desk, booked).be_there_at).startswith("2026-11-23T10:30")
    for _ in range(3):
        desk.come()
    outside = desk.come()
    assert (see(desk, outside).be_there_at, see(desk, outside).no_wait) == (None, "NOBODY_SERVES")
    desk.open("3")
    view = see(desk, outside)
    assert view.no_wait is None and view.wait is not None and view.be_there_at is not None
    desk.do(supervision.pause, Pause.PAUSE, "listrik padam", BY)
    assert see(desk, outside).no_wait == "PAUSE"
    desk.do(supervision.resume, "beres", BY)
