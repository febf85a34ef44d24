"""A lease for tests, and a kiosk's records with it."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from pathlib import Path

from kiosk.issuing.lessor import Lessor
from kiosk.issuing.stop import Stop
from kiosk.link.clock import Machine, OfficeClock
from kiosk.records.database import Records
from kiosk.records.journal import Entry, Journal, Wish
from kiosk.records.leases import LeaseBook
from queue_server.protocol.leases import (
    Lease,
    LeasedBooking,
    LeasedNumber,
    LeasedPeriod,
    LeasedService,
    digest_code,
)

NOW = datetime.fromisoformat("2026-11-23T09:00:00+07:00")
KEY = "ab" * 32
PIN = "271828"
CODE = "7F3K9Q2M4N5P"


def number(letter: str, sequence: int) -> LeasedNumber:
    name = f"{letter}{sequence}"
    return LeasedNumber(name, f"l-{name}", f"K9Q2M4N5P{name}"[:12], letter)


def booking(code: str = CODE, **changes: object) -> LeasedBooking:
    made = LeasedBooking(
        digest=digest_code(KEY, code),
        stream="A",
        service="REK",
        starts_at="2026-11-23T09:30:00+07:00",
        ends_at="2026-11-23T09:45:00+07:00",
        check_in_from="2026-11-23T08:30:00+07:00",
        check_in_until="2026-11-23T10:30:00+07:00",
        party_size=2,
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


LEASE = Lease(
    lease="lease-1",
    date="2026-11-23",
    state="ACTIVE",
    epoch=1,
    now=NOW.isoformat(),
    offline_until="2026-11-23T15:00:00+07:00",
    office="3674",
    office_name="Dukcapil Kota Tangerang Selatan",
    zone="Asia/Jakarta",
    mode="NORMAL",
    public_url="https://antrean.example/",
    key=KEY,
    pin_digest=digest_code(KEY, PIN),
    periods=(
        LeasedPeriod("2026-11-23T08:00:00+07:00", "2026-11-23T12:00:00+07:00"),
        LeasedPeriod("2026-11-23T13:00:00+07:00", "2026-11-23T15:00:00+07:00"),
    ),
    services=(
        LeasedService(
            "REK",
            "A",
            "U",
            {"id": "Perekaman KTP-el", "en": "ID card enrolment"},
            {"id": "", "en": ""},
            10,
            "MUST_COME",
        ),
        LeasedService(
            "KK",
            "F",
            "U",
            {"id": "Kartu Keluarga", "en": "Family card"},
            {"id": "", "en": ""},
            15,
            "ONLINE",
            reason="mode",
        ),
    ),
    streams={
        "A": {"id": "Perekaman", "en": "Enrolment"},
        "F": {"id": "Pendaftaran", "en": "Registration"},
        "U": {"id": "Urgen", "en": "Urgent"},
    },
    numbers=tuple(number("A", each) for each in range(501, 511))
    + tuple(number("F", each) for each in range(501, 504))
    + tuple(number("U", each) for each in range(501, 503)),
    bookings=(booking(),),
    party_max=4,
)


class Desk:
    """A kiosk's records with a lease, at a time of our own."""

    def __init__(self, folder: Path, lease: Lease | None = LEASE) -> None:
        self.now = NOW
        self.records = Records(folder / "journal.sqlite3")
        self.journal, self.book = Journal(self.records), LeaseBook(self.records)
        machine = Machine(
            lambda: self.now.timestamp(),
            lambda: self.now.timestamp() - NOW.timestamp(),
            "boot",
            keeps_time=True,
        )
        self.clock = OfficeClock(self.records, machine)
        self.clock.set(NOW)
        self.lessor = Lessor(
            self.book, self.journal, self.clock, Stop(self.records, machine.wall_clock)
        )
        if lease is not None:
            self.book.store(lease)

    def pass_time(self, **span: float) -> None:
        self.now += timedelta(**span)

    def touch(self, key: str, wish: Wish, superseded_key: str | None = None) -> Entry:
        """A touch that is answered from the lease. Raises `LeaseRefused`."""
        self.journal.write(key, wish, self.now.timestamp())
        self.lessor.give(key, superseded_key)
        entry = self.journal.entry(key)
        assert entry is not None
        return entry
