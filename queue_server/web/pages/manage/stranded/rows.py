"""Bookings without a time, and visitors to be told by hand, as the page shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from queue_server.domain.booking.slots import slot_id
from queue_server.domain.messages.message import Message, MessageChannel, MessageState
from queue_server.domain.office.office import Office
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Channel
from queue_server.services.booking.stranded import Move
from queue_server.services.reception.call_list import Call
from queue_server.services.shown import service_of
from queue_server.store.messages import by_hand
from queue_server.store.messages.wording import OwnWords
from queue_server.web.edge.context import context
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.messages.letters import write_letter
from queue_server.web.edge.words.messages.told import (
    channel_way_words,
    failure_words,
    message_badge,
    message_kind_words,
    message_words,
)

_TOLD = frozenset({MessageState.SENT, MessageState.DONE})


@dataclass(frozen=True)
class StrandedRow:
    """A booking without a time, and where it could go."""

    ticket: str
    lost: datetime | None
    service: Any
    name: str
    party_size: int
    urgent: bool
    told: str
    told_badge: str
    slot: str | None
    slot_at: datetime | None
    ticked: bool


@dataclass(frozen=True)
class CallRow:
    """Somebody to be told by hand, and what to tell them."""

    message: str
    kind: str
    name: str
    phone: str | None
    email: str | None
    failed: bool
    language: str
    subject: str
    words: str


@dataclass(frozen=True)
class UnsentRow:
    """Messages of a kind that were not sent lately, and why."""

    kind: str
    way: str
    reason: str
    number: int
    last_at: datetime


def knows(message: Message) -> bool:
    """Whether the visitor knows what a message says; who cannot be reached does not."""
    return message.channel is not MessageChannel.NONE and message.state in _TOLD


def show_move(
    office: Office,
    proposal: Move,
    visitor: Visitor | None,
    message: Message | None,
    *,
    ticked: bool,
) -> StrandedRow:
    """A booking and how far telling its visitor has come."""
    ticket = proposal.ticket
    words, badge = (
        (message_words(message), message_badge(message)) if message else (_("not told yet"), "busy")
    )
    return StrandedRow(
        ticket.id,
        ticket.slot,
        service_of(office, ticket.service).name,
        visitor.name if visitor else "",
        ticket.party_size,
        ticket.channel is Channel.URGENT,
        words,
        badge,
        slot_id(proposal.slot) if proposal.slot else None,
        proposal.slot,
        ticked,
    )


def show_call(office: Office, call: Call, own: Mapping[str, OwnWords]) -> CallRow:
    """A visitor to be told, with the words of the message that is owed."""
    message, visitor = call.message, call.visitor
    letter = write_letter(message.kind, office, call.ticket, context().settings.public_url, own=own)
    return CallRow(
        message.id,
        message_words(message),
        visitor.name if visitor else "",
        visitor.phone if visitor else None,
        visitor.email if visitor else None,
        message.state is MessageState.FAILED,
        call.ticket.language,
        letter.subject,
        letter.body,
    )


def show_unsent(unsent: by_hand.Unsent) -> UnsentRow:
    """Messages that were given up, in words."""
    return UnsentRow(
        message_kind_words(unsent.kind),
        channel_way_words(unsent.channel),
        failure_words(unsent.error),
        unsent.number,
        unsent.last_at,
    )
