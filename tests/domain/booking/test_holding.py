"""Holding a slot, and booking what is held: which refusal is told, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.booking.booking import BookingRequest, Taken
from queue_server.domain.booking.holding import (
    GivenUp,
    HeldFacts,
    HoldFacts,
    HoldRequest,
    can_be_given_up,
    decide_confirmation,
    decide_extension,
    decide_hold,
    is_running,
)
from queue_server.domain.booking.rush import Proof
from queue_server.domain.booking.takings import Counts, Crowd, Replaced
from queue_server.domain.errors import BadInput, TooLate, UnknownCode, WrongState
from queue_server.domain.events import EventType
from queue_server.domain.visit.claim import Claim, Pool
from queue_server.domain.visit.step import Step
from queue_server.domain.visit.ticket import Channel, Ticket
from queue_server.domain.visit.transitions import State
from tests.domain.booking.wishing import (
    ANI,
    BROWSER,
    CONTACT,
    DRAWN,
    NOW,
    OFFICE,
    PERSON,
    PLACES,
    PLAN,
    PROOF,
    SLOT,
    SOURCE,
    STILL,
    WISH,
    Fault,
    person_of,
    refusal,
    time_of,
    with_faults,
)
from tests.domain.examples import RULES, minutes, ticket_in

TEN_MINUTES = minutes(RULES.booking.hold_minutes)
ORDER = [STILL, *WISH, *PLACES, BROWSER, PROOF]


def decide(faults: list[Fault], earlier: GivenUp | None = None, **wanted: Any) -> Taken:
    """Decide a hold with these faults, which are in the order of refusals."""
    facts = {"office": OFFICE, "plan": PLAN, "crowd": Crowd(), "earlier": earlier}
    asked = {"service": "REK", "slot": SLOT, "source": SOURCE, **wanted}
    return decide_hold(
        HoldFacts(**with_faults("facts", facts, faults)),
        HoldRequest(**with_faults("wanted", asked, faults)),
        DRAWN,
        time_of(faults),
    )


def held(**values: Any) -> Ticket:
    """A hold of the slot, made now."""
    return replace(decide([]).ticket, **values)


class TestHold:
    def test_takes_places_for_its_time(self) -> None:
        taken = decide([], party_size=2, urgency="burial")
        claim = Claim(SLOT, 1, "A", Pool.ONLINE, 2)
        assert (taken.ticket.state, taken.ticket.claim) == (State.HELD, claim)
        assert (taken.ticket.expires_at, taken.ticket.extensions) == (NOW + TEN_MINUTES, 0)
        assert taken.plan == PLAN.change(claim, 1)
        assert (taken.event.type, taken.event.facts["urgency"]) == (EventType.HELD, "burial")

    @pytest.mark.parametrize("fault", ORDER, ids=lambda each: each.told[0].__name__)
    def test_is_refused_for_each_fault(self, fault: Fault) -> None:
        assert refusal(lambda: decide([fault])) == fault.told

    @given(st.lists(st.sampled_from(range(len(ORDER))), unique=True))
    def test_of_several_faults_the_first_in_the_order_is_told(self, chosen: list[int]) -> None:
        faults = [ORDER[number] for number in sorted(chosen)]
        assert refusal(lambda: decide(faults)) == (faults[0].told if faults else None)

    @given(passed=st.integers(0, 599), extensions=st.integers(0, 1), same=st.booleans())
    def test_an_earlier_one_of_the_same_slot_hands_on_what_is_left_of_its_time(
        self, passed: int, extensions: int, same: bool
    ) -> None:
        before = held(
            slot=SLOT if same else SLOT + minutes(15),
            expires_at=NOW - timedelta(seconds=passed) + TEN_MINUTES,
            extensions=extensions,
        )
        taken = decide([], GivenUp(before, None))
        kept = (before.expires_at, extensions) if same else (NOW + TEN_MINUTES, 0)
        assert (taken.ticket.expires_at, taken.ticket.extensions) == kept

    @given(party=st.integers(1, 6), before=st.integers(1, 6))
    def test_persons_for_whom_places_were_held_already_are_free(
        self, party: int, before: int
    ) -> None:
        earlier = GivenUp(held(party_size=before), Replaced(NOW, before))
        rush = Fault(PROOF.told, {"crowd": Crowd(Counts(of_address=500))})
        told = refusal(lambda: decide([rush], earlier, party_size=party))
        assert (told is None) == (party <= before)

    def test_a_proof_that_was_needed_is_used_up(self) -> None:
        shown = replace(SOURCE, proof=Proof(seconds=99, names=("one",)))
        assert decide([PROOF], source=shown).uses_proof


WRONG_HOLD = [
    Fault((UnknownCode, None), {"held": held(service="CTK")}),
    Fault((UnknownCode, None), {"held": held(), "is_offered": True}),
]
CONFIRMATION = [
    *WRONG_HOLD,
    STILL,
    *WISH[1:],  # of a service that nobody knows there is no hold
    Fault((BadInput, "party_size"), wanted={"party_size": 2}),
    Fault((TooLate, None), now=NOW + TEN_MINUTES),
    CONTACT,
    *PERSON,
]


def confirm(faults: list[Fault], hold: Ticket | None = None, **wanted: Any) -> Step:
    """Decide what becomes of a hold, with these faults, which are in the order of refusals."""
    party = 3 if CONTACT in faults else 1
    facts = {"office": OFFICE, "held": hold or held(party_size=party), "person": person_of(faults)}
    asked = {"service": "REK", "slot": SLOT, "visitor": ANI, **wanted}
    return decide_confirmation(
        HeldFacts(**with_faults("facts", facts, faults)),
        BookingRequest(**with_faults("wanted", asked, faults)),
        next((each.now for each in faults if each.now is not None), NOW),
    )


class TestConfirmation:
    def test_makes_the_booking_that_was_asked_for(self) -> None:
        booked, event = confirm([], language="en", priority=True, urgency="burial")
        assert (booked.state, booked.expires_at) == (State.BOOKED, None)
        assert (booked.language, booked.priority) == ("en", True)
        assert booked.claim == held().claim
        assert (event.type, event.facts["urgency"]) == (EventType.CONFIRMED, "burial")

    def test_an_urgent_hold_stays_urgent(self) -> None:
        booked, _event = confirm([], held(channel=Channel.URGENT))
        assert booked.channel is Channel.URGENT

    @pytest.mark.parametrize("fault", CONFIRMATION)
    def test_is_refused_for_each_fault(self, fault: Fault) -> None:
        assert refusal(lambda: confirm([fault])) == fault.told

    @given(st.lists(st.sampled_from(range(len(CONFIRMATION))), unique=True))
    def test_of_several_faults_the_first_in_the_order_is_told(self, chosen: list[int]) -> None:
        faults = [CONFIRMATION[number] for number in sorted(chosen)]
        assert refusal(lambda: confirm(faults)) == (faults[0].told if faults else None)

    @pytest.mark.parametrize("values", [{"office": "9999"}, {"slot": SLOT + minutes(15)}])
    def test_a_hold_of_something_else_is_as_unknown_as_none(self, values: dict[str, Any]) -> None:
        assert refusal(lambda: confirm([], held(**values))) == (UnknownCode, None)

    @pytest.mark.parametrize(
        ("state", "told"),
        [(State.EXPIRED, TooLate), (State.BOOKED, WrongState), (State.CANCELLED, WrongState)],
    )
    def test_what_is_no_hold_any_more_is_refused(self, state: State, told: type) -> None:
        over = replace(ticket_in(state), slot=SLOT)
        assert refusal(lambda: confirm([], over)) == (told, None)


class TestLife:
    def test_an_offer_to_the_waitlist_is_nobodys_hold(self) -> None:
        with pytest.raises(UnknownCode):
            decide_extension(held(), RULES, NOW, is_offered=True)
        assert not can_be_given_up(held(), OFFICE.code, is_offered=True)

    def test_a_hold_gets_its_time_once_more(self) -> None:
        longer, event = decide_extension(held(), RULES, NOW + minutes(5), is_offered=False)
        assert longer.expires_at == NOW + minutes(5) + TEN_MINUTES
        assert event.type is EventType.HOLD_EXTENDED

    @pytest.mark.parametrize("state", list(State))
    def test_only_an_own_hold_is_given_up(self, state: State) -> None:
        ticket = ticket_in(state)
        assert can_be_given_up(ticket, ticket.office, is_offered=False) is (state is State.HELD)
        assert not can_be_given_up(ticket, "9999", is_offered=False)

    @pytest.mark.parametrize(("late", "running"), [(-1, True), (0, False), (1, False)])
    def test_a_hold_runs_until_its_very_end(self, late: int, running: bool) -> None:
        now: datetime = NOW + TEN_MINUTES + timedelta(seconds=late)
        assert is_running(held(), now) is running
