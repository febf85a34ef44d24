"""The entry screen at every size: nothing is cut off, and what counts is read from afar."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from queue_server.protocol.messages import OpenHours
from tests.display.pages import FedPage, FeedPage, board, call, notice

pytestmark = pytest.mark.requires_browser

SIZES = [(1280, 720), (1366, 768), (1920, 1080), (3840, 2160), (1080, 1920), (768, 1366)]
HOURS = (OpenHours("08:00", "12:00"), OpenHours("13:00", "15:00"))
STATES: dict[str, dict[str, Any]] = {
    "enter": {"entering": ("A012",), "outside": 4},
    "enter two": {"entering": ("A012", "A014"), "outside": 4},
    "enter six": {
        "entering": ("A012", "AB0123", "A014", "A015", "C003", "U001"),
        "inside": 118,
        "limit": 120,
        "outside": 140,
    },
    "open": {},
    "urgent": {"mode": "URGENT_ONLY", "mode_until": "2026-03-23T14:00:00+07:00"},
    "wait": {"inside": 20, "outside": 6},
    "over": {"inside": 46, "over": 26, "outside": 3},
    "stopped": {"admitting": False},
    "closed": {"open": False, "opens_at": "2026-03-24T08:00:00+07:00"},
    "paused": {"paused": "PAUSE"},
    "evacuation": {"paused": "EVACUATION", "drill": True},
    "no limit": {"limit": None},
}
MEASURE = """() => {
  const faults = [];
  const boxes = [...document.querySelectorAll("#board :is(h1, h2, p, li, small)")]
    .filter((each) => each.checkVisibility() && each.textContent.trim());
  for (const each of boxes) {
    const own = each.getBoundingClientRect();
    const around = each.closest(".gate, .inside, .top, .foot").getBoundingClientRect();
    const isOut = own.left < around.left - 1 || own.right > around.right + 1
      || own.top < around.top - 1 || own.bottom > around.bottom + 1;
    if (isOut) faults.push(`${each.id || each.className || each.tagName}: ${each.textContent}`);
  }
  const parts = [...document.querySelectorAll(".top, .gate, .inside, .foot")]
    .filter((each) => each.checkVisibility()).map((each) => each.getBoundingClientRect());
  parts.forEach((one, at) => parts.slice(at + 1).forEach((other) => {
    const x = Math.min(one.right, other.right) - Math.max(one.left, other.left);
    const y = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
    if (x > 1 && y > 1) faults.push("parts overlap");
  }));
  const capOf = (what) => {
    const element = document.querySelector(what);
    if (!element || !element.checkVisibility()) return null;
    const { fontWeight, fontSize, fontFamily } = getComputedStyle(element);
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = `${fontWeight} ${fontSize} ${fontFamily}`;
    return pen.measureText("A").actualBoundingBoxAscent / innerHeight;
  };
  const caps = { number: "#numbers li", title: "#gate-title", count: ".count" };
  for (const [name, what] of Object.entries(caps)) caps[name] = capOf(what);
  return { faults, ...caps };
}"""


@pytest.fixture(scope="module")
def notices() -> tuple[Any, ...]:
    return (
        notice(
            "Perekaman KTP-el dan pengambilan dokumen kependudukan hari ini sampai pukul 14.30.",
            "Enrolment and collection until 14.30 today.",
        ),
    )


def show(entry: FedPage, state: str, notices: tuple[Any, ...]) -> None:
    called = call("A012", "Konsultasi dan pengaduan", age_s=90)
    entry.show(board(called, hours=HOURS, notices=notices, **STATES[state]))
    # Not in the middle of a flash.
    entry.ask("document.getElementById('board').classList.remove('fresh')")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_state_fits_and_is_read_from_afar(
    fed_page: FeedPage, notices: tuple[Any, ...], width: int, height: int
) -> None:
    entry = fed_page(width, height, path="/entry")
    faults = {}
    lying = width > height
    for state in STATES:
        show(entry, state, notices)
        measured = entry.ask(MEASURE)
        faults[state] = list(measured["faults"])
        least = {"title": 0.04 if lying else 0.024, "count": 0.09 if lying else 0.05}
        if state == "enter":
            least["number"] = 0.2 if lying else 0.12
        elif state.startswith("enter"):
            least["number"] = 0.06
        for part, share in least.items():
            if measured[part] is not None and measured[part] < share:
                faults[state].append(f"{part} is too small: {measured[part]:.3f}")
    assert {state: each for state, each in faults.items() if each} == {}


def test_it_says_when_the_office_opens_again_and_until_when_it_is_restricted(
    fed_page: FeedPage, notices: tuple[Any, ...]
) -> None:
    entry = fed_page(path="/entry")
    show(entry, "closed", notices)
    expect(entry.page.locator("#gate-hint [lang=id]")).to_have_text(
        "Buka lagi: Selasa, 24 Maret 2026, 08.00"
    )
    expect(entry.page.locator("#hours [lang=id]")).to_have_text(
        "Buka hari ini 08.00–12.00, 13.00–15.00"
    )
    show(entry, "urgent", notices)
    expect(entry.page.locator("#gate-hint [lang=en]")).to_have_text(
        "Urgent services only until 14.00"
    )


def test_more_numbers_than_fit_come_page_by_page(fed_page: FeedPage) -> None:
    entry = fed_page(path="/entry", fast_clock=True)
    numbers = tuple(f"A{each:03}" for each in range(1, 9))
    entry.show(board(entering=numbers))
    seen = set()
    for _ in range(3):
        seen |= set(entry.page.locator("#numbers li").all_text_contents())
        expect(entry.page.locator("#numbers-page")).to_be_visible()
        entry.page.clock.run_for(5_000)
    assert seen == set(numbers)


def test_the_two_languages_at_the_foot_stand_below_each_other(fed_page: FeedPage) -> None:
    tv = fed_page(1280, 720, path="/entry")
    tv.show(board())
    lines = tv.page.locator("#notice .line")
    expect(lines).to_have_count(2)
    first, second = (lines.nth(place).bounding_box() for place in (0, 1))
    assert first is not None and second is not None
    assert second["y"] >= first["y"] + first["height"] - 1
