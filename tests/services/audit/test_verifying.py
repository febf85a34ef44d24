"""A log that was tampered with is told by its chain, on both databases: what is wrong, and with
which row first.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.commands.doctor import examine
from queue_server.domain.audit.chain import begin_day, grow
from queue_server.domain.events import Event, EventType
from queue_server.effects import chain as chain_effect
from queue_server.effects.chain import SWEEP, ChainDelivery
from queue_server.store import tables
from queue_server.store.audit import chains, log_rows
from tests.fixtures.application import ELSEWHERE, HOME, TODAY, House
from tests.services.audit.tampering import (
    DAY,
    EVENTS,
    at,
    chain,
    faults,
    last_seq,
    row,
    serve_some,
    tamper,
    verify,
)


@pytest.fixture
def house(both_houses: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """An office with some events, and the command line on its database."""
    serve_some(both_houses)
    settings = both_houses.settings
    monkeypatch.setenv("ANTREAN_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("ANTREAN_SECRET_KEY_FILE", str(settings.secret_key_file))
    monkeypatch.setenv("ANTREAN_NIK_KEY_FILE", str(settings.nik_key_file))
    return both_houses


def test_a_log_that_nobody_touched_is_proved_whole(house: House) -> None:
    assert chain(house) > 6
    result = verify()
    assert result.exit_code == 0 and "not chained" not in result.output
    assert result.output.endswith("Every row is as it was when the chain was made.\n")
    assert [line.partition(":")[0] for line in result.output.splitlines()[:2]] == [HOME, ELSEWHERE]


def test_a_chain_that_is_behind_proves_what_it_has_and_says_what_is_left(house: House) -> None:
    assert verify().exit_code == 0
    chain(house)
    house.walk_in()
    [home, elsewhere] = json.loads(verify("--json").output)["offices"]
    assert (home["unchained"], elsewhere["unchained"]) == (1, 0)
    tamper(house, EVENTS.update().where(at(3)).values(type="called"))
    assert faults() == [row("changed", 3)]


@pytest.mark.parametrize(
    "changed",
    [
        {"type": "cancelled"},
        {"type": "never heard of"},
        {"ticket": None},
        {"ticket": "another"},
        {"facts": {"by": "somebody"}},
        {"at": sa.literal_column("at + interval '1 second'")},
    ],
    ids=lambda each: "-".join(map(str, each.values())),
)
def test_a_changed_row_is_named(house: House, changed: dict[str, Any]) -> None:
    chain(house)
    if "at" in changed and house.database.is_sqlite:
        changed = {"at": sa.literal_column("at + 1000000")}
    tamper(house, EVENTS.update().where(at(4)).values(changed))
    assert faults() == [row("changed", 4)]
    assert f"FAIL {DAY} event 4 was changed" in verify().output


def test_a_missing_row_is_named_in_the_middle_and_at_the_end(house: House) -> None:
    chain(house)
    last = last_seq(house)
    tamper(house, EVENTS.delete().where(at(last)))
    assert faults() == [row("missing", last)]
    tamper(house, EVENTS.delete().where(at(3)))
    assert faults() == [row("missing", 3)]


def test_a_row_that_goes_missing_with_its_hash_and_count_is_still_missing(house: House) -> None:
    chain(house)
    last, hashes, days = last_seq(house), tables.event_hashes, tables.office_days
    todays = sa.and_(hashes.c.office == HOME, hashes.c.date == TODAY)
    tamper(
        house,
        EVENTS.delete().where(at(last)),
        hashes.delete().where(todays, hashes.c.seq == last),
        days.update().where(days.c.office == HOME, days.c.date == TODAY).values(seq=last - 1),
    )
    assert faults() == [row("missing", last)], "a link has kept it"


def test_a_row_that_is_not_chained_yet_cannot_go_missing_either(house: House) -> None:
    chain(house)
    house.walk_in()
    last = last_seq(house)
    tamper(house, EVENTS.delete().where(at(last)))
    assert faults() == [row("missing", last)]
    assert chain(house) == 0, "there is nothing to go on with"


def test_two_swapped_rows_are_named(house: House) -> None:
    chain(house)

    def swap(connection: Connection) -> None:
        for before, after in ((3, 0), (6, 3), (0, 6)):
            connection.execute(EVENTS.update().where(at(before)).values(seq=after))

    tamper(house, swap)
    assert faults() == [row("swapped", 3, other=6)]
    assert "event 3 was swapped with event 6" in verify().output


def test_an_added_row_is_named_wherever_it_stands(house: House) -> None:
    chain(house)
    last = last_seq(house)
    row_of = sa.select(EVENTS).where(at(2))

    def add(seq: int) -> Callable[[Connection], object]:
        return lambda connection: connection.execute(
            EVENTS.insert(), {**connection.execute(row_of).one()._asdict(), "seq": seq}
        )

    tamper(house, add(last + 1))
    assert faults() == [row("added", last + 1)]
    tamper(house, add(0))
    assert faults() == [row("added", 0)]


def test_a_day_that_was_invented_is_named(house: House) -> None:
    chain(house)
    day = TODAY - timedelta(days=400)
    some = {"office": HOME, "date": day, "seq": 1, "type": "called", "at": house.clock()}
    tamper(house, EVENTS.insert().values({**some, "ticket": None, "facts": {}}))
    assert faults() == [row("added", 1) | {"date": day.isoformat()}]
    assert faults("--from", DAY) == [], "only the days that were asked for"


def test_a_chain_that_was_made_anew_over_a_change_differs_from_its_links(house: House) -> None:
    chain(house)
    hashes = tables.event_hashes
    tamper(
        house,
        EVENTS.update().where(at(3)).values(type="called"),
        hashes.delete().where(hashes.c.office == HOME, hashes.c.date == TODAY),
    )
    assert chain(house) == last_seq(house)
    assert [each["kind"] for each in faults()] == ["changed"]


def test_a_broken_chain_link_is_named(house: House) -> None:
    chain(house)
    links = tables.chain_links
    first = sa.and_(links.c.office == HOME, links.c.number == 1)
    tamper(house, links.update().where(first).values(hash=bytes(32)))
    [fault] = faults()
    assert (fault["kind"], fault["number"]) == ("link_changed", 1)
    tamper(house, links.delete().where(first))
    assert [(each["kind"], each["number"]) for each in faults()] == [("link_missing", 1)]


def test_links_cut_off_at_the_end_are_missing(house: House) -> None:
    chain(house)
    links = tables.chain_links
    with house.database.read() as connection:
        head = log_rows.find_head(connection, HOME)
    assert head is not None
    tamper(house, links.delete().where(links.c.office == HOME, links.c.number == head[0]))
    assert [(each["kind"], each["number"]) for each in faults()] == [("link_missing", head[0])]


def test_a_hash_that_is_gone_is_named(house: House) -> None:
    chain(house)
    hashes = tables.event_hashes
    tamper(
        house,
        hashes.delete().where(hashes.c.office == HOME, hashes.c.date == TODAY, hashes.c.seq == 2),
    )
    assert faults() == [row("hash_missing", 2)]


def test_what_was_noted_elsewhere_shows_a_chain_that_was_wholly_made_anew(
    house: House, tmp_path: Path
) -> None:
    chain(house)
    noted = tmp_path / "noted.json"
    noted.write_text(verify("--json").output)
    house.walk_in()
    chain(house)
    assert verify("--anchor", str(noted)).exit_code == 0
    tamper(
        house,
        EVENTS.update().where(at(3)).values(type="called"),
        *(each.delete() for each in (tables.event_hashes, tables.chain_links, tables.chain_heads)),
    )
    chain(house)
    assert verify().exit_code == 0, "who can write everywhere leaves no trace inside"
    assert "was made anew" in verify("--anchor", str(noted)).output
    noted.write_text("{}")
    assert verify("--anchor", str(noted)).exit_code == 2


def test_the_doctor_tells_of_a_chain_that_stands_still_beside_a_running_server(
    house: House,
) -> None:
    house.clock.pass_by(hours=2)
    offset = (house.clock() - datetime.now(UTC)).total_seconds()
    moved = house.settings.model_copy(update={"clock_offset_seconds": offset})

    def look() -> dict[str, Any]:
        return next(each for each in examine(moved)["checks"] if each["name"] == "log chain")

    assert look()["ok"] and "not chained" in look()["detail"], "no server, no fault"
    house.application.probe.step()
    assert not look()["ok"]
    chain(house)
    assert look()["ok"] and look()["detail"] == "up to the last hour"


def test_wrong_usage_ends_with_2_and_an_unknown_office_with_1(house: House) -> None:
    assert verify("--from", "2026-11-24", "--to", "2026-11-23").exit_code == 2
    assert verify("--from", "yesterday").exit_code == 2
    unknown = verify("--office", "0000")
    assert unknown.exit_code == 1 and "0000" in unknown.output


def test_batches_of_any_size_make_the_same_hashes(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain_effect, "BATCH", 3)
    chain(house)
    assert faults() == []
    with house.database.read() as connection:
        rows = log_rows.list_rows(connection, HOME, DAY)
    whole = grow(HOME, 0, b"", [(begin_day(HOME, DAY), rows)])
    assert [each.hash for each in rows] == [value for _, _, value in whole.hashes]


def test_two_processes_never_chain_the_same_events(house: House) -> None:
    """The second one finds the lease; who was too slow writes nothing any more."""
    now, lease = house.clock(), ChainDelivery.lease
    slow, quick = (ChainDelivery(house.database, house.clock) for _ in range(2))
    with house.database.read() as connection:
        owed = next(each for each in slow.list_due(connection, now) if each.office == HOME)
    assert house.database.write([], lambda tx: slow.claim(tx, owed, now, now + lease))
    _, settle_late = slow.carry_out(owed, now)
    with house.database.read() as connection:
        assert HOME not in [each.office for each in quick.list_due(connection, now)]
    assert not house.database.write([], lambda tx: quick.claim(tx, owed, now, now + lease))
    house.clock.now += lease
    assert chain(house) > 0
    house.database.write([], settle_late)
    assert faults() == []


def test_an_event_on_a_day_gone_by_is_chained_at_the_next_sweep(house: House) -> None:
    old = TODAY - timedelta(days=60)
    delivery = ChainDelivery(house.database, house.clock)
    while delivery.step():
        pass

    wiped = Event(EventType.PERSONAL_DATA_WIPED, HOME, old, house.clock(), None, {})
    house.database.write([(HOME, old)], lambda tx: tx.record(wiped))
    house.clock.pass_by(minutes=1)
    assert delivery.step() == 0
    house.clock.now += SWEEP
    assert delivery.step() == 1
    assert faults() == []
    with house.database.read() as connection:
        assert chains.count_unchained(connection, house.clock()) == 0
