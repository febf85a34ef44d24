"""A supervisor's day, on both databases: stop and resume, lend counters, announce."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from queue_server.domain.visit.office_day import Pause
from queue_server.domain.visit.ticket import Place, Ticket
from queue_server.domain.visit.transitions import PRESENT_STATES, State
from queue_server.services import upkeep
from queue_server.services.counter import calling, serving, staffing, undoing
from queue_server.services.door import admission, arrival
from queue_server.services.places.ticket_ids import draw
from queue_server.services.reception import reception
from queue_server.services.screens import queue as board
from queue_server.services.screens import supervisor
from queue_server.services.screens.day import read_day
from queue_server.services.screens.kiosk import view_offer
from queue_server.services.screens.lobby import view_board
from queue_server.services.supervisor import supervision
from queue_server.store import tables
from queue_server.store.visit import tickets as ticket_store
from tests.services import stage
from tests.services.front_desk import FrontDesk, refused
from tests.services.supervisor.watching import BOSS, events_of, seen


def count(desk: FrontDesk) -> tuple[int, int]:
    """Persons inside by their tickets, and parties outside: as the day keeps them, which must be
    what its tickets say.
    """
    rows = [
        row
        for row in stage.rows_of(desk.database, tables.tickets, desk.code)
        if row.state in PRESENT_STATES
    ]
    with desk.database.read() as connection:
        day = read_day(connection, desk.office, stage.at(desk.minute))
    kept = day.persons_inside, day.parties_outside
    assert kept == (
        sum(row.party_size for row in rows if row.place == "INSIDE"),
        sum(row.place == "OUTSIDE" for row in rows),
    )
    assert day.waiting == sum(row.state == "WAITING" for row in rows)
    return kept


def ticket_of(desk: FrontDesk, ticket: Ticket) -> Ticket:
    with desk.database.read() as connection:
        return ticket_store.find(connection, ticket.id)


def at_counters(desk: FrontDesk) -> list[str]:
    """The tickets that the counters have, by the clerks' picture."""
    with desk.database.read() as connection:
        queue = board.view_queue(connection, desk.office, stage.at(desk.minute), "test")
    return [each.id for each in (*queue.called, *queue.serving, *queue.parked)]


