"""The nightly purge: counted where it deletes, sealed once, safe to repeat. On both databases."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from queue_server.domain.events import EventType
from queue_server.domain.messages.message import Message, MessageChannel, MessageKind, MessageState
from queue_server.domain.privacy.purges import find_broken
from queue_server.domain.privacy.retention import DataKind
from queue_server.services import upkeep
from queue_server.services.backup.files import drop_older, name_backup
from queue_server.services.privacy import purging
from queue_server.store import tables
from queue_server.store.messages import messages as message_store
from queue_server.store.privacy import purges as purge_store
from queue_server.store.privacy import wiping as wiping_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction
from tests.fixtures.application import ELSEWHERE, HOME, NAME, TODAY, House


def nights(house: House, office: str = HOME) -> list[dict[str, int]]:
    """What each finished night has deleted, the oldest first."""
    with house.database.read() as connection:
        purges = purge_store.list_finished(connection, office)
    assert find_broken(purges) is None
    return [{each.kind.value: each.rows for each in purge.rows if each.rows} for purge in purges]


def next_night(house: House, days: int = 1) -> None:
    house.clock.pass_by(days=days)
    upkeep.keep_up(house.database, house.clock())


def test_a_night_counts_what_it_deletes_by_kind_and_is_sealed_once(both_houses: House) -> None:
    house = both_houses
    house.book()
    upkeep.keep_up(house.database, house.clock())
    first = nights(house)
    assert len(first) == 1 and not first[0]
    next_night(house, 8)
    assert not nights(house)[-1].get("visitors")
    next_night(house)
    assert nights(house)[-1]["visitors"] == 1 and nights(house)[-1]["sources"] == 1
    assert nights(house, ELSEWHERE)[-1] == {}
    before = house.dump()
    upkeep.keep_up(house.database, house.clock())
    assert house.dump("wait_models", "probes") == {
        name: rows for name, rows in before.items() if name not in ("wait_models", "probes")
    }, "again it changes nothing"
    with house.database.read() as connection:
        facts = connection.execute(
            sa.select(tables.events.c.facts)
            .where(tables.events.c.type == EventType.PURGE_FINISHED.value)
            .order_by(tables.events.c.date.desc())
        ).scalars()
        newest = next(iter(facts))
        last = purge_store.list_finished(connection, HOME, nights=1)[-1]
    assert newest == {"rows": last.deleted, "digest": last.digest, "by": "upkeep"}
    assert NAME not in repr(house.dump("visitors"))


def test_what_is_deleted_after_the_seal_belongs_to_the_next_night(house: House) -> None:
    upkeep.keep_up(house.database, house.clock())
    house.database.write(
        [], partial(purge_store.count, office=HOME, kind=DataKind.NOTES, rows=2, now=house.clock())
    )
    upkeep.keep_up(house.database, house.clock())
    assert nights(house)[-1] == {}
    next_night(house)
    assert nights(house)[-1]["notes"] == 2


def test_a_night_with_somebody_in_the_way_is_sealed_later_and_loses_no_count(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.book()
    next_night(house, 9)
    known = len(nights(house))
    house.book(slot=house.slot(10, day=10))
    monkeypatch.setattr(wiping_store, "clear_up", lambda url: False)
    next_night(house, 9)
    assert len(nights(house)) == known
    monkeypatch.undo()
    upkeep.keep_up(house.database, house.clock())
    assert nights(house)[-1]["visitors"] == 1


def test_records_of_messages_end_after_their_days_but_not_of_visits_ahead(
    both_houses: House,
) -> None:
    house = both_houses
    kept = house.database.find_office(HOME).rules.privacy.message_days
    code = house.book()["code"]
    with house.database.read() as connection:
        past = ticket_store.find_by_code(connection, code)
    ahead = house.clock() + timedelta(days=kept)

    def plant(tx: Transaction) -> None:
        for number, (ticket, state) in enumerate(
            ((past.id, MessageState.SENT), ("unknown", MessageState.SENT))
        ):
            message_store.add(
                tx,
                Message(
                    f"planted{number}",
                    HOME,
                    ticket,
                    MessageKind.REMINDER,
                    f"{number}",
                    MessageChannel.EMAIL,
                    state,
                    house.clock(),
                ),
            )
        tx.change(tables.messages.update().values(ended_at=house.clock()))

    house.database.write([], plant)

    def planted() -> set[str]:
        with house.database.read() as connection:
            return {
                id
                for id in connection.execute(sa.select(tables.messages.c.id)).scalars()
                if id.startswith("planted")
            }

    purging.forget_expired(house.database, ahead)
    assert planted() == {"planted0", "planted1"}, "to the day"
    house.database.write(
        [(HOME, TODAY)],
        lambda tx: tx.change(
            tables.tickets.update()
            .where(tables.tickets.c.id == past.id)
            .values(date=TODAY + timedelta(days=3))
        ),
    )
    purging.forget_expired(house.database, ahead + timedelta(seconds=1))
    assert planted() == {"planted0"}, "the visit was still ahead then"
    purging.forget_expired(house.database, ahead + timedelta(days=4))
    assert planted() == set()


def test_an_office_whose_purge_does_not_end_is_named(house: House) -> None:
    def late() -> list[str]:
        with house.database.read() as connection:
            return purging.list_late(connection, house.database, house.clock())

    house.book()
    upkeep.keep_up(house.database, house.clock())
    assert late() == []
    house.clock.pass_by(days=2)
    assert late() == []
    house.clock.pass_by(seconds=1)
    assert late() == [HOME, ELSEWHERE]
    upkeep.purge(house.database, house.clock())
    assert late() == []


def test_backups_older_than_the_strictest_office_allows_are_deleted(
    house: House, tmp_path: Path
) -> None:
    now = house.clock()
    for days in (0, 29, 30, 31):
        name_backup(tmp_path, now - timedelta(days=days)).write_bytes(b"x")
    (tmp_path / "antrean-20200101T000000Z.backup.note").write_bytes(b"another's")
    gone = drop_older(tmp_path, purging.backups_since(house.database, now))
    assert [each.name for each in gone] == [name_backup(tmp_path, now - timedelta(days=31)).name]
    purging.count_backups(house.database, len(gone), now)
    upkeep.keep_up(house.database, now)
    assert nights(house)[-1]["backups"] == 1
