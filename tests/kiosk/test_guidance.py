"""What the kiosk tells before a number is taken is asked for once, and kept through outages."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.guidance import Guidance
from queue_server.protocol.client import ServerUnreachable
from queue_server.protocol.guide import KioskGuide
from queue_server.protocol.messages import OfficeOffer
from tests.kiosk.page.stages import make_guide

OFFER = OfficeOffer("3674", "Dukcapil", "Asia/Jakarta", "NORMAL", True, "", guide="guide-1")


class Guides:
    """A client that counts how often the guide is asked for; `answer` gives it, or raises."""

    def __init__(self, answer: Callable[[], KioskGuide] = make_guide) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def guide(self, office: str) -> KioskGuide:
        self.asked.append(office)
        return self.answer()


def unreachable() -> KioskGuide:
    raise ServerUnreachable("down")


def keep(guides: Guides, path: Path) -> Guidance:
    return Guidance(guides, path)  # type: ignore[arg-type]


def test_it_is_asked_for_once_for_each_version(tmp_path: Path) -> None:
    guides = Guides()
    kept = keep(guides, tmp_path / "guide.json")
    for _ in range(3):
        kept.follow(OFFER)
    assert guides.asked == ["3674"] and kept.guide == make_guide()
    guides.answer = lambda: make_guide("guide-2")
    kept.follow(dataclasses.replace(OFFER, guide="guide-2"))
    assert len(guides.asked) == 2 and kept.guide == make_guide("guide-2")


def test_a_restart_without_the_server_still_tells_it(tmp_path: Path) -> None:
    keep(Guides(), tmp_path / "guide.json").follow(OFFER)
    again = keep(Guides(unreachable), tmp_path / "guide.json")
    assert again.guide == make_guide()
    again.follow(dataclasses.replace(OFFER, guide="guide-2"))
    assert again.guide == make_guide()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 1}'])
def test_a_damaged_file_is_no_guide_and_is_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / "guide.json"
    path.write_text(content)
    kept = keep(Guides(), path)
    assert kept.guide is None
    kept.follow(OFFER)
    assert keep(Guides(unreachable), path).guide == make_guide()


def test_a_guide_of_another_office_is_not_shown(tmp_path: Path) -> None:
    kept = keep(Guides(), tmp_path / "guide.json")
    kept.follow(OFFER)
    kept._client.answer = unreachable  # type: ignore[attr-defined]
    kept.follow(dataclasses.replace(OFFER, office="9101"))
    assert kept.guide is None


def test_a_server_that_names_no_guide_is_not_asked(tmp_path: Path) -> None:
    guides = Guides()
    keep(guides, tmp_path / "guide.json").follow(dataclasses.replace(OFFER, guide=""))
    assert guides.asked == []
