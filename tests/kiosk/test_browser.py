"""When the browser of a kiosk is started anew, and that it is ended with all its processes."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import pytest

from kiosk.browser import Browser, Need, Seen, decide, keep

NOON = datetime(2026, 11, 23, 12).astimezone()
NIGHT = datetime(2026, 11, 24, 3, 5).astimezone()
WELL = Seen(5000, 1, 400)


@pytest.mark.parametrize(
    ("seen", "now", "need"),
    [
        (WELL, NOON, None),
        (Seen(None, 1, 400), NOON, Need.GONE),
        (Seen(None, None, None), NOON, Need.GONE),
        (Seen(5000, 59, 400), NOON, None),
        (Seen(5000, 60, 400), NOON, Need.SILENT),
        (Seen(5000, -1, 400), NOON, Need.SILENT),
        (Seen(89, -1, 400), NOON, None),
        (Seen(5000, None, None), NOON, None),
        (WELL, NIGHT, Need.NIGHT),
        (Seen(5000, 1, 119), NIGHT, None),
        (Seen(5000, None, None), NIGHT, None),
    ],
)
def test_when_it_is_started_anew(seen: Seen, now: datetime, need: Need | None) -> None:
    assert decide(seen, now, None) is need


def test_it_is_started_once_a_night() -> None:
    assert decide(WELL, NIGHT, date(2026, 11, 23)) is Need.NIGHT
    assert decide(WELL, NIGHT, NIGHT.date()) is None


class Done(Exception):
    """Ends the loop under test."""


def test_one_that_ends_is_there_again_and_none_is_left_behind(tmp_path: Path) -> None:
    """A program that starts a second one, as browsers do; the reader ends with the last of them."""
    code = (
        "import subprocess, sys, time\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(tmp_path / 'started')!r}, 'a').write(' '.join(sys.argv[1:]) + chr(10))\n"
        "time.sleep(600)\n"
    )
    browser = Browser([sys.executable, "-c", code], "http://127.0.0.1:8010/", tmp_path / "profile")
    started = tmp_path / "started"
    rounds = [0]

    def sleep(_seconds: float) -> None:
        while not started.exists() or started.read_text().count("\n") < min(rounds[0] + 1, 2):
            assert browser.runs_s is not None
        rounds[0] += 1
        if rounds[0] == 1:
            browser.stop()
            assert browser.runs_s is None
        if rounds[0] == 3:
            raise Done

    try:
        with pytest.raises(Done):
            keep(browser, lambda: (0, 0), lambda: NOON, sleep)
        lines = started.read_text().splitlines()
        assert len(lines) == 2
        assert "--kiosk" in lines[0] and lines[0].endswith("http://127.0.0.1:8010/")
    finally:
        browser.stop()


def test_a_browser_that_is_not_installed_is_tried_again(tmp_path: Path) -> None:
    browser = Browser([str(tmp_path / "nothing")], "http://127.0.0.1:8010/", tmp_path)
    rounds = [0]

    def sleep(_seconds: float) -> None:
        rounds[0] += 1
        if rounds[0] == 3:
            raise Done

    with pytest.raises(Done):
        keep(browser, lambda: (None, None), lambda: NOON, sleep)
