"""Another role and several offices for an account, and the office that is chosen after log-in."""

from __future__ import annotations

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from queue_server.domain.access.accounts import User
from queue_server.services.access import sessions
from queue_server.store.access import users as user_store
from tests.fixtures.application import csrf_of
from tests.fixtures.hashes import cheap_hash
from tests.web.site import PASSWORD, Site, forms_of, links_of, without_layout


def find(site: Site, username: str) -> User:
    with site.application.database.read() as connection:
        return user_store.find_user_by_name(connection, username)


def add(site: Site, username: str, role: str, office: str | None, *also: str) -> FlaskClient:
    """A new member of staff who has signed in."""
    user = User(username, username, username.title(), role, office, also=also)
    site.application.database.write(
        [], lambda tx: sessions.add_user(tx, user, cheap_hash(PASSWORD))
    )
    return site.sign_in(site.browser(), username)


def send(
    browser: FlaskClient, path: str, page: TestResponse, **values: str | list[str]
) -> TestResponse:
    """A form of this page, with what is ticked in it."""
    data = MultiDict({"csrf_token": csrf_of(page), **values})
    return browser.post(path, data=data)


def test_a_role_is_changed_after_a_page_that_says_what_changes(site: Site) -> None:
    browser, clerk = site.sign_in(site.browser(), "budi"), site.sign_in(site.browser(), "sari")
    path = "/manage/staff/sari/role"
    form = browser.get(f"{path}?lang=en")
    assert 'name="offices"' not in form.text, "who looks after one office hands out no other"
    asked = send(browser, path, form, role="supervisor")
    assert "<del>Clerk</del>" in asked.text and "<ins>Supervisor</ins>" in asked.text
    assert find(site, "sari").role == "clerk" and clerk.get("/desk").status_code == 200
    sure = next(each for each in forms_of(asked) if "sure" in each.fields)
    for _ in range(2):
        done = browser.post(sure.action, data=sure.fields)
        assert (done.status_code, done.location) == (303, "/manage/staff?office=3674&done=changed")
    assert find(site, "sari").role == "supervisor"
    assert clerk.get("/desk").status_code == 302, "the log-in of the old role is over"
    assert "Changed the account of Sari from Clerk to Supervisor" in (
        browser.get("/supervise/audit?lang=en").text
    )


def test_a_role_that_is_not_theirs_is_refused_beside_the_field(site: Site) -> None:
    browser = site.sign_in(site.browser(), "budi")
    path = "/manage/staff/sari/role"
    form = browser.get(path)
    for role in ("", "admin", "auditor", "province", "kiosk"):
        page = send(browser, path, form, role=role, sure="1")
        assert page.status_code == 422 and 'id="e-role"' in page.text
    send(browser, path, form, role="clerk", offices=["3672"], sure="1")
    assert (find(site, "sari").role, find(site, "sari").office) == ("clerk", "3674")


def test_an_administrator_gives_several_offices_or_all(site: Site) -> None:
    browser = site.sign_in(site.browser(), "admin")
    path = "/manage/staff/sari/role"
    form = browser.get(path)
    assert send(browser, path, form, role="clerk", sure="1").status_code == 422
    send(browser, path, form, role="clerk", offices=["3672", "3674"], sure="1")
    assert (find(site, "sari").office, find(site, "sari").also) == ("3674", ("3672",))
    for office in ("3672", "3674"):
        page = browser.get(f"/manage/staff?lang=en&office={office}")
        assert "Clerk, 2 offices" in without_layout(page)
    send(browser, path, form, role="province", offices=["all"], sure="1")
    assert (find(site, "sari").role, find(site, "sari").office) == ("province", None)


def test_somebody_new_gets_the_offices_that_are_ticked(site: Site) -> None:
    browser = site.sign_in(site.browser(), "admin")
    page = browser.get("/manage/staff?office=3672")
    values = {"name": "Rini", "username": "rini", "role": "reception", "office": "3672"}
    done = send(browser, "/manage/staff", page, **values, offices=["3674", "3672", "9999"])
    assert done.status_code == 200
    assert (find(site, "rini").office, find(site, "rini").also) == ("3672", ("3674",))


def test_the_last_administrator_cannot_be_demoted_nor_demote_himself(site: Site) -> None:
    browser = site.sign_in(site.browser(), "admin")
    path = "/manage/staff/admin/role?office=3674"
    page = send(
        browser, path, browser.get(path), role="manager", offices=["3674"], office="3674", sure="1"
    )
    assert page.status_code == 422 and find(site, "admin").role == "admin"


def test_who_works_in_two_offices_chooses_one_and_stays_in_it(site: Site) -> None:
    browser = add(site, "tono", "supervisor", "3674", "3672")
    chooser = browser.get("/desk")
    assert sorted(links_of(chooser, "?office=")) == ["?office=3672", "?office=3674"]
    for office in ("3672", "3674"):
        page = browser.get(f"/desk?office={office}")
        assert page.status_code == 200
        assert f"/door?office={office}" in page.text and f"/reception?office={office}" in page.text
    assert browser.get("/desk?office=none").status_code == 403


def test_who_works_in_one_office_is_asked_for_none(site: Site) -> None:
    browser = site.sign_in(site.browser(), "sari")
    page = browser.get("/desk?office=3672")
    assert page.status_code == 200 and "office=" not in "".join(links_of(page, "/door"))


def test_everybody_begins_where_their_work_is(site: Site) -> None:
    pages = {
        "clerk": "/desk",
        "reception": "/reception",
        "guard": "/door",
        "province": "/province",
        "auditor": "/supervise/audit",
    }
    for role, path in pages.items():
        browser = add(site, f"ani-{role}", role, "3674")
        assert browser.get("/login").location == path
        page = browser.get(path)
        assert page.status_code == 200
        links = {each.partition("?")[0] for each in links_of(page, "/") if each[0] == "/"}
        # shown to nobody but supervisors, see supervisor.css
        for link in links - {"/supervise/conflicts"}:
            if link.startswith(
                ("/desk", "/door", "/reception", "/supervise", "/manage", "/province")
            ):
                assert browser.get(link).status_code == 200, (role, link)


def test_the_province_changes_hours_and_reads_the_rest(site: Site) -> None:
    browser = add(site, "ibu", "province", "3674", "3672")
    page = browser.get("/manage?office=3672&lang=en")
    links = {each.partition("?")[0] for each in links_of(page, "/manage")}
    assert {"/manage/hours", "/manage/mode", "/manage/limit", "/manage/reports"} <= links
    assert all(browser.get(f"{each}?office=3672").status_code == 200 for each in links)
    assert browser.get("/manage/staff?office=3672").status_code == 403
    assert browser.get("/desk?office=3672").status_code == 403
    watched = browser.get("/supervise?office=3672").text
    assert "dashboard-page--watched" in watched
