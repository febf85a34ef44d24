"""Numbers from the lease: what is given, what is refused, and what is on disk for it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.issuing.rules import LeaseRefused
from kiosk.records.journal import RequestState, Wish
from queue_server.protocol.leases import SyncOutcome
from queue_server.protocol.messages import OfficeOffer
from tests.kiosk.issuing.leases import CODE, LEASE, PIN, Desk, booking
from tests.kiosk.records.test_journal import SLIP

WALK_IN = Wish("en", "REK", party_size=2, priority="elderly")
CHECK_IN = Wish("id", code=CODE)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.records.close()


def refusal_of(desk: Desk, wish: Wish) -> tuple[str, dict[str, object]]:
    key = f"k{len(desk.journal.pending())}"
    with pytest.raises(LeaseRefused) as refused:
        desk.touch(key, wish)
    entry = desk.journal.entry(key)
    assert entry is not None and entry.state is RequestState.PENDING, "nothing was given"
    assert desk.book.count_unreported() == 0
    return refused.value.code, refused.value.facts


def with_lease(desk: Desk, **changes: object) -> None:
    desk.book.store(dataclasses.replace(LEASE, **changes))  # type: ignore[arg-type]


def test_a_number_its_slip_and_its_report_are_on_disk_together(desk: Desk) -> None:
    slip = desk.touch("k1", WALK_IN, superseded_key="k1").slip
    assert slip is not None
    assert (slip.number, slip.service_name, slip.stream_name) == (
        "A501",
        "ID card enrolment",
        "Enrolment",
    )
    assert (slip.place, slip.offline, slip.wait, slip.ahead) == ("INSIDE", True, None, None)
    assert slip.url == f"https://antrean.example/t/{slip.code}"
    (item,) = desk.book.unreported(50)
    assert (item.id, item.number, item.lease) == (slip.id, "A501", "lease-1")
    assert (item.service, item.party_size, item.priority) == ("REK", 2, "elderly")
    assert (item.issued_at, item.superseded_key) == ("2026-11-23T09:00:00+07:00", "k1")
    assert desk.book.count_free("lease-1") == {"A": 9, "F": 3, "U": 2}


def test_the_same_request_again_takes_no_second_number(desk: Desk) -> None:
    first = desk.touch("k1", WALK_IN).slip
    assert desk.touch("k1", WALK_IN).slip == first
    assert desk.book.count_unreported() == 1


def test_with_a_limit_in_the_room_everybody_starts_outside(desk: Desk) -> None:
    with_lease(desk, limit=20)
    slip = desk.touch("k1", WALK_IN).slip
    assert slip is not None and slip.place == "OUTSIDE"


def test_an_urgent_case_goes_to_its_own_stream_in_every_mode(desk: Desk) -> None:
    assert refusal_of(desk, Wish("id", "KK")) == ("not_in_service", {"reason": "mode"})
    slip = desk.touch("k9", Wish("id", "KK", urgency="hospital")).slip
    assert slip is not None and slip.number == "U501"


@pytest.mark.parametrize(
    ("hours", "code"),
    [
        (-1.5, "not_in_service"),
        (3.5, "not_in_service"),
        (6.5, "no_lease"),  # beyond offline_until
        (24.0, "no_lease"),  # another day
    ],
)
def test_nothing_is_given_outside_the_lease_s_time(desk: Desk, hours: float, code: str) -> None:
    desk.pass_time(hours=hours)
    assert refusal_of(desk, WALK_IN)[0] == code


def test_the_tiles_say_what_is_known_without_the_server_and_no_more(desk: Desk) -> None:
    with_lease(desk, limit=20)
    offer = desk.lessor.offer()
    assert offer.limit is None, "nobody knows how many are inside"
    assert {each.waiting for each in offer.services} == {-1}
    tile = {each.code: each for each in offer.services}
    assert (tile["REK"].open, tile["KK"].open, tile["KK"].reason) == (True, False, "mode")
    assert tile["KK"].urgent_open, "an urgent case gets a number all the same"
    desk.touch("k1", Wish("id", "KK", urgency="hospital"))
    desk.touch("k2", Wish("id", "KK", urgency="hospital"))
    assert not {each.code: each for each in desk.lessor.offer().services}["KK"].urgent_open


def test_a_closed_noon_says_when_it_opens(desk: Desk) -> None:
    desk.pass_time(hours=3.5)
    assert refusal_of(desk, WALK_IN)[1] == {
        "reason": "hours",
        "opens_at": "2026-11-23T13:00:00+07:00",
    }


def test_numbers_are_used_up(desk: Desk) -> None:
    for turn in range(2):
        desk.touch(f"u{turn}", Wish("id", "REK", urgency="death"))
    with pytest.raises(LeaseRefused, match="lease_used_up"):
        desk.touch("u9", Wish("id", "REK", urgency="death"))
    assert desk.touch("k1", WALK_IN).slip is not None, "another stream has its own"


def test_places_are_counted_in_persons_and_with_what_the_server_knows(desk: Desk) -> None:
    with_lease(desk, places={"A": 5})
    desk.touch("k1", WALK_IN)
    desk.touch("k2", WALK_IN)
    with pytest.raises(LeaseRefused, match="lease_used_up"):
        desk.touch("k3", WALK_IN)
    desk.touch("k4", CHECK_IN)  # a booking has its own places
    desk.touch("k5", dataclasses.replace(WALK_IN, party_size=1))
    items = desk.book.unreported(50)
    desk.book.settle([SyncOutcome(each.id, "created", None, each.number) for each in items])
    with pytest.raises(LeaseRefused, match="lease_used_up"):
        desk.touch("k6", Wish("id", "REK"))
    rest = tuple(each for each in LEASE.numbers if each.number > "A504")
    with_lease(desk, places={"A": 1}, numbers=rest)  # what the server counts after the report
    assert desk.touch("k7", Wish("id", "REK")).slip is not None


def test_numbers_of_the_server_may_have_used_places_of_the_lease(desk: Desk) -> None:
    with_lease(desk, places={"A": 2, "F": 1})
    wish = Wish("id", "REK", party_size=2)
    desk.journal.write("online", wish, desk.now.timestamp())
    desk.journal.issue("online", dataclasses.replace(SLIP, stream="A"))
    with pytest.raises(LeaseRefused, match="lease_used_up"):
        desk.touch("k1", Wish("id", "REK"))
    with_lease(desk, places={"A": 1, "F": 1})  # what the server counts after it
    assert desk.touch("k2", Wish("id", "REK")).slip is not None


def test_a_large_party_is_for_the_staff(desk: Desk) -> None:
    assert refusal_of(desk, Wish("id", "REK", party_size=5)) == (
        "party_for_staff",
        {"party_size": 5, "limit": 4},
    )


@pytest.mark.parametrize("state", ["CLOSED", "REVOKED", "LOST"])
def test_an_ended_lease_gives_nothing(desk: Desk, state: str) -> None:
    with_lease(desk, state=state)
    assert refusal_of(desk, WALK_IN)[0] == "no_lease"


def test_numbers_that_the_server_took_back_are_not_given(desk: Desk) -> None:
    with_lease(desk, numbers=LEASE.numbers[3:])
    slip = desk.touch("k1", WALK_IN).slip
    assert slip is not None and slip.number == "A504"


def test_a_booking_is_checked_in_once_and_the_second_scan_repeats_it(desk: Desk) -> None:
    first = desk.touch("k1", CHECK_IN)
    assert first.slip is not None and not first.repeated
    assert (first.slip.code, first.slip.party_size) == (CODE, 2)
    assert first.slip.starts_at == "2026-11-23T09:30:00+07:00"
    desk.pass_time(minutes=5)
    again = desk.touch("k2", CHECK_IN)
    assert again.repeated and again.slip == dataclasses.replace(first.slip, repeated=True)
    (item,) = desk.book.unreported(50)
    assert (item.code, item.service) == (CODE, None)


def test_a_booking_checked_in_here_through_the_server_keeps_its_number(desk: Desk) -> None:
    online = desk.touch("k0", WALK_IN).slip
    assert online is not None
    desk.journal.write("k1", CHECK_IN, 1.0)
    known = dataclasses.replace(online, number="A012", checked_in_at=online.issued_at)
    desk.journal.issue("k1", known)
    again = desk.touch("k2", CHECK_IN)
    assert again.repeated and again.slip is not None and again.slip.number == "A012"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"check_in_from": "2026-11-23T09:10:00+07:00"}, "too_early"),
        ({"check_in_until": "2026-11-23T09:00:00+07:00"}, "too_late"),
        ({"starts_at": "2026-11-24T09:30:00+07:00"}, "wrong_day"),
        ({"digest": "00"}, "unknown_offline"),
    ],
)
def test_a_booking_that_cannot_be_checked_in_says_why(
    desk: Desk, changes: dict[str, str], code: str
) -> None:
    with_lease(desk, bookings=(booking(**changes),))
    assert refusal_of(desk, CHECK_IN)[0] == code


def test_nothing_is_given_while_the_clock_is_not_sure(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.clock._anchor = None
    assert refusal_of(desk, WALK_IN)[0] == "clock_unsure"


def test_a_standstill_that_the_server_announced_holds_without_it(desk: Desk) -> None:
    still = OfficeOffer(
        "3674", "", "", "NORMAL", False, "2026-11-23T09:00:00+07:00", paused="EVACUATION"
    )
    desk.lessor.notice(still)
    assert refusal_of(desk, WALK_IN) == ("not_in_service", {"reason": "paused"})
    desk.lessor.notice(dataclasses.replace(still, open=True, paused=None))
    assert desk.touch("k9", WALK_IN).slip is not None


def test_the_staffs_pin_stops_the_kiosk_and_lifts_the_stop(desk: Desk) -> None:
    assert desk.lessor.set_stop(PIN, on=True).code == "stopped"
    assert desk.lessor.is_stopped()
    assert refusal_of(desk, WALK_IN)[0] == "offline_stopped"
    assert desk.lessor.set_stop(PIN, on=False).code == "lifted"
    assert not desk.lessor.is_stopped()


def test_guessing_the_pin_gets_slower_also_over_a_restart(desk: Desk, tmp_path: Path) -> None:
    answers = [desk.lessor.set_stop("000000", on=True) for _ in range(5)]
    assert [each.code for each in answers] == ["wrong_pin"] * 3 + ["too_many_tries"] * 2
    desk.records.close()
    again = Desk(tmp_path, None)
    assert again.lessor.set_stop(PIN, on=True).code == "too_many_tries"
    again.pass_time(seconds=answers[-1].wait_seconds + 1)
    assert again.lessor.set_stop(PIN, on=True).code == "stopped"


def test_the_tiles_close_before_they_are_touched(desk: Desk) -> None:
    with_lease(desk, places={"A": 1})
    offer = desk.lessor.offer()
    assert offer.open
    assert [(each.code, each.open, each.reason) for each in offer.services] == [
        ("REK", True, None),
        ("KK", False, "mode"),
    ]
    desk.touch("k1", Wish("id", "REK"))
    assert desk.lessor.offer().services[0].reason == "lease_used_up"
    desk.pass_time(hours=3.5)
    assert (desk.lessor.offer().open, desk.lessor.offer().reason) == (False, "hours")


wishes = st.one_of(
    st.builds(
        Wish,
        st.just("id"),
        st.sampled_from(["REK", "KK", "NONE"]),
        st.integers(1, 5),
        st.none(),
        st.sampled_from([None, "death"]),
    ),
    st.just(CHECK_IN),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 5), wishes), max_size=30),
    st.dictionaries(st.sampled_from("AFU"), st.integers(0, 9)) | st.none(),
)
def test_whatever_is_touched_no_number_is_given_twice_and_no_place_too_often(
    tmp_path_factory: pytest.TempPathFactory,
    touches: list[tuple[int, Wish]],
    places: dict[str, int] | None,
) -> None:
    desk = Desk(tmp_path_factory.mktemp("desk"), dataclasses.replace(LEASE, places=places))
    wish_of: dict[str, Wish] = {}
    for turn, (key, wish) in enumerate(touches):
        # The same finger may press again; another wish under one key never reaches the lease.
        name = f"k{key}-{turn}" if wish_of.get(f"k{key}", wish) != wish else f"k{key}"
        wish_of[name] = wish
        try:
            desk.touch(name, wish)
        except LeaseRefused:
            continue
    items = desk.book.unreported(100)
    assert len({each.number for each in items}) == len(items)
    slips = [entry.slip for key in wish_of if (entry := desk.journal.entry(key)) and entry.slip]
    assert {each.number for each in slips} == {each.number for each in items}
    assert sum(each.code == CODE for each in items) <= 1
    if places is not None:
        for letter in "AFU":
            given_persons = sum(
                each.party_size
                for each in items
                if each.number.startswith(letter) and each.code is None
            )
            assert given_persons <= places.get(letter, 0)
    desk.records.close()
