"""One person's data: looked up with a limit, shown, erased to the last row. On both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from queue_server.domain.errors import LimitReached, UnknownCode
from queue_server.domain.events import EventType
from queue_server.domain.privacy.looking import LOOKS_MAX, By, StillLive
from queue_server.domain.visit.identity import fingerprint_nik
from queue_server.key_files import read_key
from queue_server.services import upkeep
from queue_server.services.privacy import person as people
from queue_server.services.privacy.person import Receipt, Sought
from queue_server.store import tables
from queue_server.store.privacy import wiping as wiping_store
from tests.fixtures.application import ELSEWHERE, EMAIL, HOME, NAME, NIK, PHONE, TODAY, House

SISTER = {"nik": "9101014507900043", "name": "Saudari Planted"}
"""Somebody with the same telephone."""


def key_of(house: House) -> bytes:
    return read_key(house.settings.nik_key_file)


def mark(house: House, nik: str = NIK) -> str:
    return fingerprint_nik(nik, key_of(house))


def look(house: House, sought: Sought, office: str = HOME, by: str = "manager") -> list[str]:
    return people.look_up(house.database, office, sought, by, house.clock())


def erase(house: House, nik: str = NIK, *, cancelling: bool = False) -> Receipt:
    return people.erase(
        house.database,
        HOME,
        mark(house, nik),
        key_of(house),
        "manager",
        0.5,
        house.clock(),
        cancelling_first=cancelling,
    )


def waits(house: House, **changes: str) -> str:
    body = {
        "service": "AKT",
        "first_date": (TODAY + timedelta(days=1)).isoformat(),
        "last_date": (TODAY + timedelta(days=1)).isoformat(),
        "nik": NIK,
        "name": NAME,
        "phone": PHONE,
        "email": EMAIL,
        **changes,
    }
    done = house.post(f"/offices/{HOME}/waitlist", body=body)
    assert done.status_code == 201, done.text
    return str(done.get_json()["code"])


def events(house: House, type: EventType) -> list[dict[str, object]]:
    with house.database.read() as connection:
        statement = sa.select(tables.events.c.facts).where(tables.events.c.type == type.value)
        return [dict(each) for each in connection.execute(statement).scalars()]


def test_a_person_is_found_by_number_phone_and_code_in_their_office_alone(
    both_houses: House,
) -> None:
    house = both_houses
    code = house.book()["code"]
    entry = waits(house)
    house.book(**SISTER, slot=house.slot(11), email=None)
    own, sister = mark(house), mark(house, SISTER["nik"])
    assert look(house, Sought(By.NUMBER, own)) == [own]
    assert look(house, Sought(By.CODE, code)) == look(house, Sought(By.CODE, entry)) == [own]
    assert set(look(house, Sought(By.PHONE, PHONE))) == {own, sister}
    assert look(house, Sought(By.CODE, "NOBODYSCODE1")) == []
    assert look(house, Sought(By.NUMBER, own), ELSEWHERE, "manager_elsewhere") == []
    looks = events(house, EventType.PERSON_LOOKED_UP)
    assert [each["persons"] for each in looks if each["by"] == "manager"] == [1, 1, 1, 2, 0]
    for planted in (NIK, NAME, PHONE, own, code):
        assert planted not in repr(looks)
    with house.database.read() as connection:
        held = people.load(connection, HOME, own, key_of(house))
    told = people.write_held(held)
    assert [each["name"] for each in (*told["visits"], *told["waitlist"])] == [NAME, NAME]
    assert own not in repr(told) and SISTER["name"] not in repr(told)


def test_a_manager_cannot_browse_and_midnight_is_no_way_around(house: House) -> None:
    house.clock.pass_by(hours=14, minutes=45)
    sought = Sought(By.CODE, "NOBODYSCODE1")
    for _ in range(LOOKS_MAX):
        look(house, sought)
    house.clock.pass_by(minutes=30)
    with pytest.raises(LimitReached):
        look(house, sought)
    assert look(house, sought, by="admin") == []
    house.clock.pass_by(minutes=31)
    assert look(house, sought) == []


def test_what_stands_ahead_is_refused_or_cancelled_first(both_houses: House) -> None:
    house = both_houses
    code = house.book()["code"]
    entry = waits(house)
    before = house.dump()
    with pytest.raises(StillLive) as refused:
        erase(house)
    assert refused.value.facts == {"visits": 1, "waiting": 1, "present": 0}
    assert house.dump() == before, "nothing is changed"
    receipt = erase(house, cancelling=True)
    assert receipt.cancelled == 2 and receipt.is_clear
    assert house.get(f"/tickets/{code}").get_json()["status"] == "CANCELLED"
    assert house.get(f"/waitlist/{entry}").get_json()["status"] == "LEFT"
    text = repr(house.dump())
    assert not [each for each in (NAME, PHONE, EMAIL, mark(house)) if each in text]
    assert events(house, EventType.PERSON_ERASED) == [
        {"rows": receipt.rows, "cancelled": 2, "receipt": receipt.number, "by": "manager"}
    ]
    with pytest.raises(UnknownCode):
        erase(house, cancelling=True)
    upkeep.keep_up(house.database, house.clock())
    with house.database.read() as connection:
        counted = connection.execute(
            sa.select(tables.purges.c.rows).where(tables.purges.c.kind == "erased")
        ).scalar_one()
    assert counted == receipt.rows


def test_only_this_person_is_erased_and_may_book_again(both_houses: House) -> None:
    house = both_houses
    house.book()
    house.book(**SISTER, slot=house.slot(11), email=None)
    erase(house, cancelling=True)
    text = repr(house.dump())
    assert NAME not in text and SISTER["name"] in text and PHONE in text
    assert mark(house, SISTER["nik"]) in text
    house.book()
    assert NAME in repr(house.dump("events"))


def test_missed_visits_notes_and_messages_go_too(both_houses: House) -> None:
    house = both_houses
    house.book()
    house.clock.pass_by(days=2)
    upkeep.keep_up(house.database, house.clock())
    rows = house.dump()
    assert len(rows["no_shows"]) == 1 and mark(house) in repr(rows["no_shows"])
    receipt = erase(house)
    rows = house.dump()
    assert receipt.cancelled == 0 and rows["no_shows"] == rows["visitors"] == rows["takings"] == []
    assert len(rows["tickets"]) == 1, "the visit stays in the statistics"


def test_a_visitor_who_is_here_is_not_erased(house: House) -> None:
    code = house.book(slot=house.slot(9, 30, day=0))["code"]
    house.clock.pass_by(minutes=15)
    assert house.post(f"/tickets/{code}/check-in", "guard").status_code == 200
    with pytest.raises(StillLive) as refused:
        erase(house, cancelling=True)
    assert refused.value.facts["present"] == 1
    assert NAME in repr(house.dump())


def test_a_process_that_stops_after_cancelling_is_asked_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.book()
    waits(house)

    def be_killed(*_arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(people.person_store, "erase", be_killed)
    with pytest.raises(KeyboardInterrupt):
        erase(house, cancelling=True)
    monkeypatch.undo()
    assert NAME in repr(house.dump())
    assert erase(house, cancelling=True).rows
    assert NAME not in repr(house.dump())


def test_a_disk_that_is_busy_is_cleared_in_the_night(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    upkeep.keep_up(house.database, house.clock())
    house.book()
    monkeypatch.setattr(wiping_store, "clear_up", lambda url: False)
    assert not erase(house, cancelling=True).is_clear
    monkeypatch.undo()
    cleared = []
    real = wiping_store.clear_up
    monkeypatch.setattr(wiping_store, "clear_up", lambda url: cleared.append(url) or real(url))
    house.clock.pass_by(days=1)
    upkeep.keep_up(house.database, house.clock())
    assert cleared
