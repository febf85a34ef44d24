"""Whether somebody may take places ahead now, from where they ask; and what is noted of it."""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.booking.places import release_bound
from queue_server.domain.booking.rush import (
    BURST,
    Proof,
    Rush,
    Share,
    Source,
    admit_taking,
    free_of_day,
    next_turn,
)
from queue_server.domain.office.office import Office
from queue_server.domain.visit.claim import Claim
from queue_server.domain.visit.ticket import Ticket
from queue_server.store.booking import takings as taking_store
from queue_server.store.writer.transaction import Transaction

Replaced = tuple[datetime, int]
"""When an earlier hold of the same visitor was taken, and for how many persons."""


def admit_source(
    tx: Transaction,
    office: Office,
    claim: Claim,
    source: Source | None,
    replaced: Replaced | None,
    now: datetime,
) -> None:
    """Refuse places that were just taken in this command, and so undo it, unless they may go as
    they are or with the proof shown.

    Persons that a hold given back had already stood for are free. Raises `ProofNeeded`,
    `LimitReached` (rule browser).
    """
    people = claim.people - (replaced[1] if replaced else 0)
    if source is None or not source.judged or people <= 0:
        return
    rush = _look(tx, office, claim, people, source, replaced, now)
    if admit_taking(rush, people, source.proof) and not taking_store.use_proofs(
        tx, source.proof.names, now
    ):
        admit_taking(rush, people, Proof())


def _look(
    tx: Transaction,
    office: Office,
    claim: Claim,
    people: int,
    source: Source,
    replaced: Replaced | None,
    now: datetime,
) -> Rush:
    day = office.date_at(claim.starts_at)
    counts = taking_store.count(tx, office.code, day, claim.letter, source, now)
    if replaced is not None:
        # The persons who only change their time go on counting; those who are new are judged as if
        # they came after them.
        counts = counts.add(replaced[1], lately=replaced[0] > now - BURST)
    if counts.people == 0:
        return Rush(counts.of_address, counts.of_browser, [(Share(0, 0, 0), people)])
    bound = release_bound(office.rules.booking.release_minutes, now)
    free_people, free_visits = free_of_day(tx.plan(office.code, day), claim.letter, bound, now)
    shares = [
        (Share(counts.people_burst, counts.people, free_people + claim.people), people),
        (Share(counts.visits_burst, counts.visits, free_visits + 1), 1),
    ]
    return Rush(counts.of_address, counts.of_browser, shares)


def note_source(
    tx: Transaction, ticket: Ticket, source: Source | None, replaced: Replaced | None, now: datetime
) -> None:
    """Note from where a ticket's places were taken. One that takes the place of another for no
    more persons counts from then on."""
    if source is not None:
        is_same = replaced is not None and ticket.party_size <= replaced[1]
        taking_store.add(tx, ticket, source, replaced[0] if replaced and is_same else now)


def join_line(tx: Transaction, office: str, people: int, now: datetime) -> datetime:
    """Give a party a turn, for those who cannot or will not work. No day need be declared.
    Raises `LineTooLong`."""
    before = taking_store.line_reaches(tx, office)
    due, until = next_turn(before, people, now)
    taking_store.lengthen_line(tx, office, before, until)
    return due
