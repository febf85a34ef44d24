"""A screen in a plain browser runs for a day and needs no more at its end than at its beginning."""

from __future__ import annotations

import pytest

from queue_server.protocol.messages import to_wire
from tests.display.feed.test_growth import STEP_S, board_at, judge_day
from tests.display.pages import NOW
from tests.fixtures.browser import Pages
from tests.web.served import Served

pytestmark = [pytest.mark.requires_browser, pytest.mark.slow, pytest.mark.timeout(900)]

BOARDS_OF_THE_TEST = """
delete window.WebSocket;
const ask = window.fetch;
window.fetch = (address, options) => {
  if (!String(address).endsWith("/board") || !window.boardNow) return ask(address, options);
  window.boardsTaken = (window.boardsTaken ?? 0) + 1;
  const headers = { "Content-Type": "application/json", ETag: `"${window.boardNow.version[1]}"` };
  return Promise.resolve(new Response(JSON.stringify(window.boardNow), { headers }));
};
"""
DRAWN = """given => {
  window.boardNow = given;
  return new Promise((drawn) => requestAnimationFrame(() => drawn()));
}"""


def test_a_day_leaves_nothing_behind(served: Served, page_at: Pages) -> None:
    page = page_at(1280, 720)
    page.add_init_script(BOARDS_OF_THE_TEST)
    page.clock.install(time=NOW)
    served.open(page, "/tv/3674")

    def run(steps: range) -> None:
        for step in steps:
            page.evaluate(DRAWN, to_wire(board_at(step)))
            page.clock.fast_forward(STEP_S * 1000)

    judge_day(page, run)
    assert page.evaluate("window.boardsTaken") >= 2000, "it has followed the day"
