"""Every page of every part, in both languages, from the smallest phone to the TV: accessible, in
one language, within its screen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any

import pytest
import requests
from flask import Flask
from playwright.sync_api import Page

from kiosk.page.words import words as kiosk_words
from queue_server.domain.office.office import Office
from queue_server.domain.room.capacity import Room
from queue_server.services.office.whole.creating import create_office
from queue_server.services.webhooks import endpoints
from queue_server.store.access import tokens as token_store
from queue_server.store.access import users as user_store
from queue_server.store.access.tokens import Token
from queue_server.store.writer.database import Database
from queue_server.web.edge.locale import catalog
from queue_server.web.pages.site import install
from tests.fixtures.browser import Pages, Rooms, browser_bubbles, misfits
from tests.journeys.people import Phone
from tests.journeys.stage import Demo

pytestmark = pytest.mark.requires_browser

SIZES = [(360, 740), (768, 1024), (1366, 768), (1920, 1080)]
NARROWEST = (320, 640)
LOCALES = {"id": "id-ID", "en": "en-GB"}


@dataclass(frozen=True)
class Visit:
    """A page as somebody sees it: the endpoint it belongs to, its address, who looks, and the
    status it must answer with.
    """

    endpoint: str
    path: str
    role: str | None = None
    status: int = 200


VISITS = {
    "home": Visit("public.home", "/"),
    "office": Visit("public.office_page", "/o/{office}"),
    "office: search": Visit("public.office_page", "/o/{office}?q=ktp+ilang"),
    "office: nothing found": Visit("public.office_page", "/o/{office}?q=xyzzy"),
    "service: online": Visit("public.service_page", "/o/{office}/s/KK"),
    "service: with a visit": Visit("public.service_page", "/o/{office}/s/REK"),
    "office: rules": Visit("public.queue_rules", "/o/{office}/rules"),
    "triage: question": Visit("public.triage", "/o/{office}/triage?service=SNK&soon=yes"),
    "triage: advice": Visit("public.triage", "/o/{office}/triage?service=CTK&why=lost&letter=yes"),
    "triage: urgent": Visit("public.triage", "/o/{office}/triage?service=AKM&soon=burial"),
    "booking: service": Visit("public.choose_service", "/o/{office}/book"),
    "booking: service missing": Visit("public.choose_day", "/o/{office}/book/day", status=422),
    "booking: day": Visit("public.choose_day", "/o/{office}/book/day?service=PGD"),
    "booking: a day": Visit(
        "public.choose_day", "/o/{office}/book/day?service=PGD&day=2026-11-25&party_size=2"
    ),
    "booking: foreigner": Visit(
        "public.details", "/o/{office}/book/details?service=WNA&slot=20261125T0200Z"
    ),
    "booking: details": Visit(
        "public.details", "/o/{office}/book/details?service=PGD&slot=20261125T0200Z"
    ),
    "booking: urgent": Visit("public.choose_service", "/o/{office}/book?urgent=1"),
    "booking: day of urgent cases": Visit(
        "public.choose_day", "/o/{office}/book/day?service=PGD&urgency=hospital"
    ),
    "earliest": Visit("public.earliest_times", "/earliest"),
    "earliest for a service": Visit("public.earliest_times", "/earliest?service=PGD"),
    "wait for a place": Visit("public.wait_form", "/o/{office}/waitlist?service=PGD"),
    "waiting for a place": Visit("public.wait", "/w/{wait}?new=1"),
    "find a ticket": Visit("public.find_ticket", "/t"),
    "find a ticket: wrong code": Visit("public.find_ticket", "/t?code=!"),
    "lost code": Visit("public.lost_code", "/t/lost"),
    "lost code: asked for": Visit("public.lost_code", "/t/lost?sent=1"),
    "ticket: booked": Visit("public.ticket", "/t/{booked}?new=1"),
    "ticket: waiting": Visit("public.ticket", "/t/{waiting}"),
    "ticket: from a slip": Visit("public.scanned_ticket", "/T/{waiting}"),
    "ticket: cancelled": Visit("public.ticket", "/t/{cancelled}"),
    "ticket: unknown": Visit("public.ticket", "/t/AAAAAAAAAAAA", status=404),
    "move": Visit("public.move", "/t/{booked}/move"),
    "cancel": Visit("public.cancel", "/t/{booked}/cancel"),
    "step away": Visit("public.ask_step", "/t/{waiting}/away"),
    "leave the queue": Visit("public.ask_step", "/t/{waiting}/leave"),
    "confirm an address: unknown link": Visit("public.contact_question", "/e/made-up", status=404),
    "privacy": Visit("public.privacy", "/privacy"),
    "sign in": Visit("account.login", "/login"),
    "console: counters": Visit("counter.console", "/desk", "supervisor"),
    "console: offices": Visit("counter.console", "/desk", "admin"),
    "devices": Visit("manage.devices", "/manage/devices", "manager"),
    "devices: forbidden": Visit("manage.devices", "/manage/devices", "clerk", 403),
    "revoke a device": Visit("manage.revoke_device", "/manage/devices/{device}/revoke", "manager"),
    "screens": Visit("manage.displays", "/manage/displays", "manager"),
    "a screen": Visit("manage.display", "/manage/displays/{screen}", "manager"),
    "staff": Visit("accounts.staff", "/manage/staff", "manager"),
    "staff: offices": Visit("accounts.staff", "/manage/staff", "admin"),
    "staff: of all offices too": Visit("accounts.staff", "/manage/staff?office={office}", "admin"),
    "staff: a new password": Visit(
        "accounts.new_password", "/manage/staff/{colleague}/password", "manager"
    ),
    "staff: close an account": Visit(
        "accounts.close_account", "/manage/staff/{colleague}/close", "manager"
    ),
    "staff: role": Visit("accounts.role", "/manage/staff/{colleague}/role", "manager"),
    "staff: role and offices": Visit("accounts.role", "/manage/staff/{colleague}/role", "admin"),
    "my tokens": Visit("tokens.show", "/account/tokens", "supervisor"),
    "my tokens: none": Visit("tokens.show", "/account/tokens", "auditor"),
    "my tokens: revoke": Visit("tokens.ask_revoke", "/account/tokens/{token}/revoke", "supervisor"),
    "dashboard: watched": Visit("supervise.dashboard", "/supervise?office={office}", "province"),
    "audit: by an auditor": Visit("supervise.audit", "/supervise/audit?office={office}", "auditor"),
    "manage: for the province": Visit("changes.overview", "/manage?office={office}", "province"),
    "my password": Visit("account.password", "/password", "supervisor"),
    "second factor": Visit("account.second_factor", "/account/second-factor", "supervisor"),
    "second factor: an app": Visit("account.add_app", "/account/second-factor/app", "supervisor"),
    "my log-ins": Visit("account.own_sessions", "/account/sessions", "supervisor"),
    "is it you?": Visit("account.confirm", "/account/confirm?next=/desk", "supervisor"),
    "staff: reset a second factor": Visit(
        "accounts.reset_factor", "/manage/staff/{colleague}/second-factor?office={office}", "admin"
    ),
    "room": Visit("room.show", "/manage/room", "manager"),
    "room: offices": Visit("room.show", "/manage/room", "admin"),
    "room: new zone": Visit("room.new_zone", "/manage/room/zones/new?kind=CORRIDOR", "manager"),
    "room: zone": Visit("room.edit_zone", "/manage/room/zones/waiting-room-1", "manager"),
    "manage": Visit("changes.overview", "/manage", "manager"),
    "manage: offices": Visit("changes.overview", "/manage", "admin"),
    "manage: hours": Visit("changes.hours", "/manage/hours", "manager"),
    "manage: week": Visit("changes.week", "/manage/hours/week", "manager"),
    "manage: season": Visit("changes.season", "/manage/hours/season", "manager"),
    "manage: day": Visit("changes.day", "/manage/hours/day?date=2026-11-26", "manager"),
    "manage: mode": Visit("changes.mode", "/manage/mode", "manager"),
    "manage: limit": Visit("changes.limit", "/manage/limit?people_limit=20", "manager"),
    "manage: rules": Visit("changes.rules", "/manage/rules", "manager"),
    "manage: services": Visit("descriptions.services", "/manage/services", "manager"),
    "manage: a service": Visit("descriptions.service", "/manage/service?service=CTK", "manager"),
    "manage: place": Visit("descriptions.place", "/manage/place", "manager"),
    "manage: details": Visit("settings.details", "/manage/details", "manager"),
    "manage: details elsewhere": Visit(
        "settings.details", "/manage/details?office={office}", "admin"
    ),
    "manage: a service's queue": Visit(
        "settings.service", "/manage/services/edit?service=CTK", "manager"
    ),
    "manage: a new service": Visit("settings.service", "/manage/services/edit", "manager"),
    "manage: queues": Visit("settings.streams", "/manage/streams", "manager"),
    "manage: a queue": Visit("settings.stream", "/manage/streams/edit?stream=A", "manager"),
    "manage: counters": Visit("settings.counters", "/manage/counters", "manager"),
    "manage: a counter": Visit("settings.counter", "/manage/counters/edit", "manager"),
    "manage: history": Visit("settings.history", "/manage/history", "manager"),
    "manage: search": Visit("settings.search", "/manage/search?q=toleransi", "manager"),
    "manage: search, nothing found": Visit("settings.search", "/manage/search?q=zzzz", "manager"),
    "manage: bookings without a time": Visit("changes.stranded", "/manage/stranded", "manager"),
    "manage: suspicious bookings": Visit("changes.anomalies", "/manage/anomalies", "manager"),
    "manage: advice before the visit": Visit("changes.triage", "/manage/triage", "manager"),
    "manage: cancelled visits": Visit("changes.cancelled", "/manage/cancelled", "manager"),
    "manage: report": Visit("changes.reports", "/manage/reports", "manager"),
    "manage: report of a day": Visit(
        "changes.reports", "/manage/reports?span=day&on=2026-11-23", "supervisor"
    ),
    "manage: report, wrong dates": Visit(
        "changes.reports", "/manage/reports?from=2026-11-23&to=2026-11-01", "manager"
    ),
    "manage: report of all offices": Visit(
        "changes.reports", "/manage/reports?office={office}&scope=all", "admin"
    ),
    "manage: reports by mail": Visit("changes.report_mails", "/manage/reports/mail", "manager"),
    "manage: by phone and video": Visit("changes.remote", "/manage/remote", "manager"),
    "manage: printed slip": Visit("changes.slip", "/manage/slip", "manager"),
    "manage: messages": Visit("changes.messages", "/manage/messages", "manager"),
    "manage: a message": Visit("changes.message", "/manage/messages/confirmation", "manager"),
    "set-up: offices": Visit("setup.begin", "/setup/office", "admin"),
    "set-up: steps": Visit("setup.steps", "/setup/steps", "manager"),
    "set-up: room": Visit("setup.room", "/setup/room", "manager"),
    "set-up: week": Visit("setup.week", "/setup/week?office={new}", "admin"),
    "set-up: services": Visit("setup.services", "/setup/services?office={new}", "admin"),
    "set-up: counters": Visit("setup.counters", "/setup/counters", "manager"),
    "manage: the office as a whole": Visit("whole.show", "/manage/office?office={office}", "admin"),
    "manage: import an office": Visit("whole.import_office", "/manage/office/import", "admin"),
    "manage: close the office": Visit("whole.close", "/manage/office/close", "manager"),
    "manage: delete the office": Visit(
        "whole.ask_delete", "/manage/office/delete?office={office}", "admin"
    ),
    "manage: not ready yet": Visit("changes.overview", "/manage?office={new}", "admin"),
    "manage: webhooks": Visit("changes.webhooks", "/manage/webhooks", "manager"),
    "manage: personal data": Visit("changes.privacy", "/manage/privacy", "manager"),
    "manage: one person": Visit("changes.person", "/manage/privacy/person", "manager"),
    "manage: record of processing": Visit("changes.record", "/manage/privacy/record", "manager"),
    "manage: a webhook": Visit("changes.webhook", "/manage/webhooks/{webhook}", "manager"),
    "province board": Visit("province.board", "/province", "admin"),
    "province board: on a wall": Visit("province.board", "/province?wall", "admin"),
    **{
        f"change many offices: {kind}": Visit("many.form", f"/province/change?kind={kind}", "admin")
        for kind in ("mode", "notice", "day", "limit", "together")
    },
    "dashboard": Visit("supervise.dashboard", "/supervise", "supervisor"),
    "dashboard: numbers to check": Visit(
        "supervise.conflicts", "/supervise/conflicts", "supervisor"
    ),
    "replace a kiosk's installation": Visit(
        "manage.replace_kiosk", "/manage/devices/{device}/replace", "manager"
    ),
    "dashboard: what was overridden": Visit("supervise.audit", "/supervise/audit", "supervisor"),
    "audit: one kind, over a month": Visit(
        "supervise.audit",
        "/supervise/audit?office={office}&kind=accounts&from=2026-11-01&to=2026-11-30",
        "manager",
    ),
    "reception": Visit("reception.show", "/reception", "supervisor"),
    "door": Visit("door.show", "/door", "supervisor"),
    "gallery": Visit("gallery.show", "/gallery"),
}
NO_PAGES = {
    "static",
    "changes.report_file",
    "changes.record_file",
    "changes.back_to_person",
    "assets.file",
    "assets.favicon",
    "public.calendar",
    "public.start_over",
    "public.ask_again",
    "public.slip_pdf",
    "public.picture",
    "public.logo",
    "public.worker",
    "room.plan_pdf",
    "changes.slip_sample",
    "changes.slip_roll",
    "public.wait_form_address",
    "public.wait_in_line",
    "public.back_to_wait",
    "manage.back_to_devices",
    "manage.back_to_device",
    "manage.devices_mark",
    "manage.displays_seen",
    "supervise.back_to_conflicts",
    "accounts.back_to_staff",
    "accounts.back_from_sign_out",
    "account.back_to_second_factor",
    "account.back_from_passkeys",
    "account.passkey_options",
    "account.confirm_options",
    "account.sign_in_options",
    "account.back_to_login",
    "account.ask_service",
    "account.finish_service",
    "room.back_to_room",
    "room.back_from_removing",
    "reception.back_to_reception",
    "supervise.back_to_audit",
    "changes.back_to_hours",
    "changes.back_to_mode",
    "changes.back_to_stranded",
    "province.snapshot",
    "province.back_to_board",
    "account.set_up",
    "setup.catalogue_file",
    "whole.export_file",
    "whole.back_to_office",
    "settings.back_to_services",
    "settings.back_to_streams",
    "settings.back_to_counters",
    "settings.back_to_history",
}
"""Endpoints that answer GET with a file or lead elsewhere at once."""
NEED_ANSWERS = {
    "public.check",
    "public.another_time",
    "account.login_code",
    "accounts.link_account",
}
"""Pages that only a booking under way has: `test_the_steps_that_need_answers_are_for_everybody`;
and what needs a password or a sign-in service, which `tests/web/pages/account/factors` looks at.
"""


@dataclass
class Watched:
    """A page and everything it complained about."""

    page: Page
    complaints: list[str]


@pytest.fixture(scope="module")
def names(demo: Demo) -> dict[str, str]:
    """What stands in the addresses: an office, tickets in several states, a device."""
    office = demo.office
    _, found = demo.api("GET", f"/offices/{office}/availability?service=PGD")
    free = [each["slot"] for day in found["days"][1:] for each in day["slots"] if each["free"]]
    codes = []
    for nik, slot in zip(("3674992503770001", "3674992503770002"), free, strict=False):
        wish = {"service": "PGD", "slot": slot, "nik": nik, "name": "Ayu"}
        status, ticket = demo.api("POST", f"/offices/{office}/bookings", wish)
        assert status == 201, ticket
        codes.append(ticket["code"])
    assert demo.api("POST", f"/tickets/{codes[1]}/cancel", {"last4": "0002"})[0] == 200
    waiting = demo.api(
        "POST", f"/offices/{office}/tickets", {"service": "PGD", "party_size": 2}, role="kiosk"
    )[1]["code"]
    wish = {
        "service": "PGD",
        "first_date": "2026-11-25",
        "last_date": "2026-11-27",
        "nik": "3674992503770003",
        "name": "Ayu",
    }
    status, wait = demo.api("POST", f"/offices/{office}/waitlist", wish)
    assert status == 201, wait
    device, screen = (
        demo.api("GET", "/devices/self", role=role)[1]["id"] for role in ("printer", "display")
    )
    with (
        closing(Database(f"sqlite:///{demo.data / 'antrean.db'}")) as database,
        database.read() as connection,
    ):
        colleague = user_store.find_user_by_name(connection, f"clerk-{office}-1").id
        day = database.offices.get(connection, office).date_at(datetime.now(UTC))
        add = partial(
            endpoints.add,
            office=office,
            id="pages",
            url="https://example.org/antrean",
            types=["called"],
            by=colleague,
            now=datetime.now(UTC),
        )
        database.write([(office, day)], add)
        soon = datetime.now(UTC) + timedelta(days=30)
        token = Token(
            "pages",
            "Figures",
            "supervisor",
            office,
            f"supervisor-{office}",
            scope="read",
            expires_at=soon,
        )
        add_token = partial(
            token_store.add_token, token=token, token_hash="pages", now=datetime.now(UTC)
        )
        database.write([], add_token)
        new = Office("9199", "Kantor Kosong", "Jalan Kosong 1", "", "Asia/Jakarta", None)
        make = partial(create_office, office=new, room=Room(), by=colleague, now=datetime.now(UTC))
        database.write([], make)
    return {
        "new": "9199",
        "office": office,
        "booked": codes[0],
        "cancelled": codes[1],
        "waiting": waiting,
        "wait": wait["code"],
        "device": device,
        "screen": screen,
        "colleague": colleague,
        "webhook": "pages",
        "token": "pages",
    }


@pytest.fixture(scope="module")
def cookies_of(demo: Demo) -> Callable[[str], list[dict[str, str]]]:
    """The cookies of somebody who has signed in, by role."""
    known: dict[str, list[dict[str, str]]] = {}

    def sign_in(role: str) -> list[dict[str, str]]:
        if role not in known:
            session = requests.Session()
            session.trust_env = False
            token = re.search(
                r'name="csrf_token" value="([^"]+)"',
                session.get(f"{demo.server}/login", timeout=30).text,
            )
            assert token
            answer = session.post(
                f"{demo.server}/login",
                {"csrf_token": str(token[1]), **demo.access["logins"][role]},
                timeout=30,
            )
            assert "/login" not in answer.url, answer.url
            known[role] = [
                {"name": name, "value": str(value), "url": demo.server}
                for name, value in session.cookies.items()
            ]
        return known[role]

    return sign_in


def watch(page: Page) -> Watched:
    """Write down from now on whatever the page complains about."""
    watched = Watched(page, [])
    page.on("pageerror", lambda error: watched.complaints.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda told: (
            watched.complaints.append(f"{page.url}: {told.text}") if told.type == "error" else None
        ),
    )
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', (event) => "
        "console.error(`violates ${event.violatedDirective}`));"
    )
    return watched


@pytest.fixture
def open_page(
    page_at: Pages, cookies_of: Callable[[str], list[dict[str, str]]]
) -> Iterator[Callable[..., Watched]]:
    """`open_page(language, width, height, role)` gives a blank page that writes down every
    complaint; there must be none.
    """
    opened: list[Watched] = []

    def make(language: str, width: int, height: int, role: str | None = None) -> Watched:
        watched = watch(page_at(width, height, LOCALES[language]))
        opened.append(watched)
        if role:
            # plain dicts are what playwright takes
            watched.page.context.add_cookies(cookies_of(role))  # type: ignore[arg-type]
        return watched

    yield make
    assert [each for watched in opened for each in watched.complaints] == []


@pytest.fixture(scope="module")
def windows(rooms: Rooms) -> Iterator[dict[str, Watched]]:
    """One window for each language, in which one page is looked at after another: to open a window
    costs more than to look at a page.
    """
    pages = Pages(rooms)
    opened = {}
    for language, locale in LOCALES.items():
        opened[language] = watch(pages(*NARROWEST, locale))
        opened[language].page.add_init_script(
            "if (location.host) { localStorage.clear(); sessionStorage.clear(); }"
        )
    yield opened
    pages.close()
    assert pages.problems == []


@pytest.fixture
def go_to(
    windows: dict[str, Watched], demo: Demo, cookies_of: Callable[[str], list[dict[str, str]]]
) -> Callable[..., Watched]:
    """`go_to(language, path, role, status)` shows a page, at the narrowest, to somebody who comes
    without a past.
    """

    def show(language: str, path: str, role: str | None, status: int) -> Watched:
        watched = windows[language]
        watched.complaints.clear()
        watched.page.context.clear_cookies()
        if role:
            # plain dicts are what playwright takes
            watched.page.context.add_cookies(cookies_of(role))  # type: ignore[arg-type]
        width, height = NARROWEST
        watched.page.set_viewport_size({"width": width, "height": height})
        answer = watched.page.goto(f"{demo.server}{path}")
        assert answer is not None and answer.status == status
        return watched

    return show


def judge(
    page: Page, axe: Callable[[Page], list[str]], language: str, sizes: list[tuple[int, int]]
) -> None:
    """Hold a page to all that every page must be, at each size; it must fit into the narrowest too.

    The languages differ in their words alone and axe's verdict in the layout alone, so it judges
    Indonesian at the first size and English at the last.
    """
    assert page.evaluate("document.documentElement.lang") == language
    headings = page.evaluate(
        "[...document.querySelectorAll('h1')].filter((h1) => h1.checkVisibility()).map((h1) => "
        "h1.textContent)"
    )
    assert len(headings) == 1 and headings[0].strip(), headings
    assert page.title().strip()
    found = [text for text in texts_of(page, language) if text in foreign(language)]
    assert found == [], f"not in {language}"
    for place, (width, height) in enumerate(sizes):
        page.set_viewport_size({"width": width, "height": height})
        assert misfits(page) == [], f"at {width}x{height}"
        if place == (0 if language == "id" else len(sizes) - 1):
            assert axe(page) == [], f"at {width}x{height}"


def texts_of(page: Page, language: str) -> list[str]:
    """All words to be seen or heard on a page, but what is marked as being in another language."""
    found: list[str] = page.evaluate(
        """(language) => {
          const found = [];
          const ours = (element) => element.closest("[lang]")?.lang === language
            && !element.closest("code, script, style, template");
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const { parentElement, textContent } = walker.currentNode;
            if (!parentElement || !ours(parentElement)) continue;
            if (parentElement.checkVisibility()) found.push(textContent);
          }
          const names = ["aria-label", "title", "placeholder", "alt"];
          const named = names.map((name) => `[${name}]`).join();
          for (const element of document.querySelectorAll(named)) {
            if (!ours(element)) continue;
            for (const name of names) found.push(element.getAttribute(name) ?? "");
          }
          return found;
        }""",
        language,
    )
    return [" ".join(each.split()) for each in found if each.strip()]


@cache
def foreign(language: str) -> set[str]:
    """Whole texts that belong to the other language alone: messages whose translation differs."""
    pairs = set()
    # the only list of all messages
    for message, translation in catalog("id")._catalog.items():  # type: ignore[attr-defined]
        pairs.add((message[0] if isinstance(message, tuple) else message, translation))
    english, indonesian = kiosk_words("en"), kiosk_words("id")
    pairs |= {(english[key], indonesian[key]) for key in english if isinstance(english[key], str)}
    pairs = {
        (" ".join(one.split()), " ".join(other.split()))
        for one, other in pairs
        if one and one != other
    }
    ours, theirs = (1, 0) if language == "id" else (0, 1)
    # The product is called by the Indonesian word for a queue, in every language.
    return {pair[theirs] for pair in pairs} - {pair[ours] for pair in pairs} - {"Antrean"}


def test_the_check_for_foreign_words_finds_them(page_at: Any, demo: Demo) -> None:
    page: Page = page_at(360, 740, LOCALES["en"])
    page.goto(f"{demo.server}/t")
    page.evaluate("document.documentElement.lang = 'id'")
    assert set(texts_of(page, "id")) & foreign("id"), (
        "an English page that claims to be Indonesian is noticed"
    )


def test_no_page_is_forgotten() -> None:
    app = Flask(__name__)
    install(app, demo=True, https=False)
    endpoints = {
        rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())
    }
    visited = {each.endpoint for each in VISITS.values()}
    assert endpoints - visited <= NO_PAGES | NEED_ANSWERS, "a page that this module does not visit"
    assert visited <= endpoints


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("name", VISITS)
def test_a_page_is_for_everybody(
    go_to: Callable[..., Watched],
    axe: Callable[[Page], list[str]],
    names: dict[str, str],
    name: str,
    language: str,
) -> None:
    visit = VISITS[name]
    watched = go_to(language, visit.path.format(**names), visit.role, visit.status)
    assert misfits(watched.page) == [], f"at {NARROWEST}"
    judge(watched.page, axe, language, SIZES)
    if visit.endpoint.startswith("public."):
        assert browser_bubbles(watched.page) == []
    # Nobody else is to hear what this page would still say.
    watched.page.goto("about:blank")
    unexpected = "Failed to load resource" if visit.status >= 400 else None
    assert [
        each for each in watched.complaints if unexpected is None or unexpected not in each
    ] == []


@pytest.mark.parametrize("language", LOCALES)
def test_the_steps_that_need_answers_are_for_everybody(
    open_page: Callable[..., Watched],
    axe: Callable[[Page], list[str]],
    demo: Demo,
    new_nik: Callable[[], str],
    language: str,
) -> None:
    watched = open_page(language, *NARROWEST)
    page = watched.page
    _, found = demo.api("GET", f"/offices/{demo.office}/availability?service=PGD")
    # The first times belong to the other journeys; what one language holds, the other finds taken.
    free = [each["slot"] for day in found["days"][1:] for each in day["slots"] if each["free"]][-1]
    page.goto(f"{demo.server}/o/{demo.office}/book/details?service=PGD&slot={free}")
    with page.expect_navigation():
        page.click("#details p.row button.button")
    judge(page, axe, language, SIZES)
    page.fill("#f-name", "Ayu Lestari")
    page.fill("#f-nik", new_nik())
    page.click("#details p.row button.button")
    page.wait_for_selector("#booking")
    judge(page, axe, language, SIZES)
    page.goto(page.url.replace("/check", "/another-time"))
    page.wait_for_selector("#another")
    judge(page, axe, language, SIZES)


@pytest.mark.parametrize("language", LOCALES)
def test_what_accounts_are_told_is_for_everybody(
    open_page: Callable[..., Watched],
    axe: Callable[[Page], list[str]],
    demo: Demo,
    names: dict[str, str],
    language: str,
) -> None:
    watched = open_page(language, *NARROWEST, "manager")
    page = watched.page
    page.goto(f"{demo.server}/manage/staff/{names['colleague']}/password")
    with page.expect_navigation():
        page.click("main form button")
    page.wait_for_selector("code.ticket__code")
    judge(page, axe, language, SIZES)
    page.goto(f"{demo.server}/manage/staff")
    page.click("#add button")
    page.wait_for_selector("#error-summary")
    judge(page, axe, language, SIZES)
    page.goto(f"{demo.server}/password")
    page.fill("#f-current", "not the present one")
    page.click("main form button")
    page.wait_for_selector("#error-summary")
    judge(page, axe, language, SIZES)
    watched.complaints[:] = [each for each in watched.complaints if "422" not in each]


@pytest.mark.parametrize("language", LOCALES)
def test_the_console_at_work_is_for_everybody(
    open_page: Callable[..., Watched], axe: Callable[[Page], list[str]], demo: Demo, language: str
) -> None:
    assert (
        demo.api("POST", f"/offices/{demo.office}/tickets", {"service": "KK"}, role="kiosk")[0]
        == 201
    )
    page = open_page(language, 1366, 768, "supervisor").page
    page.goto(f"{demo.server}/desk")
    page.locator("button[data-counter]:enabled").first.click()
    page.wait_for_selector("#workplace", state="visible")
    try:
        page.keyboard.press("n")
        page.wait_for_selector('#now[data-state="CALLED"]')
        judge(page, axe, language, SIZES)
        page.keyboard.press("m")
        page.wait_for_selector('#now[data-state=""]')
        for key, dialog in (("?", "#help-dialog"),):
            page.keyboard.press(key)
            page.wait_for_selector(f"{dialog}[open]")
            judge(page, axe, language, [(1366, 768)])
            page.keyboard.press("Escape")
            page.wait_for_selector(dialog, state="hidden")
    finally:
        page.click("#close-counter")
        page.click("#menu-list button")
        page.wait_for_selector("#chooser", state="visible")


@pytest.mark.parametrize("language", LOCALES)
def test_the_kiosk_is_for_everybody(
    open_page: Callable[..., Watched], axe: Callable[[Page], list[str]], demo: Demo, language: str
) -> None:
    page = open_page(language, 1080, 1920).page
    page.goto(demo.access["kiosk"])
    page.wait_for_selector('body[data-screen="home"] [data-service]')
    if language == "en":
        page.click('[data-language="en"]')
    sizes = [(1280, 800), (768, 1024), (1080, 1920)]
    judge(page, axe, language, sizes)
    page.click("#have-code")
    judge(page, axe, language, sizes)
    page.click("#back")
    page.click('[data-service="PGD"]')
    judge(page, axe, language, sizes)
    page.click("#go")
    page.wait_for_selector('body[data-screen="result"]')
    judge(page, axe, language, sizes)
    page.click("#help")
    judge(page, axe, language, [(1080, 1920)])


def test_the_tv_is_for_everybody(
    open_page: Callable[..., Watched], axe: Callable[[Page], list[str]], demo: Demo
) -> None:
    page = open_page("id", 1920, 1080).page
    page.goto(demo.access["display"])
    page.wait_for_selector('body[data-screen="board"]')
    judge(page, axe, "id", [(1366, 768), (1080, 1920), (1920, 1080)])


def test_a_phone_keeps_its_language_through_a_booking(
    page_at: Any, demo: Demo, new_nik: Callable[[], str]
) -> None:
    phone = Phone(page_at(360, 740, LOCALES["id"]), demo.server, demo.office)
    phone.page.goto(f"{demo.server}/?lang=en")
    phone.book("PGD", "Ayu", new_nik(), later=True)
    assert phone.page.evaluate("document.documentElement.lang") == "en"
    phone.expect_state("Booked")
