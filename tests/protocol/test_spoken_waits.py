"""Which sentence says a range of waiting time."""

from __future__ import annotations

import pytest

from queue_server.domain.waits.range import LATEST_LOW_MINUTES
from queue_server.protocol.messages import WaitRange
from queue_server.protocol.spoken_waits import OPEN_ENDED_MINUTES, speak_wait


@pytest.mark.parametrize(
    ("low", "high", "saying", "hours"),
    [
        (15, 30, "between", 0),
        (0, 5, "less_than", 0),
        (-5, 5, "less_than", 0),
        (5, 5, "at_most", 0),
        (0, 0, "at_most", 0),
        (210, 300, "between", 0),
        (240, 245, "more_than_hours", 4),
        (240, 480, "more_than_hours", 4),
        (300, 300, "more_than_hours", 5),
    ],
)
def test_one_sentence_fits_each_range(low: int, high: int, saying: str, hours: int) -> None:
    spoken = speak_wait(WaitRange(low, high))
    assert (spoken.saying, spoken.hours) == (saying, hours)


def test_the_end_is_open_where_the_server_knows_no_more() -> None:
    assert OPEN_ENDED_MINUTES == LATEST_LOW_MINUTES
