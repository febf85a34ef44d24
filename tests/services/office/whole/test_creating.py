"""Offices made, replaced by a file, filled step by step, and deleted; on both kinds of database."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.errors import (
    BadInput,
    Changed,
    CounterIdTaken,
    OfficeCodeTaken,
    OfficeInUse,
    UnknownOffice,
)
from queue_server.domain.events import EventType
from queue_server.domain.office.hours import Hours
from queue_server.domain.office.office import Counter, Office, Stream
from queue_server.domain.office.whole.file import keep_standing
from queue_server.domain.office.whole.steps import Mark, State, Step
from queue_server.domain.room.capacity import Room
from queue_server.domain.room.zones import Method, Zone, ZoneKind
from queue_server.domain.visit.identity import Visitor
from queue_server.services import upkeep
from queue_server.services.access import accounts
from queue_server.services.booking import booking
from queue_server.services.office.whole import set_up
from queue_server.services.office.whole.catalogues import DUKCAPIL, load_catalogue
from queue_server.services.office.whole.creating import (
    create_office,
    preview_replacing,
    replace_office,
)
from queue_server.services.office.whole.deleting import days_to_tell, delete_office
from queue_server.services.office.whole.files import copy_office, export_office, read_office_file
from queue_server.services.places.ticket_ids import draw
from queue_server.store import tables
from queue_server.store.access import users as user_store
from queue_server.store.office.removal import LOG
from queue_server.store.room import zones as zone_store
from queue_server.store.writer.database import Database
from tests.fixtures.application import TODAY, at, make_office

NOW, NO_ROOM = at(9), Room()
HALL = Zone(
    "hall",
    ZoneKind.WAITING_ROOM,
    (Method.DENSITY,),
    length_m=8.0,
    width_m=7.5,
    area_per_person_m2=4.0,
)


def create(database: Database, office: Office, room: Room = NO_ROOM) -> Office:
    return database.write([], partial(create_office, office=office, room=room, by="ratna", now=NOW))


def put(database: Database, office: Office, **options: Any) -> Office:
    replace_it = partial(replace_office, after=office, room=None, by="ratna", now=NOW, **options)
    return database.write([(office.code, office.date_at(NOW))], replace_it)


def delete(database: Database, code: str, typed: str) -> None:
    command = partial(delete_office, office=code, typed=typed, by="ratna", now=NOW)
    database.write(days_to_tell(database, code, NOW), command)


def book(database: Database, office: Office) -> None:
    upkeep.plan_office(database, office.code, NOW)
    start = at(10, day=1)
    wanted = BookingRequest("REK", start, Visitor("Ayu", "ab" * 32, "0042"))
    command = partial(booking.book, office=office.code, wanted=wanted, draw=draw(), now=NOW)
    database.write([(office.code, office.date_at(start))], command)


def log_of(database: Database, code: str) -> list[tuple[str, dict[str, Any]]]:
    """The events of the day but those that tell of its slots being made."""
    statement = (
        sa.select(tables.events.c.type, tables.events.c.facts)
        .where(tables.events.c.office == code, tables.events.c.date == TODAY)
        .order_by(tables.events.c.seq)
    )
    with database.read() as connection:
        rows = connection.execute(statement).all()
    return [(row.type, row.facts) for row in rows if row.type != EventType.SLOTS_PLANNED.value]


def types(database: Database, code: str) -> list[str]:
    return [type for type, _facts in log_of(database, code)]


def test_an_office_is_stored_whole_with_its_room_and_one_event(database: Database) -> None:
    office = make_office("9101")
    made = create(database, office, Room((HALL,)))
    assert keep_standing(made) == keep_standing(office)
    with database.read() as connection:
        assert zone_store.load(connection, "9101") == Room((HALL,))
    assert types(database, "9101") == ["office_added"]


def test_a_code_is_given_once(database: Database) -> None:
    create(database, make_office("9101"))
    with pytest.raises(OfficeCodeTaken):
        create(database, make_office("9101"))
    other = replace(make_office("9102"), counters=make_office("9101").counters)
    with pytest.raises(CounterIdTaken):
        create(database, other)
    with pytest.raises(BadInput):
        create(database, replace(make_office("9102"), zone="Asia/Atlantis"))
    with pytest.raises(UnknownOffice):
        database.find_office("9102")


def test_an_export_of_the_database_makes_the_same_office_elsewhere(database: Database) -> None:
    made = create(database, make_office("9101"), Room((HALL,), 40))
    with database.read() as connection:
        text = export_office(connection, made)
    described = read_office_file(text.encode(), "9199")
    assert described.office is not None
    copy = create(database, described.office, described.room)
    assert replace(keep_standing(copy), code="", counters=()) == replace(
        keep_standing(made), code="", counters=()
    )
    with database.read() as connection:
        assert zone_store.load(connection, "9199") == Room((HALL,), 40)


def test_a_copy_has_another_name_and_counters_of_its_own(database: Database) -> None:
    made = create(database, make_office("9101"))
    with database.read() as connection:
        office, room = copy_office(connection, made, "9102", "Kantor Kembar")
    copy = create(database, office, room)
    assert (copy.code, copy.name) == ("9102", "Kantor Kembar")
    assert [each.id for each in copy.counters] == ["9102-1", "9102-2", "9102-3"]
    assert copy.services == made.services and copy.hours == made.hours


def test_a_file_in_the_place_of_an_office_changes_what_differs_and_says_so(
    database: Database,
) -> None:
    made = create(database, make_office("9101"))
    wanted = replace(
        made,
        name="Kantor Baru",
        people_limit=9,
        streams=(*made.streams, Stream("C", {"id": "Cetak"})),
        services=(replace(made.services[0], minutes=20), *made.services[1:]),
        counters=(*made.counters, Counter("9101-4", "4", ("C",))),
    )
    after = put(database, wanted, revision=made.revision)
    assert keep_standing(after) == keep_standing(wanted) and after.revision > made.revision
    [(type, facts)] = log_of(database, "9101")[1:]
    assert type == "office_changed"
    assert facts["added"] == [["streams", "C"], ["counters", "9101-4"]]
    assert facts["changed"] == ["name", "people_limit", "services"]
    assert put(database, wanted) == after, "again it changes nothing"
    assert len(types(database, "9101")) == 2


def test_of_two_who_import_the_second_looks_again(database: Database) -> None:
    made = create(database, make_office("9101"))
    put(database, replace(made, name="Eins"), revision=made.revision)
    with pytest.raises(Changed):
        put(database, replace(made, name="Zwei"), revision=made.revision)
    assert database.find_office("9101").name == "Eins"


@pytest.mark.parametrize("part", ["streams", "services", "counters"])
def test_an_import_takes_nothing_away(database: Database, part: str) -> None:
    made = create(database, make_office("9101"))
    lacking = replace(
        made,
        **{part: getattr(made, part)[1:]},
        **({"services": made.services[2:], "counters": made.counters} if part == "streams" else {}),
    )
    if part == "streams":
        lacking = replace(
            lacking, counters=tuple(replace(each, letters=("B",)) for each in made.counters)
        )
    with pytest.raises(BadInput) as refused:
        put(database, lacking)
    assert (refused.value.facts["reason"], refused.value.facts["field"]) == ("lacks", part)
    assert database.find_office("9101") == made


def test_the_dry_run_of_a_file_says_who_loses_a_time_and_changes_nothing(
    database: Database,
) -> None:
    made = create(database, make_office("9101"))
    book(database, made)
    with database.read() as connection:
        found, days = preview_replacing(connection, made, replace(made, hours=Hours()), NOW)
    assert [(each.part, each.name) for each in found] == [("hours", "week")]
    assert sum(len(day.stranded) for day in days) == 1
    assert database.find_office("9101") == made


def test_the_steps_of_a_set_up_lead_from_nothing_to_an_open_office(database: Database) -> None:
    empty = Office("3601", "Kantor", "Jalan 1", "", "Asia/Jakarta", None)
    create(database, empty)
    today = [("3601", empty.date_at(NOW))]

    def do(command: Any, **values: Any) -> Office:
        made: Office = database.write(
            today, partial(command, office="3601", by="ratna", now=NOW, **values)
        )
        return made

    with pytest.raises(BadInput):
        do(set_up.add_counters, count=3)
    assert do(set_up.set_limit, limit=15, zone=HALL).people_limit == 15
    pause = (time(12), time(13))
    week = set_up.plan_week(set_up.USUAL_DAYS, time(8), time(15), pause, (time(11, 30), time(13)))
    assert len(do(set_up.set_week, week=week).hours.week) == 10
    catalogue = load_catalogue(DUKCAPIL)
    office = do(set_up.add_services, catalogue=catalogue, chosen={"REK", "KTP", "KK"})
    assert [each.code for each in office.services] == ["REK", "KK"]
    assert [each.letter for each in office.streams] == ["A", "F", "U"]
    assert office.rules.booking.urgent_letter == "U"
    office = do(set_up.add_counters, count=2)
    assert [(each.id, each.letters) for each in office.counters] == [
        ("3601-1", ("A", "F", "U")),
        ("3601-2", ("A", "F", "U")),
    ]
    for again in (
        partial(do, set_up.set_week, week=week),
        partial(do, set_up.add_services, catalogue=catalogue, chosen={"REK"}),
        partial(do, set_up.add_counters, count=1),
    ):
        with pytest.raises(Changed):
            again()
    note = partial(set_up.mark_step, office="3601", now=NOW)
    database.write([], partial(note, step=Step.PAPER, mark=Mark.DONE))
    database.write([], partial(note, step=Step.STAFF, mark=Mark.SKIPPED))
    with pytest.raises(BadInput):
        database.write([], partial(note, step=Step.STAFF, mark=Mark.DONE))
    with database.read() as connection:
        states = set_up.view_progress(connection, office).states
    assert [step for step, state in states.items() if state is State.OPEN] == [
        Step.DEVICES,
        Step.CALL,
    ]
    assert states[Step.STAFF] is State.SKIPPED


def test_a_deleted_office_leaves_its_log_and_nothing_else(database: Database) -> None:
    create(database, make_office("9101"))
    doomed = create(database, make_office("9102"), Room((HALL,)))
    user = accounts.draft_user("budi", "Budi", "clerk", "9102")
    database.write([], partial(user_store.add_user, user=user, password_hash="x"))
    upkeep.plan_office(database, "9102", NOW)
    with pytest.raises(BadInput):
        delete(database, "9102", "9101")
    delete(database, "9102", "9102")
    with pytest.raises(UnknownOffice):
        database.find_office("9102")
    with database.read() as connection:
        for table in tables.metadata.sorted_tables:
            if table not in LOG:
                rows = connection.execute(sa.select(table)).all()
                assert not [row for row in rows if doomed.code in map(str, row)], table.name
    assert "office_added" in types(database, "9102")
    type, facts = log_of(database, "9101")[-1]
    assert (type, facts["deleted"]) == ("office_deleted", "9102")
    with pytest.raises(OfficeCodeTaken):
        create(database, make_office("9102"))


def test_an_office_with_a_visit_to_come_is_kept(database: Database) -> None:
    made = create(database, make_office("9101"))
    book(database, made)
    with pytest.raises(OfficeInUse) as refused:
        delete(database, "9101", "9101")
    assert refused.value.facts["visits"] == 1
    assert database.find_office("9101") == made


def test_the_last_office_can_go_too(database: Database) -> None:
    create(database, make_office("9101"))
    delete(database, "9101", "9101")
    with database.read() as connection:
        assert connection.execute(sa.select(tables.offices)).all() == []
