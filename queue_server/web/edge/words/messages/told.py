"""Messages to visitors as the staff see them: what about, how far they have come, and why no
further.
"""

from __future__ import annotations

from queue_server.domain.messages.message import Message, MessageChannel, MessageKind, MessageState
from queue_server.web.edge.locale import gettext as _


def message_words(message: Message) -> str:
    """How far the newest message about a booking has come."""
    if message.channel is MessageChannel.NONE:
        return _("cannot be reached")
    if message.channel is MessageChannel.PHONE and message.state in _BY_GATEWAY:
        return {
            MessageState.QUEUED: _("message waits to be sent"),
            MessageState.SENDING: _("message is being sent"),
            MessageState.SENT: _("told by telephone message"),
            MessageState.FAILED: _("message failed"),
        }[message.state]
    return {
        MessageState.QUEUED: _("e-mail waits to be sent"),
        MessageState.SENDING: _("e-mail is being sent"),
        MessageState.SENT: _("told by e-mail"),
        MessageState.BY_HAND: _("to be told by hand"),
        MessageState.DONE: _("told by staff"),
        MessageState.FAILED: _("e-mail failed"),
    }[message.state]


_BY_GATEWAY = frozenset(
    {MessageState.QUEUED, MessageState.SENDING, MessageState.SENT, MessageState.FAILED}
)


def message_badge(message: Message) -> str:
    """Which look that has."""
    if message.channel is MessageChannel.NONE:
        return "late"
    return {
        MessageState.SENT: "ok",
        MessageState.DONE: "ok",
        MessageState.BY_HAND: "warn",
        MessageState.FAILED: "late",
    }.get(message.state, "info")


def message_kind_words(kind: MessageKind) -> str:
    """What a kind of message is called."""
    return {
        MessageKind.CONFIRMATION: _("Confirmation of a booking"),
        MessageKind.CHANGED: _("New time"),
        MessageKind.WITHDRAWN: _("Visit cancelled by the visitor"),
        MessageKind.REMINDER: _("Reminder"),
        MessageKind.STRANDED: _("Time withdrawn"),
        MessageKind.MOVED: _("Moved by the office"),
        MessageKind.CANCELLED: _("Cancelled by the office"),
        MessageKind.VOIDED: _("Void: another person’s card was shown"),
        MessageKind.AHEAD: _("Your turn is near"),
        MessageKind.COME_IN: _("Come in now"),
        MessageKind.CALL: _("Call to a counter"),
        MessageKind.OFFER: _("Offer from the waitlist"),
        MessageKind.ATTEMPTED: _("Somebody tried to book again"),
        MessageKind.LOCKED: _("Changes locked"),
        MessageKind.LOST_CODE: _("Lost code"),
        MessageKind.PROVE: _("Question about an address or number"),
    }[kind]


def channel_way_words(channel: MessageChannel) -> str:
    """By which way a message goes."""
    return _("e-mail") if channel is MessageChannel.EMAIL else _("telephone")


def failure_words(error: str) -> str:
    """Why a message was not sent, for those who cannot read codes."""
    if error.startswith("refused_"):
        return _("was refused: perhaps the address or number is wrong")
    return {
        "daily_limit": _("the day's number of messages was used up"),
        "undelivered": _("was sent, but did not arrive"),
        "no_gateway": _("no gateway for messages is set up"),
        "no_mail_server": _("no mail server is set up"),
    }.get(error) or _("could not be sent: the service was out of order")
