"""Nothing is left of a visitor some days after the visit: not in a row, not in a file, not in a
log. What counts longer is a mark alone.
"""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from queue_server.domain.access.accounts import User
from queue_server.domain.events import EventType
from queue_server.domain.visit.identity import fingerprint_nik
from queue_server.key_files import read_key
from queue_server.services import upkeep
from queue_server.services.access import sessions
from queue_server.services.privacy import wiping
from queue_server.store import tables
from queue_server.store.office import offices as office_store
from queue_server.store.writer.transaction import Transaction
from tests.fixtures.application import EMAIL, HOME, HOST, NAME, NIK, PHONE, TODAY, House

OTHER = {
    "nik": "9101014507880043",
    "name": "Wulandari Planted",
    "phone": "+6281298765433",
    "email": "wulandari.planted@contoh.id",
}
NOTED = "Anaknya bernama Xaverius Planted"
VISIT = TODAY + timedelta(days=1)


def bytes_on_disk(house: House) -> bytes:
    """Everything the database keeps: the files of SQLite, or the PostgreSQL files of the tables
    that hold something of persons.
    """
    url = house.database.url
    if house.database.is_sqlite:
        assert url.database is not None
        return b"".join(
            Path(url.database + end).read_bytes()
            for end in ("", "-wal")
            if Path(url.database + end).exists()
        )
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    files = sa.text(
        "SELECT pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class WHERE "
        "pg_relation_filepath(oid) IS NOT NULL"
        " AND relnamespace = 'public'::regnamespace"
    )
    with engine.connect() as connection:
        connection.execute(sa.text("CHECKPOINT"))
        found = b"".join(bytes(row[0]) for row in connection.execute(files))
    engine.dispose()
    return found


def left_of(house: House, *marks: str) -> set[str]:
    """Which marks are still to be found, in rows or on disk."""
    text, raw = repr(house.dump()), bytes_on_disk(house)
    return {mark for mark in marks if mark in text or mark.encode() in raw}


def mark_of(house: House, nik: str) -> str:
    return fingerprint_nik(nik, read_key(house.settings.nik_key_file))


def keep_up(house: House, *, days: int = 0) -> dict[str, int]:
    house.clock.pass_by(days=days)
    return upkeep.keep_up(house.database, house.clock())


def wiped_events(house: House, day: date) -> list[dict[str, Any]]:
    event = tables.events.c
    statement = sa.select(event.facts).where(
        event.office == HOME, event.date == day, event.type == EventType.PERSONAL_DATA_WIPED.value
    )
    with house.database.read() as connection:
        return list(connection.execute(statement).scalars())


