"""Visits from home, on both databases: booked on clerks' time alone, rung by counters at home, and
never in the room.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.domain.errors import DomainError
from queue_server.domain.events import EventType
from queue_server.domain.office.office import VisitKind
from queue_server.domain.office.remote import RemoteChange, RemoteCounter, set_remote
from queue_server.domain.visit.ticket import Place, Ticket
from queue_server.domain.visit.transitions import PRESENT_STATES, State
from queue_server.services.booking import cancelling, moving
from queue_server.services.counter import calling, remote, serving, undoing
from queue_server.services.door import admission, arrival, closing
from queue_server.services.office.changes import apply_change
from queue_server.services.reception import reception
from queue_server.services.screens.lobby import view_board
from queue_server.services.supervisor.supervision import set_streams
from queue_server.services.upkeep import plan_office
from queue_server.store import tables
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer import days
from queue_server.store.writer.database import Database
from tests.services import stage
from tests.services.front_desk import CLERKS, FrontDesk, front_desk, refused

PHONE, VIDEO = VisitKind.PHONE, VisitKind.VIDEO
ROOM = "https://meet.example.org/loket-3"
CHANGE = RemoteChange({"REK": (PHONE, VIDEO), "CTK": (PHONE,)}, {"3": RemoteCounter(ROOM)})


def at_home(database: Database, limit: int | None = 2) -> FrontDesk:
    """A front desk whose counter 3 is worked from home; REK can be had by phone and by video."""
    desk = front_desk(database, limit=limit)
    change = replace(CHANGE, counters={desk.at("3"): RemoteCounter(ROOM)})
    desk.office = desk.do(lambda tx, code, now: apply_change(tx, code, change, "mina", now))
    plan_office(database, desk.code, stage.at(desk.minute))
    return desk


@pytest.fixture
def desk(shared_database: Database) -> FrontDesk:
    return at_home(shared_database)


def find(desk: FrontDesk, ticket: Ticket) -> Ticket:
    with desk.database.read() as connection:
        return ticket_store.find(connection, ticket.id)


def on(desk: FrontDesk, command: Any, *given: Any, **more: Any) -> Any:
    """Run a command that names no office."""
    return desk.do(lambda tx, _code, now: command(tx, *given, **more, now=now))


def room_of(desk: FrontDesk) -> tuple[int, int]:
    """Persons inside, and parties outside."""
    with desk.database.read() as connection:
        day = days.find(connection, desk.code, stage.TODAY)
    return day.persons_inside, day.parties_outside


def people_taken(desk: FrontDesk) -> int:
    return sum(
        row.online_taken + row.walk_in_taken + row.urgent_taken
        for row in stage.rows_of(desk.database, tables.slots, desk.code)
    )


def events_of(desk: FrontDesk, ticket: Ticket) -> list[str]:
    return [
        type
        for _seq, type, of in stage.event_log(desk.database, desk.code, stage.TODAY)
        if of == ticket.id
    ]


class TestSetting:
    def test_a_stream_of_its_own_is_made_and_kept(self, desk: FrontDesk) -> None:
        assert desk.office.remote_letter == "T"
        assert desk.office.counter(desk.at("3")).letters == ("T",)
        with desk.database.read() as connection:
            assert desk.database.offices.get(connection, desk.code) == desk.office
        back = RemoteChange({"REK": (PHONE,)}, {})
        after = desk.do(lambda tx, code, now: apply_change(tx, code, back, "mina", now))
        assert after.counter(desk.at("3")).letters == ("A", "C")
        assert [each.remote for each in after.streams] == [False, False, True]

    def test_nothing_changes_under_somebody_at_work(self, desk: FrontDesk) -> None:
        desk.open("3")
        back = RemoteChange({}, {})
        facts = refused(
            "bad_input",
            lambda: desk.do(lambda tx, code, now: apply_change(tx, code, back, "mina", now)),
        )
        assert facts["reason"] == "counter_open"

    def test_what_cannot_be_is_refused(self, desk: FrontDesk) -> None:
        for change, code in (
            (RemoteChange({"XXX": (PHONE,)}, {}), "unknown_service"),
            (RemoteChange({}, {"x": RemoteCounter()}), "unknown_counter"),
            (RemoteChange({"REK": (VisitKind.OFFICE,)}, {}), "bad_input"),
            (
                RemoteChange({}, {desk.at("3"): RemoteCounter("http://meet.example.org")}),
                "bad_input",
            ),
        ):
            refused(code, lambda change=change: set_remote(desk.office, change))

    def test_the_streams_of_calls_are_lent_to_no_counter_in_the_office(
        self, desk: FrontDesk
    ) -> None:
        for name, letters in (("1", ["T"]), ("3", ["A"])):
            refused(
                "bad_input",
                lambda n=name, to=letters: desk.do(set_streams, desk.at(n), to, "ramai", "mina"),
            )


class TestBooking:
    def test_takes_a_clerks_time_and_no_place_in_the_room(self, desk: FrontDesk) -> None:
        booked = desk.book(600, kind=PHONE)
        assert (booked.letter, booked.kind) == ("T", PHONE)
        assert booked.claim is not None and booked.claim.people == 0
        assert people_taken(desk) == 0
        desk.book(600)
        assert people_taken(desk) == 1

    def test_is_refused_where_it_is_not_offered(self, desk: FrontDesk) -> None:
        for service, wanted, field in (
            ("CTK", {"kind": VIDEO}, "visit"),
            ("AKL", {"kind": PHONE}, "visit"),
            ("REK", {"kind": PHONE, "party_size": 2}, "party_size"),
        ):
            facts = refused("bad_input", lambda s=service, w=wanted: desk.book(600, s, **w))
            assert facts["field"] == field

    def test_a_full_room_refuses_no_call(self, desk: FrontDesk) -> None:
        desk.book(600)
        refused("slot_full", lambda: [desk.book(600) for _ in range(3)])
        assert desk.book(600, kind=PHONE).state is State.BOOKED

    def test_clerks_at_home_bound_the_calls(self, desk: FrontDesk) -> None:
        for _ in range(3):
            desk.book(600, kind=PHONE)
        refused("slot_full", lambda: desk.book(600, kind=PHONE))

    def test_moves_between_office_and_home(self, desk: FrontDesk) -> None:
        booked = desk.book(600)
        moved = on(desk, moving.reschedule, booked.id, stage.at(630), "holder", 0.5, kind=VIDEO)
        assert (moved.kind, moved.letter, people_taken(desk)) == (VIDEO, "T", 1)
        back = on(
            desk, moving.reschedule, booked.id, stage.at(630), "holder", 0.5, kind=VisitKind.OFFICE
        )
        assert (back.kind, back.letter) == (VisitKind.OFFICE, "A")
        assert back.claim is not None and back.claim.people == 1

    def test_cancels_as_usual(self, desk: FrontDesk) -> None:
        booked = desk.book(600, kind=PHONE)
        gone = on(desk, cancelling.cancel, booked.id, "holder", 0.5)
        assert gone.state is State.CANCELLED


class TestTheDoor:
    def test_has_nothing_to_do_with_it(self, desk: FrontDesk) -> None:
        booked = desk.book(600, kind=PHONE)
        desk.minute = 601
        refused("remote_visit", lambda: desk.check_in(booked))
        on(desk, remote.join_due, desk.code, stage.TODAY)
        assert find(desk, booked).place is Place.REMOTE
        assert room_of(desk) == (0, 0)
        refused("remote_visit", lambda: desk.do(admission.admit, booked.id, "gita", reason="x"))

    def test_it_never_stands_on_the_board(self, desk: FrontDesk) -> None:
        booked = desk.book(600, kind=VIDEO)
        desk.minute = 601
        called = desk.do(calling.call_next, desk.at("3"), CLERKS["3"])
        assert called.id == booked.id
        with desk.database.read() as connection:
            board = view_board(connection, desk.office, stage.at(desk.minute), "test")
        assert board.calls == () and board.entering == ()
        assert [each.letter for each in board.streams] == ["A", "C"]
        assert (board.inside, board.waiting) == (0, 0)


class TestRinging:
    def test_in_the_order_of_the_booked_times(self, desk: FrontDesk) -> None:
        later, sooner = desk.book(630, kind=PHONE), desk.book(600, kind=VIDEO)
        desk.minute = 650
        assert desk.next("3") == sooner.id
        assert desk.next("3") == later.id
        assert desk.next("3") is None
        assert find(desk, later).turn_time == later.slot

    def test_only_from_home_and_only_those_at_home(self, desk: FrontDesk) -> None:
        booked, here = desk.book(600, kind=PHONE), desk.come()
        desk.minute = 601
        assert desk.next("1") == here.id
        assert desk.next("1") is None
        here = desk.come()
        refused("not_for_this_counter", lambda: desk.call(here, "3", "dia"))
        on(desk, remote.join_due, desk.code, stage.TODAY)
        refused("not_for_this_counter", lambda: desk.call(booked, "1", "dia"))
        called = desk.do(calling.call_next, desk.at("3"), CLERKS["3"])
        desk.do(serving.start, called.id, CLERKS["3"])
        for to in ({"letter": "A"}, {"counter": desk.at("1")}):
            desk.open("1")
            facts = refused("bad_input", lambda to=to: desk.send_on(called, "3", **to))
            assert facts["reason"] == "remote"

    def test_a_full_room_and_a_stopped_door_hold_up_no_call(self, desk: FrontDesk) -> None:
        desk.book(600, kind=PHONE)
        for _ in range(3):
            desk.come()
        desk.do(admission.set_admitting, False, "penuh", "gita")
        desk.minute = 601
        assert desk.next("3") is not None

    def test_no_answer_then_once_more_at_the_visitors_wish(self, desk: FrontDesk) -> None:
        booked = desk.book(600, kind=PHONE)
        desk.minute = 601
        desk.do(calling.call_next, desk.at("3"), CLERKS["3"])
        for _ in range(desk.office.rules.calling.calls_max - 1):
            desk.pass_by(5)
            desk.do(serving.recall, booked.id, CLERKS["3"])
        refused("recalls_used_up", lambda: desk.do(serving.recall, booked.id, CLERKS["3"]))
        assert desk.do(serving.no_show, booked.id, CLERKS["3"]).state is State.NO_SHOW
        again = on(desk, remote.say_ready, booked.id)
        assert (again.state, again.place) == (State.WAITING, Place.REMOTE)
        desk.do(calling.call_next, desk.at("3"), CLERKS["3"])
        desk.do(serving.no_show, booked.id, CLERKS["3"])
        assert refused("limit_reached", lambda: on(desk, remote.say_ready, booked.id))["rule"] == (
            "returns"
        )

    def test_ready_before_the_time(self, desk: FrontDesk) -> None:
        booked = desk.book(600, kind=PHONE)
        desk.minute = 540
        refused("too_early", lambda: on(desk, remote.say_ready, booked.id))
        desk.minute = 590
        ready = on(desk, remote.say_ready, booked.id)
        assert ready == on(desk, remote.say_ready, booked.id)
        assert ready.turn_time == booked.slot
        assert desk.next("3") == booked.id

    def test_a_call_is_taken_back(self, desk: FrontDesk) -> None:
        booked = desk.book(600, kind=PHONE)
        desk.minute = 601
        desk.do(calling.call_next, desk.at("3"), CLERKS["3"])
        desk.do(undoing.undo, booked.id, CLERKS["3"])
        assert find(desk, booked).place is Place.REMOTE
        assert desk.next("3") == booked.id

    def test_whom_nobody_rang_the_office_cancels(self, desk: FrontDesk) -> None:
        booked = desk.book(600, kind=PHONE)
        later = stage.at(24 * 60 + 5)
        remote.join_all_due(desk.database, later)
        key = [(desk.code, stage.TODAY)]
        desk.database.write(key, lambda tx: closing.close_some(tx, desk.code, stage.TODAY, later))
        assert find(desk, booked).state is State.CANCELLED
        [owed] = stage.rows_of(desk.database, tables.messages, desk.code)
        assert (owed.ticket, owed.kind) == (booked.id, "cancelled")


class TestTheNumber:
    def test_is_the_clerks_while_the_visit_is(self, desk: FrontDesk) -> None:
        booked = desk.book(600, kind=PHONE)
        desk.minute = 601

        def ask(clerk: str) -> Any:
            return desk.do(remote.show_contact, booked.id, clerk)

        refused("wrong_state", lambda: ask(CLERKS["3"]))
        desk.do(calling.call_next, desk.at("3"), CLERKS["3"])
        refused("not_your_ticket", lambda: ask(CLERKS["1"]))
        shown = ask(CLERKS["3"])
        assert shown.tel_url == f"tel:{shown.phone}"
        assert shown.whatsapp_url == f"https://wa.me/{shown.phone[1:]}"
        assert events_of(desk, booked)[-1] == EventType.CONTACT_SHOWN
        desk.do(serving.start, booked.id, CLERKS["3"])
        desk.do(serving.finish, booked.id, CLERKS["3"])
        refused("wrong_state", lambda: ask(CLERKS["3"]))

    def test_a_meeting_is_opened_once_at_each_address(self, desk: FrontDesk) -> None:
        booked = desk.book(600, kind=VIDEO)
        desk.minute = 601
        desk.do(calling.call_next, desk.at("3"), CLERKS["3"])

        def meet(url: str) -> Any:
            return desk.do(remote.open_meeting, booked.id, url, CLERKS["3"])

        refused("bad_input", lambda: meet("javascript:alert(1)"))
        assert meet("").meeting_url == ROOM
        assert meet(ROOM).meeting_opened
        assert events_of(desk, booked).count(EventType.MEETING_OPENED) == 1
        assert meet("https://meet.example.org/lain").meeting_url.endswith("lain")
        desk.do(undoing.undo, booked.id, CLERKS["3"])
        assert "example.org" not in str(
            [row.facts for row in stage.rows_of(desk.database, tables.events, desk.code)]
        )


STEPS = (
    "book",
    "call",
    "visit",
    "pass",
    "next3",
    "next1",
    "recall",
    "start",
    "finish",
    "no_show",
    "park",
    "resume",
    "undo",
    "ready",
    "admit",
    "leave",
    "party",
    "urgent",
)


@settings(max_examples=25, deadline=None)
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 7)), max_size=25))
def test_whatever_is_done_nobody_at_home_is_in_the_room(
    shared_database: Database, steps: list[tuple[str, int]]
) -> None:
    """Whoever stays at home is counted nowhere in the room and is at no counter in the office."""
    desk = at_home(shared_database)
    known: list[Ticket] = []
    for step, pick in steps:
        try:
            _take(desk, known, step, pick)
        except DomainError:
            continue
        finally:
            _check(desk, known)


def _take(desk: FrontDesk, known: list[Ticket], step: str, pick: int) -> None:
    one = known[pick % len(known)].id if known else ""
    clerk = CLERKS["3" if pick % 2 else "1"]
    commands = {
        "book": lambda: known.append(desk.book(570 + 30 * (pick % 3))),
        "call": lambda: known.append(
            desk.book(570 + 30 * (pick % 3), kind=PHONE if pick % 2 else VIDEO)
        ),
        "visit": lambda: known.append(desk.come()),
        "pass": lambda: desk.pass_by(10 * pick),
        "next3": lambda: desk.do(calling.call_next, desk.at("3"), CLERKS["3"]),
        "next1": lambda: desk.do(calling.call_next, desk.at("1"), CLERKS["1"]),
        "recall": lambda: desk.do(serving.recall, one, clerk),
        "start": lambda: desk.do(serving.start, one, clerk),
        "finish": lambda: desk.do(serving.finish, one, clerk),
        "no_show": lambda: desk.do(serving.no_show, one, clerk),
        "park": lambda: desk.do(serving.park, one, clerk),
        "resume": lambda: desk.do(serving.resume, one, clerk),
        "undo": lambda: desk.do(undoing.undo, one, clerk),
        "ready": lambda: on(desk, remote.say_ready, one),
        "admit": lambda: desk.do(admission.admit, one, "gita", reason="x"),
        "leave": lambda: desk.do(admission.leave, one, "gita"),
        "party": lambda: desk.do(reception.change_party, one, 2, "gita"),
        "urgent": lambda: desk.do(reception.make_urgent, one, "HOSPITAL", "gita"),
    }
    commands[step]()


def _check(desk: FrontDesk, known: list[Ticket]) -> None:
    found = [find(desk, each) for each in known]
    inside = sum(each.party_size for each in found if each.place is Place.INSIDE)
    outside = sum(each.place is Place.OUTSIDE and each.state is State.WAITING for each in found)
    assert room_of(desk) == (inside, outside)
    for each in found:
        is_remote = each.kind.is_remote
        assert (each.place is Place.REMOTE) == (is_remote and each.state in PRESENT_STATES)
        assert (each.letter == "T") == is_remote
        assert each.admitted_at is None or not is_remote
        if each.counter is not None:
            assert (each.counter == desk.at("3")) == is_remote


def test_the_way_back_of_who_missed_a_call(desk: FrontDesk) -> None:
    """The reception brings somebody back at home, not to the door."""
    booked = desk.book(600, kind=PHONE)
    desk.minute = 601
    desk.do(calling.call_next, desk.at("3"), CLERKS["3"])
    desk.do(serving.no_show, booked.id, CLERKS["3"])
    back = on(desk, arrival.return_late, booked.id, "rina")
    assert back.ticket.place is Place.REMOTE
