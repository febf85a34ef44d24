"""The triage without scripts: questions, advice, the way to come anyway, and what is counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.domain.office.changes import ModeDecision
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.domain.triage.counting import RETURN_DAYS
from queue_server.services import upkeep
from queue_server.services.office.changes import apply_change
from queue_server.services.triage.counting import list_figures
from queue_server.services.triage.scripts import load_scripts
from tests.web.site import TUESDAY, Site, links_of, main_form, without_layout

PERSON = {"name": "Siti Rahmawati", "nik": "3674004112900001", "phone": "0812 1831 9931"}
ANYWAY = {"id": "Tetap ingin datang?", "en": "Still want to come?"}


def ask(browser: FlaskClient, query: str, **options: Any) -> TestResponse:
    return browser.get(f"/o/3674/triage?{query}", **options)


def counted(site: Site) -> dict[str, tuple[int, int, int]]:
    """Service and outcome -> how often advised, overridden, and come anyway, of all days."""
    with site.application.database.read() as connection:
        today = site.clock.now.date()
        figures = list_figures(connection, "3674", today - timedelta(days=60), today)
    return {
        f"{each.service} {each.outcome}": (each.advised, each.overridden, each.returned)
        for each in figures.counts
    }


def decide(site: Site, mode: ServiceMode) -> None:
    """Set the office's mode from now on, until it is decided anew."""
    now = site.clock.now
    change = ModeDecision(ModePeriod("m1", mode, now, now, "budi"))
    site.application.database.write(
        [("3674", TUESDAY.date())],
        partial(apply_change, office="3674", change=change, by="budi", now=now),
    )


def book_from(site: Site, browser: FlaskClient, days: TestResponse) -> TestResponse:
    """Book a visit from the page of days on."""
    times = browser.get(links_of(days, "day=2026")[1])
    slot = main_form(times).choices["slot"][2]
    done = site.send(browser, main_form(times), slot=slot)
    details = browser.get(done.location)
    check = site.send_on(browser, main_form(details), **PERSON)
    return site.send(browser, main_form(check))


def press_anyway(site: Site, browser: FlaskClient, page: TestResponse) -> TestResponse:
    return site.send(browser, main_form(page))


def answer_links(page: TestResponse) -> list[str]:
    """The addresses of the answers, and of earlier questions to change."""
    return [each for each in links_of(page, "/triage?") if "lang=" not in each]


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_way_through_every_script_ends_in_advice_with_a_way_to_come(
    site: Site, language: str
) -> None:
    """Links alone lead from each service through each answer; each page has its words."""
    browser = site.browser()
    browser.get(f"/?lang={language}")
    todo, seen = [], set()
    for code in sorted(code for script in load_scripts() for code in script.services):
        todo.append(f"/o/3674/triage?service={code}")
    while todo:
        url = todo.pop()
        if url in seen:
            continue
        seen.add(url)
        page = browser.get(url)
        if page.status_code == 303:
            assert "/book/day?service=" in page.location
            assert browser.get(page.location).status_code == 200
            continue
        assert page.status_code == 200
        title = page.text.split("<title>")[1].split("–")[0].strip()
        assert f"{title}</h1>" in page.text
        links = answer_links(page)
        coming = links_of(page, "/book/day?")
        assert ANYWAY[language] in page.text or coming, f"no way to come from {url}"
        todo.extend(links)
    assert len(seen) > 40


def test_a_document_with_a_qr_code_needs_no_visit(site: Site) -> None:
    browser = site.browser()
    question = ask(browser, "service=LEG&lang=id")
    assert "Apakah dokumen Anda punya kode QR tanda tangan elektronik?" in question.text
    advice = browser.get(next(each for each in answer_links(question) if "signature=yes" in each))
    assert "Tidak perlu dilegalisir" in advice.text and ANYWAY["id"] in advice.text
    assert "fotokopinya" not in advice.text, "what is needed for legalisation is not needed here"
    visit = browser.get(next(each for each in answer_links(question) if "signature=no" in each))
    assert visit.status_code == 303 and visit.location == "/o/3674/book/day?service=LEG"


def test_treatment_tomorrow_is_urgent_and_books_with_its_reason(site: Site) -> None:
    browser = site.browser()
    page = ask(browser, "service=SNK&soon=yes&what_for=treatment&lang=en")
    assert "You are served in the urgent lane" in page.text
    assert "a letter from the hospital or clinic" in page.text
    assert ANYWAY["en"] not in page.text, "coming is what is advised"
    days = browser.get(links_of(page, "/book/day")[0])
    assert "Hospital or BPJS treatment now" in days.text
    assert "a letter from the hospital or clinic" in days.text, "what to bring is said again"
    assert book_from(site, browser, days).status_code == 303


