"""Whole days of two real kiosk agents before the real API, at random: networks are cut, answers are
lost or come late, agents are killed, clocks are set, bookings are scanned twice, modes change.

Only the network, the clocks and the paper are the test's. What must hold is counted from the
server's tables, the kiosks' journals and the paper.
"""

from __future__ import annotations

import json
import threading
from collections import Counter as Tally
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any, cast

import pytest
import requests

from kiosk.issuing.issuer import Issuer
from kiosk.issuing.keeper import Keeper
from kiosk.issuing.lessor import Lessor
from kiosk.issuing.stop import Stop
from kiosk.issuing.sync import Reporter
from kiosk.issuing.withdrawing import Withdrawer
from kiosk.link.clock import Machine, OfficeClock
from kiosk.link.watch import LinkWatch
from kiosk.records.database import Records
from kiosk.records.journal import Journal, RequestState, Wish
from kiosk.records.leases import LeaseBook
from queue_server.domain.door.leases import Fate
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.protocol.client import QueueClient, Refused, ServerUnreachable
from queue_server.protocol.leases import SYNC_ITEMS_MAX, SyncItem
from queue_server.protocol.messages import Slip, from_wire
from queue_server.services.access import devices, sessions
from queue_server.services.door import leasing
from queue_server.store import tables
from queue_server.store.door import leases as lease_store
from queue_server.store.office import modes as mode_store
from queue_server.store.office import offices as office_store
from tests.fixtures.application import HOME, NIK, TODAY, House
from tests.services import ledger, stage

STEPS = 40
SERVICES = ("REK", "KTP", "AKT")
ENDED = {"CANCELLED", "EXPIRED"}


@dataclass
class Network:
    """What lies between one kiosk and the server. `mode`: `whole`; `cut`, nothing arrives;
    `deaf`, the request arrives and the answer is lost; `late`, the request arrives much later.
    """

    house: House
    mode: str = "whole"
    under_way: list[tuple[str, str, Mapping[str, str], Any]] = field(default_factory=list)

    def request(self, method: str, url: str, *, headers: Any, json: Any, **_: Any) -> Any:
        sent = method, url.partition("/api/v1")[2], headers, json
        if self.mode == "cut":
            raise requests.ConnectionError
        if self.mode == "late":
            self.under_way.append(sent)
            raise requests.ConnectionError
        answer = self.deliver(sent)
        if self.mode == "deaf":
            raise requests.ConnectionError
        return answer

    def deliver(self, sent: tuple[str, str, Mapping[str, str], Any]) -> Any:
        method, path, headers, body = sent
        answer = self.house.ask(method, path, headers=dict(headers), json=body)
        shown = requests.Response()
        shown.status_code, shown._content = answer.status_code, answer.data
        shown.headers.update(dict(answer.headers))
        return shown

    def arrive(self) -> None:
        """What was under way for long arrives; nobody waits for the answers."""
        while self.under_way:
            self.deliver(self.under_way.pop(0))


class Paper:
    """Keeps the slips that came out."""

    def __init__(self) -> None:
        self.printed: list[Slip] = []

    def submit(self, slip: Slip) -> str:
        """The same slip and copy is the same job, as in the printer's spool."""
        if (slip.id, slip.copy) not in {(each.id, each.copy) for each in self.printed}:
            self.printed.append(slip)
        return f"{slip.id}.{slip.copy}"

    copy = submit

    def expire_if_stuck(self, job_id: str) -> None:
        """This paper never sticks."""


class Kiosk:
    """An agent without its threads: `work` does what they would have done by now."""

    def __init__(self, house: House, name: str, token: str, folder: Path, chance: Random) -> None:
        self.house, self.folder, self.name, self.chance = house, folder, name, chance
        self.network, self.paper = Network(house), Paper()
        self.wall_ahead = 0.0
        self.client = QueueClient("http://127.0.0.1:8000", token, attempts=1)
        self.client._session = cast(requests.Session, self.network)
        folder.mkdir()
        self.start()

    def seconds(self) -> float:
        return self.house.clock().timestamp()

    def start(self) -> None:
        """As after a restart of the program on a machine that kept running."""
        self.records = Records(self.folder / "journal.sqlite3")
        self.journal, self.book = Journal(self.records), LeaseBook(self.records)
        machine = Machine(
            lambda: self.seconds() + self.wall_ahead, self.seconds, "boot", keeps_time=True
        )
        self.clock = OfficeClock(self.records, machine)
        self.watch = LinkWatch(self.book.count_unreported, self.seconds)
        stop = Stop(self.records, machine.wall_clock)
        self.lessor = Lessor(self.book, self.journal, self.clock, stop)
        self.issuer = Issuer(
            self.client,
            self.journal,
            self.lessor,
            self.watch,
            self.paper,
            lambda: HOME,
            machine.wall_clock,
            sleep=lambda seconds: self.house.clock.pass_by(seconds=seconds),
            wait=self.wait,
        )
        letters = {"A", "B"}
        self.keeper = Keeper(
            self.client,
            self.book,
            self.clock,
            self.watch,
            lambda: letters,
            f"installation-of-{self.name}",
            self.seconds,
        )
        self.reporter = Reporter(self.client, self.book, self.watch, self.seconds)
        self.withdrawer = Withdrawer(self.client, self.journal, self.watch, self.seconds)

    def wait(self, ended: threading.Event, seconds: float) -> None:
        """The tries take no real time; without a whole network they take the visitor's, who may
        not wait so long.
        """
        ended.wait(30)
        if self.network.mode != "whole":
            self.house.clock.pass_by(seconds=seconds)
            if self.chance.random() < 0.3:
                for entry in self.journal.pending():
                    self.issuer.give_up(entry.key)

    def kill(self) -> None:
        self.records.close()
        self.start()

    def work(self) -> None:
        with suppress(ServerUnreachable):
            offer = self.watch.ask(lambda: self.client.offer(HOME))
            self.clock.set(datetime.fromisoformat(offer.now))
        for step in (self.reporter.step, self.withdrawer.step, self.keeper.step):
            with suppress(Refused):
                step()
        self.issuer.retry()

    def is_done(self) -> bool:
        return not (
            self.book.count_unreported() or self.journal.unwithdrawn(1) or self.journal.pending()
        )


