"""Pages that are made once for everybody: nothing of whoever asked first is on them, everybody has
a token of their own, and none is older than it may be.
"""

from __future__ import annotations

import gzip
import re

import pytest
from flask import Response
from flask.testing import FlaskClient

from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.services.booking import availability
from queue_server.services.office import offices
from queue_server.store.writer.database import Database
from queue_server.web.edge.shared import freshness
from queue_server.web.edge.shared.pages import shared_page
from tests.web.site import Site, forms_of

OFFICE, SERVICES, DAY = "/o/3674", "/o/3674/book", "/o/3674/book/day?service=KK"
SERVICE, HOME, EARLIEST = "/o/3674/s/KK", "/", "/earliest?service=KK"
SHARED = (OFFICE, SERVICES, DAY, SERVICE, HOME, EARLIEST)
PLANTED = "planted5ecret"
MARK = re.compile(r"own[0-9a-f]{24}")
OWN = re.compile(r'(?<=visit=)[0-9a-f]{16}|(?<=name="visit" value=")[0-9a-f]{16}|\b[0-9a-f]{64}\b')
"""What of a page is each visitor's own: the name of the visit, and the token."""


class Ticking:
    """The machine's clock, where a test puts it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_000.0
        monkeypatch.setattr(freshness, "monotonic", lambda: self.now)


@pytest.fixture
def ticking(monkeypatch: pytest.MonkeyPatch) -> Ticking:
    return Ticking(monkeypatch)


def hostile(site: Site) -> FlaskClient:
    """A browser whose every header that a page could repeat holds what it has planted."""
    browser = site.browser()
    for name in ("antrean_visit", "antrean_hold", "antrean_browser", "antrean_known", "theme"):
        browser.set_cookie(name, f"{PLANTED}{name}abcdefgh")
    for name in ("Referer", "User-Agent", "X-Forwarded-Host", "X-CSRF-Token", "Origin"):
        browser.environ_base[f"HTTP_{name.upper().replace('-', '_')}"] = f"http://{PLANTED}/"
    return browser


@pytest.mark.parametrize("path", SHARED)
def test_nothing_of_whoever_asks_first_is_on_the_page_of_the_next(site: Site, path: str) -> None:
    first, second = hostile(site).get(path), site.browser().get(path)
    assert first.status_code == second.status_code == 200
    assert PLANTED not in second.text and not MARK.search(second.text)
    assert OWN.sub("", first.text) == OWN.sub("", second.text)
    assert all(PLANTED not in value for _, value in second.headers)


def test_each_browser_has_its_own_token_and_visit(site: Site) -> None:
    one, other = site.browser(), site.browser()
    mine, theirs = (forms_of(each.get(DAY))[0] for each in (one, other))
    assert mine.fields["csrf_token"] != theirs.fields["csrf_token"]
    assert mine.fields["visit"] != theirs.fields["visit"]
    assert one.post(mine.action, data=theirs.fields).status_code == 403
    assert one.post(mine.action, data=mine.fields).status_code == 303
    assert other.post(theirs.action, data=theirs.fields).status_code == 303
    again = forms_of(one.get(DAY))[0]
    assert again.fields["csrf_token"] == mine.fields["csrf_token"], "bound to the same cookie"


@pytest.mark.parametrize("path", SHARED)
def test_languages_do_not_mix(site: Site, path: str) -> None:
    def ask(**headers: str) -> str:
        return site.browser().get(path, headers=headers).text

    asked = [{"Accept-Language": tag} for tag in ("id", "en", "id-ID,id;q=0.9", "en-GB", "fr")]
    said = [re.findall(r'<html lang="(..)"', ask(**each)) for each in asked * 2]
    assert said == [["id"], ["en"], ["id"], ["en"], ["id"]] * 2
    choosing = site.browser()
    chosen = choosing.get(f"{path}{'&' if '?' in path else '?'}lang=en")
    assert '<html lang="en"' in chosen.text and "lang=en" in chosen.headers["Set-Cookie"]
    assert '<html lang="en"' in choosing.get(path).text, "it was remembered"
    plain = site.browser().get(path)
    assert '<html lang="id"' in plain.text and "lang=" not in str(plain.headers.get("Set-Cookie"))


def test_who_is_signed_in_neither_gets_nor_leaves_a_shared_page(site: Site) -> None:
    pages = site.application.flask.extensions["antrean"].pages
    clerk = site.sign_in(site.browser(), "sari")
    assert clerk.get(DAY).status_code == 200 and pages.used == 0
    forged = site.browser()
    forged.set_cookie("antrean_session", PLANTED)
    assert forged.get(DAY).status_code == 200 and pages.used == 0
    token = site.browser().get(DAY, headers={"Authorization": f"Bearer {PLANTED}"})
    assert token.status_code == 200 and pages.used == 0
    assert site.browser().get(DAY).status_code == 200 and pages.used > 0


def test_what_is_no_whole_page_is_not_kept(site: Site) -> None:
    pages = site.application.flask.extensions["antrean"].pages
    for path, status in (
        ("/o/nowhere", 404),
        ("/o/3674/book/day?service=NONE", 422),
        ("/o/3674/s/NONE", 404),
        ("/earliest?service=NONE", 422),
        ("/t/ABCDEFGHJKMN", 404),
        ("/t/abcd-efgh-jkmn", 302),
        (f"{OFFICE}?{PLANTED}=1", 200),
        (f"{DAY}&page=1&x={PLANTED}", 200),
        (f"{DAY}&party_size={'1' * 400}", 422),
    ):
        answer = site.browser().get(path)
        assert answer.status_code == status, path
        assert pages.used == 0 and not MARK.search(answer.text), path


def test_what_only_looks_like_a_mark_is_left_alone(site: Site) -> None:
    typed = "own0123456789abcdef01234567"
    page = site.browser().get(f"{SERVICES}?service={typed}")
    assert MARK.findall(page.text) == [typed] * page.text.count(typed) != []


@pytest.mark.parametrize("path", [OFFICE, SERVICES, SERVICE])
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_who_has_a_page_is_told_so_until_it_changes(site: Site, path: str, encoding: str) -> None:
    def ask(known: str = "", language: str = "id") -> tuple[int, str, bytes]:
        headers = {"Accept-Encoding": encoding, "Accept-Language": language}
        answer = site.browser().get(path, headers=headers | {"If-None-Match": known})
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert answer.headers["Vary"] == "Accept-Encoding"
        return answer.status_code, answer.headers["ETag"], answer.data

    status, known, page = ask()
    assert status == 200 and ask(known) == (304, known, b"")
    assert ask(known, "en")[0] == 200, "another language is another page"
    go_urgent_only(site, site.application.database)
    status, newer, changed = ask(known)
    assert status == 200 and newer != known
    before, after = (
        gzip.decompress(each) if encoding == "gzip" else each for each in (page, changed)
    )
    assert b"notice--warn" in after and b"notice--warn" not in before


def go_urgent_only(site: Site, database: Database) -> None:
    """Decide, as a manager does, that only urgent cases are served from now on."""
    now = site.clock.now
    period = ModePeriod("m1", ServiceMode.URGENT_ONLY, now, now, "budi")
    database.write([("3674", now.date())], lambda tx: offices.switch_mode(tx, "3674", period, now))


def test_the_list_is_exact_in_quiet_times_and_a_second_old_in_a_rush(
    site: Site, ticking: Ticking
) -> None:
    path = "/o/3674/book/day?service=REK"
    for _ in range(freshness.BURST_LEAST):
        take(site, path)
    assert free_places(site, shown(site, path)) > 0, "up to here each place taken was seen at once"
    ticking.now += 1
    last = shown(site, path)
    while free_places(site, last):
        assert take(site, path) == last
    late = site.browser()
    form = forms_of(late.get(path))[0]
    assert form.fields["slot"] == last, "within the second the list is the old one"
    refused = late.post(form.action, data=form.fields)
    assert "problem=slot_full" in refused.headers["Location"], "what is gone is refused"
    ticking.now += 1
    assert free_places(site, shown(site, path)) > 0


def shown(site: Site, path: str) -> str:
    """The first free time by the list."""
    return forms_of(site.browser().get(path))[0].fields["slot"]


def take(site: Site, path: str) -> str:
    """Another visitor takes the first free time by the list."""
    visitor = site.browser()
    form = forms_of(visitor.get(path))[0]
    assert free_places(site, form.fields["slot"]) > 0
    assert "/book/details" in visitor.post(form.action, data=form.fields).headers["Location"]
    return form.fields["slot"]


def test_in_quiet_times_a_page_knows_what_was_committed_last(site: Site, ticking: Ticking) -> None:
    before = site.browser().get(SERVICES).text
    go_urgent_only(site, site.application.database)
    assert "notice--warn" in site.browser().get(SERVICES).text and "notice--warn" not in before
    assert ticking.now == 1_000, "in the very same second"


def free_places(site: Site, slot: str) -> int:
    """What is free by the database."""
    database, now = site.application.database, site.clock.now
    with database.read() as connection:
        office = database.offices.get(connection, "3674")
        days = availability.list_availability(
            connection, office, "REK", office.date_at(now), 2, 1, now
        )
    return next((each.free for day in days for each in day.slots if each.id == slot), 0)


@pytest.mark.parametrize("tick", ["machine", "office"])
def test_what_another_process_does_is_seen_within_two_seconds(
    site: Site, ticking: Ticking, tick: str
) -> None:
    before = site.browser().get(OFFICE).text
    elsewhere = Database(site.application.database.url)
    go_urgent_only(site, elsewhere)
    elsewhere.close()
    site.application.database.offices.forget()  # as the second in which it is recalled passes by
    assert "notice--warn" not in before
    if tick == "machine":
        ticking.now += 1
    else:
        site.clock.pass_by(seconds=1)
    assert "notice--warn" in site.browser().get(OFFICE).text


STATEMENTS_MOST = {OFFICE: 3, SERVICES: 2, DAY: 4, SERVICE: 1, HOME: 4, EARLIEST: 6}
"""Of the database, by whoever asks first: whether the office is in a rush, its day, the services
used most, and of the free times the version, the days and the slots. Where it is about all of the
two offices, also which there are.
"""


@pytest.mark.parametrize("path", SHARED)
def test_a_page_asks_the_database_a_bounded_number_of_times(
    site: Site, ticking: Ticking, path: str
) -> None:
    asked: list[str] = []
    database = site.application.database

    for office in ("3672", "3674"):
        database.find_office(office)
    with database.read() as connection:
        connection.connection.driver_connection.set_trace_callback(  # type: ignore[union-attr]
            lambda statement: asked.append(statement) if statement.startswith("SELECT") else None
        )
    first = site.browser().get(path)
    of_settings = [
        each for each in asked if "offices.revision" in each and "office_days" not in each
    ]
    assert 0 < len(asked) - len(of_settings) <= STATEMENTS_MOST[path], asked
    asked.clear()
    for _ in range(5):
        assert OWN.sub("", site.browser().get(path).text) == OWN.sub("", first.text)
    assert [each for each in asked if "wait_models" not in each] == []


def test_a_page_keeps_its_own_headers_and_one_that_leaves_a_cookie_is_not_shared(
    site: Site,
) -> None:
    app = site.application.flask

    def answer(cookie: str) -> Response:
        made.append(cookie)
        response = Response("<p>page</p>" * 200, mimetype="text/html")
        response.headers["X-Own"] = "kept"
        if cookie:
            response.set_cookie("named", cookie)
        return response

    made: list[str] = []
    shared = shared_page(lambda cookie: 1)(answer)
    for cookie, times in (("", 1), (PLANTED, 6)):
        made.clear()
        for _ in range(3):
            with app.test_request_context(f"/{cookie}"):
                sent = app.make_response(shared(cookie=cookie))
                assert sent.headers["X-Own"] == "kept"
                assert (PLANTED in str(sent.headers)) is bool(cookie)
        assert len(made) == times
