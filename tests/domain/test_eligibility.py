"""How many live tickets one person may hold."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.eligibility import LiveBooking, admit_person
from queue_server.domain.errors import LimitReached
from queue_server.domain.office import Rules

RULES = Rules()


def refused_by(live: list[LiveBooking], service: str = "REK", rules: Rules = RULES) -> tuple[object, object] | None:
    try:
        admit_person(rules, service, live)
    except LimitReached as refused:
        return refused.facts["rule"], refused.facts["limit"]
    return None


@pytest.mark.parametrize(
    ("live", "refused"),
    [
        ([], None),
        ([LiveBooking("REK", True, True)], ("service", 1)),
        ([LiveBooking("CTK", True, True)], None),
        ([LiveBooking("CTK", True, False), LiveBooking("KK", True, False)], ("office", 2)),
        ([LiveBooking("REK", False, True)] * 3, None),  # a family with one phone
        ([LiveBooking("REK", False, True)] * 4, ("phone", 4)),
        ([LiveBooking("REK", False, False)] * 9, None),
    ],
)
def test_the_limits(live: list[LiveBooking], refused: tuple[str, int] | None) -> None:
    assert refused_by(live) == refused


bookings = st.builds(LiveBooking, st.sampled_from(["REK", "CTK", "KK"]), st.booleans(), st.booleans())


@given(st.lists(bookings, max_size=30), st.integers(1, 4), st.integers(1, 6), st.integers(1, 8))
def test_booking_as_long_as_allowed_never_exceeds_any_limit(
    wanted: list[LiveBooking], of_service: int, of_office: int, of_phone: int
) -> None:
    """`wanted` is asked one after another by one person and one phone; those of strangers stand as they are."""
    rules = Rules(bookings_per_service=of_service, bookings_per_office=of_office, bookings_per_phone=of_phone)
    live: list[LiveBooking] = []
    for each in wanted:
        mine = LiveBooking(each.service, True, True)
        if refused_by(live, each.service, rules) is None:
            live.append(mine)
    assert len(live) <= min(of_office, of_phone)
    assert all(sum(each.service == code for each in live) <= of_service for code in ("REK", "CTK", "KK"))


@given(st.lists(bookings, max_size=10))
def test_a_further_live_ticket_never_makes_a_refusal_go_away(live: list[LiveBooking]) -> None:
    if refused_by(live[:-1]) is not None:
        assert refused_by(live) is not None
