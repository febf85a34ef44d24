"""What the staff do: the queue, counters, calls and the door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import Response

from queue_server.domain import errors
from queue_server.domain.errors import BadInput
from queue_server.domain.office.office import Counter
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services.access.sessions import Role
from queue_server.services.counter import calling, serving, staffing, undoing
from queue_server.services.door import admission, arrival
from queue_server.services.reception import reception
from queue_server.services.screens import queue as boards
from queue_server.services.screens.queue import Queue
from queue_server.services.screens.queued import QueuedTicket, view_queued
from queue_server.store.counter import counters as counter_store
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.auth import AT_DOOR, STAFF, Principal, admit_office, current
from queue_server.web.edge.context import context, day_of, find_office, now, today_at

from .bodies import AdmitBody, BreakBody, CallBody, LeaveBody, Nothing, ReasonBody, TransferBody
from .operations import operation, perform
from .references import find_own, office_of

AT_COUNTER = (
    errors.UnknownTicket,
    errors.UnknownCode,
    errors.WrongState,
    errors.NotYourTicket,
    errors.Changed,
)


@dataclass(frozen=True)
class CounterView:
    """A counter after it was opened, left for a break or closed: `state` is `open`, `break` or
    `closed`.
    """

    counter: str
    name: str
    streams: tuple[str, ...]
    open: bool
    clerk: str | None
    state: str


@operation(
    "GET",
    "/offices/{office}/queue",
    access=STAFF,
    tag="staff",
    answers={200: Queue},
    refusals=[errors.UnknownOffice],
)
def show_queue(office: str) -> Queue:
    """Show who waits, is called, served or parked, with turn times and why."""
    admit_office(office)
    found = find_office(office)
    with context().database.read() as connection:
        return boards.view_queue(connection, found, now(), context().build, context().live.shown)


@operation(
    "POST",
    "/counters/{counter}/open",
    access=STAFF,
    tag="staff",
    body=Nothing,
    answers={200: CounterView},
    once=True,
    refusals=[errors.UnknownCounter, errors.CounterTaken, errors.Paused],
)
def open_counter(counter: str, body: Nothing) -> Response:
    """Open a counter for oneself."""
    office, who, moment = office_of(counter), current(), now()
    return perform(
        [today_at(find_office(office))],
        lambda tx: _view_counter(
            staffing.open_counter(tx, office, counter, who.id, moment), "open", who.id
        ),
    )


@operation(
    "POST",
    "/counters/{counter}/close",
    access=STAFF,
    tag="staff",
    body=ReasonBody,
    answers={200: CounterView},
    once=True,
    refusals=[errors.UnknownCounter, errors.CounterTaken, errors.CounterBusy],
)
def close_counter(counter: str, body: ReasonBody) -> Response:
    """Close one's counter, with the reason if there is one to tell."""
    office, who, moment = office_of(counter), current(), now()
    return perform(
        [today_at(find_office(office))],
        lambda tx: _view_counter(
            staffing.close_counter(tx, office, counter, who.id, moment, body.reason), "closed", None
        ),
    )


@operation(
    "POST",
    "/counters/{counter}/break",
    access=STAFF,
    tag="staff",
    body=BreakBody,
    answers={200: CounterView},
    once=True,
    refusals=[errors.UnknownCounter, errors.CounterTaken, errors.CounterClosed, errors.CounterBusy],
)
def break_counter(counter: str, body: BreakBody) -> Response:
    """Leave one's counter for a while, for one of the known reasons; opening it again ends the
    break.
    """
    office, who, moment = office_of(counter), current(), now()
    return perform(
        [today_at(find_office(office))],
        lambda tx: _view_counter(
            staffing.take_break(tx, office, counter, who.id, body.reason, moment), "break", who.id
        ),
    )


@operation(
    "POST",
    "/counters/{counter}/call-next",
    access=STAFF,
    tag="staff",
    body=Nothing,
    answers={200: QueuedTicket, 204: None},
    once=True,
    refusals=[errors.UnknownCounter, errors.CounterTaken, errors.CounterBusy, errors.Paused],
)
def call_next(counter: str, body: Nothing) -> Response:
    """Call the visitor whose turn it is; 204 when nobody waits."""
    office, who, moment = office_of(counter), current(), now()

    def command(tx: Transaction) -> QueuedTicket | None:
        called = calling.call_next(tx, office, counter, who.id, moment)
        return None if called is None else view_queued(tx.office(office), called, moment)

    return perform([today_at(find_office(office))], command)


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
    name: str,
    summary: str,
    step: Callable[..., Ticket],
    *more: type[errors.DomainError],
    access: frozenset[Role] = STAFF,
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
        access=access,
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
_step(
    "undo",
    "Take back one's last action on a ticket.",
    undoing.undo,
    errors.NothingToUndo,
    errors.CounterClosed,
    errors.Paused,
    access=AT_DOOR,
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


def _view_counter(counter: Counter, state: str, clerk: str | None) -> CounterView:
    return CounterView(counter.id, counter.name, counter.letters, state == "open", clerk, state)
