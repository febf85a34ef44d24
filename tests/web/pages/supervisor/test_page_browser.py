"""The supervisor dashboard in a real browser: live, accessible, within the window; every command,
confirmed where it must be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from queue_server.store import tables
from queue_server.store.writer.database import Database
from tests.fixtures.application import HOME, PASSWORD, at
from tests.fixtures.browser import Pages, faults
from tests.fixtures.live_server import LiveServer

pytestmark = pytest.mark.requires_browser

REASON = "latihan"


def sign_in(server: LiveServer, page: Page, path: str, username: str = "supervisor") -> Page:
    page.goto(f"{server.url}{path}")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("main form .button")
    page.wait_for_url(f"**{path.partition('?')[0]}*")
    return page


@pytest.fixture
def calm(live_server: LiveServer) -> Iterator[LiveServer]:
    """The office going on as usual, before and after."""
    yield live_server
    live_server.ask("POST", f"/offices/{HOME}/resume", "supervisor").raise_for_status()
    live_server.ask(
        "POST", f"/counters/{HOME}-1/streams", "supervisor", json={"reason": REASON}
    ).raise_for_status()


@pytest.fixture
def dashboard(calm: LiveServer, page_at: Pages) -> Callable[..., Page]:
    def open_dashboard(width: int = 1366, height: int = 768, language: str = "en") -> Page:
        page = sign_in(calm, page_at(width, height), f"/supervise?lang={language}")
        expect(page.locator("#streams tr")).to_have_count(2)
        return page

    return open_dashboard


def stop_everything(page: Page, word: str) -> None:
    page.click("#stop")
    page.fill("#stop-reason", REASON)
    page.fill("#stop-confirm", word)
    page.click("#stop-form [value=go]")


@pytest.mark.parametrize(
    ("width", "height", "language"),
    [(1366, 768, "id"), (768, 1024, "en"), (360, 740, "id"), (320, 640, "en")],
)
def test_the_pages_are_accessible_and_fit(
    calm: LiveServer,
    dashboard: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    width: int,
    height: int,
    language: str,
) -> None:
    calm.walk_in()
    calm.ask(
        "POST",
        f"/counters/{HOME}-1/streams",
        "supervisor",
        json={"streams": ["B"], "reason": REASON},
    ).raise_for_status()
    page = dashboard(width, height, language)
    wrong = {"dashboard": faults(page, axe)}
    for name in ("stop", "evacuate", "announce"):
        page.click(f"#{name}")
        wrong[name] = faults(page, axe)
        page.keyboard.press("Escape")
    page.locator("#counters [data-do=lend]").first.click()
    wrong["lend"] = faults(page, axe)
    page.keyboard.press("Escape")
    stop_everything(page, {"id": "berhenti", "en": "stop"}[language])
    expect(page.locator("#stop-banner")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    wrong["stopped"] = faults(page, axe)
    page.goto(f"{calm.url}/supervise/audit?lang={language}")
    wrong["audit"] = faults(page, axe)
    assert {name: found for name, found in wrong.items() if found} == {}


def test_everything_stops_only_when_confirmed_and_goes_on(
    calm: LiveServer, dashboard: Callable[..., Page]
) -> None:
    page = dashboard()
    stop_everything(page, "no")
    expect(page.locator("#stop-error")).to_contain_text("STOP")
    assert calm.ask("GET", f"/offices/{HOME}/board").json()["paused"] is None
    page.keyboard.press("Escape")
    stop_everything(page, "stop")
    expect(page.locator("#stop-words")).to_contain_text(REASON)
    assert calm.ask("GET", f"/offices/{HOME}/board").json()["paused"] == "PAUSE"
    refused = calm.ask("POST", f"/counters/{HOME}-1/call-next", "clerk")
    assert (refused.status_code, refused.json()["code"]) == (409, "paused")
    page.click("#resume")
    expect(page.locator("#stop-banner")).to_be_hidden()
    page.goto(f"{calm.url}/supervise/audit?lang=en")
    expect(page.get_by_role("cell", name="Stopped everything for a while").first).to_be_visible()
    expect(page.get_by_role("cell", name=REASON).first).to_be_visible()


def test_the_dashboard_follows_what_happens(
    calm: LiveServer, dashboard: Callable[..., Page]
) -> None:
    page = dashboard()
    before = int(page.inner_text("#waiting"))
    calm.walk_in()
    expect(page.locator("#waiting")).to_have_text(str(before + 1))


def test_a_visit_of_twice_the_planned_time_is_marked_at_its_counter(
    calm: LiveServer, dashboard: Callable[..., Page]
) -> None:
    calm.walk_in()
    served = calm.call_next(f"{HOME}-1")["id"]
    calm.ask("POST", f"/tickets/{served}/start", "clerk").raise_for_status()
    row = dashboard().locator("#counters > li").first
    expect(row).to_contain_text("Being served")
    expect(row.locator("[data-slot=forgotten]")).to_be_hidden()
    database = Database(calm.environ["ANTREAN_DATABASE_URL"])
    backdated = tables.tickets.update().where(tables.tickets.c.id == served)
    started = at(9) - timedelta(minutes=21)
    database.write([], lambda tx: tx.change(backdated.values(started_at=started)))
    database.close()
    calm.walk_in()  # what is shown is read anew with the next event
    row = dashboard().locator("#counters > li").first
    expect(row).to_contain_text("2 × planned time")
    calm.ask("POST", f"/tickets/{served}/finish", "clerk").raise_for_status()
    expect(row.locator("[data-slot=forgotten]")).to_be_hidden()
    calm.ask("POST", f"/counters/{HOME}-1/close", "clerk", json={}).raise_for_status()


@pytest.mark.parametrize(("language", "words"), [("id", "Salat"), ("en", "Prayer")])
def test_the_dashboard_says_in_words_why_a_counter_stands_still(
    calm: LiveServer, dashboard: Callable[..., Page], language: str, words: str
) -> None:
    counter = f"{HOME}-2"
    for step, body in (("open", {}), ("break", {"reason": "prayer"})):
        calm.ask("POST", f"/counters/{counter}/{step}", "clerk", json=body).raise_for_status()
    page = dashboard(language=language)
    expect(page.locator(f"[data-id='{counter}'] [data-slot=clerk]")).to_have_text(
        f"Clerk · {words}"
    )
    calm.ask("POST", f"/counters/{counter}/close", "clerk").raise_for_status()


def test_a_counter_is_lent_for_the_day_with_a_reason(
    calm: LiveServer, dashboard: Callable[..., Page]
) -> None:
    page = dashboard()
    row = page.locator(f"[data-id='{HOME}-1']")
    row.get_by_role("button").click()
    page.check("#lend-form [value=B]")
    page.click("#lend-form [value=go]")
    assert page.locator("#lend-dialog").evaluate("dialog => dialog.open"), "the reason is missing"
    page.fill("#lend-reason", REASON)
    page.click("#lend-form [value=go]")
    expect(row.locator("[data-slot=letters]")).to_have_text("A B *")


def test_an_announcement_reaches_the_board_and_is_taken_off(
    calm: LiveServer, dashboard: Callable[..., Page]
) -> None:
    page = dashboard()
    page.click("#announce")
    page.fill("#text-id", "Loket 2 pindah ke lantai atas.")
    page.fill("#text-en", "Counter 2 has moved upstairs.")
    page.fill("#until", "23:59")
    page.click("#announce-form [value=go]")
    mine = page.locator("#announcements li", has_text="Counter 2 has moved upstairs.")
    expect(mine).to_be_visible()
    notices = calm.ask("GET", f"/offices/{HOME}/board").json()["notices"]
    assert {"id": "Loket 2 pindah ke lantai atas.", "en": "Counter 2 has moved upstairs."} in [
        each["text"] for each in notices
    ]
    mine.get_by_role("button").click()
    expect(mine).to_have_count(0)
    assert calm.ask("GET", f"/offices/{HOME}/board").json()["notices"] == []


TYPED = {
    "text-id": "Loket 2 tutup.",
    "text-en": "Counter 2 is closed.",
    "from": "22:00",
    "until": "21:00",
}


def type_announcement(page: Page, **changes: str) -> None:
    for id, text in {**TYPED, **changes}.items():
        page.fill(f"#{id}", text)


def typed(page: Page) -> dict[str, str]:
    return {id: page.input_value(f"#{id}") for id in TYPED}


def test_an_announcement_with_a_bad_time_keeps_its_text_and_says_what_is_wrong(
    calm: LiveServer, dashboard: Callable[..., Page]
) -> None:
    page = dashboard()
    page.click("#announce")
    type_announcement(page)
    page.click("#announce-form [value=go]")
    expect(page.locator("#announce-error")).to_contain_text(
        "The end must be later than now, and later than the start."
    )
    expect(page.locator("#until")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#until")).to_be_focused()
    assert typed(page) == TYPED and page.locator("#announce-dialog").evaluate(
        "dialog => dialog.open"
    )
    page.keyboard.press("Escape")
    page.click("#announce")
    assert typed(page) == TYPED, "a look at the supervisor dashboard takes nobody's text either"
    expect(page.locator("#announce-error")).to_be_hidden()
    page.fill("#until", "23:00")
    page.click("#announce-form [value=go]")
    mine = page.locator("#announcements li", has_text="Counter 2 is closed.")
    expect(mine).to_be_visible()
    expect(page.locator("#announce-dialog")).to_be_hidden()
    page.click("#announce")
    assert set(typed(page).values()) == {""}, "what was announced is not announced again"
    page.keyboard.press("Escape")
    mine.get_by_role("button").click()
    expect(mine).to_have_count(0)


@pytest.mark.parametrize(
    ("status", "body", "field", "words"),
    [
        (
            422,
            '{"code": "bad_input", "field": "ends_at", "reason": "order"}',
            "until",
            "later than the start",
        ),
        (409, '{"code": "limit_reached"}', None, "Please end one first"),
        (503, "{}", None, "This did not work"),
        (0, "", None, "No connection"),
    ],
)
def test_whatever_the_server_refuses_leaves_the_form_as_it_was_typed(
    dashboard: Callable[..., Page], status: int, body: str, field: str | None, words: str
) -> None:
    page = dashboard()
    refuse = "**/announcements"
    page.route(
        refuse,
        lambda route: (
            route.fulfill(status=status, body=body, content_type="application/problem+json")
            if status
            else route.abort()
        ),
    )
    page.click("#announce")
    type_announcement(page, until="23:00")
    page.click("#announce-form [value=go]")
    expect(page.locator("#announce-error")).to_contain_text(words)
    assert typed(page) == {**TYPED, "until": "23:00"}
    assert page.locator("#announce-form [aria-invalid]").evaluate_all(
        "found => found.map(each => each.id)"
    ) == ([field] if field else [])
    expect(page.locator("#announce-form [value=go]")).to_be_enabled()
    page.unroute(refuse)


def test_a_stop_and_a_loan_that_are_refused_keep_their_reason(
    dashboard: Callable[..., Page],
) -> None:
    page = dashboard()
    page.route("**/pause", lambda route: route.fulfill(status=503, body="{}"))
    page.route("**/streams", lambda route: route.fulfill(status=503, body="{}"))
    stop_everything(page, "stop")
    expect(page.locator("#stop-error")).to_be_visible()
    assert page.input_value("#stop-reason") == REASON
    page.keyboard.press("Escape")
    page.locator(f"[data-id='{HOME}-1']").get_by_role("button").click()
    page.check("#lend-form [value=B]")
    page.fill("#lend-reason", REASON)
    page.click("#lend-form [value=go]")
    expect(page.locator("#lend-error")).to_be_visible()
    assert (page.input_value("#lend-reason"), page.is_checked("#lend-form [value=B]")) == (
        REASON,
        True,
    )


def test_a_clerk_has_no_dashboard(calm: LiveServer, page_at: Pages) -> None:
    page = page_at(1366, 768)
    sign_in(calm, page, "/desk", "clerk")
    response = page.goto(f"{calm.url}/supervise")
    assert response is not None and response.status == 403
    assert page.locator("a[href='/supervise']").count() == 0


def test_an_alert_is_told_once_and_noted_by_whom(
    calm: LiveServer, dashboard: Callable[..., Page]
) -> None:
    """Nobody works at a counter while people wait: the upkeep raises it within its rhythm, the page
    tells it without a reload.
    """
    calm.walk_in()
    page = dashboard()
    alert = page.locator("#alerts li", has_text="counters are open").first
    expect(alert).to_be_visible(timeout=45_000)
    sound = page.locator("#sound")
    expect(sound).to_have_attribute("aria-pressed", "false")
    sound.click()
    expect(sound).to_have_attribute("aria-pressed", "true")
    seen = alert.get_by_role("button", name="Seen")
    if seen.is_visible():
        seen.click()
    expect(alert).to_contain_text("Seen by Supervisor")
    expect(alert.get_by_role("button")).to_be_hidden()


def test_over_the_limit_stands_out_on_the_dashboard(
    calm: LiveServer, dashboard: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    page = dashboard()
    expect(page.locator("#over-banner")).to_be_hidden()
    limit = calm.ask("GET", f"/offices/{HOME}/dashboard", "supervisor").json()["limit"]
    calm.ask(
        "POST", f"/offices/{HOME}/occupancy", "clerk", json={"delta": 40, "reason": REASON}
    ).raise_for_status()
    try:
        inside = calm.ask("GET", f"/offices/{HOME}/dashboard", "supervisor").json()["inside"]
        expect(page.locator("#over-words")).to_contain_text(
            f"Over the limit: {inside} of {limit} people, since"
        )
        expect(page.locator("#figure-inside")).to_have_attribute("data-state", "exceeded")
        expect(page.locator("#over-today")).to_contain_text("min over the limit today")
        assert faults(page, axe) == []
    finally:
        calm.ask(
            "POST", f"/offices/{HOME}/occupancy", "clerk", json={"delta": -40, "reason": REASON}
        ).raise_for_status()
    expect(page.locator("#over-banner")).to_be_hidden()


def test_the_counter_of_a_clerk_who_is_gone_is_closed_from_afar(
    calm: LiveServer, dashboard: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    slip = calm.walk_in()
    counter = f"{HOME}-1"
    calm.ask("POST", f"/counters/{counter}/open", "clerk").raise_for_status()
    calm.ask(
        "POST", f"/tickets/{slip['id']}/call", "clerk", json={"counter": counter, "reason": REASON}
    )
    page = dashboard()
    row = page.locator(f'#counters [data-id="{counter}"]')
    expect(row.locator("[data-slot=number]")).to_have_text(slip["number"])
    row.locator("[data-do=release]").click()
    assert faults(page, axe) == []
    page.click("#release-form [value=go]")
    expect(page.locator("#release-reason")).to_be_focused()
    page.fill("#release-reason", REASON)
    page.click("#release-form [value=go]")
    expect(page.locator("#release-dialog")).to_be_hidden()
    expect(row.locator("[data-slot=state]")).to_have_text("Closed")
    expect(row.locator("[data-slot=clerk]")).to_have_text(REASON)
    expect(row.locator("[data-do=release]")).to_be_hidden()
    queue = calm.ask("GET", f"/offices/{HOME}/queue", "clerk").json()
    assert slip["number"] in {each["number"] for each in queue["waiting"]}
