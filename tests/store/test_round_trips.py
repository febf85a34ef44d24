"""A value that is stored and read back is the same, with every field that it has.

Rows name their fields one by one. Each value here has something in every field, so one that is
forgotten on the way to a row or back shows; and a new field that has a default must be given here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from datetime import date, time
from typing import Any

import pytest

from queue_server.domain.access.accounts import User
from queue_server.domain.access.second_factor import SecondFactor
from queue_server.domain.booking.contacts import Contact
from queue_server.domain.booking.ownership import Guesses
from queue_server.domain.booking.places import DayPlan, Places, SlotPlaces
from queue_server.domain.booking.waitlist import Entry, EntryState
from queue_server.domain.door.sensors import DoorCount, Reading
from queue_server.domain.events import Event, EventType
from queue_server.domain.messages.message import Message, MessageChannel, MessageKind, MessageState
from queue_server.domain.messages.wording import Words
from queue_server.domain.office.hours import DayHours, Hours, Opening, Season, Source
from queue_server.domain.office.location import Coordinates, Location, WheelchairAccess
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.domain.office.office import (
    IdentityKind,
    Office,
    OnlineWay,
    ServiceChannel,
    VisitKind,
)
from queue_server.domain.office.slip_design import SlipDesign
from queue_server.domain.supervisor.alerts import AlertKind
from queue_server.domain.visit.claim import Claim, Pool
from queue_server.domain.visit.identity import Document, Need, Visitor
from queue_server.domain.visit.office_day import OfficeDay, StreamDay
from queue_server.domain.visit.standstill import Pause
from queue_server.domain.visit.ticket import Channel, Origin, Place, Ticket
from queue_server.domain.visit.transitions import State
from queue_server.domain.visit.turn import TurnBasis
from queue_server.domain.waits.estimate import Misses, QueueSight, StreamFigures, WaitModel
from queue_server.domain.waits.learning import WaitRecord
from queue_server.domain.waits.pace import Pace
from queue_server.domain.webhooks.endpoint import Endpoint, OffBecause
from queue_server.domain.webhooks.message import WebhookMessage, WebhookState
from queue_server.store.access import (
    devices,
    identities,
    passkeys,
    password_resets,
    personal_tokens,
    second_factors,
    tokens,
    users,
)
from queue_server.store.booking import contacts, guesses, held_back, waitlist
from queue_server.store.counter import counters, notes
from queue_server.store.door import sensors
from queue_server.store.messages import messages as message_store
from queue_server.store.messages import wording
from queue_server.store.messages.wording import OwnWords
from queue_server.store.office import offices
from queue_server.store.supervisor import announcements
from queue_server.store.tables import tickets as tickets_table
from queue_server.store.visit import events, tickets
from queue_server.store.waits import learning
from queue_server.store.webhooks import endpoints as webhook_endpoints
from queue_server.store.webhooks import messages as webhook_messages
from queue_server.store.writer import days, office_rows, slots
from queue_server.store.writer.database import Database
from tests.fixtures.rules import vary_rules
from tests.services import stage
from tests.store.crowd import CODE, KEY, NOON, open_database

TODAY = stage.TODAY
WORDS = {"id": "satu", "en": "one"}
ANI = Visitor(
    "Ani",
    "f" * 64,
    "1234",
    "+628111",
    "ani@example.org",
    Document.PASSPORT,
    (Need.WHEELCHAIR, Need.HEARING),
    represented=True,
    reminders=True,
)
TICKET = Ticket(
    id="t1",
    office=CODE,
    date=TODAY,
    code="CODE1",
    letter="A",
    service="REK",
    state=State.SERVED,
    origin=Origin.STAFF,
    channel=Channel.URGENT,
    created_at=stage.at(1),
    party_size=2,
    priority=True,
    language="en",
    number="A007",
    place=Place.INSIDE,
    slot=stage.at(2),
    expires_at=stage.at(3),
    arrived_at=stage.at(4),
    turn_time=stage.at(5),
    turn_basis=TurnBasis.SLOT,
    credit_minutes=15,
    wanted_counter=f"{CODE}-1",
    wanted_clerk="ani",
    admitted_at=stage.at(6),
    called_at=stage.at(7),
    last_called_at=stage.at(8),
    call_seq=9,
    calls=2,
    counter=f"{CODE}-2",
    clerk="budi",
    started_at=stage.at(9),
    ended_at=stage.at(10),
    reschedules=3,
    extensions=1,
    claim_at=stage.at(11),
    claim_span=2,
    claim_letter="C",
    pool=Pool.WALK_IN,
    away_until=stage.at(13),
    delay_minutes=15,
    kind=VisitKind.VIDEO,
    version=4,
)


def default_of(each: Field[Any]) -> Any:
    return each.default_factory() if each.default_factory is not MISSING else each.default


def unfilled(value: Any) -> list[str]:
    """The fields, at any depth, that hold nothing but their default."""
    if isinstance(value, Mapping):
        return [name for each in value.values() for name in unfilled(each)]
    if isinstance(value, (tuple, list)):
        return [name for each in value for name in unfilled(each)]
    if not is_dataclass(value):
        return []
    found = []
    for each in fields(value):
        own = getattr(value, each.name)
        found += unfilled(own)
        if own == default_of(each):
            found.append(f"{type(value).__name__}.{each.name}")
    return found


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    database = open_database(migrated_url)
    yield database
    database.close()


def same(stored: Any, found: Any, *, without: tuple[str, ...] = ()) -> None:
    """Read back as it was stored; `without` are fields that cannot be given when it is added."""
    missing = [each for each in unfilled(stored) if each not in without]
    assert missing == [], "give these something of their own"
    assert found == stored
    names = [each.name for each in fields(stored)]
    assert [getattr(found, each) for each in names] == [getattr(stored, each) for each in names]


def test_a_day(database: Database) -> None:
    pace = Pace(1.5, 2.5, 3.5, 4.5, 5.5)
    day = OfficeDay(
        office=CODE,
        date=TODAY,
        seq=70,
        persons_inside=3,
        parties_outside=4,
        correction=5,
        sensed=6,
        admitting=False,
        planned_revision=7,
        open_counters=(f"{CODE}-1", f"{CODE}-3"),
        streams={"A": StreamDay(8, 9, stage.at(1), pace, 10, 11, stage.at(4))},
        paused=Pause.EVACUATION,
        own_letters={f"{CODE}-1": "C"},
        drill=True,
        over_since=stage.at(2),
        over_seconds=12,
        last_event_at=stage.at(3),
    )
    database.write([KEY], lambda tx: tx.put_day(day))
    with database.read() as connection:
        same(day, days.find(connection, *KEY))


def test_a_plan(database: Database) -> None:
    places = Places((3, 4, 5), (1, 2, 3))
    streams = {"A": Places((6, 7, 8), (2, 1, 0)), "C": Places((1, 1, 1), (0, 0, 1))}
    first = SlotPlaces(stage.at(2_000), stage.at(2_030), places, streams)
    second = replace(first, starts_at=first.ends_at, ends_at=stage.at(2_060))
    plan = DayPlan(CODE, stage.DAYS[1], (first, second))

    def put(tx: Any) -> None:
        tx.plan(CODE, plan.date)
        tx.put_plan(plan)

    database.write([(CODE, plan.date)], put)
    with database.read() as connection:
        same(plan, slots.load(connection, CODE, plan.date))


def test_a_ticket_and_its_visitor() -> None:
    assert unfilled([TICKET, ANI]) == []
    row = tickets._row_from_ticket(TICKET)
    assert set(row) == {each.name for each in fields(Ticket)}
    assert tickets._ticket_from_values(list(row.values())) == TICKET


def booked(database: Database) -> Ticket:
    """A booking of Ani's, to which rows of other tables belong."""
    ticket = replace(
        TICKET, state=State.BOOKED, place=None, number=None, turn_time=None, turn_basis=None
    )
    ticket = replace(
        ticket, counter=None, wanted_clerk=None, wanted_counter=None, claim_at=None, claim_span=0
    )
    ticket = replace(ticket, claim_letter=None, pool=None, expires_at=None)
    made = Event(EventType.BOOKED, CODE, TODAY, NOON, ticket.id, {"party_size": 2})
    database.write([KEY], lambda tx: tickets.add(tx, ticket, made, ANI))
    with database.read() as connection:
        (recorded,) = (
            each for each in events.list_after(connection, *KEY, 0) if each.event.ticket is not None
        )
        same(made, recorded.event)
        assert tickets.find(connection, ticket.id) == ticket
        same(ANI, tickets.find_visitor(connection, CODE, ticket.id))
    return ticket


