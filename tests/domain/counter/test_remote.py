"""Visits from home: what the room, the door and the other counters never have to do with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.booking.availability import kinds_offered, letter_for, offer_slots
from queue_server.domain.booking.replan import Claimant, Firmness, plan_day, replan
from queue_server.domain.counter.call_order import StaffedCounter, next_ticket
from queue_server.domain.counter.candidate import Candidate
from queue_server.domain.counter.remote import admit_contact, admit_meeting, phone_links
from queue_server.domain.door.steps import close_visit, join_remotely, return_late
from queue_server.domain.errors import BadInput, DomainError, NotYourTicket, WrongState
from queue_server.domain.events import EventType
from queue_server.domain.messages.message import MessageKind
from queue_server.domain.messages.owed import FOLLOWS, follows
from queue_server.domain.office.modes import ServiceMode
from queue_server.domain.office.office import Office, VisitKind
from queue_server.domain.office.remote import RemoteChange, RemoteCounter, set_remote
from queue_server.domain.visit.claim import Claim, Pool
from queue_server.domain.visit.occupancy import Occupancy
from queue_server.domain.visit.office_day import OfficeDay, follow
from queue_server.domain.visit.ticket import Place, Ticket
from queue_server.domain.visit.transitions import State
from tests.domain.examples import NINE, RULES, TODAY, always, minutes, office, service, ticket_in

REMOTE = (VisitKind.PHONE, VisitKind.VIDEO)
SLOT = NINE + minutes(60)


def at_home(**values: Any) -> Office:
    """An office whose second counter is worked from home, for one of its services."""
    change = RemoteChange({"REK": REMOTE}, {"3674-2": RemoteCounter()})
    return set_remote(office(**values), change)


def booked(kind: VisitKind = VisitKind.PHONE, **values: Any) -> Ticket:
    return replace(
        ticket_in(State.BOOKED), kind=kind, letter="T", slot=SLOT, **{"date": TODAY, **values}
    )


candidates = st.builds(
    Candidate,
    st.integers(0, 90).map(lambda each: NINE + minutes(each)),
    st.uuids().map(str),
    st.sampled_from("AT"),
    st.integers(1, 4),
    st.booleans(),
)


@given(
    st.lists(candidates, max_size=8),
    st.lists(candidates, max_size=8),
    st.sets(st.sampled_from("ACT"), min_size=1),
    st.booleans(),
    st.integers(0, 6),
    st.booleans(),
)
def test_no_counter_ever_calls_who_is_not_where_it_serves(
    here: list[Candidate],
    there: list[Candidate],
    letters: set[str],
    remote: bool,
    inside: int,
    admitting: bool,
) -> None:
    """Whatever the streams say; and the room decides nothing about who is at home."""
    waiting = [*here, *(replace(each, remote=True, inside=True) for each in there)]
    counter = StaffedCounter("3674-2", "ani", frozenset(letters), remote)
    chosen = next_ticket(waiting, counter, Occupancy(inside, 0, 4, None, admitting))
    assert chosen is None or chosen.remote is remote
    if remote:
        able = [each for each in waiting if each.remote and each.letter in letters]
        assert chosen == min(able, default=None)


@given(st.sampled_from(REMOTE), st.integers(-30, 300))
def test_a_call_is_never_in_the_room_and_its_turn_is_its_time(kind: VisitKind, late: int) -> None:
    """However late the software comes to it, and however early its visitor says to be ready."""
    now = SLOT + minutes(late)
    joined, event = join_remotely(booked(kind), RULES, "T001", now)
    assert (joined.state, joined.place, joined.persons_inside) == (State.WAITING, Place.REMOTE, 0)
    assert joined.turn_time == SLOT
    day = follow(OfficeDay("3674", TODAY), booked(kind), joined, now)
    assert (day.persons_inside, day.parties_outside) == (0, 0)
    assert day.stream("T").waiting == 1
    assert event.facts["kind"] == kind


def test_who_missed_a_call_is_at_home_still() -> None:
    missed = replace(booked(), state=State.NO_SHOW, number="T001", ended_at=SLOT)
    back, _event = return_late(missed, RULES, "T001", True, SLOT + minutes(5))
    assert back.place is Place.REMOTE


def test_whom_nobody_rang_did_not_leave() -> None:
    waiting, _event = join_remotely(booked(), RULES, "T001", SLOT)
    assert close_visit(waiting, SLOT + timedelta(hours=15))[0].state is State.CANCELLED


class TestSetting:
    @given(st.sets(st.sampled_from(["3674-1", "3674-2"])), st.sets(st.sampled_from(["3674-1"])))
    def test_a_counter_serves_the_office_or_those_at_home(
        self, first: set[str], second: set[str]
    ) -> None:
        """And what it served comes back with it."""
        usual = office()
        shown = usual
        for homes in (first, second):
            shown = set_remote(shown, RemoteChange({}, dict.fromkeys(homes, RemoteCounter())))
            remote = shown.remote_letter
            for each in shown.counters:
                assert each.remote is (each.id in homes)
                assert (remote is not None and remote in each.letters) is each.remote
                assert not each.remote or each.letters == (remote,)
        back = set_remote(shown, RemoteChange({}, {}))
        assert back.counters == usual.counters

    def test_a_letter_that_is_free_is_taken(self) -> None:
        streams = tuple(replace(office().streams[0], letter=each) for each in "ACTV")
        assert at_home(streams=streams).remote_letter == "R"


class TestBooking:
    def test_only_as_the_service_can_be_had(self) -> None:
        ours = at_home()
        assert kinds_offered(ours, ours.service("REK"), NINE, urgent=False) == tuple(VisitKind)
        assert kinds_offered(ours, ours.service("CTK"), NINE, urgent=False) == ()
        assert letter_for(ours, "REK", urgent=True, kind=VisitKind.VIDEO) == "T"
        with pytest.raises(BadInput, match="not_offered"):
            letter_for(ours, "CTK", urgent=False, kind=VisitKind.PHONE)

    @given(st.one_of(st.none(), st.integers(1, 5)))
    def test_the_room_bounds_no_call(self, limit: int | None) -> None:
        ours = at_home(people_limit=limit)
        plan = plan_day(ours, TODAY)
        first = plan.slots[8].starts_at
        for _ in range(limit or 0):
            for pool in Pool:
                try:
                    plan = plan.change(Claim(first, 1, "A", pool, 1), 1)
                except DomainError:
                    continue

        def free(kind: VisitKind) -> dict[object, int]:
            return {
                each.starts_at: each.free
                for each in offer_slots(
                    plan, ours, ours.service("REK"), 1, NINE, urgent=False, kind=kind
                )
            }

        at_counters = {
            slot.starts_at: slot.streams["T"].free(Pool.ONLINE, released=False)
            for slot in plan.slots
        }
        found = free(VisitKind.PHONE)
        # What is released shortly before its time may be more.
        assert found and all(each >= at_counters[at] for at, each in found.items())

    @pytest.mark.parametrize("mode", [ServiceMode.URGENT_ONLY, ServiceMode.ONLINE_FIRST])
    def test_a_mode_that_keeps_people_away_strands_no_call(self, mode: ServiceMode) -> None:
        ours = at_home()
        plan = plan_day(ours, TODAY)
        claim = Claim(SLOT, 1, "T", Pool.ONLINE, 0)
        claimant = Claimant("t", claim, Firmness.BOOKED, NINE, "REK", False, VisitKind.PHONE)
        strict = replace(ours, modes=(always(mode),))
        kept = replan(strict, plan.change(claim, 1), [claimant], NINE)
        assert kept.stranded == ()
        closed = replace(ours, modes=(always(ServiceMode.CLOSED),))
        assert replan(closed, plan.change(claim, 1), [claimant], NINE).stranded == (claimant,)

    def test_the_time_of_a_call_follows_the_services_of_its_stream(self) -> None:
        ours = at_home(services=(service("REK", "A", minutes=40), service("CTK", "C")))
        assert ours.mean_minutes("T") == 40


class TestTheNumber:
    @given(st.sampled_from(State), st.sampled_from(VisitKind), st.sampled_from(["ani", "budi"]))
    def test_is_for_the_clerk_whose_call_it_is(
        self, state: State, kind: VisitKind, clerk: str
    ) -> None:
        ticket = replace(ticket_in(State.BOOKED), state=state, kind=kind, clerk="ani")
        is_allowed = kind.is_remote and state in (State.CALLED, State.SERVING) and clerk == "ani"
        try:
            admit_contact(ticket, clerk)
        except (WrongState, NotYourTicket):
            assert not is_allowed
        else:
            assert is_allowed

    def test_becomes_addresses_that_ring(self) -> None:
        assert phone_links("+6281234567890") == (
            "tel:+6281234567890",
            "https://wa.me/6281234567890",
        )

    @pytest.mark.parametrize(
        "url", ["http://a.example", "javascript:alert(1)", "https://localhost/a", "https://a@b.c/"]
    )
    def test_no_meeting_is_at_what_is_no_safe_address(self, url: str) -> None:
        ticket = replace(booked(VisitKind.VIDEO), state=State.CALLED, clerk="ani")
        with pytest.raises(BadInput):
            admit_meeting(ticket, "ani", url)
        admit_meeting(ticket, "ani", "https://a.example/raum")


def test_the_ringing_telephone_is_the_message() -> None:
    assert follows(EventType.CALLED, VisitKind.PHONE) is None
    assert follows(EventType.MEETING_OPENED, VisitKind.VIDEO) is MessageKind.CALL
    assert follows(EventType.MEETING_OPENED, VisitKind.OFFICE) is None
    for type, kind in FOLLOWS.items():
        assert follows(type, VisitKind.OFFICE) is kind