class TestStandstill:
    def test_nobody_is_called_let_in_or_given_a_number(self, small: FrontDesk) -> None:
        small.open("1")
        first, second, third = (small.come() for _ in range(3))
        assert third.place is Place.OUTSIDE
        served = small.serve("1")
        small.do(supervision.pause, Pause.EVACUATION, "asap di lantai 2", BOSS)
        assert refused("paused", lambda: small.next("3")) == {"kind": "EVACUATION"}
        refused("paused", lambda: small.call(second, "3", "darurat"))
        refused("paused", small.come)
        refused("paused", lambda: small.do(admission.admit, third.id, "guard"))
        refused("paused", lambda: small.do(admission.set_admitting, True, "", "guard"))
        # The visitor at the counter is served to the end; the place that becomes free stays free.
        small.do(serving.finish, served.id, "ani")
        with small.database.read() as connection:
            assert ticket_store.find(connection, third.id).place is Place.OUTSIDE
        assert first.id == served.id

    def test_a_called_visitor_is_not_called_again(self, desk: FrontDesk) -> None:
        desk.come()
        called = desk.do(calling.call_next, desk.at("1"), "ani")
        assert called is not None
        desk.pass_by(2)
        desk.do(supervision.pause, Pause.PAUSE, "gempa", BOSS)
        refused("paused", lambda: desk.do(serving.recall, called.id, "ani"))
        desk.do(supervision.resume, "", BOSS)
        assert desk.do(serving.recall, called.id, "ani").calls == 2

    def test_going_on_lets_in_who_may_come_in(self, small: FrontDesk) -> None:
        small.open("1")
        small.come(), small.come()
        outside = small.come()
        served = small.serve("1")
        small.do(supervision.pause, Pause.PAUSE, "listrik padam", BOSS)
        small.do(serving.finish, served.id, "ani")
        small.do(supervision.resume, "listrik menyala", BOSS)
        with small.database.read() as connection:
            assert ticket_store.find(connection, outside.id).place is Place.INSIDE

    def test_a_repeat_changes_nothing_and_the_log_says_who_and_why(self, desk: FrontDesk) -> None:
        for _ in range(2):
            desk.do(supervision.pause, Pause.PAUSE, " latihan ", BOSS)
        desk.do(supervision.pause, Pause.EVACUATION, "asap", BOSS)
        for _ in range(2):
            desk.do(supervision.resume, "aman", BOSS)
        assert events_of(desk, "service_paused", "service_resumed") == [
            (
                "service_paused",
                {"by": BOSS, "reason": "latihan", "changed": {"paused": [None, "PAUSE"]}},
            ),
            (
                "service_paused",
                {"by": BOSS, "reason": "asap", "changed": {"paused": ["PAUSE", "EVACUATION"]}},
            ),
            (
                "service_resumed",
                {"by": BOSS, "reason": "aman", "changed": {"paused": ["EVACUATION", None]}},
            ),
        ]
        assert refused("bad_input", lambda: desk.do(supervision.pause, Pause.PAUSE, " ", BOSS)) == {
            "field": "reason",
            "reason": "missing",
        }

    def test_a_door_stopped_before_stays_stopped(self, desk: FrontDesk) -> None:
        desk.do(admission.set_admitting, False, "penuh", "guard")
        desk.do(supervision.pause, Pause.PAUSE, "gempa", BOSS)
        day = desk.do(supervision.resume, "", BOSS)
        assert not day.admitting and day.paused is None

    def test_every_screen_says_so(self, desk: FrontDesk) -> None:
        def screens() -> tuple[str | None, str | None, bool, str | None]:
            with desk.database.read() as connection:
                now = stage.at(desk.minute)
                offer = view_offer(connection, desk.office, now)
                stop = seen(desk).stop
                return (
                    view_board(connection, desk.office, now, "test").paused,
                    offer.reason,
                    offer.open,
                    stop and stop.because,
                )

        assert screens() == (None, None, True, None)
        desk.do(supervision.pause, Pause.EVACUATION, "asap", BOSS)
        assert screens() == ("EVACUATION", "paused", False, "asap")

    def test_in_an_evacuation_nothing_goes_on_and_nothing_is_lost(self, desk: FrontDesk) -> None:
        desk.open("1"), desk.open("3")
        booked, missed = desk.book(9 * 60 + 30), desk.come()
        desk.call(missed, "3")
        desk.do(serving.no_show, missed.id, "citra")
        called, parked, waiting, leaving = (desk.come() for _ in range(4))
        desk.call(parked, "3")
        desk.do(serving.park, parked.id, "citra")
        served = desk.come("CTK")
        desk.open("2")
        desk.call(served, "2")
        desk.do(serving.start, served.id, "budi")
        desk.call(called, "1")
        desk.do(supervision.pause, Pause.EVACUATION, "", "guard", drill=True)
        for forbidden in (
            lambda: desk.next("3"),
            lambda: desk.call(waiting, "3"),
            desk.come,
            lambda: desk.check_in(booked),
            lambda: desk.do(serving.start, called.id, "ani"),
            lambda: desk.do(serving.no_show, called.id, "ani"),
            lambda: desk.do(serving.resume, parked.id, "citra"),
            lambda: desk.do(serving.transfer, served.id, "budi", letter="A"),
            lambda: desk.do(lambda tx, _, now: arrival.return_late(tx, missed.id, "ani", now)),
            lambda: desk.do(reception.make_urgent, waiting.id, "court", "ani"),
            lambda: desk.do(reception.change_party, waiting.id, 2, "ani"),
        ):
            assert refused("paused", forbidden) == {"kind": "EVACUATION"}
        # What tells the truth about who is gone stays possible.
        desk.do(admission.leave, leaving.id, "guard")
        desk.do(serving.finish, served.id, "budi")
        desk.do(undoing.undo, served.id, "budi")
        desk.do(serving.park, served.id, "budi")
        desk.do(staffing.close_counter, desk.at("2"), "budi")
        refused("paused", lambda: desk.open("2"))
        desk.do(supervision.resume, "aman", BOSS, meant=Pause.EVACUATION)
        assert desk.check_in(booked).number is not None
        desk.do(serving.start, called.id, "ani")
        desk.do(serving.resume, parked.id, "citra")

    @pytest.mark.parametrize("drill", [False, True])
    def test_whoever_is_counted_out_in_an_evacuation_comes_in_again_in_the_same_order(
        self, desk: FrontDesk, drill: bool
    ) -> None:
        desk.open("1"), desk.open("3")
        mine, here = desk.book(9 * 60 + 30), []
        for size in (2, 1, 3):
            here.append(desk.come(party_size=size))
            desk.pass_by(10)
        here.append(desk.check_in(mine))
        desk.pass_by(5)
        here.append(desk.come())
        served, called, parked, booked, _waiting = here
        desk.call(served, "1")
        desk.do(serving.start, served.id, "ani")
        desk.call(parked, "3")
        desk.do(serving.park, parked.id, "citra")
        desk.call(called, "3")
        before = {each.id: ticket_of(desk, each) for each in here}
        assert count(desk) == (8, 0) and booked.claim is not None
        desk.do(supervision.pause, Pause.EVACUATION, "", "guard", drill=drill)
        for each in reversed(here):
            desk.pass_by(1)
            out, was = desk.do(reception.leave, each.id, "guard"), before[each.id]
            assert (out.state, out.place, out.counter) == (State.WAITING, Place.OUTSIDE, None)
            assert (out.number, out.turn_time, out.arrived_at, out.claim) == (
                was.number,
                was.turn_time,
                was.arrived_at,
                was.claim,
            )
            assert (
                refused("wrong_state", partial(desk.do, reception.leave, each.id, "guard"))["state"]
                == "OUTSIDE"
            )
        assert count(desk) == (0, 5) and at_counters(desk) == []
        assert [facts["by"] for _, facts in events_of(desk, "stepped_out")] == ["guard"] * 5
        desk.do(supervision.resume, "aman", BOSS, meant=Pause.EVACUATION)
        assert [facts["number"] for _, facts in events_of(desk, "admitted")] == [
            each.number for each in here
        ]
        assert count(desk) == (8, 0)
        newcomer, calls = desk.come(), len(desk.explained())
        assert [desk.next("3") for _ in range(6)] == [each.id for each in (*here, newcomer)]
        assert all(each.in_order for each in desk.explained()[calls:])

    def test_after_an_evacuation_those_outside_wait_for_room_as_ever(
        self, small: FrontDesk
    ) -> None:
        small.open("1")
        inside, outside = [small.come(), small.come()], small.come()
        small.do(supervision.pause, Pause.EVACUATION, "asap", BOSS)
        assert (
            refused("wrong_state", lambda: small.do(reception.leave, outside.id, "guard"))["state"]
            == "OUTSIDE"
        )
        for each in inside:
            small.do(reception.leave, each.id, "guard")
        assert count(small) == (0, 3), "nobody comes in while all are sent out"
        small.do(supervision.resume, "aman", BOSS)
        assert [ticket_of(small, each).place for each in (*inside, outside)] == [
            Place.INSIDE,
            Place.INSIDE,
            Place.OUTSIDE,
        ]

    def test_a_part_of_a_party_is_not_counted_out_in_an_evacuation(self, desk: FrontDesk) -> None:
        desk.open("1")
        family, called = desk.come(party_size=3), desk.come(party_size=2)
        desk.call(called, "1")
        refused("wrong_state", lambda: desk.do(reception.leave, called.id, "guard"))
        desk.do(supervision.pause, Pause.EVACUATION, "asap", "guard")
        for part in (family, called):
            asked = partial(desk.do, reception.leave, part.id, "guard", persons=1)
            assert refused("paused", asked) == {"kind": "EVACUATION"}
        assert desk.do(reception.leave, family.id, "guard", persons=3).party_size == 3
        assert count(desk) == (2, 1)

    @pytest.mark.parametrize("state", ["WAITING", "CALLED", "SERVING", "PARKED"])
    def test_a_wrong_number_is_taken_back_by_the_one_who_pressed(
        self, small: FrontDesk, state: str
    ) -> None:
        """Also where the room is too full for it: they have stood inside all the time."""
        small.open("1")
        wrong = small.come(party_size=2)
        if state != "WAITING":
            small.call(wrong, "1")
        if state == "SERVING":
            small.do(serving.start, wrong.id, "ani")
        if state == "PARKED":
            small.do(serving.park, wrong.id, "ani")
        before = ticket_of(small, wrong)
        small.do(supervision.pause, Pause.EVACUATION, "asap", "guard")
        small.do(reception.leave, wrong.id, "guard")
        small.do(admission.correct_occupancy, 2, "without ticket", "guard")
        refused("nothing_to_undo", lambda: small.do(undoing.undo, wrong.id, "ani"))
        back = small.do(undoing.undo, wrong.id, "guard")
        assert replace(back, version=before.version) == before and back.state == state
        assert count(small) == (2, 0)
        small.do(reception.leave, wrong.id, "guard")
        small.pass_by(6)
        refused("nothing_to_undo", lambda: small.do(undoing.undo, wrong.id, "guard"))

    def test_nobody_goes_back_to_a_counter_that_has_closed_or_has_another(
        self, desk: FrontDesk
    ) -> None:
        desk.open("1")
        served, other = desk.come(), desk.come()
        desk.call(served, "1")
        desk.do(supervision.pause, Pause.EVACUATION, "asap", "guard")
        desk.do(reception.leave, served.id, "guard")
        desk.do(admission.set_admitting, False, "penuh", "guard")
        desk.do(supervision.resume, "aman", BOSS)
        desk.call(other, "1")
        told = refused("nothing_to_undo", lambda: desk.do(undoing.undo, served.id, "guard"))
        assert told == {"reason": "counter_busy", "number": other.number}
        desk.do(serving.park, other.id, "ani")
        desk.close("1")
        refused("counter_closed", lambda: desk.do(undoing.undo, served.id, "guard"))

    def test_a_drill_says_that_it_is_one_and_a_real_one_takes_its_place(
        self, desk: FrontDesk
    ) -> None:
        desk.do(supervision.pause, Pause.EVACUATION, "", "guard", drill=True)
        for _ in range(2):
            desk.do(supervision.pause, Pause.EVACUATION, "asap", "guard")
        desk.do(supervision.pause, Pause.EVACUATION, "", "guard", drill=True)
        stop = seen(desk).stop
        assert stop is not None and (stop.kind, stop.drill, stop.because) == (
            "EVACUATION",
            False,
            "asap",
        )
        assert [facts.get("drill") for _, facts in events_of(desk, "service_paused")] == [
            True,
            None,
        ]
        refused("paused", lambda: desk.do(supervision.pause, Pause.PAUSE, "listrik", BOSS))
        refused("paused", lambda: desk.do(supervision.resume, "", BOSS, meant=Pause.PAUSE))
        assert not desk.do(supervision.resume, "aman", BOSS, meant=Pause.EVACUATION).drill

    def test_whom_an_evacuation_kept_away_until_the_night_has_missed_nothing(
        self, desk: FrontDesk
    ) -> None:
        mine = desk.book(10 * 60)
        desk.do(supervision.pause, Pause.EVACUATION, "asap", BOSS)
        desk.pass_by(14 * 60)
        now = stage.at(desk.minute)
        desk.database.write(
            [(desk.code, stage.TODAY)], lambda tx: upkeep.miss_slot(tx, mine.id, now)
        )
        with desk.database.read() as connection:
            assert ticket_store.find(connection, mine.id).state is State.NO_SHOW
        assert [
            row.ticket for row in stage.rows_of(desk.database, tables.no_shows, desk.code)
        ] == []

    def test_no_screen_asks_anybody_in_during_an_evacuation(self, small: FrontDesk) -> None:
        def entering() -> tuple[str, ...]:
            with small.database.read() as connection:
                return view_board(connection, small.office, stage.at(small.minute), "test").entering

        small.open("1")
        small.come(), small.come()
        outside = small.come()
        small.next("1")
        assert entering() == (outside.number,)
        small.do(supervision.pause, Pause.EVACUATION, "asap", BOSS)
        assert entering() == ()

    def test_a_booked_visitor_keeps_the_turn_by_checking_in(self, small: FrontDesk) -> None:
        mine = small.book(10 * 60)
        small.pass_by(45)
        small.do(supervision.pause, Pause.PAUSE, "gempa", BOSS)
        came = small.check_in(mine)
        assert came.state is State.WAITING and came.place is Place.OUTSIDE

    def test_the_next_day_begins_as_usual(self, small: FrontDesk) -> None:
        small.do(supervision.pause, Pause.PAUSE, "banjir", BOSS)
        refused("paused", small.come)
        tomorrow = stage.at(24 * 60 + 9 * 60)
        came = small.database.write(
            [(small.code, stage.DAYS[1])],
            lambda tx: arrival.issue_walk_in(
                tx, small.code, arrival.WalkIn("REK"), draw(), tomorrow
            ),
        )
        assert (came.ticket.number, came.ticket.place) == ("A001", Place.INSIDE)
        with small.database.read() as connection:
            picture = supervisor.view_dashboard(connection, small.office, tomorrow, "test")
        assert (picture.stop, picture.admitting, picture.waiting, picture.inside) == (
            None,
            True,
            1,
            1,
        )


