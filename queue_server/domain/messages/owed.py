"""What is owed to whom: after which event, and by which way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from queue_server.domain.events import EventType
from queue_server.domain.office.office import VisitKind

from .message import MUST_TELL, ON_THE_DAY, MessageChannel, MessageKind, MessageState


@dataclass(frozen=True)
class Reach:
    """How somebody can be reached, and whether they asked for `reminders`: for all that is sent
    without need and costs the office money, or the visitor attention.
    """

    email: str | None = None
    phone: str | None = None
    reminders: bool = False


LETTER_AFTER: Mapping[EventType, MessageKind] = {
    EventType.STRANDED: MessageKind.STRANDED,
    EventType.RESCHEDULED: MessageKind.MOVED,
    EventType.CANCELLED: MessageKind.CANCELLED,
    EventType.HELD: MessageKind.OFFER,
    EventType.CHANGES_LOCKED: MessageKind.LOCKED,
}
"""What the command that causes an event may owe with it: where it was not the visitor's own doing.
PROVE, ATTEMPTED and LOST_CODE follow none: nothing of an office-day has changed.
"""

FOLLOWS: Mapping[EventType, MessageKind] = {
    EventType.BOOKED: MessageKind.CONFIRMATION,
    EventType.CONFIRMED: MessageKind.CONFIRMATION,
    EventType.RESCHEDULED: MessageKind.CHANGED,
    EventType.CANCELLED: MessageKind.WITHDRAWN,
    EventType.VOIDED: MessageKind.VOIDED,
    EventType.ADMITTED: MessageKind.COME_IN,
    EventType.CALLED: MessageKind.CALL,
}
"""What follows an event by itself, if the visitor can be reached and its command has owed nothing.
CONFIRMATION and CHANGED bring reminders along.
"""

FROM_HOME: Mapping[EventType, MessageKind | None] = {
    EventType.CALLED: None,
    EventType.MEETING_OPENED: MessageKind.CALL,
}
"""What follows otherwise for a visit from home: the call of the clerk is the telephone itself, and
a meeting by video begins when its address is there.
"""


def follows(type: EventType, visit: VisitKind) -> MessageKind | None:
    """The message that follows an event of such a visit by itself; None for no message."""
    usual = FOLLOWS.get(type)
    return FROM_HOME.get(type, usual) if visit.is_remote else usual


MOVES_THE_LINE = frozenset(
    {EventType.CALLED, EventType.LEFT, EventType.CANCELLED, EventType.VOIDED, EventType.NOT_SHOWN}
)
"""After these, fewer may be before those who wait: the time to look who is told AHEAD."""

ATTEMPT_PAUSE = timedelta(hours=12)
"""One letter about tried bookings in this time, so that whoever tries cannot fill the holder's
letter box.
"""

LOST_CODE_PAUSE = timedelta(minutes=30)
"""One message with lost codes in this time for each address or number, whoever asks."""


def choose_channel(email: str | None, phone: str | None) -> MessageChannel:
    """The way to reach a visitor: by e-mail if they gave an address, else by telephone."""
    if email:
        return MessageChannel.EMAIL
    return MessageChannel.PHONE if phone else MessageChannel.NONE


def channel_of(address: str) -> MessageChannel:
    """By which channel an address is reached: an e-mail address, or a number in E.164."""
    return MessageChannel.EMAIL if "@" in address else MessageChannel.PHONE


def first_state(channel: MessageChannel, reach: Reach) -> MessageState:
    """How a message begins that a visitor must hear. The gateway is for those who asked for it;
    others are called by a member of staff.
    """
    if channel is MessageChannel.EMAIL or (channel is MessageChannel.PHONE and reach.reminders):
        return MessageState.QUEUED
    # Nobody can do anything about who left neither; the list of stranded bookings says that this
    # visitor will only hear of it at the door.
    return MessageState.BY_HAND if channel is MessageChannel.PHONE else MessageState.DONE


def choose_way(
    kind: MessageKind, reach: Reach, ways: Collection[MessageChannel]
) -> MessageChannel | None:
    """By which of the ways that a server has a message goes that need not be told by hand; None:
    it is not owed.

    The telephone costs money, so it is for those who asked for it; on the day they are reached
    sooner by it. What the visitor has just done is confirmed by e-mail without being asked.
    """
    assert kind not in MUST_TELL, "is owed whether or not there is a way"
    by_email = reach.email is not None and MessageChannel.EMAIL in ways
    by_phone = reach.phone is not None and reach.reminders and MessageChannel.PHONE in ways
    is_asked_for = kind in ON_THE_DAY or kind is MessageKind.REMINDER
    if is_asked_for and not reach.reminders:
        return None
    if by_phone and (kind in ON_THE_DAY or not by_email):
        return MessageChannel.PHONE
    return MessageChannel.EMAIL if by_email else None


_GO_ON = MUST_TELL | {MessageKind.OFFER}


def choose_meeting_way(reach: Reach, ways: Collection[MessageChannel]) -> MessageChannel | None:
    """By which way a visitor is told where a meeting by video is: who has booked one waits for it,
    so an e-mail comes even to those who asked for no reminders.
    """
    return choose_way(MessageKind.CALL, reach, ways) or choose_way(
        MessageKind.CONFIRMATION, reach, ways
    )


def choose_next_way(
    kind: MessageKind, channel: MessageChannel, reach: Reach, ways: Collection[MessageChannel]
) -> MessageChannel | None:
    """By which way a message goes on that could not be sent by `channel`; None: it is left as it
    is. What must be heard, and an offer, goes by telephone to those who asked for that if no mail
    server takes it; others are called by a member of staff, but not for an offer.
    """
    goes_on = kind in _GO_ON and channel is MessageChannel.EMAIL
    by_phone = reach.phone and reach.reminders and MessageChannel.PHONE in ways
    return MessageChannel.PHONE if goes_on and by_phone else None


def offer_channel(reach: Reach) -> MessageChannel | None:
    """How somebody who waits for a place is told of an offer: by e-mail, else by telephone if they
    asked for that; None: by the page of their entry.
    """
    return choose_way(MessageKind.OFFER, reach, (MessageChannel.EMAIL, MessageChannel.PHONE))


def offer_address(reach: Reach) -> str | None:
    """Where they are told: what is to be proved before anything is offered."""
    channel = offer_channel(reach)
    return reach.email if channel is MessageChannel.EMAIL else reach.phone if channel else None
