"""Whether a screen shows an older board than it should, by two heartbeats and the board of now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.office.devices.behind import count_behind, read_behind, without_passing

NINE = datetime(2026, 11, 23, 2, tzinfo=UTC)
TODAY = "2026-11-23"


def shows(seq: int, day: str = TODAY) -> dict[str, Any]:
    return {"board_date": day, "board_seq": seq, "sound": "ok"}


def hear(
    kept: dict[str, Any] | None, said: dict[str, Any], seq: int, second: int
) -> dict[str, Any]:
    return read_behind(kept, said, (TODAY, seq), NINE + timedelta(seconds=second))


def test_a_call_that_is_under_way_is_not_behind() -> None:
    kept = None
    for beat in range(50):
        kept = hear(kept, shows(beat * 10), beat * 10 + 5, beat * 5)
        assert "behind_since" not in kept and count_behind(kept, (TODAY, 999)) == 0


def test_one_that_stands_still_is_behind_since_it_was_first_seen_so() -> None:
    kept = hear(None, shows(7), 7, 0)
    kept = hear(kept, shows(7), 9, 5)
    assert "behind_since" not in kept, "what came since the heartbeat before"
    kept = hear(kept, shows(7), 12, 10)
    first = kept["behind_since"]
    kept = hear(kept, shows(8), 13, 15)
    assert kept["behind_since"] == first == (NINE + timedelta(seconds=10)).isoformat()
    assert count_behind(kept, (TODAY, 13)) == 5
    kept = hear(kept, shows(13), 13, 20)
    assert count_behind(kept, (TODAY, 13)) == 0


def test_yesterdays_board_is_behind_by_nobody_knows_how_much() -> None:
    kept = hear(None, shows(900, "2026-11-22"), 1, 0)
    kept = hear(kept, shows(900, "2026-11-22"), 1, 5)
    assert kept["behind_since"] and count_behind(kept, (TODAY, 1)) is None
    without = hear(kept, {"board_date": "", "board_seq": 0}, 1, 10)
    assert without["behind_since"] and count_behind(without, (TODAY, 1)) is None


def test_an_older_agent_says_nothing_of_its_board() -> None:
    kept = hear(None, {"sound": "ok"}, 5, 0)
    assert "behind_since" not in hear(kept, {"sound": "ok"}, 9, 5)


def test_what_the_server_adds_is_not_taken_from_a_device() -> None:
    spoilt = {**shows(9), "behind_since": "x", "due_date": TODAY, "due_seq": 99}
    kept = hear(None, spoilt, 5, 0)
    assert "behind_since" not in kept and kept["due_seq"] == 5


SCALARS = st.one_of(st.text(max_size=9), st.booleans(), st.integers(-9, 9))
FACTS = st.dictionaries(
    st.sampled_from(["board_date", "board_seq", "due_date", "due_seq", "behind_since"]), SCALARS
)


@given(FACTS, FACTS)
def test_nothing_a_device_says_breaks_the_reading(before: dict[str, Any], said: Any) -> None:
    kept = read_behind(before, said, (TODAY, 3), NINE)
    count_behind(kept, (TODAY, 3))


def test_what_changes_with_each_call_is_no_news() -> None:
    before, after = hear(None, shows(7), 7, 0), hear(None, {**shows(8), "showing": "A012"}, 9, 5)
    assert without_passing(before) == without_passing(after) != without_passing(None)
