"""What the day's end makes of those who are still here."""

from __future__ import annotations

import pytest

from queue_server.domain.door.steps import close_visit
from queue_server.domain.errors import WrongState
from queue_server.domain.visit.transitions import State
from tests.domain.examples import NINE, minutes, ticket_in


@pytest.mark.parametrize(
    ("state", "becomes"),
    [
        (State.WAITING, State.LEFT),
        (State.PARKED, State.LEFT),
        (State.CALLED, State.NO_SHOW),
        (State.SERVING, State.SERVED),
    ],
)
def test_at_the_end_of_the_day_everybody_here_is_taken_for_what_they_most_likely_did(
    state: State, becomes: State
) -> None:
    now = NINE + minutes(600)
    after, _ = close_visit(ticket_in(state), now)
    assert (after.state, after.place, after.ended_at) == (becomes, None, now)


@pytest.mark.parametrize("state", [State.BOOKED, State.SERVED, State.CANCELLED])
def test_who_is_not_here_has_no_visit_to_close(state: State) -> None:
    with pytest.raises(WrongState):
        close_visit(ticket_in(state), NINE)
