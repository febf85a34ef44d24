"""Days in which kiosks lose the server and find it again, at random: what must hold holds.

Two kiosks are granted leases, give numbers by themselves, check bookings in, and report in any
order, twice, and in place of online requests. Meanwhile the reception gives numbers, counters call,
modes change, a device is cut off, an installation is replaced, and the day ends.
"""

from __future__ import annotations

import json
from collections import Counter as Tally
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Any

import pytest

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.door.leases import Fate, Lease, Number
from queue_server.domain.door.offline import REMARKS, ConflictReason, Report
from queue_server.domain.errors import DomainError
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.domain.visit.identity import Visitor
from queue_server.services.access import devices
from queue_server.services.booking import booking
from queue_server.services.counter import calling
from queue_server.services.door import arrival, closing, leasing
from queue_server.services.idempotency import do_once
from queue_server.services.places.ticket_ids import draw
from queue_server.store import tables
from queue_server.store.door import leases as lease_store
from queue_server.store.office import modes as mode_store
from queue_server.store.office import offices as office_store
from queue_server.store.writer.database import Database
from tests.services import ledger, stage
from tests.services.door.kiosk_stage import Kiosk, conflicts, open_kiosks, report

STEPS = 25
SERVICES = {"A": "REK", "C": "CTK"}