class Day:
    """One random day of one office."""

    def __init__(self, house: House, folder: Path, seed: int) -> None:
        self.house, self.chance = house, Random(seed)
        second = sessions.new_secret()
        house.database.write(
            [], lambda tx: devices.add_paired(tx, "kiosk", HOME, "second", second, house.clock())
        )
        self.kiosks = [
            Kiosk(house, "first", house.people.tokens["kiosk"], folder / "first", self.chance),
            Kiosk(house, "second", second, folder / "second", self.chance),
        ]
        self.touches: list[tuple[Kiosk, str, Wish]] = []
        self.codes: list[str] = []
        self.periods = 0

    def play(self) -> None:
        """All steps of the day, and its end."""
        for _ in range(3):
            self.book(self.kiosks[0])
        for kiosk in self.kiosks:
            kiosk.work()
        for _ in range(STEPS):
            self.step()
            if self.chance.random() < 0.25:
                self.check_moment()
        self.settle()
        self.check_end()

    def step(self) -> None:
        kiosk = self.chance.choice(self.kiosks)
        act = self.chance.choice(
            [self.touch] * 8
            + [self.scan] * 4
            + [self.touch_again, self.book, self.call, self.kill, self.set_clock]
            + [self.disturb] * 3
            + [self.mend] * 3
            + [self.pass_time] * 5
            + [self.change_mode, self.arrive]
        )
        act(kiosk)
        for each in self.kiosks:
            if self.chance.random() < 0.7:
                each.work()

    def ask(self, kiosk: Kiosk, wish: Wish) -> None:
        key = f"00000000-0000-0000-0000-{len(self.touches):012x}"
        self.touches.append((kiosk, key, wish))
        kiosk.issuer.take(key, wish)

    def touch(self, kiosk: Kiosk) -> None:
        service, persons = self.chance.choice(SERVICES), self.chance.choice([1, 1, 1, 2, 4])
        self.ask(kiosk, Wish(self.chance.choice(["id", "en"]), service, persons))

    def scan(self, kiosk: Kiosk) -> None:
        if self.codes:
            self.ask(kiosk, Wish("id", code=self.chance.choice(self.codes)))

    def touch_again(self, _: Kiosk) -> None:
        """The page asks again with the same key, as after a lost answer of the agent."""
        if self.touches:
            kiosk, key, wish = self.chance.choice(self.touches)
            kiosk.issuer.take(key, wish)

    def book(self, _: Kiosk) -> None:
        slot = self.house.slot(9, self.chance.choice([10, 20, 30]), day=0)
        nik = NIK[:-4] + f"{1000 + len(self.codes) * 7}"
        done = self.house.post(
            f"/offices/{HOME}/bookings", body=self.house.booking(slot=slot, nik=nik)
        )
        if done.status_code == 201:
            self.codes.append(done.get_json()["code"])

    def call(self, _: Kiosk) -> None:
        self.house.post(f"/counters/{HOME}-3/open", "clerk")
        current = self.house.call_next(f"{HOME}-3")
        if current.status_code == 200 and self.chance.random() < 0.7:
            id = current.get_json()["id"]
            for act in ("start", "finish"):
                self.house.post(f"/tickets/{id}/{act}", "clerk")

    def disturb(self, kiosk: Kiosk) -> None:
        kiosk.network.mode = self.chance.choice(["cut", "deaf", "late"])

    def mend(self, kiosk: Kiosk) -> None:
        kiosk.network.mode = "whole"

    def kill(self, kiosk: Kiosk) -> None:
        kiosk.kill()

    def set_clock(self, kiosk: Kiosk) -> None:
        kiosk.wall_ahead = self.chance.choice([0.0, 3600.0, -3600.0, 86_400.0])

    def arrive(self, kiosk: Kiosk) -> None:
        kiosk.network.arrive()

    def pass_time(self, _: Kiosk) -> None:
        self.house.clock.pass_by(seconds=self.chance.choice([1, 3, 8, 25, 70, 400]))

    def change_mode(self, _: Kiosk) -> None:
        self.periods += 1
        now, mode = self.house.clock(), self.chance.choice(list(ServiceMode))
        period = ModePeriod(f"mode-{self.periods}", mode, now, now, "budi")

        def command(tx: Any) -> None:
            mode_store.add(tx, HOME, period)
            office_store.revise(tx, HOME)

        self.house.database.write([(HOME, TODAY)], command)

    def settle(self) -> None:
        """The network is whole again, and everything that is due is done."""
        for kiosk in self.kiosks:
            kiosk.network.mode = "whole"
            kiosk.network.arrive()
        for _ in range(60):
            self.house.clock.pass_by(seconds=5)
            for kiosk in self.kiosks:
                kiosk.work()
            if all(each.is_done() for each in self.kiosks):
                return
        raise AssertionError("a kiosk does not come to an end")

    def check_moment(self) -> None:
        """1 and 3: leased numbers are leased once, and no more places taken or leased than are."""
        ledger.read(self.house.database, HOME).all_is_right()
        rows = stage.rows_of(self.house.database, tables.leased_numbers, HOME)
        named = Tally(f"{each.letter}{each.sequence}" for each in rows)
        assert all(count == 1 for count in named.values())

    def check_end(self) -> None:
        whole = ledger.read(self.house.database, HOME)
        by_number = {each.number: each for each in whole.tickets if each.number is not None}
        conflicts = {
            each.number for each in stage.rows_of(self.house.database, tables.lease_conflicts, HOME)
        }
        held: list[str] = []
        leased: list[str] = []
        for kiosk, key, wish in self.touches:
            entry = kiosk.journal.entry(key)
            assert entry is not None, "a touch is never forgotten"
            if entry.state is not RequestState.ISSUED or entry.slip is None:
                continue
            if entry.slip.offline and not entry.repeated:
                leased.append(entry.slip.number)
                assert entry.slip.place == "OUTSIDE", "4: the room has a limit"
            if wish.code is None and not entry.given_up:
                held.append(entry.slip.number)
        assert len(held) == len(set(held)), "6: one key, one number; one number, one visitor"
        assert len(leased) == len(set(leased)), "2: a leased number is journalled once"
        for number in held:
            ticket = by_number.get(number)
            assert number in conflicts or (ticket is not None and ticket.state not in ENDED), number
        self.check_ghosts(whole, set(held))
        self.check_paper()
        self.check_fates()

    def check_ghosts(self, whole: ledger.Ledger, held: set[str]) -> None:
        """No number stands in the queue that nobody holds; one that was called meanwhile may."""
        for each in whole.tickets:
            if each.origin in ("WALK_IN", "OFFLINE_KIOSK") and each.number not in held:
                assert each.state in ENDED or each.called_at is not None, each.number

    def check_paper(self) -> None:
        """Nothing is printed twice unmarked, and a slip without the server says so (8)."""
        unmarked = [
            each.number for kiosk in self.kiosks for each in kiosk.paper.printed if not each.copy
        ]
        assert len(unmarked) == len(set(unmarked))
        for kiosk in self.kiosks:
            for slip in kiosk.paper.printed:
                assert slip.offline == (501 <= int(slip.number[1:]) <= 999)

    def check_fates(self) -> None:
        """5: every number ends reported, burnt or lost; 7: reporting all again changes nothing."""
        before = ledger.read(self.house.database, HOME).tickets
        for kiosk in self.kiosks:
            with kiosk.records.reading() as database:
                rows = database.execute("SELECT item FROM numbers WHERE item NOTNULL").fetchall()
            items = [from_wire(SyncItem, json.loads(row["item"])) for row in rows]
            if items:
                answer = kiosk.client.sync_tickets(items[:SYNC_ITEMS_MAX], "all of it again")
                assert {each.result for each in answer.outcomes} <= {"duplicate", "conflict"}
        assert ledger.read(self.house.database, HOME).tickets == before
        self.house.clock.pass_by(hours=24)
        leasing.close_leases(self.house.database, self.house.clock())
        with self.house.database.read() as connection:
            fate: Fate = lease_store.count_fates(connection, HOME, TODAY)
        assert fate.open == 0


def play(house: House, folder: Path, seed: int) -> None:
    Day(house, folder, seed).play()


@pytest.mark.parametrize("seed", range(3))
def test_a_random_day_of_two_kiosks(both_houses: House, tmp_path: Path, seed: int) -> None:
    play(both_houses, tmp_path, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1500))
def test_five_hundred_random_days_of_two_kiosks(
    both_houses: House, tmp_path: Path, seed: int
) -> None:
    play(both_houses, tmp_path, seed)
