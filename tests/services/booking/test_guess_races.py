"""Many guesses, and many touches, in one moment and in several processes: the ticket bears five,
the kiosk gives its credit.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

from queue_server.domain.errors import DomainError
from queue_server.services.booking import contacts, ownership
from queue_server.services.door import kiosk_pace
from queue_server.store import tables
from queue_server.store.writer.database import Database
from tests.services import fair_stage as fair
from tests.services import stage
from tests.services.rush import CLIENTS, rush


def test_fifty_wrong_proofs_at_once_are_judged_one_by_one(databases: list[Database]) -> None:
    fair.open_office(databases[0])
    ani = fair.person()
    ticket = fair.book(databases[0], visitor=ani)

    def guess(place: int) -> str:
        check = partial(ownership.check_proof, ticket=ticket.id, last4="9999", now=fair.NOW)
        refusal: DomainError | None = databases[place % len(databases)].write(
            [(fair.CODE, ticket.date)], check
        )
        assert refusal is not None
        return f"{refusal.code}{refusal.facts.get('left', '')}"

    got = Counter(rush(CLIENTS, guess))
    assert got == {
        "wrong_proof4": 1,
        "wrong_proof3": 1,
        "wrong_proof2": 1,
        "wrong_proof1": 1,
        "changes_locked": CLIENTS - 4,
    }
    events = [
        row.type
        for row in stage.rows_of(databases[0], tables.events, fair.CODE)
        if row.ticket == ticket.id
    ]
    assert events.count("changes_locked") == 1
    letters = [
        row
        for row in stage.rows_of(databases[0], tables.messages, fair.CODE)
        if row.kind == "locked"
    ]
    assert len(letters) == 1
    right = partial(ownership.check_proof, ticket=ticket.id, last4=ani.nik_last4, now=fair.NOW)
    assert str(databases[0].write([(fair.CODE, ticket.date)], right).code) == "changes_locked", (
        "the right digits are too late"
    )  # type: ignore[union-attr]


def test_fifty_touches_at_once_give_one_kiosk_its_credit(databases: list[Database]) -> None:
    fair.open_office(databases[0], door={"kiosk_pace_seconds": 5, "kiosk_burst_numbers": 8})

    def touch(place: int) -> Any:
        databases[place % len(databases)].write(
            [(fair.CODE, stage.TODAY)],
            lambda tx: kiosk_pace.admit_number(tx, fair.CODE, "kiosk-1", 1, fair.NOW),
        )
        return "given"

    assert Counter(rush(CLIENTS, touch)) == {"given": 8, "kiosk_resting": CLIENTS - 8}


def test_fifty_entries_of_one_address_at_once_cause_one_letter_and_keep_to_the_limit(
    databases: list[Database],
) -> None:
    fair.open_office(databases[0])
    people = [fair.person() for _ in range(CLIENTS)]

    def join(place: int) -> str:
        return fair.join(
            databases[place % len(databases)],
            visitor=people[place],
            contact="c" * 64,
            needs_proof=True,
        )

    got = rush(CLIENTS, join)
    assert got.count("limit_reached") == CLIENTS - 4
    owed = [
        row
        for row in stage.rows_of(databases[0], tables.messages, fair.CODE)
        if row.kind == "prove"
    ]
    assert len(owed) == 1
    proved = rush(
        CLIENTS,
        lambda place: databases[place % len(databases)].write(
            [], lambda tx: contacts.prove(tx, "c" * 64, fair.NOW)
        ),
    )
    assert sorted(len(each) for each in proved) == [0] * (CLIENTS - 1) + [4]
