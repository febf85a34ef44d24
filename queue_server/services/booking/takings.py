"""What goes on as somebody takes places ahead: looking at it before, noting it after; and the line
for those who do no work.
"""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.booking.availability import SlotWish, letter_of
from queue_server.domain.booking.booking import Taken
from queue_server.domain.booking.rush import Source, next_pass
from queue_server.domain.booking.takings import Crowd, Replaced, counts_from, judged_people
from queue_server.domain.office.office import Office
from queue_server.store.booking import takings as taking_store
from queue_server.store.writer.transaction import Transaction


def load_crowd(
    tx: Transaction,
    office: Office,
    wish: SlotWish,
    source: Source | None,
    replaced: Replaced | None,
    now: datetime,
) -> Crowd | None:
    """What a source is judged by; None where nobody judges it."""
    if source is None or judged_people(source, wish.party_size, replaced) == 0:
        return None
    day, letter = office.date_at(wish.slot), letter_of(office, wish)
    return Crowd(
        taking_store.count(tx, office.code, day, letter, source, now),
        taking_store.are_used(tx, source.proof.names),
    )


def note_source(
    tx: Transaction, taken: Taken, source: Source | None, replaced: Replaced | None, now: datetime
) -> None:
    """Note from where a ticket's places were taken, and the proof that this used up."""
    if source is None:
        return
    if taken.uses_proof:
        taking_store.note_used(tx, source.proof.names, now)
    since = counts_from(taken.ticket.party_size, replaced, now)
    taking_store.add(tx, taken.ticket, source, since)


def join_line(tx: Transaction, office: str, people: int, now: datetime) -> datetime:
    """Give a party a pass in the line, for those who cannot or will not work. No day need be
    declared. Raises `LineTooLong`."""
    before = taking_store.line_reaches(tx, office)
    due, until = next_pass(before, people, now)
    taking_store.lengthen_line(tx, office, before, until)
    return due
