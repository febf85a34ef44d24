"""Every text on the TV stands out by 7:1 or more from what is behind it, in the tokens and as it is
drawn, also while a call flashes.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from queue_server.protocol.design import TOKENS_CSS
from queue_server.protocol.displays import DisplayHall, DisplaySettings
from tests.display.board.offices import EVERYTHING, calls, queues
from tests.display.board.test_every_picture import STALE, draw_burst
from tests.display.pages import FedPage, FeedPage, board, call

LEAST = 7.0
PAIRS = [
    ("ink", "ground"),
    ("ink", "paper"),
    ("ink-soft", "ground"),
    ("ink-soft", "paper"),
    ("accent", "ground"),
    ("accent", "paper"),
    ("on-accent", "accent"),
    ("ok", "ok-soft"),
    ("ink", "ok-soft"),
    ("warn", "warn-soft"),
    ("late", "late-soft"),
    ("over", "over-soft"),
]

_TEXTS = """(screen) => {
  const seen = (each) => each.checkVisibility() && each.getBoundingClientRect().width > 0;
  const behind = (each) => {
    for (let at = each; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (!/^rgba.*, 0\\)$/.test(backgroundColor)) return backgroundColor;
    }
    return "rgb(255, 255, 255)";
  };
  const drawn = new Map();
  const walker = document.createTreeWalker(document.querySelector(screen), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement: parent, data } = walker.currentNode;
    if (!data.trim() || !seen(parent)) continue;
    const pair = [getComputedStyle(parent).color, behind(parent)];
    drawn.set(String(pair), [...pair, data.trim().slice(0, 30)]);
  }
  return [...drawn.values()];
}"""


def luminance(colour: tuple[float, ...]) -> float:
    """The relative luminance of WCAG 2.2 of a colour in 0–255."""
    parts = [each / 255 for each in colour]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def read_colour(written: str) -> tuple[float, ...]:
    if written.startswith("#"):
        digits = written[1:] if len(written) == 7 else "".join(2 * each for each in written[1:])
        return tuple(int(digits[place : place + 2], 16) for place in (0, 2, 4))
    return tuple(float(each) for each in re.findall(r"[\d.]+", written)[:3])


def tokens() -> dict[str, str]:
    """The colours on the TV: the common ones and, over them, its own."""
    written = TOKENS_CSS.read_text(encoding="utf-8")
    common, own = written.split('[data-theme="tv"] {', 1)
    named = re.compile(r"--([\w-]+): (#[0-9a-f]+);")
    return dict(named.findall(common)) | dict(named.findall(own.split("}")[0]))


def weak(tv: FedPage, screen: str = "#board") -> list[Any]:
    """The texts of a screen that do not stand out enough."""
    drawn = tv.ask(_TEXTS, screen)
    assert drawn
    return [
        (words, colour, behind)
        for colour, behind, words in drawn
        if contrast(read_colour(colour), read_colour(behind)) < LEAST
    ]


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_the_tokens_of_the_tv(text: str, ground: str) -> None:
    colours = tokens()
    assert contrast(read_colour(colours[text]), read_colour(colours[ground])) >= LEAST


@pytest.mark.requires_browser
def test_every_text_as_drawn(fed_page: FeedPage) -> None:
    tv = fed_page(1280, 720)
    modes: list[dict[str, Any]] = [
        {"mode": "ONLINE_FIRST"},
        {"open": False},
        {"admitting": False},
        {"over": 26},
        {},
    ]
    for changes in modes:
        shown = board(*calls(9), streams=queues(10), **{**EVERYTHING, **changes})
        tv.show(shown)
        tv.ask(STALE)
        assert weak(tv) == []
    draw_burst(tv, shown, 8)
    assert weak(tv) == []
    tv.show(board())
    assert weak(tv) == []
    counter = DisplaySettings(layout="counter", halls=(DisplayHall({}, ("3",)),))
    tv.show(board(call("A012", "3", age_s=90)), counter)
    assert weak(tv) == []


@pytest.mark.requires_browser
def test_a_call_stands_out_in_every_phase_of_its_flash(fed_page: FeedPage) -> None:
    tv = fed_page(1280, 720)
    tv.show(board(call("A012", "3"), streams=queues(1)))
    tv.page.wait_for_selector("#call.flash")
    for phase_ms in (0, 399, 401, 799, 1201, 2399):
        moving = tv.ask(
            """(time) => document.getAnimations().map((each) => {
              each.pause();
              each.currentTime = time;
            }).length""",
            phase_ms,
        )
        assert moving >= 4
        assert weak(tv) == []


@pytest.mark.requires_browser
@pytest.mark.parametrize("kind", ["EVACUATION", "PAUSE"])
def test_the_other_screens(fed_page: FeedPage, kind: str) -> None:
    tv = fed_page(1280, 720)
    tv.show(board(paused=kind, drill=True))
    assert weak(tv, "#standstill") == []
    tv.show(None, paired=False, pairing_code="KD7001")
    assert weak(tv, "#pairing") == []
