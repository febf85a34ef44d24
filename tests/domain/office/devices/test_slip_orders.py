"""What becomes of an ordered slip, by the word of its printer or by its silence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.office.devices.slip_orders import (
    FETCHED_WITHIN,
    OrderState,
    SlipOutcome,
    is_news,
    judge_order,
)

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("outcome", SlipOutcome)
def test_what_the_printer_has_told_holds_however_late(outcome: SlipOutcome) -> None:
    late = NOW + 10 * FETCHED_WITHIN
    assert judge_order(NOW, outcome, late).value == outcome.value


def test_a_silent_printer_has_its_time_and_then_nobody_knows() -> None:
    assert judge_order(NOW, None, NOW) is OrderState.ORDERED
    assert judge_order(NOW, None, NOW + FETCHED_WITHIN - SECOND) is OrderState.ORDERED
    assert judge_order(NOW, None, NOW + FETCHED_WITHIN) is OrderState.LAPSED


@given(st.lists(st.sampled_from(SlipOutcome)))
def test_what_came_out_did_so_for_good_and_a_repeat_is_no_news(told: list[SlipOutcome]) -> None:
    known: SlipOutcome | None = None
    for each in told:
        if is_news(known, each):
            assert known is not SlipOutcome.PRINTED
            known = each
        assert not is_news(known, each)
    assert (known is SlipOutcome.PRINTED) == (SlipOutcome.PRINTED in told)
