"""What a visitor can do once a visit is booked: keep it, pass it on, move it, give it up."""

from __future__ import annotations

import re
from io import BytesIO
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from icalendar import Calendar
from PIL import Image
from werkzeug.test import TestResponse

from queue_server.domain.events import EventType
from queue_server.protocol.codes import CANCEL_REASONS
from queue_server.store import tables
from tests.web.site import Site, links_of, main_form

NIK, NAME, PHONE = "3674004112900001", "Siti Rahmawati", "081218319931"


def book(site: Site, **more: object) -> str:
    """Book the fourth free time of the next days; returns the code."""
    browser = site.browser()
    urgent = "&urgent=true" if "urgency" in more else ""
    days = browser.get(f"/api/v1/offices/3674/availability?service=KK&days=3{urgent}").get_json()[
        "days"
    ]
    slot = [each["slot"] for day in days[1:] for each in day["slots"] if each["free"]][3]
    body = {"service": "KK", "slot": slot, "nik": NIK, "name": NAME, **more}
    answer = browser.post(
        "/api/v1/offices/3674/bookings", json=body, headers={"Idempotency-Key": str(uuid4())}
    )
    assert answer.status_code == 201, answer.text
    return str(answer.get_json()["code"])


def move(site: Site, browser: FlaskClient, code: str, place: int = -1) -> TestResponse:
    page = browser.get(links_of(browser.get(f"/t/{code}/move"), "/move?day=")[-1])
    form = main_form(page)
    done = site.send(browser, form, slot=form.choices["slot"][place], last4=NIK[-4:])
    assert done.status_code == 303, done.text
    return browser.get(done.location)


def events_of(site: Site, type: EventType) -> list[dict[str, object]]:
    with site.application.database.read() as connection:
        rows = connection.execute(
            sa.select(tables.events.c.facts).where(tables.events.c.type == type.value)
        )
        return [dict(row.facts) for row in rows]


def words_of(page: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ({}, "Nothing will be sent to you"),
        ({"phone": PHONE}, "If the office has to change your visit, it calls you."),
        ({"email": "siti@contoh.id"}, "If the office has to change your visit, it writes to you."),
    ],
)
def test_who_has_booked_is_told_what_will_be_sent_and_to_keep_the_code(
    site: Site, contact: dict[str, object], said: str
) -> None:
    page = words_of(site.browser().get(f"/t/{book(site, **contact)}?new=1&lang=en"))
    assert "Your visit is booked" in page and said in page and "Keep the code below" in page
    others = {"Nothing will be sent", "it calls you", "it writes to you"}
    assert sum(each in page for each in others) == 1


def test_the_ticket_is_kept_as_picture_pdf_and_calendar_entry_without_scripts(site: Site) -> None:
    code, browser = book(site, urgency="hospital"), site.browser()
    page = browser.get(f"/t/{code}?lang=en")
    files = {name: links_of(page, name) for name in ("ticket.png", "ticket.pdf", "calendar.ics")}
    assert {name: len(links) for name, links in files.items()} == dict.fromkeys(files, 1)
    picture, pdf, calendar = (browser.get(links[0]) for links in files.values())
    assert picture.mimetype == "image/png" and Image.open(BytesIO(picture.data)).width == 1050
    assert picture.headers["Content-Disposition"].startswith("attachment")
    assert pdf.mimetype == "application/pdf" and pdf.data.startswith(b"%PDF")
    description = str(Calendar.from_ical(calendar.text).walk("VEVENT")[0]["DESCRIPTION"])
    for text in (description, words_of(page)):
        assert "Bring: a letter from the hospital or clinic" in text
        assert "Hospital or BPJS treatment now" in text
    for text in (description, calendar.text):
        assert NAME not in text and NIK not in text and NIK[-4:] not in description
    api = browser.get(f"/api/v1/tickets/{code}/slip.png")
    assert api.mimetype == "image/png" and api.data[:4] == picture.data[:4]


