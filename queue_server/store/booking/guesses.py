"""Wrong proofs of tickets: counted under the ticket's office-day, gone with the ticket."""

from __future__ import annotations

import sqlalchemy as sa

from queue_server.domain.booking.ownership import Guesses
from queue_server.store.tables import wrong_proofs
from queue_server.store.writer.reader import Reader, ask
from queue_server.store.writer.transaction import Transaction


def find(reader: Reader, ticket: str) -> Guesses:
    """The wrong proofs of a ticket. A command that counts one has declared its day."""
    statement = sa.select(wrong_proofs.c.wrong, wrong_proofs.c.locked_at).where(
        wrong_proofs.c.ticket == ticket
    )
    row = ask(reader, statement, seeing=wrong_proofs).one_or_none()
    return Guesses() if row is None else Guesses(row.wrong, row.locked_at)


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
