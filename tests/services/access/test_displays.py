"""The settings of an office's screens, on both databases: one voice in a zone, one event a change,
and versions that follow what is sent.
"""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import replace
from typing import Any

import pytest

from queue_server.domain.errors import BadInput, Changed, UnknownDevice
from queue_server.domain.office.devices.displays import Hall, ScreenSettings
from queue_server.services.access import devices, displays
from queue_server.store import tables
from queue_server.store.access import displays as display_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction
from tests.services import ledger, stage
from tests.services.rush import CLIENTS, rush_commands

CODE, BOSS = "o1", "manager"
KEY = (CODE, stage.TODAY)
NOW = stage.at(9 * 60)


@pytest.fixture
def office(databases: list[Database]) -> list[Database]:
    stage.open_office(databases[0], stage.small_office(CODE, limit=None))
    return databases


def add_screens(
    database: Database, many: int, kind: str = "display", name: str = "TV"
) -> list[str]:
    def add(tx: Transaction) -> list[str]:
        return [
            devices.add_paired(tx, kind, CODE, f"{name} {n}", f"{kind}-{name}-{n}", NOW).id
            for n in range(many)
        ]

    return database.write([KEY], add)


def known(database: Database) -> dict[str, ScreenSettings]:
    with database.read() as connection:
        return display_store.list_of_office(connection, CODE)


def put(
    database: Database, screen: str, version: str | None = None, **change: Any
) -> ScreenSettings:
    told = replace(known(database).get(screen, ScreenSettings()), **change)
    return database.write(
        [KEY], lambda tx: displays.set_display(tx, CODE, screen, told, BOSS, NOW, version)
    )


def speaking(database: Database) -> list[str]:
    return [id for id, each in known(database).items() if each.voice]


def changes(database: Database) -> list[dict[str, Any]]:
    return [
        dict(each.facts)
        for each in ledger.read(database, CODE).events
        if each.type == "display_set"
    ]


def send(database: Database, screen: str, has: object) -> Any:
    with database.read() as connection:
        current = database.offices.get(connection, CODE)
        return displays.find_news(connection, current, screen, has)


def test_the_first_screen_of_an_office_speaks(office: list[Database]) -> None:
    first, *_others = add_screens(office[0], 3)
    assert speaking(office[0]) == [first]
    add_screens(office[0], 1, "kiosk")
    assert len(known(office[0])) == 3, "a kiosk has no settings of a screen"


def test_one_voice_is_taken_when_another_is_given_and_both_are_told(office: list[Database]) -> None:
    first, second, far = add_screens(office[0], 3)
    put(office[0], far, zone="Lantai 2", voice=True)
    assert sorted(speaking(office[0])) == sorted([first, far])
    put(office[0], second, voice=True)
    assert sorted(speaking(office[0])) == sorted([second, far])
    told = {each["device"]: each["changed"] for each in changes(office[0])[1:]}
    assert told == {first: {"voice": [True, False]}, second: {"voice": [False, True]}}
    put(office[0], second, zone="  LANTAI  2 ", voice=True)
    assert speaking(office[0]) == [second] and known(office[0])[second].zone == "Lantai 2"


def test_the_same_settings_change_nothing(office: list[Database]) -> None:
    [screen] = add_screens(office[0], 1)
    put(office[0], screen)
    assert changes(office[0]) == []


def test_settings_that_somebody_else_has_changed_are_not_overwritten(
    office: list[Database],
) -> None:
    [screen] = add_screens(office[0], 1)
    seen = send(office[0], screen, None).version
    put(office[0], screen, seen, volume=10)
    with pytest.raises(Changed):
        put(office[0], screen, seen, volume=20)
    assert known(office[0])[screen].volume == 10


def test_what_is_no_screen_at_work_has_no_settings(office: list[Database]) -> None:
    [kiosk] = add_screens(office[0], 1, "kiosk")
    [screen] = add_screens(office[0], 1)
    for device in (kiosk, "made-up"):
        with pytest.raises(UnknownDevice):
            put(office[0], device, volume=10)
    with pytest.raises(BadInput):
        put(office[0], screen, halls=(Hall({}, ("o1-99",)),))
    office[0].write([KEY], lambda tx: devices.revoke(tx, CODE, screen, BOSS, NOW))
    with pytest.raises(UnknownDevice):
        put(office[0], screen, volume=10)
    assert known(office[0]) == {} and send(office[0], screen, None) is None
    [next_one] = add_screens(office[0], 1, name="New")
    assert speaking(office[0]) == [next_one], "the voice of a revoked screen is free"


def test_a_screen_is_sent_what_it_does_not_have(office: list[Database]) -> None:
    [screen] = add_screens(office[0], 1)
    sent = send(office[0], screen, "")
    assert sent.voice and send(office[0], screen, sent.version) is None
    counter = f"{CODE}-1"
    put(office[0], screen, layout="counter", halls=(Hall({}, (counter,)),))
    again = send(office[0], screen, sent.version)
    [name] = again.halls[0].counters
    assert name and name != counter, "by the name that calls carry"
    with office[0].read() as connection:
        current = office[0].offices.get(connection, CODE)
    renamed = replace(
        current,
        counters=tuple(
            replace(each, name="Meja") if each.id == counter else each for each in current.counters
        ),
    )
    settings = known(office[0])[screen]
    assert displays.version_of(renamed, settings) != displays.version_of(current, settings)
    assert displays.view_settings(renamed, settings).halls[0].counters == ("Meja",)


def test_of_fifty_voices_of_one_zone_one_is_left(office: list[Database]) -> None:
    screens = add_screens(office[0], 5)
    before = known(office[0])

    def speak(tx: Transaction, number: int) -> str:
        screen = screens[number % 5]
        told = replace(before[screen], voice=True, volume=number)
        displays.set_display(tx, CODE, screen, told, BOSS, NOW)
        return screen

    rush_commands(office, [KEY], speak)
    assert len(speaking(office[0])) == 1
    told = changes(office[0])
    given = Tally(each["device"] for each in told if each["changed"].get("voice", [1])[-1] is True)
    assert len(told) >= CLIENTS and sum(given.values()) >= 1
    rows = list(stage.rows_of(office[0], tables.display_settings, CODE))
    assert sum(bool(row.voice) for row in rows) == 1


def test_of_two_managers_with_one_page_one_is_heard(office: list[Database]) -> None:
    screens = add_screens(office[0], 2)
    seen = {each: send(office[0], each, None).version for each in screens}
    silent = next(each for each in screens if each not in speaking(office[0]))
    told = replace(known(office[0])[silent], voice=True)

    def speak(tx: Transaction, number: int) -> str:
        wanted = replace(told, volume=number + 1)
        displays.set_display(tx, CODE, silent, wanted, BOSS, NOW, seen[silent])
        return "set"

    got = Tally(rush_commands(office, [KEY], speak))
    assert got == {"set": 1, "changed": CLIENTS - 1} and speaking(office[0]) == [silent]