def test_what_was_answered_can_be_changed_and_the_rest_is_asked_again(site: Site) -> None:
    browser = site.browser()
    page = ask(browser, "service=CTK&why=lost&letter=no&lang=en")
    assert "First the police station, then here" in page.text
    first, second = answer_links(page)
    assert (first, second) == ("/o/3674/triage?service=CTK", "/o/3674/triage?service=CTK&why=lost")
    assert "Question 2 of at most 2" in without_layout(browser.get(second))


def test_another_service_that_is_right_is_one_tap_away(site: Site) -> None:
    browser = site.browser()
    page = ask(browser, "service=REK&before=yes&lang=en")
    assert "Go to: ID card reprint" in page.text
    assert browser.get("/o/3674/triage?service=CTK").status_code == 200


def test_the_collection_is_booked_and_not_the_application(site: Site) -> None:
    page = ask(site.browser(), "service=KIA&lang=en")
    assert "/o/3674/book/day?service=AMB" in links_of(page, "/book/day")
    assert "https://contoh.example/kartu-identitas-anak" in page.text


@pytest.mark.parametrize(
    "query",
    ["", "service=", "service=XXX", "service=KK%27%3B--", f"service={'K' * 5000}", "signature=yes"],
)
def test_an_unknown_service_leads_to_the_list(site: Site, query: str) -> None:
    done = ask(site.browser(), query)
    assert (done.status_code, done.location) == (303, "/o/3674/book")
    assert site.browser().get("/o/9999/triage?service=KK").status_code == 404


@pytest.mark.parametrize(
    "answers",
    [
        "soon=perhaps",
        "what_for=treatment",
        "soon=%3Cscript%3E",
        "utm_source=poster&fbclid=1",
        "&".join(f"q{n}=yes" for n in range(2000)),
        "soon=" + "y" * 9000,
    ],
)
def test_odd_answers_are_left_out_and_the_question_is_asked(site: Site, answers: str) -> None:
    page = ask(site.browser(), f"service=SNK&{answers}&lang=en")
    assert page.status_code == 200
    assert "Must the data be right within 3 working days?" in page.text
    assert "<script>" not in page.text and "fbclid" not in "".join(answer_links(page))


def test_advice_is_counted_once_a_day_for_each_browser(site: Site) -> None:
    browser = site.browser()
    for _time in range(3):
        ask(browser, "service=KK")
    ask(browser, "service=KK&lang=en")
    ask(site.browser(), "service=KK")
    assert counted(site) == {"KK ONLINE": (2, 0, 0)}
    site.clock.pass_by(days=1)
    ask(browser, "service=KK")
    assert counted(site) == {"KK ONLINE": (3, 0, 0)}


def test_what_nobody_has_asked_for_is_not_counted(site: Site) -> None:
    browser = site.browser()
    browser.head("/o/3674/triage?service=KK")
    ask(browser, "service=KK", headers={"Sec-Purpose": "prefetch;prerender"})
    ask(browser, "service=KK", headers={"X-Moz": "prefetch"})
    ask(browser, "service=WNA")
    ask(browser, "service=SNK&soon=yes")
    assert counted(site) == {}


def test_a_visit_after_a_question_is_counted(site: Site) -> None:
    ask(site.browser(), "service=LEG&signature=no")
    assert counted(site) == {"LEG VISIT": (1, 0, 0)}


def test_who_comes_anyway_is_led_to_a_time_and_counted_once(site: Site) -> None:
    browser = site.browser()
    page = ask(browser, "service=KK")
    first, again = (press_anyway(site, browser, page) for _time in range(2))
    assert first.status_code == again.status_code == 303
    assert first.location == again.location == "/o/3674/book/day?service=KK"
    assert counted(site) == {"KK ONLINE": (1, 1, 0)}
    assert book_from(site, browser, browser.get(first.location)).status_code == 303
    assert counted(site) == {"KK ONLINE": (1, 1, 1)}


@pytest.mark.parametrize(
    ("days", "same_browser", "returned"),
    [(0, True, 1), (RETURN_DAYS, True, 1), (RETURN_DAYS + 1, True, 0), (0, False, 0)],
)
def test_a_booking_within_the_days_is_counted_on_the_day_of_the_advice(
    site: Site, days: int, same_browser: bool, returned: int
) -> None:
    advised = site.browser()
    ask(advised, "service=KK")
    browser = advised if same_browser else site.browser()
    site.clock.pass_by(days=days)
    upkeep.prepare_slots(site.application.database, site.clock.now)
    done = book_from(site, browser, browser.get("/o/3674/book/day?service=KK"))
    assert done.status_code == 303
    assert counted(site)["KK ONLINE"] == (1, 0, returned)


