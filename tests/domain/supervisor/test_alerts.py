"""Counters needed and thresholds passed, from literals alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.office.devices.troubles import Trouble, TroubleCode
from queue_server.domain.office.rules import AlertRules, Rules
from queue_server.domain.supervisor.alerts import (
    AlertKind,
    Crossing,
    StreamLoad,
    Watched,
    counters_needed,
    find_crossings,
    find_device_crossings,
    is_letter_stale,
    mail_at,
)

NINE = datetime(2026, 11, 23, 2, tzinfo=UTC)
CALM = Watched(NINE, 0, None, 0, 12, 0, None, 2, 0)
RULES = Rules()


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def kinds(seen: Watched) -> list[AlertKind]:
    return [each.kind for each in find_crossings(seen, RULES)]


def test_counters_needed_by_hand() -> None:
    assert counters_needed([], 30) == 0
    assert counters_needed([StreamLoad(0, 0, 10)], 30) == 0
    assert counters_needed([StreamLoad(1, 0, 10)], 30) == 1
    # 12 an hour of 10 minutes keep two counters busy; 6 waiting are an hour of work in half an
    # hour: two more.
    assert counters_needed([StreamLoad(6, 12, 10)], 30) == 4
    # Two streams of half a counter each share one.
    assert counters_needed([StreamLoad(0, 3, 10), StreamLoad(0, 3, 10)], 30) == 1


def test_fractions_do_not_cost_a_counter() -> None:
    assert counters_needed([StreamLoad(0, 6, 1)] * 10, 30) == 1


@given(st.integers(0, 200), st.integers(0, 200), st.floats(1, 60), st.integers(5, 120))
def test_so_many_counters_do_and_one_fewer_does_not(
    waiting: int, arrived: int, service: float, target: int
) -> None:
    needed = counters_needed([StreamLoad(waiting, arrived, service)], target)
    work = (waiting + arrived / 60 * target) * service
    assert needed * target >= work - 1e-6
    assert needed == 0 or (needed - 1) * target < work + 1e-6


def test_a_calm_office_raises_nothing() -> None:
    assert kinds(CALM) == []


def test_each_threshold_is_passed_just_beyond_it() -> None:
    assert kinds(replace(CALM, waiting=1, oldest_since=NINE - minutes(45), since_call=NINE)) == []
    assert kinds(replace(CALM, waiting=1, oldest_since=NINE - minutes(46), since_call=NINE)) == [
        AlertKind.LONG_WAIT
    ]
    assert kinds(replace(CALM, inside=12, outside=5)) == []
    assert kinds(replace(CALM, inside=12, outside=6)) == [AlertKind.FULL_OUTSIDE]
    assert kinds(replace(CALM, inside=11, outside=6)) == []
    assert kinds(replace(CALM, inside=99, outside=99, limit=None)) == []
    assert (
        kinds(
            replace(CALM, waiting=1, oldest_since=NINE - minutes(12), since_call=NINE - minutes(9))
        )
        == []
    )
    assert kinds(
        replace(CALM, waiting=1, oldest_since=NINE - minutes(12), since_call=NINE - minutes(10))
    ) == [AlertKind.NOBODY_CALLED]
    assert kinds(replace(CALM, counters_open=2, counters_needed=2)) == []
    assert kinds(replace(CALM, counters_open=2, counters_needed=3)) == [AlertKind.FEW_COUNTERS]


def test_each_trouble_of_each_device_is_an_alert_of_its_own() -> None:
    found = find_device_crossings(
        {
            "b": ("Kios", [Trouble(TroubleCode.DISK_FULL), Trouble(TroubleCode.PAPER_LOW, left=9)]),
            "a": ("Kios 2", [Trouble(TroubleCode.SILENT)]),
            "c": ("TV", []),
        }
    )
    assert [(each.kind, each.subject, each.facts["name"]) for each in found] == [
        (AlertKind.DEVICE_SILENT, "a", "Kios 2"),
        (AlertKind.DEVICE_TROUBLE, "b:disk_full", "Kios"),
        (AlertKind.PRINTER_TROUBLE, "b:paper_low", "Kios"),
    ]
    assert found[2].facts["left"] == 9
    assert len({each.key for each in found}) == 3


@pytest.mark.parametrize(
    ("kind", "minutes_later"),
    [(AlertKind.PRINTER_TROUBLE, 0), (AlertKind.DEVICE_TROUBLE, 0), (AlertKind.DEVICE_SILENT, 2)],
)
def test_trouble_of_a_device_is_mailed_and_silence_when_it_lasts(
    kind: AlertKind, minutes_later: int
) -> None:
    told = Rules(alerts=AlertRules(email="a@kantor.go.id"))
    crossing = Crossing(kind, "a")
    assert mail_at(crossing, told, None, NINE) == NINE + minutes(minutes_later)
    assert mail_at(crossing, told, NINE - minutes(29), NINE) is None
    assert mail_at(crossing, RULES, None, NINE) is None
    assert is_letter_stale(kind)


def test_while_everything_stands_still_no_wait_counts() -> None:
    seen = replace(
        CALM,
        waiting=9,
        oldest_since=NINE - minutes(99),
        since_call=NINE - minutes(50),
        inside=12,
        outside=9,
        counters_needed=9,
        paused=True,
    )
    assert kinds(seen) == []


def test_over_the_limit_is_an_alert_of_its_own_even_while_everything_stands_still() -> None:
    crowded = replace(CALM, inside=46, limit=20, outside=9)
    [found] = find_crossings(crowded, RULES)
    assert (found.kind, found.facts) == (
        AlertKind.OVER_LIMIT,
        {"inside": 46, "limit": 20, "outside": 9},
    )
    assert kinds(replace(crowded, paused=True)) == [AlertKind.OVER_LIMIT]
    assert kinds(replace(crowded, inside=20, outside=0)) == []
    assert mail_at(found, RULES, None, NINE) is None
    told = Rules(alerts=AlertRules(email="a@kantor.go.id"))
    assert mail_at(found, told, None, NINE) == NINE
    assert mail_at(Crossing(AlertKind.LONG_WAIT), told, None, NINE) is None
    assert mail_at(found, told, NINE - minutes(29), NINE) is None
    assert mail_at(found, told, NINE - minutes(30), NINE) == NINE
    assert not is_letter_stale(AlertKind.OVER_LIMIT)