def test_what_belongs_to_a_booking(database: Database) -> None:
    ticket = booked(database)
    note = notes.Note("n1", ticket.id, CODE, TODAY, "ani", NOON, "deaf")
    message = Message(
        "m1",
        CODE,
        ticket.id,
        MessageKind.MOVED,
        "20261123.7",
        MessageChannel.EMAIL,
        MessageState.QUEUED,
        stage.at(1),
        stage.at(2),
        stage.at(12),
        stage.at(3),
        3,
        stage.at(4),
        "refused",
    )
    wrong = Guesses(5, NOON)
    kept = held_back.Kept("k1", Claim(NOON, 2, "A", Pool.ONLINE, 3), stage.at(5))
    entry = Entry(
        "e1",
        "CODE2",
        CODE,
        "REK",
        "A",
        2,
        True,
        TODAY,
        stage.DAYS[1],
        "en",
        EntryState.OFFERED,
        1,
        ticket.id,
        NOON,
        ANI,
        "mark",
        False,
        VisitKind.PHONE,
    )

    def put(tx: Any) -> None:
        notes.add(tx, note)
        message_store.add(tx, message)
        guesses.save(tx, CODE, ticket.id, wrong)
        held_back.keep(tx, kept.id, CODE, TODAY, kept.claim, kept.public_at)
        waitlist.add(tx, entry)
        tx.change(tickets_table.update().values(state=State.PARKED.value))

    database.write([KEY], put)
    with database.read() as connection:
        same(note, notes.list_present(connection, *KEY)[0])
        same(message, message_store.list_due(connection, MessageChannel.EMAIL, NOON, 1)[0])
        same(kept, held_back.list_of_day(connection, *KEY)[0])
        same(entry, waitlist.find_by_code(connection, entry.code))
    same(wrong, database.write([KEY], lambda tx: guesses.find(tx, ticket.id)))