def test_no_byte_of_a_visitor_is_left(
    both_houses: House, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    house = both_houses
    code = house.book()["code"]
    waits = {
        "service": "AKT",
        "first_date": VISIT.isoformat(),
        "last_date": VISIT.isoformat(),
        **OTHER,
    }
    joined = house.post(f"/offices/{HOME}/waitlist", body=waits)
    assert joined.status_code == 201, joined.text
    called = house.called()
    assert house.post(f"/tickets/{called['id']}/notes", "clerk", {"text": NOTED}).status_code in (
        200,
        201,
    )
    marks = (
        NIK,
        NAME,
        PHONE,
        EMAIL,
        mark_of(house, NIK),
        *OTHER.values(),
        mark_of(house, OTHER["nik"]),
        NOTED,
    )
    kept = {
        NAME,
        PHONE,
        EMAIL,
        mark_of(house, NIK),
        OTHER["name"],
        OTHER["phone"],
        OTHER["email"],
        mark_of(house, OTHER["nik"]),
        NOTED,
    }
    assert left_of(house, *marks) == kept

    keep_up(house, days=8)
    assert left_of(house, NAME) == {NAME}, "the seventh day after the visit is not over"
    assert keep_up(house, days=1)["days_wiped"] > 0
    assert left_of(house, *marks) == {mark_of(house, NIK)}
    with house.database.read() as connection:
        assert connection.execute(sa.select(tables.no_shows.c.nik_fingerprint)).scalars().all() == [
            mark_of(house, NIK)
        ]
    assert wiped_events(house, VISIT) == [{"visitors": 1, "messages": 0, "by": "upkeep"}]

    before = house.dump("wait_models")
    assert keep_up(house)["days_wiped"] == 0
    assert house.dump("wait_models") == before, "doing it again changes nothing"

    page = house.browser().get(f"/t/{code}", headers={"Host": HOST})
    assert page.status_code == 200 and NAME not in page.text
    assert house.get(f"/tickets/{code}").get_json()["status"] == "NO_SHOW"
    assert (
        house.post(f"/tickets/{code}/cancel", body={"last4": NIK[-4:]}).get_json()["code"]
        == "wrong_state"
    )

    keep_up(house, days=30)
    keep_up(house, days=1)
    assert left_of(house, *marks) == set(), "a missed visit counts no longer, and the mark goes too"
    logged = caplog.text + "".join(capfd.readouterr())
    assert not [mark for mark in marks if mark in logged]


def test_pages_from_which_rows_were_moved_hold_nothing_either(both_houses: House) -> None:
    """Many visitors who booked in no order of their visits, on many pages that are split and
    joined, wiped day by day.
    """
    house, chance = both_houses, random.Random(4)

    dates = [TODAY + timedelta(days=ahead) for ahead in range(12)]
    days = [ahead for ahead in range(12) for _ in range(200)]
    chance.shuffle(days)

    def plant(tx: Transaction, numbers: range) -> None:
        for number in numbers:
            id = f"{number:014x}{chance.randbytes(9).hex()}"
            row = {column.name: None for column in tables.tickets.c} | {
                "id": id,
                "office": HOME,
                "date": dates[days[number]],
                "code": id,
                "letter": "A",
                "service": "REK",
                "state": "CANCELLED",
                "origin": "ONLINE",
                "channel": "REGULAR",
                "created_at": house.clock(),
                "party_size": 1,
                "priority": False,
                "language": "id",
                "credit_minutes": 0,
                "calls": 0,
                "reschedules": 0,
                "extensions": 0,
                "claim_span": 0,
                "kind": "OFFICE",
                "version": 1,
            }
            tx.insert(tables.tickets, row)
            tx.insert(
                tables.visitors,
                {
                    "ticket": id,
                    "office": HOME,
                    "name": f"Planted{number:05}" + "x" * chance.randrange(30),
                    "nik_last4": "0042",
                    "nik_fingerprint": f"{chance.getrandbits(232):058x}m{number:05}",
                    "phone": f"+62{chance.randrange(10**9):09}p{number:05}",
                    "email": None,
                },
            )

    for first in range(0, len(days), 300):
        house.database.write(
            [(HOME, each) for each in dates], partial(plant, numbers=range(first, first + 300))
        )
    house.clock.pass_by(days=7)
    for _ in range(9):
        house.clock.pass_by(days=1)
        assert any(wiping.wipe_personal_data(house.database, house.clock()) for _ in range(100)), (
            "what is in the way only puts it off"
        )
    raw = bytes_on_disk(house)
    for planted in (rb"Planted(\d{5})x*", rb"[0-9a-f]{58}m(\d{5})", rb"\+62\d{9}p(\d{5})"):
        left = {int(number) for number in re.findall(planted, raw)}
        assert left == {number for number, ahead in enumerate(days) if ahead >= 9}, (
            "whose visit was within a week, and nobody else"
        )


def test_each_office_sets_its_own_limit(house: House) -> None:
    def keep_for(tx: Transaction) -> None:
        before = tx.office(HOME)
        privacy = replace(before.rules.privacy, personal_data_days=1)
        rules = replace(before.rules, privacy=privacy)
        office_store.save(tx, before, replace(before, rules=rules))
        office_store.revise(tx, HOME)

    house.book()
    house.database.write([(HOME, TODAY)], keep_for)
    keep_up(house, days=2)
    assert left_of(house, NAME) == {NAME}
    keep_up(house, days=1)
    assert left_of(house, NAME) == set()
    for language, words in (("id", "7 hari"), ("en", "7 days")):
        assert (
            words
            in house.browser()
            .get("/privacy", query_string={"lang": language}, headers={"Host": HOST})
            .text
        )


def test_log_ins_that_are_over_and_devices_that_nobody_approved_are_forgotten(house: House) -> None:
    def count() -> tuple[int, int]:
        rows = house.dump()
        return len(rows["sessions"]), len(rows["devices"])

    _, paired = count()
    clerk = User("clerk", "clerk", "Clerk", "clerk", HOME)
    house.database.write([], partial(sessions.log_in, user=clerk, secret="s", now=house.clock()))
    assert house.post("/devices", body={"kind": "kiosk"}).status_code == 201
    keep_up(house)
    house.clock.pass_by(hours=10)
    keep_up(house)
    assert count() == (1, paired + 1)
    house.clock.pass_by(minutes=1)
    keep_up(house)
    assert count() == (0, paired + 1)
    keep_up(house, days=1)
    assert count() == (0, paired)


def test_a_reader_in_the_way_only_puts_it_off(both_houses: House) -> None:
    """Whatever somebody reads meanwhile: PostgreSQL copies along what a reader of an earlier moment
    might still ask for.
    """
    house = both_houses
    house.book()
    house.clock.pass_by(days=8)
    upkeep.keep_up(house.database, house.clock())
    house.clock.pass_by(days=1)
    with house.database.read() as connection:
        connection.execute(sa.select(tables.offices)).all()
        assert wiping.wipe_personal_data(house.database, house.clock()) == 0
        assert left_of(house, NAME) == {NAME}
    assert wiping.wipe_personal_data(house.database, house.clock()) > 0
    assert wiped_events(house, VISIT) == [{"visitors": 1, "messages": 0, "by": "upkeep"}], (
        "told once"
    )
    assert left_of(house, NAME) == set()
