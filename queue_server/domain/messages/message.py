"""Messages that the office owes a visitor: what about, by which way, and how far they have come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import LIVE_STATES, PRESENT_STATES, State


class MessageKind(StrEnum):
    """What a message is about.

    CONFIRMATION, CHANGED and WITHDRAWN repeat what the visitor has done: booked, moved, cancelled.
    STRANDED, MOVED and CANCELLED tell what the office has done to a booking, VOIDED that somebody
    came with it whose card was another person's. REMINDER comes before
    the visit; AHEAD (few are before you), COME_IN and CALL on its day. OFFER: a place is held for
    somebody who waits. ATTEMPTED and LOCKED tell what others have tried with a booking: to book
    again in its person's name, to guess its digits. LOST_CODE answers who asks for a code. PROVE
    asks whether an e-mail address is somebody's own; its `ticket` is the contact's mark.
    """

    CONFIRMATION = "confirmation"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    REMINDER = "reminder"
    STRANDED = "stranded"
    MOVED = "moved"
    CANCELLED = "cancelled"
    VOIDED = "voided"
    AHEAD = "ahead"
    COME_IN = "come_in"
    CALL = "call"
    OFFER = "offer"
    ATTEMPTED = "attempted"
    LOCKED = "locked"
    LOST_CODE = "lost_code"
    PROVE = "prove"


class MessageChannel(StrEnum):
    """How the visitor can be reached. PHONE is the gateway's, or a member of staff's who calls.
    NONE: they left neither an e-mail address nor a telephone number.
    """

    EMAIL = "EMAIL"
    PHONE = "PHONE"
    NONE = "NONE"


class MessageState(StrEnum):
    """How far a message has come. BY_HAND waits for a member of staff; DONE was told by hand, or
    has become needless.
    """

    QUEUED = "QUEUED"
    SENDING = "SENDING"
    SENT = "SENT"
    BY_HAND = "BY_HAND"
    DONE = "DONE"
    FAILED = "FAILED"


@dataclass(frozen=True)
class Message:
    """One message about one booking. It holds no personal data: address and words are looked up
    when it is sent.

    `occasion` tells it from others of its kind about the same booking: there is one message for
    each ticket, kind and occasion, whoever owes it and however often. It is sent from `due_at` on,
    None: at once, and is of no use any more at `stale_at`, None: as long as its booking's state
    fits.
    """

    id: str
    office: str
    ticket: str
    kind: MessageKind
    occasion: str
    channel: MessageChannel
    state: MessageState
    created_at: datetime
    due_at: datetime | None = None
    stale_at: datetime | None = None
    retry_at: datetime | None = None
    attempts: int = 0
    ended_at: datetime | None = None
    last_error: str | None = None


MUST_TELL = frozenset({MessageKind.STRANDED, MessageKind.MOVED, MessageKind.CANCELLED})
"""What a visitor has to hear, by hand if need be: otherwise they come for nothing."""

ON_THE_DAY = frozenset({MessageKind.AHEAD, MessageKind.COME_IN, MessageKind.CALL})
"""What is of use for minutes only."""

NOTICES = frozenset(
    {
        MessageKind.OFFER,
        MessageKind.ATTEMPTED,
        MessageKind.LOCKED,
        MessageKind.LOST_CODE,
        MessageKind.PROVE,
    }
)
"""Messages that only help when they come at once, and that outsiders can cause: no member of staff
is asked to see to one that failed.
"""

ABOUT_A_TIME = frozenset({MessageKind.CONFIRMATION, MessageKind.CHANGED, MessageKind.REMINDER})
"""Messages whose occasion begins with the time that they name; see `mark_time`."""

_TO_COME = frozenset({State.BOOKED})

STANDS_FOR: Mapping[MessageKind, frozenset[State]] = {
    MessageKind.CONFIRMATION: _TO_COME,
    MessageKind.CHANGED: _TO_COME,
    MessageKind.REMINDER: _TO_COME,
    MessageKind.WITHDRAWN: frozenset({State.CANCELLED}),
    MessageKind.STRANDED: frozenset({State.STRANDED}),
    MessageKind.MOVED: _TO_COME,
    MessageKind.CANCELLED: frozenset({State.CANCELLED}),
    MessageKind.VOIDED: frozenset({State.CANCELLED}),
    MessageKind.AHEAD: frozenset({State.WAITING}),
    MessageKind.COME_IN: frozenset({State.WAITING}),
    MessageKind.CALL: frozenset({State.CALLED}),
    MessageKind.OFFER: frozenset({State.HELD}),
    MessageKind.PROVE: frozenset(),
    MessageKind.ATTEMPTED: LIVE_STATES,
    MessageKind.LOCKED: LIVE_STATES,
    MessageKind.LOST_CODE: frozenset({State.BOOKED, State.STRANDED}) | PRESENT_STATES,
}
"""The states of the booking in which each message is true: who was moved meanwhile must not hear
that the time is lost.
"""


MEETING_STATES = frozenset({State.CALLED, State.SERVING})
"""The states in which it is true that a meeting by video takes place."""


def name_message(ticket: str, kind: MessageKind, occasion: str) -> str:
    """The id of a message: the same whoever owes it, so that it is owed once. It goes along with
    each attempt, so that a mail server or gateway can tell a repetition from a second message.
    """
    return f"{ticket}-{kind.value}-{occasion}"


def mark_time(slot: datetime | None) -> str:
    """The time of a booking in a message's occasion: who was moved gets messages of their own."""
    return "" if slot is None else f"{slot.timestamp():.0f}"


def is_needed(message: Message, ticket: Ticket, now: datetime) -> bool:
    """Whether a message still tells the truth about its booking, and in time."""
    if message.stale_at is not None and now >= message.stale_at:
        return False
    if message.kind in ABOUT_A_TIME and message.occasion.partition("-")[0] != mark_time(
        ticket.slot
    ):
        return False
    if message.kind is MessageKind.CALL and ticket.kind.is_remote:
        # A meeting by video may be opened when it has begun already.
        return ticket.state in MEETING_STATES
    return ticket.state in STANDS_FOR[message.kind]


OPEN_BY_HAND = frozenset({MessageState.BY_HAND, MessageState.FAILED})
"""States in which a member of staff still has something to do, if the message is one of
MUST_TELL.
"""
