"""Places given up go to those who wait, one at a time and for a limited time, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from queue_server.domain.booking.contacts import KEPT, mark_contact
from queue_server.domain.booking.holding import HoldRequest
from queue_server.domain.errors import (
    BadInput,
    LimitReached,
    NotInService,
    SlotFull,
    TooLate,
    UnknownCode,
    WrongState,
)
from queue_server.domain.messages.message import MessageChannel
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.domain.office.office import VisitKind
from queue_server.services import upkeep
from queue_server.services.booking import contacts, holding, moving, waitlist
from queue_server.services.office.offices import switch_mode
from queue_server.services.places.ticket_ids import draw
from queue_server.store import tables
from queue_server.store.booking import waitlist as waitlist_store
from queue_server.store.messages import messages as message_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction
from tests.services import fair_stage as fair
from tests.services import stage

NOW, SLOT = fair.NOW, fair.SLOT


def test_a_cancelled_place_is_held_for_the_first_who_waits(database: Database) -> None:
    fair.open_office(database)
    first, second = fair.fill(database)
    ani, budi = fair.join(database), fair.join(database, now=fair.minutes(1))
    assert [fair.look(database, code).before for code in (ani, budi)] == [0, 1]
    fair.cancel(database, first, fair.minutes(2))
    assert fair.states(database, [ani, budi]) == ["OFFERED", "WAITING"]
    offered = fair.look(database, ani).offered
    assert offered is not None and offered.slot == SLOT and offered.expires_at == fair.minutes(17)
    assert fair.taken(database) == 2 and fair.free(database) == 0, "nobody else can book it"
    assert not list(stage.rows_of(database, tables.kept_places, fair.CODE)), (
        "and it is not kept back besides"
    )
    booked = fair.accept(database, ani, fair.minutes(10))
    assert (booked.state, booked.id, booked.slot) == ("BOOKED", offered.id, SLOT)
    assert fair.states(database, [ani, budi]) == ["TAKEN", "WAITING"]
    fair.cancel(database, second, fair.minutes(11))
    assert fair.states(database, [ani, budi]) == ["TAKEN", "OFFERED"]
    fair.counts_agree(database)


def test_accepting_moves_the_person_from_the_list_to_the_booking(database: Database) -> None:
    fair.open_office(database)
    ticket = fair.fill(database)[0]
    ani = fair.person()
    code = fair.join(database, visitor=ani, priority=True, language="en")
    fair.cancel(database, ticket)
    booked = fair.accept(database, code)
    assert booked.priority and booked.language == "en"
    with database.read() as connection:
        assert ticket_store.find_visitor(connection, booked.office, booked.id) == ani
    [row] = stage.rows_of(database, tables.waitlist, fair.CODE)
    assert (row.name, row.nik_fingerprint, row.nik_last4, row.phone, row.email) == (None,) * 5
    with pytest.raises(WrongState):
        fair.accept(database, code)


def test_a_service_closed_for_a_while_is_waited_for_and_one_closed_for_good_is_not(
    database: Database,
) -> None:
    """Whatever is decided on the office: of the two, the decision that forbids the visit is the one
    that counts.
    """
    office = fair.open_office(database)
    at_two, key = stage.at(14 * 60), [(fair.CODE, stage.TODAY)]

    def decide(mode: ServiceMode, service: str | None, until: datetime | None) -> None:
        period = ModePeriod(draw().id, mode, NOW, NOW, "ani", ends_at=until, service=service)
        database.write(key, lambda tx: switch_mode(tx, office.code, period, NOW))

    decide(ServiceMode.CLOSED, "REK", at_two)
    assert fair.states(database, [fair.join(database, last=stage.DAYS[1])]) == ["WAITING"]
    decide(ServiceMode.ONLINE_FIRST, None, at_two)
    decide(ServiceMode.CLOSED, "IKD", None)
    with pytest.raises(NotInService):
        fair.join(database, service="IKD", last=stage.DAYS[1])


def test_a_moved_visit_gives_its_place_to_the_waitlist(database: Database) -> None:
    fair.open_office(database)
    ticket = fair.fill(database)[0]
    code = fair.join(database)
    database.write(
        [(fair.CODE, stage.TODAY), (fair.CODE, stage.DAYS[1])],
        lambda tx: moving.reschedule(tx, ticket.id, fair.TOMORROW, "holder", fair.LAST_CHANCE, NOW),
    )
    assert fair.states(database, [code]) == ["OFFERED"]
    fair.counts_agree(database)


def test_a_hold_that_runs_out_goes_to_the_waitlist(database: Database) -> None:
    fair.open_office(database)
    fair.fill(database, places=1)
    drawn = draw()
    database.write(
        [(fair.CODE, stage.TODAY)],
        lambda tx: holding.hold(tx, fair.CODE, HoldRequest("REK", SLOT), drawn, NOW),
    )
    code = fair.join(database)
    fair.pass_time(database, fair.minutes(9))
    assert fair.states(database, [code]) == ["WAITING"]
    fair.pass_time(database, fair.minutes(10))
    assert fair.states(database, [code]) == ["OFFERED"]
    with pytest.raises(SlotFull):
        fair.book(database, now=fair.minutes(11))
    fair.counts_agree(database)


def test_places_kept_back_go_to_somebody_who_joins_meanwhile(database: Database) -> None:
    fair.open_office(database)
    fair.cancel(database, fair.fill(database)[0])
    code = fair.join(database, now=fair.minutes(1))
    with database.read() as connection:
        assert waitlist.days_with_kept_places(connection, fair.CODE, stage.TODAY, stage.TODAY) == [
            stage.TODAY
        ]
    made = database.write(
        [(fair.CODE, stage.TODAY)],
        lambda tx: waitlist.offer_kept(tx, fair.CODE, stage.TODAY, fair.minutes(1)),
    )
    assert made == 1 and fair.states(database, [code]) == ["OFFERED"]
    assert not list(stage.rows_of(database, tables.kept_places, fair.CODE))
    fair.counts_agree(database)


def test_places_kept_back_are_offered_once_more_before_they_become_public(
    database: Database,
) -> None:
    fair.open_office(database)
    fair.cancel(database, fair.fill(database)[0])
    code = fair.join(database, now=fair.minutes(1))
    fair.pass_time(database, fair.minutes(11))
    assert (
        fair.states(database, [code]) == ["OFFERED"]
        and fair.free(database, now=fair.minutes(11)) == 0
    )
    fair.counts_agree(database)


def test_without_a_waitlist_a_place_is_kept_back_and_then_public(database: Database) -> None:
    fair.open_office(database)
    fair.cancel(database, fair.fill(database)[0])
    assert fair.free(database) == 0
    fair.pass_time(database, fair.minutes(11))
    assert fair.free(database, now=fair.minutes(11)) == 1
    fair.counts_agree(database)


def test_an_offer_that_lapses_goes_to_the_next_and_after_two_the_entry_ends(
    database: Database,
) -> None:
    fair.open_office(database)
    first, second = fair.fill(database)
    ani, budi = fair.join(database), fair.join(database, now=fair.minutes(1))
    fair.cancel(database, first, fair.minutes(2))
    fair.pass_time(database, fair.minutes(62))
    assert (
        fair.states(database, [ani, budi]) == ["WAITING", "OFFERED"]
        and fair.entry(database, ani).offers == 1
    )
    fair.cancel(database, second, fair.minutes(63))
    assert fair.states(database, [ani, budi]) == ["OFFERED", "OFFERED"]
    with pytest.raises(TooLate):
        fair.accept(database, ani, fair.minutes(123))
    fair.pass_time(database, fair.minutes(123))
    assert fair.entry(database, ani).state == "LAPSED" and fair.entry(database, ani).visitor is None
    assert fair.entry(database, budi).state in ("OFFERED", "WAITING")
    fair.counts_agree(database)


def test_declining_passes_the_place_on_and_does_not_count(database: Database) -> None:
    fair.open_office(database)
    ticket = fair.fill(database)[0]
    ani, budi = fair.join(database), fair.join(database, now=fair.minutes(1))
    fair.cancel(database, ticket, fair.minutes(2))
    after = fair.decline(database, ani, fair.minutes(3))
    assert (after.state, after.offers) == ("WAITING", 0)
    assert fair.states(database, [ani, budi]) == ["WAITING", "OFFERED"]
    fair.decline(database, budi, fair.minutes(4))
    assert fair.states(database, [ani, budi]) == ["OFFERED", "WAITING"], (
        "it may come back to the first when nobody else wants it"
    )
    fair.counts_agree(database)


def test_leaving_with_an_offer_passes_the_place_on_and_forgets_the_person(
    database: Database,
) -> None:
    fair.open_office(database)
    ticket = fair.fill(database)[0]
    ani, budi = fair.join(database), fair.join(database, now=fair.minutes(1))
    fair.cancel(database, ticket, fair.minutes(2))
    fair.leave(database, ani, fair.minutes(3))
    assert (
        fair.states(database, [ani, budi]) == ["LEFT", "OFFERED"]
        and fair.entry(database, ani).visitor is None
    )
    fair.leave(database, budi, fair.minutes(4))
    assert (
        fair.states(database, [ani, budi]) == ["LEFT", "LEFT"]
        and fair.free(database, now=fair.minutes(4)) == 1
    )
    with pytest.raises(WrongState):
        fair.leave(database, budi)
    fair.counts_agree(database)


def test_a_place_goes_to_the_first_whom_it_suits(database: Database) -> None:
    fair.open_office(database)
    first, second = fair.fill(database)
    tomorrow = fair.join(database, first=stage.DAYS[1], last=stage.DAYS[1])
    pair = fair.join(database, now=fair.minutes(1), party_size=2)
    other = fair.join(database, now=fair.minutes(2), service="CTK")
    fair.cancel(database, first, fair.minutes(3))
    assert fair.states(database, [tomorrow, pair, other]) == ["WAITING", "WAITING", "OFFERED"]
    fair.leave(database, other, fair.minutes(4))
    assert fair.free(database, now=fair.minutes(4)) == 1, "one place suits no party of two"
    fair.cancel(database, second, fair.minutes(5))
    assert fair.states(database, [tomorrow, pair]) == ["WAITING", "OFFERED"]
    assert fair.taken(database) == 2
    fair.counts_agree(database)


def test_what_an_offer_does_not_need_is_public_at_once(database: Database) -> None:
    fair.open_office(database, places=3)
    group = fair.book(database, party_size=3)
    code = fair.join(database)
    fair.cancel(database, group)
    assert (
        fair.states(database, [code]) == ["OFFERED"]
        and fair.taken(database) == 1
        and fair.free(database) == 2
    )
    fair.counts_agree(database)


def test_an_offer_ends_with_its_own_time_and_none_is_made_too_shortly_before(
    database: Database,
) -> None:
    fair.open_office(database)
    first, second = fair.fill(database)
    ani, budi = fair.join(database), fair.join(database, now=fair.minutes(1))
    soon = SLOT - timedelta(minutes=12)
    fair.cancel(database, first, soon)
    offered = fair.look(database, ani).offered
    assert offered is not None and offered.expires_at == SLOT
    fair.cancel(database, second, SLOT - timedelta(minutes=9))
    assert fair.states(database, [ani, budi]) == ["OFFERED", "WAITING"]


def test_fifty_who_cannot_have_the_place_silence_nobody(database: Database) -> None:
    """Entries of another service, of parties too large, of another day and without a proved contact
    are not looked at at all.
    """
    fair.open_office(database, places=2)
    first, _second = fair.fill(database)
    robots = [
        fair.join(database, **wish, visitor=fair.person())
        for wish in (
            {"party_size": 2},
            {"first": stage.DAYS[1], "last": stage.DAYS[1]},
            {"contact": "c" * 64, "needs_proof": True},
        )
        for _ in range(52 if "contact" not in wish else 3)
    ]
    ani = fair.join(database, now=fair.minutes(1))
    assert fair.look(database, ani).before == 104, "who cannot be told stands before nobody"
    fair.cancel(database, first, fair.minutes(2))
    assert fair.states(database, [ani]) == ["OFFERED"]
    assert set(fair.states(database, robots)) == {"WAITING"}
    fair.counts_agree(database)


def test_fifty_who_have_a_booking_by_now_silence_nobody(database: Database) -> None:
    fair.open_office(database, places=70, booking={"per_office_max": 1, "people_per_phone_max": 1})
    database.write([], lambda tx: tx.change(tables.stream_slots.update().values(online=1_000)))
    crowd = [fair.person() for _ in range(52)]
    waiting = [fair.join(database, visitor=each) for each in crowd]
    for each in crowd:
        fair.book(database, fair.TOMORROW, visitor=each)
    ticket = fair.book(database)
    ani = fair.join(database, now=fair.minutes(1))
    fair.cancel(database, ticket, fair.minutes(2))
    assert fair.states(database, [ani]) == ["OFFERED"] and set(fair.states(database, waiting)) == {
        "WAITING"
    }


def test_the_next_is_asked_in_the_moment_in_which_an_offer_runs_out_or_is_declined(
    database: Database,
) -> None:
    fair.open_office(database)
    ticket = fair.fill(database)[0]
    ani, budi, cici = (
        fair.join(database),
        fair.join(database, now=fair.minutes(1)),
        fair.join(database, now=fair.minutes(2)),
    )
    fair.cancel(database, ticket, fair.minutes(3))
    fair.pass_time(database, fair.minutes(18))
    assert fair.states(database, [ani, budi, cici]) == ["WAITING", "OFFERED", "WAITING"]
    fair.decline(database, budi, fair.minutes(19))
    assert fair.states(database, [ani, budi, cici]) == ["OFFERED", "WAITING", "WAITING"]


def test_an_address_gets_one_letter_and_its_entries_an_offer_once_it_has_answered(
    database: Database,
) -> None:
    fair.open_office(database)
    ticket = fair.fill(database)[0]
    mark = mark_contact("keluarga@contoh.id", b"key")
    wish = {"contact": mark, "needs_proof": True}
    codes = [fair.join(database, **wish), fair.join(database, **wish, service="CTK")]
    owed = [
        row for row in stage.rows_of(database, tables.messages, fair.CODE) if row.kind == "prove"
    ]
    assert [row.ticket for row in owed] == [mark], "one letter, whoever asks and however often"
    fair.cancel(database, ticket)
    assert fair.states(database, codes) == ["WAITING", "WAITING"] and not any(
        fair.entry(database, each).proved for each in codes
    )
    waiting = database.write([], lambda tx: contacts.prove(tx, mark, fair.minutes(30)))
    assert (
        sorted(waiting) == sorted(codes)
        and database.write([], lambda tx: contacts.prove(tx, mark, fair.minutes(31))) == []
    )
    [known] = list(stage.rows_of(database, tables.contacts, fair.CODE))
    assert (known.email, known.proved_at) == (None, fair.minutes(30)), (
        "the address itself is forgotten"
    )
    database.write(
        [(fair.CODE, stage.TODAY)],
        lambda tx: waitlist.offer_kept(tx, fair.CODE, stage.TODAY, fair.minutes(5)),
    )
    assert fair.states(database, codes) == ["OFFERED", "WAITING"]
    assert fair.entry(database, fair.join(database, **wish, service="IKD")).proved, (
        "a proved contact is asked no more"
    )
    with pytest.raises(LimitReached) as refused:
        for service in ("REK", "CTK"):
            fair.join(database, **wish, service=service, now=fair.minutes(32))
    assert refused.value.facts["rule"] == "waitlist_contact"


def test_an_entry_whose_letter_nobody_answers_ends_and_both_are_forgotten(
    database: Database,
) -> None:
    fair.open_office(database)
    mark = mark_contact("robot@contoh.id", b"key")
    code = fair.join(database, contact=mark, needs_proof=True, last=stage.DAYS[1])
    assert waitlist.end_waiting(database, fair.minutes(24 * 60 - 1)) == 0
    assert waitlist.end_waiting(database, fair.minutes(24 * 60)) == 1
    assert (
        fair.states(database, [code]) == ["LAPSED"]
        and fair.entry(database, code).visitor is fair.entry(database, code).contact is None
    )
    with pytest.raises(TooLate):
        database.write([], lambda tx: contacts.prove(tx, mark, fair.minutes(24 * 60)))
    upkeep.forget_expired(database, fair.minutes(24 * 60))
    assert not list(stage.rows_of(database, tables.contacts, fair.CODE))


def test_a_flood_of_questions_delays_no_offer(database: Database) -> None:
    fair.open_office(database)
    ticket = fair.fill(database)[0]
    for number in range(30):
        fair.join(database, contact=f"{number:064x}", needs_proof=True)
    ani = fair.join(database, now=fair.minutes(1))
    fair.cancel(database, ticket, fair.minutes(2))
    offered = fair.entry(database, ani).ticket
    with database.read() as connection:
        assert (
            message_store.list_due(connection, MessageChannel.EMAIL, fair.minutes(3), 20)[0].ticket
            == offered
        )


def test_a_proved_contact_is_forgotten_after_its_time(database: Database) -> None:
    fair.open_office(database)
    mark = mark_contact("warga@contoh.id", b"key")
    fair.join(database, contact=mark, needs_proof=True)
    database.write([], lambda tx: contacts.prove(tx, mark, NOW))
    upkeep.forget_expired(database, NOW + KEPT)
    assert len(list(stage.rows_of(database, tables.contacts, fair.CODE))) == 1
    upkeep.forget_expired(database, NOW + KEPT + timedelta(seconds=1))
    assert not list(stage.rows_of(database, tables.contacts, fair.CODE))


def test_who_waits_is_found_through_an_index(database: Database) -> None:
    """However many wait for something else: nothing but the entries of the service is walked, in
    the order in which they came.
    """
    fair.open_office(database)
    if database.url.get_backend_name() != "sqlite":
        pytest.skip("with so few rows PostgreSQL's planner reads the table")
    seen = []

    def look(tx: Transaction) -> None:
        read = tx.read
        tx.read = lambda statement, *rest, **more: (
            seen.append(statement),
            read(statement, *rest, **more),
        )[1]  # type: ignore[method-assign]
        list(
            waitlist_store.iterate_suiting(
                tx, fair.CODE, stage.TODAY, {("REK", VisitKind.OFFICE): 2}, None
            )
        )
        del tx.read

    database.write([], look)
    with database.read() as connection:
        text = str(seen[0].compile(connection, compile_kwargs={"literal_binds": True}))
        plan = " ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}"))
    assert "ix_waitlist_suiting" in plan and "TEMP B-TREE" not in plan


def test_who_could_not_accept_is_offered_nothing(database: Database) -> None:
    fair.open_office(database)
    ticket = fair.fill(database)[0]
    ani = fair.person()
    code = fair.join(database, visitor=ani)
    fair.book(database, fair.LATER, visitor=ani)
    budi = fair.join(database, now=fair.minutes(1))
    fair.cancel(database, ticket, fair.minutes(2))
    assert fair.states(database, [code, budi]) == ["WAITING", "OFFERED"]


def test_accepting_keeps_to_the_limits_of_a_person(database: Database) -> None:
    fair.open_office(database)
    ticket = fair.fill(database)[0]
    ani = fair.person()
    code = fair.join(database, visitor=ani)
    fair.cancel(database, ticket)
    fair.book(database, fair.LATER, visitor=ani)
    with pytest.raises(LimitReached):
        fair.accept(database, code)
    assert fair.states(database, [code]) == ["OFFERED"]
    fair.counts_agree(database)


def test_a_person_waits_once_for_a_service(database: Database) -> None:
    fair.open_office(database)
    ani = fair.person()
    fair.join(database, visitor=ani)
    with pytest.raises(LimitReached) as refused:
        fair.join(database, visitor=ani)
    assert refused.value.facts["rule"] == "waitlist"
    fair.join(database, visitor=ani, service="CTK")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"party_size": 0}, "party_size"),
        ({"party_size": 500}, "party_size"),
        ({"first": stage.TODAY - timedelta(days=1)}, "first_date"),
        ({"last": stage.TODAY - timedelta(days=1)}, "last_date"),
        ({"last": stage.TODAY + timedelta(days=15)}, "last_date"),
    ],
)
def test_a_wish_that_cannot_be_is_refused(
    database: Database, changes: dict[str, Any], field: str
) -> None:
    fair.open_office(database)
    with pytest.raises(BadInput) as refused:
        fair.join(database, **changes)
    assert refused.value.facts["field"] == field
    assert not list(stage.rows_of(database, tables.waitlist, fair.CODE))


def test_a_slot_that_the_office_withdraws_sends_its_offer_back_uncounted(
    database: Database,
) -> None:
    office = fair.open_office(database)
    ticket = fair.fill(database)[0]
    code = fair.join(database)
    fair.cancel(database, ticket)
    database.write(
        [],
        lambda tx: tx.change(
            tables.openings.update()
            .where(tables.openings.c.weekday == 0)
            .values(closes=stage_time(12))
        ),
    )
    database.write(
        [], lambda tx: tx.change(tables.offices.update().values(revision=office.revision + 5))
    )
    upkeep.prepare_slots(database, fair.minutes(1))
    found = fair.entry(database, code)
    assert (found.state, found.offers, found.ticket) == ("WAITING", 0, None)
    fair.counts_agree(database)


def stage_time(hour: int) -> Any:
    return stage.at(hour * 60).replace(tzinfo=None).time().replace(hour=hour)


def test_an_entry_whose_dates_are_over_ends_and_its_person_is_forgotten(database: Database) -> None:
    fair.open_office(database)
    today, tomorrow = fair.join(database), fair.join(database, last=stage.DAYS[1])
    assert waitlist.end_waiting(database, fair.minutes(60)) == 0
    assert waitlist.end_waiting(database, fair.minutes(1440)) == 1
    assert fair.states(database, [today, tomorrow]) == ["LAPSED", "WAITING"]
    assert fair.entry(database, today).visitor is None


def test_the_code_of_an_offer_is_of_no_use_as_a_hold(database: Database) -> None:
    fair.open_office(database)
    ticket = fair.fill(database)[0]
    code = fair.join(database)
    fair.cancel(database, ticket)
    offered = fair.look(database, code).offered
    assert offered is not None
    with pytest.raises(UnknownCode):
        fair.book(database, hold=offered.code)
    with pytest.raises(UnknownCode):
        database.write(
            [(fair.CODE, stage.TODAY)], lambda tx: holding.extend_hold(tx, offered.id, NOW)
        )
    assert fair.states(database, [code]) == ["OFFERED"]
