"""What a visitor may choose at the kiosk: low reach, high contrast, large letters, and the page by
keys alone with a voice. The next visitor finds none of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page

from kiosk.page.page import FOLDER
from tests.fixtures.browser import faults
from tests.kiosk.conftest import on, scan
from tests.kiosk.page.stages import offer_everything
from tests.protocol.fake_server import FakeServer

pytestmark = pytest.mark.requires_browser

SIZES = {(1080, 1920): 0.5, (1280, 800): 0.4, (768, 1024): 0.25}
"""Each size of the screen, and the share of its height that low reach leaves free."""

ABOVE = """limit => [...document.querySelectorAll("button")]
  .filter(each => each.getClientRects().length && each.getBoundingClientRect().top < limit - 1)
  .map(each => each.id || each.textContent)"""

LOST = """() => {
  const section = document.querySelector(`section[data-for="${document.body.dataset.screen}"]`);
  const end = section.getBoundingClientRect().bottom + 1;
  const isPaged = !document.querySelector("#part").hidden;
  return [...section.querySelectorAll("button")]
    .filter(each => each.getBoundingClientRect().bottom > end && !isPaged)
    .map(each => each.id || each.textContent);
}"""

FAINT = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const linear = (part) => (part <= 10.3 ? part / 3294 : ((part / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const ground = (each) => {
    const colour = parts(getComputedStyle(each).backgroundColor);
    return colour[3] === 0 && each.parentElement ? ground(each.parentElement) : colour;
  };
  const within = document.querySelector("dialog[open]") ?? document.body;
  return [...within.querySelectorAll("*")]
    .filter((each) => each.checkVisibility() && !each.closest("[aria-disabled=true]"))
    .filter((each) => [...each.childNodes].some((one) => one.nodeType === 3 && one.data.trim()))
    .filter((each) => {
      const pair = [light(parts(getComputedStyle(each).color)), light(ground(each))].sort();
      return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05) < 7;
    })
    .map((each) => each.id || each.textContent.trim().slice(0, 30));
}"""
"""The texts that stand out less than seven to one. axe-core leaves out what it is not sure of."""

DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"

SAID = """() => {
  window.said = [];
  const local = {localService: true, lang: "id-ID"};
  const far = {localService: false, lang: "id-ID"};
  window.voices = [far];
  Object.defineProperty(window, "speechSynthesis", {value: {
    getVoices: () => window.voices, cancel() {}, speak: each => window.said.push(each.text)}});
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  window.local = local;
}"""


def turn_on(page: Page, *modes: str) -> None:
    page.click("#access")
    for mode in modes:
        page.click(f"#mode-{mode}")
    page.click("#modes-close")


@pytest.mark.parametrize("mode", ["low", "large"])
def test_every_control_is_within_reach_and_none_is_lost(
    open_kiosk: Callable[..., Page], shared: FakeServer, mode: str
) -> None:
    offer_everything(shared)
    page = open_kiosk()
    turn_on(page, mode)
    for way in ("#tiles .tile:not(.more)", "#have-code"):
        for (width, height), share in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            for screen in ("home", "next"):
                if screen == "next":
                    page.locator(way).first.click()
                page.evaluate(DRAWN)
                if mode == "low":
                    assert page.evaluate(ABOVE, share * height) == [], (way, width, screen)
                assert page.evaluate(LOST) == [], (way, width, screen)
            page.click("#back")
            on(page, "home")


def test_what_does_not_fit_is_paged_by_one_button(
    open_kiosk: Callable[..., Page], shared: FakeServer
) -> None:
    offer_everything(shared)
    page = open_kiosk(1280, 800)
    turn_on(page, "large")
    page.locator("#tiles .tile:not(.more)").first.click()
    on(page, "confirm")
    seen = []
    for _ in range(8):
        seen.append(page.locator("#part-number").inner_text())
        if len(seen) > 1 and seen[-1] == seen[0]:
            break
        page.click("#part")
    assert len(seen) > 2 and seen[0] == seen[-1]
    assert all(one != other for one, other in pairwise(seen))


