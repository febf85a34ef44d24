"""What is made of a report: when its number counts as given, and what stands against it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.door import offline
from queue_server.domain.door.leases import Lease, LeaseState, Number
from queue_server.domain.door.offline import ConflictReason, Report
from queue_server.domain.office.hours import Hours, Opening
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.domain.office.office import Office, Service, ServiceChannel
from queue_server.domain.visit.ticket import Channel, Origin, Ticket
from queue_server.domain.visit.transitions import State

DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)
LEASE = Lease("l", "k", "i", "o", DAY, LeaseState.ACTIVE, 1, NOON, NOON)
NUMBER = Number("n", "code", "A501", "A", "l")
REPORT = Report("n", "l", "A501", NOON, "REK")
WORDS = {"id": "-"}
REK = Service("REK", "A", WORDS, WORDS, WORDS, ServiceChannel.MUST_COME, 10)
OFFICE = Office(
    "o",
    "-",
    "-",
    "-",
    "Asia/Jakarta",
    4,
    services=(REK,),
    hours=Hours(week=(Opening(0, time(8), time(15)),)),
)
MINUTES = st.integers(-2000, 2000)


def ticket(state: State, **more: object) -> Ticket:
    booked = Ticket("t", "o", DAY, "code", "A", "REK", state, Origin.ONLINE, Channel.REGULAR, NOON)
    return replace(booked, **more)  # type: ignore[arg-type]  # fields of a ticket


@given(MINUTES, MINUTES, st.integers(0, 2000))
def test_a_number_is_given_between_the_grant_and_the_receipt(
    issued: int, granted: int, later: int
) -> None:
    grant = NOON + timedelta(minutes=granted)
    receipt = grant + timedelta(minutes=later)
    given_at = NOON + timedelta(minutes=issued)
    settled = offline.settle_time(given_at, grant, receipt)
    assert grant <= settled <= receipt
    assert settled == given_at or not grant <= given_at <= receipt


@pytest.mark.parametrize(
    ("lease", "number", "device", "today", "expected"),
    [
        (LEASE, NUMBER, "k", DAY, None),
        (None, NUMBER, "k", DAY, ConflictReason.UNKNOWN_NUMBER),
        (LEASE, None, "k", DAY, ConflictReason.UNKNOWN_NUMBER),
        (LEASE, NUMBER, "other", DAY, ConflictReason.UNKNOWN_NUMBER),
        (LEASE, replace(NUMBER, lease="x"), "k", DAY, ConflictReason.UNKNOWN_NUMBER),
        (LEASE, replace(NUMBER, number="A502"), "k", DAY, ConflictReason.UNKNOWN_NUMBER),
        (LEASE, NUMBER, "k", DAY + timedelta(days=1), ConflictReason.WRONG_DAY),
        (replace(LEASE, state=LeaseState.CLOSED), NUMBER, "k", DAY, ConflictReason.WRONG_DAY),
        (replace(LEASE, state=LeaseState.LOST), NUMBER, "k", DAY, ConflictReason.LEASE_LOST),
        (replace(LEASE, state=LeaseState.REVOKED), NUMBER, "k", DAY, ConflictReason.LEASE_REVOKED),
    ],
)
def test_whether_a_report_is_taken_in(
    lease: Lease | None,
    number: Number | None,
    device: str,
    today: date,
    expected: ConflictReason | None,
) -> None:
    assert offline.judge_lease(lease, number, REPORT, device, today) is expected


@pytest.mark.parametrize(
    ("booking", "expected"),
    [
        (ticket(State.BOOKED), None),
        (ticket(State.BOOKED, date=DAY + timedelta(days=1)), ConflictReason.BOOKING_MOVED),
        (ticket(State.NO_SHOW), None),
        (ticket(State.NO_SHOW, arrived_at=NOON), ConflictReason.ALREADY_CHECKED_IN),
        (ticket(State.WAITING, arrived_at=NOON), ConflictReason.ALREADY_CHECKED_IN),
        (ticket(State.CANCELLED), ConflictReason.BOOKING_OVER),
        (ticket(State.STRANDED), ConflictReason.BOOKING_OVER),
        (ticket(State.HELD), ConflictReason.BOOKING_OVER),
    ],
)
def test_whether_a_booking_is_checked_in(booking: Ticket, expected: ConflictReason | None) -> None:
    assert offline.judge_check_in(booking, DAY) is expected


@pytest.mark.parametrize("state", list(State))
def test_a_number_by_which_somebody_was_called_is_not_replaced(state: State) -> None:
    called = {State.CALLED, State.SERVING, State.PARKED, State.SERVED, State.NO_SHOW}
    assert offline.was_called(ticket(state)) == (state in called)
    assert offline.was_called(ticket(state, call_seq=3))


def test_what_changed_meanwhile_is_remarked() -> None:
    closed = ModePeriod("m", ServiceMode.CLOSED, NOON, NOON, "budi")
    urgent = replace(closed, mode=ServiceMode.URGENT_ONLY)
    evening = NOON + timedelta(hours=8)
    assert offline.find_remarks(OFFICE, REK, REPORT, NOON) == []
    assert offline.find_remarks(OFFICE, REK, REPORT, evening) == [ConflictReason.OUTSIDE_HOURS]
    for mode in (closed, urgent):
        changed = replace(OFFICE, modes=(mode,))
        found_by_mode = offline.find_remarks(changed, REK, REPORT, NOON)
        assert found_by_mode == [ConflictReason.MODE_CHANGED]
    serving_urgent = replace(OFFICE, modes=(urgent,))
    assert offline.find_remarks(serving_urgent, REK, replace(REPORT, urgency="death"), NOON) == []
    large = replace(REPORT, party_size=5)
    assert offline.find_remarks(OFFICE, REK, large, NOON) == [ConflictReason.PARTY_TOO_LARGE]


def test_what_staff_see_of_a_report_holds_no_secret() -> None:
    seen = replace(REPORT, service=None, code="SECRET", superseded_key="KEY").facts
    assert "SECRET" not in str(seen) and "KEY" not in str(seen) and seen["check_in"] is True
