"""An evacuation on the pages of the staff and the visitors: red, the same everywhere, and nothing
that would go on as usual.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.application import HOME, PASSWORD
from tests.fixtures.browser import Pages, faults
from tests.fixtures.live_server import LiveServer

pytestmark = pytest.mark.requires_browser

SAYS = {"id": "Tinggalkan gedung dengan tenang", "en": "Leave the building calmly"}
LOCALES = {"id": "id-ID", "en": "en-GB"}
STAFF = {"/desk": "clerk", "/reception": "clerk", "/door": "guard", "/supervise": "supervisor"}

IS_RED = """selector => {
  const { backgroundColor } = getComputedStyle(document.querySelector(selector));
  const [red, green, blue] = backgroundColor.match(/\\d+/g).map(Number);
  return red > 120 && green < 60 && blue < 60;
}"""
AS_USUAL = [
    "#call-next",
    "#check-in",
    "#give",
    "#book",
    "[data-do=admit]",
    "[data-do=call]",
    "[data-press='1']",
    "#scan",
    "#stop",
    "#resume",
    "[data-action]",
    "[data-counter]",
    "#announce",
    "[data-do=lend]",
    "#cancel",
]


def sign_in(server: LiveServer, page: Page, path: str, username: str) -> Page:
    page.goto(f"{server.url}{path}")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("main form .button")
    page.wait_for_url(f"**{path.partition('?')[0]}*")
    return page


def evacuate(server: LiveServer, *, drill: bool = False, who: str = "guard") -> None:
    server.ask(
        "POST", f"/offices/{HOME}/pause", who, json={"kind": "EVACUATION", "drill": drill}
    ).raise_for_status()


def state_of(server: LiveServer) -> tuple[str | None, bool]:
    board = server.ask("GET", f"/offices/{HOME}/board").json()
    return board["paused"], board["drill"]


@pytest.fixture
def calm(live_server: LiveServer) -> Iterator[LiveServer]:
    """The office going on as usual, before and after."""
    yield live_server
    live_server.ask("POST", f"/offices/{HOME}/resume", "supervisor").raise_for_status()
    live_server.ask(
        "POST", f"/offices/{HOME}/admissions", "guard", json={"admitting": True}
    ).raise_for_status()


@pytest.mark.parametrize(
    ("path", "width", "height", "language"),
    [
        ("/desk", 1366, 768, "id"),
        ("/reception", 360, 740, "en"),
        ("/door", 360, 740, "id"),
        ("/supervise", 1366, 768, "en"),
    ],
)
def test_every_page_of_the_staff_turns_red_and_offers_nothing_as_usual(
    calm: LiveServer,
    page_at: Pages,
    axe: Callable[[Page], list[str]],
    path: str,
    width: int,
    height: int,
    language: str,
) -> None:
    calm.walk_in()
    page = sign_in(
        calm, page_at(width, height, LOCALES[language]), f"{path}?lang={language}", STAFF[path]
    )
    expect(page.locator("#alarm")).to_be_hidden()
    evacuate(calm, drill=True)
    alarm = page.locator("#alarm")
    expect(alarm).to_be_visible()
    expect(alarm).to_contain_text(SAYS[language])
    assert page.evaluate(IS_RED, "#alarm")
    expect(page.locator("#alarm-drill")).to_be_visible()
    assert [
        each for each in AS_USUAL if any(one.is_visible() for one in page.locator(each).all())
    ] == []
    assert faults(page, axe) == []
    # A real one takes the drill's place: only the word goes.
    evacuate(calm)
    expect(page.locator("#alarm-drill")).to_be_hidden()
    expect(alarm).to_be_visible()
    calm.ask(
        "POST", f"/offices/{HOME}/resume", "supervisor", json={"kind": "EVACUATION"}
    ).raise_for_status()
    expect(alarm).to_be_hidden()


@pytest.mark.parametrize(
    ("path", "width", "height"), [("/door", 360, 740), ("/supervise", 1366, 768)]
)
def test_a_room_above_its_limit_does_not_hide_the_evacuation(
    calm: LiveServer, page_at: Pages, path: str, width: int, height: int
) -> None:
    """Both are told at the head of the page; who sends everybody out must not be told to keep
    people waiting.
    """

    def count(delta: int) -> None:
        calm.ask(
            "POST", f"/offices/{HOME}/occupancy", "guard", json={"delta": delta, "reason": "count"}
        ).raise_for_status()

    count(60)
    try:
        page = sign_in(calm, page_at(width, height), path, STAFF[path])
        expect(page.locator("#over-banner")).to_be_visible()
        evacuate(calm)
        expect(page.locator("#alarm")).to_be_visible()
        expect(page.locator("#over-banner")).to_be_hidden()
        assert page.evaluate("""() => {
          const alarm = document.getElementById("alarm");
          const { left, top, width, height } = alarm.getBoundingClientRect();
          return alarm.contains(document.elementFromPoint(left + width / 2, top + height / 2));
        }"""), "nothing lies over it"
    finally:
        count(-60)


def test_a_clerk_with_a_visitor_cannot_call_by_key_either(calm: LiveServer, page_at: Pages) -> None:
    calm.walk_in(), calm.walk_in()
    page = sign_in(calm, page_at(1366, 768), "/desk?lang=en", "clerk")
    page.locator(f"[data-counter='{HOME}-1']").click()
    page.click("#call-next")
    expect(page.locator("#now-number")).not_to_have_text("–")
    evacuate(calm)
    expect(page.locator("#alarm")).to_be_visible()
    sent: list[str] = []
    page.on(
        "request", lambda request: sent.append(request.url) if request.method == "POST" else None
    )
    for key in ("n", " ", "r", "s", "m", "u"):
        page.keyboard.press(key)
    calm.ask("POST", f"/offices/{HOME}/resume", "supervisor").raise_for_status()
    expect(page.locator("#alarm")).to_be_hidden()
    assert sent == []
    # The visitor is still the clerk's, with the same number.
    expect(page.locator("#now-number")).not_to_have_text("–")
    page.click("[data-action=start]")
    page.click("[data-action=finish]")
    page.click("[data-action=close]")


@pytest.mark.parametrize("language", ["id", "en"])
def test_visitors_read_it_on_their_ticket_and_on_the_office_page(
    calm: LiveServer, page_at: Pages, axe: Callable[[Page], list[str]], language: str
) -> None:
    code = calm.walk_in()["code"]
    page = page_at(360, 740, LOCALES[language])
    page.goto(f"{calm.url}/t/{code}?lang={language}")
    expect(page.locator("#alarm")).to_be_hidden()
    evacuate(calm)
    expect(page.locator("#say")).to_contain_text(SAYS[language])
    expect(page.locator("#alarm")).to_be_visible()
    assert page.evaluate(IS_RED, "#card .ticket__main")
    expect(page.locator("#cancel")).to_be_hidden()
    assert faults(page, axe) == []
    page.goto(f"{calm.url}/o/{HOME}?lang={language}")
    expect(page.locator(".notice--alarm")).to_contain_text(
        SAYS[language].split()[0], ignore_case=True
    )
    assert page.evaluate(IS_RED, ".notice--alarm")
    assert faults(page, axe) == []


def test_a_guard_calls_it_in_two_presses_and_counts_out_who_leaves(
    calm: LiveServer, page_at: Pages
) -> None:
    ticket = calm.walk_in()
    page = sign_in(calm, page_at(360, 740, "en-GB"), "/door?lang=en", "guard")
    page.click("#evacuate")
    page.click("#evacuate-dialog [value=real]")
    expect(page.locator("#alarm")).to_be_visible()
    assert state_of(calm) == ("EVACUATION", False)
    # Who has called it stands there by name, and ending it is not the guard's.
    expect(page.locator("#alarm-since")).to_contain_text("called by Guard")
    expect(page.locator("#end-evacuation")).to_have_count(0)
    expect(page.locator("#stop-note")).to_contain_text("supervisor")
    row = page.locator("#inside-waiting li", has_text=ticket["number"])
    row.get_by_role("button").click()
    expect(row).to_have_count(0)


def door(server: LiveServer) -> dict[str, Any]:
    return dict(server.ask("GET", f"/offices/{HOME}/door", "guard").json())


def empty(server: LiveServer, *, but: set[str]) -> None:
    """Count out whoever earlier tests have left inside."""
    for each in door(server)["inside_parties"]:
        if each["id"] not in but:
            server.ask("POST", f"/tickets/{each['id']}/leave", "guard").raise_for_status()
    others = door(server)["without_ticket"]
    if others:
        server.ask(
            "POST", f"/offices/{HOME}/occupancy", "guard", json={"delta": -others, "reason": "test"}
        ).raise_for_status()


def test_a_guard_counts_everybody_out_and_takes_nobodys_place(
    calm: LiveServer, page_at: Pages, axe: Callable[[Page], list[str]]
) -> None:
    asked = calm.ask(
        "POST", f"/offices/{HOME}/tickets", "kiosk", json={"service": "REK", "party_size": 3}
    )
    family, called = asked.json(), calm.walk_in()
    calm.ask(
        "POST",
        f"/tickets/{called['id']}/call",
        "clerk",
        json={"counter": f"{HOME}-1", "reason": "test"},
    ).raise_for_status()
    clerk = sign_in(calm, page_at(1366, 768), "/desk?lang=id", "clerk")
    expect(clerk.locator("#now-number")).to_have_text(called["number"])
    evacuate(calm)
    empty(calm, but={family["id"], called["id"]})
    page = sign_in(calm, page_at(360, 740, "id-ID"), "/door?lang=id", "guard")
    expect(page.locator("#inside")).to_have_text("4")
    panel = page.locator("#inside-waiting li")
    expect(panel.locator("[data-slot=number]")).to_have_text([family["number"], called["number"]])
    page.click("[data-press='-1']")
    dialog = page.locator("#leave-dialog")
    expect(dialog.locator("h2")).to_have_text("Dihitung keluar: nomor berapa?")
    expect(dialog.locator("#leave-kept")).to_have_text(
        "Nomor yang dihitung keluar tetap mendapat tempatnya dalam antrean."
    )
    rows = dialog.locator(".queue__item")
    expect(rows.locator("[data-slot=number]")).to_have_text([family["number"], called["number"]])
    expect(rows.locator("button:visible")).to_have_text(["Semua 3", "Keluar"])
    assert faults(page, axe) == []
    rows.nth(1).locator("[data-do=leave]").click()
    expect(page.locator("#snackbar-text")).to_contain_text("gilirannya tetap berlaku")
    expect(page.locator("#inside")).to_have_text("3")
    # Pressed by mistake: the visitor stands at the counter again.
    page.click("#snackbar-way")
    expect(page.locator("#inside")).to_have_text("4")
    assert [each["counter"] for each in door(calm)["inside_parties"]] == [None, f"{HOME}-1"]
    for ticket in (called, family):
        panel.filter(has_text=ticket["number"]).get_by_role("button").click()
        expect(panel.filter(has_text=ticket["number"])).to_have_count(0)
    expect(page.locator("#inside")).to_have_text("0")
    calm.ask(
        "POST", f"/offices/{HOME}/resume", "supervisor", json={"kind": "EVACUATION"}
    ).raise_for_status()
    expect(clerk.locator("#alarm")).to_be_hidden()
    expect(clerk.locator("#now-number")).to_have_text("–")
    expect(page.locator("#alarm")).to_be_hidden()
    found = {each["id"]: (each["status"], each["counter"]) for each in door(calm)["inside_parties"]}
    assert found[family["id"]] == found[called["id"]] == ("WAITING", None)
    page.click("[data-press='-1']")
    expect(dialog.locator("h2")).to_have_text("Keluar: nomor berapa?")
    expect(dialog.locator("#leave-kept")).to_be_hidden()
    page.click("#leave-close")
    calm.ask("POST", f"/counters/{HOME}-1/close", "clerk", json={}).raise_for_status()


def test_a_supervisor_ends_it_only_after_saying_that_it_is_safe(
    calm: LiveServer, page_at: Pages
) -> None:
    page = sign_in(calm, page_at(1366, 768, "en-GB"), "/supervise?lang=en", "supervisor")
    page.click("#evacuate")
    page.click("#evacuate-dialog [value=drill]")
    expect(page.locator("#alarm-drill")).to_be_visible()
    assert state_of(calm) == ("EVACUATION", True)
    page.click("#end-evacuation")
    page.keyboard.press("Enter")  # the first choice keeps it
    expect(page.locator("#end-dialog")).to_be_hidden()
    assert state_of(calm) == ("EVACUATION", True)
    page.click("#end-evacuation")
    page.click("#end-dialog [value=end]")
    expect(page.locator("#alarm")).to_be_hidden()
    assert state_of(calm) == (None, False)


IN_VIEW = """() => [...document.querySelectorAll("#stop-bar button")]
  .filter((each) => each.checkVisibility()).map((each) => {
  const box = each.getBoundingClientRect();
  const whole = box.top >= 0 && box.bottom <= innerHeight
    && box.left >= 0 && box.right <= innerWidth;
  const [across, down] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  const points = [[across, box.top + 3], [across, box.bottom - 3],
    [box.left + 3, down], [box.right - 3, down], [across, down]];
  const seen = points.every(([x, y]) => each.contains(document.elementFromPoint(x, y)));
  const cut = each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1;
  return [each.id, whole && seen && !cut];
})"""


@pytest.mark.parametrize(("width", "height"), [(360, 740), (768, 1024), (1366, 768)])
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("path", ["/door", "/supervise"])
def test_what_stops_and_what_undoes_it_are_always_in_view(
    calm: LiveServer, page_at: Pages, path: str, language: str, width: int, height: int
) -> None:
    for _ in range(8):
        calm.walk_in()
    # A supervisor at the door has every button there is.
    page = sign_in(
        calm,
        page_at(width, height, LOCALES[language]),
        f"{path}?lang={language}&office={HOME}",
        "supervisor",
    )
    missing: list[str] = []

    def look(state: str, *wanted: str) -> None:
        for each in wanted:
            expect(page.locator(f"#{each}")).to_be_visible()
        for size in ("100%", "200%"):
            page.evaluate("size => { document.documentElement.style.fontSize = size; }", size)
            for place in (0, 0.5, 1):
                page.evaluate(f"scrollTo(0, document.documentElement.scrollHeight * {place})")
                found = dict(page.evaluate(IN_VIEW))
                missing.extend(
                    f"{state} {size} {place}: {name}" for name in wanted if not found.get(name)
                )
        page.evaluate("document.documentElement.style.fontSize = ''")

    look("open", "stop", "evacuate")
    if path == "/door":
        calm.ask(
            "POST",
            f"/offices/{HOME}/admissions",
            "guard",
            json={"admitting": False, "reason": "ramai"},
        ).raise_for_status()
        look("stopped", "resume", "evacuate")
    else:
        calm.ask(
            "POST",
            f"/offices/{HOME}/pause",
            "supervisor",
            json={"kind": "PAUSE", "reason": "listrik"},
        ).raise_for_status()
        look("paused", "resume", "evacuate")
    evacuate(calm)
    look("evacuation", "end-evacuation")
    assert missing == []
