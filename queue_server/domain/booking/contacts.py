"""Whose e-mail address or telephone number is it? A contact is proved once, by a message that its
owner answers, and remembered without the address.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from queue_server.domain.errors import ContactUnproved, TooLate

PROOF_TIME = timedelta(hours=24)
"""How long a message can be answered. Meanwhile its address gets no second one, whoever asks for it
and however often.
"""

KEPT = timedelta(days=90)
"""How long a proved contact is remembered."""

PARTY_WITHOUT_PROOF_MAX = 2
"""Persons that anybody may book for. Larger parties empty a day quickly, so somebody must answer
for them.
"""


def mark_contact(address: str, key: bytes) -> str:
    """HMAC-SHA256 of an e-mail address or a number in E.164, hex: the name by which a contact is
    remembered.
    """
    return hmac.new(key, b"contact:" + address.strip().casefold().encode(), sha256).hexdigest()


@dataclass(frozen=True)
class Contact:
    """An e-mail address or telephone number that has been written to. Invariant: `address` is known
    exactly while it is not proved.

    `proof` names the message in its link. `office` is the one in whose name it was sent.
    """

    mark: str
    office: str
    language: str
    asked_at: datetime
    expires_at: datetime
    proof: str
    address: str | None
    proved_at: datetime | None = None

    def is_pending(self, now: datetime) -> bool:
        """Whether its message can still be answered."""
        return self.proved_at is None and now < self.expires_at


def ask(mark: str, address: str, office: str, language: str, proof: str, now: datetime) -> Contact:
    """A contact to which a message is owed."""
    return Contact(mark, office, language, now, now + PROOF_TIME, proof, address)


def prove(contact: Contact, now: datetime) -> Contact:
    """The message was answered; answering it again changes nothing. Raises `TooLate` once it has
    run out.
    """
    if contact.proved_at is not None:
        return contact
    if not contact.is_pending(now):
        raise TooLate(until=contact.expires_at.isoformat())
    return replace(contact, address=None, proved_at=now)


def needs_proof(party_size: int, *, sends_letters: bool) -> bool:
    """Whether a booking of so many persons asks for a proved contact: only where a letter can be
    sent.
    """
    return sends_letters and party_size > PARTY_WITHOUT_PROOF_MAX


def admit_party_contact(party_size: int, *, sends_letters: bool, is_proved: bool) -> None:
    """Refuse a large party for which nobody answers. Raises `ContactUnproved`."""
    if needs_proof(party_size, sends_letters=sends_letters) and not is_proved:
        raise ContactUnproved(party_size=party_size, without_proof=PARTY_WITHOUT_PROOF_MAX)
