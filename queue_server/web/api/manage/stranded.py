"""Seeing to many bookings whose time was withdrawn at once: moving them, or cancelling them, each
with a message to its holder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from queue_server.domain import errors
from queue_server.domain.booking.slots import parse_slot_id
from queue_server.domain.errors import DomainError, UnknownTicket
from queue_server.domain.office.office import Office
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking import stranded as desk
from queue_server.services.idempotency import Answer
from queue_server.services.places.ticket_ids import draw_chance
from queue_server.store.booking.stranded import list_tickets
from queue_server.store.writer.transaction import DayKey, Transaction
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


@dataclass(frozen=True)
class BulkStep:
    """One booking's step, and the office-days it needs."""

    ticket: str
    days: tuple[DayKey, ...]
    take: Callable[[Transaction], bool]

    def answer(self, tx: Transaction) -> Answer:
        return {"done": self.take(tx)}


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
    steps = []
    for each in body.bookings:
        slot = parse_slot_id(each.slot)
        take = partial(
            desk.move,
            office=office,
            ticket=each.ticket,
            slot=slot,
            by=who.id,
            chance=draw_chance(),
            now=moment,
        )
        steps.append(
            step_for(the_office, known, each.ticket, take, (office, the_office.date_at(slot)))
        )
    return see_to(office, steps, dry_run=body.dry_run)


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
    steps = [
        step_for(
            the_office,
            known,
            each,
            partial(
                desk.cancel, office=office, ticket=each, by=who.id, chance=draw_chance(), now=moment
            ),
        )
        for each in body.tickets
    ]
    return see_to(office, steps, dry_run=body.dry_run)


def find_known(office: str, tickets: Sequence[str]) -> Mapping[str, Ticket]:
    """The tickets of an office among those named, by id."""
    with context().database.read() as connection:
        return list_tickets(connection, office, tickets)


def step_for(
    office: Office,
    known: Mapping[str, Ticket],
    ticket: str,
    take: Callable[[Transaction], bool],
    *more: DayKey,
) -> BulkStep:
    """A booking's step under the lock of its day and of `more`."""
    if ticket not in known:
        return BulkStep(ticket, (), _refuse_unknown)
    return BulkStep(ticket, tuple({(office.code, known[ticket].date), *more}), take)


def _refuse_unknown(tx: Transaction) -> bool:
    raise UnknownTicket()


def see_to(
    office: str, steps: Sequence[BulkStep], *, dry_run: bool, otherwise: str = "not_stranded"
) -> BulkView:
    """Take steps one after the other, or try them out; `otherwise` is the reason of one that found
    nothing to do.
    """
    outcomes: Sequence[bool | Answer | DomainError]
    if dry_run:
        read_key()  # one that cannot be is refused here as well
        outcomes = desk.try_out(
            context().database,
            {day for step in steps for day in step.days},
            [step.take for step in steps],
        )
    else:
        outcomes = perform_each((step.ticket, step.days, step.answer) for step in steps)
    items = tuple(
        _item(step.ticket, each, otherwise) for step, each in zip(steps, outcomes, strict=True)
    )
    done = sum(each.done for each in items)
    return BulkView(office, dry_run, done, len(items) - done, items)


def _item(ticket: str, outcome: bool | Answer | DomainError, otherwise: str) -> BulkItem:
    if isinstance(outcome, DomainError):
        return BulkItem(ticket, False, outcome.code)
    done = outcome if isinstance(outcome, bool) else bool(outcome["done"])
    return BulkItem(ticket, done, None if done else otherwise)
