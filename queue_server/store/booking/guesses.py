"""Wrong proofs of tickets: counted under the ticket's office-day, gone with the ticket."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.booking.ownership import Guesses
from queue_server.store.tables import wrong_proofs
from queue_server.store.writer.transaction import Transaction


def _of(ticket: str) -> sa.Select[tuple[int, object]]:
    return sa.select(wrong_proofs.c.wrong, wrong_proofs.c.locked_at).where(
        wrong_proofs.c.ticket == ticket
    )


def find(tx: Transaction, ticket: str) -> Guesses:
    """The wrong proofs of a ticket, inside a command that has declared its day."""
    row = tx.read(_of(ticket), seeing=wrong_proofs).one_or_none()
    return Guesses() if row is None else Guesses(row.wrong, row.locked_at)


def is_locked(connection: Connection, ticket: str) -> bool:
    """Whether a ticket can be changed at the reception only."""
    row = connection.execute(_of(ticket)).one_or_none()
    return row is not None and row.locked_at is not None


def save(tx: Transaction, office: str, ticket: str, guesses: Guesses) -> None:
    """Store the wrong proofs of a ticket; none at all leave no row."""
    tx.change(wrong_proofs.delete().where(wrong_proofs.c.ticket == ticket))
    if guesses != Guesses():
        tx.insert(
            wrong_proofs,
            {
                "ticket": ticket,
                "office": office,
                "wrong": guesses.wrong,
                "locked_at": guesses.locked_at,
            },
        )
