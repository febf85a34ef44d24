"""Proving an e-mail address or a telephone number by a message: who is asked, and whose proof it
is.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256

from queue_server.domain.booking import contacts as rules_of
from queue_server.domain.booking.contacts import Contact
from queue_server.domain.errors import UnknownLink
from queue_server.domain.messages.message import MessageChannel, MessageKind
from queue_server.domain.messages.owed import offer_address, offer_channel
from queue_server.domain.office.office import Office
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking import contacts
from queue_server.services.messages.queueing import reach_of
from queue_server.services.screens.tickets import view_past
from queue_server.store.messages.wording import find_own
from queue_server.store.writer.database import Database
from queue_server.web.edge.context import context, now
from queue_server.web.edge.documents.calendar import attach_calendar
from queue_server.web.edge.words.messages.letters import (
    Letter,
    write_letter,
    write_lost_codes,
    write_proof_letter,
)

MAC_LENGTH = 32
"""Hexadecimal digits of a link that cannot be guessed: 128 bits. The link is kept nowhere, since
the key makes it anew.
"""


def sends_letters() -> bool:
    """Whether the office has a way to write to people, and may therefore ask them for an answer."""
    return context().settings.smtp_url is not None


def contact_of(address: str | None) -> str | None:
    """The mark by which an e-mail address or a telephone number is remembered."""
    return rules_of.mark_contact(address, context().nik_key) if address else None


@dataclass(frozen=True)
class Asked:
    """What joining the waitlist asks of somebody's contact; see `WaitRequest`."""

    contact: str | None
    needs_proof: bool
    by_phone: bool


def ask_of_waiting(visitor: Visitor) -> Asked:
    """Where somebody who wants to wait is told of an offer, and whether that must be proved."""
    reach, by_phone = reach_of(visitor), MessageChannel.PHONE in context().ways
    is_phone = offer_channel(reach) is MessageChannel.PHONE
    address = None if is_phone and not by_phone else offer_address(reach)
    needs_proof = sends_letters() or (is_phone and by_phone)
    return Asked(contact_of(address), needs_proof, by_phone)


def ask_for_proof(office: str, email: str | None, language: str) -> bool:
    """Whether an e-mail address is proved; one that is not is sent a letter, once."""
    ask = partial(
        contacts.ask_once,
        office=office,
        mark=contact_of(email),
        address=email,
        language=language,
        now=now(),
    )
    return context().database.write([], ask)


def is_proved(email: str) -> bool:
    """Whether an e-mail address has answered its letter."""
    with context().database.read() as connection:
        return contacts.is_proved(connection, contact_of(email))


def make_composer(
    public_url: str, secret_key: bytes, database: Database, clock: Callable[[], datetime]
) -> Callable[[MessageKind, Office, Ticket | Contact | tuple[Ticket, ...]], Letter]:
    """What the sender asks for the words of a message."""

    def compose(
        kind: MessageKind, office: Office, subject: Ticket | Contact | tuple[Ticket, ...]
    ) -> Letter:
        if isinstance(subject, Contact):
            return write_proof_letter(
                office, subject, f"{public_url}/e/{_sign(subject.proof, secret_key)}"
            )
        with database.read() as connection:
            own = find_own(connection, office.code, kind)
            if isinstance(subject, tuple):
                return write_lost_codes(office, subject, public_url, own=own)
            past = view_past(connection, office, subject)
        letter = write_letter(kind, office, subject, public_url, past=past, own=own)
        return attach_calendar(letter, kind, office, subject, public_url, past.urgency, clock())

    return compose


def _sign(proof: str, secret_key: bytes) -> str:
    mac = hmac.new(secret_key, b"contact:" + proof.encode(), sha256).hexdigest()[:MAC_LENGTH]
    return f"{proof}.{mac}"


def _find_asked(token: str) -> Contact:
    """The contact whose letter this link stands in. Raises `UnknownLink`."""
    proof = token.partition(".")[0]
    if not hmac.compare_digest(token.encode(), _sign(proof, context().secret_key).encode()):
        raise UnknownLink()
    with context().database.read() as connection:
        return contacts.find_asked(connection, proof)
