"""A message as a visitor would get it, about a visit that nobody has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from queue_server.domain.messages.message import STANDS_FOR, MessageKind
from queue_server.domain.messages.wording import SmsLength, Words, measure_sms
from queue_server.domain.office.office import Office
from queue_server.domain.visit.numbering import ticket_number
from queue_server.domain.visit.ticket import Channel, Origin, Ticket
from queue_server.protocol.codes import URGENCIES
from queue_server.services.screens.tickets import TicketPast
from queue_server.store.messages.wording import OwnWords
from queue_server.web.edge.words.messages.letters import write_letter, write_lost_codes

CODE = "CONTOHCONTOH"
""""Example": no code is drawn with an O, so this one opens nothing."""


@dataclass(frozen=True)
class Sample:
    """A message in words, and how long it is as SMS."""

    subject: str
    body: str
    text: str
    length: SmsLength


def write_sample(
    kind: MessageKind, office: Office, words: Words, language: str, public_url: str, now: datetime
) -> Sample:
    """What words look like with the values of the sample visit. They must be without faults."""
    own: Mapping[str, OwnWords] = {language: OwnWords(words, now, "")}
    ticket = _make_ticket(kind, office, now)
    if kind is MessageKind.LOST_CODE:
        letter = write_lost_codes(office, [ticket], public_url, language, own)
    else:
        assert ticket.slot is not None
        before = office.local(ticket.slot - timedelta(days=1)).isoformat()
        past = TicketPast(before, URGENCIES[0])
        letter = write_letter(kind, office, ticket, public_url, language, past, own)
    return Sample(letter.subject, letter.body, letter.text, measure_sms(letter.text))


def _make_ticket(kind: MessageKind, office: Office, now: datetime) -> Ticket:
    """Tomorrow at nine, for the first service of the office, as number 12."""
    service, day = office.services[0], office.date_at(now) + timedelta(days=1)
    slot = datetime.combine(day, time(9), office.tz).astimezone(UTC)
    return Ticket(
        id="sample",
        code=CODE,
        office=office.code,
        date=day,
        letter=service.letter,
        service=service.code,
        state=min(STANDS_FOR[kind]),
        origin=Origin.ONLINE,
        channel=Channel.URGENT,
        created_at=now,
        number=ticket_number(service.letter, 12),
        slot=slot,
        expires_at=slot - timedelta(hours=12),
        counter=office.counters[0].id if office.counters else None,
    )
