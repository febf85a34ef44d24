"""A proof shown to two processes at once counts once, and one browser does not hold more by
asking twice at the same moment."""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from queue_server.domain.booking.holding import HoldRequest
from queue_server.domain.booking.rush import PROOFS_KEPT, Proof, Source
from queue_server.domain.errors import LimitReached, ProofNeeded
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking import holding
from queue_server.services.booking.takings import join_line
from queue_server.services.places.ticket_ids import draw
from queue_server.services.upkeep import forget_old
from queue_server.store import tables
from queue_server.store.writer.database import Database
from tests.services import stage
from tests.services.rush import rush

CODE = "o1"
NOW = stage.at(9 * 60)
AT_ONCE = 12
TOMORROW = stage.at(24 * 60 + 9 * 60)


@pytest.fixture
def office(databases: list[Database]) -> list[Database]:
    stage.open_office(databases[0], stage.small_office(CODE, limit=100))
    return databases


def hold(
    databases: list[Database], place: int, source: Source, slot: datetime, now: datetime = NOW
) -> Ticket:
    drawn, wanted = draw(), HoldRequest("REK", slot, source=source)
    day = (CODE, stage.DAYS[slot >= TOMORROW])
    return databases[place % len(databases)].write(
        [day], lambda tx: holding.hold(tx, CODE, wanted, drawn, now)
    )


def fill(databases: list[Database], slot: datetime) -> None:
    """Take all that goes without work on a slot's day."""
    for number in range(100):
        try:
            hold(
                databases,
                0,
                Source(f"fill{number}{slot}", "n"),
                slot + timedelta(minutes=30 * (number % 6)),
            )
        except ProofNeeded:
            return
    raise AssertionError("nobody was ever asked")


@pytest.mark.parametrize("days", [1, 2])
def test_a_proof_shown_many_times_at_once_counts_once(office: list[Database], days: int) -> None:
    slots = [stage.at(10 * 60), TOMORROW][:days]
    for slot in slots:
        fill(office, slot)
    proof = Proof(seconds=1_000, names=("the-one",))

    def show(place: int) -> Any:
        try:
            return hold(
                office, place, Source(f"a{place}", "n", proof=proof), slots[place // 2 % days]
            ).state.value
        except ProofNeeded as refused:
            return refused.code

    assert Tally(rush(AT_ONCE, show)) == {"HELD": 1, "proof_needed": AT_ONCE - 1}


def test_a_browser_that_asks_twelve_times_at_once_holds_two_places(office: list[Database]) -> None:
    source = Source("a", "n", browser="b", proof=Proof(seconds=1_000, names=()))

    def ask(place: int) -> Any:
        own = replace(source, address=f"a{place}", proof=Proof(1_000, 0, (f"p{place}",)))
        try:
            return hold(
                office, place, own, [stage.at(10 * 60), TOMORROW][place // 2 % 2]
            ).state.value
        except LimitReached as refused:
            return refused.facts["rule"]

    assert Tally(rush(AT_ONCE, ask)) == {"HELD": 2, "browser": AT_ONCE - 2}


def test_turns_given_at_once_are_a_minute_apart(office: list[Database]) -> None:
    turns = rush(
        AT_ONCE,
        lambda place: office[place % len(office)].write([], lambda tx: join_line(tx, CODE, 1, NOW)),
    )
    assert sorted((each - NOW).total_seconds() for each in turns) == [
        20 + 60 * place for place in range(AT_ONCE)
    ]


def test_what_was_taken_counts_for_ten_minutes_and_used_proofs_are_forgotten(
    office: list[Database],
) -> None:
    slot = stage.at(10 * 60)
    fill(office, slot)
    proof = Proof(seconds=1_000, names=("old",))
    hold(office, 0, Source("a", "n", proof=proof), slot)
    later = NOW + timedelta(minutes=10)
    assert hold(office, 0, Source("a", "n"), stage.at(11 * 60), later).expires_at is not None, (
        "the rush is over"
    )
    forget_old(office[0], NOW + PROOFS_KEPT + timedelta(seconds=1))
    with office[0].read() as connection:
        assert connection.execute(sa.select(tables.used_proofs)).all() == []
