"""Changes of an office's settings: what each makes of it, holidays as starting data, and days
planned anew whatever happens between.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from hashlib import sha256

import pytest

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.errors import BadInput, Changed, DomainError, UnknownService
from queue_server.domain.events import EventType
from queue_server.domain.office.changes import (
    Change,
    HoursChange,
    LimitChange,
    ModeDecision,
    ModeEnd,
    RulesChange,
    change_office,
)
from queue_server.domain.office.hours import DayHours, Opening, Season, Source
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.domain.office.office import Office
from queue_server.domain.office.rules import CallPolicy
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services import upkeep
from queue_server.services.booking import booking, stranded
from queue_server.services.bulk import take_each
from queue_server.services.office.changes import apply_change, preview_change
from queue_server.services.office.holidays import country_of, import_holidays, list_holidays
from queue_server.services.office.offices import add_office
from queue_server.services.places.ticket_ids import draw
from queue_server.store.messages import messages as message_store
from queue_server.store.visit import events as event_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer import slots as slot_store
from queue_server.store.writer.database import Database
from tests.fixtures.application import TODAY, at, make_office
from tests.services.stage import event_log, new_code

TOMORROW = TODAY + timedelta(days=1)
CHRISTMAS = date(2026, 12, 25)
SHARES = {"online_share": 0.6, "urgent_share": 0.1, "release_minutes": 30}


@pytest.fixture
def office(database: Database) -> Office:
    made = make_office(new_code())
    database.write([], partial(add_office, office=made))
    upkeep.plan_office(database, made.code, at(9))
    return database.find_office(made.code)


def book(
    database: Database, office: Office, start: datetime, number: int = 0, service: str = "REK"
) -> Ticket:
    visitor = Visitor(
        f"Tamu {number}",
        sha256(f"{office.code}{number}".encode()).hexdigest(),
        "0001",
        f"+6281200000{number:03d}",
    )
    wanted = BookingRequest(service, start, visitor)
    days = [(office.code, office.date_at(start))]
    return database.write(
        days, partial(booking.book, office=office.code, wanted=wanted, draw=draw(), now=at(9))
    )


def change(database: Database, office: Office, wanted: Change) -> None:
    database.write(
        [(office.code, TODAY)],
        partial(apply_change, office=office.code, change=wanted, by="manager", now=at(9)),
    )


def period(**values: object) -> ModePeriod:
    usual: dict[str, object] = {
        "id": "m",
        "mode": ServiceMode.CLOSED,
        "starts_at": at(9),
        "decided_at": at(9),
        "decided_by": "",
    }
    return ModePeriod(**{**usual, **values})  # type: ignore[arg-type]  # values of the right kinds


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (HoursChange(week=(Opening(0, time(12), time(8)),)), "openings"),
        (
            HoursChange(week=(Opening(0, time(8), time(12)), Opening(0, time(11), time(13)))),
            "openings",
        ),
        (
            HoursChange(seasons=(Season("a", TODAY, TODAY, ()), Season("b", TODAY, TOMORROW, ()))),
            "seasons",
        ),
        (HoursChange(days={TODAY: DayHours(((time(9), time(9)),))}), "openings"),
        (LimitChange(0, **SHARES), "people_limit"),
        (LimitChange(5, 0.95, 0.1, 30), "urgent_share"),
        (LimitChange(5, -0.1, 0.1, 30), "online_share"),
        (LimitChange(5, 0.6, 0.1, -1), "release_minutes"),
        (ModeDecision(period(ends_at=at(9))), "ends_at"),
        (ModeDecision(period(starts_at=at(6), ends_at=at(8))), "ends_at"),
        (ModeDecision(period(review_on=TODAY - timedelta(days=1))), "review_on"),
        (ModeEnd("nobody", at(9)), "period"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(wanted: HoursChange, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        change_office(make_office("x"), wanted, at(9))
    assert refused.value.facts["field"] == field


def test_shares_may_add_up_to_the_whole_and_a_mode_needs_a_service_of_ours() -> None:
    assert (
        change_office(
            make_office("x"), LimitChange(5, 0.7, 0.3, 0), at(9)
        ).rules.booking.online_share
        == 0.7
    )
    with pytest.raises(UnknownService):
        change_office(make_office("x"), ModeDecision(period(service="NONE")), at(9))


def test_an_ended_decision_holds_no_longer_and_one_to_come_never_does() -> None:
    office = change_office(make_office("x"), ModeDecision(period()), at(9))
    office = change_office(
        office,
        ModeDecision(period(id="later", mode=ServiceMode.ONLINE_FIRST, starts_at=at(9, day=3))),
        at(9),
    )
    office = change_office(
        change_office(office, ModeEnd("m", at(10)), at(10)), ModeEnd("later", at(10)), at(10)
    )
    assert [(each.id, each.ends_at) for each in office.modes] == [("m", at(10))]
    assert (
        office.mode_at(at(9, 30)) is ServiceMode.CLOSED
        and office.mode_at(at(10)) is ServiceMode.NORMAL
    )


def test_the_calendar_of_a_year_is_taken_over_once_and_the_office_has_the_last_word() -> None:
    office = make_office("x")
    taken = change_office(office, import_holidays(office, 2026), at(9))
    assert taken.hours.days[CHRISTMAS] == DayHours(
        (), {"id": "Hari Raya Natal", "en": "Christmas Day"}, Source.HOLIDAY
    )
    assert len(taken.hours.days) == 25, "17 public holidays and 8 days of common leave"
    assert import_holidays(taken, 2026).days == {}
    own = DayHours(((time(8), time(12)),), {"id": "Tetap buka"})
    edited = change_office(
        change_office(taken, HoursChange(days={CHRISTMAS: own}), at(9)),
        import_holidays(taken, 2026),
        at(9),
    )
    assert edited.hours.days[CHRISTMAS] == own
    assert import_holidays(edited, 2026).days == {}
    twice = change_office(edited, HoursChange(days={CHRISTMAS: replace(own, openings=())}), at(9))
    assert twice.openings_on(CHRISTMAS) == () and len(twice.hours.days) == 25, (
        "edited twice, the second word holds"
    )


def test_an_estimate_that_moved_follows_the_calendar_when_it_is_taken_over_again() -> None:
    moved = DayHours((), {"id": "Idul Fitri (perkiraan)"}, Source.HOLIDAY)
    office = change_office(make_office("x"), HoursChange(days={date(2026, 3, 17): moved}), at(9))
    days = import_holidays(office, 2026).days
    assert days[date(2026, 3, 17)] is None and date(2026, 3, 21) in days


def test_the_calendar_is_that_of_the_offices_country() -> None:
    assert [
        country_of(zone)
        for zone in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Europe/Berlin", "UTC")
    ] == ["ID", "ID", "ID", "DE", None]
    assert list_holidays("DE", 2026)[date(2026, 10, 3)].reason["en"] == "German Unity Day"
    for office, year in (
        (replace(make_office("x"), zone="UTC"), 2026),
        (make_office("x"), 1999),
        (make_office("x"), 2100),
    ):
        with pytest.raises(BadInput):
            import_holidays(office, year)


def test_a_crash_between_the_settings_and_the_days_is_made_good(
    database: Database, office: Office
) -> None:
    ticket = book(database, office, at(10, day=1))
    closing = HoursChange(days={TOMORROW: DayHours(())})
    with database.read() as connection:
        shown = preview_change(connection, office, closing, at(9))
    assert [each.id for each in shown.stranded] == [ticket.id]
    change(database, office, closing)
    with database.read() as connection:
        assert ticket_store.find(connection, ticket.id).state is State.BOOKED, (
            "the process died here"
        )
    upkeep.prepare_slots(database, at(9))
    with database.read() as connection:
        assert ticket_store.find(connection, ticket.id).state is State.STRANDED
        assert slot_store.load(connection, office.code, TOMORROW).slots == ()
        assert len(message_store.list_newest(connection, office.code, [ticket.id])) == 1
    log = event_log(database, office.code, TODAY)
    assert "hours_changed" in [kind for _seq, kind, _ticket in log]
    before = event_log(database, office.code, TOMORROW)
    upkeep.prepare_slots(database, at(9))
    assert event_log(database, office.code, TOMORROW) == before, "doing it again changes nothing"


def test_a_change_meets_what_was_previewed_or_nothing(database: Database, office: Office) -> None:
    apply = partial(
        apply_change, office=office.code, change=LimitChange(5, **SHARES), by="manager", now=at(9)
    )
    database.write([(office.code, TODAY)], partial(apply, revision=office.revision))
    with pytest.raises(Changed):
        database.write([(office.code, TODAY)], partial(apply, revision=office.revision))
    changed = database.find_office(office.code)
    assert changed.people_limit == 5 and changed.revision > office.revision
    log = [kind for _seq, kind, _ticket in event_log(database, office.code, TODAY)]
    assert log.count("limit_changed") == 1, "shares that stay as they are need no event"


def test_everyone_gets_the_nearest_time_that_is_theirs_alone(
    database: Database, office: Office
) -> None:
    """Three of one hour: the one who booked first keeps nearest to it; nobody is moved to within a
    day from now.
    """
    change(database, office, LimitChange(2, 0.6, 0.1, 30))
    upkeep.plan_office(database, office.code, at(9))
    tickets = [
        book(database, office, at(12, minute, day=2), number)
        for number, minute in enumerate((0, 30))
    ]
    change(
        database,
        office,
        HoursChange(days={TODAY + timedelta(days=2): DayHours(((time(8), time(10)),))}),
    )
    upkeep.plan_office(database, office.code, at(9))
    with database.read() as connection:
        moves = stranded.propose_moves(connection, database.find_office(office.code), at(9))
        assert (
            stranded.propose_moves(connection, database.find_office(office.code), at(9)) == moves
        ), "looking changes nothing"
    slots = {each.ticket.id: each.slot for each in moves}
    assert slots[tickets[0].id] == at(9, 30, day=2), "the last time of the shortened day"
    assert slots[tickets[1].id] == at(9, day=2), (
        "that one is taken by then, for one person may book each time"
    )
    assert all(slot is not None and slot >= at(9, day=1) for slot in slots.values())


def test_a_time_lost_meanwhile_leaves_the_booking_stranded(
    database: Database, office: Office
) -> None:
    ticket = book(database, office, at(10, day=1))
    change(database, office, HoursChange(days={TOMORROW: DayHours(())}))
    upkeep.plan_office(database, office.code, at(9))
    with database.read() as connection:
        (proposed,) = stranded.propose_moves(connection, database.find_office(office.code), at(9))
    assert proposed.slot is not None
    change(database, office, HoursChange(days={office.date_at(proposed.slot): DayHours(())}))
    move = stranded.plan_move(office, proposed.ticket, proposed.slot, "manager", at(9))
    (outcome,) = take_each(database, [move], "manager", None, "", at(9))
    assert isinstance(outcome, DomainError)
    with database.read() as connection:
        assert ticket_store.find(connection, ticket.id).state is State.STRANDED
    cancel = [stranded.plan_cancel(office, proposed.ticket, "manager", at(9))]
    assert take_each(database, cancel, "manager", None, "", at(9)) == [True]
    assert take_each(database, cancel, "manager", None, "", at(9)) == [False]
    assert take_each(database, cancel, "manager", "key", "", at(9)) == [False]


def test_new_rules_strand_what_the_dry_run_names_and_are_told_once(
    database: Database, office: Office
) -> None:
    kept, lost = book(database, office, at(10, day=1)), book(database, office, at(10, 30, day=1), 1)
    hourly = RulesChange(
        {
            "booking.slot_minutes": 60,
            "calling.grace_minutes": 5,
            "calling.policy": "FIFO",
            "calling.late_minutes": office.rules.calling.late_minutes,
        }
    )
    with database.read() as connection:
        shown = preview_change(connection, office, hourly, at(9))
    assert [each.id for each in shown.stranded] == [lost.id], "no time begins at half past any more"
    assert database.find_office(office.code) == office
    change(database, office, hourly)
    change(database, office, hourly)
    upkeep.plan_office(database, office.code, at(9))
    with database.read() as connection:
        states = [ticket_store.find(connection, each.id).state for each in (kept, lost)]
        told = event_store.list_of_types(
            connection, office.code, TODAY, [EventType.RULES_CHANGED], 9
        )
    assert states == [State.BOOKED, State.STRANDED]
    rules = database.find_office(office.code).rules
    assert rules == replace(
        office.rules,
        booking=replace(office.rules.booking, slot_minutes=60),
        calling=replace(office.rules.calling, grace_minutes=5, policy=CallPolicy.FIFO),
    )
    assert [each.event.facts for each in told] == [
        {
            "changed": {
                "booking.slot_minutes": [30, 60],
                "calling.grace_minutes": [10, 5],
                "calling.policy": ["TURN_TIME", "FIFO"],
            },
            "by": "manager",
        }
    ]
    with pytest.raises(BadInput):
        change(database, office, RulesChange({"booking.slot_minutes": 0}))
    assert database.find_office(office.code).rules == rules
