"""The soft note of supervisor dashboard and console in a browser that keeps a page silent
until it is pressed, as most browsers do.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.application import HOME
from tests.fixtures.browser import Pages
from tests.fixtures.live_server import LiveServer
from tests.web.pages.supervisor.test_page_browser import sign_in

StrictPage = Callable[..., Page]
pytestmark = pytest.mark.requires_browser

STRICT = """
  // The browser takes what the test does for a press of a person, so its rule never applies here.
  // This stands in for the rule: a page may sound only after a press.
  let pressed = false;
  const allowed = new WeakSet();
  for (const press of ["pointerup", "keydown"]) {
    addEventListener(press, () => { pressed = true; }, true);
  }
  Object.defineProperty(BaseAudioContext.prototype, "state", {
    get() { return allowed.has(this) ? "running" : "suspended"; },
  });
  AudioContext.prototype.resume = function () {
    if (!pressed) return new Promise(() => {});
    allowed.add(this);
    this.dispatchEvent(new Event("statechange"));
    return Promise.resolve();
  };
  window.contexts = 0;
  window.AudioContext = class extends AudioContext {
    constructor() {
      super();
      window.contexts += 1;
      if (pressed) this.resume();
    }
  };
  window.notes = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...at) {
    document.documentElement.dataset.notes = window.notes += 1;
    return start.apply(this, at);
  };
"""


@pytest.fixture
def strict_page(page_at: Pages) -> StrictPage:
    """A page of a browser that waits for a press before it lets a page sound."""

    def open_page(width: int = 1366, height: int = 768) -> Page:
        page = page_at(width, height)
        page.add_init_script(STRICT)
        return page

    return open_page


def test_a_dashboard_that_is_kept_silent_asks_for_a_press_and_never_says_it_is_on(
    live_server: LiveServer, strict_page: StrictPage
) -> None:
    page = sign_in(live_server, strict_page(), "/supervise?lang=id")
    sound = page.locator("#sound")
    sound.click()
    expect(sound).to_have_text("Suara menyala")
    page.reload()
    expect(sound).to_have_text("Tekan untuk menyalakan suara")
    expect(sound).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("window.notes") == 0
    sound.click()
    expect(sound).to_have_text("Suara menyala")
    expect(sound).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("[window.notes, window.contexts]") == [1, 1], (
        "the press is heard, and nothing was switched off by it"
    )
    sound.click()
    expect(sound).to_have_text("Suara mati")


@pytest.mark.parametrize("press", ["mouse", "Tab"])
def test_any_press_on_the_dashboard_wakes_the_sound_that_was_chosen(
    live_server: LiveServer, strict_page: StrictPage, press: str
) -> None:
    page = sign_in(live_server, strict_page(), "/supervise?lang=en")
    page.click("#sound")
    page.reload()
    expect(page.locator("#sound-words")).to_have_text("Press to turn on the sound")
    if press == "mouse":
        page.mouse.click(600, 760)
    else:
        page.keyboard.press(press)
    expect(page.locator("#sound-words")).to_have_text("Sound is on")


def test_a_console_whose_note_was_kept_back_asks_for_a_press(
    live_server: LiveServer, strict_page: StrictPage
) -> None:
    page = sign_in(live_server, strict_page(), "/desk?lang=en", "clerk")
    page.click(f"#counters [data-counter='{HOME}-1']")
    while live_server.ask("POST", f"/counters/{HOME}-1/call-next", "clerk").status_code == 200:
        [called] = [
            each["id"]
            for each in live_server.ask("GET", f"/offices/{HOME}/queue", "clerk").json()["called"]
        ]
        live_server.ask("POST", f"/tickets/{called}/no-show", "clerk").raise_for_status()
    page.reload()
    expect(page.locator("#queue-empty")).to_be_visible()
    ask = page.get_by_role("button", name="Press to turn on the sound")
    expect(ask).to_be_hidden()
    live_server.walk_in()
    expect(ask).to_be_visible()
    assert page.evaluate("window.notes") == 0
    ask.click()
    expect(ask).to_be_hidden()
    heard = page.evaluate("window.notes")
    live_server.call_next(f"{HOME}-1")
    expect(page.locator("#queue-empty")).to_be_visible()
    live_server.walk_in()
    expect(page.locator("html")).to_have_attribute("data-notes", str(heard + 1))
    assert page.evaluate("window.contexts") == 1
