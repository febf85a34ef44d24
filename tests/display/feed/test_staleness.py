"""What a screen says of itself when its data is old: the agent gone, the server gone, a tab that
slept, a clock that jumped.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.display.pages import NOW, FedPage, FeedPage, board, call, stream

pytestmark = pytest.mark.requires_browser

HOUR_S, DAY_S = 3600, 86_400
JUMPING = """
(() => {
  const now = Date.now;
  let aheadMs = 0;
  Date.now = () => now() + aheadMs;
  window.jump = (ms) => { aheadMs += ms; };
})();
"""


SILENT = """() => {
  window.opened = 0;
  window.EventSource = class extends EventTarget {
    constructor() { super(); window.opened += 1; }
    close() {}
  };
  window.EventSource.CLOSED = 2;
}"""
"""From now on there is no agent that would answer a page."""


@pytest.fixture
def tv(fed_page: FeedPage) -> FedPage:
    """A page with a usual board, whose clock the test moves."""
    page = fed_page(1280, 720, JUMPING, fast_clock=True)
    page.show(board(call("A012", age_s=90), streams=(stream(),)))
    return page


def pass_by(tv: FedPage, seconds: int, **frames: Any) -> None:
    """Let time pass, in which the agent says every 5 s what it always says (`frames`), if any."""
    for _ in range(seconds // 5):
        tv.page.clock.run_for(5000)
        if frames:
            tv.show(board(call("A012", age_s=90), streams=(stream(),)), **frames)
    tv.page.clock.run_for(1000 * (seconds % 5))


def stale_words(tv: FedPage) -> str:
    return tv.page.locator("#stale-words [lang=id]").text_content() or ""


def test_a_screen_that_is_current_says_nothing(tv: FedPage) -> None:
    pass_by(tv, 60, connected=True, age_seconds=3.0)
    expect(tv.page.locator("#stale")).to_be_hidden()
    expect(tv.page.locator("#cut")).to_be_hidden()


def test_an_agent_that_is_gone_shows_within_twelve_seconds(tv: FedPage) -> None:
    tv.ask(SILENT)
    pass_by(tv, 10)
    expect(tv.page.locator("#stale")).to_be_hidden()
    pass_by(tv, 2)
    expect(tv.page.locator("#stale")).to_be_visible()
    assert "terputus" in stale_words(tv)
    pass_by(tv, 50)
    assert "data 1 mnt lalu" in stale_words(tv)


def test_a_lost_server_shows_after_ten_seconds_with_the_age(tv: FedPage) -> None:
    tv.show(board(call("A012", age_s=90)), connected=False, age_seconds=9.0)
    expect(tv.page.locator("#stale")).to_be_hidden()
    tv.page.clock.run_for(2000)
    assert re.search(r"data 1[012] dtk lalu", stale_words(tv))


def test_after_five_minutes_waits_go_and_the_staff_is_named_where_nobody_overlooks_it(
    tv: FedPage,
) -> None:
    page = tv.page
    tv.show(board(call("A012", age_s=90)), connected=False, age_seconds=290.0)
    expect(page.locator("#streams .wait")).to_be_visible()
    expect(page.locator("#cut")).to_be_hidden()
    page.clock.run_for(11_000)
    expect(page.locator("#cut-words [lang=id]")).to_have_text("Sistem terputus, dengarkan petugas")
    expect(page.locator("#cut-words [lang=en]")).to_have_text(
        "System disconnected, listen to our staff"
    )
    expect(page.locator("#streams .wait")).to_be_hidden()
    expect(page.locator("#number")).to_have_text("A012")
    expect(page.locator("#call-title")).to_contain_text("Panggilan terakhir sebelum terputus")
    sizes = tv.ask("""() => ["cut", "call", "cut-words"].map((id) => {
      const { top, bottom } = document.getElementById(id).getBoundingClientRect();
      return [top / innerHeight, bottom / innerHeight];
    })""")
    (top, bottom), (call_top, _), (words_top, words_bottom) = sizes
    assert bottom <= call_top, "it covers no call"
    assert top <= words_top and words_bottom <= bottom and words_bottom - words_top >= 0.05
    tv.show(board(call("A012", age_s=90)), connected=True, age_seconds=0.0)
    expect(page.locator("#cut")).to_be_hidden()
    expect(page.locator("#call-title")).not_to_contain_text("sebelum terputus")


def test_an_age_that_nobody_knows_counts_as_old(tv: FedPage) -> None:
    tv.show(board(call("A012", age_s=90)), connected=False, age_seconds=None)
    assert "entah" in stale_words(tv) or "tidak diketahui" in stale_words(tv)
    expect(tv.page.locator("#cut")).to_be_visible()


def test_a_tab_that_slept_asks_anew_and_says_so_if_nobody_answers(tv: FedPage) -> None:
    tv.ask(SILENT)
    tv.ask("ms => window.jump(ms)", HOUR_S * 1000)
    tv.page.clock.run_for(1000)
    assert tv.ask("window.opened") == 1, "it does not wait for a stream that may be dead"
    expect(tv.page.locator("#stale")).to_be_hidden()
    tv.page.clock.run_for(4000)
    assert "data 1 jam lalu" in stale_words(tv)
    expect(tv.page.locator("#cut")).to_be_visible()


@pytest.mark.parametrize("jump_s", [DAY_S, -DAY_S])
def test_a_clock_that_jumps_by_a_day_changes_nothing_that_the_agent_tells(
    tv: FedPage, jump_s: int
) -> None:
    pass_by(tv, 5, connected=True, age_seconds=1.0)
    before = tv.page.locator("#day").text_content()
    tv.ask("ms => window.jump(ms)", jump_s * 1000)
    tv.page.clock.run_for(1000)
    expect(tv.page.locator("#cut")).to_be_hidden()
    pass_by(tv, 20, connected=True, age_seconds=1.0)
    expect(tv.page.locator("#stale")).to_be_hidden()
    assert tv.page.locator("#day").text_content() == before


def test_midnight_passes_on_the_screen_as_at_the_office(tv: FedPage) -> None:
    late = NOW.replace(hour=23, minute=59, second=50)
    tv.show(board(call("A012", age_s=90)), office_time=late.timestamp())
    expect(tv.page.locator("#day")).to_have_text("Senin, 23 Maret 2026")
    tv.page.clock.run_for(11_000)
    expect(tv.page.locator("#day")).to_have_text("Selasa, 24 Maret 2026")
    expect(tv.page.locator("#time")).to_have_text("00.00")


def test_old_data_never_lets_anybody_in_at_the_entry(fed_page: FeedPage) -> None:
    entry = fed_page(1080, 1920, path="/entry", fast_clock=True)
    entering = board(entering=("A012",), inside=20)
    entry.show(entering)
    expect(entry.page.locator("#board")).to_have_attribute("data-state", "enter")
    entry.ask(SILENT)
    entry.page.clock.run_for(301_000)
    expect(entry.page.locator("#board")).to_have_attribute("data-state", "cut")
    expect(entry.page.locator("#numbers")).to_be_hidden()
    expect(entry.page.locator("#room")).to_be_hidden()
    expect(entry.page.locator("#gate-title [lang=id]")).to_have_text(
        "Sistem terputus, tanyakan petugas"
    )
    entry.show(entering)
    expect(entry.page.locator("#board")).to_have_attribute("data-state", "enter")
    entry.page.clock.run_for(301_000)
    entry.show(board(paused="EVACUATION"), connected=False, age_seconds=400.0)
    expect(entry.page.locator("#board")).to_have_attribute("data-state", "evacuation")