class Day:
    """One random day of one office, and what was given on it by the two kiosks themselves."""

    def __init__(self, database: Database, seed: int) -> None:
        self.chance = Random(seed)
        self.database, self.minute = database, 8 * 60.0
        self.limit = self.chance.choice([None, 2, 6])
        beyond = self.chance.choice([True, False])
        office = stage.small_office(
            stage.new_code(), limit=self.limit, door={"walk_ins_beyond_places": beyond}
        )
        self.office = stage.open_office(database, office).code
        self.kiosks = open_kiosks(database, self.office)
        self.key = [(self.office, stage.TODAY)]
        self.leases: dict[str, tuple[Lease, list[Number]]] = {}
        self.outbox: list[tuple[Kiosk, Report]] = []
        self.reported: list[tuple[Kiosk, Report]] = []
        self.results: dict[str, tuple[str, ConflictReason | None]] = {}
        self.bookings: list[tuple[str, str]] = []
        self.keys: list[tuple[Kiosk, str]] = []
        self.cut_off: set[str] = set()
        self.reports = 0

    @property
    def now(self) -> datetime:
        return stage.at(self.minute)

    def write(self, command: Callable[[Any], Any]) -> Any:
        return self.database.write(self.key, command)

    def play(self) -> None:
        """All steps of the day, and its end."""
        self.grant()
        for _ in range(STEPS):
            self.minute += self.chance.random() * 20
            step = self.chance.choice(
                [self.grant, *[self.issue] * 5, self.check_in, *[self.report] * 3, self.ask]
                + [self.receive, self.call, self.book, self.check_in_here, self.change_mode]
                + ([self.cut_off_one, self.replace_one] if self.chance.random() < 0.1 else [])
            )
            may_be_refused = step in (
                self.ask,
                self.receive,
                self.call,
                self.book,
                self.check_in_here,
            )
            with suppress(DomainError) if may_be_refused else nullcontext():
                step()
            self.check()
        while self.outbox and self.chance.random() < 0.9:
            self.report()
            self.check()
        self.end()

    def grant(self) -> None:
        kiosk = self.chance.choice(self.kiosks)
        if kiosk.device in self.cut_off:
            return
        wanted = {letter: self.chance.randrange(1, 12) for letter in SERVICES}
        lease = kiosk.grant(self.now, wanted)
        used = {each.id for _, each in (*self.outbox, *self.reported)}
        with self.database.read() as connection:
            unused = lease_store.list_unused(connection, lease)
        self.leases[kiosk.device] = lease, [each for each in unused if each.id not in used]

    def take(self, kiosk: Kiosk | None = None) -> tuple[Kiosk, Number] | None:
        kiosk = kiosk or self.chance.choice(self.kiosks)
        _, left = self.leases.get(kiosk.device, (None, []))
        return (kiosk, left.pop(self.chance.randrange(len(left)))) if left else None

    def issue(self) -> None:
        taken = self.take()
        if taken is None:
            return
        kiosk, number = taken
        given = report(
            number,
            self.minute - self.chance.choice([0, 0, 500, -500]),
            self.chance.choice([SERVICES[number.letter], SERVICES[number.letter], "GONE"]),
            party_size=self.chance.randrange(1, 4),
        )
        self.outbox.append((kiosk, given))

    def check_in(self) -> None:
        taken = self.take()
        if taken is not None and self.bookings:
            kiosk, number = taken
            code = self.chance.choice(self.bookings)[1]
            self.outbox.append((kiosk, report(number, self.minute, None, code=code)))

    def report(self) -> None:
        """Some of the outbox, in any order, with what was reported before."""
        kiosk = self.chance.choice(self.kiosks)
        if kiosk.device in self.cut_off:
            return
        mine = [each for of, each in self.outbox if of is kiosk]
        again = [each for of, each in self.reported if of is kiosk]
        some = self.chance.sample(mine, self.chance.randint(0, len(mine)))
        some += self.chance.sample(again, min(len(again), 2))
        self.chance.shuffle(some)
        self.reports += 1
        key = self.chance.choice([None, f"sync-{self.reports}"])
        for attempt in range(2):
            done = kiosk.sync(self.now, *some, key=key)
            for item, each in zip(some, done, strict=True):
                if item.id in self.results:
                    assert attempt == 1 and key is not None or each.result == "duplicate"
                else:
                    assert each.result in ("created", "conflict")
                    self.results[item.id] = each.result, each.reason
        self.outbox = [each for each in self.outbox if each[1] not in some]
        self.reported += [(kiosk, each) for each in some if each not in again]

    def ask(self) -> None:
        """A request whose answer the kiosk may not see, so that it gives a number in its place."""
        kiosk, key = self.chance.choice(self.kiosks), f"key-{len(self.keys)}"
        self.keys.append((kiosk, key))
        if self.chance.random() < 0.6:
            with suppress(DomainError):
                self.send(kiosk, key)
        if self.chance.random() < 0.7:
            taken = self.take(kiosk)
            if taken is not None:
                given = report(taken[1], self.minute, SERVICES[taken[1].letter])
                self.outbox.append((taken[0], replace(given, superseded_key=key)))

    def receive(self) -> None:
        """A request that was on its way for long."""
        if self.keys:
            self.send(*self.chance.choice(self.keys))

    def send(self, kiosk: Kiosk, key: str) -> None:
        drawn = draw()

        def command(tx: Any) -> dict[str, Any]:
            wanted = arrival.WalkIn("REK", device=kiosk.device)
            given = arrival.issue_walk_in(tx, self.office, wanted, drawn, self.now)
            return {"status": 201, "text": json.dumps({"id": given.ticket.id})}

        self.write(lambda tx: do_once(tx, kiosk.sender.scope, key, "r", command, self.now))

    def call(self) -> None:
        counter = f"{self.office}-{self.chance.choice('123')}"
        clerk = f"clerk-{counter}"
        self.write(lambda tx: calling.call_next(tx, self.office, counter, clerk, self.now))

    def book(self) -> None:
        drawn = draw()
        wanted = BookingRequest(
            "REK", stage.at(14 * 60), Visitor("Siti", drawn.id * 2, "1111", "+628121")
        )
        self.write(lambda tx: booking.book(tx, self.office, wanted, drawn, self.now))
        self.bookings.append((drawn.id, drawn.code))

    def check_in_here(self) -> None:
        if self.bookings:
            id = self.chance.choice(self.bookings)[0]
            self.write(lambda tx: arrival.check_in(tx, id, self.now))

    def change_mode(self) -> None:
        mode = self.chance.choice(list(ServiceMode))
        period = ModePeriod(f"{self.office}-{self.minute}", mode, self.now, self.now, "budi")

        def command(tx: Any) -> None:
            mode_store.add(tx, self.office, period)
            office_store.revise(tx, self.office)

        self.write(command)

    def cut_off_one(self) -> None:
        kiosk = self.chance.choice(self.kiosks)
        self.write(lambda tx: devices.revoke(tx, self.office, kiosk.device, "budi", self.now))
        self.cut_off.add(kiosk.device)

    def replace_one(self) -> None:
        kiosk = self.chance.choice(self.kiosks)
        self.write(
            lambda tx: leasing.replace_installation(tx, self.office, kiosk.device, "budi", self.now)
        )

    def check(self) -> None:
        """The invariants that hold at any moment."""
        whole = ledger.read(self.database, self.office)
        whole.all_is_right()  # 3: what is taken and leased is never more than the places
        numbers = list(stage.rows_of(self.database, tables.leased_numbers, self.office))
        leased = {f"{each.letter}{each.sequence}": each for each in numbers}
        assert len(leased) == len(numbers)  # 1: a leased number is in one lease only
        for each in whole.tickets:  # 1: and never in the day's own sequence
            if each.number is not None and 501 <= int(each.number[1:]) <= 999:
                row = leased[each.number]
                assert (row.state, row.ticket) == ("USED", each.id)
        by_id = {each.id: each for each in whole.tickets}
        for each in numbers:
            if each.id in by_id:
                assert (by_id[each.id].origin, by_id[each.id].code) == ("OFFLINE_KIOSK", each.code)
        if self.limit is not None:  # 4: they start outside, whatever room there is
            starts = [each.facts for each in whole.events if "lease" in each.facts and each.ticket]
            for facts in starts:
                if "changed" in facts:
                    assert facts["changed"]["place"] == [None, "OUTSIDE"]
                elif "reason" not in facts:
                    assert facts["place"] == "OUTSIDE"
        live = Tally[str]()
        for kiosk, item in self.reported:  # 6: one key has one valid ticket
            if item.superseded_key is not None and self.results[item.id][0] == "created":
                live[f"{kiosk.device} {item.superseded_key}"] += 1
        assert all(number == 1 for number in live.values())
        self.check_results(by_id)

    def check_results(self, by_id: dict[str, Any]) -> None:
        """7: each report has had one effect. A conflict is recorded, never dropped."""
        recorded = Tally(each.item for each in conflicts(self.database, self.office))
        for id, (result, reason) in self.results.items():
            if result == "created":
                assert reason is None or reason in REMARKS
                assert recorded[id] >= (reason is not None)
            else:
                assert id not in by_id and recorded[id] == 1, reason

    def end(self) -> None:
        """5: every number ends reported, burnt or lost, and the day says how many of each."""
        self.minute = 24 * 60 + 30.0
        leasing.close_leases(self.database, self.now)
        closing.close_days(self.database, self.now)
        with self.database.read() as connection:
            fate = lease_store.count_fates(connection, self.office, stage.TODAY)
        rows = Tally(
            each.state for each in stage.rows_of(self.database, tables.leased_numbers, self.office)
        )
        assert fate == Fate(rows["USED"], rows["BURNT"] - fate.lost, fate.lost, 0)
        told = Tally[str]()
        for each in ledger.read(self.database, self.office).events:
            if each.type in ("lease_closed", "lease_revoked", "lease_lost"):
                told.update({name: each.facts[name] for name in ("synced", "burnt", "lost")})
        assert (told["synced"], told["burnt"], told["lost"]) == (fate.synced, fate.burnt, fate.lost)
        while self.outbox:
            before = len(self.outbox)
            for kiosk in self.kiosks:
                if kiosk.device not in self.cut_off:
                    self.kiosks_report_late(kiosk)
            if len(self.outbox) == before:
                break
        self.check()
        assert leasing.close_leases(self.database, self.now) == 0

    def kiosks_report_late(self, kiosk: Kiosk) -> None:
        mine = [each for of, each in self.outbox if of is kiosk]
        for item in mine:
            [done] = kiosk.sync(self.now, item)
            assert done.result == "conflict"
            self.results[item.id] = done.result, done.reason
        self.outbox = [each for each in self.outbox if each[0] is not kiosk]
        self.reported += [(kiosk, each) for each in mine]


@pytest.mark.parametrize("seed", range(6))
def test_a_random_day(shared_database: Database, seed: int) -> None:
    Day(shared_database, seed).play()


@pytest.mark.slow
@pytest.mark.parametrize("first", range(1000, 1500, 50))
def test_five_hundred_random_days(shared_database: Database, first: int) -> None:
    for seed in range(first, first + 50):
        try:
            Day(shared_database, seed).play()
        except Exception as broken:
            broken.add_note(f"day {seed}")
            raise
