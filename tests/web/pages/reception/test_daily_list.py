"""The bookings of a day on paper: all of them, nobody's whole name, and a line in the log."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from queue_server.web.edge.documents.daily_list import DayHead, draw_daily_list
from tests.fixtures.application import HOME, HOST, NAME, NIK, House
from tests.fixtures.pdf import read_text


def take(house: House, day: str) -> TestResponse:
    browser, token = house.sign_in("clerk")
    sent = {"csrf_token": token, "day": day, "office": HOME}
    return browser.post(
        "/reception/daily-list", data=sent, headers={"Accept-Language": "en", "Host": HOST}
    )


def text_of(pdf: bytes) -> str:
    return read_text(pdf, "-layout")


def test_a_list_holds_every_booking_masked_and_is_in_the_log(both_houses: House) -> None:
    house = both_houses
    house.book(slot=house.slot(9, 30, day=0), party_size=2)
    house.walk_in()
    answer = take(house, "today")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Cache-Control"] == "no-store"
    said = text_of(answer.data)
    assert "09:30" in said and NIK[-4:] in said
    assert NAME not in said and NIK not in said
    assert all(word not in said for word in NAME.split() if len(word) > 3)
    assert f"{NAME.split()[0][:2]}***" in said
    assert "Visitors without a booking" in said and "shred it" in said
    assert house.events().count("day_listed") == 1


def test_the_next_open_day_is_listed_and_any_other_word_is_none(house: House) -> None:
    house.book()
    assert NIK[-4:] in text_of(take(house, "next").data)
    assert NIK[-4:] not in text_of(take(house, "today").data)
    assert take(house, "2026-11-24").status_code == 404


def test_a_stranger_gets_no_list(house: House) -> None:
    assert house.browser().post("/reception/daily-list", data={"day": "today"}).status_code != 200


@pytest.mark.parametrize(("language", "word"), [("id", "Janji temu"), ("en", "Bookings")])
def test_an_empty_day_is_a_list_too(language: str, word: str) -> None:
    head = DayHead("Kantor", "24 November 2026", "09.00")
    pdf = draw_daily_list(head, (), language)
    assert word in text_of(pdf) and pdf == draw_daily_list(head, (), language)