def test_high_contrast_has_no_fault_and_seven_to_one_everywhere(
    open_kiosk: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    page = open_kiosk()
    turn_on(page, "contrast")

    def check() -> list[str]:
        return faults(page, axe) + page.evaluate(FAINT)

    assert {name: wrong for name, wrong in walk(page, check).items() if wrong} == {}


@pytest.mark.parametrize("mode", ["low", "large", "voice"])
def test_no_mode_has_a_fault_on_any_screen(
    open_kiosk: Callable[..., Page], axe: Callable[[Page], list[str]], mode: str
) -> None:
    page = open_kiosk(768, 1024)
    turn_on(page, mode)
    found = walk(page, lambda: faults(page, axe))
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def walk(page: Page, check: Callable[[], list[str]]) -> dict[str, list[str]]:
    """Through the screens and dialogs of a visit; what `check` finds on each."""
    found = {"home": check()}
    page.click("#access")
    found["modes"] = check()
    page.click("#modes-close")
    page.click("#help")
    page.wait_for_selector('#help-dialog[data-stage="asked"]')
    found["help"] = check()
    page.click("#staff")
    found["staff"] = check()
    page.click("#staff-close")
    page.click("#have-code")
    found["code"] = check()
    scan(page, "3674010203040005")
    on(page, "problem")
    found["problem"] = check()
    page.click("#go")
    on(page, "home")
    page.locator(".tile:not(.more)").first.click()
    on(page, "confirm")
    found["confirm"] = check()
    page.click("#go")
    on(page, "result")
    page.wait_for_selector("#go:not([aria-disabled])")
    found["result"] = check()
    return found


def _luminance(colour: str) -> float:
    digits = "".join(each * 2 for each in colour) if len(colour) == 3 else colour
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [
        each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_colours_of_high_contrast_stand_out_seven_to_one() -> None:
    style = (FOLDER / "static" / "modes" / "modes.css").read_text()
    block = style.split("html[data-contrast] {")[1].split("}")[0]
    colour = dict(re.findall(r"--([\w-]+): #(\w+);", block))
    pairs = [
        ("ink", "ground"),
        ("ink", "paper"),
        ("ink", "sunken"),
        ("ink-soft", "sunken"),
        ("on-primary", "primary"),
        ("ink", "primary-soft"),
        ("on-accent", "accent"),
        ("primary", "ground"),
        ("primary-strong", "info-soft"),
        *((name, f"{name}-soft") for name in ("ok", "warn", "late", "over", "info")),
    ]
    for text, ground in pairs:
        light, dark = sorted((_luminance(colour[text]), _luminance(colour[ground])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 7, (text, ground)


def press_until(page: Page, key: str, wanted: str, most: int = 40) -> None:
    for _ in range(most):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} never leads to {wanted}")


def test_arrows_and_enter_alone_lead_to_a_number(open_kiosk: Callable[..., Page]) -> None:
    page = open_kiosk()
    press_until(page, "ArrowDown", "#access")
    page.keyboard.press("Enter")
    press_until(page, "ArrowRight", "#mode-large")
    page.keyboard.press("Enter")
    press_until(page, "ArrowDown", "#modes-close")
    page.keyboard.press("Enter")
    press_until(page, "ArrowUp", ".tile:not(.more)")
    assert page.evaluate("document.activeElement.matches(':focus-visible')")
    page.keyboard.press("Enter")
    on(page, "confirm")
    press_until(page, "ArrowDown", "#go")
    page.keyboard.press("Enter")
    on(page, "result")
    press_until(page, "ArrowDown", "#go")


def test_the_voice_says_what_has_the_focus_and_only_a_voice_of_this_machine(
    open_kiosk: Callable[..., Page],
) -> None:
    page = open_kiosk()
    page.evaluate(SAID)
    page.click("#access")
    page.click("#mode-voice")
    assert "belum punya suara" in page.locator("#modes-unheard").inner_text()
    assert page.evaluate("said") == []
    page.click("#mode-voice")
    page.evaluate("voices.push(local)")
    page.click("#mode-voice")
    assert page.locator("#modes-unheard").is_hidden()
    page.click("#modes-close")
    press_until(page, "ArrowDown", ".tile")
    tile = page.evaluate("document.activeElement.querySelector('.name').textContent")
    assert tile.split()[0] in page.evaluate("said.at(-1)")


def test_whoever_needs_time_has_it_and_leaves_everything_as_it_was(
    open_kiosk: Callable[..., Page],
) -> None:
    page = open_kiosk(fast_clock=True)
    turn_on(page, "large", "contrast")
    page.locator(".tile").first.click()
    on(page, "confirm")
    page.clock.run_for(45_000)
    assert page.locator("#idle-dialog[open]").count() == 0
    page.clock.run_for(18_000)
    page.wait_for_selector("#idle-dialog[open]")
    page.click("#idle-stay")
    page.clock.run_for(80_000)
    on(page, "confirm")
    page.clock.run_for(12_000)
    on(page, "home")
    assert (
        page.evaluate("document.documentElement.matches('[data-large], [data-contrast]')") is False
    )
