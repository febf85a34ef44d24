"""A card that is another person's, on both databases: the visit ends, its place goes on, its booker
has missed a visit, and a mistake is taken back.
"""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import pytest

from queue_server.domain.errors import DomainError
from queue_server.domain.events import EventType, RecordedEvent
from queue_server.domain.messages.message import MessageChannel, MessageKind
from queue_server.domain.visit.booker import MISMATCH, Where
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services.counter import calling, serving, undoing
from queue_server.services.messages.following import follow_event
from queue_server.services.screens.lobby import view_board
from queue_server.services.visit import looking, voiding
from queue_server.services.visit.looking import Known
from queue_server.store import tables
from queue_server.store.visit import events as event_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer import days
from queue_server.store.writer.database import Database
from tests.services import ledger, stage
from tests.services.front_desk import CLERKS, FrontDesk, front_desk, refused

WAYS = (MessageChannel.EMAIL, MessageChannel.PHONE)


@pytest.fixture
def desk(shared_database: Database) -> FrontDesk:
    return front_desk(shared_database, limit=2)


def void(
    desk: FrontDesk, ticket: Ticket, where: Where = Where.RECEPTION, by: str = "rina"
) -> Ticket:
    return desk.do(voiding.void, ticket.id, where, by)[0]


def undo(desk: FrontDesk, ticket: Ticket, by: str, *, oversees: bool = False) -> Ticket:
    return desk.do(undoing.undo, ticket.id, by, oversees=oversees)


def look(desk: FrontDesk, ticket: Ticket, where: Where, by: str) -> looking.Booker:
    return looking.show_booker(
        desk.database, desk.code, ticket.id, where, by, stage.at(desk.minute)
    )


def adds_up(desk: FrontDesk) -> None:
    """Taken equals claimed, the day's row is as counted, every change has its one event."""
    ledger.read(desk.database, desk.code).all_is_right()


def missed(desk: FrontDesk) -> list[str]:
    return [row.ticket for row in stage.rows_of(desk.database, tables.no_shows, desk.code)]


def log_of(desk: FrontDesk, *types: EventType) -> list[RecordedEvent]:
    with desk.database.read() as connection:
        return event_store.list_of_types(connection, desk.code, stage.TODAY, types)


def inside(desk: FrontDesk) -> int:
    with desk.database.read() as connection:
        return days.find(connection, desk.code, stage.TODAY).persons_inside


class TestVoiding:
    def test_the_place_and_the_room_are_free_and_the_next_comes_in(self, desk: FrontDesk) -> None:
        booked = desk.book(9 * 60 + 30, party_size=2)
        here = desk.check_in(booked)
        outside = desk.come()
        assert (here.place, outside.place) == ("INSIDE", "OUTSIDE")
        after = void(desk, here)
        assert after.state is State.CANCELLED and after.claim is None
        with desk.database.read() as connection:
            assert ticket_store.find(connection, outside.id).place == "INSIDE"
        assert inside(desk) == 1 and missed(desk) == [booked.id]
        adds_up(desk)
        [told] = log_of(desk, EventType.VOIDED)
        assert told.event.facts["by"] == "rina" and told.event.facts["reason"] == MISMATCH

    def test_who_is_called_leaves_the_screens_and_the_counter(self, desk: FrontDesk) -> None:
        here = desk.check_in(desk.book(9 * 60 + 30))
        desk.pass_by(31)
        called = desk.call(here, "1")
        refused("not_your_ticket", lambda: void(desk, called))
        refused("not_your_ticket", lambda: void(desk, called, Where.COUNTER, CLERKS["2"]))
        void(desk, called, Where.COUNTER, CLERKS["1"])
        with desk.database.read() as connection:
            board = view_board(connection, desk.office, stage.at(desk.minute), "b")
        assert board.calls == ()
        waiting = desk.come()
        assert desk.next("1") == waiting.id
        adds_up(desk)

    def test_twice_and_in_a_wrong_state_it_changes_nothing(self, desk: FrontDesk) -> None:
        booked = desk.book(9 * 60 + 30)
        walk_in = desk.come()
        void(desk, booked)
        refused("wrong_state", lambda: void(desk, booked))
        refused("no_booking", lambda: void(desk, walk_in))
        refused("unknown_ticket", lambda: void(front_desk(desk.database), booked))
        other = desk.book(10 * 60)
        before = ledger.read(desk.database, desk.code)
        desk.pass_by(24 * 60)
        refused("wrong_day", lambda: void(desk, other))
        assert ledger.read(desk.database, desk.code).events == before.events

    def test_two_at_once_void_once(self, desk: FrontDesk) -> None:
        booked, gate = desk.book(9 * 60 + 30), Barrier(2)
        found: list[str] = []

        def press(by: str) -> None:
            gate.wait()
            try:
                void(desk, booked, by=by)
                found.append("done")
            except DomainError as error:
                found.append(error.code)

        threads = [Thread(target=press, args=(by,)) for by in ("rina", "gita")]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert sorted(found) == ["done", "wrong_state"]
        assert len(log_of(desk, EventType.VOIDED)) == 1 and missed(desk) == [booked.id]
        adds_up(desk)


