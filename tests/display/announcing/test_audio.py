"""What is sent to the loudspeakers, measured: the page's own audio graph is rendered in the
browser, and the samples are compared with the clips.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.display.pages import PageServer
from tests.fixtures.browser import Pages

pytestmark = pytest.mark.requires_browser

LISTENING = Path(__file__).with_name("listening.js").read_text("utf-8")
SETTINGS = {"languages": ["id", "en"], "spoken": "visitor", "repeats": 1, "volume": 100}
LOUDNESS_DBFS, LOUDNESS_OFF_DB = -18.0, 1.5
A012 = ["letter_a", "digit_0", "digit_1", "digit_2_final"]


def listen(page: Page, call: dict[str, Any], form: str = "full", **changes: Any) -> dict[str, Any]:
    """What is heard of a call."""
    asked = {
        "call": {"number": "A012", "counter": "3", "times": 1, "language": "id", **call},
        "form": form,
        "settings": SETTINGS,
        "hasChime": True,
        "kind": "opus",
        **changes,
    }
    heard: dict[str, Any] = page.evaluate(LISTENING, asked)
    return heard


@pytest.fixture
def page(page_at: Pages, voiced_pages: PageServer) -> Page:
    opened: Page = page_at(640, 360)
    opened.goto(f"{voiced_pages.url}/")
    return opened


def keys(heard: dict[str, Any]) -> list[str]:
    return [word["key"] for word in heard["words"]]


def assert_clean(heard: dict[str, Any]) -> None:
    """Every word as loud as agreed, nothing clipped, silence afterwards."""
    off = {word["key"]: word["loudness"] - LOUDNESS_DBFS for word in heard["words"]}
    assert {key: db for key, db in off.items() if abs(db) > LOUDNESS_OFF_DB} == {}
    assert heard["peak"] < 1
    assert heard["rest"] < 0.001


def gaps(heard: dict[str, Any]) -> list[float]:
    return [word["gapMs"] for word in heard["words"][1:]]


CALLS: list[tuple[dict[str, Any], list[str], list[int]]] = [
    ({}, ["queue_number", *A012, "please_go_to", "counter_3"], [40, 40, 40, 40, 120, 40]),
    ({"times": 2}, ["second_call", "queue_number", *A012, "counter_3"], [40] * 5 + [120]),
    (
        {"times": 3, "language": "en"},
        ["last_call", "queue_number", *A012, "counter_3"],
        [40] * 5 + [120],
    ),
    (
        {"number": "XB0497", "counter": "17", "language": "en"},
        ["queue_number", "letter_x", "letter_b", "digit_0", "digit_4", "digit_9"]
        + ["digit_7_final", "please_go_to", "counter_17"],
        [40] * 6 + [120, 40],
    ),
    ({"counter": "Konsultasi"}, ["queue_number", *A012, "see_screen"], [40, 40, 40, 40, 120]),
]


def test_calls_are_heard_word_by_word(page: Page) -> None:
    for call, words, pauses in CALLS:
        heard = listen(page, call)
        assert keys(heard) == words
        assert {word["language"] for word in heard["words"]} == {call.get("language", "id")}
        assert gaps(heard) == pytest.approx(pauses, abs=2)
        assert_clean(heard)
        assert heard["chime"] > -40
        assert heard["endsMs"] <= 1000 + 6000

    heard = listen(page, {"number": "C345", "counter": "20"}, "short", hasChime=False)
    assert keys(heard) == ["letter_c", "digit_3", "digit_4", "digit_5_final", "counter_20"]
    assert gaps(heard) == pytest.approx([40, 40, 40, 120], abs=2)
    assert_clean(heard)
    assert heard["endsMs"] < 3500

    heard = listen(page, {}, settings={**SETTINGS, "spoken": "both"})
    assert [word["language"] for word in heard["words"]] == ["id"] * 7 + ["en"] * 7
    assert gaps(heard)[6] == pytest.approx(600, abs=2)
    assert_clean(heard)

    loud = listen(page, {}, "short", hasChime=False)
    for volume, quieter_db in ((50, 12.04), (80, 3.88)):
        settings = {**SETTINGS, "volume": volume}
        quiet = listen(page, {}, "short", hasChime=False, settings=settings)
        for one, other in zip(quiet["words"], loud["words"], strict=True):
            assert other["loudness"] - one["loudness"] == pytest.approx(quieter_db, abs=0.1)
    silent = listen(page, {}, settings={**SETTINGS, "volume": 0})
    assert silent["words"] == [] and silent["peak"] == 0


def test_without_opus_the_same_is_heard(page: Page) -> None:
    page.route("**/*.opus*", lambda route: route.fulfill(status=200, body="no sound"))
    heard = listen(page, {}, kind="mp3")
    assert keys(heard) == ["queue_number", *A012, "please_go_to", "counter_3"]
    assert_clean(heard)
