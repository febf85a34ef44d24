"""When a device is silent, and what its printer's code means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from queue_server.domain.office.devices.health import (
    Hearing,
    PrinterCode,
    admit_facts,
    judge_hearing,
    read_printer,
)
from queue_server.domain.office.rules import AlertRules, Rules

NINE = datetime(2026, 11, 23, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "minutes", "hearing"),
    [
        (0, 2, "HEARD"),
        (61, 2, "HEARD"),
        (120, 2, "HEARD"),
        (121, 2, "SILENT"),
        (121, 5, "HEARD"),
        (-30, 2, "HEARD"),
    ],
)
def test_the_office_says_how_long_a_device_may_say_nothing(
    seconds: int, minutes: int, hearing: str
) -> None:
    rules = Rules(alerts=AlertRules(silent_device_minutes=minutes))
    assert judge_hearing(NINE - timedelta(seconds=seconds), NINE, rules) == hearing


def test_what_was_never_heard_has_not_fallen_silent() -> None:
    assert judge_hearing(None, NINE, Rules()) is Hearing.NEVER


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (None, None),
        ({}, None),
        ({"sound": "ok"}, None),
        ({"printer": "paper_out"}, PrinterCode.PAPER_OUT),
        ({"printer": "none"}, PrinterCode.NONE),
        ({"printer": "on fire"}, PrinterCode.UNKNOWN),
        ({"printer": True}, PrinterCode.UNKNOWN),
        ({"printer": 3}, PrinterCode.UNKNOWN),
        ({"printer": ""}, PrinterCode.UNKNOWN),
    ],
)
def test_only_known_codes_are_read(facts: dict[str, Any] | None, code: PrinterCode | None) -> None:
    assert read_printer(facts) is code


def test_only_a_known_code_is_kept_and_all_else_stays() -> None:
    assert admit_facts({"printer": "<b>x</b>", "pending": 2}) == {
        "printer": "unknown",
        "pending": 2,
    }
    assert admit_facts({"pending": 2}) == {"pending": 2}


def test_what_still_prints_needs_no_hand() -> None:
    assert {each for each in PrinterCode if not each.is_in_trouble} == {
        PrinterCode.NONE,
        PrinterCode.READY,
        PrinterCode.PAPER_LOW,
    }


def test_every_state_that_our_printers_report_is_known() -> None:
    from printer.device.status import PrinterState

    assert {each.value for each in PrinterState} <= {each.value for each in PrinterCode}
