"""What is wrong with a device, from the facts of its heartbeats alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.errors import BadInput, Changed, NoPrinter
from queue_server.domain.office.devices.health import admit_facts, is_overdue
from queue_server.domain.office.devices.orders import OrderKind, admit_order
from queue_server.domain.office.devices.troubles import (
    TWO_INSTALLATIONS_FOR,
    Trouble,
    TroubleCode,
    find_troubles,
    read_installation,
)

NINE = datetime(2026, 11, 23, 2, tzinfo=UTC)

WELL = {
    "printer": "ready",
    "print_unconfirmed": 0,
    "link": "online",
    "offline_since": "",
    "journal": "ok",
    "clock_sure": True,
    "lease_left": 40,
    "roll_left": 400,
    "page_seen_s": 0,
    "installation": "i1",
}


def codes(facts: dict[str, Any], *, silent: bool = False) -> list[str]:
    return [each.code.value for each in find_troubles(facts, NINE, silent=silent)]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"printer": "paper_out"}, ["paper_out"]),
        ({"printer": "cover_open"}, ["cover_open"]),
        ({"printer": "offline"}, ["offline"]),
        ({"printer": "what?"}, ["unknown"]),
        ({"printer": "spool_stopped"}, ["spool_stopped"]),
        ({"printer": "paper_low"}, ["paper_low"]),
        ({"roll_left": 49}, ["paper_low"]),
        ({"roll_left": 50}, []),
        ({"roll_left": -1}, []),
        ({"printer": "paper_out", "roll_left": 3}, ["paper_out"]),
        ({"printer": "none", "roll_left": 3, "print_unconfirmed": 2}, []),
        ({"print_unconfirmed": 1}, ["unconfirmed"]),
        ({"unconfirmed": 1}, ["unconfirmed"]),
        ({"journal": "full"}, ["disk_full"]),
        ({"link": "doubt"}, ["link_lost"]),
        ({"link": "syncing"}, ["link_lost"]),
        ({"clock_sure": False}, ["clock_unsure"]),
        ({"stopped": True}, ["stopped"]),
        ({"stopped": False}, []),
        ({"help_missed": 2}, ["help_missed"]),
        ({"help_missed": 0}, []),
        ({"help_missed": 2, "link": "offline"}, ["link_lost", "help_missed"]),
        ({"lease_left": 7}, ["numbers_low"]),
        ({"lease_left": 8}, []),
        ({"lease_left": -1}, []),
        ({"page_seen_s": 59}, []),
        ({"page_seen_s": 60}, ["page_dead"]),
        ({"page_seen_s": -1}, []),
        ({"roll_left": 3, "journal": "full"}, ["disk_full", "paper_low"]),
        ({"sound": "ok"}, []),
        ({"sound": "blocked"}, ["sound_blocked"]),
        ({"sound": "missing"}, ["sound_missing"]),
        ({"sound": "ok", "voice_missing": 3}, ["voice_incomplete"]),
        ({"sound": "ok", "voice_missing": 0}, []),
        ({"sound": "off", "voice_missing": 3}, []),
        ({"sound": "quiet", "voice_missing": 3}, []),
        ({"sound": "missing", "voice_missing": 3}, ["sound_missing"]),
        ({"clock_right": False}, ["clock_wrong"]),
        ({"clock_right": True}, []),
        ({"behind_since": "2026-11-23T01:59:50+00:00"}, ["board_behind"]),
        ({"behind_since": "2026-11-23T01:59:51+00:00"}, []),
        ({"clock_right": False, "sound": "blocked"}, ["sound_blocked", "clock_wrong"]),
    ],
)
def test_each_fact_has_its_trouble(change: dict[str, Any], found: list[str]) -> None:
    assert codes({**WELL, **change}) == found


def test_what_an_older_device_says_is_no_trouble() -> None:
    assert find_troubles(None, NINE) == find_troubles({"sound": "ok"}, NINE) == ()


def test_one_that_is_not_heard_keeps_what_it_said_last() -> None:
    assert codes({**WELL, "printer": "paper_out"}, silent=True) == ["silent", "paper_out"]


def test_since_when_is_told_where_the_device_says_so() -> None:
    began = "2026-11-23T08:40:00+07:00"
    [lost] = find_troubles({**WELL, "link": "offline", "offline_since": began}, NINE)
    assert lost.since == NINE - timedelta(minutes=20)
    [dead] = find_troubles({**WELL, "page_seen_s": 120}, NINE)
    assert dead.since == NINE - timedelta(minutes=2)
    [bare] = find_troubles({**WELL, "link": "offline", "offline_since": "2026-11-23T08:40"}, NINE)
    assert bare.since is None, "a time without an offset is none"


SCALARS = st.one_of(st.text(max_size=30), st.booleans(), st.integers(-(2**53), 2**53))


@given(
    st.dictionaries(
        st.sampled_from([*WELL, "conflict_at", "since", "stopped", "sound", "behind_since"]),
        SCALARS,
    ),
    st.booleans(),
)
def test_nothing_a_device_says_breaks_the_reading(facts: dict[str, Any], silent: bool) -> None:
    found = find_troubles(admit_facts(facts), NINE, silent=silent)
    urgent = [each.code.is_urgent for each in found]
    assert urgent == sorted(urgent, reverse=True)
    assert len({each.code for each in found}) == len(found)


def test_a_copied_disk_is_told_until_one_of_the_two_stops() -> None:
    kept = read_installation({**WELL}, {**WELL}, NINE, NINE - timedelta(seconds=5))
    assert codes(kept) == []
    kept = read_installation(kept, {**WELL, "installation": "i2"}, NINE, NINE)
    assert codes(kept) == ["two_installations"]
    kept = read_installation(kept, {**WELL, "installation": "i2"}, NINE, NINE)
    assert codes(kept) == ["two_installations"], "a beat of the same one changes nothing"
    assert find_troubles(kept, NINE + TWO_INSTALLATIONS_FOR) == ()


def test_a_new_machine_in_the_place_of_a_dead_one_is_no_conflict() -> None:
    kept = read_installation({**WELL}, {**WELL, "installation": "i2"}, NINE, NINE.replace(hour=1))
    assert codes(kept) == []


@pytest.mark.parametrize(
    ("beat_s", "seconds", "overdue"),
    [(5, 8, False), (5, 9, True), (15, 17, False), (15, 19, True), (None, 900, False)],
)
def test_a_heartbeat_is_overdue_by_what_the_device_announced(
    beat_s: int | None, seconds: int, overdue: bool
) -> None:
    facts = {} if beat_s is None else {"beat_s": beat_s}
    assert is_overdue(facts, NINE - timedelta(seconds=seconds), NINE) is overdue


@pytest.mark.parametrize("beat_s", [0, -5, True, "5", 10**9])
def test_a_senseless_announcement_is_none(beat_s: Any) -> None:
    assert not is_overdue({"beat_s": beat_s}, NINE - timedelta(hours=9), NINE)


def test_facts_that_grow_by_themselves_are_kept_in_whole_minutes() -> None:
    kept = [admit_facts({"page_seen_s": each, "oldest_s": each}) for each in (0, 59, 61, 119, -1)]
    assert [each["page_seen_s"] for each in kept] == [0, 0, 60, 60, -1]
    assert kept[0] == kept[1]


def test_only_a_device_with_a_printer_is_ordered_to_print() -> None:
    admit_order(OrderKind.TEST_PRINT, "kiosk", {"printer": "paper_out"}, "")
    for facts in (None, {}, {"printer": "none"}):
        with pytest.raises(NoPrinter):
            admit_order(OrderKind.TEST_PRINT, "kiosk", facts, "")


def test_a_test_call_is_for_screens_alone() -> None:
    admit_order(OrderKind.TEST_CALL, "display", None, "")
    for kind in ("kiosk", "printer", "sensor"):
        with pytest.raises(BadInput):
            admit_order(OrderKind.TEST_CALL, kind, {"printer": "ready"}, "")


@pytest.mark.parametrize("job", ["", "j1", "j3"])
def test_an_answer_for_another_slip_than_the_one_in_question_is_refused(job: str) -> None:
    facts = {"printer": "ready", "unconfirmed_job": "j2"}
    with pytest.raises(Changed):
        admit_order(OrderKind.CAME_OUT, "kiosk", facts, job)
    admit_order(OrderKind.NOT_OUT, "printer", facts, "j2")


def test_troubles_that_differ_only_in_their_time_are_one() -> None:
    assert Trouble(TroubleCode.SILENT, NINE) == Trouble(TroubleCode.SILENT)
