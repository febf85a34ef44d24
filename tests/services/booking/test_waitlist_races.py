"""Many at once want, accept, decline and leave what the waitlist offers, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from queue_server.services.booking import waitlist
from queue_server.store import tables
from queue_server.store.writer.database import Database
from tests.services import fair_stage as fair
from tests.services import stage
from tests.services.rush import CLIENTS, rush


def test_fifty_cancel_while_twelve_wait(databases: list[Database]) -> None:
    """Places on two days come free at one moment: each goes to one who waits, and nobody gets
    two.
    """
    fair.open_office(databases[0], places=25)
    databases[0].write([], lambda tx: tx.change(tables.stream_slots.update().values(online=1_000)))
    slots = [
        day + timedelta(minutes=30 * step)
        for day in (fair.SLOT, fair.TOMORROW)
        for step in range(4)
    ]
    booked = [fair.book(databases[0], slots[place % len(slots)]) for place in range(CLIENTS)]
    waiting = [fair.join(databases[0], last=stage.DAYS[1]) for _ in range(12)]
    rush(len(booked), lambda place: fair.cancel(databases[place % len(databases)], booked[place]))
    assert fair.states(databases[0], waiting) == ["OFFERED"] * 12
    offered = [fair.entry(databases[0], code).ticket for code in waiting]
    assert len(set(offered)) == 12
    held = [
        row for row in stage.rows_of(databases[0], tables.tickets, fair.CODE) if row.state == "HELD"
    ]
    assert sorted(row.id for row in held) == sorted(id for id in offered if id is not None)
    fair.counts_agree(databases[0])


def test_fifty_presses_of_accept_decline_and_leave(databases: list[Database]) -> None:
    """However often the buttons of one offer are pressed, one of them counts, and the place ends in
    one pair of hands.
    """
    fair.open_office(databases[0])
    ticket = fair.fill(databases[0])[0]
    ani, budi = fair.join(databases[0]), fair.join(databases[0], now=fair.minutes(1))
    fair.cancel(databases[0], ticket, fair.minutes(2))
    steps: tuple[Any, ...] = (waitlist.accept, waitlist.decline, waitlist.leave)
    seen = fair.look(databases[0], ani)
    got = rush(
        CLIENTS,
        lambda place: fair.press(
            databases[place % len(databases)], steps[place % 3], seen, fair.minutes(3)
        ),
    )
    assert sum(not isinstance(each, str) for each in got) == 1
    state = fair.entry(databases[0], ani).state.value
    booked = [
        row
        for row in stage.rows_of(databases[0], tables.tickets, fair.CODE)
        if row.state == "BOOKED"
    ]
    assert len(booked) == (2 if state == "TAKEN" else 1)
    assert fair.entry(databases[0], budi).state.value == (
        "WAITING" if state == "TAKEN" else "OFFERED"
    )
    fair.counts_agree(databases[0])


def test_fifty_joins_of_one_person_make_one_entry(databases: list[Database]) -> None:
    fair.open_office(databases[0])
    ani = fair.person()
    got = rush(CLIENTS, lambda place: fair.join(databases[place % len(databases)], visitor=ani))
    assert got.count("limit_reached") == CLIENTS - 1
    assert len(list(stage.rows_of(databases[0], tables.waitlist, fair.CODE))) == 1


def test_fifty_accept_while_the_offer_runs_out(databases: list[Database]) -> None:
    """Upkeep takes the offer back in the moment in which it is pressed: one of the two wins,
    whole.
    """
    fair.open_office(databases[0])
    ticket = fair.fill(databases[0])[0]
    ani, budi = fair.join(databases[0]), fair.join(databases[0], now=fair.minutes(1))
    fair.cancel(databases[0], ticket, fair.minutes(2))
    seen = fair.look(databases[0], ani)

    def work(place: int) -> Any:
        database = databases[place % len(databases)]
        if place % 2:
            return fair.pass_time(database, fair.minutes(62))
        return fair.press(database, waitlist.accept, seen, fair.minutes(61))

    rush(CLIENTS, work)
    found = fair.states(databases[0], [ani, budi])
    assert found in (["TAKEN", "WAITING"], ["WAITING", "OFFERED"])
    fair.counts_agree(databases[0])
