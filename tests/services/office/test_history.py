"""The structure and the history of an office, on both databases: stored, kept and taken back; and
nothing is taken away that is in use.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from hashlib import sha256

import pytest

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.errors import CannotUndo, Changed, StillInUse
from queue_server.domain.events import EventType
from queue_server.domain.office.changes import (
    Change,
    DetailsChange,
    HoursChange,
    LimitChange,
    ModeDecision,
    RulesChange,
    ServiceTold,
    SlipChange,
)
from queue_server.domain.office.descriptions import description_of
from queue_server.domain.office.hours import DayHours, Opening, Season
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.domain.office.office import (
    Counter,
    Office,
    Service,
    ServiceChannel,
    Stream,
    VisitKind,
)
from queue_server.domain.office.remote import RemoteChange, RemoteCounter
from queue_server.domain.office.settings.parts import compare
from queue_server.domain.office.settings.structure import (
    StructureChange,
    move_service,
    put_counter,
    put_service,
    put_stream,
    retire_counter,
    retire_service,
    retire_stream,
    with_usual,
)
from queue_server.domain.visit.identity import Visitor
from queue_server.services import upkeep
from queue_server.services.booking import booking
from queue_server.services.counter.staffing import close_counter, open_counter
from queue_server.services.office.changes import apply_change, plan_undo, preview_change
from queue_server.services.office.offices import add_office
from queue_server.services.places.ticket_ids import draw
from queue_server.store.office import history as history_store
from queue_server.store.office.history import SettingChange
from queue_server.store.writer.database import Database
from tests.fixtures.application import TODAY, at, make_office
from tests.services.stage import event_log, new_code

NEW = Service("BARU", "C", {"id": "Baru"}, {"id": "Layanan baru"}, {}, ServiceChannel.MUST_COME, 15)


@pytest.fixture
def office(database: Database) -> Office:
    made = make_office(new_code())
    database.write([], partial(add_office, office=made))
    upkeep.plan_office(database, made.code, at(9))
    return database.find_office(made.code)


def change(database: Database, office: Office, wanted: Change, undoes: int | None = None) -> Office:
    command = partial(
        apply_change, office=office.code, change=wanted, by="ani", now=at(9), undoes=undoes
    )
    database.write([(office.code, TODAY)], command)
    return database.find_office(office.code)


def history(database: Database, office: Office) -> list[SettingChange]:
    with database.read() as connection:
        return history_store.list_newest(connection, office.code, 99)


def take_back(database: Database, office: Office, revision: int) -> Office:
    with database.read() as connection:
        wanted = plan_undo(connection, office, revision, at(9))
    return change(database, office, wanted, undoes=revision)


CHANGES: list[Callable[[Office], Change]] = [
    lambda office: put_service(office, replace(office.services[0], minutes=25)),
    lambda office: move_service(office, "AKT", -2),
    lambda office: put_counter(office, replace(office.counters[0], name="9", letters=("A", "B"))),
    lambda office: put_counter(office, Counter(f"{office.code}-4", "4", ("A",))),
    lambda office: put_stream(office, Stream("A", {"id": "Lain"})),
    lambda office: StructureChange(
        streams=(*office.streams, Stream("C", {"id": "Baru"})),
        services=(NEW, *office.services),
        counters=(replace(office.counters[0], letters=("A", "C")), *office.counters[1:]),
    ),
    lambda office: HoursChange(
        week=(Opening(0, at(8).time(), at(12).time()),),
        seasons=(Season("Ramadan", TODAY, TODAY, ()),),
        days={date(2026, 12, 25): DayHours(reason={"id": "Natal"})},
    ),
    lambda office: LimitChange(None, 0.6, 0.1, 30),
    lambda office: LimitChange(12, 0.5, 0.1, 20),
    lambda office: RulesChange({"calling.grace_minutes": 3, "calling.recall_seconds": (0, 9, 90)}),
    lambda office: SlipChange({"id": "Halo"}, {}),
    lambda office: RemoteChange(
        {"REK": (VisitKind.PHONE,)},
        {office.counters[0].id: RemoteCounter("https://temu.example.go.id/1")},
    ),
    lambda office: DetailsChange(name="Kantor Baru", zone="Asia/Makassar"),
]


@pytest.mark.parametrize("make", CHANGES)
def test_every_change_is_stored_kept_and_taken_back(
    database: Database, office: Office, make: Callable[[Office], Change]
) -> None:
    with database.read() as connection:
        expected = preview_change(connection, office, make(office), at(9)).office
    after = change(database, office, make(office))
    assert compare(expected, after) == {}
    [made] = history(database, office)
    assert (made.revision, made.by, made.at) == (after.revision, "ani", at(9))
    assert made.parts == {path: (pair[0], pair[1]) for path, pair in compare(office, after).items()}
    again = take_back(database, after, made.revision)
    assert set(compare(office, again)) <= {"order"}
    undone = history(database, office)
    assert [(each.undoes, each.undone_by) for each in undone] == [
        (made.revision, None),
        (None, undone[0].revision),
    ]
    with pytest.raises(CannotUndo), database.read() as connection:
        plan_undo(connection, again, made.revision, at(9))


def test_what_is_retired_comes_back_and_its_days_stay(database: Database, office: Office) -> None:
    id, days = office.counters[0].id, [(office.code, TODAY)]
    work = {"office": office.code, "counter": id, "clerk": "ani", "now": at(9)}
    database.write(days, partial(open_counter, **work))
    with pytest.raises(StillInUse):
        change(database, office, retire_counter(office, id))
    database.write(days, partial(close_counter, **work))
    office = database.find_office(office.code)
    after = change(database, office, retire_counter(office, id))
    assert all(each.id != id for each in after.counters)
    again = take_back(database, after, after.revision)
    assert set(again.counters) == set(office.counters)


def test_a_whole_queue_is_added_and_retired(database: Database, office: Office) -> None:
    office = change(database, office, put_stream(office, Stream("C", {"id": "Baru"})))
    office = change(database, office, put_service(office, NEW))
    office = change(database, office, put_counter(office, Counter(f"{office.code}-4", "4", ("C",))))
    office = change(database, office, retire_service(office, "BARU"))
    office = change(database, office, retire_counter(office, f"{office.code}-4"))
    office = change(database, office, retire_stream(office, "C"))
    assert compare(make_office(office.code), office) == {}
    restructured = [
        each
        for each in event_log(database, office.code, TODAY)
        if each[1] == EventType.OFFICE_RESTRUCTURED.value
    ]
    assert len(restructured) == len(history(database, office)) == 6


def test_what_is_from_home_outlives_a_change_of_the_structure(
    database: Database, office: Office
) -> None:
    at_home = {office.counters[0].id: RemoteCounter("https://temu.example.go.id/1")}
    office = change(database, office, RemoteChange({"REK": (VisitKind.PHONE,)}, at_home))
    counter = office.counters[0]
    for wanted in (
        put_service(office, replace(office.service("REK"), minutes=25)),
        put_counter(office, with_usual(replace(counter, name="9"), ("B",))),
        put_stream(office, replace(office.stream("T"), name={"id": "Telepon"})),
        move_service(office, "REK", 2),
    ):
        change(database, office, wanted)
    after = database.find_office(office.code)
    assert after.service("REK").remote == (VisitKind.PHONE,)
    assert after.remote_letter == "T"
    assert after.counters[0] == replace(counter, name="9", in_office=("B",))
    gone = change(database, after, retire_counter(after, counter.id))
    assert take_back(database, gone, gone.revision).counter(counter.id) == after.counters[0]


def test_what_is_booked_for_is_not_taken_away(database: Database, office: Office) -> None:
    visitor = Visitor("Tamu", sha256(office.code.encode()).hexdigest(), "0001")
    wanted = BookingRequest("AKT", at(11), visitor)
    database.write(
        [(office.code, TODAY)],
        partial(booking.book, office=office.code, wanted=wanted, draw=draw(), now=at(9)),
    )
    for refused in (
        retire_service(office, "AKT"),
        StructureChange(
            streams=office.streams[:1],
            services=office.services[:2],
            counters=(replace(office.counters[0], letters=("A",)),),
        ),
        DetailsChange(zone="Asia/Jayapura"),
    ):
        with pytest.raises(StillInUse) as why, database.read() as connection:
            preview_change(connection, office, refused, at(9))
        assert why.value.facts["booked"] == 1
        with pytest.raises(StillInUse):
            change(database, office, refused)
    assert history(database, office) == []
    change(database, office, put_service(office, replace(office.service("AKT"), minutes=12)))


def test_a_description_and_a_mode_stand_in_the_history_too(
    database: Database, office: Office
) -> None:
    told = replace(description_of(office.services[0]), summary={"id": "Lain"})
    office = change(database, office, ServiceTold("REK", told))
    period = ModePeriod("m", ServiceMode.URGENT_ONLY, at(8), at(9), "ani")
    office = change(database, office, ModeDecision(period))
    mode, description = history(database, office)
    assert list(mode.parts) == ["mode/m"] and list(description.parts) == ["service/REK/summary"]
    office = take_back(database, office, description.revision)
    assert office.service("REK").summary == make_office("x").service("REK").summary
    office = take_back(database, office, mode.revision)
    assert office.mode_at(at(10)) is ServiceMode.NORMAL


def test_who_has_seen_another_revision_is_told(database: Database, office: Office) -> None:
    change(database, office, RulesChange({"calling.grace_minutes": 3}))
    late = partial(
        apply_change,
        office=office.code,
        change=retire_service(office, "AKT"),
        by="budi",
        now=at(9),
        revision=office.revision,
    )
    with pytest.raises(Changed):
        database.write([(office.code, TODAY)], late)
    assert len(history(database, office)) == 1
