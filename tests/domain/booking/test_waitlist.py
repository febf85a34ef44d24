"""The waitlist's rules: steps from state to state, who is offered a place, and for how long."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.booking import waitlist as rules_of
from queue_server.domain.booking.places import DayPlan, Places, SlotPlaces
from queue_server.domain.booking.waitlist import Entry, EntryState
from queue_server.domain.errors import BadInput, LimitReached, NotInService, WrongState
from queue_server.domain.office.hours import Hours, Opening
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.domain.office.office import (
    Counter,
    Office,
    Service,
    ServiceChannel,
    Stream,
    VisitKind,
)
from queue_server.domain.office.rules import Rules
from queue_server.domain.visit.identity import Visitor

DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
RULES = Rules()
WORDS = {"id": "-", "en": "-"}
OFFICE = Office(
    "o",
    "-",
    "-",
    "-",
    "Asia/Jakarta",
    10,
    RULES,
    (Stream("A", WORDS),),
    (
        Service("SHORT", "A", WORDS, WORDS, WORDS, ServiceChannel.MUST_COME, 10),
        Service("LONG", "A", WORDS, WORDS, WORDS, ServiceChannel.MUST_COME, 25),
    ),
    (Counter("1", "1", ("A",)),),
)


def entry(**changes: Any) -> Entry:
    made = Entry(
        "e",
        "0" * 12,
        "o",
        "SHORT",
        "A",
        1,
        False,
        DAY,
        DAY,
        "id",
        EntryState.WAITING,
        0,
        None,
        NOW,
        Visitor("Siti", "f" * 64, "0001", None, "siti@contoh.id"),
    )
    return replace(made, **changes)


def plan(*free: int) -> DayPlan:
    """A day whose slots, from an hour after NOW, have these many online places left."""
    starts = [NOW + timedelta(minutes=60 + 15 * place) for place in range(len(free))]
    places = [Places((number, 0, 0)) for number in free]
    return DayPlan(
        "o",
        DAY,
        tuple(
            SlotPlaces(start, start + timedelta(minutes=15), left, {"A": left})
            for start, left in zip(starts, places, strict=True)
        ),
    )


STEPS: dict[str, Callable[[Entry], Entry]] = {
    "offer": lambda each: rules_of.offer(each, "t"),
    "decline": rules_of.decline,
    "accept": rules_of.accept,
    "leave": rules_of.leave,
    "lapse": lambda each: rules_of.lapse(each, RULES),
    "withdraw": rules_of.withdraw,
}
ALLOWED = {
    EntryState.WAITING: {"offer", "leave"},
    EntryState.OFFERED: {"decline", "accept", "leave", "lapse", "withdraw"},
    EntryState.TAKEN: set(),
    EntryState.LAPSED: set(),
    EntryState.LEFT: set(),
}


@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=30))
def test_no_run_of_steps_breaks_an_entry(steps: list[str]) -> None:
    """Only what the state allows happens; a held ticket goes with OFFERED, and a person with a live
    entry, exactly.
    """
    now = entry()
    for step in steps:
        if step not in ALLOWED[now.state]:
            with pytest.raises(WrongState):
                STEPS[step](now)
            continue
        now = STEPS[step](now)
        assert (now.visitor is not None) == (now.state in (EntryState.WAITING, EntryState.OFFERED))
        assert (now.ticket is not None) == (now.state in (EntryState.OFFERED, EntryState.TAKEN))
        assert now.offers <= RULES.waitlist.offers_max
        assert now.offers < RULES.waitlist.offers_max or now.state is EntryState.LAPSED


def chosen(
    entries: list[Entry], of: DayPlan, now: datetime = NOW
) -> tuple[str, datetime, int, int] | None:
    found = rules_of.choose_entry(OFFICE, of, [slot.starts_at for slot in of.slots], entries, now)
    return (
        None if found is None else (found[0].id, found[1].starts_at, found[1].span, found[1].people)
    )


def test_the_first_whom_it_suits_is_chosen() -> None:
    pair, late, one = (
        entry(id="pair", party_size=2),
        entry(id="late", first_date=DAY + timedelta(days=1), last_date=DAY),
        entry(id="one"),
    )
    start = plan(1).slots[0].starts_at
    assert chosen([pair, late, one], plan(1)) == ("one", start, 1, 1)
    assert chosen([pair, late, one], plan(2)) == ("pair", start, 1, 2)
    assert chosen([pair, late], plan(1)) is None
    assert chosen([entry(state=EntryState.OFFERED, ticket="t")], plan(1)) is None
    assert chosen([entry(service="GONE")], plan(1)) is None


def test_a_long_visit_needs_all_its_slots() -> None:
    assert chosen([entry(service="LONG")], plan(1, 0)) is None
    assert chosen([entry(service="LONG")], plan(1)) is None
    assert chosen([entry(service="LONG")], plan(0, 1, 1)) == (
        "e",
        plan(0, 1).slots[1].starts_at,
        2,
        1,
    )


@pytest.mark.parametrize(("before", "offered"), [(60, True), (10, True), (9.9, False), (-5, False)])
def test_a_time_that_leaves_no_time_to_answer_is_not_offered(before: float, offered: bool) -> None:
    of = plan(1)
    assert (
        chosen([entry()], of, of.slots[0].starts_at - timedelta(minutes=before)) is not None
    ) == offered


@given(st.floats(1, 20_000))
def test_an_offer_never_outlasts_its_own_time(minutes: float) -> None:
    starts_at = NOW + timedelta(minutes=minutes)
    until = rules_of.offer_until(OFFICE, starts_at, NOW)
    assert NOW < until <= starts_at and until - NOW <= timedelta(
        minutes=RULES.waitlist.offer_minutes
    )


@pytest.mark.parametrize(
    ("hour", "minutes"), [(7.9, 60), (8, 15), (12.5, 15), (14.9, 15), (15, 60), (20, 60)]
)
def test_an_offer_is_short_while_the_doors_are_open(hour: float, minutes: int) -> None:
    """From the first opening to the last closing, the midday break included; at night nobody need
    get up for it.
    """
    stretches = (
        Opening(DAY.weekday(), time(8), time(12)),
        Opening(DAY.weekday(), time(13), time(15)),
    )
    office = replace(OFFICE, hours=Hours(week=stretches))
    now = datetime.combine(DAY, time(), office.tz) + timedelta(hours=hour)
    assert rules_of.offer_until(office, now + timedelta(days=1), now) - now == timedelta(
        minutes=minutes
    )
    shorter = replace(
        office, rules=replace(RULES, waitlist=replace(RULES.waitlist, offer_minutes=10))
    )
    assert rules_of.offer_until(shorter, now + timedelta(days=1), now) - now == timedelta(
        minutes=10
    ), "never longer than at night"


def suiting(office: Office, of: DayPlan, starts: list[datetime], now: datetime) -> dict[str, int]:
    """The largest party of each service, of visits in the office."""
    parties = rules_of.suiting_parties(office, of, starts, now, remote=False)
    assert {kind for _service, kind in parties} <= {VisitKind.OFFICE}
    return {service: largest for (service, _kind), largest in parties.items()}


def test_those_who_wait_are_asked_for_by_what_fits() -> None:
    of = plan(3, 1)
    starts = [slot.starts_at for slot in of.slots]
    assert suiting(OFFICE, of, starts, NOW) == {"SHORT": 3, "LONG": 1}
    assert suiting(OFFICE, of, starts[1:], NOW) == {"SHORT": 1}, "a long visit needs two slots"
    assert suiting(OFFICE, of, starts, starts[0] - timedelta(minutes=9)) == {"SHORT": 1}
    assert suiting(OFFICE, plan(0), [plan(0).slots[0].starts_at], NOW) == {}


@given(
    st.lists(st.integers(0, 4), min_size=1, max_size=4),
    st.sampled_from(["SHORT", "LONG"]),
    st.integers(1, 5),
)
def test_what_is_asked_for_is_exactly_what_can_be_offered(
    free: list[int], service: str, party: int
) -> None:
    of = plan(*free)
    starts = [slot.starts_at for slot in of.slots]
    fits = party <= suiting(OFFICE, of, starts, NOW).get(service, 0)
    assert fits == (chosen([entry(service=service, party_size=party)], of) is not None)


def test_nobody_is_offered_a_place_whose_contact_is_unproved() -> None:
    assert chosen([entry(id="robot", proved=False), entry(id="person")], plan(1)) == (
        "person",
        plan(1).slots[0].starts_at,
        1,
        1,
    )


@pytest.mark.parametrize(
    ("contact", "needs_proof", "refused"),
    [("c", True, False), (None, False, False), (None, True, True)],
)
def test_an_entry_needs_somebody_who_can_be_told(
    contact: str | None, needs_proof: bool, refused: bool
) -> None:
    with pytest.raises(BadInput) if refused else nullcontext():
        rules_of.admit_reachable(contact, needs_proof=needs_proof)


@pytest.mark.parametrize(("waiting", "refused"), [(0, False), (3, False), (4, True), (50, True)])
def test_a_contact_waits_only_so_often(waiting: int, refused: bool) -> None:
    with pytest.raises(LimitReached) if refused else nullcontext():
        rules_of.admit_contact(OFFICE, waiting)


class TestAdmitWait:
    """A service that takes visits at some moment of the dates may be waited for."""

    TOMORROW = DAY + timedelta(days=1)

    def office(self, *decisions: tuple[ServiceMode, str | None, int, int | None]) -> Office:
        """An office with decisions: mode, service, begin and end in hours from NOW, each decided
        later than the one before.
        """
        return replace(
            OFFICE,
            modes=tuple(
                ModePeriod(
                    str(place),
                    mode,
                    NOW + timedelta(hours=begin),
                    NOW + timedelta(minutes=place),
                    "ani",
                    ends_at=None if end is None else NOW + timedelta(hours=end),
                    service=service,
                )
                for place, (mode, service, begin, end) in enumerate(decisions)
            ),
        )

    def may_wait(self, office: Office, first: date = DAY, last: date = DAY) -> bool:
        try:
            rules_of.admit_wait(office, office.service("SHORT"), first, last, NOW)
        except NotInService as refused:
            assert refused.facts["service"] == "SHORT"
            return False
        return True

    def test_what_is_closed_for_a_while_may_be_waited_for(self) -> None:
        until_two = (ServiceMode.CLOSED, "SHORT", -1, 5)
        assert self.may_wait(self.office(until_two))
        assert self.may_wait(self.office((ServiceMode.URGENT_ONLY, None, -1, 5)))
        assert self.may_wait(self.office((ServiceMode.CLOSED, "SHORT", -1, 24)), last=self.TOMORROW)

    def test_what_is_closed_until_it_is_decided_anew_may_not(self) -> None:
        assert not self.may_wait(self.office((ServiceMode.CLOSED, "SHORT", -1, None)))
        assert not self.may_wait(
            self.office((ServiceMode.URGENT_ONLY, None, -1, None)), last=self.TOMORROW
        )

    def test_the_decision_that_binds_is_judged_and_no_other(self) -> None:
        for_good, for_a_while = (
            (ServiceMode.CLOSED, "SHORT", -1, None),
            (ServiceMode.ONLINE_FIRST, None, -1, 5),
        )
        assert not self.may_wait(self.office(for_good, for_a_while)), (
            "the office's decision has an end, the service's has none"
        )
        assert not self.may_wait(self.office(for_a_while, for_good))
        assert self.may_wait(self.office((ServiceMode.CLOSED, "LONG", -1, None))), "another service"
        assert not self.may_wait(
            self.office(for_good, (ServiceMode.URGENT_ONLY, "SHORT", -1, 5))
        ), "after the end the older one rules"

    def test_only_the_dates_waited_for_count(self) -> None:
        for_two_days = self.office((ServiceMode.CLOSED, None, -1, 48))
        assert not self.may_wait(for_two_days, last=self.TOMORROW)
        assert self.may_wait(for_two_days, last=DAY + timedelta(days=2))
        from_tomorrow = self.office((ServiceMode.CLOSED, None, 24, None))
        assert self.may_wait(from_tomorrow)
        assert not self.may_wait(
            from_tomorrow, self.TOMORROW + timedelta(days=1), self.TOMORROW + timedelta(days=2)
        )

    def test_online_first_forbids_only_what_can_be_had_online(self) -> None:
        office = self.office((ServiceMode.ONLINE_FIRST, None, -1, None))
        assert self.may_wait(office)
        assert not self.may_wait(
            replace(
                office, services=(replace(office.service("SHORT"), channel=ServiceChannel.ONLINE),)
            )
        )
