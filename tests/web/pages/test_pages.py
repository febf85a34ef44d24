"""The pages as a browser without scripts sees them: both languages, safe markup, access, errors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from queue_server.app import Application, create_app
from queue_server.settings import Settings
from tests.web.site import PASSWORD, Site, forms_of, links_of, main_form

PUBLIC_PAGES = {
    "/": ("Pilih kantor", "Choose an office"),
    "/o/3674": ("Apa keperluan Anda?", "What do you need?"),
    "/o/3674/book": ("Apa keperluan Anda?", "What do you need?"),
    "/o/3674/book/day?service=KK": ("Kapan Anda ingin datang?", "When do you want to come?"),
    "/o/3674/book/day?service=KK&day=2026-11-25": ("Rabu, 25 November", "Wednesday, 25 November"),
    "/o/3674/book/details?service=KK&slot=20261125T0300Z": (
        "Siapa yang akan datang?",
        "Who is coming?",
    ),
    "/t": ("Cari tiket saya", "Find my ticket"),
    "/privacy": ("Perlindungan data Anda", "How we treat your data"),
    "/login": ("Masuk untuk petugas", "Staff sign-in"),
}
STAFF_PAGES = {
    "/desk": ("Panggil berikutnya", "Call next"),
    "/manage/devices": ("Setujui perangkat baru", "Approve a new device"),
    "/manage/staff": ("Yang bekerja di sini", "Who works here"),
    "/manage/staff/sari/password": ("Ya, buat yang baru", "Yes, set a new one"),
    "/manage/staff/sari/close": ("Ya, tutup", "Yes, close it"),
    "/password": ("Kata sandi sekarang", "Present password"),
}


@pytest.mark.parametrize("language", [0, 1], ids=["id", "en"])
@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_a_public_page_speaks_the_chosen_language(site: Site, path: str, language: int) -> None:
    page = site.browser().get(path, headers={"Accept-Language": ("id", "en-GB,en;q=0.8")[language]})
    assert page.status_code == 200
    assert f'<html lang="{("id", "en")[language]}">' in page.text
    assert PUBLIC_PAGES[path][language] in page.text
    assert PUBLIC_PAGES[path][1 - language] not in page.text


@pytest.mark.parametrize("language", [0, 1], ids=["id", "en"])
@pytest.mark.parametrize("path", STAFF_PAGES)
def test_a_staff_page_speaks_the_chosen_language(site: Site, path: str, language: int) -> None:
    browser = site.sign_in(site.browser(), "budi")
    page = browser.get(path, query_string={"lang": ("id", "en")[language]})
    assert page.status_code == 200
    assert STAFF_PAGES[path][language] in page.text
    assert STAFF_PAGES[path][1 - language] not in page.text


@pytest.mark.parametrize("path", [*PUBLIC_PAGES, *STAFF_PAGES, "/nothing-here"])
def test_no_page_needs_what_the_content_policy_forbids(site: Site, path: str) -> None:
    browser = site.sign_in(site.browser(), "budi") if path in STAFF_PAGES else site.browser()
    page = browser.get(path)
    assert not re.search(r"<[^>]+ style=", page.text)
    assert not re.search(r"<[^>]+ on[a-z]+=", page.text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", page.text)
    assert "<style" not in page.text
    # A link that a visitor follows by choice loads nothing, and tells no other site from where.
    loaded = re.sub(r'<a\s[^>]*rel="external noreferrer"[^>]*>', "", page.text)
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', loaded)
    policy = page.headers["Content-Security-Policy"]
    assert (
        "default-src 'none'" in policy
        and "unsafe-inline" not in policy
        and "require-trusted-types-for 'script'" in policy
    )


def test_indonesian_is_the_default_and_a_choice_is_remembered(site: Site) -> None:
    browser = site.browser()
    assert '<html lang="id">' in browser.get("/privacy").text
    assert '<html lang="id">' in browser.get("/privacy", headers={"Accept-Language": "de,fr"}).text
    assert '<html lang="id">' in browser.get("/privacy?lang=xx").text
    assert '<html lang="en">' in browser.get("/privacy?lang=en").text
    assert '<html lang="en">' in browser.get("/privacy").text
    assert '<html lang="en">' in browser.get("/privacy", headers={"Accept-Language": "id"}).text


def test_the_language_switch_keeps_the_page_and_its_query(site: Site) -> None:
    page = site.browser().get("/o/3674/book/day?service=KK")
    assert "/o/3674/book/day?service=KK&lang=en" in links_of(page, "lang=en")


def test_an_office_page_tells_hours_services_and_what_to_bring(site: Site) -> None:
    page = site.browser().get("/o/3674?lang=en").text
    assert "Open now" in page and "08:00–12:00" in page and "08:00–11:30" in page
    assert "Visit needed" in page and "Can be done online" in page and "Bring:" in page
    assert "Times are in WIB." in page


def test_an_office_for_urgent_cases_only_says_so_and_books_nothing(site: Site) -> None:
    browser = site.sign_in(site.browser(), "budi")
    token = re.search(r'data-token="([0-9a-f]+)"', browser.get("/desk").text)
    assert token is not None
    notice = {
        "id": "Hanya legalisir, ambil KTP, dan BPJS.",
        "en": "Only legalisation, ID collection and BPJS.",
    }
    done = browser.post(
        "/api/v1/offices/3674/mode",
        json={"mode": "URGENT_ONLY", "notice": notice},
        headers={"X-CSRF-Token": token.group(1)},
    )
    assert done.status_code == 200, done.text
    visitor = site.browser()
    page = visitor.get("/o/3674?lang=en")
    assert (
        "Urgent cases only" in page.text
        and notice["en"] in page.text
        and notice["id"] not in page.text
    )
    assert links_of(page, "/book/day") == []
    assert visitor.get("/o/3674/book/day?service=KK").status_code == 422


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nothing-here", 404, "This page does not exist"),
        ("/o/9999", 404, "We know no such office"),
        ("/t/ZZZZZZZZZZZZ", 404, "We know no ticket with this code"),
        ("/t/short", 404, "We know no ticket with this code"),
        ("/o/3674/book/details?service=KK&slot=soon", 422, "Choose a time"),
    ],
)
def test_an_error_page_says_what_to_do_next(site: Site, path: str, status: int, words: str) -> None:
    page = site.browser().get(path, headers={"Accept-Language": "en"})
    assert page.status_code == status
    assert words in page.text
    assert page.content_type.startswith("text/html")
    assert 'href="/"' in page.text


def test_an_address_without_its_query_leads_to_a_step_that_works(site: Site) -> None:
    browser = site.browser()
    for path in (
        "/o/3674/book/details",
        "/o/3674/book/check",
        "/o/3674/book/confirm",
        "/o/3674/book/another-time",
    ):
        page = browser.get(path, follow_redirects=True)
        assert page.status_code == 200 and page.request.path == "/o/3674/book", path
    assert browser.get("/o/3674/book/day?service=KK&day=tomorrow").status_code == 200
    assert browser.get("/o/3674/book/details?service=KK").status_code == 422


def test_the_desk_asks_to_sign_in_and_then_goes_where_one_wanted(site: Site) -> None:
    browser = site.browser()
    asked = browser.get("/desk?office=3674")
    assert asked.status_code == 302 and asked.location.startswith("/login?next=/desk")
    done = site.send(
        browser, main_form(browser.get(asked.location)), username="sari", password=PASSWORD
    )
    assert done.status_code == 303 and done.location.startswith("/desk")
    assert "Anda bertugas di loket mana?" in browser.get("/desk").text


def test_a_wrong_log_in_tells_nothing_and_keeps_the_name(site: Site) -> None:
    browser = site.browser()
    texts = []
    for username, password in (("sari", "wrong"), ("nobody", PASSWORD)):
        page = site.send(
            browser, main_form(browser.get("/login")), username=username, password=password
        )
        assert page.status_code == 422
        assert f'value="{username}"' in page.text and password not in page.text
        texts.append(re.sub(r'value="[^"]*"', "", page.text))
    assert texts[0] == texts[1]
    assert browser.get("/desk").status_code == 302


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x=1",
        "/\t/evil.example",
    ],
)
def test_signing_in_never_leads_off_this_site(site: Site, target: str) -> None:
    browser = site.browser()
    done = site.send(
        browser, main_form(browser.get("/login")), username="sari", password=PASSWORD, next=target
    )
    assert done.status_code == 303 and done.location == "/desk"


def test_signing_out_ends_the_session_for_a_copied_cookie_too(site: Site) -> None:
    browser = site.sign_in(site.browser(), "sari")
    cookie = browser.get_cookie("antrean_session")
    assert cookie is not None
    form = next(each for each in forms_of(browser.get("/desk")) if each.action == "/logout")
    assert site.send(browser, form).status_code == 303
    thief = site.browser()
    thief.set_cookie("antrean_session", cookie.value)
    assert thief.get("/desk").status_code == 302


def test_a_clerk_may_not_manage_devices(site: Site) -> None:
    assert site.sign_in(site.browser(), "sari").get("/manage/devices").status_code == 403


def pair(site: Site) -> tuple[str, str]:
    """Ask for a pairing as a new kiosk does. Returns its id and code."""
    answer = site.browser().post("/api/v1/devices", json={"kind": "kiosk"})
    assert answer.status_code == 201, answer.text
    return answer.json["id"], answer.json["pairing_code"]


def test_a_manager_approves_a_device_by_its_code_and_revokes_it(site: Site) -> None:
    device, code = pair(site)
    browser = site.sign_in(site.browser(), "budi")
    form = next(
        each
        for each in forms_of(browser.get("/manage/devices"))
        if each.action.endswith("/approve")
    )
    empty = site.send(browser, form, code="", name="")
    assert empty.status_code == 422 and empty.text.count('class="field__error"') == 2
    odd = site.send(browser, form, code=code, name="Pintu\x1b[2J")
    assert odd.status_code == 422 and "Hapus karakter yang tidak dapat ditampilkan" in odd.text
    wrong = site.send(browser, form, code="ZZZZZZ" if code != "ZZZZZZ" else "YYYYYY", name="Pintu")
    assert wrong.status_code == 422 and 'value="Pintu"' in wrong.text
    done = site.send(browser, form, code=f" {code[:3]}-{code[3:].lower()} ", name="Pintu utama")
    assert done.status_code == 303, done.text
    assert "Pintu utama" in browser.get(done.location).text
    assert (
        site.sign_in(site.browser(), "wati").get(f"/manage/devices/{device}/revoke").status_code
        == 404
    )
    asked = browser.get(f"/manage/devices/{device}/revoke")
    assert "Pintu utama" in asked.text and "Dicabut" not in browser.get("/manage/devices").text
    assert site.send(browser, main_form(asked)).status_code == 303
    assert "Dicabut" in browser.get("/manage/devices").text


def test_who_works_for_all_offices_chooses_one(site: Site) -> None:
    browser = site.sign_in(site.browser(), "admin")
    assert "?office=3672" in links_of(browser.get("/desk"), "office=")
    assert 'data-office="3672"' in browser.get("/desk?office=3672").text
    of_one = site.sign_in(site.browser(), "budi").get("/desk?office=3672").text
    assert 'data-office="3674"' in of_one and 'data-office="3672"' not in of_one


@pytest.fixture
def demo(site: Site, tmp_path: Path) -> Iterator[Application]:
    """The site as the demo opens it: with a log-in for each role, a kiosk and a display."""
    access = tmp_path / "access.json"
    logins = {role: {"username": f"{role}1", "password": f"pass-of-{role}"} for role in STAFF_ROLES}
    access.write_text(
        json.dumps(
            {
                "office": "3674",
                "kiosk": "http://127.0.0.1:8010",
                "display": "http://127.0.0.1:8020",
                "logins": logins,
            }
        )
    )
    settings = site.application.flask.extensions["antrean"].settings
    opened = create_app(
        Settings(**{**settings.model_dump(), "demo_access_file": access}), site.clock
    )
    yield opened
    opened.database.close()


STAFF_ROLES = (
    "admin",
    "province",
    "auditor",
    "manager",
    "supervisor",
    "clerk",
    "reception",
    "guard",
)
DOORS = re.compile(r'href="([^"]+)" data-role="(\w+)"')


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_the_demos_home_has_a_door_for_each_role_that_this_role_may_open(
    site: Site, demo: Application, role: str
) -> None:
    browser = demo.flask.test_client()
    home = browser.get("/?lang=en").text
    doors = [path for path, whose in DOORS.findall(home) if whose == role]
    assert doors, f"no door for {role}"
    site.add_staff(f"{role}1", role, None if role == "admin" else "3674")
    site.sign_in(browser, f"{role}1")
    for path in doors:
        assert browser.get(path).status_code == 200, (role, path)
        assert home.count(f'href="{path}"') >= 2, "among the log-ins too"


def test_the_demos_home_leads_to_every_screen(demo: Application) -> None:
    home = demo.flask.test_client().get("/").text
    places = (
        "/o/3674",
        "/t",
        "/desk",
        "/reception",
        "/supervise",
        "/door",
        "/manage",
        "/manage/devices",
    )
    for place in (
        *places,
        "http://127.0.0.1:8010",
        "http://127.0.0.1:8020",
        "http://127.0.0.1:8020/entry",
    ):
        assert f'href="{place}"' in home, place


def test_the_gallery_and_the_log_ins_are_shown_by_the_demo_alone(
    site: Site, demo: Application
) -> None:
    assert site.browser().get("/gallery").status_code == 404
    browser = demo.flask.test_client()
    assert (
        "pass-of-clerk" in browser.get("/").text
        and "pass-of-clerk" not in site.browser().get("/").text
    )
    for language in ("id", "en"):
        assert browser.get(f"/gallery?lang={language}").status_code == 200
