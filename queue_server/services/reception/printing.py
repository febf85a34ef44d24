"""Slips that the reception has printed: ordered here, fetched by the office's printer, which tells
what became of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from queue_server.domain.errors import NoPrinter, UnknownTicket, WrongState
from queue_server.domain.events import Event, EventType
from queue_server.domain.office.devices.health import choose_printer
from queue_server.domain.office.devices.orders import OrderKind
from queue_server.domain.office.devices.slip_orders import (
    FETCHED_WITHIN,
    OrderState,
    SlipOutcome,
    is_news,
    judge_order,
)
from queue_server.domain.office.office import Office
from queue_server.domain.visit import reception_steps
from queue_server.protocol.messages import Slip, job_of
from queue_server.services.access import device_orders
from queue_server.services.screens.slips import view_ordered_slip
from queue_server.services.shown import local_time
from queue_server.store.access import devices as device_store
from queue_server.store.visit import events as event_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.reader import Reader
from queue_server.store.writer.transaction import Transaction

ORDERS_MAX = 50
"""How many of the newest orders are looked at; no printer takes more in that time."""


@dataclass(frozen=True)
class SlipOrder:
    """The newest order for a visit's slip. `state` is an `OrderState`; `copy` 0 says that it is no
    copy. It stands until `until`: until then the printer may still fetch it.
    """

    printer: str
    copy: int
    ordered_at: str
    until: str
    state: str


def order_slip(
    tx: Transaction, office: str, ticket: str, by: str, now: datetime, wanted: str | None = None
) -> SlipOrder:
    """Have the slip of a visit printed by the office's printer, or by the one that is `wanted`: of
    a booking its confirmation. While an order stands of which the printer has said nothing, a
    further one changes nothing: a slip pressed for twice comes out once.

    The order stands in today's log; declare that day. A second paper of a visit says that it is a
    copy. Raises `UnknownTicket`, `WrongState` for a visit that is over, `NoPrinter`.
    """
    visit = ticket_store.find(tx, ticket, office)
    reception_steps.admit_copy(visit)
    settings = tx.office(office)
    standing = find_order(tx, settings, ticket, now)
    if standing is not None and standing.state == OrderState.ORDERED:
        return standing
    printers = [
        (each.id, each.seen_at, each.health) for each in device_store.list_printers(tx, office)
    ]
    printer = choose_printer(printers, now, settings.rules, wanted)
    if printer is None:
        raise NoPrinter(office=office)
    earlier = event_store.list_of_tickets(
        tx, office, [ticket], [EventType.SLIP_ORDERED, EventType.SLIP_COPIED]
    )
    facts = {
        "number": visit.number,
        "by": by,
        "printer": printer,
        "copy": reception_steps.count_papers(visit, len(earlier)),
    }
    ordered = Event(EventType.SLIP_ORDERED, office, settings.date_at(now), now, ticket, facts)
    tx.record(ordered)
    return _view(settings, ordered, None, now)


def find_order(reader: Reader, office: Office, ticket: str, now: datetime) -> SlipOrder | None:
    """The newest order for a visit's slip, and what became of it; None if there was none."""
    told = event_store.list_of_tickets(
        reader, office.code, [ticket], [EventType.SLIP_ORDERED, EventType.SLIP_REPORTED]
    )
    orders = [each for each in told if each.type is EventType.SLIP_ORDERED]
    if not orders:
        return None
    return _view(office, orders[-1], _outcome(told, int(orders[-1].facts["copy"])), now)


def note_outcome(
    tx: Transaction,
    office: str,
    printer: str,
    ticket: str,
    copy: int,
    outcome: SlipOutcome,
    now: datetime,
) -> None:
    """Note what a printer tells of a slip that it was ordered to print. The same again changes
    nothing. Must declare today. Raises `UnknownTicket` where it was not ordered to.
    """
    told = event_store.list_of_tickets(
        tx, office, [ticket], [EventType.SLIP_ORDERED, EventType.SLIP_REPORTED]
    )
    order = _find(told, EventType.SLIP_ORDERED, copy)
    if order is None or order.facts.get("printer") != printer:
        raise UnknownTicket(ticket=ticket)
    if not is_news(_outcome(told, copy), outcome):
        return
    facts = {
        "number": order.facts.get("number"),
        "printer": printer,
        "copy": copy,
        "outcome": outcome.value,
    }
    today = tx.office(office).date_at(now)
    tx.record(Event(EventType.SLIP_REPORTED, office, today, now, ticket, facts))


def answer_for_slip(
    tx: Transaction, office: str, ticket: str, came_out: bool, by: str, now: datetime
) -> SlipOrder:
    """Have the printer told by the staff whether a slip came out of which it does not know. It is
    told with its next heartbeat, and says then what has become of the slip.

    Must declare today. Raises `WrongState` for a slip that is in no question, `UnknownDevice`,
    `NoPrinter`, `Changed` where the printer asks about another slip by now.
    """
    order = find_order(tx, tx.office(office), ticket, now)
    if order is None or order.state != OrderState.UNCONFIRMED:
        state = "none" if order is None else order.state
        raise WrongState(action="answer", state=state, allowed=[OrderState.UNCONFIRMED.value])
    kind = OrderKind.CAME_OUT if came_out else OrderKind.NOT_OUT
    job = job_of(ticket, order.copy)
    device_orders.order_device(tx, office, order.printer, kind, job, by, now)
    return order


def _find(told: Sequence[Event], type: EventType, copy: int) -> Event | None:
    """The newest event of a type about one copy."""
    mine = (each for each in reversed(told) if each.type is type and each.facts["copy"] == copy)
    return next(mine, None)


def _outcome(told: Sequence[Event], copy: int) -> SlipOutcome | None:
    report = _find(told, EventType.SLIP_REPORTED, copy)
    return None if report is None else SlipOutcome(report.facts["outcome"])


def _view(office: Office, order: Event, told: SlipOutcome | None, now: datetime) -> SlipOrder:
    return SlipOrder(
        str(order.facts["printer"]),
        int(order.facts["copy"]),
        local_time(office, order.at),
        local_time(office, order.at + FETCHED_WITHIN),
        judge_order(order.at, told, now).value,
    )


def list_ordered(
    connection: Connection, office: Office, printer: str, public_url: str, now: datetime
) -> tuple[Slip, ...]:
    """The slips that a printer has to print, oldest order first. The same order is listed until it
    lapses: the printer knows by id and copy what it has taken.
    """
    since = now - FETCHED_WITHIN
    recorded = event_store.list_of_types(
        connection, office.code, office.date_at(now), [EventType.SLIP_ORDERED], ORDERS_MAX
    )
    orders = [
        each.event
        for each in reversed(recorded)
        if each.event.facts.get("printer") == printer and each.event.at > since
    ]
    return tuple(
        view_ordered_slip(
            connection,
            office,
            ticket_store.find(connection, str(each.ticket), office.code),
            int(each.facts["copy"]),
            public_url,
        )
        for each in orders
    )
