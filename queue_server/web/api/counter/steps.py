"""What the staff do with one visitor, from the call to the end of the visit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from flask import Response

from queue_server.domain import errors
from queue_server.domain.errors import BadInput
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services.counter import calling, serving, undoing
from queue_server.services.door import admission, arrival
from queue_server.services.reception import reception
from queue_server.services.screens.queued import QueuedTicket, view_queued
from queue_server.store.counter import counters as counter_store
from queue_server.store.writer.transaction import Transaction
from queue_server.web.api.operations import operation
from queue_server.web.api.performing import perform
from queue_server.web.api.references import find_own
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import AT_DOOR, STAFF, SUPERVISORS
from queue_server.web.edge.bodies.base import Nothing
from queue_server.web.edge.bodies.counter import CallBody, TransferBody
from queue_server.web.edge.bodies.door import AdmitBody, LeaveBody
from queue_server.web.edge.context import day_of, now

AT_COUNTER = (
    errors.UnknownTicket,
    errors.UnknownCode,
    errors.WrongState,
    errors.NotYourTicket,
    errors.Changed,
)


@operation(
    "POST",
    "/tickets/{id}/call",
    access=STAFF,
    tag="staff",
    body=CallBody,
    answers={200: QueuedTicket},
    once=True,
    refusals=[
        *AT_COUNTER,
        errors.CounterTaken,
        errors.CounterBusy,
        errors.RoomFull,
        errors.AdmissionsStopped,
        errors.UnknownCounter,
        errors.Paused,
        errors.WrongDay,
        errors.NotForThisCounter,
        errors.BadInput,
    ],
)
def call_ticket(id: str, body: CallBody) -> Response:
    """Call one visitor. Who is not next at this counter is called only with a reason."""
    ticket, who = find_own(id)
    moment = now()

    def command(tx: Transaction) -> Ticket:
        counter = body.counter or _own_counter(tx, ticket, who)
        is_waiting = ticket.state is State.WAITING
        if (
            is_waiting
            and body.reason is None
            and not calling.is_next(tx, ticket.office, ticket.id, counter, who.id, moment)
        ):
            raise BadInput(field="reason", reason="missing")
        return calling.call(
            tx, ticket.office, ticket.id, counter, who.id, moment, body.reason or ""
        )

    return _perform(ticket, command, moment)


def _step(
    name: str, summary: str, step: Callable[..., Ticket], *more: type[errors.DomainError]
) -> None:
    """Declare one of the plain steps a clerk takes with a ticket."""

    def view(id: str, body: Nothing) -> Response:
        ticket, who = find_own(id)
        moment = now()
        return _perform(
            ticket, lambda tx: step(tx, ticket.office, ticket.id, who.id, moment), moment
        )

    view.__name__ = f"{name.replace('-', '_')}_ticket"
    view.__doc__ = summary
    operation(
        "POST",
        f"/tickets/{{id}}/{name}",
        access=STAFF,
        tag="staff",
        body=Nothing,
        answers={200: QueuedTicket},
        once=True,
        refusals=[*AT_COUNTER, *more],
    )(view)


_step(
    "recall",
    "Call the same visitor again.",
    serving.recall,
    errors.RecallsUsedUp,
    errors.TooEarly,
    errors.Paused,
)
_step("start", "Note that the visitor stands at the counter.", serving.start, errors.Paused)
_step("finish", "Note that the visitor is served.", serving.finish)
_step("no-show", "Note that the called visitor did not come.", serving.no_show, errors.Paused)
_step("park", "Set the visitor aside.", serving.park)
_step("resume", "Put a parked visitor back into the queue.", serving.resume, errors.Paused)


@operation(
    "POST",
    "/tickets/{id}/undo",
    access=AT_DOOR,
    tag="staff",
    body=Nothing,
    answers={200: QueuedTicket},
    once=True,
    refusals=[*AT_COUNTER, errors.NothingToUndo, errors.CounterClosed, errors.Paused],
)
def undo_ticket(id: str, body: Nothing) -> Response:
    """Take back one's last action on a ticket; who supervises the office takes back anybody's
    voiding of a booking.
    """
    ticket, who = find_own(id)
    moment, oversees = now(), who.role in SUPERVISORS
    return _perform(
        ticket,
        lambda tx: undoing.undo(tx, ticket.office, ticket.id, who.id, moment, oversees=oversees),
        moment,
    )


@operation(
    "POST",
    "/tickets/{id}/leave",
    access=AT_DOOR,
    tag="staff",
    body=LeaveBody,
    answers={200: QueuedTicket},
    once=True,
    refusals=[*AT_COUNTER, errors.Paused],
)
def leave_ticket(id: str, body: LeaveBody) -> Response:
    """Note that a party who waits or is on hold, or a part of one that waits, went away; in an
    evacuation it keeps its place in the queue.

    In an evacuation a whole party that is inside, also at a counter, goes outside and keeps its
    place in the queue: `status` is then `WAITING`, `place` `OUTSIDE`. A part of a party is refused
    with `paused`, a party that is outside already with `wrong_state`.
    """
    ticket, who = find_own(id)
    moment = now()
    return _perform(
        ticket,
        lambda tx: reception.leave(tx, ticket.office, ticket.id, who.id, moment, body.persons),
        moment,
    )


@operation(
    "POST",
    "/tickets/{id}/admit",
    access=AT_DOOR,
    tag="staff",
    body=AdmitBody,
    answers={200: QueuedTicket},
    once=True,
    refusals=[
        *AT_COUNTER,
        errors.RoomFull,
        errors.AdmissionsStopped,
        errors.Paused,
        errors.RemoteVisit,
        errors.BadInput,
    ],
)
def admit_ticket(id: str, body: AdmitBody) -> Response:
    """Let a waiting visitor inside. Who is not next at the door comes in only with a reason."""
    ticket, who = find_own(id)
    moment = now()
    return _perform(
        ticket,
        lambda tx: admission.admit(tx, ticket.office, ticket.id, who.id, moment, body.reason or ""),
        moment,
    )


@operation(
    "POST",
    "/tickets/{id}/return",
    access=STAFF,
    tag="staff",
    body=Nothing,
    answers={200: QueuedTicket},
    once=True,
    refusals=[*AT_COUNTER, errors.TooLate, errors.WrongDay, errors.Paused],
)
def return_ticket(id: str, body: Nothing) -> Response:
    """Take a missed visitor back into the queue."""
    ticket, who = find_own(id)
    moment = now()
    return _perform(
        ticket, lambda tx: arrival.return_late(tx, ticket.id, who.id, moment).ticket, moment
    )


@operation(
    "POST",
    "/tickets/{id}/transfer",
    access=STAFF,
    tag="staff",
    body=TransferBody,
    answers={200: QueuedTicket},
    once=True,
    refusals=[
        *AT_COUNTER,
        errors.UnknownStream,
        errors.UnknownService,
        errors.UnknownCounter,
        errors.CounterClosed,
        errors.ClerkAway,
        errors.BadInput,
        errors.Paused,
    ],
)
def transfer_ticket(id: str, body: TransferBody) -> Response:
    """Send the visitor on to another stream, or to one counter or clerk; number and place are
    kept.
    """
    ticket, who = find_own(id)
    moment = now()
    step = partial(
        serving.transfer,
        letter=body.stream,
        service=body.service,
        counter=body.counter,
        to_clerk=body.clerk,
    )
    return _perform(ticket, lambda tx: step(tx, ticket.office, ticket.id, who.id, moment), moment)


def _own_counter(tx: Transaction, ticket: Ticket, who: Principal) -> str:
    mine = counter_store.counters_of(tx, ticket.office, ticket.date, who.id)
    if len(mine) != 1:
        raise BadInput(field="counter", reason="missing")
    return mine[0]


def _perform(
    ticket: Ticket, command: Callable[[Transaction], Ticket], moment: datetime
) -> Response:
    return perform(
        [day_of(ticket)], lambda tx: view_queued(tx.office(ticket.office), command(tx), moment)
    )
