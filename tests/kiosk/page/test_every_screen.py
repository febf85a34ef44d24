"""Every screen at three sizes and in both languages: nothing is cut off or scrolls, every target is
large enough and far enough from the next, and axe-core has no complaint.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from queue_server.protocol.messages import Slip, WaitRange, to_wire
from tests.kiosk.conftest import on, scan
from tests.kiosk.page.stages import offer_everything
from tests.kiosk.records.test_journal import SLIP
from tests.protocol.fake_server import FakeServer

pytestmark = pytest.mark.requires_browser

SIZES = [(1080, 1920), (1280, 800), (768, 1024)]
TARGET, GAP = 80, 8

MEASURE = """({target, gap}) => {
  const faults = [];
  const name = (each) => (each.id || each.className) + ": " + each.textContent.trim().slice(0, 30);
  const dialog = document.querySelector("dialog[open]");
  const within = dialog ?? document.body;
  const seen = (each) => each.checkVisibility() && each.getBoundingClientRect().width > 0;
  const buttons = [...within.querySelectorAll("button")].filter(seen);
  const boxes = buttons.map((each) => each.getBoundingClientRect());
  boxes.forEach((box, one) => {
    if (box.width < target - 0.5 || box.height < target - 0.5)
      faults.push(`small ${name(buttons[one])} ${box.width}x${box.height}`);
    boxes.slice(one + 1).forEach((other, two) => {
      const apart = Math.max(other.left - box.right, box.left - other.right,
        other.top - box.bottom, box.top - other.bottom);
      if (apart < gap - 0.5)
        faults.push(`near ${name(buttons[one])} ${name(buttons[one + 1 + two])} ${apart}`);
    });
  });
  const texts = "h1, h2, h3, p, li, button, .name, .load, figcaption";
  for (const each of within.querySelectorAll(texts)) {
    if (!seen(each) || !each.textContent.trim()) continue;
    const box = each.getBoundingClientRect();
    const holder = each.closest(".panel, .tile, section, dialog, header, footer");
    const around = holder.getBoundingClientRect();
    if (box.left < -1 || box.right > innerWidth + 1 || box.top < around.top - 1
        || box.bottom > around.bottom + 1)
      faults.push(`outside ${name(each)}`);
    if (each.scrollWidth > each.clientWidth + 2 && each.clientWidth > 0)
      faults.push(`cut ${name(each)}`);
    if (each.matches("button") && each.scrollHeight > each.clientHeight + 2)
      faults.push(`too high ${name(each)}`);
  }
  for (const each of document.querySelectorAll("html, body, main, section, .panel, .tiles, .pad"))
    if (each.checkVisibility() && each.scrollHeight > each.clientHeight + 1)
      faults.push(`scrolls ${each.id || each.className || each.tagName}`);
  return faults;
}"""


def book(server: FakeServer, code: str, **changes: Any) -> None:
    """A booking that the server knows, as the slip it will answer with."""
    values: dict[str, Any] = {"code": code, "id": code, **changes}
    slip: Slip = dataclasses.replace(SLIP, **values)
    server.bookings[code] = to_wire(slip)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_screen_fits_and_every_target_is_large_enough(
    server: FakeServer,
    open_own_kiosk: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    tmp_path: Path,
    language: str,
    width: int,
    height: int,
) -> None:
    offer_everything(server, party_max=12)
    page = open_own_kiosk(width, height)
    faults: list[str] = []

    def check(name: str) -> None:
        page.wait_for_timeout(60)
        page.evaluate("document.fonts.ready.then(() => true)")
        wrong = [*page.evaluate(MEASURE, {"target": TARGET, "gap": GAP}), *axe(page)]
        faults.extend(f"{name}: {each}" for each in wrong)
        if wrong:  # only what is wrong is worth drawing
            page.screenshot(path=str(tmp_path / f"{name}-{language}-{width}.png"))

    def home() -> None:
        on(page, "home")
        page.locator(f"[data-language={language}]").click()

    home()
    check("home")
    page.locator("[data-service=AKP]").click()
    check("plain")
    page.locator(".is-urgent").click()
    check("reasons")
    page.locator("#back").click()
    page.locator("[data-service=CTK]").click()
    check("question")
    page.locator(".answers button").first.click()
    check("elsewhere")
    page.locator("#go").click()
    on(page, "result")
    page.wait_for_selector("#print[data-print=printed]")
    page.wait_for_timeout(800)
    check("result")
    page.locator("#phone").click()
    check("phone")
    page.locator("#go").click()
    home()
    page.locator("[data-service=KK]").click()
    check("online")
    page.locator("#back").click()
    page.locator("#have-code").click()
    check("code")
    page.locator("#help").click()
    check("help")
    page.locator("#help-close").click()
    scan(page, "3674010203040005")
    check("nik")
    server.refuse = (409, {"code": "wrong_state", "state": "STRANDED"})
    scan(page, "0000000000ZZ")
    page.wait_for_selector("#problem-page:visible")
    check("stranded")
    server.refuse = None
    worst = {"number": "A1234", "place": "OUTSIDE", "wait": WaitRange(240, 480), "party_size": 12}
    book(
        server,
        "0000000000YY",
        language=language,
        ends_at="2026-11-23T08:00:00+07:00",
        starts_at="2026-11-23T07:30:00+07:00",
        checked_in_at="2026-11-23T08:40:00+07:00",
        **worst,
    )
    scan(page, "0000000000YY")
    on(page, "result")
    check("result-worst")
    server.offer = dataclasses.replace(
        server.offer, open=False, reason="hours", opens_at="2026-11-30T08:00:00+07:00"
    )
    page.locator("#go").click()
    page.wait_for_selector("#banner.off:visible", timeout=9000)
    home()
    check("closed-home")
    page.locator("[data-service=KK]").click()
    check("closed")
    assert not faults, "\n".join(faults)
