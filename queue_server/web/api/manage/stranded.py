"""Seeing to many bookings whose time was withdrawn at once: moving them, or cancelling them, each
with a message to its holder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from queue_server.domain import errors
from queue_server.domain.booking.slots import parse_slot_id
from queue_server.domain.errors import DomainError, UnknownTicket
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking import stranded as stranded_bookings
from queue_server.services.bulk import Outcome, Step, try_out
from queue_server.store.booking.stranded import list_tickets
from queue_server.store.writer.transaction import Transaction
from queue_server.web.api.operations import operation
from queue_server.web.api.performing import perform_each, read_key
from queue_server.web.edge.access.principals import admit_office
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.bodies.bulk import CancelStrandedBody, MoveStrandedBody
from queue_server.web.edge.context import context, find_office, now


@dataclass(frozen=True)
class BulkItem:
    """What became of one booking: `done`, or `reason`, the code of the refusal; `not_stranded`:
    somebody has seen to it already.
    """

    ticket: str
    done: bool
    reason: str | None = None


@dataclass(frozen=True)
class BulkView:
    """What became of many bookings, in the order in which they were given. After a dry run nothing
    was changed.
    """

    office: str
    dry_run: bool
    done: int
    left: int
    bookings: tuple[BulkItem, ...]


@operation(
    "POST",
    "/offices/{office}/stranded/move",
    access=MANAGERS,
    tag="staff",
    body=MoveStrandedBody,
    answers={200: BulkView},
    once=True,
    refusals=[errors.UnknownOffice, errors.BadInput],
)
def move_stranded(office: str, body: MoveStrandedBody) -> BulkView:
    """Move bookings without a time to the times given, and tell their holders; one whose time is
    taken stays as it is.
    """
    who, the_office, moment = admit_office(office), find_office(office), now()
    known = find_known(office, [each.ticket for each in body.bookings])
    slots = {each.ticket: parse_slot_id(each.slot) for each in body.bookings}

    def plan(ticket: Ticket) -> Step:
        return stranded_bookings.plan_move(the_office, ticket, slots[ticket.id], who.id, moment)

    return see_to(office, plan_each(slots, known, plan), dry_run=body.dry_run)


@operation(
    "POST",
    "/offices/{office}/stranded/cancel",
    access=MANAGERS,
    tag="staff",
    body=CancelStrandedBody,
    answers={200: BulkView},
    once=True,
    refusals=[errors.UnknownOffice, errors.BadInput],
)
def cancel_stranded(office: str, body: CancelStrandedBody) -> BulkView:
    """Cancel bookings without a time, and tell their holders."""
    who, the_office, moment = admit_office(office), find_office(office), now()
    known = find_known(office, body.tickets)

    def plan(ticket: Ticket) -> Step:
        return stranded_bookings.plan_cancel(the_office, ticket, who.id, moment)

    return see_to(office, plan_each(body.tickets, known, plan), dry_run=body.dry_run)


def find_known(office: str, tickets: Sequence[str]) -> Mapping[str, Ticket]:
    """The tickets of an office among those named, by id."""
    with context().database.read() as connection:
        return list_tickets(connection, office, tickets)


def plan_each(
    tickets: Iterable[str], known: Mapping[str, Ticket], plan: Callable[[Ticket], Step]
) -> list[Step]:
    """The step of each ticket; that of one which the office does not know is refused."""
    return [
        plan(known[each]) if each in known else Step(each, (), _refuse_unknown) for each in tickets
    ]


def _refuse_unknown(tx: Transaction) -> bool:
    raise UnknownTicket()


def see_to(
    office: str, steps: Sequence[Step], *, dry_run: bool, otherwise: str = "not_stranded"
) -> BulkView:
    """Take steps one after the other, or try them out; `otherwise` is the reason of one that found
    nothing to do.
    """
    if dry_run:
        read_key()  # one that cannot be is refused here as well
        outcomes = try_out(context().database, steps)
    else:
        outcomes = perform_each(steps)
    items = tuple(
        _item(step.name, each, otherwise) for step, each in zip(steps, outcomes, strict=True)
    )
    done = sum(each.done for each in items)
    return BulkView(office, dry_run, done, len(items) - done, items)


def _item(ticket: str, outcome: Outcome, otherwise: str) -> BulkItem:
    if isinstance(outcome, DomainError):
        return BulkItem(ticket, False, outcome.code)
    return BulkItem(ticket, outcome, None if outcome else otherwise)
