"""The ticket page in a real browser on the day of the visit: without a network, with what the
phone can do, and with the steps of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.browser import Pages, cut_off, faults
from tests.web.pages.citizen.test_ticket_browser import book
from tests.web.served import Served

pytestmark = pytest.mark.requires_browser

KEPT = """async () => {
  const kept = [];
  for (const name of await caches.keys())
    for (const { url } of await (await caches.open(name)).keys())
      kept.push(new URL(url).pathname);
  return kept.filter((each) => !each.startsWith("/assets/"));
}"""


def wait_until_kept(page: Page, *paths: str) -> None:
    """Wait until the phone keeps these pages and no others."""
    assert page.evaluate(
        f"""async (paths) => {{
          const kept = {KEPT};
          for (let tries = 0; tries < 200; tries += 1) {{
            if (String(await kept()) === String(paths)) return paths;
            await new Promise((resolve) => setTimeout(resolve, 50));
          }}
          return kept();
        }}""",
        list(paths),
    ) == list(paths)


def test_a_ticket_opens_without_a_network_and_says_how_old_it_is(
    served: Served, page_at: Pages, axe: Callable[[Page], list[str]]
) -> None:
    code, other = served.codes[0], served.codes[1]
    page = served.open(page_at(), f"/t/{code}")
    wait_until_kept(page, f"/t/{code}")
    for path in ("/", "/t", f"/t/{code}/leave", f"/api/v1/tickets/{code}"):
        page.request.get(f"{served.base}{path}")
    served.open(page, f"/t/{code}/leave")
    assert page.evaluate(KEPT) == [f"/t/{code}"], "the ticket and nothing else"

    page.context.set_offline(True)
    served.open(page, f"/t/{code}")
    expect(page.locator("#connection")).to_have_text(
        re.compile(r"Terakhir diperbarui pukul \d\d\.\d\d; tidak ada koneksi")
    )
    expect(page.locator("#number")).to_have_text("F001")
    expect(page.locator(".ticket__code")).to_be_visible()
    assert [*faults(page, axe), *cut_off(page)] == []
    with pytest.raises(Exception, match="ERR_"):
        served.open(page, f"/t/{other}")

    page.context.set_offline(False)
    served.open(page, f"/t/{code}")
    expect(page.locator("#connection")).to_be_hidden()


def test_a_ticket_is_forgotten_when_the_visit_is_over(served: Served, page_at: Pages) -> None:
    code = served.codes[2]
    page = served.open(page_at(), f"/t/{code}")
    wait_until_kept(page, f"/t/{code}")
    page.get_by_role("link", name="Keluar dari antrean").click()
    page.get_by_role("button", name="Ya, keluar dari antrean").click()
    expect(page.locator("#say")).to_have_text("Anda sudah meninggalkan antrean.")
    wait_until_kept(page)


@pytest.mark.parametrize("locale", ["id-ID", "en-GB"])
def test_the_steps_of_the_day_fit_a_small_phone(
    served: Served, page_at: Pages, axe: Callable[[Page], list[str]], locale: str
) -> None:
    page = served.open(page_at(360, 740, locale), f"/t/{served.codes[3]}")
    expect(page.locator("#alerts")).to_be_visible()
    assert [*faults(page, axe), *cut_off(page)] == []
    page.locator("#own-steps a").first.click()
    assert [*faults(page, axe), *cut_off(page)] == []
    page.locator("#own-step button").click()
    until = page.locator("#say")
    expect(until).to_have_text(re.compile(r"09[.:]2\d"))
    assert [*faults(page, axe), *cut_off(page)] == []


def test_only_what_the_browser_can_do_is_offered(served: Served, page_at: Pages) -> None:
    """A computer vibrates nowhere, and without the interface no screen stays on."""
    page = page_at(1366, 768)
    page.add_init_script("delete Navigator.prototype.wakeLock")
    served.open(page, f"/t/{served.codes[4]}")
    expect(page.locator("#alert-sound-part")).to_be_visible()
    expect(page.locator("#alert-awake-part")).to_be_hidden()
    expect(page.locator("#alert-vibration-part")).to_be_hidden()
    phone = page_at(360, 740, has_touch=True, is_mobile=True)
    phone.add_init_script(
        """window.asked = [];
        navigator.vibrate = (pattern) => asked.push(["vibrate", pattern.length]);
        navigator.wakeLock.request = async (kind) => {
          asked.push(["lock", kind]);
          return { release: async () => asked.push(["release"]) };
        };"""
    )
    served.open(phone, f"/t/{served.codes[4]}")
    phone.check("#alert-vibration")
    phone.check("#alert-awake")
    phone.wait_for_function("asked.length === 2")
    phone.uncheck("#alert-awake")
    phone.wait_for_function("asked.length === 3")
    assert phone.evaluate("asked") == [["vibrate", 3], ["lock", "screen"], ["release"]]


def test_numbers_called_show_at_once_and_the_way_is_remembered_by_the_phone(
    served: Served, page_at: Pages
) -> None:
    waiting = served.open(page_at(), f"/t/{served.codes[5]}")
    clerk = served.sign_in(page_at(1366, 768), "sari")
    clerk.click("button[data-counter='3674-3']")
    clerk.click("#call-next")
    expect(waiting.locator("#called-list")).to_have_text(re.compile(r"F001\s+Loket 3"))
    page = served.open(page_at(), f"/t/{book(served, waiting)}")
    expect(page.locator("#leave-at")).to_have_text(re.compile("perjalanan 20 menit"))
    page.select_option("#travel", "45")
    expect(page.locator("#leave-at")).to_have_text(re.compile("perjalanan 45 menit"))
    page.reload()
    expect(page.locator("#leave-at")).to_have_text(re.compile("perjalanan 45 menit"))


def test_what_was_kept_beyond_its_day_is_erased_and_never_shown(
    served: Served, page_at: Pages
) -> None:
    path = f"/t/{served.codes[1]}"
    page = served.open(page_at(), path)
    wait_until_kept(page, path)
    page.evaluate(
        """async (path) => {
          const [name] = await caches.keys();
          const kept = new Response("old", { headers: { "X-Antrean-Kept-Until": "1" } });
          await (await caches.open(name)).put(path, kept);
        }""",
        path,
    )
    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_"):
        served.open(page, path)
    page.context.set_offline(False)
    served.open(page, "/")
    wait_until_kept(page)