class TestLentCounters:
    def test_calls_and_serving_counters_follow(self, desk: FrontDesk) -> None:
        desk.open("1")
        other = desk.come("CTK")
        assert desk.next("1") is None
        desk.do(supervision.set_streams, desk.at("1"), ["C"], "loket 2 sakit", BOSS)
        by_letter = {each.letter: each.counters_open for each in seen(desk).streams}
        assert by_letter == {"A": 0, "C": 1}
        assert desk.next("1") == other.id
        assert desk.come("REK").id is not None and desk.next("1") is None
        assert [each.in_order for each in desk.explained()] == [True]

    def test_the_usual_streams_end_it(self, desk: FrontDesk) -> None:
        desk.do(supervision.set_streams, desk.at("1"), ["C", "A"], "ramai", BOSS)
        lent = next(each for each in seen(desk).counters if each.name == "1")
        assert (lent.letters, lent.usual, lent.lent) == (("A", "C"), ("A",), True)
        desk.do(supervision.set_streams, desk.at("1"), [], "selesai", BOSS)
        assert not any(each.lent for each in seen(desk).counters)
        desk.do(supervision.set_streams, desk.at("1"), ["A"], "", BOSS)
        assert [
            facts["changed"]["letters"] for _, facts in events_of(desk, "counter_streams_changed")
        ] == [["A", "AC"], ["AC", "A"]]

    def test_it_ends_with_the_day(self, desk: FrontDesk) -> None:
        desk.do(supervision.set_streams, desk.at("1"), ["C"], "ramai", BOSS)
        with desk.database.read() as connection:
            queue = board.view_queue(connection, desk.office, stage.at(24 * 60 + 9 * 60), "test")
        assert next(each.letters for each in queue.counters if each.name == "1") == ("A",)

    def test_what_is_refused(self, desk: FrontDesk) -> None:
        refused(
            "unknown_stream",
            lambda: desk.do(supervision.set_streams, desk.at("1"), ["Z"], "ramai", BOSS),
        )
        refused(
            "unknown_counter",
            lambda: desk.do(supervision.set_streams, "nowhere", ["A"], "ramai", BOSS),
        )
        refused(
            "bad_input", lambda: desk.do(supervision.set_streams, desk.at("1"), ["C"], "  ", BOSS)
        )
        assert events_of(desk, "counter_streams_changed") == []


