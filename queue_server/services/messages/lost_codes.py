"""Codes that were lost, sent again to the contact that the booking has: never to another, and with
one answer for whoever asks.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from queue_server.domain.messages.message import STANDS_FOR, MessageChannel, MessageKind
from queue_server.domain.messages.owed import LOST_CODE_PAUSE, channel_of
from queue_server.domain.visit.ticket import Ticket
from queue_server.store.messages import messages as message_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.reader import Reader
from queue_server.store.writer.transaction import Transaction

from .queueing import queue_notice


def list_of_contact(reader: Reader, address: str, day: date, office: str) -> list[Ticket]:
    """The visits at an office on a day that were booked with an e-mail address or telephone number
    and still stand, in order of their time.
    """
    return [
        each
        for each in ticket_store.list_with_contact(reader, address)
        if (each.date, each.office) == (day, office)
        and each.state in STANDS_FOR[MessageKind.LOST_CODE]
    ]


def send_again(
    tx: Transaction, address: str, day: date, ways: Collection[MessageChannel], now: datetime
) -> bool:
    """Owe a contact one message with the codes of its visits on a day; True if it is owed by this
    request. At most one in LOST_CODE_PAUSE, whoever asks and for whichever day. Nothing for a
    contact or a day without a visit. No day need be declared: nothing of a visit changes.
    """
    channel = channel_of(address)
    if channel not in ways:
        return False
    ticket_store.lock_person(tx, address)
    tickets = ticket_store.list_with_contact(tx, address)
    since = now - LOST_CODE_PAUSE
    if any(
        message_store.has_since(tx, each.office, each.id, MessageKind.LOST_CODE, since)
        for each in tickets
    ):
        return False
    first = next(
        (
            each
            for each in tickets
            if each.date == day and each.state in STANDS_FOR[MessageKind.LOST_CODE]
        ),
        None,
    )
    if first is None:
        return False
    queue_notice(tx, first, MessageKind.LOST_CODE, channel, now)
    return True
