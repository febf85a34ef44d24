"""What stands still, and what a pause, an evacuation or a drill may become."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.errors import Paused
from queue_server.domain.visit.office_day import OfficeDay, go_on, stop_everything
from queue_server.domain.visit.standstill import (
    Act,
    Pause,
    admit_act,
    blames_visitors,
    keeps_places,
)

DAY = OfficeDay("3674", date(2026, 11, 24))
STATES = [None, Pause.PAUSE, Pause.EVACUATION]


def is_refused(paused: Pause | None, act: Act) -> bool:
    try:
        admit_act(paused, act)
    except Paused as refused:
        assert paused is not None and refused.facts == {"kind": paused.value}
        return True
    return False


def test_a_pause_keeps_people_from_coming_in_and_an_evacuation_stops_everything() -> None:
    assert [act for act in Act if is_refused(None, act)] == []
    assert [act for act in Act if is_refused(Pause.PAUSE, act)] == [
        Act.CALL,
        Act.LET_IN,
        Act.GIVE_NUMBER,
    ]
    assert [act for act in Act if is_refused(Pause.EVACUATION, act)] == list(Act)


def test_nobody_is_blamed_for_a_visit_that_an_evacuation_made_impossible() -> None:
    assert [blames_visitors(each) for each in STATES] == [True, True, False]


def test_only_those_who_were_sent_out_keep_their_places() -> None:
    assert [keeps_places(each) for each in STATES] == [False, False, True]


def test_the_same_again_is_the_very_same_day() -> None:
    drill = stop_everything(DAY, Pause.EVACUATION, True)
    assert (drill.paused, drill.drill) == (Pause.EVACUATION, True)
    assert stop_everything(drill, Pause.EVACUATION, True) is drill
    assert go_on(DAY, None) is DAY


def test_a_drill_becomes_real_and_never_the_other_way_round() -> None:
    real = stop_everything(stop_everything(DAY, Pause.EVACUATION, True), Pause.EVACUATION, False)
    assert (real.paused, real.drill) == (Pause.EVACUATION, False)
    assert stop_everything(real, Pause.EVACUATION, True) is real


def test_an_evacuation_is_ended_on_purpose_alone() -> None:
    out = stop_everything(stop_everything(DAY, Pause.PAUSE, False), Pause.EVACUATION, False)
    with pytest.raises(Paused):
        stop_everything(out, Pause.PAUSE, False)
    with pytest.raises(Paused):
        go_on(out, Pause.PAUSE)  # "go on" was pressed for the pause before
    assert go_on(out, Pause.EVACUATION).paused is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(list(Pause)), st.booleans(), st.booleans(), st.sampled_from(STATES)
        )
    )
)
def test_only_an_evacuation_is_ever_a_drill_and_only_its_own_end_ends_it(
    presses: list[tuple[Pause, bool, bool, Pause | None]],
) -> None:
    day = DAY
    for kind, drill, is_end, meant in presses:
        before = day
        with suppress(Paused):
            day = go_on(day, meant) if is_end else stop_everything(day, kind, drill)
        assert not day.drill or day.paused is Pause.EVACUATION
        if before.paused is Pause.EVACUATION and day.paused is not Pause.EVACUATION:
            assert is_end and meant in (None, Pause.EVACUATION)
