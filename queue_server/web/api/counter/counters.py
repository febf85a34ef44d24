"""The queue, and what a clerk does with a counter: open it, leave it, call the next visitor."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response

from queue_server.domain import errors
from queue_server.domain.office.office import Counter
from queue_server.services.counter import calling, finishing, staffing
from queue_server.services.screens import queue as boards
from queue_server.services.screens.queue import Queue
from queue_server.services.screens.queued import QueuedTicket, view_queued
from queue_server.store.writer.transaction import Transaction
from queue_server.web.api.operations import operation
from queue_server.web.api.performing import perform
from queue_server.web.api.references import office_of
from queue_server.web.edge.access.principals import admit_office, current
from queue_server.web.edge.access.routes import STAFF
from queue_server.web.edge.bodies.base import Nothing
from queue_server.web.edge.bodies.counter import BreakBody, FinishNextBody, ReasonBody
from queue_server.web.edge.context import context, find_office, now, today_at


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


@dataclass(frozen=True)
class FinishedNextView:
    """The visit that was finished, and who was called after it. Where nobody was, `because` says
    why: `nobody` waits whom the counter may call, they wait outside for `room` or at the stopped
    door (`door_stopped`), everything is `paused`, or the counter is `on_break`.
    """

    finished: QueuedTicket
    called: QueuedTicket | None
    because: str | None


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
    the_office = find_office(office)
    with context().database.read() as connection:
        return boards.view_queue(
            connection, the_office, now(), context().build, context().live.shown
        )


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
    "/counters/{counter}/finish-next",
    access=STAFF,
    tag="staff",
    body=FinishNextBody,
    answers={200: FinishedNextView},
    once=True,
    refusals=[
        errors.UnknownCounter,
        errors.UnknownTicket,
        errors.CounterTaken,
        errors.WrongState,
        errors.NotYourTicket,
        errors.Changed,
    ],
)
def finish_next(counter: str, body: FinishNextBody) -> Response:
    """Finish the visit at a counter and call the visitor whose turn it is. The finish holds where
    nobody can be called; each of the two is taken back by itself, the call first.
    """
    office, who, moment = office_of(counter), current(), now()

    def command(tx: Transaction) -> FinishedNextView:
        done = finishing.finish_next(tx, office, counter, who.id, moment, body.ticket)
        settings = tx.office(office)
        called = None if done.called is None else view_queued(settings, done.called, moment)
        because = None if done.because is None else done.because.value
        return FinishedNextView(view_queued(settings, done.finished, moment), called, because)

    return perform([today_at(find_office(office))], command)


def _view_counter(counter: Counter, state: str, clerk: str | None) -> CounterView:
    return CounterView(counter.id, counter.name, counter.letters, state == "open", clerk, state)
