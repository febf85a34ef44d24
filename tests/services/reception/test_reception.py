"""The reception on both databases: names, numbers beyond the day's places, parties that change,
urgent cases, copies.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.booking.places import DayPlan
from queue_server.domain.booking.slots import slot_id
from queue_server.domain.counter.wait_log import replay_waits
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Channel, Origin, Place, Ticket
from queue_server.services.booking import booking, cancelling
from queue_server.services.door import admission, arrival
from queue_server.services.places.ticket_ids import draw
from queue_server.services.reception import reception
from queue_server.store import tables
from queue_server.store.visit import events as event_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer import slots as slot_store
from queue_server.store.writer.database import Database
from tests.services import stage
from tests.services.front_desk import FrontDesk, front_desk, refused

BY = "ani"


@pytest.fixture
def desk(shared_database: Database) -> FrontDesk:
    return front_desk(shared_database, limit=4)


@pytest.fixture
def strict(shared_database: Database) -> FrontDesk:
    """Numbers for the places of the day only."""
    return front_desk(
        shared_database, limit=1, door={"walk_ins_beyond_places": False}, booking={"party_max": 1}
    )


def events_of(desk: FrontDesk, *types: str) -> list[tuple[str | None, dict[str, Any]]]:
    rows = stage.rows_of(desk.database, tables.events, desk.code)
    return [(row.ticket, row.facts) for row in rows if row.type in types]


def plan_is_right(desk: FrontDesk) -> DayPlan:
    """The taken places of today are just those of the tickets that hold some."""
    with desk.database.read() as connection:
        plan = slot_store.load(connection, desk.code, stage.TODAY)
        holders = ticket_store.list_claiming(connection, desk.code, stage.TODAY)
    empty = replace(
        plan,
        slots=tuple(
            replace(
                slot,
                people=replace(slot.people, taken=(0, 0, 0)),
                streams={
                    letter: replace(each, taken=(0, 0, 0)) for letter, each in slot.streams.items()
                },
            )
            for slot in plan.slots
        ),
    )
    for each in holders:
        assert each.claim is not None
        empty = empty.change(each.claim, 1)
    assert empty.slots == plan.slots
    return plan


def resize(desk: FrontDesk, ticket: Ticket, people: int) -> Ticket:
    return desk.do(reception.change_party, ticket.id, people, BY)


class TestNames:
    def find(self, desk: FrontDesk, typed: str) -> list[str]:
        found = reception.search_names(desk.database, desk.code, typed, BY, stage.at(desk.minute))
        return [each.ticket.id for each in found.bookings]

    def test_each_word_begins_a_word_whatever_case_and_accents(self, desk: FrontDesk) -> None:
        siti = desk.book(11 * 60)
        desk.come()
        for typed in ("si", "SITI", " sítì "):
            assert self.find(desk, typed) == [siti.id]
        for typed in ("iti", "siti x", "s%i", "si_i"):
            assert self.find(desk, typed) == []

    @pytest.mark.parametrize("typed", ["", "s", "  s ", "12", "s 1"])
    def test_two_letters_are_the_least(self, desk: FrontDesk, typed: str) -> None:
        assert refused("bad_input", lambda: self.find(desk, typed))["reason"] == "too_short"
        assert events_of(desk, "names_searched") == []

    def test_only_of_this_office_and_today_and_not_who_has_gone(
        self, desk: FrontDesk, shared_database: Database
    ) -> None:
        other = front_desk(shared_database)
        other.book(11 * 60)
        cancelled = desk.book(11 * 60)
        now = stage.at(desk.minute)
        desk.database.write(
            [(desk.code, stage.TODAY)], lambda tx: cancelling.cancel(tx, cancelled.id, BY, 0.5, now)
        )
        tomorrow = BookingRequest(
            "REK", stage.at(24 * 60 + 9 * 60), Visitor("Siti", "9" * 64, "9999")
        )
        day = desk.office.date_at(tomorrow.slot)
        desk.database.write(
            [(desk.code, day)], lambda tx: booking.book(tx, desk.code, tomorrow, draw(), now)
        )
        waiting = desk.book(9 * 60 + 30)
        desk.check_in(waiting)
        assert self.find(desk, "siti") == [waiting.id]

    def test_the_log_says_who_looked_and_never_for_whom(self, desk: FrontDesk) -> None:
        desk.book(11 * 60)
        self.find(desk, "siti")
        self.find(desk, "zubaidah")
        assert events_of(desk, "names_searched") == [
            (None, {"by": BY, "found": 1}),
            (None, {"by": BY, "found": 0}),
        ]


class TestIssue:
    def give(self, desk: FrontDesk, beyond: str | None = None, **wanted: Any) -> arrival.Arrived:
        walk_in = arrival.WalkIn("REK", origin=Origin.STAFF, by=BY, **wanted)
        return desk.do(reception.issue, walk_in, beyond, draw())

    def test_the_log_says_who_gave_it_and_why_it_is_urgent(self, desk: FrontDesk) -> None:
        arrived = self.give(desk, urgent=True, urgency="death")
        assert (arrived.ticket.origin, arrived.ticket.channel, arrived.ahead) == (
            "STAFF",
            "URGENT",
            0,
        )
        [(_ticket, facts)] = events_of(desk, "walked_in")
        assert (facts["by"], facts["urgency"], facts["origin"]) == (BY, "death", "STAFF")

    def test_beyond_the_places_of_the_day_only_with_a_reason(self, strict: FrontDesk) -> None:
        given = 0
        while True:
            try:
                self.give(strict)
            except Exception as full:  # the first refusal must be the one meant
                assert getattr(full, "code", "") == "day_full"
                break
            given += 1
        assert given > 0
        assert refused("bad_input", lambda: self.give(strict, "  "))["reason"] == "missing"
        beyond = self.give(strict, "datang dari jauh").ticket
        assert beyond.claim is None
        assert events_of(strict, "issued_beyond") == [
            (beyond.id, {"number": beyond.number, "by": BY, "reason": "datang dari jauh"})
        ]
        plan_is_right(strict)

    def test_a_reason_with_places_left_is_no_override(self, strict: FrontDesk) -> None:
        assert self.give(strict, "perlu").ticket.claim is not None
        assert events_of(strict, "issued_beyond") == []


class TestParty:
    def test_a_booking_takes_more_places_of_its_slot_and_gives_them_back(
        self, shared_database: Database
    ) -> None:
        desk = front_desk(shared_database)
        booked = desk.book(11 * 60)
        larger = resize(desk, booked, 3)
        assert (larger.party_size, larger.slot, larger.claim and larger.claim.people) == (
            3,
            booked.slot,
            3,
        )
        plan_is_right(desk)
        assert resize(desk, booked, 2).claim is not None
        plan_is_right(desk)
        [(_one, first), (_two, second)] = events_of(desk, "party_changed")
        assert (first["by"], first["changed"]["party_size"], second["changed"]["party_size"]) == (
            BY,
            [1, 3],
            [3, 2],
        )

    def test_a_full_slot_refuses_and_leaves_everything_as_it_was(
        self, shared_database: Database
    ) -> None:
        desk = front_desk(
            shared_database, limit=3, booking={"online_share": 1.0, "urgent_share": 0.0}
        )
        first, second = desk.book(11 * 60), desk.book(11 * 60)
        assert refused("slot_full", lambda: resize(desk, first, 3)) == {
            "slot": slot_id(stage.at(11 * 60)),
            "free": 1,
        }
        assert events_of(desk, "party_changed") == []
        assert resize(desk, second, 2).party_size == 2
        plan_is_right(desk)

    @pytest.mark.parametrize("people", [0, 4, 500])
    def test_never_more_than_the_office_takes(self, desk: FrontDesk, people: int) -> None:
        booked = desk.book(11 * 60)
        assert refused("bad_input", lambda: resize(desk, booked, people))["field"] == "party_size"

    def test_the_same_size_changes_nothing(self, desk: FrontDesk) -> None:
        ticket = desk.come()
        assert resize(desk, ticket, 1).version == ticket.version
        assert events_of(desk, "party_changed") == []

    def test_inside_the_companion_must_fit_into_the_room(self, desk: FrontDesk) -> None:
        first, second = desk.come(party_size=2), desk.come()
        assert (first.place, second.place) == (Place.INSIDE, Place.INSIDE)
        assert resize(desk, second, 2).persons_inside == 2
        assert refused("room_full", lambda: resize(desk, first, 3)) == {
            "inside": 4,
            "limit": 4,
            "party_size": 1,
        }
        plan_is_right(desk)

    def test_who_stays_behind_makes_room_for_the_next(self, desk: FrontDesk) -> None:
        first = desk.come(party_size=3)
        desk.come()
        outside = desk.come()
        assert outside.place is Place.OUTSIDE
        resize(desk, first, 2)
        with desk.database.read() as connection:
            assert ticket_store.find(connection, outside.id).place is Place.INSIDE
        plan_is_right(desk)

    def test_outside_a_smaller_party_may_come_in_at_once(self, desk: FrontDesk) -> None:
        desk.come(party_size=3)
        outside = desk.come(party_size=3)
        assert outside.place is Place.OUTSIDE
        assert resize(desk, outside, 1).place is Place.INSIDE
        plan_is_right(desk)

    def test_nobody_joins_while_the_door_is_stopped(self, desk: FrontDesk) -> None:
        ticket = desk.come()
        desk.do(admission.set_admitting, False, "asap", BY)
        refused("admissions_stopped", lambda: resize(desk, ticket, 2))

    def test_at_the_counter_and_after_it_is_too_late(self, desk: FrontDesk) -> None:
        ticket = desk.come()
        desk.open("1")
        desk.next("1")
        assert refused("wrong_state", lambda: resize(desk, ticket, 2))["state"] == "SERVED"

    def test_everybody_grows_until_the_day_is_full(self, shared_database: Database) -> None:
        desk = front_desk(shared_database)
        for ticket in [desk.come() for _ in range(40)]:
            resize(desk, ticket, 3)
        plan_is_right(desk)


class TestPriority:
    def test_given_at_the_desk_the_visitor_is_called_earlier_and_calls_are_explained(
        self, shared_database: Database
    ) -> None:
        desk = front_desk(shared_database)
        desk.come()
        desk.pass_by(5)
        later = desk.come()
        favoured = desk.do(reception.set_priority, later.id, True, BY)
        assert (favoured.priority, favoured.number) == (True, later.number)
        [(_ticket, facts)] = events_of(desk, "priority_set")
        assert facts["by"] == BY and "reason" not in facts, "why is kept nowhere"
        desk.open("1")
        assert desk.next("1") == later.id
        assert [(each.ticket, each.in_order) for each in desk.explained()] == [(later.id, True)]

    def test_the_same_again_changes_nothing_and_taking_it_gives_the_place_back(
        self, desk: FrontDesk
    ) -> None:
        ticket = desk.come()
        for _ in range(2):
            desk.do(reception.set_priority, ticket.id, True, BY)
        assert len(events_of(desk, "priority_set")) == 1
        again = desk.do(reception.set_priority, ticket.id, False, BY)
        assert (again.priority, again.turn_time) == (False, ticket.turn_time)

    def test_outside_the_one_with_priority_stands_before_the_others_at_the_door(
        self, desk: FrontDesk
    ) -> None:
        inside = desk.come(party_size=3)
        large, small = desk.come(party_size=3), desk.come(party_size=2)
        desk.do(reception.set_priority, small.id, True, BY)
        desk.do(admission.leave, inside.id, BY)
        with desk.database.read() as connection:
            places = [ticket_store.find(connection, each.id).place for each in (small, large)]
        assert places == [Place.INSIDE, Place.OUTSIDE]

    def test_what_is_learnt_of_waits_leaves_out_who_was_put_elsewhere_in_the_line(
        self, desk: FrontDesk
    ) -> None:
        desk.open("1")
        first, moved = desk.come(), desk.come()
        desk.pass_by(1)
        desk.do(reception.set_priority, moved.id, True, BY)
        desk.pass_by(4)
        assert desk.next("1") == moved.id
        assert desk.next("1") == first.id
        with desk.database.read() as connection:
            log = event_store.list_after(connection, desk.code, stage.TODAY, 0)
        waits = replay_waits(
            (each.event for each in log), desk.office.counters, lambda moment: moment.hour
        )
        assert [each.wait for each in waits] == [5]

    def test_at_the_counter_and_after_it_is_too_late(self, desk: FrontDesk) -> None:
        ticket = desk.come()
        desk.open("1")
        desk.next("1")
        refused("wrong_state", lambda: desk.do(reception.set_priority, ticket.id, True, BY))


class TestUrgent:
    def test_the_lane_changes_and_the_place_stays(self, desk: FrontDesk) -> None:
        desk.come()
        ticket = desk.come()
        urgent = desk.do(reception.make_urgent, ticket.id, "court", BY)
        assert (urgent.channel, urgent.number, urgent.turn_time, urgent.claim) == (
            Channel.URGENT,
            ticket.number,
            ticket.turn_time,
            ticket.claim,
        )
        [(_ticket, facts)] = events_of(desk, "made_urgent")
        assert (facts["urgency"], facts["by"]) == ("court", BY)
        assert (
            refused("wrong_state", lambda: desk.do(reception.make_urgent, ticket.id, "court", BY))[
                "state"
            ]
            == "URGENT"
        )

    def test_with_a_stream_of_their_own_they_go_there_and_calls_are_explained(
        self, shared_database: Database
    ) -> None:
        desk = front_desk(shared_database, booking={"urgent_letter": "C"})
        desk.come()
        ticket = desk.come()
        assert desk.do(reception.make_urgent, ticket.id, "death", BY).letter == "C"
        desk.open("2")
        assert desk.next("2") == ticket.id
        assert [(each.ticket, each.in_order) for each in desk.explained()] == [(ticket.id, True)]
        plan_is_right(desk)

    def test_what_is_learnt_of_waits_leaves_the_one_who_moved_out(
        self, shared_database: Database
    ) -> None:
        desk = front_desk(shared_database, booking={"urgent_letter": "C"})
        desk.open("1")
        desk.open("2")
        stays, moves = desk.come(), desk.come()
        desk.pass_by(5)
        desk.do(reception.make_urgent, moves.id, "death", BY)
        newcomer = desk.come("CTK")
        desk.pass_by(5)
        assert (desk.next("2"), desk.next("2"), desk.next("1")) == (moves.id, newcomer.id, stays.id)
        with desk.database.read() as connection:
            log = [
                each.event for each in event_store.list_after(connection, desk.code, stage.TODAY, 0)
            ]
        records = replay_waits(
            log, desk.office.counters, lambda moment: desk.office.local(moment).hour
        )
        assert [(each.stream, each.wait) for each in records] == [("C", 5.0), ("A", 10.0)]
        assert records[0].sight.position == 2, (
            "the newcomer stood behind the one who had moved there"
        )

    def test_only_who_waits(self, desk: FrontDesk) -> None:
        booked = desk.book(11 * 60)
        assert (
            refused("wrong_state", lambda: desk.do(reception.make_urgent, booked.id, "court", BY))[
                "state"
            ]
            == "BOOKED"
        )


class TestCopies:
    def test_each_copy_is_in_the_log(self, desk: FrontDesk) -> None:
        ticket = desk.come()
        for _ in range(2):
            desk.do(reception.copy_slip, ticket.id, BY)
        assert (
            events_of(desk, "slip_copied") == [(ticket.id, {"number": ticket.number, "by": BY})] * 2
        )

    def test_not_of_a_visit_that_is_over_nor_of_another_office(
        self, desk: FrontDesk, shared_database: Database
    ) -> None:
        ticket = desk.come()
        refused(
            "unknown_ticket",
            lambda: front_desk(shared_database).do(reception.copy_slip, ticket.id, BY),
        )
        desk.do(admission.leave, ticket.id, BY)
        refused("wrong_state", lambda: desk.do(reception.copy_slip, ticket.id, BY))
