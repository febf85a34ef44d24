"""The languages of an office: chosen on its page, followed by its public pages, its kiosks and its
messages.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from queue_server.domain.messages.message import MessageKind
from queue_server.domain.office.office import Office
from queue_server.services.screens.kiosk import view_offer
from queue_server.web.edge.words.messages.letters import write_letter
from tests.web.pages.manage.changing import FRIDAY, apply, book, change_form, office_of, review
from tests.web.site import Site

DETAILS = "/manage/details"


def choose(site: Site, manager: FlaskClient, first: str, *others: str) -> None:
    form = change_form(manager.get(DETAILS), DETAILS)
    form.fields["first_language"] = first
    for code in ("id", "en"):
        form.fields.pop(f"offers_{code}", None)
    shown = site.send(manager, form, **{f"offers_{each}": "1" for each in others})
    assert apply(site, manager, shown, DETAILS).status_code == 303


def switch_of(page: str) -> bool:
    return 'aria-label="Bahasa / Language"' in page


@pytest.mark.parametrize("path", ["/o/3674", "/o/3674/s/REK", "/o/3674/rules", "/t/{code}"])
def test_public_pages_speak_what_the_office_offers(
    site: Site, manager: FlaskClient, path: str
) -> None:
    ticket = book(site, FRIDAY)
    path = path.format(code=ticket.code)
    english = {"headers": {"Accept-Language": "en"}}
    visitor = site.browser()
    assert '<html lang="en">' in visitor.get(path, **english).text
    choose(site, manager, "id")
    for asked in (path, f"{path}?lang=en"):
        page = visitor.get(asked, **english).text
        assert '<html lang="id">' in page and not switch_of(page)
    choose(site, manager, "en", "id")
    page = site.browser().get(path).text
    assert '<html lang="en">' in page and switch_of(page)
    assert '<html lang="id">' in site.browser().get(f"{path}?lang=id").text
    # Other pages, and those of the staff, are in whichever language their reader wishes.
    assert '<html lang="id">' in site.browser().get("/").text
    assert '<html lang="id">' in manager.get(f"{DETAILS}?lang=id").text


def test_messages_and_kiosks_follow(site: Site, manager: FlaskClient) -> None:
    ticket = replace(book(site, FRIDAY), language="en")
    choose(site, manager, "id")
    office = office_of(site)

    def subject(of_office: Office) -> str:
        return write_letter(
            MessageKind.CONFIRMATION, of_office, ticket, "https://x.example"
        ).subject

    assert subject(office) != subject(replace(office, languages=("id", "en")))
    kiosk = site.application.database
    with kiosk.read() as connection:
        assert view_offer(connection, office, site.clock.now).languages == ("id",)


def test_what_cannot_be_offered_is_refused_at_its_field(site: Site, manager: FlaskClient) -> None:
    for wrong in ("", "xx"):
        refused = review(site, manager, DETAILS, first_language=wrong)
        assert refused.status_code == 422 and 'href="#f-first_language"' in refused.text
    assert office_of(site).languages == ("id", "en")
