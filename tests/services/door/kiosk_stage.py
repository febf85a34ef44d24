"""A small office with two kiosks that may go on without the server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from queue_server.domain.door.leases import Lease, Number
from queue_server.domain.door.offline import Conflict, Report
from queue_server.services.access import devices
from queue_server.services.door import leasing, syncing
from queue_server.services.door.syncing import Sender, Synced
from queue_server.store.door import conflicts as conflict_store
from queue_server.store.door import leased_places as leased_store
from queue_server.store.door import leases as lease_store
from queue_server.store.writer.database import Database
from tests.services import stage

WANTED = {"A": 20, "C": 20}


@dataclass(frozen=True)
class Kiosk:
    """A kiosk of an office, and the random name of its installation."""

    database: Database
    office: str
    device: str
    installation: str

    @property
    def sender(self) -> Sender:
        return Sender(self.office, self.device, f"kiosk:{self.device}")

    def grant(
        self,
        now: datetime,
        wanted: Mapping[str, int] | None = None,
        day: date = stage.TODAY,
        installation: str | None = None,
    ) -> Lease:
        return self.database.write(
            [(self.office, day)],
            lambda tx: leasing.grant(
                tx,
                self.office,
                self.device,
                installation or self.installation,
                WANTED if wanted is None else wanted,
                day,
                now,
            ),
        )

    def numbers(self, lease: Lease, letter: str = "A") -> list[Number]:
        with self.database.read() as connection:
            unused = lease_store.list_unused(connection, lease)
        return [each for each in unused if each.letter == letter]

    def places(self, lease: Lease, letter: str = "A") -> int:
        with self.database.read() as connection:
            held = leased_store.list_of_day(connection, self.office, lease.date, lease.id)
        return sum(each.claim.letter == letter and not each.used for each in held)

    def sync(self, now: datetime, *reports: Report, key: str | None = None) -> list[Synced]:
        return syncing.sync_each(self.database, self.sender, reports, key, "digest", now)

    def sync_one(self, now: datetime, report: Report) -> tuple[str, str | None, str | None]:
        [done] = self.sync(now, report)
        return done.result, None if done.reason is None else done.reason.value, done.number


def report(number: Number, minute: float, service: str | None = "REK", **more: Any) -> Report:
    """A number that a kiosk gave by itself at a minute of the day."""
    return Report(number.id, number.lease, number.number, stage.at(minute), service, **more)


def open_kiosks(
    database: Database, office: str, many: int = 2, *, now: float = 7 * 60
) -> list[Kiosk]:
    """Pair kiosks with an office that is open already."""
    kiosks = []
    for place in range(many):
        device = database.write(
            [],
            lambda tx, place=place: devices.add_paired(
                tx, "kiosk", office, f"Kiosk {place + 1}", f"{office}-{place}", stage.at(now)
            ),
        )
        kiosks.append(Kiosk(database, office, device.id, f"installation-{office}-{place}"))
    return kiosks


def conflicts(database: Database, office: str, day: date = stage.TODAY) -> Sequence[Conflict]:
    with database.read() as connection:
        return conflict_store.list_of_office(connection, office, day, 1000)
