"""How long the answers of a booking that is not finished are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from queue_server.domain.booking.holding import DRAFT_GRACE, draft_until
from queue_server.domain.office.rules import Rules
from tests.fixtures.rules import vary_rules

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)


@pytest.mark.parametrize(("hold", "extensions", "minutes"), [(10, 1, 20), (5, 0, 5), (10, 3, 40)])
def test_answers_outlive_the_longest_hold(hold: int, extensions: int, minutes: int) -> None:
    rules = vary_rules(Rules(), booking={"hold_minutes": hold, "hold_extensions_max": extensions})
    assert draft_until(rules, NOW) == NOW + timedelta(minutes=minutes) + DRAFT_GRACE
