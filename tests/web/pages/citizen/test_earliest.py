"""The earliest time at each office for as many as come, and what the office page says of decisions
to come. Without scripts.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from queue_server.domain.office.changes import LimitChange, ModeDecision
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.services.office.changes import apply_change
from tests.web.site import TUESDAY, Site, links_of, main_form, without_layout


@pytest.mark.parametrize(
    ("language", "asks", "people"),
    [("id", "Berapa orang yang datang?", "3 orang"), ("en", "How many people come?", "3 people")],
)
def test_one_is_asked_how_many_come(site: Site, language: str, asks: str, people: str) -> None:
    browser = site.browser()
    page = browser.get(f"/earliest?lang={language}")
    assert asks in page.text and f">{people}</option>" in without_layout(page)
    form = main_form(page)
    assert form.fields["party"] == "1"
    shown = site.send(browser, form, service="KK", party="3")
    assert shown.status_code == 200 and shown.text.count("2026") >= 2
    kept = main_form(shown)
    assert (kept.fields["service"], kept.fields["party"]) == ("KK", "3"), (
        "what was asked stays chosen"
    )


def test_a_party_is_shown_only_times_that_it_fits_into(site: Site) -> None:
    """What the page says is what the API says for so many."""
    browser = site.browser()
    for party in (1, 2, 4):
        listed = browser.get(f"/api/v1/earliest?service=KK&party={party}").get_json()["offices"]
        page = browser.get(f"/earliest?service=KK&party={party}&lang=en").text
        assert [page.find(each["name"]) for each in listed] == sorted(
            page.find(each["name"]) for each in listed
        ), "in the same order"
        assert page.count("Choose a time<span") == sum(each["slot"] is not None for each in listed)


def test_nobody_is_asked_for_a_party_that_the_room_cannot_hold(site: Site) -> None:
    """The rule allows 6, the rooms hold 2."""
    for office in ("3674", "3672"):
        site.application.database.write(
            [(office, TUESDAY.date())],
            partial(
                apply_change,
                office=office,
                change=LimitChange(2, 1.0, 0.0, 30),
                by="manager",
                now=site.clock.now,
            ),
        )
    browser = site.browser()
    asked = main_form(browser.get("/earliest"))
    assert asked.choices["party"] == ["1", "2"]
    assert browser.get("/earliest?service=KK&party=3").status_code == 422
    [to_ask, *_] = links_of(browser.get("/earliest?service=KK&party=2"), "/o/3674/triage")
    to_book = site.send(browser, main_form(browser.get(to_ask))).headers["Location"]
    service = links_of(browser.get(to_book), "#f-party_size")[0]
    assert main_form(browser.get(service)).choices["party_size"] == ["1", "2"]
    refused = browser.get("/api/v1/earliest?service=KK&party=3")
    assert refused.status_code == 422 and refused.get_json()["high"] == 2


def test_how_many_come_goes_along_until_the_details(site: Site) -> None:
    browser = site.browser()
    [to_ask] = links_of(browser.get("/earliest?service=KK&party=3&lang=en"), "/o/3674/triage")
    advice = browser.get(to_ask)
    assert "Still want to come?" in advice.text, "first it is asked whether they must"
    day = browser.get(site.send(browser, main_form(advice)).headers["Location"])
    assert "3 people" in day.text
    held = site.send(browser, main_form(day))
    details = browser.get(held.headers["Location"])
    assert "3 people" in details.text and main_form(details).fields["party_size"] == "3"
    for party in ("99", "-1", "many"):
        asked = {"service": "KK", "party_size": party}
        page = browser.get("/o/3674/book/day", query_string=asked)
        assert page.status_code == 422 and 'href="#f-party_size"' in page.text


def test_how_many_come_goes_along_through_the_questions(site: Site) -> None:
    browser = site.browser()
    question = browser.get("/o/3674/triage?service=SNK&party_size=3")
    answers = [each for each in links_of(question, "/o/3674/triage") if "soon=" in each]
    assert answers and all("party_size=3" in each for each in answers)
    [skip] = links_of(question, "/o/3674/book/day")
    assert "party_size=3" in skip
    for party in ("99", "-1", "many"):
        asked = {"service": "SNK", "party_size": party}
        page = browser.get("/o/3674/triage", query_string=asked)
        assert page.status_code == 200
        assert all("party_size" not in each for each in links_of(page, "/o/3674/book"))


@pytest.mark.parametrize("party", ["0", "99", "-1", "1.5", "many", "", "1e1", "٣"])
def test_a_number_that_cannot_be_is_named_and_the_service_stays(site: Site, party: str) -> None:
    page = site.browser().get("/earliest", query_string={"service": "KK", "party": party})
    assert page.status_code == 422
    assert (
        'href="#f-party"' in page.text
        and 'id="f-party"' in page.text
        and 'id="e-party"' in page.text
    )
    assert main_form(page).fields["service"] == "KK"


def decide(site: Site, service: str | None, mode: ServiceMode, notice: str) -> None:
    moment = site.clock.now
    period = ModePeriod(
        f"m-{service}",
        mode,
        TUESDAY + timedelta(days=7),
        moment,
        "",
        service=service,
        notice={"id": notice, "en": notice},
    )
    site.application.database.write(
        [("3674", moment.date())],
        partial(apply_change, office="3674", change=ModeDecision(period), by="", now=moment),
    )


def test_the_office_page_tells_decisions_to_come_where_they_belong(site: Site) -> None:
    decide(site, None, ServiceMode.URGENT_ONLY, "Gedung diperbaiki")
    decide(site, "KK", ServiceMode.CLOSED, "Mesin diganti")
    page = site.browser().get("/o/3674?lang=en").text
    office, services = page.split('<section class="stack" aria-labelledby="services">')
    assert "Gedung diperbaiki" in office and "Mesin diganti" not in office
    own = services.split('id="s-KK"')[1].split("</li>")[0]
    assert "Mesin diganti" in own and "From Tuesday, 1 December 2026" in own
    assert services.count("Mesin diganti") == 2, "among the most used, and among all"
    assert "Gedung diperbaiki" not in services
