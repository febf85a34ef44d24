"""Whatever people do at an office, in whatever order, the real services and store do as the model
says, and stay consistent.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from queue_server.services.places import offers
from queue_server.store.writer.database import Database
from tests.services.checks import Checks
from tests.services.life_cycle.rules_booking import BookingRules
from tests.services.life_cycle.rules_counter import CounterRules
from tests.services.life_cycle.rules_door import DoorRules
from tests.services.life_cycle.rules_night import NightRules
from tests.services.life_cycle.rules_settings import SettingsRules
from tests.services.life_cycle.rules_waitlist import WaitlistRules
from tests.services.playing import draw_offer


class LifeCycle(
    BookingRules, WaitlistRules, DoorRules, CounterRules, SettingsRules, NightRules, Checks
):
    """One office with all that can happen there."""


@pytest.fixture
def machine(database: Database, monkeypatch: pytest.MonkeyPatch) -> type[LifeCycle]:
    """The machine on one migrated database; each example opens an office of its own in it."""
    monkeypatch.setattr(offers, "draw", draw_offer)
    return type("LifeCycleHere", (LifeCycle,), {"database": database})


def profile(examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        print_blob=True,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.filter_too_much,
            HealthCheck.data_too_large,
        ],
    )


def test_any_day_at_the_office(machine: type[LifeCycle]) -> None:
    """Twenty days, and four in a quick run."""
    run_state_machine_as_test(machine, settings=profile(settings.default.max_examples // 5, 35))


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_many_long_days_at_the_office(machine: type[LifeCycle]) -> None:
    run_state_machine_as_test(machine, settings=profile(500, 60))