class TestAnnouncements:
    def shown(self, desk: FrontDesk) -> list[dict[str, str]]:
        with desk.database.read() as connection:
            return [
                each.text
                for each in view_board(
                    connection, desk.office, stage.at(desk.minute), "test"
                ).notices
            ]

    def announce(self, desk: FrontDesk, text: str = "Halo", **times: float) -> str:
        starts = stage.at(times["starts"]) if "starts" in times else None
        ends = stage.at(times.get("ends", desk.minute + 60))
        id = draw().id
        return desk.do(supervision.announce, {"id": text, "en": "Hello"}, starts, ends, id, BOSS).id

    def test_screens_show_it_from_until(self, desk: FrontDesk) -> None:
        self.announce(desk, starts=desk.minute + 10, ends=desk.minute + 20)
        assert self.shown(desk) == []
        desk.pass_by(10)
        assert self.shown(desk) == [{"id": "Halo", "en": "Hello"}]
        desk.pass_by(10)
        assert self.shown(desk) == []

    def test_it_can_be_taken_off_before_and_while_it_is_shown(self, desk: FrontDesk) -> None:
        shown, planned = self.announce(desk), self.announce(desk, "Nanti", starts=desk.minute + 30)
        for each in (shown, planned, shown):
            desk.do(supervision.end_announcement, each, BOSS)
        desk.pass_by(31)
        assert self.shown(desk) == []
        assert [facts["announcement"] for _, facts in events_of(desk, "announcement_ended")] == [
            shown,
            planned,
        ]

    @pytest.mark.parametrize("text", ["", "   ", "x" * 141, "satu\ndua"])
    def test_texts_that_are_refused(self, desk: FrontDesk, text: str) -> None:
        assert refused("bad_input", lambda: self.announce(desk, text))["field"] == "text_id"

    def test_times_that_are_refused(self, desk: FrontDesk) -> None:
        refused("bad_input", lambda: self.announce(desk, ends=desk.minute))
        refused(
            "bad_input", lambda: self.announce(desk, starts=desk.minute + 20, ends=desk.minute + 10)
        )
        refused("bad_input", lambda: self.announce(desk, ends=desk.minute + 32 * 24 * 60))

    def test_no_more_than_anybody_reads(self, desk: FrontDesk) -> None:
        for _ in range(supervision.ANNOUNCEMENTS_MAX):
            self.announce(desk)
        assert refused("limit_reached", lambda: self.announce(desk))["rule"] == "announcements"

    def test_another_office_cannot_take_it_off(self, desk: FrontDesk, small: FrontDesk) -> None:
        mine = self.announce(desk)
        refused("unknown_announcement", lambda: small.do(supervision.end_announcement, mine, BOSS))
