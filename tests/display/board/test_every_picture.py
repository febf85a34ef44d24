"""Whatever a screen has to show at once, on any screen: the calls keep their share, everybody can
read what is meant for them, and nothing is cut off, lies over something else or beyond the edge.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from queue_server.protocol.displays import DisplayHall, DisplaySettings
from queue_server.protocol.messages import Board, WaitRange, to_wire
from tests.display.board.measuring import SIZES, Picture, measure
from tests.display.board.offices import EVERYTHING, LONG_COUNTER, MESSAGE, NAMES, calls, queues
from tests.display.pages import FedPage, FeedPage, board, call, stream

pytestmark = pytest.mark.requires_browser

CALLS_LEAST = 45
STALE = """() => {
  const words = document.getElementById("stale-words");
  words.textContent = "";
  for (const text of ["terputus · data 12 mnt yang lalu", "disconnected · data 12 min old"])
    words.append(Object.assign(document.createElement("span"), { textContent: text }));
  for (const id of ["stale", "muted"]) document.getElementById(id).hidden = false;
}"""


def judge(tv: FedPage, width: int, height: int, *, halls: int = 1) -> Picture:
    """The picture as it stands, which has no fault. On a standing screen two halls share what the
    calls keep.
    """
    picture = measure(tv)
    stands = height >= width
    assert not picture.faults, f"{width}x{height}: {picture.faults}"
    assert len(picture.calls) == halls
    if halls == 2 and stands:
        assert sum(picture.calls) >= CALLS_LEAST
    else:
        assert min(picture.calls) >= CALLS_LEAST
    least = {"numbers": 12 if stands else 20, "recent": 6, "burst": 6, "waits": 2, "counters": 2}
    small = {kind: min([*getattr(picture, kind), size]) for kind, size in least.items()}
    assert small == least
    return picture


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_main_hall_with_any_office(fed_page: FeedPage, width: int, height: int) -> None:
    tv = fed_page(width, height)
    for count in (1, 6, 10):
        for counters in (3, 20):
            for long_names in (False, True):
                for letters in ("A0", "AB0", "AB00"):
                    shown = calls(8, counters, letters=letters, long_names=long_names)
                    tv.show(board(*shown, streams=queues(count)))
                    picture = judge(tv, width, height)
                    assert picture.numbers and picture.recent and picture.waits


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_everything_at_once(
    fed_page: FeedPage, axe: Callable[[Page], list[str]], width: int, height: int
) -> None:
    tv = fed_page(width, height)
    modes: list[dict[str, Any]] = [
        {"mode": "ONLINE_FIRST"},
        {"open": False},
        {"admitting": False},
        {"over": 26, "inside": 146},
        {},
    ]
    for is_cut_off in (False, True):
        for changes in modes:
            shown = board(
                *calls(9, long_names=True),
                streams=queues(10),
                **{**EVERYTHING, "calls_left_out": 12, **changes},
            )
            tv.show(shown, MESSAGE)
            if is_cut_off:
                tv.ask(STALE)
                tv.show(shown, MESSAGE)
            judge(tv, width, height)
    assert axe(tv.page) == []


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1080, 1920)])
@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_call_in_either_language(fed_page: FeedPage, width: int, height: int, times: int) -> None:
    tv = fed_page(width, height)
    for language in ("id", "en"):
        for counter in ("3", "Loket 12", LONG_COUNTER, "Pengaduan", ""):
            for number in ("A012", "AB012", "AB0123"):
                latest = call(number, counter, age_s=90, times=times, language=language)
                tv.show(board(latest, *calls(6), streams=queues(6), **EVERYTHING))
                judge(tv, width, height)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_two_halls(fed_page: FeedPage, width: int, height: int) -> None:
    halls = (
        DisplayHall({"id": "Aula utama", "en": "Main hall"}, tuple("12345")),
        DisplayHall({"id": "Aula timur", "en": "East hall"}, ("6", "7", LONG_COUNTER)),
    )
    tv = fed_page(width, height)
    for changes in ({}, EVERYTHING):
        for age_s in (2, 90):
            for long_names in (False, True):
                shown = calls(10, 7, age_s=age_s, long_names=long_names)
                tv.show(
                    board(*shown, streams=queues(10), **changes),
                    DisplaySettings(layout="halls", halls=halls),
                    announced=[each.id for each in shown],
                )
                picture = judge(tv, width, height, halls=2)
                assert len(picture.numbers) == 2 and len(picture.recent) >= 2


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_one_counter(fed_page: FeedPage, width: int, height: int) -> None:
    tv = fed_page(width, height)
    settings = DisplaySettings(layout="counter", halls=(DisplayHall({}, ("3",)),))
    for number in ("A012", "AB0123"):
        tv.show(board(call(number, "3"), streams=queues(10), **EVERYTHING), settings)
        picture = judge(tv, width, height)
        assert picture.waits == [] and picture.recent == []
    tv.show(board(streams=queues(10)), settings)
    assert judge(tv, width, height).numbers == []


def draw_stage(tv: FedPage, given: Board, settings: DisplaySettings, **stage: Any) -> None:
    tv.of_module(
        "board/draw.js",
        "module.drawStage(given.stage, given.board, given.settings)",
        {"stage": stage, "board": to_wire(given), "settings": to_wire(settings)},
    )


def draw_burst(
    tv: FedPage, given: Board, count: int, settings: DisplaySettings | None = None
) -> None:
    """Show the newest calls of a board as a burst, its second being named."""
    burst = [to_wire(each) for each in reversed(given.calls[:count])]
    chosen = settings or DisplaySettings()
    tv.show(given, chosen)
    draw_stage(tv, given, chosen, kind="burst", calls=burst, naming=burst[1]["id"])


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1080, 1920)])
def test_two_halls_after_a_burst(fed_page: FeedPage, width: int, height: int) -> None:
    tv = fed_page(width, height)
    halls = (
        DisplayHall({"id": "Aula utama"}, tuple("12345")),
        DisplayHall({"id": "Aula timur"}, ("6", "7", "8", LONG_COUNTER)),
    )
    settings = DisplaySettings(layout="halls", halls=halls)
    draw_burst(tv, board(*calls(8)), 8, settings)
    shown = board(*calls(8, long_names=True), streams=queues(10), **EVERYTHING)
    tv.show(shown, settings)
    called = {"kind": "call", "call": to_wire(shown.calls[0]), "test": False}
    draw_stage(tv, shown, settings, **called)
    picture = judge(tv, width, height, halls=2)
    draw_stage(tv, shown, settings, **called)
    assert measure(tv) == picture, "what was drawn first fits as what is drawn again"


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_burst_is_seen_whole(fed_page: FeedPage, width: int, height: int) -> None:
    tv = fed_page(width, height)
    for count in (2, 4, 5, 8, 12):
        for letters in ("A0", "AB00"):
            for long_names in (False, True):
                shown = calls(count, letters=letters, long_names=long_names)
                draw_burst(tv, board(*shown, streams=queues(10), **EVERYTHING), count)
                picture = judge(tv, width, height)
                assert len(picture.burst) == count
    named = tv.page.locator("#burst-list .naming")
    assert named.count() == 1
    frame = named.evaluate("each => getComputedStyle(each).borderTopColor")
    others = tv.page.locator("#burst-list li:not(.naming)").first
    assert others.evaluate("each => getComputedStyle(each).borderTopColor") != frame


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_pictures_beside_the_calls_take_nothing_from_them(
    fed_page: FeedPage, width: int, height: int
) -> None:
    tv = fed_page(width, height)
    tv.ask("document.getElementById('media').hidden = false")
    for changes in ({}, EVERYTHING):
        tv.show(board(*calls(8), streams=queues(10), **changes), DisplaySettings(media=True))
        judge(tv, width, height)
        region = tv.page.locator("#media").bounding_box()
        assert region is not None and region["height"] >= 0.12 * height
    tv.show(board(*calls(8)), DisplaySettings(media=False))
    assert tv.page.locator("#media").is_hidden()


@pytest.mark.parametrize("distance_m", [2, 8, 12, 20, 40])
@pytest.mark.parametrize("diagonal_inch", [15, 43, 98])
def test_any_distance(fed_page: FeedPage, distance_m: int, diagonal_inch: int) -> None:
    tv = fed_page(1920, 1080)
    for width, height in ((1920, 1080), (1080, 1920)):
        tv.resize(width, height)
        settings = DisplaySettings(distance_m=distance_m, diagonal_inch=diagonal_inch)
        tv.show(board(*calls(8, long_names=True), streams=queues(10), **EVERYTHING), settings)
        judge(tv, width, height)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_wait_stands_apart_from_the_number_of_those_who_wait(
    fed_page: FeedPage, width: int, height: int
) -> None:
    tv = fed_page(width, height)
    longest = stream("E", *NAMES[4], waiting=988, wait=WaitRange(120, 180))
    for count in (1, 4):
        tv.show(board(*calls(8), streams=(longest,) * count))
        gaps = tv.ask(
            """() => [...document.querySelectorAll(".load")].map((load) => {
              const [count, wait] = [...load.children].map((each) => each.getBoundingClientRect());
              return (wait.left - count.right) / parseFloat(getComputedStyle(load).fontSize);
            })"""
        )
        assert gaps and min(gaps) >= 0.5
        judge(tv, width, height)


def test_a_board_without_calls_has_no_empty_half(fed_page: FeedPage) -> None:
    tv = fed_page(1920, 1080)
    for changes in ({}, {"open": False}):
        tv.show(board(streams=queues(3), **changes))
        box = tv.page.locator("#idle").bounding_box()
        assert box is not None and box["width"] > 0.9 * 1920
    tv.show(board(*calls(3), streams=queues(3)))
    assert tv.page.locator("#recent li").count() == 2


def test_a_screen_that_is_neither_wide_nor_high(fed_page: FeedPage) -> None:
    tv = fed_page(1024, 768)
    for width, height in ((1024, 768), (1280, 1024), (2560, 1080), (1200, 1600)):
        tv.resize(width, height)
        tv.show(board(*calls(8, long_names=True), streams=queues(10), **EVERYTHING))
        assert measure(tv).faults == []
