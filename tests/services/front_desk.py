"""A small front desk in a real database, worked with plain calls: who comes, who calls, what the
log says of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.counter.call_log import Explained
from queue_server.domain.counter.reasons import Reason
from queue_server.domain.errors import DomainError
from queue_server.domain.office.office import Office
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking import booking
from queue_server.services.counter import call_log, calling, serving, staffing
from queue_server.services.door import arrival
from queue_server.services.places.ticket_ids import draw
from queue_server.services.screens import queue
from queue_server.store.counter import counters as counter_store
from queue_server.store.counter import let_in, line
from queue_server.store.writer import days
from queue_server.store.writer.database import Database
from tests.fixtures.rules import vary_rules
from tests.services import stage

T = TypeVar("T")
CLERKS = {"1": "ani", "2": "budi", "3": "citra"}


@dataclass
class FrontDesk:
    """One office and its clock. Counters are named by their number; each has a clerk of its own."""

    database: Database
    office: Office
    minute: float = 9 * 60
    persons: int = 0

    @property
    def code(self) -> str:
        return self.office.code

    def at(self, name: str) -> str:
        """The id of a counter."""
        return f"{self.code}-{name}"

    def do(self, command: Callable[..., T], *arguments: Any, **options: Any) -> T:
        """Run a command of the office at the present moment."""
        now = stage.at(self.minute)
        return self.database.write(
            [(self.code, stage.TODAY)],
            lambda tx: command(tx, self.code, *arguments, now=now, **options),
        )

    def pass_by(self, minutes: float) -> None:
        self.minute += minutes

    def come(self, service: str = "REK", **wanted: Any) -> Ticket:
        return self.do(arrival.issue_walk_in, arrival.WalkIn(service, **wanted), draw()).ticket

    def book(self, minute: float, service: str = "REK", **wanted: Any) -> Ticket:
        self.persons += 1
        visitor = Visitor(
            "Siti", f"{self.persons:064d}", f"{self.persons:04d}", f"+62812{self.persons:08d}"
        )
        request = BookingRequest(service, stage.at(minute), visitor, **wanted)
        return self.do(booking.book, request, draw())

    def check_in(self, ticket: Ticket) -> Ticket:
        now = stage.at(self.minute)
        return self.database.write(
            [(self.code, stage.TODAY)], lambda tx: arrival.check_in(tx, ticket.id, now)
        ).ticket

    def open(self, name: str) -> None:
        self.do(staffing.open_counter, self.at(name), CLERKS[name])

    def close(self, name: str, reason: str = "") -> None:
        self.do(staffing.close_counter, self.at(name), CLERKS[name], reason=reason)

    def rest(self, name: str, reason: str = "makan siang") -> None:
        self.do(staffing.take_break, self.at(name), CLERKS[name], reason)

    def next(self, name: str) -> str | None:
        """Call the next at a counter and serve at once. Returns the ticket's id."""
        called = self.do(calling.call_next, self.at(name), CLERKS[name])
        if called is None:
            return None
        self.do(serving.start, called.id, CLERKS[name])
        self.do(serving.finish, called.id, CLERKS[name])
        return called.id

    def call(self, ticket: Ticket, name: str, reason: str = "") -> Ticket:
        return self.do(calling.call, ticket.id, self.at(name), CLERKS[name], reason=reason)

    def serve(self, name: str) -> Ticket:
        called = self.do(calling.call_next, self.at(name), CLERKS[name])
        assert called is not None, "nobody to call"
        return self.do(serving.start, called.id, CLERKS[name])

    def send_on(self, ticket: Ticket, name: str, **to: str) -> Ticket:
        return self.do(serving.transfer, ticket.id, CLERKS[name], **to)

    def explained(self) -> list[Explained]:
        with self.database.read() as connection:
            return call_log.explain_day(connection, self.office, stage.TODAY)

    def reasons(self) -> dict[str, Reason]:
        """Why each of those waiting is next or not, as the clerks are shown it."""
        with self.database.read() as connection:
            day = days.find(connection, self.code, stage.TODAY)
            waiting = line.list_waiting(connection, self.code, stage.TODAY, 500)
            desks = counter_store.list_days(connection, self.code, stage.TODAY)
            first = queue.first_outside(self.office, waiting, stage.at(self.minute))
            before = (
                let_in.let_in_before(connection, self.code, stage.TODAY, first) if first else None
            )
            return queue.explain_waiting(
                self.office, day, waiting, desks, stage.at(self.minute), before
            )


def front_desk(database: Database, *, limit: int | None = None, **rules: Any) -> FrontDesk:
    """An office with streams A (REK, IKD) and C (CTK), counters 1 (A), 2 (C) and 3 (both), and the
    rules named.
    """
    office = stage.small_office(stage.new_code(), limit=limit)
    office = replace(office, rules=vary_rules(office.rules, **rules))
    stage.open_office(database, office)
    with database.read() as connection:
        return FrontDesk(database, database.offices.get(connection, office.code))


def refused(code: str, act: Callable[[], Any]) -> dict[str, object]:
    """The facts of the refusal that must come."""
    try:
        act()
    except DomainError as error:
        assert error.code == code
        return error.facts
    raise AssertionError(f"not refused with {code}")
