"""What a stranger may learn of a person: nothing. One refusal for every limit of a person, and the
digits that prove a booking.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from queue_server.domain.booking.person_limits import withhold_details
from queue_server.domain.errors import LimitReached
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking import attempts, ownership
from queue_server.store.booking import guesses as guess_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.web.edge.context import context, day_of, now


@contextmanager
def telling_nobody(office: str, visitor: Visitor | None) -> Iterator[None]:
    """Whoever is refused for a limit of a person learns only that there is one; which, a letter
    tells those who hold the bookings.
    """
    try:
        yield
    except LimitReached as refused:
        neutral = withhold_details(refused)
        if neutral is not refused and visitor is not None:
            context().database.write(
                [], partial(attempts.tell_of_attempt, office=office, visitor=visitor, now=now())
            )
        raise neutral from None


def visitor_of(ticket: Ticket) -> Visitor | None:
    """Who is behind a booking; None for a walk-in."""
    with context().database.read() as connection:
        return ticket_store.find_visitor(connection, ticket.office, ticket.id)


def needs_proof(ticket: Ticket) -> bool:
    """Whether changing a ticket asks for digits: a booking has an owner, a walk-in's paper is its
    own proof.
    """
    return visitor_of(ticket) is not None


def is_locked(ticket: Ticket) -> bool:
    """Whether a ticket is changed at the reception only."""
    with context().database.read() as connection:
        return guess_store.find(connection, ticket.id).locked_at is not None


def admit_owner(ticket: Ticket, last4: str) -> None:
    """Refuse whoever cannot name the booking's digits; wrong ones are counted for the ticket.
    Raises `WrongProof`, `ChangesLocked`.
    """
    if not needs_proof(ticket):
        return
    check = partial(ownership.check_proof, ticket=ticket.id, last4=last4, now=now())
    refusal = context().database.write([day_of(ticket)], check)
    if refusal is not None:
        raise refusal
