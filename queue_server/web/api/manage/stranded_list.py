"""The bookings that lost their time by a change, and where each could go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queue_server.domain import errors
from queue_server.domain.booking.slots import parse_slot_id, slot_id
from queue_server.domain.messages.message import Message, MessageChannel
from queue_server.domain.visit.ticket import Channel
from queue_server.services.booking.stranded import Move, propose_moves
from queue_server.store.booking.stranded import SoughtBookings
from queue_server.store.messages import messages as message_store
from queue_server.web.api.operations import operation
from queue_server.web.api.paging import cut_page
from queue_server.web.edge.access.principals import admit_office
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.bodies.bulk import StrandedQuery
from queue_server.web.edge.context import context, find_office, now

from .dry_run import local_or_none


@dataclass(frozen=True)
class StrandedView:
    """A booking without a time. `state` is how far telling its holder has come, `slot` the nearest
    time free for it.
    """

    ticket: str
    code: str
    starts_at: str | None
    service: str
    party_size: int
    urgent: bool
    told_by: str
    state: str | None
    slot: str | None
    slot_starts_at: str | None


@dataclass(frozen=True)
class StrandedList:
    """Bookings without a time, by the time they lost. `next` is the cursor of a further page."""

    stranded: tuple[StrandedView, ...]
    next: str | None = None


@operation(
    "GET",
    "/offices/{office}/stranded",
    access=MANAGERS,
    tag="staff",
    query=StrandedQuery,
    answers={200: StrandedList},
    refusals=[errors.UnknownOffice, errors.BadInput],
)
def list_stranded(office: str, query: StrandedQuery) -> StrandedList:
    """List the bookings whose time was withdrawn, all or those of a service or day, with the
    nearest time free for each; no place is proposed twice on one page.
    """
    admit_office(office)
    the_office, moment = find_office(office), now()
    after = _read_place(query.cursor) if query.cursor else None
    urgent = None if query.urgent is None else query.urgent == "yes"
    sought = SoughtBookings(query.service, query.date, urgent)
    with context().database.read() as connection:
        proposals = propose_moves(connection, the_office, moment, after=after, sought=sought)
        moves, further = cut_page(proposals, _place_in_order, query)
        told = message_store.list_newest(
            connection, the_office.code, [each.ticket.id for each in moves]
        )
    return StrandedList(
        tuple(
            StrandedView(
                each.ticket.id,
                each.ticket.code,
                local_or_none(the_office, each.ticket.slot),
                each.ticket.service,
                each.ticket.party_size,
                each.ticket.channel is Channel.URGENT,
                *_told(told.get(each.ticket.id)),
                slot_id(each.slot) if each.slot else None,
                local_or_none(the_office, each.slot),
            )
            for each in moves
        ),
        further,
    )


def _place_in_order(each: Move) -> str:
    return f"{slot_id(each.ticket.slot or each.ticket.created_at)}.{each.ticket.id}"


def _read_place(cursor: str) -> tuple[datetime, str]:
    slot, _, ticket = cursor.partition(".")
    try:
        return parse_slot_id(slot), ticket
    except errors.BadInput:
        raise errors.BadInput(field="cursor", reason="format") from None


def _told(message: Message | None) -> tuple[str, str | None]:
    return (
        (MessageChannel.NONE.value, None)
        if message is None
        else (message.channel.value, message.state.value)
    )