def test_a_booking_sent_twice_is_one_return_and_another_service_none(site: Site) -> None:
    browser = site.browser()
    ask(browser, "service=AKL")
    ask(browser, "service=KK")
    days = browser.get("/o/3674/book/day?service=KK")
    times = browser.get(links_of(days, "day=2026")[1])
    kept = site.send(browser, main_form(times), slot=main_form(times).choices["slot"][2])
    check = site.send_on(browser, main_form(browser.get(kept.location)), **PERSON)
    form = main_form(check)
    assert site.send(browser, form).location == site.send(browser, form).location
    assert counted(site) == {"AKL ONLINE": (1, 0, 0), "KK ONLINE": (1, 0, 1)}


def test_the_mark_of_a_browser_tells_nothing_and_is_the_same_for_all(site: Site) -> None:
    first, second = site.browser(), site.browser()
    marks = set()
    for browser in (first, second):
        cookie = ask(browser, "service=AKM&soon=no").headers["Set-Cookie"]
        assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/o/" in cookie
        marks.add(cookie.split(";")[0])
    assert len(marks) == 1, "a mark tells no browser from another"
    assert "AKM" not in marks.pop()
    cookie = first.get_cookie("antrean_triage", path="/o/")
    assert cookie is not None and cookie.value.encode() not in site.stored_bytes()


@pytest.mark.parametrize(
    "value",
    ["", ".", "20261124-0123456789abcdef", "99999999-0123456789abcdef", "x" * 4000, "a.b.c" * 300],
)
def test_a_cookie_that_is_not_ours_counts_nothing(site: Site, value: str) -> None:
    browser = site.browser()
    browser.set_cookie("antrean_triage", value, path="/o/")
    done = book_from(site, browser, browser.get("/o/3674/book/day?service=KK"))
    assert done.status_code == 303
    assert counted(site) == {}
    assert ask(browser, "service=KK").status_code == 200
    assert counted(site) == {"KK ONLINE": (1, 0, 0)}


def test_the_cookie_stays_small_and_forgets_what_counts_no_longer(site: Site) -> None:
    browser = site.browser()

    def remembered() -> list[str]:
        cookie = browser.get_cookie("antrean_triage", path="/o/")
        assert cookie is not None
        return [each.split("-")[0] for each in cookie.value.split(".")]

    for day in range(20):
        site.clock.now = TUESDAY + timedelta(days=day)
        ask(browser, "service=KK")
    assert remembered() == [f"202612{day:02}" for day in range(6, 14)]
    site.clock.pass_by(days=RETURN_DAYS)
    ask(browser, "service=KK")
    assert remembered() == ["20261213", "20261227"]


@pytest.mark.parametrize(
    ("mode", "hint"),
    [
        (ServiceMode.NORMAL, "You may come all the same"),
        (ServiceMode.ONLINE_FIRST, "For now visits are for urgent cases"),
        (ServiceMode.URGENT_ONLY, "For now visits are for urgent cases"),
        (ServiceMode.CLOSED, "For now nobody can be received"),
    ],
)
def test_whoever_still_wants_to_come_is_told_what_is_possible_in_each_mode(
    site: Site, mode: ServiceMode, hint: str
) -> None:
    if mode is not ServiceMode.NORMAL:
        decide(site, mode)
    browser = site.browser()
    query = "service=KK&reason=none" if mode is ServiceMode.URGENT_ONLY else "service=KK"
    page = ask(browser, f"{query}&lang=en")
    assert hint in page.text and ANYWAY["en"] in page.text
    done = press_anyway(site, browser, page)
    assert done.status_code == 303
    assert browser.get(done.location).status_code == 200
    assert counted(site)["KK ONLINE"][1] == 1


def test_a_form_that_is_not_ours_counts_nothing(site: Site) -> None:
    browser = site.browser()
    form = main_form(ask(browser, "service=KK"))
    assert browser.post(form.action, data={"service": "KK"}).status_code == 403
    odd = replace(form, fields={**form.fields, "service": "XXX"})
    assert site.send(browser, odd).location == "/o/3674/book"
    asking = site.send(browser, form, service="SNK")
    assert asking.location == "/o/3674/book/day?service=SNK", "nothing was advised yet"
    assert browser.get(form.action).location == "/o/3674/book"
    assert counted(site) == {"KK ONLINE": (1, 0, 0)}