def test_who_signs_in(database: Database) -> None:
    stage.open_office(database, stage.small_office("AWAY", limit=None))
    user = User("u1", "ani", "Ani", "clerk", CODE, False, True, ("AWAY",), True)
    reset = password_resets.PasswordReset("r1", user.id, "budi", stage.at(1), stage.at(2))
    device = devices.Device(
        "d1", "kiosk", "Door", CODE, "PAIRED", NOON, "ABC", "hash", stage.at(3), None, {"ok": True}
    )
    token = tokens.Token("k1", "Door", "kiosk", CODE, None, device.id, True)
    own = tokens.Token(
        "k2", "Sheet", "clerk", CODE, "u2", scope="read", expires_at=stage.at(900), also=("AWAY",)
    )
    holder = replace(user, id="u2", username="eni", active=True)

    def put(tx: Any) -> None:
        users.add_user(tx, user, "secret")
        users.add_user(tx, holder, "secret")
        password_resets.add(tx, reset)
        devices.add(tx, device)
        tokens.add_token(tx, token, "hash", NOON)
        tokens.add_token(tx, own, "other hash", NOON)
        personal_tokens.note_use(tx, own.id, stage.at(5))

    database.write([], put)
    with database.read() as connection:
        same(user, users.find_user(connection, user.id))
        same(reset, password_resets.list_of_user(connection, user.id, stage.MIDNIGHT)[0])
        same(device, devices.find(connection, device.id), without=("Device.seen_at",))
        bound = ("Token.user", "Token.scope", "Token.expires_at", "Token.used_at", "Token.also")
        same(token, tokens.find_token(connection, "hash", NOON), without=bound)
        same(
            replace(own, used_at=stage.at(5)),
            tokens.find_token(connection, "other hash", NOON),
            without=("Token.device", "Token.is_first_use"),
        )
    seen = replace(device, seen_at=NOON)
    database.write([], lambda tx: devices.note_first_use(tx, CODE, device.id, NOON))
    with database.read() as connection:
        same(seen, devices.find(connection, device.id))


