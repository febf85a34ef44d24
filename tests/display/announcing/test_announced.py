"""What a screen has announced outlives everything; which of its pages speaks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from display import announced
from display.announced import REMEMBERED, AnnouncedCalls
from display.speaking import SILENT_SECONDS, SpeakingPage


def test_what_was_announced_is_there_after_a_restart(tmp_path: Path) -> None:
    calls = AnnouncedCalls(tmp_path / "announced.json")
    assert calls.note(["c1", "c2", "c1"]) is True
    assert calls.note(["c2"]) is False
    assert AnnouncedCalls(tmp_path / "announced.json").ids == ("c1", "c2")


def test_no_more_are_kept_than_can_matter(tmp_path: Path) -> None:
    calls = AnnouncedCalls(tmp_path / "announced.json")
    for number in range(0, REMEMBERED + 50, 25):
        calls.note(f"c{number + each}" for each in range(25))
    assert len(calls.ids) == REMEMBERED and calls.ids[-1] == f"c{REMEMBERED + 49}"


@pytest.mark.parametrize("content", [b"", b"[1,", b"{}", b'["c1", 2, null]', b"\xff"])
def test_a_spoilt_file_only_makes_it_forget(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "announced.json"
    path.write_bytes(content)
    calls = AnnouncedCalls(path)
    assert set(calls.ids) <= {"c1"}
    assert calls.note(["c2"]) and json.loads(path.read_bytes())[-1] == "c2"


def test_what_a_full_disk_did_not_keep_is_written_when_it_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = AnnouncedCalls(tmp_path / "announced.json")
    with monkeypatch.context() as full:

        def refuse(path: Path, content: bytes) -> None:
            raise OSError("no space left on device")

        full.setattr(announced, "write_whole", refuse)
        for _ in range(2):
            with pytest.raises(OSError, match="no space"):
                calls.note(["c1"])
        assert calls.ids == ("c1",), "it is not said again meanwhile"
    calls.note(["c1"])
    assert AnnouncedCalls(tmp_path / "announced.json").ids == ("c1",)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pages(clock: Clock) -> SpeakingPage:
    return SpeakingPage(clock)


def test_the_first_page_speaks_and_keeps_the_voice(pages: SpeakingPage, clock: Clock) -> None:
    for _ in range(20):
        assert pages.hear("first") and not pages.hear("second")
        clock.now += SILENT_SECONDS - 1


def test_a_page_that_falls_silent_loses_the_voice(pages: SpeakingPage, clock: Clock) -> None:
    pages.hear("first")
    clock.now += SILENT_SECONDS
    assert not pages.is_there
    assert pages.hear("second")
    assert not pages.hear("first")


def test_a_page_that_closes_loses_the_voice_at_once(pages: SpeakingPage) -> None:
    pages.hear("first")
    pages.close("second")
    assert not pages.hear("second")
    pages.close("first")
    assert pages.hear("second")