class TestTakingBack:
    def test_the_booking_stands_again_with_its_places(self, desk: FrontDesk) -> None:
        booked = desk.book(9 * 60 + 30, party_size=2)
        void(desk, booked)
        again = undo(desk, booked, "rina")
        assert (again.state, again.claim) == (State.BOOKED, booked.claim)
        assert missed(desk) == []
        adds_up(desk)
        assert desk.check_in(again).state is State.WAITING

    def test_places_that_somebody_else_has_by_now_stay_theirs(self, desk: FrontDesk) -> None:
        booked = desk.book(9 * 60 + 30, party_size=2)
        void(desk, booked)
        while True:
            try:
                desk.book(9 * 60 + 30)
            except DomainError as error:
                assert error.code == "slot_full"
                break
        again = undo(desk, booked, "rina")
        assert (again.state, again.claim) == (State.BOOKED, None)
        adds_up(desk)

    def test_a_supervisor_takes_it_back_and_the_visitor_is_at_the_counter_again(
        self, desk: FrontDesk
    ) -> None:
        here = desk.check_in(desk.book(9 * 60 + 30))
        desk.pass_by(31)
        served = desk.call(here, "1")
        served = desk.do(serving.start, served.id, CLERKS["1"])
        void(desk, served, Where.COUNTER, CLERKS["1"])
        refused("nothing_to_undo", lambda: undo(desk, served, "mina"))
        again = undo(desk, served, "mina", oversees=True)
        assert (again.state, again.counter, again.clerk) == (
            State.SERVING,
            desk.at("1"),
            CLERKS["1"],
        )
        refused("counter_busy", lambda: desk.do(calling.call_next, desk.at("1"), CLERKS["1"]))
        adds_up(desk)

    def test_not_after_the_usual_time_and_not_beside_a_new_booking(self, desk: FrontDesk) -> None:
        booked, late = desk.book(9 * 60 + 30), desk.book(10 * 60)
        void(desk, booked)
        void(desk, late)
        desk.persons = 0  # the same person once more
        desk.book(11 * 60)
        facts = refused("nothing_to_undo", lambda: undo(desk, booked, "rina"))
        assert facts["reason"] == "booked_again"
        desk.pass_by(5.1)
        facts = refused("nothing_to_undo", lambda: undo(desk, late, "rina"))
        assert facts["reason"] == "too_late"
        adds_up(desk)