def test_what_a_sign_in_is_proved_with(database: Database) -> None:
    ani, budi = (User(id, id, id, "manager", CODE) for id in ("ani", "budi"))
    factor = SecondFactor(3, stage.at(1), stage.at(2), 59_000_000, 1)
    passkey = passkeys.Passkey("cred", ani.id, "Phone", b"key", 4, stage.at(1), stage.at(5))
    identity = identities.Identity(ani.id, "https://login.id", "ani@x.id", "s-17")

    def put(tx: Any) -> None:
        for each in (ani, budi):
            users.add_user(tx, each, "secret")
        second_factors.save(tx, ani.id, SecondFactor())
        second_factors.save(tx, ani.id, factor)
        assert passkeys.add(tx, passkey) and not passkeys.add(tx, replace(passkey, user=budi.id))
        assert passkeys.note_use(tx, passkey.id, 4, stage.at(5)) is False, "the count has not grown"
        assert passkeys.note_use(tx, passkey.id, 5, stage.at(5))
        identities.replace(tx, identity, NOON)
        same = replace(identity, user=budi.id)
        assert identities.is_taken(tx, same) and not identities.is_taken(tx, identity)
        assert not identities.note_subject(tx, identity, "another")

    database.write([], put)
    with database.read() as connection:
        same(factor, second_factors.find(connection, ani.id))
        assert second_factors.find(connection, budi.id) == SecondFactor()
        assert second_factors.list_having(connection) == {ani.id}
        same(replace(passkey, uses=5), passkeys.find(connection, passkey.id))
        same(identity, identities.find_of_user(connection, ani.id))
        known = identities.find_user_of(connection, identity.issuer, "s-17", None)
        assert known is not None and known[0].id == ani.id
        assert identities.find_user_of(connection, identity.issuer, "s-18", "ani@x.id") is None


def test_what_an_office_day_is_told(database: Database) -> None:
    announcement = announcements.Announcement(
        "a1", CODE, WORDS, stage.at(1), stage.at(900), stage.at(2), "ani"
    )
    alert = announcements.Alert(
        "l1",
        CODE,
        TODAY,
        next(iter(AlertKind)),
        "A",
        {"minutes": 3},
        stage.at(1),
        stage.at(2),
        stage.at(3),
        "ani",
        stage.at(4),
        5,
        escalate_at=stage.at(6),
    )
    unsent = ("Alert.mailed_at", "Alert.mailed_to", "Alert.mail_error")
    state = counters.CounterDay("ani", stage.at(1), stage.at(2), "lunch")
    count = DoorCount("north", TODAY, Reading(7, 3, NOON), 2, 1)
    contact = Contact("f" * 64, CODE, "en", stage.at(1), stage.at(2), "proof", None, stage.at(3))

    def put(tx: Any) -> None:
        announcements.add(tx, announcement)
        announcements.add_alert(tx, alert)
        counters.put(tx, *KEY, f"{CODE}-1", state)
        sensors.put(tx, CODE, count, is_new=True)
        contacts.put(tx, contact)

    database.write([KEY], put)
    with database.read() as connection:
        same(announcement, announcements.list_live(connection, CODE, NOON)[0])
        same(alert, announcements.list_alerts(connection, *KEY, 1)[0], without=unsent)
        same(state, counters.list_days(connection, *KEY)[f"{CODE}-1"])
        same(count, sensors.list_on(connection, *KEY)[0])
        same(contact, contacts.find(connection, contact.mark))
    letter: dict[str, Any] = {
        "mailed_at": stage.at(6),
        "mailed_to": "p…@x.example",
        "mail_error": "refused",
    }
    mailed = replace(alert, **letter)
    later = replace(count, last=Reading(8, 4, stage.at(800)), base_in=3, base_out=2)

    def change(tx: Any) -> None:
        announcements.change_alert(tx, alert, **letter)
        sensors.put(tx, CODE, later, is_new=False)

    database.write([KEY], change)
    with database.read() as connection:
        same(mailed, announcements.list_alerts(connection, *KEY, 1)[0])
        same(later, sensors.list_on(connection, *KEY)[0])


