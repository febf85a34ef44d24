"""The page of a ticket is kept for its holder, and says what was committed last."""

from __future__ import annotations

from functools import partial

import pytest

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.booking.slots import parse_slot_id
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking import booking, cancelling
from queue_server.services.places.ticket_ids import draw
from queue_server.store.writer.database import Database
from tests.web.site import Site, forms_of

DAY_PAGE = "/o/3674/book/day?service=KK"


@pytest.fixture
def ticket(site: Site) -> Ticket:
    """A booking of the next free time."""
    slot = forms_of(site.browser().get(DAY_PAGE))[0].fields["slot"]
    at, now = parse_slot_id(slot), site.clock.now
    visitor = Visitor("Siti", "1" * 64, "0001", "+6281200000001")
    return site.application.database.write(
        [("3674", at.date())],
        lambda tx: booking.book(tx, "3674", BookingRequest("KK", at, visitor), draw(), now),
    )


def test_the_page_of_a_ticket_is_made_once_and_changes_with_the_ticket(
    site: Site, ticket: Ticket
) -> None:
    pages = site.application.flask.extensions["antrean"].pages
    path = f"/t/{ticket.code}"
    first, again = site.browser().get(path), site.browser().get(path)
    assert first.status_code == 200 and first.data == again.data and pages.used > 0
    assert first.headers["Cache-Control"] == "no-store"
    assert 'data-state="BOOKED"' in first.text
    elsewhere = Database(site.application.database.url)
    now = site.clock.now
    elsewhere.write(
        [("3674", ticket.date)],
        partial(cancelling.cancel, ticket=ticket.id, by="holder", chance=0.5, now=now),
    )
    elsewhere.close()
    site.clock.pass_by(seconds=1)
    changed = site.browser().get(path)
    assert 'data-state="CANCELLED"' in changed.text, "within a second, whichever process changed it"


def test_pages_of_tickets_and_languages_do_not_mix(site: Site, ticket: Ticket) -> None:
    path = f"/t/{ticket.code}"
    for language in ("id", "en", "id"):
        page = site.browser().get(path, headers={"Accept-Language": language})
        assert f'<html lang="{language}"' in page.text and ticket.code in page.text
    other = site.browser().get("/t/000000000000")
    assert other.status_code == 404 and ticket.code not in other.text
    assert site.browser().get(f"{path}?new").data != site.browser().get(path).data


def test_what_this_process_commits_is_on_the_page_at_once(site: Site, ticket: Ticket) -> None:
    path, now = f"/t/{ticket.code}", site.clock.now
    assert 'data-state="BOOKED"' in site.browser().get(path).text
    site.application.database.write(
        [("3674", ticket.date)],
        partial(cancelling.cancel, ticket=ticket.id, by="holder", chance=0.5, now=now),
    )
    assert 'data-state="CANCELLED"' in site.browser().get(path).text