class TestTelling:
    def owed(self, desk: FrontDesk) -> list[Any]:
        [event] = log_of(desk, EventType.VOIDED)
        follow_event(desk.database, event, WAYS, stage.at(desk.minute))
        return [
            row
            for row in stage.rows_of(desk.database, tables.messages, desk.code)
            if row.kind == MessageKind.VOIDED.value
        ]

    def test_its_booker_hears_once_when_nobody_can_take_it_back(self, desk: FrontDesk) -> None:
        booked = desk.book(9 * 60 + 30)
        desk.database.write(
            [],
            lambda tx: tx.change(
                tables.visitors.update()
                .where(tables.visitors.c.ticket == booked.id)
                .values(email="siti@contoh.id")
            ),
        )
        void(desk, booked)
        [message] = self.owed(desk)
        assert stage.minutes_at(message.due_at) == desk.minute + 5
        assert len(self.owed(desk)) == 1

    def test_nobody_is_rung_who_did_not_ask_for_it(self, desk: FrontDesk) -> None:
        void(desk, desk.book(9 * 60 + 30))
        assert self.owed(desk) == []


class TestLooking:
    def test_name_and_last_four_for_the_desk_and_one_note_of_each_person(
        self, desk: FrontDesk
    ) -> None:
        booked = desk.book(9 * 60 + 30)
        for _ in range(3):
            seen = look(desk, booked, Where.RECEPTION, "rina")
        assert (seen.known, seen.name, seen.last4) == (Known.BOOKED, "Siti", "0001")
        here = desk.check_in(booked)
        look(desk, here, Where.RECEPTION, "rina")
        look(desk, here, Where.DOOR, "gita")
        told = [each.event for each in log_of(desk, EventType.BOOKER_SHOWN)]
        assert [(each.facts["by"], each.facts["where"]) for each in told] == [
            ("gita", "door"),
            ("rina", "reception"),
        ]
        assert {each.ticket for each in told} == {booked.id}
        assert all("Siti" not in str(each.facts) for each in told)

    def test_a_counter_sees_nobody_but_its_own_visitor(self, desk: FrontDesk) -> None:
        here = desk.check_in(desk.book(9 * 60 + 30))
        refused("wrong_state", lambda: look(desk, here, Where.COUNTER, CLERKS["1"]))
        desk.pass_by(31)
        called = desk.call(here, "1")
        refused("not_your_ticket", lambda: look(desk, called, Where.COUNTER, CLERKS["2"]))
        refused("wrong_state", lambda: look(desk, called, Where.DOOR, "gita"))
        assert look(desk, called, Where.COUNTER, CLERKS["1"]).name == "Siti"
        desk.do(serving.no_show, called.id, CLERKS["1"])
        refused("wrong_state", lambda: look(desk, called, Where.COUNTER, CLERKS["1"]))
        assert len(log_of(desk, EventType.BOOKER_SHOWN)) == 1

    def test_no_name_for_walk_ins_and_the_erased_and_no_note(self, desk: FrontDesk) -> None:
        walk_in, booked = desk.come(), desk.book(9 * 60 + 30)
        desk.database.write(
            [],
            lambda tx: tx.change(
                tables.visitors.delete().where(tables.visitors.c.ticket == booked.id)
            ),
        )
        assert look(desk, walk_in, Where.RECEPTION, "rina").known is Known.WALK_IN
        assert look(desk, booked, Where.RECEPTION, "rina").known is Known.ERASED
        assert log_of(desk, EventType.BOOKER_SHOWN) == []
        void(desk, booked)
        assert missed(desk) == []

    def test_who_looks_most_stands_first_and_who_browses_stands_out(
        self, desk: FrontDesk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("queue_server.domain.privacy.looking.LOOKS_A_DAY", 2)
        for minute in (570, 600, 630):
            look(desk, desk.book(minute), Where.RECEPTION, "rina")
        look(desk, desk.book(660), Where.RECEPTION, "gita")
        with desk.database.read() as connection:
            found = looking.count_looks(connection, desk.code, stage.TODAY)
        assert [(each.by, each.at[Where.RECEPTION], each.stands_out) for each in found] == [
            ("rina", 3, True),
            ("gita", 1, False),
        ]
