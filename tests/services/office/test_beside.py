"""What is kept beside an office's settings stands in the same history, on both databases, and is
taken back the same way: messages, the room, screens, names of devices.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from queue_server.domain.errors import CannotUndo, Changed
from queue_server.domain.messages.message import MessageKind
from queue_server.domain.messages.wording import Words
from queue_server.domain.office.changes import BesideChange
from queue_server.domain.office.office import Office
from queue_server.domain.office.settings.beside import differ
from queue_server.domain.room.zones import Method, Zone, ZoneKind
from queue_server.services import upkeep
from queue_server.services.access import device_orders, displays
from queue_server.services.messages.wording import set_words
from queue_server.services.office import rooms
from queue_server.services.office.beside import find_present
from queue_server.services.office.changes import apply_change, plan_undo, preview_change
from queue_server.services.office.offices import add_office
from queue_server.store.access import devices as device_store
from queue_server.store.access.devices import Device
from queue_server.store.office import history as history_store
from queue_server.store.office.history import SettingChange
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction
from tests.fixtures.application import TODAY, at, make_office
from tests.services.stage import new_code

WORDS = Words("{service}", "{number} {counter}", "{number} {counter}")
HALL = Zone(
    "waiting-room-1", ZoneKind.WAITING_ROOM, (Method.DENSITY,), 10.0, 8.0, area_per_person_m2=4.0
)
CALL = f"message/{MessageKind.CALL.value}"
ALL = [f"{CALL}/id", "room/waiting-room-1", "building", "display/tv1/zone", "device/tv1/name"]

Make = Callable[[Transaction, str], object]


@pytest.fixture
def office(database: Database) -> Office:
    made = make_office(new_code())

    def furnish(tx: Transaction) -> None:
        add_office(tx, made)
        for id in ("tv1", "tv2"):
            device = Device(f"{made.code}{id}", "display", id, made.code, "PAIRED", at(8))
            device_store.add(tx, device)
            displays.add_settings(tx, made.code, device.id)

    database.write([(made.code, TODAY)], furnish)
    upkeep.plan_office(database, made.code, at(9))
    database.write(
        [(made.code, TODAY)], lambda tx: rooms.put_zone(tx, made.code, HALL, "ani", at(9))
    )
    return database.find_office(made.code)


def present(database: Database, office: Office) -> dict[str, object]:
    paths = [each.replace("tv1", f"{office.code}tv1") for each in ALL]
    with database.read() as connection:
        return dict(find_present(connection, office.code, paths))


def newest(database: Database, office: Office) -> SettingChange:
    with database.read() as connection:
        return history_store.list_newest(connection, office.code, 1)[0]


def take_back(database: Database, office: Office, revision: int) -> None:
    with database.read() as connection:
        wanted = plan_undo(connection, database.find_office(office.code), revision, at(9))
        preview_change(connection, database.find_office(office.code), wanted, at(9))
    command = partial(
        apply_change, office=office.code, change=wanted, by="budi", now=at(9), undoes=revision
    )
    database.write([(office.code, TODAY)], command)


def _word(tx: Transaction, office: str) -> object:
    return set_words(tx, office, MessageKind.CALL, {"id": WORDS, "en": WORDS}, "ani", at(9))


def _speak(tx: Transaction, office: str) -> object:
    settings = displays.find_settings(tx, tx.office(office), f"{office}tv2")
    return displays.set_display(
        tx, office, f"{office}tv2", replace(settings, voice=True, volume=30), "ani", at(9)
    )


def put(tx: Transaction, office: str, parts: dict[str, object]) -> object:
    return apply_change(tx, office, BesideChange(parts), "ani", at(9))


CHANGES: list[tuple[Make, set[str]]] = [
    (_word, {f"{CALL}/id", f"{CALL}/en"}),
    (
        lambda tx, office: rooms.put_zone(tx, office, replace(HALL, length_m=12.0), "ani", at(9)),
        {"room/waiting-room-1/length_m"},
    ),
    (lambda tx, office: put(tx, office, {f"room/{HALL.name}": None}), {"room/waiting-room-1"}),
    (lambda tx, office: put(tx, office, {"building": 40}), {"building"}),
    (
        _speak,
        {"display/{office}tv1/voice", "display/{office}tv2/voice", "display/{office}tv2/volume"},
    ),
    (
        lambda tx, office: device_orders.rename(tx, office, f"{office}tv1", "Aula", "ani", at(9)),
        {"device/{office}tv1/name"},
    ),
]


@pytest.mark.parametrize(("make", "paths"), CHANGES)
def test_a_change_is_kept_part_by_part_and_taken_back_once(
    database: Database, office: Office, make: Make, paths: set[str]
) -> None:
    before = present(database, office)
    database.write([(office.code, TODAY)], lambda tx: make(tx, office.code))
    made = newest(database, office)
    assert made.parts.keys() == {each.format(office=office.code) for each in paths}
    assert made.parts == differ(before, present(database, office))
    assert (made.by, made.revision) == ("ani", database.find_office(office.code).revision)
    take_back(database, office, made.revision)
    assert present(database, office) == before
    undone = newest(database, office)
    assert (undone.by, undone.undoes) == ("budi", made.revision)
    with pytest.raises(CannotUndo):
        take_back(database, office, made.revision)


def test_what_was_changed_again_or_is_gone_is_not_taken_back(
    database: Database, office: Office
) -> None:
    def write(make: Make) -> int:
        database.write([(office.code, TODAY)], lambda tx: make(tx, office.code))
        return newest(database, office).revision

    first = write(lambda tx, code: put(tx, code, {"building": 40}))
    write(lambda tx, code: put(tx, code, {"building": 50}))
    wider = replace(HALL, length_m=12.0)
    zone = write(lambda tx, code: rooms.put_zone(tx, code, wider, "ani", at(9)))
    write(lambda tx, code: put(tx, code, {f"room/{HALL.name}": None}))
    for revision in (first, zone):
        with pytest.raises(CannotUndo):
            take_back(database, office, revision)


def test_of_two_managers_with_one_room_or_one_name_the_second_is_told(
    database: Database, office: Office
) -> None:
    days = [(office.code, TODAY)]

    def limit(number: int) -> object:
        change = BesideChange({"building": number})
        return database.write(
            days, lambda tx: apply_change(tx, office.code, change, "ani", at(9), office.revision)
        )

    def rename(name: str) -> object:
        return database.write(
            days,
            lambda tx: device_orders.rename(
                tx, office.code, f"{office.code}tv1", name, "ani", at(9), seen="tv1"
            ),
        )

    limit(40)
    rename("Aula")
    for late in (partial(limit, 50), partial(rename, "Pintu")):
        with pytest.raises(Changed):
            late()
    assert present(database, office)["building"] == 40


def test_the_first_settings_of_a_screen_are_no_change(database: Database, office: Office) -> None:
    with database.read() as connection:
        made = history_store.list_newest(connection, office.code, 9)
    assert [list(each.parts) for each in made] == [[f"room/{HALL.name}"]]
