"""Every page of the citizens in every state that the matrix of sizes, languages and browsers has:
with and without scripts, from the smallest phone to a desk, with enlarged and widened text, in
forced colours and on paper.

Slow: `test_pages_everywhere.py` judges each page once; here it is judged at each size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page

from queue_server.web.pages.site import install
from tests.fixtures.browser import Pages, Rooms, browser_bubbles, cut_off, misfits
from tests.journeys.stage import Demo, until
from tests.journeys.test_pages_everywhere import (
    LOCALES,
    NEED_ANSWERS,
    NO_PAGES,
    VISITS,
    Visit,
    names,
)

__all__ = ["names"]

pytestmark = [pytest.mark.requires_browser, pytest.mark.slow]

SIZES = [(320, 640), (360, 740), (1366, 768)]
PHONE = (360, 740)
CITIZENS = {name: visit for name, visit in VISITS.items() if visit.endpoint.startswith("public.")}
STATES = {
    "office: not found": Visit("public.office_page", "/o/9999", status=404),
    "service: not found": Visit("public.service_page", "/o/{office}/s/XXX", status=404),
    "office: urgent cases only": Visit("public.office_page", "/o/{urgent_only}"),
    "office: online first": Visit("public.office_page", "/o/{online_first}"),
    "office: closed": Visit("public.office_page", "/o/{closed}"),
    "service: closed": Visit("public.service_page", "/o/{closed}/s/REK"),
    "earliest: no service": Visit("public.earliest_times", "/earliest?service=", status=422),
    "ticket: called": Visit("public.ticket", "/t/{called}"),
    "ticket: missed": Visit("public.ticket", "/t/{missed}"),
    "ticket: served": Visit("public.ticket", "/t/{served}"),
    "ticket: time withdrawn": Visit("public.ticket", "/t/{stranded}"),
    "ticket: moved": Visit("public.ticket", "/t/{moved}?done=moved"),
    "late": Visit("public.ask_step", "/t/{today}/late"),
}
SPACING = """
* {
  line-height: 1.5 !important;
  letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important;
}
p { margin-block-end: 2em !important; }
"""
"""WCAG 1.4.12."""

UNSEEN_FOCUS = """() => {
  const style = (element) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    return [outlineStyle === "none" ? "" : `${outlineStyle} ${outlineWidth}`, boxShadow].join();
  };
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const drawn = element.closest(".choice, .slot") ?? element;
  const box = drawn.getBoundingClientRect();
  const focused = style(drawn);
  const name = element.outerHTML.slice(0, 100);
  const above = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const isCovered = !above || !(drawn.contains(above) || above.contains(drawn));
  // A field for a date begins anew when it is entered again: its mark is that of all fields.
  if (element.type === "date") return { name, fault: isCovered ? "covered" : "" };
  element.blur();
  const isUnseen = style(drawn) === focused;
  element.focus({ preventScroll: true });
  return { name, fault: isCovered ? "covered" : isUnseen ? "not to be seen" : "" };
}"""


def _times(demo: Demo, office: str, service: str = "PGD") -> list[str]:
    _, found = demo.api("GET", f"/offices/{office}/availability?service={service}")
    return [each["slot"] for day in found["days"] for each in day["slots"] if each["free"]]


def _take(demo: Demo, ticket: str, step: str, body: dict[str, str]) -> bool:
    """Whether a clerk may take a step now: a call is repeated only after a while."""
    return demo.api("POST", f"/tickets/{ticket}/{step}", body, role="clerk")[0] == 200


@pytest.fixture(scope="module")
def addresses(demo: Demo, names: dict[str, str]) -> dict[str, str]:
    """What stands in the addresses of the states too."""
    office = demo.office
    known = [each["office"] for each in demo.api("GET", "/offices")[1]["offices"]]
    online_first, urgent_only, closed, moving, *_ = [each for each in known if each != office]
    niks = (f"36749925037800{number:02d}" for number in range(1, 90))

    def book(where: str, place: int) -> tuple[str, str]:
        nik = next(niks)
        wish = {"service": "PGD", "slot": _times(demo, where)[place], "nik": nik, "name": "Ayu"}
        status, ticket = demo.api("POST", f"/offices/{where}/bookings", wish)
        assert status == 201, ticket
        return ticket["code"], nik[-4:]

    def walk_in() -> str:
        wish = {"service": "KK"}
        status, slip = demo.api("POST", f"/offices/{office}/tickets", wish, role="kiosk")
        assert status == 201, slip
        return str(slip["code"])

    def call(code: str, *steps: str) -> str:
        counter = demo.access["counters"][0]
        demo.api("POST", f"/counters/{counter}/open", {}, role="clerk")
        queue = demo.api("GET", f"/offices/{office}/queue", role="clerk")[1]
        number = demo.api("GET", f"/tickets/{code}")[1]["number"]
        ticket = next(each["id"] for each in queue["waiting"] if each["number"] == number)
        wish = {"counter": counter, "reason": "the test looks at this page"}
        for step, body in (("call", wish), *((each, {}) for each in steps)):
            until(partial(_take, demo, ticket, step, body), f"{step} is allowed")
        return code

    moved, last4 = book(office, -1)
    wish = {"slot": _times(demo, office)[-2], "last4": last4}
    assert demo.api("POST", f"/tickets/{moved}/reschedule", wish)[0] == 200
    stranded, _ = book(moving, 0)
    for where, mode in (
        (online_first, "ONLINE_FIRST"),
        (urgent_only, "URGENT_ONLY"),
        (closed, "CLOSED"),
        (moving, "CLOSED"),
    ):
        assert demo.api("POST", f"/offices/{where}/mode", {"mode": mode}, role="admin")[0] == 200
    return {
        **names,
        "online_first": online_first,
        "urgent_only": urgent_only,
        "closed": closed,
        "moved": moved,
        "stranded": stranded,
        "today": book(office, 0)[0],
        "served": call(walk_in(), "start", "finish"),
        "missed": call(walk_in(), "recall", "recall", "no-show"),
        "called": call(walk_in()),
    }


class Browser:
    """A phone in one language. Without scripts a page is loaded and drawn as by a browser that runs
    none. Afterwards it may, since axe is one; the page's own do not start any more.
    """

    def __init__(self, page: Page, server: str, addresses: dict[str, str]) -> None:
        self.page, self.has_scripts = page, True
        self._server, self._addresses = server, addresses
        self._session = page.context.new_cdp_session(page)

    def open(self, place: Visit) -> Page:
        with self._loading():
            answer = self.page.goto(f"{self._server}{place.path.format(**self._addresses)}")
        assert answer is not None and answer.status == place.status
        return self.page

    def press(self, button: str) -> None:
        with self._loading(), self.page.expect_navigation():
            self.page.locator(button).first.click()

    @contextmanager
    def _loading(self) -> Iterator[None]:
        self._session.send("Emulation.setScriptExecutionDisabled", {"value": not self.has_scripts})
        yield
        self._session.send("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.fixture(scope="module")
def browse(rooms: Rooms, demo: Demo, addresses: dict[str, str]) -> Iterator[Callable[..., Browser]]:
    """`browse(language, scripts)` is the browser of somebody without a past."""
    pages, opened = Pages(rooms), dict[str, Browser]()

    def find(language: str, scripts: bool = True) -> Browser:
        if language not in opened:
            opened[language] = Browser(pages(*PHONE, LOCALES[language]), demo.server, addresses)
        browser = opened[language]
        browser.page.context.clear_cookies()
        browser.has_scripts = scripts
        return browser

    yield find
    pages.close()
    assert pages.problems == []


def test_the_matrix_has_every_page_of_the_citizens() -> None:
    app = Flask(__name__)
    install(app, demo=True, https=False)
    endpoints = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint.startswith("public.")
    }
    assert endpoints - NO_PAGES - NEED_ANSWERS == {each.endpoint for each in CITIZENS.values()}


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("name", {**CITIZENS, **STATES})
def test_a_page_of_the_citizens_is_for_everybody(
    browse: Callable[..., Browser],
    axe: Callable[[Page], list[str]],
    name: str,
    language: str,
    scripts: bool,
) -> None:
    page = browse(language, scripts).open({**CITIZENS, **STATES}[name])
    assert find_faults(page, axe) == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
@pytest.mark.parametrize("language", LOCALES)
def test_what_is_said_to_answers_is_for_everybody(
    browse: Callable[..., Browser],
    axe: Callable[[Page], list[str]],
    new_nik: Callable[[], str],
    language: str,
    scripts: bool,
) -> None:
    """The steps of a booking, and each form with what is wrong in it."""
    browser, faults = browse(language, scripts), dict[str, list[str]]()

    def judge(name: str, what: str) -> None:
        browser.page.wait_for_selector(what)
        faults[name] = find_faults(browser.page, axe)

    browser.open(CITIZENS["booking: a day"])
    browser.press(".fastest button")
    browser.press("#details p.row button.button")
    judge("details", "#error-summary")
    browser.page.fill("#f-name", "Ayu Lestari")
    browser.page.fill("#f-nik", new_nik())
    browser.press("#details p.row button.button")
    judge("check", "#booking")
    browser.open(CITIZENS["wait for a place"])
    browser.press("#wait > p button")
    judge("wait for a place", "#error-summary")
    for name in ("move", "cancel", "late", "lost code"):
        browser.open({**CITIZENS, **STATES}[name])
        if name == "lost code" and not browser.page.locator("main form").count():
            continue  # the demo sends no messages
        browser.press("main form .button")
        judge(name, "#error-summary")
    assert {name: found for name, found in faults.items() if found} == {}


def find_faults(page: Page, axe: Callable[[Page], list[str]]) -> list[str]:
    """What is wrong with a page at one size or another, for one reader or another."""
    found = browser_bubbles(page)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{width}: {each}" for each in (*axe(page), *misfits(page), *cut_off(page))]
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    found += [f"spaced: {each}" for each in _with_spacing(page)]
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found += [f"200 %: {each}" for each in (*misfits(page), *cut_off(page))]
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.emulate_media(forced_colors="active")
    found += [f"forced colours: {each}" for each in _lost_in_forced_colours(page)]
    page.emulate_media(forced_colors="none", media="print")
    found += [f"on paper: {each}" for each in _misfits_on_paper(page)]
    page.emulate_media(media="screen")
    return found


def _with_spacing(page: Page) -> list[str]:
    page.evaluate(
        """(text) => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(text);
          document.adoptedStyleSheets = [sheet];
        }""",
        SPACING,
    )
    found = [*misfits(page), *cut_off(page)]
    page.evaluate("document.adoptedStyleSheets = []")
    return found


def _lost_in_forced_colours(page: Page) -> list[str]:
    """What is told by colour alone, and so by nothing where the reader has chosen all colours."""
    found: list[str] = page.evaluate(
        """() => {
          const isDrawn = (each) => {
            const { borderTopStyle, borderTopWidth, outlineStyle } = getComputedStyle(each);
            return outlineStyle !== "none"
              || (borderTopStyle !== "none" && parseFloat(borderTopWidth) >= 1);
          };
          const isOutlined = (each) => getComputedStyle(each).outlineStyle !== "none";
          const seen = (what) => [...document.querySelectorAll(what)]
            .filter((each) => each.checkVisibility());
          const shapes = seen(".button, .card, .notice, .badge, .ticket, .input");
          const chosen = seen(
            ".slot:has(:checked), .choice:has(:checked), .language [aria-current], " +
            ".day-chip[aria-current]",
          );
          return [
            ...shapes.filter((each) => !isDrawn(each)),
            ...chosen.filter((each) => !isOutlined(each)),
          ].map((each) => each.outerHTML.slice(0, 100));
        }"""
    )
    return found


def _misfits_on_paper(page: Page) -> list[str]:
    """What of a printed page is missing or only of use on a screen."""
    found: list[str] = page.evaluate(
        """() => {
          const seen = (what) => [...document.querySelectorAll(what)]
            .filter((each) => each.checkVisibility());
          const lost = seen("h1").length ? [] : ["no heading"];
          const idle = seen(".language, .skip, .crumb, .site-footer, .connection")
            .map((each) => `of no use on paper: ${each.className}`);
          return [...lost, ...idle];
        }"""
    )
    return found


@pytest.mark.parametrize("language", LOCALES)
def test_the_keyboard_sees_where_it_is_on_every_page(
    browse: Callable[..., Browser], language: str
) -> None:
    """Each stop of the Tab key has a visible mark, lies open, and the last one leads out."""
    faults: dict[str, Any] = {}
    for name, place in {**CITIZENS, **STATES}.items():
        page = browse(language).open(place)
        page.evaluate("document.activeElement?.blur(); document.body.focus()")
        stops = page.locator("a[href], button, input, select, summary, [tabindex='0']").count()
        # A field for a date has several.
        stops += 4 * page.locator("input[type=date]").count()
        seen = []
        for _ in range(stops + 1):
            page.keyboard.press("Tab")
            stop = page.evaluate(UNSEEN_FOCUS)
            if stop is None:
                break
            seen.append(stop)
        else:
            faults[name] = "the Tab key does not leave the page"
        wrong = [stop for stop in seen if stop["fault"]]
        if wrong:
            faults[name] = wrong[:3]
    assert faults == {}


@pytest.mark.parametrize("language", LOCALES)
def test_pages_have_titles_of_their_own(browse: Callable[..., Browser], language: str) -> None:
    """A title says which page of the way this is; pages of one kind may share theirs."""
    titles: dict[str, set[str]] = {}
    for place in CITIZENS.values():
        if place.status == 200:
            title = browse(language, False).open(place).title()
            titles.setdefault(title, set()).add(place.endpoint)
    shared = {title: ends for title, ends in titles.items() if len(ends) > 1}
    assert shared.keys() <= {
        each for each, ends in shared.items() if ends == {"public.ticket", "public.scanned_ticket"}
    }
