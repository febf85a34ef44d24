"""Messages that the office owes a visitor: after which event, what about, by which way, and how far
they have come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from queue_server.domain.events import EventType
from queue_server.domain.visit.transitions import LIVE_STATES, State


class MessageKind(StrEnum):
    """What has become of a booking through the office's own doing, that a place is offered to
    somebody who waits, or what others have tried with a booking: ATTEMPTED to book again in its
    person's name, LOCKED by wrong guesses of its digits. PROVE asks whether an e-mail address is
    somebody's own; its `ticket` is the contact's mark.
    """

    STRANDED = "stranded"
    MOVED = "moved"
    CANCELLED = "cancelled"
    OFFER = "offer"
    ATTEMPTED = "attempted"
    LOCKED = "locked"
    PROVE = "prove"


class MessageChannel(StrEnum):
    """How the visitor can be reached. NONE: they left neither an e-mail address nor a telephone
    number.
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
    """

    id: str
    office: str
    ticket: str
    kind: MessageKind
    channel: MessageChannel
    state: MessageState
    created_at: datetime
    retry_at: datetime | None = None
    attempts: int = 0
    ended_at: datetime | None = None
    last_error: str | None = None


LETTER_AFTER: Mapping[EventType, MessageKind] = {
    EventType.STRANDED: MessageKind.STRANDED,
    EventType.RESCHEDULED: MessageKind.MOVED,
    EventType.CANCELLED: MessageKind.CANCELLED,
    EventType.HELD: MessageKind.OFFER,
    EventType.CHANGES_LOCKED: MessageKind.LOCKED,
}
"""The letter that may be owed after an event, by the command that causes it: where it was not the
visitor's own doing. PROVE and ATTEMPTED follow none: nothing of an office-day has changed.
"""

NOTICES = frozenset(
    {MessageKind.OFFER, MessageKind.ATTEMPTED, MessageKind.LOCKED, MessageKind.PROVE}
)
"""Letters that only help when they come at once, and that outsiders can cause: no member of staff
is asked to call instead.
"""

STANDS_FOR: Mapping[MessageKind, frozenset[State]] = {
    MessageKind.STRANDED: frozenset({State.STRANDED}),
    MessageKind.MOVED: frozenset({State.BOOKED}),
    MessageKind.CANCELLED: frozenset({State.CANCELLED}),
    MessageKind.OFFER: frozenset({State.HELD}),
    MessageKind.PROVE: frozenset(),
    MessageKind.ATTEMPTED: LIVE_STATES,
    MessageKind.LOCKED: LIVE_STATES,
}
"""The states of the booking in which each message is true: who was moved meanwhile must not hear
that the time is lost.
"""


def is_needed(kind: MessageKind, state: State) -> bool:
    """Whether a message still tells the truth about its booking in the booking's present state."""
    return state in STANDS_FOR[kind]


ATTEMPT_PAUSE = timedelta(hours=12)
"""One letter about tried bookings in this time, so that whoever tries cannot fill the holder's
letter box.
"""

OPEN_BY_HAND = frozenset({MessageState.BY_HAND, MessageState.FAILED})
"""States in which a member of staff still has something to do."""


def choose_channel(email: str | None, phone: str | None) -> MessageChannel:
    """The way to reach a visitor: by e-mail if they gave an address, else by telephone."""
    if email:
        return MessageChannel.EMAIL
    return MessageChannel.PHONE if phone else MessageChannel.NONE


FIRST_STATE = {
    MessageChannel.EMAIL: MessageState.QUEUED,
    MessageChannel.PHONE: MessageState.BY_HAND,
    # Nobody can do anything about it; the list of stranded bookings says that this visitor will
    # only hear of it at the door.
    MessageChannel.NONE: MessageState.DONE,
}
