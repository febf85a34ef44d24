"""At 1366 px no chip lies on another word, however long the names and the waits are."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.fixtures.browser import Pages
from tests.web.served import Served

pytestmark = pytest.mark.requires_browser

LONG = {
    "#streams [data-slot=range]": "120–145 mnt",
    "#streams [data-slot=waiting]": "112",
    "#streams [data-slot=chip]": "Terlambat",
    "#queue [data-slot=wait]": "145 mnt",
    "#queue [data-slot=chip]": "Terlambat",
    "#queue [data-slot=service]": "Akta perkawinan/perceraian dan pengesahan anak",
    "#counter-name": "Konsultasi dan pengaduan",
    "#now-badge": "Sedang istirahat",
    "#room": "118 dari 120 orang di dalam",
    "#counters [data-slot=name]": "Konsultasi dan pengaduan",
    "#counters [data-slot=letters]": "A C F Z U X *",
    "#counters [data-slot=clerk]": "Muhammad Rizky Ramadhan Al-Farizi · Sedang istirahat",
    "#counters [data-slot=number]": "A1012",
    "#counters [data-slot=visit]": "Sedang dilayani · 145 mnt",
    "#streams [data-slot=name]": "Akta perkawinan/perceraian dan pengesahan anak",
    "#streams [data-slot=counters]": "12 / 14",
    "#streams [data-slot=wait]": "120–145 mnt",
    "#devices [data-slot=name]": "Kios pintu masuk utama lantai dasar sebelah timur",
    "#devices [data-slot=printer]": "Printer tidak menjawab",
    "#devices [data-slot=state]": "Belum pernah terhubung",
    ".staff-bar > a:first-of-type": "Muhammad Rizky Ramadhan Al-Farizi",
    "#visit-number": "A1012",
    "#visit-state": "Perlu waktu baru",
    "#visit-service": "Akta perkawinan/perceraian dan pengesahan anak",
}
"""What may stand in a place at its longest; a page takes what it has."""

OVERLAPS = """long => {
  for (const [selector, text] of Object.entries(long)) {
    for (const each of document.querySelectorAll(selector)) {
      each.textContent = text;
      each.hidden = false;
      if (!each.matches("[data-slot=chip], [data-slot=printer], [data-slot=state]")) continue;
      each.className = "badge badge--late";
    }
  }
  const words = [...document.querySelectorAll("main *, header *")].filter((each) => {
    const box = each.getBoundingClientRect();
    const said = [...each.childNodes]
      .some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
    return said && box.width > 0 && box.height > 0
      && each.checkVisibility() && !each.closest(".visually-hidden, .snackbar, option");
  });
  // A line box is wider than its words. What counts is the box of the words themselves, and the
  // box of the whole chip.
  const boxOf = (each) => {
    const isChip = each.matches(".badge, .count, .letter, .staff-bar__counter, .button");
    if (isChip) return each.getBoundingClientRect();
    const range = document.createRange();
    range.selectNodeContents(each);
    return range.getBoundingClientRect();
  };
  const clipped = (each) => {
    const frame = each.closest(".panel__scroll, .table-scroll, .dashboard__alerts, .panel");
    const around = frame?.getBoundingClientRect();
    const box = each.getBoundingClientRect();
    return around && (box.top >= around.bottom || box.bottom <= around.top);
  };
  const names = ".badge, .count, .letter, .staff-bar__counter, .dashboard__letters";
  const chips = words.filter((each) => each.matches(names));
  const found = [];
  for (const chip of chips.filter((each) => !clipped(each))) {
    for (const other of words.filter((each) => !clipped(each))) {
      if (chip === other || chip.contains(other) || other.contains(chip)) continue;
      if (other.closest(".stop-bar, .why") || chip.closest(".stop-bar")) continue;
      const [a, b] = [boxOf(chip), boxOf(other)];
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      const below = other.textContent.trim().slice(0, 40);
      if (across > 1 && down > 1) found.push(`${chip.textContent.trim()} on ${below}`);
    }
    if (boxOf(chip).right > innerWidth + 1) found.push(`${chip.textContent.trim()} over the edge`);
  }
  return found;
}"""


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_chip_lies_on_another_word(served: Served, page_at: Pages, language: str) -> None:
    locale = {"id": "id-ID", "en": "en-GB"}[language]
    console = served.sign_in(page_at(1366, 768, locale), "sari", f"/desk?lang={language}")
    console.click("button[data-counter='3674-1']")
    expect(console.locator("#queue .queue__item").first).to_be_visible()
    found = {"console": console.evaluate(OVERLAPS, LONG)}
    console.click("#call-next")
    expect(console.locator("#now-number")).to_have_text("F001")
    found["console with a visitor"] = console.evaluate(OVERLAPS, LONG)
    console.click("[data-action=park]")
    expect(console.locator("#parked .queue__item")).to_have_count(1)
    found["console with one on hold"] = console.evaluate(OVERLAPS, LONG)
    dashboard = served.sign_in(page_at(1366, 768, locale), "budi", f"/supervise?lang={language}")
    expect(dashboard.locator("#streams tr").first).to_be_visible()
    found["dashboard"] = dashboard.evaluate(OVERLAPS, LONG)
    dashboard.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    found["dashboard, further down"] = dashboard.evaluate(OVERLAPS, LONG)
    reception = served.sign_in(page_at(1366, 768, locale), "sari", f"/reception?lang={language}")
    reception.wait_for_load_state(
        "load"
    )  # before its script is there, Enter would send the form as a page
    reception.fill("#shown", "F002")
    reception.press("#shown", "Enter")
    expect(reception.locator("#visit")).to_be_visible()
    found["reception"] = reception.evaluate(OVERLAPS, LONG)
    assert {name: each for name, each in found.items() if each} == {}