def test_programs_that_are_told_and_an_offices_own_words(database: Database) -> None:
    endpoint = Endpoint(
        id="e1",
        office=CODE,
        url="https://example.org/",
        types=frozenset({EventType.CALLED, EventType.BOOKED}),
        made_at=stage.at(1),
        made_by="ani",
        taking_since=stage.at(2),
        secret_version=3,
        previous_until=stage.at(4),
        failing_since=stage.at(5),
        failures=6,
        retry_at=stage.at(7),
        claims=8,
        last_error="TimeoutError",
        last_taken_at=stage.at(9),
    )
    off = replace(endpoint, id="e2", taking_since=None, off_because=OffBecause.FAILING)
    message = WebhookMessage(
        "m1", "e1", CODE, TODAY, 3, stage.at(1), WebhookState.GIVEN_UP, 4, stage.at(5), "stopped"
    )
    own = OwnWords(Words("a", "b", "c"), stage.at(1), "ani")

    def put(tx: Any) -> None:
        for each in (endpoint, off):
            webhook_endpoints.add(tx, each)
        webhook_messages.add_once(tx, message)
        wording.save(tx, CODE, MessageKind.CALL, "id", own)

    database.write([], put)
    with database.read() as connection:
        same(endpoint, webhook_endpoints.find(connection, "e1"), without=("Endpoint.off_because",))
        assert webhook_endpoints.list_of_office(connection, CODE) == [endpoint, off]
        same(message, webhook_messages.list_newest(connection, "e1", 9)[0])
        same(own, wording.find_own(connection, CODE, MessageKind.CALL)["id"])


def test_an_office(database: Database) -> None:
    """Its rules are compared whole; each of them is stored by its name."""
    usual = stage.small_office("o2", limit=9)
    period = ModePeriod(
        "p1",
        ServiceMode.CLOSED,
        stage.at(1),
        stage.at(2),
        "ani",
        stage.at(3),
        "REK",
        date(2026, 12, 1),
        WORDS,
    )
    model = WaitModel(
        {"A": StreamFigures(0.5, 12.0, {9: 11.0}, 2.0)},
        (0.1, 0.2, 0.3, 0.4),
        (5.0,),
        ((0.1, 0.2), (0.3, 0.4)),
        {"A": Misses(0.07, 0.08)},
        (Misses(0.05, 0.06), Misses(0.03, 0.04)),
    )
    office: Office = replace(
        usual,
        rules=vary_rules(usual.rules, booking={"party_max": 7}),
        hours=Hours(
            (Opening(0, time(8), time(15)),),
            (Season("Ramadan", TODAY, TODAY, (Opening(2, time(9), time(12)),)),),
            {TODAY: DayHours(((time(8), time(9)),), WORDS, Source.HOLIDAY)},
        ),
        modes=(period,),
        slip=SlipDesign({"id": "Atas"}, {"id": "Bawah"}, "ab12"),
        languages=("en", "id"),
        location=Location(
            Coordinates(-6.3, 106.6), WheelchairAccess.WITH_HELP, WORDS, {"id": "naik angkot"}
        ),
        services=tuple(
            replace(
                each,
                channel=ServiceChannel.EITHER,
                online=OnlineWay("https://contoh.example/a", WORDS),
                search_words=("ktp hilang", "id card"),
                identity=IdentityKind.PASSPORT,
                remote=(VisitKind.PHONE, VisitKind.VIDEO),
            )
            for each in usual.services
        ),
        streams=tuple(
            replace(each, remote=True, slot_quota=2, walk_in_quota=30) for each in usual.streams
        ),
        counters=tuple(
            replace(
                each,
                letters=("A", "C"),
                remote=True,
                meeting_url="https://temu.example/a",
                in_office=each.letters,
            )
            for each in usual.counters
        ),
        revision=1,
        waits=model,
    )
    database.write([], lambda tx: offices.add(tx, office))
    database.write([], lambda tx: learning.keep_model(tx, "o2", TODAY, model))
    with database.read() as connection:
        found = office_rows.load_office(connection, "o2")
    without = tuple(each for each in unfilled(office) if "Rules." in each)
    same(office, found, without=without)


def test_what_a_day_has_taught(database: Database) -> None:
    record = WaitRecord("A", QueueSight(1, 2, 9, 3.5, 4.5, 5.5, 6.5, 7), 8.5)
    database.write([], lambda tx: learning.keep_day(tx, CODE, TODAY, [record]))
    with database.read() as connection:
        same(record, learning.list_days(connection, CODE, stage.DAYS[1], 1)[0][0])
