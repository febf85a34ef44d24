"""What is set aside for a kiosk: numbers once, places fairly, and the lease's one table."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.booking.places import DayPlan, Places, SlotPlaces
from queue_server.domain.door import leases
from queue_server.domain.door.leases import Fate, Lease, LeaseAction, LeaseState
from queue_server.domain.errors import BadInput, LeaseElsewhere, LeaseOver
from queue_server.domain.office.hours import Hours, Opening
from queue_server.domain.office.office import Office
from queue_server.domain.visit.claim import Pool
from queue_server.domain.visit.numbering import ticket_number

MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
OFFICE = Office(
    "o",
    "-",
    "-",
    "-",
    "Asia/Jakarta",
    None,
    hours=Hours(week=(Opening(0, time(8), time(15)), Opening(3, time(8), time(12)))),
    revision=7,
)
COUNTS = st.integers(0, 12)


def lease(state: LeaseState = LeaseState.ACTIVE) -> Lease:
    return Lease("l", "k", "i", "o", MONDAY, state, 1, NOW, NOW)


@given(
    st.lists(st.tuples(st.integers(0, 499), st.integers(0, 499)), max_size=60), st.integers(0, 9)
)
def test_no_number_is_ever_leased_twice_or_outside_the_range(
    asked: list[tuple[int, int]], kiosks: int
) -> None:
    last, given_so_far = None, set[int]()
    for wanted, unused in asked:
        sequences = leases.choose_sequences(wanted, unused, last, kiosks)
        assert len(sequences) <= max(0, wanted - unused)
        assert given_so_far.isdisjoint(sequences)
        given_so_far.update(sequences)
        last = sequences[-1] if sequences else last
    assert all(501 <= each <= 999 for each in given_so_far)


def test_whoever_still_asks_gets_a_number_while_there_are_any() -> None:
    last, rounds = None, 0
    while sequences := leases.choose_sequences(499, 0, last, 16):
        last, rounds = sequences[-1], rounds + 1
    assert last == 999 and rounds > 16


@given(st.integers(1, 20_000))
def test_the_day_s_own_sequence_never_meets_the_range(sequence: int) -> None:
    assert not 501 <= int(ticket_number("A", sequence)[1:]) <= 999


@given(st.integers(0, 1000), st.lists(st.integers(0, 50), max_size=8), st.integers(1, 8))
def test_all_kiosks_together_hold_at_most_half(free: int, held: list[int], kiosks: int) -> None:
    share = leases.fair_share(free, sum(held[:kiosks]), kiosks)
    assert 0 <= share * kiosks * 2 <= free + sum(held[:kiosks])


@st.composite
def plans(draw: st.DrawFn) -> DayPlan:
    slots = []
    for index in range(draw(st.integers(0, 8))):
        starts_at = NOW + timedelta(minutes=30 * (index - 2))
        people, stream = (
            Places((draw(COUNTS), draw(COUNTS), draw(COUNTS))) for _ in ("people", "stream")
        )
        taken = draw(st.integers(0, min(people.offered[1], stream.offered[1])))
        slots.append(
            SlotPlaces(
                starts_at,
                starts_at + timedelta(minutes=30),
                people.change(Pool.WALK_IN, taken),
                {"A": stream.change(Pool.WALK_IN, taken)},
            )
        )
    return DayPlan("o", MONDAY, tuple(slots))


@given(plans(), st.integers(1, 3), st.integers(-2, 40))
def test_places_are_taken_from_what_is_free_and_nowhere_else(
    plan: DayPlan, span: int, number: int
) -> None:
    after, claims = leases.choose_places(plan, "A", span, number, NOW)
    assert len(claims) <= max(0, number)
    ends = {each.starts_at: each.ends_at for each in plan.slots}
    again = plan
    for claim in claims:
        assert ends[claim.starts_at] > NOW and (claim.pool, claim.people) == (Pool.WALK_IN, 1)
        again = again.change(claim, 1)
    assert again == after
    for slot in after.slots:
        assert slot.people.taken[1] <= slot.people.offered[1]
    if len(claims) < number:
        assert leases.choose_places(after, "A", span, 1, NOW)[1] == []


def test_places_are_spread_over_the_slots_to_come() -> None:
    slots = [
        SlotPlaces(
            NOW + timedelta(minutes=30 * index),
            NOW + timedelta(minutes=30 * (index + 1)),
            Places((0, 9, 0)),
            {"A": Places((0, 9, 0))},
        )
        for index in range(8)
    ]
    _, claims = leases.choose_places(DayPlan("o", MONDAY, tuple(slots)), "A", 1, 4, NOW)
    assert [(each.starts_at - NOW) / timedelta(hours=1) for each in claims] == [0, 1, 2, 3]


def test_today_and_the_next_open_day_can_be_leased_and_nothing_else() -> None:
    thursday = MONDAY + timedelta(days=3)
    assert leases.next_open_day(OFFICE, MONDAY) == thursday
    for day in (MONDAY, thursday):
        leases.admit_date(OFFICE, day, NOW)
    for day in (MONDAY + timedelta(days=1), MONDAY - timedelta(days=1), date(2026, 11, 30)):
        with pytest.raises(BadInput):
            leases.admit_date(OFFICE, day, NOW)
    assert leases.day_ends_at(OFFICE, MONDAY, NOW) == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert leases.day_ends_at(OFFICE, MONDAY + timedelta(days=1), NOW) == NOW


def test_a_second_installation_is_refused() -> None:
    leases.admit_installation(None, "j")
    leases.admit_installation(lease(), "i")
    with pytest.raises(LeaseElsewhere):
        leases.admit_installation(lease(), "j")


@pytest.mark.parametrize("action", [LeaseAction.CLOSE, LeaseAction.REVOKE, LeaseAction.LOSE])
@pytest.mark.parametrize("state", list(LeaseState))
def test_a_lease_ends_once(action: LeaseAction, state: LeaseState) -> None:
    if state is not LeaseState.ACTIVE:
        with pytest.raises(LeaseOver):
            leases.end(lease(state), action, Fate(), "budi", NOW)
        with pytest.raises(LeaseOver):
            leases.note_fill(lease(state), LeaseAction.FILL, OFFICE, 1, 0, NOW)
        return
    after, event = leases.end(lease(), action, Fate(synced=3, open=5), "budi", NOW)
    assert (after.state, after.ended_at) == (leases.TRANSITIONS[action].target, NOW)
    ended = [event.facts[each] for each in ("synced", "burnt", "lost")]
    assert ended == ([3, 0, 5] if action is LeaseAction.LOSE else [3, 5, 0])


def test_filling_up_takes_the_settings_of_now() -> None:
    after, event = leases.note_fill(lease(), LeaseAction.FILL, OFFICE, 4, 2, NOW)
    assert (after.epoch, after.offline_until) == (7, datetime(2026, 11, 23, 8, tzinfo=UTC))
    assert (event.facts["numbers"], event.facts["places"]) == (4, 2)


def test_keys_and_pins_are_of_one_lease_and_one_secret() -> None:
    keys = {leases.derive_key(secret, id) for secret in (b"a", b"b") for id in ("1", "2")}
    pins = {leases.derive_pin(secret, id) for secret in (b"a", b"b") for id in ("1", "2")}
    assert len(keys) == len(pins) == 4 and all(len(each) == 6 for each in pins)
    assert leases.derive_pin(b"a", "1") == leases.derive_pin(b"a", "1")
