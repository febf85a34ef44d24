"""The picture in the docs is drawn from the table."""

from __future__ import annotations

import re

from queue_server.domain.visit.transitions import TRANSITIONS, State
from queue_server.lab.state_diagram import draw_states


def test_every_row_of_the_table_is_drawn_and_nothing_else() -> None:
    arrows = set(re.findall(r"^    (\S+) --> (\S+): (\S+)$", draw_states(), re.MULTILINE))
    table = {
        (source, str(row.target), str(action))
        for action, row in TRANSITIONS.items()
        for source in ({str(each) for each in row.sources} or {"[*]"})
    }
    assert arrows == table


def test_a_life_can_end_where_no_action_starts() -> None:
    ends = set(re.findall(r"^    (\S+) --> \[\*\]$", draw_states(), re.MULTILINE))
    assert ends == {State.SERVED, State.LEFT, State.CANCELLED, State.EXPIRED}


def test_every_state_is_drawn() -> None:
    assert all(state in draw_states() for state in State)