def test_a_message_for_whatsapp_names_no_person_and_its_reader_is_warned(site: Site) -> None:
    code, browser = book(site), site.browser()
    page = browser.get(f"/t/{code}?lang=en")
    [link] = links_of(page, "wa.me")
    address = urlsplit(link)
    [text] = parse_qs(address.query)["text"]
    assert (address.scheme, address.netloc, address.path) == ("https", "wa.me", "/")
    assert re.search(r"Visit to .+, \w+, \d+ November 2026, \d\d:\d\d–\d\d:\d\d WIB", text)
    assert text.endswith(f"/t/{code}") and "Siti" not in text
    anchor = re.search(r"<a[^>]+wa\.me[^>]*>", page.text)
    assert anchor is not None and 'rel="noreferrer"' in anchor.group()
    assert "With the last 4 digits of the NIK or phone number they can also change it" in words_of(
        page
    )


def test_a_moved_visit_says_from_when_to_when_and_how_often_it_may_be_moved_again(
    site: Site,
) -> None:
    code, browser = book(site), site.browser()
    before = browser.get(f"/t/{code}/calendar.ics").text
    assert "You can move this visit 2 times" in words_of(browser.get(f"/t/{code}/move?lang=en"))
    page = words_of(move(site, browser, code))
    assert "Your visit is moved" in page and "You can move it once more." in page
    told = r"Moved from Wednesday, 25 November, \d\d:\d\d to \w+, \d+ December, \d\d:\d\d"
    assert len(re.findall(told, page)) == 2, "in the notice and on the ticket"
    assert len(re.findall(told, words_of(browser.get(f"/t/{code}")))) == 1
    again = words_of(move(site, browser, code, 0))
    assert re.search(r"Moved from \d\d:\d\d to \d\d:\d\d on \w+, \d+ December", again)
    assert "You cannot move it again" in again and not links_of(browser.get(f"/t/{code}"), "/move")
    first, last = (
        Calendar.from_ical(each).walk("VEVENT")[0]
        for each in (before, browser.get(f"/t/{code}/calendar.ics").text)
    )
    assert first["UID"] == last["UID"] and last["SEQUENCE"] > first["SEQUENCE"]


def test_a_visit_is_cancelled_with_a_reason_or_without(site: Site) -> None:
    code, browser = book(site), site.browser()
    question = browser.get(f"/t/{code}/cancel?lang=en")
    form = main_form(question)
    assert form.choices["reason"] == list(CANCEL_REASONS) and "reason" not in form.fields
    wrong = site.send(browser, form, reason="because", last4=NIK[-4:])
    assert wrong.status_code == 422 and 'href="#f-reason"' in wrong.text
    guess = site.send(browser, form, reason="no_time", last4="9999")
    assert guess.status_code == 403
    assert re.search(r'value="no_time"[^>]* checked', guess.text), "what was chosen is kept"
    done = site.send(browser, form, reason="done_online", last4=NIK[-4:])
    page = browser.get(done.location)
    assert "Your visit is cancelled" in words_of(page)
    assert events_of(site, EventType.CANCELLED)[0]["reason"] == "done_online"
    calendar = Calendar.from_ical(browser.get(links_of(page, "calendar.ics")[0]).text)
    event = calendar.walk("VEVENT")[0]
    assert (event["STATUS"], event.walk("VALARM")) == ("CANCELLED", [])
    assert not links_of(page, "wa.me") and not links_of(page, "ticket.png")


def test_a_page_says_nothing_done_that_was_not(site: Site) -> None:
    code, browser = book(site), site.browser()
    for done in ("cancelled", "served", "<b>"):
        page = browser.get(f"/t/{code}", query_string={"done": done, "lang": "en"})
        assert page.status_code == 200 and 'class="notice notice--ok"' not in page.text


@pytest.mark.parametrize(
    ("reason", "status"), [(None, 200), ("mistake", 200), ("because", 422), (7, 422)]
)
def test_programs_cancel_with_a_reason_of_the_list(site: Site, reason: object, status: int) -> None:
    code, browser = book(site), site.browser()
    body = {"last4": NIK[-4:], **({} if reason is None else {"reason": reason})}
    answer = browser.post(
        f"/api/v1/tickets/{code}/cancel", json=body, headers={"Idempotency-Key": str(uuid4())}
    )
    assert answer.status_code == status, answer.text
    told = [each.get("reason") for each in events_of(site, EventType.CANCELLED)]
    assert told == ([reason] if status == 200 else [])
