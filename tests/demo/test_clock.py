"""The demo's clock begins at the true time while the offices are open, else at 09:00 of the next
working day, and never goes back.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from queue_server.demo.banten import HOME, offices
from queue_server.demo.clock import Beginning, choose_beginning
from queue_server.demo.data import set_clock
from queue_server.demo.errors import StageError
from queue_server.domain.office.office import Office


def office(code: str = HOME) -> Office:
    return next(each for each in offices((2026, 2027)) if each.code == code)


def wib(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+07:00")


def begin(real: str, *, kept: timedelta | None = None, asked: str | None = None) -> Beginning:
    return choose_beginning(
        office(), wib(real).astimezone(UTC), kept, wib(asked) if asked else None
    )


@pytest.mark.parametrize(
    "real",
    [
        "2026-11-24T08:00",
        "2026-11-24T11:59",
        "2026-11-24T12:30",
        "2026-11-27T11:45",
        "2026-11-24T14:59",
    ],
    ids=[
        "doors open",
        "before noon",
        "lunch break, doors stay open",
        "prayers on Friday, doors stay open",
        "last minute",
    ],
)
def test_while_the_offices_are_open_it_is_the_true_time_and_nothing_is_said(real: str) -> None:
    assert begin(real) == Beginning(wib(real), timedelta(0), None)


@pytest.mark.parametrize(
    ("real", "begins"),
    [
        ("2026-11-24T06:30", "2026-11-24T09:00"),
        ("2026-11-27T15:00", "2026-11-30T09:00"),
        ("2026-11-24T15:00", "2026-11-25T09:00"),
        ("2026-11-24T23:59", "2026-11-25T09:00"),
        ("2026-11-28T10:00", "2026-11-30T09:00"),
        ("2026-11-29T23:00", "2026-11-30T09:00"),
        ("2026-12-24T10:00", "2026-12-28T09:00"),
        ("2026-12-31T16:00", "2027-01-04T09:00"),
    ],
    ids=[
        "before the doors open",
        "closing time on Friday",
        "closing time",
        "night",
        "Saturday",
        "Sunday",
        "common leave before Christmas",
        "New Year's Eve",
    ],
)
def test_while_they_are_closed_it_is_nine_of_the_next_working_day_and_says_so(
    real: str, begins: str
) -> None:
    found = begin(real)
    assert found.moment == wib(begins)
    assert found.offset == wib(begins) - wib(real)
    day = f"{wib(begins):%A, %d %B %Y}"
    assert (
        found.sentence
        == f"The offices are closed at the moment, so the demo's clock starts at {day}, 09:00 WIB."
    )


def test_a_saturday_is_no_working_day_of_the_demos_office_though_another_opens() -> None:
    saturday = wib("2026-11-28T10:00")
    assert office("3671").is_open(saturday) and begin("2026-11-28T10:00").moment != saturday


def test_asked_for_a_moment_it_is_that_even_while_the_offices_are_closed() -> None:
    found = begin("2026-11-24T09:00", asked="2020-03-22T20:00")
    assert found.moment == wib("2020-03-22T20:00")
    assert found.sentence == "The demo's clock stands at Sunday, 22 March 2020, 20:00 WIB."


def test_data_that_is_ahead_stays_ahead() -> None:
    found = begin("2026-11-24T09:00", kept=timedelta(days=1, hours=1))
    assert found.moment == wib("2026-11-25T10:00")
    assert found.sentence == "The demo's clock stands at Wednesday, 25 November 2026, 10:00 WIB."


def test_data_whose_own_time_is_after_hours_goes_on_to_its_next_working_day() -> None:
    found = begin("2026-11-24T09:00", kept=timedelta(days=3, hours=7))
    assert found.moment == wib("2026-11-30T09:00")
    assert found.sentence is not None and "closed at the moment" in found.sentence


@pytest.mark.parametrize(
    "kept", [timedelta(0), timedelta(days=1)], ids=["at the true time", "ahead"]
)
def test_a_moment_that_the_data_has_passed_is_refused(kept: timedelta) -> None:
    with pytest.raises(
        StageError, match="stands at 2026-11-2[45]T02:00.00:00 already and cannot go back"
    ):
        begin("2026-11-24T09:00", kept=kept, asked="2026-11-24T08:59")
    later = begin("2026-11-24T09:00", kept=kept, asked="2026-11-26T08:59")
    assert later.moment == wib("2026-11-26T08:59")


def test_the_offset_is_kept_beside_the_data_and_found_again(tmp_path: Path) -> None:
    with pytest.raises(StageError, match="no calendar"):
        set_clock(tmp_path, datetime(2099, 3, 23, 2, tzinfo=UTC))
    far = datetime.now(UTC) + timedelta(days=400)
    set_clock(
        tmp_path, far + timedelta(days=1)
    )  # by a start that was stopped before the data were whole
    offset, sentence = set_clock(tmp_path, far)
    (tmp_path / "access.json").touch()
    assert offset == pytest.approx(timedelta(days=400).total_seconds(), abs=60)
    assert sentence is not None
    assert json.loads((tmp_path / "clock.json").read_text()) == {"offset_seconds": offset}
    again, _ = set_clock(tmp_path, None)
    assert again >= offset, "as far ahead, or further where that is not a working moment"
    with pytest.raises(StageError):
        set_clock(tmp_path, far - timedelta(days=1))
