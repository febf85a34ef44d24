"""What a provider reports of a message that it took: in any order, and any number of times."""

from __future__ import annotations

from enum import StrEnum

from .message import Message, MessageState


class Receipt(StrEnum):
    """How far a message has come at the provider. DELIVERED is certain; UNDELIVERED may be
    corrected by it, ACCEPTED by both.
    """

    ACCEPTED = "ACCEPTED"
    UNDELIVERED = "UNDELIVERED"
    DELIVERED = "DELIVERED"


UNDELIVERED = "undelivered"
"""Why a message failed that was taken and did not arrive."""

_ORDER = tuple(Receipt)


def follow_receipt(known: Receipt | None, reported: Receipt) -> Receipt:
    """What is known after one more report: the furthest of them, whichever comes last."""
    return reported if known is None else max(known, reported, key=_ORDER.index)


def state_after(message: Message, known: Receipt) -> MessageState:
    """What a message is by what is known of it. One that the provider has was sent, though the
    process that sent it died before it could say so; one that did not arrive has failed.
    """
    if known is Receipt.UNDELIVERED:
        began = message.state in (MessageState.SENT, MessageState.SENDING)
        return MessageState.FAILED if began else message.state
    is_corrected = message.state is MessageState.FAILED and message.last_error == UNDELIVERED
    is_in_doubt = message.attempts > 0 and message.state in (
        MessageState.QUEUED,
        MessageState.SENDING,
    )
    return MessageState.SENT if is_corrected or is_in_doubt else message.state
