"""What is written of a call or a meeting by video: when it comes, and never the way to the
office.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from queue_server.domain.messages.message import MessageKind
from queue_server.domain.office.office import Office, VisitKind
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services.screens.tickets import TicketPast
from queue_server.web.edge.documents.calendar import calendar_file
from queue_server.web.edge.locale import speaking
from queue_server.web.edge.words.messages.letters import write_letter
from queue_server.web.edge.words.messages.remote_templates import remote_template_of
from tests.domain.examples import ticket_in
from tests.fixtures.application import HOME, House, at, make_office

ROOM = "https://temu.example/kamar"
URL = "https://antrean.example"
SPAN = {"id": "10.00–10.30", "en": "10:00–10:30"}


@pytest.fixture
def office() -> Office:
    return make_office(HOME)


def visit(kind: VisitKind) -> Ticket:
    return replace(
        ticket_in(State.BOOKED),
        office=HOME,
        service="REK",
        slot=at(10),
        claim_at=at(10),
        claim_span=1,
        kind=kind,
    )


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("kind", [VisitKind.PHONE, VisitKind.VIDEO])
@pytest.mark.parametrize(
    "message", [MessageKind.CONFIRMATION, MessageKind.CHANGED, MessageKind.REMINDER]
)
def test_a_letter_says_when_the_call_comes(
    house: House, office: Office, message: MessageKind, kind: VisitKind, language: str
) -> None:
    letter = write_letter(message, office, visit(kind), URL, language)
    for text in (letter.body, letter.text):
        assert SPAN[language] in text and "%(" not in text
        assert office.address not in text
    usual = write_letter(message, office, visit(VisitKind.OFFICE), URL, language)
    assert usual.body != letter.body


def test_the_letter_of_a_meeting_has_its_address(house: House, office: Office) -> None:
    past = TicketPast(meeting_url=ROOM)
    letter = write_letter(MessageKind.CALL, office, visit(VisitKind.VIDEO), URL, "en", past=past)
    assert ROOM in letter.body and ROOM in letter.text


def test_the_words_of_the_office_are_of_visits_to_it(office: Office) -> None:
    assert remote_template_of(MessageKind.REMINDER, VisitKind.OFFICE, "id") is None
    assert remote_template_of(MessageKind.STRANDED, VisitKind.PHONE, "id") is None


def test_a_calendar_leads_nobody_to_the_office(house: House, office: Office) -> None:
    with house.application.flask.test_request_context("/?lang=en"), speaking("en"):
        ours = calendar_file(office, visit(VisitKind.PHONE), URL, None, "en", at(9)).decode()
        usual = calendar_file(office, visit(VisitKind.OFFICE), URL, None, "en", at(9)).decode()
    assert "LOCATION:By phone" in ours and office.address not in ours
    assert SPAN["en"] in ours.replace("\r\n ", "")
    assert office.address in usual
