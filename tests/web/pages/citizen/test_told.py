"""Once a visit is booked, its page says what the office will send, and nothing that it cannot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from queue_server.domain.messages.message import MessageChannel
from queue_server.store.visit import tickets
from tests.fixtures.application import HOST, House
from tests.web.pages.citizen.test_booking import PERSON, code_of, to_details
from tests.web.site import Site, main_form


@pytest.mark.parametrize(
    ("given", "ways", "said", "unsaid"),
    [
        ({"notify": True}, {"smtp_url": "smtp://127.0.0.1:9"}, ("email Anda", "mengingatkan"), ()),
        ({}, {"smtp_url": "smtp://127.0.0.1:9"}, ("email Anda",), ("mengingatkan",)),
        ({"notify": True, "email": None}, {"gateway_url": "console:"}, ("nomor ponsel",), ()),
        ({"email": None}, {"gateway_url": "console:"}, (), ("Konfirmasi", "mengingatkan")),
        ({"notify": True}, {}, (), ("Konfirmasi", "mengingatkan")),
    ],
)
def test_the_page_says_what_will_be_sent(
    open_house: Callable[..., House],
    given: dict[str, Any],
    ways: dict[str, str],
    said: tuple[str, ...],
    unsaid: tuple[str, ...],
) -> None:
    house = open_house(**ways)
    code = house.book(**given)["code"]
    page = house.browser().get(f"/t/{code}?new=1", headers={"Host": HOST}).text
    assert all(each in page for each in said) and not any(each in page for each in unsaid)


@pytest.mark.parametrize("asked", [{"notify": "yes"}, {}])
def test_who_ticks_the_box_is_reminded_and_nobody_else(site: Site, asked: dict[str, str]) -> None:
    parts = site.application.flask.extensions
    parts["antrean"] = replace(parts["antrean"], ways=frozenset({MessageChannel.PHONE}))
    browser = site.browser()
    details = to_details(site, browser)
    assert "kirim pengingat ke nomor atau alamat ini" in details.text
    check = site.send_on(browser, main_form(details), **PERSON, **asked)
    code = code_of(site.send(browser, main_form(check)))
    with site.application.database.read() as connection:
        ticket = tickets.find_by_code(connection, code)
        visitor = tickets.find_visitor(connection, ticket.office, ticket.id)
    assert visitor is not None and visitor.reminders is bool(asked)


def test_an_office_that_sends_nothing_offers_no_reminder(site: Site) -> None:
    assert "f-notify" not in to_details(site, site.browser()).text
