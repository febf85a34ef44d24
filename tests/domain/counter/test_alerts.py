"""Counters needed and thresholds passed, from literals alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.counter.alerts import (
    AlertKind,
    StreamLoad,
    Watched,
    counters_needed,
    find_crossings,
    is_mailed,
)
from queue_server.domain.office.device_health import PrinterCode
from queue_server.domain.office.rules import AlertRules, Rules

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


def test_each_silent_device_is_an_alert_of_its_own() -> None:
    heard = {
        "a": ("Kiosk", NINE - minutes(3)),
        "b": ("TV", NINE - minutes(1)),
        "c": ("Printer", NINE - minutes(60)),
    }
    found = find_crossings(replace(CALM, devices=heard), RULES)
    assert [(each.subject, each.facts["minutes"]) for each in found] == [("a", 3), ("c", 60)]


def test_a_printer_that_prints_no_more_is_an_alert_also_in_a_standstill() -> None:
    codes = {
        "a": ("Kios", PrinterCode.PAPER_OUT),
        "b": ("Kios 2", PrinterCode.PAPER_LOW),
        "c": ("Printer", PrinterCode.UNKNOWN),
    }
    for paused in (False, True):
        found = find_crossings(replace(CALM, printers=codes, paused=paused), RULES)
        assert [(each.kind, each.subject, each.facts) for each in found] == [
            (AlertKind.PRINTER_TROUBLE, "a", {"name": "Kios", "code": "paper_out"}),
            (AlertKind.PRINTER_TROUBLE, "c", {"name": "Printer", "code": "unknown"}),
        ]


def test_while_everything_stands_still_only_devices_count() -> None:
    seen = replace(
        CALM,
        waiting=9,
        oldest_since=NINE - minutes(99),
        since_call=NINE - minutes(50),
        inside=12,
        outside=9,
        counters_needed=9,
        paused=True,
        devices={"a": ("Kiosk", NINE - minutes(9))},
    )
    assert kinds(seen) == [AlertKind.DEVICE_SILENT]


def test_over_the_limit_is_an_alert_of_its_own_even_while_everything_stands_still() -> None:
    crowded = replace(CALM, inside=46, limit=20, outside=9)
    [found] = find_crossings(crowded, RULES)
    assert (found.kind, found.facts) == (
        AlertKind.OVER_LIMIT,
        {"inside": 46, "limit": 20, "outside": 9},
    )
    assert kinds(replace(crowded, paused=True)) == [AlertKind.OVER_LIMIT]
    assert kinds(replace(crowded, inside=20, outside=0)) == []
    assert not is_mailed(AlertKind.OVER_LIMIT, RULES, None, NINE)
    told = Rules(alerts=AlertRules(email="a@kantor.go.id"))
    assert is_mailed(AlertKind.OVER_LIMIT, told, None, NINE) and not is_mailed(
        AlertKind.LONG_WAIT, told, None, NINE
    )
    assert not is_mailed(AlertKind.OVER_LIMIT, told, NINE - minutes(29), NINE)
    assert is_mailed(AlertKind.OVER_LIMIT, told, NINE - minutes(30), NINE)
